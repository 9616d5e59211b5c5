"""Suggestions whose commit rests on a main that is gone: nobody's edit, and never stuck.

SEQUENCES=100 in the environment draws more of what people do; HYPOTHESIS_PROFILE=fuzz new ones.
"""

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from clones import (
    DOINGS,
    PAGE,
    Office,
    branches,
    brought_together,
    decided,
    done,
    faults,
    listed,
    make_office,
    on_main,
    others_push,
    refreshed,
    requested,
    settled,
    shared,
    suggest_here,
    undecidable,
)
from gitrepo import commit, git
from manuals import STEP, write
from reviewing import ENTRY_ID, STEP_BRANCH, STEP_ID, statuses

FACT_ID = "ENV-2026-0001-operation-client.version"


def kinds(desk: Path) -> set[str]:
    return {item.standing.kind for item in listed(desk).values()}


def sound(office: Office) -> None:
    """Assert that the queue of each desk, and of a new clone, can be decided."""
    edited = {ref.rpartition("/")[2] for _, ref in office.by_hand.values()}
    newcomer = Path(tempfile.mkdtemp(dir=office.bare.parent))
    git(newcomer, "clone", "-q", str(office.bare), ".")
    told = shared(newcomer).problems
    stranded = {p.message.split()[0] for p in told if "rests on pages" in p.message}
    for desk in (*office.desks, newcomer):
        by_hand = {n for n, item in listed(desk).items() if item.standing.kind == "edited"}
        assert by_hand <= edited, desk
        assert undecidable(desk) == []
    assert set(faults(office.bare)) <= edited | stranded
    for made, (desk, ref) in office.by_hand.items():
        there = branches(desk)  # it may be decided by now
        assert ref not in there or git(desk, "merge-base", made, ref) == made


@pytest.fixture(params=[False, True], ids=["plain", "hook"])
def office(tmp_path, request):
    return make_office(tmp_path, hook=request.param)


def test_main_is_replayed_and_its_branches_with_it(office):
    one, two, _ = office.desks
    requested(one)
    refreshed(one)
    others_push(two)
    told = shared(one)
    assert told.problems == ()
    assert all(on_main(one, ref) for ref in branches(one))
    assert branches(office.bare) == branches(one)
    settled(office)
    assert all(kinds(desk) == {"applies"} for desk in office.desks)
    sound(office)


def test_suggested_without_a_network_on_a_main_that_is_replayed(office):
    one, two, _ = office.desks
    requested(one)
    write(one, 2, findings=(STEP.replace("允許存取", "同意"),))
    suggest_here(one)
    others_push(two)
    assert shared(one).problems == ()
    settled(office)
    assert len(listed(two)) == 5
    sound(office)


@pytest.mark.parametrize("how", ["pull --rebase", "reset --hard"])
def test_git_moved_main(office, how):
    one, two, _ = office.desks
    requested(one)
    write(one, 2, findings=(STEP.replace("允許存取", "同意"),))
    suggest_here(one)
    refreshed(one)
    others_push(two)
    done(office, 0, how)
    assert not any(on_main(one, ref) for ref in branches(one))
    assert kinds(one) == {"applies"}
    assert undecidable(one) == []
    assert shared(one).problems == ()
    assert all(on_main(one, ref) for ref in branches(one))
    settled(office)
    sound(office)


@pytest.fixture
def bricked(tmp_path):
    """What an older version pushed: branches on a commit that no main has, in every clone."""
    office = make_office(tmp_path, hook=False)
    one, two, three = office.desks
    requested(one)
    refreshed(one)
    others_push(two)
    git(one, "fetch", "-q")
    git(one, "push", "-q", "--force", "origin", "refs/heads/suggest/*")
    git(one, "reset", "-q", "--hard", "origin/main")
    for desk in (two, three):
        git(desk, "fetch", "-q", "origin", "+refs/heads/suggest/*:refs/heads/suggest/*")
        git(desk, "pull", "-q", "--ff-only")
        assert not any(on_main(desk, ref) for ref in branches(desk))
    return office


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_queue_that_is_stuck_already_is_mended_by_sync(bricked, number):
    desk = bricked.desks[number]
    assert kinds(desk) == {"applies"}
    told = shared(desk)
    assert (told.problems, len(told.pushed)) == ((), 4)
    assert all(on_main(bricked.bare, ref) for ref in branches(bricked.bare))
    settled(bricked)
    sound(bricked)


def test_refresh_puts_it_on_main(bricked):
    two = bricked.desks[1]
    assert set(statuses(refreshed(two)).values()) == {"refreshed"}
    assert all(on_main(two, ref) for ref in branches(two))


def test_accepted_it_brings_nothing_that_main_does_not_have(bricked):
    two = bricked.desks[1]
    gone = git(two, "rev-parse", f"{STEP_BRANCH}^")
    assert statuses(decided(two, "accepted", STEP_ID, FACT_ID)) == {
        STEP_ID: "accepted",
        FACT_ID: "accepted",
    }
    assert gone not in git(two, "rev-list", "main").split()
    assert "允許存取" in (two / PAGE).read_text("utf-8")
    assert statuses(decided(two, "rejected", ENTRY_ID)) == {ENTRY_ID: "rejected"}
    assert shared(two).problems == ()
    settled(bricked)
    assert all(len(branches(desk)) == 1 for desk in bricked.desks)


