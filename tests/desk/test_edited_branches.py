"""Suggestions at the desk that people have committed to: their words beside the proposed ones."""

import re

import pytest

from gitrepo import git, refs, show
from manualsmith.records.models.suggestion import parse_suggestion
from rooms import ENTRY_ID, STEP_ID, alone, edit_branch, make_rooms, member, post

BRANCH, ENTRY_BRANCH = f"suggest/O1.2.1/{STEP_ID}", f"suggest/O1.2.2/{ENTRY_ID}"
PAGE, ENTRY_PAGE = "manuals/operation/sign-in.md", "manuals/troubleshooting/sync.md"
RECORD = f"suggestions/operation/{STEP_ID}.yaml"
PROPOSED, WORDED = "按「允許存取」。", "請按「允許存取」。"


@pytest.fixture
def repo(tmp_path):
    return make_rooms(tmp_path)


def tip(repo, branch=BRANCH):
    return git(repo, "rev-parse", branch).strip()


def decided(repo):
    return parse_suggestion(show(repo, f"main:{RECORD}"), RECORD)


def offered(page):
    """Return what the buttons of a page lead to."""
    found = re.findall(r'<button class="good" formaction="/review/[^"/]+/([^"?]*)', page)
    return [*found, *re.findall(r'<button class="bad" formaction="/review/[^"/]+/([^"?]*)', page)]


def test_words_of_the_branch_are_beside_the_proposed_ones_and_accepted(repo):
    edit_branch(repo, BRANCH, PAGE, PROPOSED, WORDED)
    asks = alone(repo)
    page = asks.get(f"/review/{STEP_ID}").text
    words, rows = page.split('id="reworded"')[1].split('<div id="rows">')
    assert f"<p>{PROPOSED}</p>" in words
    assert "<ins>請</ins>按「允許存取」。" in words
    assert "<ins>請</ins>" in rows  # the page is shown as accepting leaves it
    assert offered(page) == ["accept-edited", "reject"]
    assert "/refresh" not in page
    assert "wording." not in page
    assert post(asks, f"/review/{STEP_ID}/accept", seen=tip(repo)).status_code == 409
    assert post(asks, f"/review/{STEP_ID}/accept-edited", seen="a" * 40).status_code == 409
    answer = post(asks, f"/review/{STEP_ID}/accept-edited", seen=tip(repo))
    assert answer.status_code == 303
    assert decided(repo).edits[0].instead.text == WORDED
    assert f"3. {WORDED}" in show(repo, f"main:{PAGE}").decode()
    assert "<ins>請</ins>按" in asks.get(f"/review/{STEP_ID}").text.split('id="reworded"')[1]


def test_the_filters_of_the_queue_stay(repo):
    edit_branch(repo, BRANCH, PAGE, PROPOSED, WORDED)
    asks = alone(repo)
    page = asks.get(f"/review/{STEP_ID}?manual=operation&standing=edited").text
    address = re.search(r'formaction="(/review/[^"]+/accept-edited[^"]*)"', page)[1]
    answer = post(asks, address.replace("&amp;", "&"), seen=tip(repo))
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/review?manual=operation&standing=edited&")


def test_nobody_but_a_reviewer_accepts_or_takes_back(repo):
    edit_branch(repo, BRANCH, PAGE, PROPOSED, WORDED)
    before = refs(repo)
    staff = member(repo, "staff")
    assert "accept-edited" not in staff.get(f"/review/{STEP_ID}").text
    for way in ("accept-edited", "revert"):
        assert post(staff, f"/review/{STEP_ID}/{way}", reason="x").status_code == 403
    for way in ("accept-edited", "revert"):
        forged = alone(repo).post(f"/review/{STEP_ID}/{way}", data={"reason": "x", "csrf": "no"})
        assert forged.status_code == 403
    assert refs(repo) == before


def test_more_than_words_is_shown_and_not_offered(repo):
    edit_branch(repo, BRANCH, PAGE, "1. 打開", "1. 先付款，再打開")
    asks = alone(repo)
    page = asks.get(f"/review/{STEP_ID}").text
    assert f'<p class="warned">分支上還改了：{PAGE}</p>' in page
    assert "<ins>先付款，再</ins>" in page
    assert offered(page) == ["reject"]
    answer = post(asks, f"/review/{STEP_ID}/accept-edited", seen=tip(repo))
    assert answer.status_code == 409
    assert f"refs/heads/{BRANCH}" in refs(repo)


