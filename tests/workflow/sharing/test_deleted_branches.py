"""A branch that somebody deleted on the remote, with no merge: told, rejected or kept."""

import pytest

from clones import listed, make_office, settled, suggest_here
from gitrepo import commit, git, refs, show
from manualsmith.records.models.suggestion import parse_suggestion
from manualsmith.workflow.review.decide import DELETED, reject_deleted
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


def test_it_is_rejected_for_everybody(office):
    first = deleted(office, "reject")
    assert share(first).problems == ()
    settled(office)
    for desk in office.desks:
        decision = parse_suggestion(show(desk, f"main:{RECORD}"), RECORD).decision
        assert (decision.state, decision.reason) == ("rejected", DELETED)
        assert STEP_ID not in listed(desk)
        suggest_here(desk)
        assert share(desk).problems == ()
    assert f"refs/heads/{STEP_BRANCH}" not in refs(office.bare)


def test_it_is_kept(office):
    first = deleted(office, "keep")
    assert share(first).problems == ()
    assert f"refs/heads/{STEP_BRANCH}" in refs(office.bare)
    assert all(share(desk).problems == () for desk in office.desks)
