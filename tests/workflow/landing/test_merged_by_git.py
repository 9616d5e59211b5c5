"""A merge by git is a decision: what is recognised, what is not, and what bad input gets."""

import json
import subprocess
from pathlib import Path

import pytest

from clones import PROTECTED, listed, make_office, settled, shared, suggest_here, tried
from gitrepo import commit, git, make_bare, make_repo, refs, show
from manuals import ENTRY, PAGES, STEP, write
from manualsmith.cli.group import run
from manualsmith.git.blobs import BlobReader
from manualsmith.records.models.suggestion import Suggestion, dump_suggestion, parse_suggestion
from manualsmith.workflow.landing.adopt import adopt, as_adopted
from manualsmith.workflow.landing.close import Verdict
from manualsmith.workflow.reports.audit import audit
from manualsmith.workflow.review.reopen import reopen
from manualsmith.workflow.review.revert import revert
from manualsmith.workflow.verify.verify_records import verify_range
from manualsmith.workflow.workspace.open_workspace import open_workspace
from reviewing import (
    ENTRY_BRANCH,
    ENTRY_ID,
    PAGE,
    STEP_BRANCH,
    STEP_ID,
    accept,
    refresh,
    reject,
    statuses,
    suggest,
    with_suggestions,
)

RECORD = f"suggestions/operation/{STEP_ID}.yaml"
SYNC = "manuals/troubleshooting/sync.md"


@pytest.fixture
def repo(tmp_path) -> Path:
    repo = with_suggestions(tmp_path)
    git(repo, "clean", "-qfd")  # git merges nothing over files that it does not know
    return repo


def record(repo: Path, path: str = RECORD) -> Suggestion:
    return parse_suggestion(show(repo, f"main:{path}"), path)


def merge(repo: Path, *branches: str, message: str = "merge") -> str:
    git(repo, "merge", "-q", "--no-ff", "-m", message, *branches)
    return git(repo, "rev-parse", "main")


def wrong(repo: Path, since: str) -> list[str]:
    workspace = open_workspace(repo)
    with BlobReader(workspace.repository) as reader:
        return [f for one in verify_range(workspace, reader, since, "main") for f in one.faults]


def adopted(repo: Path) -> None:
    adopt(open_workspace(repo))


def page(repo: Path, path: str = PAGE) -> str:
    return show(repo, f"main:{path}").decode()


def test_two_merges_are_two_decisions_and_the_same_ones_wherever_they_are_made(repo, tmp_path):
    merge(repo, STEP_BRANCH)
    merge(repo, ENTRY_BRANCH)
    other = tmp_path / "other"
    git(tmp_path, "clone", "-q", str(repo), "other")
    made = [as_adopted(open_workspace(one)).main.tip for one in (repo, other)]
    assert made[0] == made[1] != git(repo, "rev-parse", "main")
    adopted(repo)
    assert git(repo, "rev-parse", "main") == made[0]
    assert git(repo, "log", "-2", "--format=%P", "main").count(" ") == 0
    assert [ref for ref in refs(repo) if "suggest" in ref] == []
    assert git(repo, "status", "--porcelain", "--untracked-files=no") == ""
    before = git(repo, "rev-parse", "main")
    adopted(repo)
    assert git(repo, "rev-parse", "main") == before


def test_who_only_looks_sees_the_decision_where_it_cannot_be_written(repo):
    merge(repo, STEP_BRANCH)
    (repo / RECORD).write_text("mine\n", encoding="utf-8")
    before = refs(repo)
    assert run(["-C", str(repo), "review", "list"]) == 0
    assert refs(repo) == before
    assert (repo / RECORD).read_text("utf-8") == "mine\n"


def test_two_squashed_into_one(repo):
    since = git(repo, "rev-parse", "main")
    for branch in (STEP_BRANCH, ENTRY_BRANCH):
        git(repo, "merge", "-q", "--squash", branch) if branch == STEP_BRANCH else git(
            repo, "cherry-pick", "-n", branch
        )
    git(repo, "commit", "-qm", "Two at once")
    adopted(repo)
    for path in (RECORD, f"suggestions/troubleshooting/{ENTRY_ID}.yaml"):
        decision = record(repo, path).decision
        assert (decision.state, decision.how, decision.beyond) == ("accepted", "squash", ())
    assert wrong(repo, since) == []