@pytest.mark.parametrize(("way", "role"), [("reject", "reviewer"), ("withdraw", "staff")])
def test_it_is_closed_when_what_was_added_may_be_dropped(repo, way, role):
    edit_branch(repo, BRANCH, PAGE, "1. 打開", "1. 先付款，再打開")
    asks = member(repo, role)
    assert 'type="checkbox" name="drop" value="1">' in asks.get(f"/review/{STEP_ID}").text
    key = {"form-key": f"/review/{STEP_ID}/{'accept' if way == 'reject' else way}"}  # its form's
    kept = post(asks, f"/review/{STEP_ID}/{way}", reason="不收費", seen=tip(repo), **key)
    assert kept.status_code == 409
    assert 'value="不收費"' in kept.text
    answer = post(asks, f"/review/{STEP_ID}/{way}", reason="不收費", seen=tip(repo), drop="1")
    assert answer.status_code == 303
    assert decided(repo).decision.reason == "不收費"
    assert "先付款" not in show(repo, f"main:{PAGE}").decode()
    assert f"refs/heads/{BRANCH}" not in refs(repo)


def test_dropping_is_not_for_accepting(repo):
    edit_branch(repo, BRANCH, PAGE, "1. 打開", "1. 先付款，再打開")
    answer = post(alone(repo), f"/review/{STEP_ID}/accept", seen=tip(repo), drop="1")
    assert answer.status_code == 409
    assert f"refs/heads/{BRANCH}" in refs(repo)


def test_what_was_merged_with_more_says_so(repo):
    edit_branch(repo, BRANCH, PAGE, "1. 打開", "1. 先付款，再打開")
    git(repo, "merge", "-q", "--no-ff", "-m", "merge", BRANCH)
    page = alone(repo).get(f"/review/{STEP_ID}").text
    assert decided(repo).decision.beyond == (PAGE,)
    assert f"{PAGE}</p>" in page


def test_a_record_that_was_changed_by_hand_is_not_offered(repo):
    edit_branch(repo, BRANCH, RECORD, 'step: "3"', 'step: "9"')
    asks = alone(repo)
    page = asks.get(f"/review/{STEP_ID}")
    assert page.status_code == 200
    assert offered(page.text) == ["reject"]
    assert post(asks, f"/review/{STEP_ID}/accept", seen=tip(repo)).status_code == 409


def test_an_update_of_the_branch_is_no_other_wording(repo):
    """As "Update branch" of a git host: main was merged into it."""
    edit_branch(repo, "main", "manuals/operation/other.md", "3.13", "3.13 版")
    git(repo, "checkout", "-q", BRANCH)
    git(repo, "merge", "-q", "--no-ff", "-m", "Merge branch 'main'", "main")
    git(repo, "checkout", "-q", "main")
    asks = alone(repo)
    page = asks.get(f"/review/{STEP_ID}").text
    assert 'id="reworded"' not in page
    assert offered(page) == ["accept", "reject"]
    assert post(asks, f"/review/{STEP_ID}/accept", seen=tip(repo)).status_code == 303
    assert PROPOSED in show(repo, f"main:{PAGE}").decode()


def test_an_entrys_step_is_accepted_as_edited(repo):
    edit_branch(repo, ENTRY_BRANCH, ENTRY_PAGE, "重新啟動。", "先存檔，再重新啟動。")
    asks = alone(repo)
    assert "<ins>先存檔，再</ins>" in asks.get(f"/review/{ENTRY_ID}").text
    seen = tip(repo, ENTRY_BRANCH)
    assert post(asks, f"/review/{ENTRY_ID}/accept-edited", seen=seen).status_code == 303
    assert "先存檔，再重新啟動。" in show(repo, f"main:{ENTRY_PAGE}").decode()


def test_words_of_a_branch_run_nothing(repo):
    edit_branch(repo, BRANCH, PAGE, PROPOSED, "按<script>alert(1)</script><b onclick=x>好</b>。")
    page = alone(repo).get(f"/review/{STEP_ID}").text
    assert "<script>alert" not in page
    assert "<b onclick" not in page
