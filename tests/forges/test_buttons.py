"""Each button of each git host, once through the whole cycle: what was merged is decided."""

from pathlib import Path

import pytest

from clones import Office, listed, make_office, settled, shared, suggest_here
from gitrepo import git, show
from manualsmith.git.blobs import BlobReader
from manualsmith.records.models.suggestion import Suggestion, parse_suggestion
from manualsmith.workflow.reports.trace import trace
from manualsmith.workflow.verify.verify_records import verify_range
from manualsmith.workflow.workspace.open_workspace import open_workspace
from merging import BUTTONS, MERGER, UNNAMED, Merge, host_of, press, touch_up
from reviewing import PAGE, STEP_BRANCH, STEP_ID

RECORD = f"suggestions/operation/{STEP_ID}.yaml"
PROPOSED, TOUCHED = "按「允許存取」。", "請按「允許存取」。"


@pytest.fixture
def office(tmp_path) -> Office:
    return make_office(tmp_path, hook=False)


def record(repo: Path) -> Suggestion:
    return parse_suggestion(show(repo, f"main:{RECORD}"), RECORD)


def explained(repo: Path, since: str) -> list[str]:
    workspace = open_workspace(repo)
    with BlobReader(workspace.repository) as reader:
        found = verify_range(workspace, reader, since, "main")
        return [f"{one.name}: {fault}" for one in found for fault in one.faults]


@pytest.mark.parametrize("touched", [False, True], ids=["as proposed", "touched up"])
@pytest.mark.parametrize("pressed", BUTTONS, ids=" ".join)
def test_what_a_button_merges_is_decided(office, pressed, touched, tmp_path):
    button, how = BUTTONS[pressed]
    since = git(office.bare, "rev-parse", "main")
    merge = Merge(host_of(office.bare, tmp_path), STEP_BRANCH)
    if touched:
        touch_up(merge, PAGE, PROPOSED, TOUCHED)
    press(merge, button)
    settled(office)
    tips = {git(desk, "rev-parse", "main") for desk in (*office.desks, office.bare)}
    assert len(tips) == 1
    one = record(office.desks[1])
    assert one.decision is not None
    assert (one.decision.state, one.decision.how) in (("accepted", how), ("accepted", "squash"))
    poster = git(office.bare, "show", "-s", "--format=%an", f"{since}")
    assert one.decision.by == (poster if pressed in UNNAMED else MERGER[0])
    assert git(office.bare, "cat-file", "-t", one.decision.commit) == "commit"
    text = show(office.bare, f"main:{PAGE}").decode()
    assert text.count(PROPOSED) == 1
    assert text.count(TOUCHED) == int(touched)
    for desk in office.desks:
        assert STEP_ID not in listed(desk)
        assert STEP_BRANCH not in git(desk, "for-each-ref", "refs/heads")
        outcomes = {o.id: o.status for o in suggest_here(desk).outcomes if o.status != "evidence"}
        assert outcomes.get(STEP_ID, "decided") == "decided"
        assert explained(desk, since) == []
        assert shared(desk).problems == ()
    assert "accepted" in str(trace(open_workspace(office.desks[2]), STEP_ID))
    git(office.bare, "fsck", "--strict", "--no-dangling")