def test_a_conflict_resolved_by_hand(repo):
    since = commit(repo, {PAGE: page(repo).replace("3. 按登入。", "3. 按「登入」鈕。")})
    assert not tried(repo, "merge", "-q", "--no-ff", STEP_BRANCH)
    text = page(repo).replace("3. 按「登入」鈕。", "3. 按綠色的「允許存取」鈕。")
    (repo / PAGE).write_text(text, encoding="utf-8")
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "Merge, by hand")
    adopted(repo)
    one = record(repo)
    assert one.decision.state == "accepted"
    if one.decision.beyond:
        assert one.edits[0].changes[0].after == "3. 按綠色的「允許存取」鈕。\n"
    else:
        assert one.edits[0].instead.text == "按綠色的「允許存取」鈕。"
    assert wrong(repo, since) == []
    assert statuses(suggest(repo))[STEP_ID] == "decided"


def test_a_merge_that_kept_the_page_is_no_acceptance(repo):
    git(repo, "merge", "-q", "--no-ff", "--no-commit", STEP_BRANCH)
    git(repo, "checkout", "-q", "main", "--", PAGE)
    git(repo, "commit", "-qm", "Only the record")
    adopted(repo)
    assert record(repo).decision.state == "superseded"
    assert "手冊沒有因此改變" in record(repo).decision.reason
    assert statuses(reopen(open_workspace(repo), [STEP_ID])) == {STEP_ID: "reopened"}


def test_ours_brings_nothing_and_decides_nothing(repo):
    git(repo, "merge", "-q", "-s", "ours", "-m", "ours", STEP_BRANCH)
    adopted(repo)
    assert set(listed(repo)) == {STEP_ID, ENTRY_ID}
    assert statuses(accept(repo, STEP_ID)) == {STEP_ID: "accepted"}


def test_a_change_that_only_resembles_is_told_and_not_adopted(repo):
    commit(repo, {PAGE: page(repo).replace("3. 按登入。", "3. 按「允許存取」。")}, STEP_ID)
    adopted(repo)
    assert listed(repo)[STEP_ID].standing.kind == "already"
    assert RECORD not in git(repo, "ls-tree", "-r", "--name-only", "main")


@pytest.mark.parametrize("protected", [False, True])
def test_a_merge_that_carries_more(tmp_path, protected):
    repo = make_repo(tmp_path, {**PAGES, **(PROTECTED if protected else {})})
    write(repo, findings=(STEP, ENTRY))
    suggest(repo)
    git(repo, "clean", "-qfd")
    since = git(repo, "rev-parse", "main")
    git(repo, "merge", "-q", "--no-ff", "--no-commit", STEP_BRANCH)
    for path, old in ((PAGE, "1. 打開用戶端"), (SYNC, "1. 等待。")):
        text = (repo / path).read_text("utf-8").replace(old, f"0. 先付款。\n{old}")
        (repo / path).write_text(text, encoding="utf-8")
    git(repo, "commit", "-qam", "merge")
    adopted(repo)
    told = " ".join(wrong(repo, since))
    assert f"{SYNC} is changed, and no accepted suggestion says why" in told
    assert (f"{PAGE} holds more than {STEP_ID} says" in told) == protected
    decision = record(repo).decision
    assert decision.beyond == (PAGE,)
    assert "先付款" in "".join(change.after for change in record(repo).edits[0].changes)


def test_a_decision_that_a_message_tells_and_no_record_has(repo):
    since = git(repo, "rev-parse", "main")
    merge(repo, STEP_BRANCH, message=f"接受\n\nSuggestion: {STEP_ID}\nDecision: accepted")
    assert wrong(repo, since) == ["its message tells a decision that its record does not have"]


@pytest.mark.parametrize("adopting", [False, True])
def test_a_revert_takes_it_back_and_its_own_revert_brings_it_again(repo, adopting):
    since = git(repo, "rev-parse", "main")
    merged = merge(repo, STEP_BRANCH)
    if adopting:
        adopted(repo)
    if not tried(repo, "revert", "--no-edit", "-m", "1", merged):
        git(repo, "rm", "-qf", RECORD)  # git asks what becomes of the record: either will do
        git(repo, "-c", "core.editor=true", "revert", "--continue")
    reverted = git(repo, "rev-parse", "main")
    adopted(repo)
    one = record(repo)
    assert (one.decision.state, one.decision.how) == ("reverted", "revert")
    assert one.decision.commit == reverted
    assert [old.state for old in one.history] == ["accepted"]
    assert "允許存取" not in page(repo)
    assert statuses(suggest(repo)) == {STEP_ID: "decided", ENTRY_ID: "unchanged"}
    assert wrong(repo, since) == []
    if not tried(repo, "revert", "--no-edit", reverted):
        git(repo, "checkout", "-q", "HEAD", "--", RECORD)
        git(repo, "-c", "core.editor=true", "revert", "--continue")
    adopted(repo)
    one = record(repo)
    assert one.decision.state == "accepted"
    assert [old.state for old in one.history] == ["accepted", "reverted"]
    assert page(repo).count("允許存取") == 1
    assert wrong(repo, since) == []


