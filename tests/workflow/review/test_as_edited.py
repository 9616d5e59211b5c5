"""A reviewer's own words on a suggestion's branch: shown, and accepted with one command."""

import pytest

from clones import listed
from gitrepo import commit, git, make_repo, show
from manuals import PAGES, write
from manualsmith.cli.group import run
from manualsmith.git.blobs import BlobReader
from manualsmith.records.models.suggestion import parse_suggestion
from manualsmith.workflow.landing.close import Verdict
from manualsmith.workflow.review.decide import decide
from manualsmith.workflow.verify.verify_records import verify_range
from manualsmith.workflow.workspace.open_workspace import open_workspace
from reviewing import PAGE, STEP_BRANCH, STEP_ID, accept, statuses, suggest, with_suggestions

RECORD = f"suggestions/operation/{STEP_ID}.yaml"


@pytest.fixture
def repo(tmp_path):
    repo = with_suggestions(tmp_path)
    git(repo, "clean", "-qfd")
    return repo


def on_the_branch(repo, old, new, path=PAGE):
    git(repo, "checkout", "-q", STEP_BRANCH)
    text = (repo / path).read_text("utf-8")
    assert old in text
    commit(repo, {path: text.replace(old, new, 1)}, "Apply suggestions from code review")
    git(repo, "checkout", "-q", "main")


def as_edited(repo, **more):
    return decide(open_workspace(repo), [STEP_ID], Verdict("accepted", as_edited=True, **more))


def test_their_words_are_shown_and_accepted_with_one_command(repo, capsys):
    on_the_branch(repo, "按「允許存取」。", "請按綠色的「允許存取」。")
    since = git(repo, "rev-parse", "main")
    refused = accept(repo, STEP_ID)
    assert statuses(refused) == {STEP_ID: "refused"}
    assert f"review accept --as-edited {STEP_ID}" in str(refused.outcomes[0].problems[0].hint)
    assert run(["-C", str(repo), "review", "show", STEP_ID]) == 0
    told = capsys.readouterr().out
    assert "as somebody worded it on the branch" in told
    assert "綠色的" in told
    assert statuses(as_edited(repo)) == {STEP_ID: "accepted"}
    assert "3. 請按綠色的「允許存取」。" in show(repo, f"main:{PAGE}").decode()
    record = parse_suggestion(show(repo, f"main:{RECORD}"), RECORD)
    assert record.edits[0].instead.text == "請按綠色的「允許存取」。"
    assert record.edits[0].edit.text == "按「允許存取」。"
    workspace = open_workspace(repo)
    with BlobReader(workspace.repository) as reader:
        found = list(verify_range(workspace, reader, since, "main"))
    assert [one.faults for one in found] == [()]
    assert STEP_ID not in listed(repo)


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("1. 打開用戶端", "1. 先付款，再打開用戶端", PAGE),
        ("卡住", "當住", "manuals/troubleshooting/sync.md"),
    ],
)
def test_what_is_more_than_words_is_not(repo, old, new, path):
    on_the_branch(repo, old, new, path)
    told = as_edited(repo)
    assert statuses(told) == {STEP_ID: "refused"}
    assert f"it changes more than its words: {path}" in str(told.outcomes[0].problems)


def test_a_branch_that_only_took_main_over_is_as_it_was_made(repo):
    commit(repo, {"notes.txt": "x"})
    git(repo, "checkout", "-q", STEP_BRANCH)
    git(repo, "merge", "-q", "-m", "Update branch", "main")
    git(repo, "checkout", "-q", "main")
    assert statuses(accept(repo, STEP_ID)) == {STEP_ID: "accepted"}
    assert show(repo, f"main:{PAGE}").decode().count("允許存取") == 1


@pytest.mark.parametrize(
    ("setting", "status"), [("refuse", "refused"), ("remark", "accepted"), ("allow", "accepted")]
)
def test_who_proposed_it_accepts_it(tmp_path, setting, status):
    files = {**PAGES, "pyproject.toml": f'[tool.manualsmith]\nown_suggestions = "{setting}"\n'}
    repo = make_repo(tmp_path, files)
    write(repo)
    suggest(repo)
    told = decide(open_workspace(repo), [STEP_ID], Verdict("accepted", by="S-0412"))
    assert statuses(told) == {STEP_ID: status}
    assert ("and accepted it" in " ".join(told.outcomes[0].notes)) == (setting == "remark")