@pytest.mark.parametrize("how", ["on top", "amended", "unreadable", "merged", "page gone"])
@pytest.mark.parametrize("base", ["gone", "there"])
def test_what_was_committed_by_hand_stands_until_it_is_discarded(bricked, how, base):
    two = bricked.desks[1]
    if base == "there":
        shared(two)
    git(two, "switch", "-q", STEP_BRANCH)
    if how == "on top":
        commit(two, {PAGE: "# 我改的\n"})
    elif how == "amended":
        (two / PAGE).write_text("# 我改的\n", "utf-8")
        git(two, "commit", "-q", "-a", "--amend", "--no-edit")
    elif how == "unreadable":
        (two / f"suggestions/operation/{STEP_ID}.yaml").write_text("甲\n", "utf-8")
        git(two, "commit", "-q", "-a", "--amend", "--no-edit")
    elif how == "merged":
        git(two, "switch", "-q", "-c", "side", "main")
        git(two, "merge", "-q", "--no-ff", "-m", "Merge", STEP_BRANCH)
        git(two, "branch", "-q", "-f", STEP_BRANCH, "side")
    else:
        git(two, "rm", "-q", PAGE)
        git(two, "commit", "-q", "--amend", "--no-edit")
    git(two, "switch", "-q", "main")
    by_hand = git(two, "rev-parse", STEP_BRANCH)
    assert listed(two)[STEP_ID].standing.kind == "edited"
    shared(two)
    assert git(two, "rev-parse", STEP_BRANCH) == by_hand
    assert statuses(refreshed(two, STEP_ID))[STEP_ID] in ("left-alone", "unchanged")
    assert statuses(decided(two, "rejected", STEP_ID)) == {STEP_ID: "refused"}
    assert git(two, "rev-parse", STEP_BRANCH) == by_hand
    again = decided(two, "rejected", STEP_ID, discard_edits=True, dry_run=True)
    assert statuses(again) == {STEP_ID: "rejected"}
    assert statuses(refreshed(two, STEP_ID, discard_edits=True)) == {STEP_ID: "refreshed"}
    assert on_main(two, STEP_BRANCH)
    assert STEP_ID not in faults(two)


def test_a_place_that_main_does_not_have_waits_on_the_main_that_has_it(tmp_path):
    office = make_office(tmp_path, hook=False)
    one, two, _ = office.desks
    requested(one)
    refreshed(one)
    page = (two / PAGE).read_text("utf-8").replace("3. 按登入。\n", "")
    git(two, "pull", "-q", "--rebase")
    others_push(two, {PAGE: page})
    assert shared(one).problems == ()
    settled(office)
    assert listed(two)[STEP_ID].standing.kind == "conflict"
    assert all(on_main(two, ref) for ref in branches(two))
    sound(office)


def test_a_dry_run_of_sync_says_what_is_put_on_main(bricked):
    two = bricked.desks[1]
    from manualsmith.workflow.sharing.sync import sync
    from manualsmith.workflow.workspace.open_workspace import open_workspace

    told = sync(open_workspace(two), dry_run=True)
    assert told.pushed == shared(two).pushed
    assert len(told.pushed) == 4


def test_commits_that_only_git_can_bring_together(office):
    one, two, _ = office.desks
    commit(one, {"own.md": "x\n"})
    refreshed(one)
    others_push(two)
    before = branches(office.bare)
    assert "different ways" in str(shared(one).problems[-1])
    assert branches(office.bare) == before
    assert undecidable(one) == []
    brought_together(one)
    assert shared(one).problems == ()
    settled(office)
    sound(office)


def test_the_page_that_it_was_made_on_is_nowhere_any_more(office):
    """The step was counted on a page that was never shared: no other step may be taken for it."""
    one, _, _ = office.desks
    page = (one / PAGE).read_text("utf-8").replace("1. 打開", "1. 開機。\n1. 打開")
    commit(one, {PAGE: page})
    write(one, 2, findings=(STEP.replace("step: 3", "step: 2"),))
    suggest_here(one)
    git(one, "reset", "-q", "--hard", "origin/main")
    assert "rests on pages that main does not have" in str(shared(one).problems[0])
    settled(office)
    assert "ENV-2026-0002-1" not in listed(office.desks[1])
    sound(office)
    report = decided(one, "accepted", "ENV-2026-0002-1")
    assert statuses(report) == {"ENV-2026-0002-1": "refused"}
    assert "made on pages that main does not have" in str(report.outcomes[0].problems[0])
    assert statuses(decided(one, "rejected", "ENV-2026-0002-1")) == {"ENV-2026-0002-1": "rejected"}
    assert shared(one).problems == ()
    settled(office)
    sound(office)


steps = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(sorted(DOINGS))), min_size=3, max_size=12
)


@settings(
    max_examples=int(os.environ.get("SEQUENCES", "3")),
    deadline=None,
    phases=[phase for phase in Phase if phase is not Phase.explain],
    suppress_health_check=list(HealthCheck),
)
@given(hook=st.booleans(), doings=steps)
def test_whatever_people_do_each_suggestion_can_be_decided(hook, doings):
    with tempfile.TemporaryDirectory() as folder:
        office = make_office(Path(folder), hook=hook)
        for number, doing in doings:
            done(office, number, doing)
        settled(office)
        sound(office)
