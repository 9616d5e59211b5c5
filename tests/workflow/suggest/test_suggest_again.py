"""Run again: unchanged, updated, already there, left alone, decided."""

import pytest

from gitrepo import commit, git, make_repo, refs, show
from manuals import ENTRY, FACT, PAGES, STEP, write
from manualsmith.records.models.suggestion import Decision, dump_suggestion, parse_suggestion
from suggesting import ENTRY_BRANCH, STEP_BRANCH, run, statuses

ONE = "ENV-2026-0001-1"


@pytest.fixture
def repo(tmp_path):
    return make_repo(tmp_path, PAGES)


@pytest.mark.parametrize("cache", ["kept", "deleted", "damaged"])
def test_nothing_changed(repo, cache):
    write(repo, findings=(STEP, ENTRY), facts=FACT)
    run(repo)
    before = refs(repo)
    for file in (repo / ".git" / "manualsmith").glob("*"):
        if cache == "deleted":
            file.unlink()
        if cache == "damaged":
            file.write_bytes(b"no database" * 1000)
    assert set(statuses(run(repo)).values()) == {"unchanged"}
    assert refs(repo) == before


def test_main_moved_elsewhere(repo):
    write(repo)
    run(repo)
    before = refs(repo)[f"refs/heads/{STEP_BRANCH}"]
    commit(repo, {"manuals/operation/new.md": "# 新\n"})
    assert statuses(run(repo)) == {ONE: "unchanged"}
    assert refs(repo)[f"refs/heads/{STEP_BRANCH}"] == before


def test_a_changed_confirmation_updates_its_branch(repo):
    file = write(repo)
    run(repo)
    commit(repo, {"manuals/operation/new.md": "# 新\n", "records/confirmations/x.txt": ""})
    file.write_text(file.read_text("utf-8").replace("允許存取", "授權"), "utf-8")
    assert statuses(run(repo)) == {ONE: "updated"}
    assert "按「授權」。" in show(repo, f"{STEP_BRANCH}:manuals/operation/sign-in.md").decode()
    assert git(repo, "rev-parse", f"{STEP_BRANCH}^") == git(repo, "rev-parse", "main")
    assert statuses(run(repo)) == {ONE: "unchanged"}


def test_a_comment_alone_updates_the_confirmation_on_the_branch(repo):
    file = write(repo)
    run(repo)
    file.write_text("# 補充\n" + file.read_text("utf-8"), "utf-8")
    assert statuses(run(repo)) == {ONE: "updated"}
    assert show(repo, f"{STEP_BRANCH}:records/confirmations/{file.name}") == file.read_bytes()


def test_already_in_the_manual(repo):
    file = write(repo, findings=(STEP, ENTRY), facts=FACT)
    run(repo)
    (repo / "records/confirmations" / file.name).rename(repo / "kept.yaml")
    for ref in list(refs(repo)):
        if "suggest" in ref:
            git(repo, "merge", "-q", "-m", "merge", ref)
            git(repo, "update-ref", "-d", ref)
    git(repo, "rm", "-rq", "suggestions")  # the pages alone stay: nothing says whose they are
    git(repo, "commit", "-qm", "no records")
    report = run(repo, repo / "kept.yaml")
    assert set(statuses(report).values()) == {"already"}
    assert "manuals/operation/sign-in.md:17" in str(report.outcomes[0].message)
    assert [ref for ref in refs(repo) if "suggest" in ref] == []


def test_what_was_remembered_holds_only_while_main_stands(repo):
    """The manual said so already, and then it did not any more: the confirmation is as it was."""
    page = "manuals/operation/sign-in.md"
    commit(repo, {page: PAGES[page].replace("按登入。", "按「允許存取」。")})
    write(repo)
    for _ in range(2):
        assert statuses(run(repo)) == {ONE: "already"}
    commit(repo, {page: PAGES[page]})
    assert statuses(run(repo)) == {ONE: "created"}


def test_what_was_remembered_holds_only_while_its_branch_stands(repo):
    write(repo)
    for _ in range(3):
        assert set(statuses(run(repo)).values()) <= {"created", "unchanged"}
    git(repo, "checkout", "-q", "-f", STEP_BRANCH)
    commit(repo, {"manuals/operation/new.md": "# 新\n"})
    git(repo, "checkout", "-q", "main")
    file = write(repo)
    assert statuses(run(repo, file)) == {ONE: "left-alone"}


