"""Two desks that say something of one suggestion before they meet: nobody's word is lost."""

import itertools

import pytest

from clones import faults
from gitrepo import git, make_repo, refs
from httpgit import git_server
from manuals import PAGES, STEP, write
from manualsmith.records.models.suggestion import Suggestion
from manualsmith.workflow.queue.show_suggestion import worded
from manualsmith.workflow.review.comment import NewComment, comment
from manualsmith.workflow.service.read_confirmations import all_files
from manualsmith.workflow.sharing.both_said import put_together
from manualsmith.workflow.sharing.sync import fetch, open_sharing, sync
from manualsmith.workflow.suggest.run import suggest
from manualsmith.workflow.workspace.open_workspace import open_workspace
from reviewing import STEP_BRANCH, STEP_ID, listed, page, record, whole

WORDS = "按「允許存取雲端」。"
# what one desk does before it meets the other: remarks in their order, who says them
SAID = {
    "a comment": (("comment", "14.2 版也是這樣", None),),
    "two comments": (("comment", "甲", None), ("comment", "乙", None)),
    "asks": (("ask", "請寫出按鈕的名稱", None),),
    "other words": (("amend", "已補上", WORDS),),
    "asks, other words": (("ask", "請寫出按鈕的名稱", None), ("amend", "", WORDS)),
}
OTHER_WORDS = (("amend", "", "按「同意」。"),)


@pytest.fixture
def desks(tmp_path):
    """Two clones that both have the suggestion, with a comment that both know, and the server."""
    repo = make_repo(tmp_path, PAGES, name="first")
    with git_server(tmp_path, repo) as server:
        one, two = (tmp_path / name for name in ("one", "two"))
        for clone in (one, two):
            git(tmp_path, "clone", "-q", server.address, clone.name)
        write(one, findings=(STEP,))
        workspace = open_workspace(one)
        suggest(workspace, *all_files(workspace), sharing=open_sharing(workspace))
        say(one, (("comment", "先說的", None),), "R-01")
        sync(open_workspace(one))
        fetch(open_workspace(two))
        yield one, two, server


def say(repo, remarks, by):
    for kind, text, wording in remarks:
        workspace = open_workspace(repo)
        words = worded(workspace, STEP_ID, wording) if wording else None
        [outcome] = comment(workspace, [STEP_ID], NewComment(text, kind, by, words)).outcomes
        assert outcome.status in ("commented", "asked", "amended")


def heard(repo):
    return [(one.by, one.kind, one.text) for one in record(repo, STEP_ID, STEP_BRANCH).comments]


def here(repo):
    return {ref: tip for ref, tip in refs(repo).items() if ref.startswith("refs/heads/")}


@pytest.mark.parametrize(("ours", "theirs"), [*itertools.product(SAID, SAID)])
def test_what_two_desks_said_is_put_together(desks, ours, theirs):
    one, two, server = desks
    say(one, SAID[ours], "R-01")
    say(two, SAID[theirs], "R-02")
    assert sync(open_workspace(one)).pushed == (STEP_BRANCH,)
    met = sync(open_workspace(two))
    assert not met.problems
    sync(open_workspace(one))
    assert here(one) == here(two) == here(server.bare)
    expected = [("R-01", kind, text) for kind, text, _ in SAID[ours]]
    expected += [("R-02", kind, text) for kind, text, _ in SAID[theirs]]
    assert sorted(heard(one)) == sorted([("R-01", "comment", "先說的"), *expected])
    assert heard(one)[0][2] == "先說的"
    reworded = "words" in ours + theirs
    for repo in (one, two):
        assert (WORDS in page(repo, STEP_BRANCH)) == reworded
        assert list(listed(repo)) == [STEP_ID]
        assert faults(repo) == {}
        whole(repo)


def test_two_who_word_it_otherwise_are_told_and_nothing_moves(desks):
    one, two, server = desks
    say(one, SAID["other words"], "R-01")
    say(two, OTHER_WORDS, "R-02")
    sync(open_workspace(one))
    before = here(two), here(server.bare)
    for _ in range(2):
        assert "both sides" in sync(open_workspace(two)).problems[0].message
    assert (here(two), here(server.bare)) == before
    assert ("R-02", "amend", "") in heard(two)


def test_looking_alone_writes_nothing_to_the_remote_and_loses_nothing(desks):
    one, two, server = desks
    say(one, SAID["asks"], "R-01")
    say(two, SAID["a comment"], "R-02")
    sync(open_workspace(one))
    there = here(server.bare)
    told = sync(open_workspace(two), dry_run=True)
    assert not told.problems
    assert here(server.bare) == there
    fetch(open_workspace(two))
    assert {text for _, _, text in heard(two)} == {"先說的", "請寫出按鈕的名稱", "14.2 版也是這樣"}
    assert here(server.bare) == there


def said(record: Suggestion, *texts: str) -> Suggestion:
    made = (record.comments[0].model_copy(update={"text": text}) for text in texts)
    return record.model_copy(update={"comments": tuple(made)})


def test_a_side_that_changed_what_was_said_is_not_put_together(desks):
    known = record(desks[0], STEP_ID, STEP_BRANCH)
    seen, other = said(known, "先說的"), said(known, "先說的", "別的")
    assert put_together(seen, other, said(known, "改過的", "我的")) is None
    assert put_together(seen, said(known), other) is None
    stands, made = put_together(seen, other, said(known, "先說的", "別的"))
    assert (stands, [one.text for one in made.comments]) == (other, ["先說的", "別的"])
    _, made = put_together(None, other, said(known, "先說的", "我的"))
    assert [one.text for one in made.comments] == ["先說的", "別的", "我的"]
