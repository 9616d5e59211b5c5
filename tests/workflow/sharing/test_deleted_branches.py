"""What somebody took away on the remote by force: a branch, with no merge, or commits of main."""

import pytest

from clones import listed, make_office, settled, suggest_here
from gitrepo import commit, git, refs, show
from manualsmith.errors import UserError
from manualsmith.records.models.suggestion import parse_suggestion
from manualsmith.workflow.review.decide import reject_deleted
from manualsmith.workflow.sharing.sync import sync
from manualsmith.workflow.workspace.open_workspace import open_workspace
from reviewing import STEP_BRANCH, STEP_ID

RECORD = f"suggestions/operation/{STEP_ID}.yaml"


@pytest.fixture
def office(tmp_path):
    return make_office(tmp_path, hook=False)


def share(desk):
    return sync(open_workspace(desk), ended=reject_deleted)


def deleted(office, setting):
    first = office.desks[0]
    commit(first, {"pyproject.toml": f'[tool.manualsmith]\non_deleted = "{setting}"\n'})
    git(first, "push", "-q", "origin", "main", f":refs/heads/{STEP_BRANCH}")
    for desk in office.desks:
        git(desk, "pull", "-q", "--rebase")
    return first


def test_it_is_told_with_what_can_be_done(office):
    first = deleted(office, "ask")
    [problem] = share(first).problems
    assert "deleted there without a decision" in problem.message
    assert f"review reject {STEP_ID}" in problem.hint
    assert STEP_ID in listed(first)
    assert f"refs/heads/{STEP_BRANCH}" not in refs(office.bare)


def test_it_is_asked_about_once(office):
    first = deleted(office, "ask")
    assert share(first).problems
    again = share(first)
    assert (again.problems, again.waiting) == ((), (STEP_BRANCH,))
    assert f"refs/heads/{STEP_BRANCH}" not in refs(office.bare)
    git(first, "push", "-q", "origin", STEP_BRANCH)
    assert share(first).waiting == ()
    git(first, "push", "-q", "origin", f":refs/heads/{STEP_BRANCH}")
    assert share(first).problems


def test_it_is_rejected_for_everybody(office):
    first = deleted(office, "reject")
    assert share(first).problems == ()
    settled(office)
    for desk in office.desks:
        decision = parse_suggestion(show(desk, f"main:{RECORD}"), RECORD).decision
        assert (decision.state, decision.reason) == (
            "rejected",
            "分支在遠端被刪除，或合併請求被關閉，沒有合併",
        )
        assert STEP_ID not in listed(desk)
        suggest_here(desk)
        assert share(desk).problems == ()
    assert f"refs/heads/{STEP_BRANCH}" not in refs(office.bare)


def test_it_is_kept(office):
    first = deleted(office, "keep")
    assert share(first).problems == ()
    assert f"refs/heads/{STEP_BRANCH}" in refs(office.bare)
    assert all(share(desk).problems == () for desk in office.desks)


def rewritten(office):
    """The shared main loses its last commit; each desk had it."""
    for desk in office.desks:
        share(desk)
    commit(office.desks[0], {"docs/secret.md": "# 密碼\n"})
    for desk in office.desks:
        share(desk)
    lost = git(office.bare, "rev-parse", "main").strip()
    git(office.bare, "update-ref", "refs/heads/main", "main^")
    return lost


def test_a_main_that_was_rewritten_is_told_and_not_brought_back(office):
    lost = rewritten(office)
    desk = office.desks[1]
    with pytest.raises(UserError, match="was rewritten: commits that it had are gone") as told:
        share(desk)
    assert git(office.bare, "rev-parse", "main").strip() != lost
    assert git(desk, "rev-parse", "main").strip() == lost
    for command in told.value.problems[0].hint.partition(": ")[2].partition(";  if")[0].split("; "):
        if command.startswith("git "):
            git(desk, *command.split()[1:])
    assert share(desk).problems == ()
    assert git(desk, "rev-parse", "main") == git(office.bare, "rev-parse", "main")
    assert git(desk, "rev-parse", "before-rewriting").strip() == lost


def test_what_was_rewritten_can_be_given_back(office):
    lost = rewritten(office)
    desk = office.desks[2]
    with pytest.raises(UserError) as told:
        share(desk)
    give = told.value.problems[0].hint.rpartition(": ")[2]
    git(desk, *give.split()[1:])
    for one in office.desks:
        assert share(one).problems == ()
    assert git(office.bare, "rev-parse", "main").strip() == lost
