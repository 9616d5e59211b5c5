"""What is said of an open suggestion: who asks for a change, who answers, and that none is lost."""

import pytest

from clones import faults
from gitrepo import commit, git, refs
from manuals import ENTRY, FACT, STEP, write
from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.markdown.action_table import EDIT_ADAPTER
from manualsmith.workflow.landing.close import Verdict
from manualsmith.workflow.queue.show_suggestion import worded
from manualsmith.workflow.review.comment import NewComment, comment
from manualsmith.workflow.review.decide import decide
from manualsmith.workflow.review.reopen import reopen
from manualsmith.workflow.verify.verify_records import verify_range
from manualsmith.workflow.workspace.open_workspace import open_workspace
from reviewing import (
    ENTRY_ID,
    PAGE,
    STEP_BRANCH,
    STEP_ID,
    accept,
    listed,
    page,
    record,
    refresh,
    reject,
    statuses,
    suggest,
    with_suggestions,
)

AUTHOR = "S-0412"  # of the confirmation


@pytest.fixture
def repo(tmp_path):
    return with_suggestions(tmp_path)


def say(repo, text, kind="comment", by="R-07", names=(STEP_ID,), wording=None, **more):
    workspace = open_workspace(repo)
    words = worded(workspace, names[0], wording) if wording else None
    return comment(workspace, names, NewComment(text, kind, by, words), **more)


def turn(repo, name=STEP_ID):
    return listed(repo)[name].account.turn


def as_recorded(repo):
    assert faults(repo) == {}
    workspace = open_workspace(repo)
    with BlobReader(workspace.repository) as reader:
        found = list(verify_range(workspace, reader, None, workspace.main.tip))
    assert [one for one in found if one.faults] == []


def test_a_comment_is_kept_in_the_record_and_changes_no_page(repo):
    before = page(repo, STEP_BRANCH)
    assert statuses(say(repo, "14.2 版也是這樣")) == {STEP_ID: "commented"}
    [one] = record(repo, STEP_ID, STEP_BRANCH).comments
    assert (one.by, one.text, one.kind) == ("R-07", "14.2 版也是這樣", "comment")
    assert page(repo, STEP_BRANCH) == before
    assert turn(repo) == "reviewer"
    told = git(repo, "log", "-1", "--format=%an %(trailers:key=Comment,valueonly)", STEP_BRANCH)
    assert told.startswith("Service desk ")
    assert "R-07" in told
    assert "14.2 版也是這樣" in told
    as_recorded(repo)


def test_who_is_asked_answers_in_other_words_and_it_is_the_reviewers_turn_again(repo):
    assert statuses(say(repo, "請寫出按鈕的名稱", "ask")) == {STEP_ID: "asked"}
    assert turn(repo) == "author"
    as_recorded(repo)
    report = say(repo, "已補上", "amend", "S-0412", wording="按「允許存取雲端」。")
    assert statuses(report) == {STEP_ID: "amended"}
    assert turn(repo) == "again"
    assert "按「允許存取雲端」。" in page(repo, STEP_BRANCH)
    made = record(repo, STEP_ID, STEP_BRANCH)
    assert made.edits[0].edit.text == "按「允許存取」。"
    assert made.since_asked[0].stood == (made.edits[0].edit,)
    as_recorded(repo)
    accept(repo, STEP_ID)
    assert "按「允許存取雲端」。" in page(repo)
    assert [one.kind for one in record(repo, STEP_ID).comments] == ["ask", "amend"]
    as_recorded(repo)


def test_a_word_of_the_author_is_an_answer_and_one_of_others_is_not(repo):
    say(repo, "哪個版本？", "ask")
    say(repo, "我也想知道", by="R-08")
    assert turn(repo) == "author"
    say(repo, "是 14.2", by=AUTHOR)
    assert turn(repo) == "again"
    say(repo, "還是看不懂", "ask")
    assert turn(repo) == "author"


def test_suggesting_again_otherwise_is_an_answer_and_keeps_what_was_said(repo):
    say(repo, "少了按鈕", "ask")
    git(repo, "clean", "-qfd", "records")
    write(repo, findings=(STEP.replace("允許存取", "准許存取"), ENTRY))
    assert statuses(suggest(repo))[STEP_ID] == "updated"
    made = record(repo, STEP_ID, STEP_BRANCH)
    assert [one.text for one in made.comments] == ["少了按鈕"]
    assert made.turn == "again"
    as_recorded(repo)


@pytest.mark.parametrize("then", ["refresh", "suggest", "reject"])
def test_what_was_said_and_amended_stays_whatever_is_done(repo, then):
    say(repo, "請改", "ask")
    say(repo, "", "amend", AUTHOR, wording="按「同意」。")
    git(repo, "commit", "-q", "--allow-empty", "-m", "Go on")
    if then == "refresh":
        assert statuses(refresh(repo))[STEP_ID] == "refreshed"
    elif then == "suggest":
        assert statuses(suggest(repo))[STEP_ID] == "unchanged"
    else:
        reject(repo, STEP_ID)
        assert [one.kind for one in record(repo, STEP_ID).comments] == ["ask", "amend"]
        reopen(open_workspace(repo), [STEP_ID])
    assert [one.kind for one in record(repo, STEP_ID, STEP_BRANCH).comments] == ["ask", "amend"]
    assert "按「同意」。" in page(repo, STEP_BRANCH)
    as_recorded(repo)