def test_a_host_s_revert_button_makes_a_branch_that_is_merged(repo):
    merged = merge(repo, STEP_BRANCH)
    git(repo, "checkout", "-q", "-b", "revert-12")
    git(repo, "revert", "--no-edit", "-m", "1", merged)
    git(repo, "checkout", "-q", "main")
    merge(repo, "revert-12", message="Merge pull request #13 from office/revert-12")
    adopted(repo)
    one = record(repo)
    assert (one.decision.state, [old.state for old in one.history]) == ("reverted", ["accepted"])
    assert "允許存取" not in page(repo)


def test_review_revert(repo):
    since = git(repo, "rev-parse", "main")
    accept(repo, STEP_ID)
    commit(repo, {PAGE: page(repo).replace("1. 打開用戶端", "1. 先打開用戶端")})
    before = git(repo, "rev-parse", "main")
    told = revert(open_workspace(repo), [STEP_ID], Verdict("reverted", "又改回來了", "S-0007"))
    assert statuses(told) == {STEP_ID: "reverted"}
    assert "3. 按登入。" in page(repo)
    assert "1. 先打開用戶端" in page(repo)
    one = record(repo)
    assert (one.decision.state, one.decision.by) == ("reverted", "S-0007")
    assert wrong(repo, before) == []
    assert statuses(suggest(repo))[STEP_ID] == "decided"
    again = revert(open_workspace(repo), [STEP_ID], Verdict("reverted", "又"))
    assert statuses(again) == {STEP_ID: "decided"}
    assert statuses(reopen(open_workspace(repo), [STEP_ID])) == {STEP_ID: "reopened"}
    assert statuses(accept(repo, STEP_ID)) == {STEP_ID: "accepted"}
    assert len(wrong(repo, since)) == 1  # the one by hand


def test_what_was_changed_since_is_not_taken_back_blindly(repo):
    accept(repo, STEP_ID)
    commit(repo, {PAGE: page(repo).replace("3. 按「允許存取」。", "3. 按「同意」。")})
    told = revert(open_workspace(repo), [STEP_ID], Verdict("reverted", "又改回來了"))
    assert statuses(told) == {STEP_ID: "refused"}
    assert "was changed there since" in str(told.outcomes[0].problems[0])


def test_a_record_deleted_by_hand_is_not_brought_back(repo):
    merge(repo, STEP_BRANCH)
    git(repo, "rm", "-q", RECORD)
    git(repo, "commit", "-qm", "Not this one")
    adopted(repo)
    assert RECORD not in git(repo, "ls-tree", "-r", "--name-only", "main")
    assert page(repo).count("允許存取") == 1


def test_records_cleared_away_beside_another_edit_are_no_reverts(repo):
    merge(repo, STEP_BRANCH)
    adopted(repo)
    git(repo, "rm", "-rq", "suggestions")
    commit(repo, {PAGE: page(repo).replace("1. 打開", "1. 慢慢打開")}, "Clear away")
    adopted(repo)
    assert "suggestions" not in git(repo, "ls-tree", "--name-only", "main")
    assert page(repo).count("允許存取") == 1


def test_undone_by_hand_with_its_record_is_a_revert_without_a_word(repo):
    before = page(repo)
    merge(repo, STEP_BRANCH)
    git(repo, "rm", "-q", RECORD)
    commit(repo, {PAGE: before}, "Not this one")
    adopted(repo)
    assert record(repo).decision.state == "reverted"


def test_a_name_that_is_no_utf_8(repo):
    git(repo, "config", "i18n.commitEncoding", "UTF-8")
    git(repo, "merge", "-q", "--no-commit", "--no-ff", STEP_BRANCH)
    tree = git(repo, "write-tree")
    head, tip = git(repo, "rev-parse", "HEAD"), git(repo, "rev-parse", STEP_BRANCH)
    text = f"tree {tree}\nparent {head}\nparent {tip}\nauthor A?B <a@b> 1800000000 +0800\n"
    text += "committer A?B <a@b> 1800000000 +0800\n\nmerge\n"
    made = subprocess.run(
        ["git", "hash-object", "-t", "commit", "-w", "--stdin", "--literally"],
        cwd=repo, input=text.encode().replace(b"?", b"\xff"), capture_output=True, check=True,
    ).stdout.decode().strip()  # fmt: skip
    git(repo, "reset", "-q", "--hard", made)
    adopted(repo)
    assert record(repo).decision.by == "A\ufffdB"


