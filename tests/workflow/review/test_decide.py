"""Accept, reject, withdraw, reopen: what main, the branch and the working tree hold afterwards."""

import pytest

from gitrepo import commit, git, make_bare, refs, show
from manuals import FACT, STEP, write
from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.records.models.suggestion import dump_suggestion
from manualsmith.workflow.landing.close import Verdict
from manualsmith.workflow.review.decide import decide
from manualsmith.workflow.review.reopen import reopen
from manualsmith.workflow.verify.verify_records import verify_range
from manualsmith.workflow.workspace.open_workspace import open_workspace
from reviewing import (
    ENTRY_BRANCH,
    ENTRY_ID,
    PAGE,
    STEP_BRANCH,
    STEP_ID,
    accept,
    branches,
    listed,
    page,
    record,
    reject,
    statuses,
    suggest,
    whole,
    with_suggestions,
)


@pytest.fixture
def repo(tmp_path):
    return with_suggestions(tmp_path)


def test_accept_merges_the_page_with_the_record_of_the_decision(repo):
    before, tip = git(repo, "rev-parse", "main"), git(repo, "rev-parse", STEP_BRANCH)
    report = accept(repo, STEP_ID)
    assert statuses(report) == {STEP_ID: "accepted"}
    assert git(repo, "log", "-1", "--format=%P", "main") == f"{before} {tip}"
    assert "3. 按「允許存取」。" in page(repo)
    decision = record(repo, STEP_ID).decision
    assert decision is not None
    assert (decision.state, decision.by) == ("accepted", "Service desk")
    assert decision.at == "2027-01-15T16:00:00+08:00"
    assert branches(repo) == [f"refs/heads/{ENTRY_BRANCH}"]
    assert git(repo, "log", "-1", "--format=%(trailers:key=Suggestion,valueonly)") == STEP_ID + "\n"
    whole(repo)


def test_the_working_tree_is_taken_along(repo):
    (repo / "notes.txt").write_text("mine", "utf-8")
    (repo / "manuals/operation/unbound.md").write_text("# 我改的\n", "utf-8")
    accept(repo, STEP_ID)
    assert (repo / PAGE).read_text("utf-8") == page(repo)
    changed = git(repo, "status", "--porcelain").splitlines()
    assert changed == [" M manuals/operation/unbound.md", "?? notes.txt"]


@pytest.mark.parametrize("how", ["edited", "staged", "deleted"])
def test_local_changes_in_the_same_file_are_not_lost(repo, how):
    before = refs(repo)
    if how == "deleted":
        (repo / PAGE).unlink()
    else:
        (repo / PAGE).write_text("# 我改的\n", "utf-8")
    if how == "staged":
        git(repo, "add", PAGE)
        (repo / PAGE).write_text(page(repo), "utf-8")
    with pytest.raises(UserError, match=r"sign-in\.md has changes in .* that are not committed"):
        accept(repo, STEP_ID)
    assert refs(repo) == before
    if how == "edited":
        assert (repo / PAGE).read_text("utf-8") == "# 我改的\n"


def test_main_in_another_worktree(repo, tmp_path):
    git(repo, "switch", "-q", "--detach")
    git(repo, "worktree", "add", "-q", str(tmp_path / "other"), "main")
    accept(repo, STEP_ID)
    assert (tmp_path / "other" / PAGE).read_text("utf-8") == page(repo)
    assert git(tmp_path / "other", "status", "--porcelain") == ""


def test_a_bare_repository(repo):
    bare = make_bare(repo)
    assert statuses(accept(bare, STEP_ID, ENTRY_ID)) == {STEP_ID: "accepted", ENTRY_ID: "accepted"}
    assert branches(bare) == []
    assert git(bare, "rev-list", "--count", "--merges", "main") == "2"


@pytest.mark.parametrize("what", ["MERGE_HEAD", "index.lock"])
def test_git_is_in_the_middle_of_something(repo, what):
    (repo / ".git" / what).write_text(git(repo, "rev-parse", "HEAD") + "\n")
    before = refs(repo)
    with pytest.raises(UserError) as error:
        accept(repo, STEP_ID)
    assert error.value.problems[0].hint
    assert refs(repo) == before


def test_reject_puts_the_record_alone_on_main(repo):
    commit(repo, {}, "the confirmation")
    before = git(repo, "rev-parse", "main")
    assert statuses(reject(repo, STEP_ID)) == {STEP_ID: "rejected"}
    changed = git(repo, "diff", "--name-only", before, "main").splitlines()
    assert changed == [f"suggestions/operation/{STEP_ID}.yaml"]
    assert git(repo, "log", "-1", "--format=%P", "main") == before
    decision = record(repo, STEP_ID).decision
    assert decision is not None
    assert (decision.state, decision.reason) == ("rejected", "不必改")
    assert branches(repo) == [f"refs/heads/{ENTRY_BRANCH}"]