def test_a_remembered_decision_holds_only_while_main_has_it(repo):
    file = write(repo)
    run(repo)
    path = f"suggestions/operation/{ONE}.yaml"
    record = parse_suggestion(show(repo, f"{STEP_BRANCH}:{path}"), path)
    decision = Decision(state="rejected", by="S-0001", at="2026-11-21", reason="不需要")
    commit(repo, {path: dump_suggestion(record.model_copy(update={"decision": decision}))})
    git(repo, "branch", "-q", "-D", STEP_BRANCH)
    for _ in range(2):
        assert statuses(run(repo, file)) == {ONE: "decided"}
    commit(repo, {path: None})
    assert statuses(run(repo, file)) == {ONE: "created"}


@pytest.mark.parametrize("how", ["on top", "amended", "rewritten record", "another file"])
def test_somebody_else_committed_to_it(repo, how):
    file = write(repo)
    run(repo)
    git(repo, "checkout", "-q", "-f", STEP_BRANCH)
    page = repo / "manuals/operation/sign-in.md"
    record = repo / f"suggestions/operation/{ONE}.yaml"
    if how == "another file":
        (repo / "extra.md").write_text("x", "utf-8")
    elif how == "rewritten record":
        record.write_text(record.read_text("utf-8").replace("畫面不同", "別的理由"), "utf-8")
        record.write_text(record.read_text("utf-8") + "# note\n", "utf-8")
    else:
        page.write_text(page.read_text("utf-8").replace("允許存取", "同意"), "utf-8")
    git(repo, "add", "-A")
    git(repo, "commit", "-q", *(["--amend"] if how != "on top" else []), "-m", "mine")
    git(repo, "checkout", "-q", "main")
    file = write(repo, staff="S-0001")
    before = refs(repo)
    assert statuses(run(repo, file)) == {ONE: "left-alone"}
    assert refs(repo) == before


def test_a_branch_that_is_checked_out_is_not_moved(repo, tmp_path):
    file = write(repo)
    run(repo)
    git(repo, "worktree", "add", "-q", str(tmp_path / "other"), STEP_BRANCH)
    file.write_text(file.read_text("utf-8").replace("允許存取", "授權"), "utf-8")
    report = run(repo)
    assert statuses(report) == {ONE: "left-alone"}
    assert str(tmp_path / "other") in str(report.outcomes[0].message)


def test_a_finding_that_was_taken_out(repo):
    write(repo, findings=(STEP, ENTRY))
    run(repo)
    write(repo, findings=(STEP,))
    report = run(repo)
    assert statuses(report) == {ONE: "updated", "ENV-2026-0001-2": "withdrawn"}
    assert f"refs/heads/{ENTRY_BRANCH}" not in refs(repo)
    path = "suggestions/troubleshooting/ENV-2026-0001-2.yaml"
    record = parse_suggestion(show(repo, f"main:{path}"), path)
    assert record.decision
    assert record.decision.state == "withdrawn"
    assert git(repo, "diff", "--name-only", "main^", "main") == path
    assert (repo / path).is_file()
    assert git(repo, "status", "--porcelain", "suggestions", "manuals") == ""


def test_what_was_decided_is_not_proposed_again(repo):
    file = write(repo)
    run(repo)
    path = f"suggestions/operation/{ONE}.yaml"
    record = parse_suggestion(show(repo, f"{STEP_BRANCH}:{path}"), path)
    decision = Decision(state="rejected", by="S-0001", at="2026-11-21", reason="不需要")
    decided = record.model_copy(update={"decision": decision})
    commit(repo, {path: dump_suggestion(decided)})
    git(repo, "branch", "-q", "-D", STEP_BRANCH)
    report = run(repo, file)
    assert statuses(report) == {ONE: "decided"}
    assert "不需要" in str(report.outcomes[0].message)


def test_ids_that_begin_alike_are_told_apart(repo):
    write(repo, 1)
    longer = write(repo, 2)
    text = longer.read_text("utf-8").replace("ENV-2026-0002", "ENV-2026-0001-abcde")
    text = text.replace("允許存取", "授權")
    longer.rename(longer.with_name("ENV-2026-0001-abcde.yaml")).write_text(text, "utf-8")
    assert set(statuses(run(repo)).values()) == {"created"}
    write(repo, 1, staff="S-0001")
    assert statuses(run(repo)) == {ONE: "updated", "ENV-2026-0001-abcde-1": "unchanged"}