def test_a_release_has_its_own(tmp_path):
    repo = make_repo(tmp_path, PAGES)
    git(repo, "branch", "release/30")
    text = f"{write(repo).read_text('utf-8')}release: '30'\n"
    write(repo, 1, text)
    git(repo, "checkout", "-q", "release/30")
    assert run(["-C", str(repo), "--release", "30", "suggest", "--all"]) == 0
    git(repo, "clean", "-qfd")
    git(repo, "merge", "-q", "--no-ff", "-m", "merge", "suggest/O1.2.1@30/ENV-2026-0001-1")
    assert run(["-C", str(repo), "--release", "30", "review", "list"]) == 0
    one = parse_suggestion(show(repo, f"release/30:{RECORD}"), RECORD)
    assert one.decision.how == "merge"
    assert "release/30" not in git(repo, "branch", "--list", "suggest/*")


def test_rejected_here_and_merged_there(tmp_path):
    """The record says what the manual has; who rejected it is told."""
    office = make_office(tmp_path, hook=False)
    reject(office.desks[0], STEP_ID)
    there = office.desks[1]
    merge(there, STEP_BRANCH)
    git(there, "push", "-q", "origin", "main")
    told = shared(office.desks[0])
    assert "does not stand" in str(told.problems[0])
    settled(office)
    assert record(office.desks[0]).decision.state == "accepted"
    assert page(office.desks[0]).count("允許存取") == 1


def test_a_local_merge_on_a_main_that_went_on(tmp_path):
    """Merged with git here, while others pushed: sync carries it over, nobody merges by hand."""
    office = make_office(tmp_path, hook=True)
    here, there = office.desks[:2]
    git(here, "clean", "-qfd")
    merge(here, STEP_BRANCH)
    accept(there, ENTRY_ID)
    shared(there)
    assert shared(here).problems == ()
    assert record(here).decision.state == "accepted"
    assert page(here).count("允許存取") == 1
    settled(office)
    tips = {git(one, "rev-parse", "main") for one in (*office.desks, office.bare)}
    assert len(tips) == 1


def test_the_hook_takes_merges_and_turns_more_away(tmp_path):
    office = make_office(tmp_path, hook=True)
    here = office.desks[0]
    git(here, "clean", "-qfd")
    merge(here, STEP_BRANCH)
    git(here, "push", "-q", "origin", "main")
    settled(office)
    assert record(office.desks[2]).decision.how == "merge"
    git(here, "merge", "-q", "--no-ff", "--no-commit", ENTRY_BRANCH)
    text = (here / SYNC).read_text("utf-8")
    (here / SYNC).write_text(f"{text}\n更多。\n", encoding="utf-8")
    git(here, "commit", "-qam", "merge")
    assert not tried(here, "push", "-q", "origin", "main")


def test_audit_has_nothing_left_to_look_after(repo):
    from datetime import date

    merge(repo, STEP_BRANCH)
    adopted(repo)
    found = audit(open_workspace(repo), date(2026, 11, 27), 90, 14)
    assert [one for one in found if one.kind == "invalid"] == []


def test_as_json(repo, capsys):
    merge(repo, STEP_BRANCH)
    run(["-C", str(repo), "review", "list", "--state", "accepted", "--json"])
    out = capsys.readouterr().out
    [one] = json.loads(out[out.index("{\n") :])["suggestions"]
    assert one["decision"]["how"] == "merge"
    assert dump_suggestion(record(repo)) == show(repo, f"main:{RECORD}")


def test_a_branch_brought_up_to_date_by_a_host_s_button_is_nobody_s_edit(repo):
    commit(repo, {"notes.txt": "x"})
    git(repo, "checkout", "-q", STEP_BRANCH)
    git(repo, "merge", "-q", "-m", "Merge branch 'main' into suggest", "main")
    git(repo, "checkout", "-q", "main")
    merge(repo, STEP_BRANCH)
    adopted(repo)
    assert record(repo).decision.beyond == ()
    assert refresh(repo).outcomes[0].id == ENTRY_ID
    assert set(listed(repo)) == {ENTRY_ID}
    assert statuses(suggest_here(repo)) == {STEP_ID: "decided", ENTRY_ID: "unchanged"}
    assert make_bare(repo)