def test_reject_brings_the_confirmation_where_main_has_none(repo):
    bare = make_bare(repo)
    reject(bare, STEP_ID)
    assert git(bare, "diff", "--name-only", "main^", "main").splitlines() == [
        "records/confirmations/ENV-2026-0001.yaml",
        f"suggestions/operation/{STEP_ID}.yaml",
    ]


def test_what_is_decided_is_told(repo):
    reject(repo, STEP_ID)
    assert statuses(reject(repo, STEP_ID)) == {STEP_ID: "decided"}
    [outcome] = accept(repo, STEP_ID).outcomes
    assert outcome.status == "refused"
    assert "rejected by Service desk" in outcome.problems[0].message
    assert "review reopen" in str(outcome.problems[0].hint)


def test_an_unknown_id_changes_nothing(repo):
    before = refs(repo)
    with pytest.raises(UserError, match="no suggestion ENV-2026-0001-3") as error:
        accept(repo, STEP_ID, "ENV-2026-0001-3")
    assert "nearest: ENV-2026-0001" in str(error.value.problems[0].hint)
    assert refs(repo) == before


def test_a_dry_run_changes_nothing(repo):
    before = refs(repo), git(repo, "count-objects", "-v")
    report = accept(repo, STEP_ID, ENTRY_ID, dry_run=True)
    assert set(statuses(report).values()) == {"accepted"}
    assert all(outcome.changed for outcome in report.outcomes)
    assert (refs(repo), git(repo, "count-objects", "-v")) == before


def test_the_second_of_two_that_change_the_same_words_stays_open(repo):
    other = STEP.replace("允許存取", "授權").replace("id: 1", "id: 1")
    write(repo, 2, findings=(other,))
    suggest(repo)
    report = accept(repo, STEP_ID, "ENV-2026-0002-1")
    assert statuses(report) == {STEP_ID: "accepted", "ENV-2026-0002-1": "refused"}
    again = accept(repo, "ENV-2026-0002-1")
    assert "was changed since" in again.outcomes[0].problems[0].message
    assert STEP_ID in again.outcomes[0].notes[0]
    item = listed(repo)["ENV-2026-0002-1"]
    assert item.standing is not None
    assert item.standing.kind == "conflict"


def test_what_main_says_already_is_superseded(repo):
    text = page(repo).replace("3. 按登入。", "3. 按「允許存取」。")
    overtaking = commit(repo, {PAGE: text}, "改用瀏覽器")
    [outcome] = accept(repo, STEP_ID).outcomes
    assert outcome.status == "superseded"
    decision = record(repo, STEP_ID).decision
    assert decision is not None
    assert decision.state == "superseded"
    assert f"{PAGE}:17" in decision.reason
    assert f"改用瀏覽器（{overtaking[:9]}）" in decision.reason


def test_facts_and_findings_of_one_page_in_any_order(repo):
    write(repo, 3, facts=FACT, findings=())
    suggest(repo)
    fact = "ENV-2026-0003-operation-client.version"
    clone = make_bare(repo)
    accept(repo, STEP_ID, fact)
    accept(clone, fact)
    accept(clone, STEP_ID)
    assert page(repo) == page(clone)
    assert 'client.version: "3.16"' in page(repo)


def test_a_branch_that_people_committed_to_is_not_accepted(repo):
    git(repo, "switch", "-q", "-f", STEP_BRANCH)
    commit(repo, {PAGE: "# 我改的\n"})
    git(repo, "switch", "-q", "main")
    [outcome] = accept(repo, STEP_ID).outcomes
    assert outcome.status == "refused"
    assert "--discard-edits" in str(outcome.problems[0].hint)
    assert f"refs/heads/{STEP_BRANCH}" in branches(repo)


def test_a_branch_that_people_committed_to_is_not_rejected_with_their_work(repo):
    git(repo, "switch", "-q", "-f", STEP_BRANCH)
    theirs = commit(repo, {PAGE: "# 我改的\n"})
    git(repo, "switch", "-q", "main")
    assert statuses(reject(repo, STEP_ID)) == {STEP_ID: "refused"}
    assert refs(repo)[f"refs/heads/{STEP_BRANCH}"] == theirs
    verdict = Verdict("rejected", "不必改")
    report = decide(open_workspace(repo), [STEP_ID], verdict, discard_edits=True)
    assert statuses(report) == {STEP_ID: "rejected"}
    assert f"refs/heads/{STEP_BRANCH}" not in branches(repo)
    assert "我改的" not in page(repo)
    assert record(repo, STEP_ID).decision