def test_words_that_nobody_signs_are_a_fault(repo):
    say(repo, "", "amend", AUTHOR, wording="按「同意」。")
    path = f"suggestions/operation/{STEP_ID}.yaml"
    git(repo, "clean", "-qfd")
    git(repo, "checkout", "-q", STEP_BRANCH)
    text = (repo / path).read_text("utf-8")
    start = text.index("comments:")
    kept = text[:start] + text[text.index("manual:", start) :]
    (repo / path).write_text(kept, "utf-8")
    git(repo, "commit", "-qa", "--amend", "--no-edit")
    git(repo, "checkout", "-q", "main")
    assert "its record holds other words, and no comment says whose" in faults(repo)[STEP_ID]


def test_who_amends_does_not_accept_it_alone(tmp_path):
    settings = '[tool.manualsmith]\nown_suggestions = "refuse"\n'
    repo = with_suggestions(tmp_path)
    git(repo, "clean", "-qfd")
    (repo / "pyproject.toml").write_text(settings, "utf-8")
    git(repo, "add", "pyproject.toml")
    git(repo, "commit", "-qm", "Settings")
    say(repo, "", "amend", "R-07", wording="按「同意」。")
    own = decide(open_workspace(repo), [STEP_ID], Verdict("accepted", by="R-07"))
    assert "R-07 proposed it: somebody else is to accept it" in str(own.outcomes[0].problems[0])
    other = decide(open_workspace(repo), [STEP_ID], Verdict("accepted", by="R-08"))
    assert statuses(other) == {STEP_ID: "accepted"}


def test_a_reviewer_puts_it_back_in_its_first_words(repo):
    say(repo, "", "amend", AUTHOR, wording="按「同意」。")
    first = record(repo, STEP_ID, STEP_BRANCH).edits[0].edit
    decide(open_workspace(repo), [STEP_ID], Verdict("accepted", by="R-07", wording=first))
    assert "按「允許存取」。" in page(repo)
    as_recorded(repo)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("   ", "say what"),
        ("字" * 100_000, "at most 10000 characters"),
        ("打 0912-345-678 問他", "a phone number"),
    ],
)
def test_what_cannot_be_said(repo, text, said):
    before = refs(repo)
    with pytest.raises(UserError, match=said):
        say(repo, text, "ask")
    assert refs(repo) == before


def test_other_words_keep_the_place(repo):
    workspace = open_workspace(repo)
    elsewhere = EDIT_ADAPTER.validate_python(
        {"action": "replace-step", "section": ["第一次登入"], "step": "2", "text": "x"}
    )
    before = refs(repo)
    report = comment(workspace, [STEP_ID], NewComment("", "amend", "S-1", elsewhere))
    assert "word an edit otherwise" in str(report.outcomes[0].problems[0])
    assert refs(repo) == before


def test_a_fact_keeps_its_words_and_is_commented_all_the_same(tmp_path):
    repo = with_suggestions(tmp_path)
    git(repo, "clean", "-qfd", "records")
    write(repo, 2, facts=FACT)
    suggest(repo)
    fact = next(name for name in listed(repo) if name.endswith("operation-client.version"))
    with pytest.raises(UserError, match="has no text of its own"):
        say(repo, "", "amend", wording="x", names=[fact])
    assert statuses(say(repo, "哪一台？", "ask", names=[fact])) == {fact: "asked"}
    assert turn(repo, fact) == "author"
    as_recorded(repo)


def test_a_decided_one_and_one_edited_by_hand_are_told(repo):
    accept(repo, STEP_ID)
    [outcome] = say(repo, "晚了").outcomes
    assert outcome.status == "refused"
    assert "it is decided already" in str(outcome.problems[0])
    branch = "suggest/O1.2.2/ENV-2026-0001-2"
    git(repo, "clean", "-qfd")
    git(repo, "checkout", "-q", branch)
    (repo / "notes.md").write_text("x", "utf-8")
    git(repo, "add", "notes.md")
    git(repo, "commit", "-qm", "Mine")
    git(repo, "checkout", "-q", "main")
    before = refs(repo)
    [outcome] = say(repo, "看一下", names=[ENTRY_ID]).outcomes
    assert outcome.status == "refused"
    assert refs(repo) == before


def test_what_changed_since_one_looked_is_told_and_nothing_is_lost(repo):
    seen = {STEP_ID: refs(repo)[f"refs/heads/{STEP_BRANCH}"]}
    say(repo, "先說的")
    remark = NewComment("後說的", "ask", "R-08", seen=seen)
    [outcome] = comment(open_workspace(repo), [STEP_ID], remark).outcomes
    assert "it has changed since you looked at it" in str(outcome.problems[0])
    assert [one.text for one in record(repo, STEP_ID, STEP_BRANCH).comments] == ["先說的"]


def test_a_dry_run_says_nothing(repo):
    before = refs(repo)
    assert statuses(say(repo, "試試", "ask", dry_run=True)) == {STEP_ID: "asked"}
    assert refs(repo) == before


def test_the_page_of_an_amended_one_follows_a_main_that_went_on(repo):
    say(repo, "", "amend", AUTHOR, wording="按「同意」。")
    git(repo, "clean", "-qfd")
    changed = page(repo).replace("本頁照", "引言。本頁照", 1)
    commit(repo, {PAGE: changed}, "A word above")
    assert statuses(refresh(repo))[STEP_ID] == "refreshed"
    assert faults(repo) == {}
    accept(repo, STEP_ID)
    assert "按「同意」。" in page(repo)
