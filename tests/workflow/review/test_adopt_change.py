"""What people change on main by hand: told, and given a record of its own."""

from datetime import date

import pytest

from clones import PROTECTED
from gitrepo import commit, git, make_repo, show
from manuals import PAGES, STEP, write
from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.records.models.hand_edit import parse_hand_edit
from manualsmith.workflow.reports.audit import audit
from manualsmith.workflow.review.adopt_change import adopt_changes
from manualsmith.workflow.review.reopen import reopen
from manualsmith.workflow.verify.verify_records import verify_range
from manualsmith.workflow.workspace.open_workspace import open_workspace
from reviewing import PAGE, STEP_ID, accept, statuses, suggest


@pytest.fixture(params=[False, True], ids=["open", "protected"])
def repo(tmp_path, request):
    repo = make_repo(tmp_path, {**PAGES, **(PROTECTED if request.param else {})})
    commit(repo, {PAGE: PAGES[PAGE].replace("2. 輸入", "2. 請輸入")}, "before anybody suggested")
    write(repo, findings=(STEP,))
    suggest(repo)
    accept(repo, STEP_ID)
    return repo


def told(repo, kind="by-hand"):
    found = audit(open_workspace(repo), date(2026, 11, 27), 90, 14)
    return [one for one in found if one.kind == kind]


def faults(repo, since):
    workspace = open_workspace(repo)
    with BlobReader(workspace.repository) as reader:
        return [f for one in verify_range(workspace, reader, since, "main") for f in one.faults]


def by_hand(repo, old="1. 打開", new="1. 慢慢打開"):
    text = show(repo, f"main:{PAGE}").decode()
    assert old in text
    return commit(repo, {PAGE: text.replace(old, new)}, "修正錯字")


def test_it_is_told_until_somebody_says_why(repo):
    since = git(repo, "rev-parse", "main")
    assert told(repo) == []
    made = by_hand(repo)
    protected = open_workspace(repo).settings.protect_main
    [one] = told(repo)
    assert (one.where, one.is_information) == (made[:9], not protected)
    assert PAGE in one.message
    assert faults(repo, since) != []
    [record] = adopt_changes(open_workspace(repo), [made[:10]], "錯字，當場改了", "S-0007")
    path = f"suggestions/by-hand/{made}.yaml"
    assert parse_hand_edit(show(repo, f"main:{path}"), path) == record
    assert (record.subject, record.adopted_by) == ("修正錯字", "S-0007")
    assert record.pages[0].changes[0].after == "1. 慢慢打開用戶端 3.13。\n"
    assert told(repo) == []
    assert (faults(repo, since) == []) == (not protected)
    with pytest.raises(UserError, match="already"):
        adopt_changes(open_workspace(repo), [made], "又一次")


@pytest.mark.parametrize("name", ["HEAD~9", "nowhere", "--all"])
def test_what_is_no_such_commit(repo, name):
    before = git(repo, "rev-parse", "main")
    with pytest.raises(UserError):
        adopt_changes(open_workspace(repo), [name], "為什麼")
    assert git(repo, "rev-parse", "main") == before


def test_a_dry_run_writes_nothing(repo):
    made = by_hand(repo)
    before = git(repo, "rev-parse", "main")
    assert adopt_changes(open_workspace(repo), [made], "錯字", dry_run=True)
    assert git(repo, "rev-parse", "main") == before


def test_an_accepted_edit_that_was_undone_by_hand_is_told_and_can_be_opened_again(repo):
    assert statuses(reopen(open_workspace(repo), [STEP_ID])) == {STEP_ID: "refused"}
    by_hand(repo, "3. 按「允許存取」。", "3. 按登入。")
    [one] = told(repo, "undone")
    assert one.where == STEP_ID
    assert f"review reopen {STEP_ID}" in one.hint
    assert statuses(reopen(open_workspace(repo), [STEP_ID])) == {STEP_ID: "reopened"}
    assert statuses(accept(repo, STEP_ID)) == {STEP_ID: "accepted"}
    assert told(repo, "undone") == []


def test_a_better_wording_later_is_nothing_undone(repo):
    by_hand(repo, "3. 按「允許存取」。", "3. 請按「允許存取」。")
    assert told(repo, "undone") == []