def test_reopen_takes_a_decision_back(repo):
    reject(repo, STEP_ID)
    report = reopen(open_workspace(repo), [STEP_ID])
    assert statuses(report) == {STEP_ID: "reopened"}
    opened = record(repo, STEP_ID, STEP_BRANCH)
    assert opened.decision is None
    assert [old.reason for old in opened.history] == ["不必改"]
    assert listed(repo)[STEP_ID].standing is not None
    assert statuses(suggest(repo))[STEP_ID] == "unchanged"
    assert statuses(accept(repo, STEP_ID)) == {STEP_ID: "accepted"}
    assert [old.reason for old in record(repo, STEP_ID).history] == ["不必改"]


def test_what_was_accepted_is_not_reopened(repo):
    accept(repo, STEP_ID)
    [outcome] = reopen(open_workspace(repo), [STEP_ID]).outcomes
    assert outcome.status == "refused"


def test_who_decides_may_be_a_staff_number(repo):
    decide(open_workspace(repo), [STEP_ID], Verdict("withdrawn", "看錯", "S-0412"))
    decision = record(repo, STEP_ID).decision
    assert decision is not None
    assert (decision.by, decision.state) == ("S-0412", "withdrawn")
    assert git(repo, "log", "-1", "--format=%P", "main").count(" ") == 0


def test_the_queue_lists_what_was_decided(repo):
    accept(repo, STEP_ID)
    reject(repo, ENTRY_ID)
    assert listed(repo) == {}
    found = listed(repo, states=("accepted", "rejected"))
    assert {name: item.account.state for name, item in found.items()} == {
        STEP_ID: "accepted",
        ENTRY_ID: "rejected",
    }
    assert show(repo, "main:records/confirmations/ENV-2026-0001.yaml")


def test_a_reviewer_words_it_otherwise_and_the_record_says_who(repo):
    [edit] = record(repo, STEP_ID, STEP_BRANCH).edits
    wording = edit.edit.model_copy(update={"text": "按「同意」。"})
    report = decide(open_workspace(repo), [STEP_ID], Verdict("accepted", by="R-1", wording=wording))
    assert statuses(report) == {STEP_ID: "accepted"}
    assert "3. 按「同意」。" in page(repo)
    decided = record(repo, STEP_ID)
    assert decided.decision.by == "R-1"
    assert decided.edits[0].edit == edit.edit
    assert decided.edits[0].instead == wording
    workspace = open_workspace(repo)
    with BlobReader(workspace.repository) as reader:
        [found] = verify_range(workspace, reader, "main~1", workspace.main.tip)
    assert found.faults == ()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"step": "1"}, "not make another"),
        ({"text": "打 0912345678"}, "a phone number"),
        ({"text": "<script>alert(1)</script>"}, "script"),
    ],
)
def test_a_wording_that_is_another_edit_or_unsafe_is_refused(repo, change, told):
    [edit] = record(repo, STEP_ID, STEP_BRANCH).edits
    before = refs(repo)
    wording = edit.edit.model_copy(update=change)
    report = decide(open_workspace(repo), [STEP_ID], Verdict("accepted", wording=wording))
    [outcome] = report.outcomes
    assert outcome.status == "refused"
    assert told in str(outcome.problems[0])
    assert refs(repo) == before


def test_what_changed_since_it_was_looked_at_is_not_decided(repo):
    report = decide(open_workspace(repo), [STEP_ID], Verdict("accepted", seen="0" * 40))
    assert "since you looked" in str(report.outcomes[0].problems[0])
    seen = git(repo, "rev-parse", STEP_BRANCH).strip()
    report = decide(open_workspace(repo), [STEP_ID], Verdict("accepted", seen=seen))
    assert statuses(report) == {STEP_ID: "accepted"}


def test_an_open_record_holds_no_reviewers_words(repo):
    made = record(repo, STEP_ID, STEP_BRANCH)
    [edit] = made.edits
    worded = edit.model_copy(update={"instead": edit.edit.model_copy(update={"text": "x"})})
    git(repo, "switch", "-qf", STEP_BRANCH)
    text = dump_suggestion(made.model_copy(update={"edits": (worded,)})).decode()
    commit(repo, {f"suggestions/operation/{STEP_ID}.yaml": text})
    git(repo, "switch", "-q", "main")
    assert statuses(accept(repo, STEP_ID)) == {STEP_ID: "refused"}
