"""Decisions at the desk: one after the other, two at once, and with the power cut in between."""

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from clones import tried
from gitrepo import commit, git, refs, show
from manualsmith.cli.group import run
from manualsmith.git.blobs import BlobReader
from manualsmith.records.models.suggestion import parse_suggestion
from manualsmith.workflow.verify.verify_records import verify_range
from manualsmith.workflow.workspace.open_workspace import open_workspace
from rooms import ENTRY_ID, STEP_ID, alone, csrf, make_rooms, member, post, served

BRANCH = f"suggest/O1.2.1/{STEP_ID}"
PAGE = "manuals/operation/sign-in.md"


@pytest.fixture
def repo(tmp_path):
    return make_rooms(tmp_path)


def tip(repo, branch=BRANCH):
    return git(repo, "rev-parse", branch).strip()


def decided(repo, name=STEP_ID, manual="operation"):
    path = f"suggestions/{manual}/{name}.yaml"
    return parse_suggestion(show(repo, f"main:{path}"), path)


def test_the_queue_is_filtered(repo):
    asks = alone(repo)
    assert STEP_ID in asks.get("/review").text
    only = asks.get("/review?manual=troubleshooting").text
    assert ENTRY_ID in only
    assert f"{STEP_ID}<" not in only
    assert "沒有待處理" in asks.get("/review?q=沒有這種事").text
    assert "沒有待處理" in asks.get("/review?state=rejected").text
    assert STEP_ID in asks.get("/review?page=sign-in.md&standing=applies").text
    assert asks.get("/review?n=99").status_code == 200
    assert asks.get("/review?n=x&state=nonsense&manual=../x").status_code == 200


def test_accepting_leads_on_to_the_next(repo):
    asks = alone(repo)
    page = asks.get(f"/review/{STEP_ID}").text
    seen = re.search('name="seen" value="([^"]*)"', page)[1]
    following = re.search('name="following" value="([^"]*)"', page)[1]
    assert seen == tip(repo)
    answer = post(asks, f"/review/{STEP_ID}/accept", seen=seen, following=following)
    at = answer.headers["location"]
    assert at.startswith(f"/review/{following}?")
    assert "said=" in at
    assert "按「允許存取」" in show(repo, f"main:{PAGE}").decode()
    assert f"refs/heads/{BRANCH}" not in refs(repo)
    assert decided(repo).decision.by == "S-0412"


def test_a_reason_is_needed_and_what_was_typed_stays(repo):
    asks = alone(repo)
    answer = post(asks, f"/review/{STEP_ID}/reject", reason="  ")
    assert answer.status_code == 422
    assert "請寫理由" in answer.text
    answer = post(asks, f"/review/{STEP_ID}/reject", reason="畫面是測試版")
    assert answer.status_code == 303
    assert decided(repo).decision.reason == "畫面是測試版"
    assert asks.get(f"/review/{STEP_ID}").text.count("畫面是測試版")
    assert post(asks, f"/review/{STEP_ID}/reopen").status_code == 303
    assert f"refs/heads/{BRANCH}" in refs(repo)


def test_the_reviewers_words_are_shown_first_and_kept_as_the_reviewers(repo):
    asks = member(repo, "reviewer")
    worded = {"worded": "1", "wording.text": "按「同意」。"}
    shown = post(asks, f"/review/{STEP_ID}/wording", **worded)
    assert "同意" in shown.text
    assert "<ins>" in shown.text
    assert f"refs/heads/{BRANCH}" in refs(repo)
    assert post(asks, f"/review/{STEP_ID}/accept", seen=tip(repo), **worded).status_code == 303
    record = decided(repo)
    assert record.edits[0].instead.text == "按「同意」。"
    assert record.edits[0].edit.text == "按「允許存取」。"
    assert record.decision.by == "R-reviewer"
    workspace = open_workspace(repo)
    with BlobReader(workspace.repository) as reader:
        [found] = verify_range(workspace, reader, "main~1", workspace.main.tip)
    assert found.faults == ()


def test_words_that_cannot_be_are_told_and_kept(repo):
    asks = alone(repo)
    worded = {"worded": "1", "wording.text": "打 0912345678"}
    answer = post(asks, f"/review/{STEP_ID}/accept", seen=tip(repo), **worded)
    assert answer.status_code in (409, 422)
    assert "打 0912345678" in answer.text
    assert f"refs/heads/{BRANCH}" in refs(repo)


def test_the_second_reviewer_is_told_and_nothing_is_done_twice(repo):
    first, second = member(repo, "reviewer", "R-1"), member(repo, "reviewer", "R-2")
    seen = tip(repo)
    assert second.get(f"/review/{STEP_ID}").status_code == 200
    assert post(first, f"/review/{STEP_ID}/accept", seen=seen).status_code == 303
    count = git(repo, "rev-list", "--count", "main")
    for way in ("accept", "reject"):
        answer = post(second, f"/review/{STEP_ID}/{way}", seen=seen, reason="不必")
        assert answer.status_code == 409
        assert "R-1" in answer.text
    assert git(repo, "rev-list", "--count", "main") == count


def test_what_changed_since_is_not_decided_unseen(repo):
    asks = alone(repo)
    seen = tip(repo)
    commit(repo, {"docs/x.md": "# x\n"})
    assert post(asks, f"/review/{STEP_ID}/refresh").status_code == 303
    assert tip(repo) != seen
    answer = post(asks, f"/review/{STEP_ID}/accept", seen=seen)
    assert answer.status_code == 409
    assert f"refs/heads/{BRANCH}" in refs(repo)
    assert post(asks, f"/review/{STEP_ID}/accept", seen=tip(repo)).status_code == 303


def test_two_at_the_same_moment_make_one_decision(repo):
    asks = [member(repo, "reviewer", f"R-{number}") for number in range(6)]
    tokens, seen = [csrf(one) for one in asks], tip(repo)
    gate = threading.Barrier(len(asks))

    def decide(number):
        gate.wait()
        data = {"csrf": tokens[number], "seen": seen, "reason": "一起"}
        way = "accept" if number % 2 else "reject"
        return asks[number].post(f"/review/{STEP_ID}/{way}", data=data).status_code

    with ThreadPoolExecutor(len(asks)) as pool:
        codes = list(pool.map(decide, range(len(asks))))
    assert sorted(codes) == [303] + [409] * (len(asks) - 1)
    assert decided(repo).decision.by == f"R-{codes.index(303)}"


def test_what_others_do_is_seen_at_once(repo):
    asks = alone(repo)
    assert STEP_ID in asks.get("/review").text
    git(repo, "branch", "-D", BRANCH)
    assert f"{STEP_ID}<" not in asks.get("/review").text


def many(repo, count):
    """Add *count* suggestions, each for a page of its own."""

    pages = {
        f"manuals/operation/p{n}.md": f"# 頁 {n}\n\n1. 做甲。\n2. 做乙。\n" for n in range(count)
    }
    findings = "".join(
        f"  - id: {n + 1}\n    summary: 改第 {n} 頁\n    manual: operation\n    page: p{n}.md\n"
        f"    reason: 不同\n    edit: {{action: replace-step, step: 2, text: 做丙 {n}。}}\n"
        for n in range(count)
    )
    text = (
        "schema: manualsmith/confirmation/v1\nid: ENV-2026-0050\ndate: 2026-11-20\n"
        "product: nextcloud\n"
        f"staff: S-1\nreported: 很多\nenvironment:\nfindings:\n{findings}"
    )
    commit(repo, {**pages, "records/confirmations/ENV-2026-0050.yaml": text})
    assert run(["-C", str(repo), "suggest", "--all"]) == 0
    return [f"ENV-2026-0050-{n + 1}" for n in range(count)]


def until_main_moves(repo, began):
    """Wait until something was accepted, however long this machine takes."""
    deadline = time.monotonic() + 120
    while git(repo, "rev-parse", "main") == began:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_killed_in_the_middle_each_suggestion_is_open_or_decided(repo):
    """As a power cut: the desk is killed while four people accept, again and again."""
    names = many(repo, 24)
    for number in range(3):
        with served(repo) as desk:

            def accept(name, desk=desk):
                opener = build_opener(HTTPCookieProcessor())
                try:
                    page = (
                        opener.open(f"{desk.base}/?token={desk.token}", timeout=120).read().decode()
                    )
                    token = re.search('name="csrf" content="([^"]+)"', page)[1]
                    opener.open(
                        f"{desk.base}/review/{name}/accept", f"csrf={token}".encode(), timeout=120
                    ).read()
                except OSError:
                    return

            heads, began = refs(repo), git(repo, "rev-parse", "main")
            waiting = [one for one in names if f"refs/heads/suggest/O1.2.1/{one}" in heads]
            with ThreadPoolExecutor(4) as pool:
                for one in waiting:
                    pool.submit(accept, one)
                until_main_moves(repo, began)
                time.sleep(0.1 * number)  # so that each kill comes at another moment
                desk.kill()
                pool.shutdown(cancel_futures=True)
        with served(repo) as desk:
            opener = build_opener(HTTPCookieProcessor())
            opener.open(f"{desk.base}/?token={desk.token}").read()
            shown = [
                opener.open(f"{desk.base}/review?state={state}").read().decode()
                for state in ("open", "accepted")
            ]
            for one in names:
                assert sum(f">{one}<" in page for page in shown) == 1, one
    assert run(["-C", str(repo), "review", "refresh", "--all"]) == 0
    git(repo, "fsck", "--strict", "--no-dangling")
    heads = refs(repo)
    for one in names:
        is_open = f"refs/heads/suggest/O1.2.1/{one}" in heads
        on_main = git(repo, "ls-tree", "main", f"suggestions/operation/{one}.yaml") != ""
        assert is_open != on_main, one
    assert "accepted" in git(repo, "log", "--format=%b", "main")


def test_a_branch_that_outlived_its_decision_is_decided(repo):
    """Git ended between moving main and deleting the branch: what is on main counts."""
    seen = tip(repo)
    assert post(member(repo, "reviewer", "R-1"), f"/review/{STEP_ID}/accept").status_code == 303
    git(repo, "branch", BRANCH, seen)
    asks = member(repo, "reviewer", "R-2")
    assert f">{STEP_ID}<" not in asks.get("/review").text
    assert f">{STEP_ID}<" in asks.get("/review?state=accepted").text
    answer = post(asks, f"/review/{STEP_ID}/accept", seen=seen)
    assert answer.status_code == 409
    assert decided(repo).decision.by == "R-1"
    assert f"refs/heads/{BRANCH}" not in refs(repo)


def test_an_accepted_one_is_taken_back_with_a_reason_and_opened_again(repo):
    asks = alone(repo)
    post(asks, f"/review/{STEP_ID}/accept", seen=tip(repo))
    assert f'action="/review/{STEP_ID}/revert"' in asks.get(f"/review/{STEP_ID}").text
    assert post(asks, f"/review/{STEP_ID}/revert").status_code == 422
    assert post(asks, f"/review/{STEP_ID}/revert?manual=operation", reason=" ").status_code == 422
    answer = post(asks, f"/review/{STEP_ID}/revert?manual=operation", reason="又改回來了")
    assert answer.status_code == 303
    assert "manual=operation" in answer.headers["location"]
    assert decided(repo).decision.state == "reverted"
    assert "允許存取" not in show(repo, f"main:{PAGE}").decode()
    assert STEP_ID in asks.get("/review?state=reverted").text
    page = asks.get(answer.headers["location"]).text
    assert "已復原，S-0412，" in page
    assert "又改回來了</dd>" in page
    assert f'action="/review/{STEP_ID}/reopen' in page
    assert "/revert" not in page
    assert post(asks, f"/review/{STEP_ID}/reopen").status_code == 303
    assert STEP_ID in asks.get("/review").text


def test_what_is_taken_back_twice_or_no_more_there_is_told(repo):
    first, second = member(repo, "reviewer", "R-1"), member(repo, "reviewer", "R-2")
    assert post(first, f"/review/{STEP_ID}/revert", reason="沒有這回事").status_code == 409
    post(first, f"/review/{STEP_ID}/accept", seen=tip(repo))
    answer = post(first, f"/review/{STEP_ID}/revert", reason="打 0912345678", taking_back="1")
    assert answer.status_code == 422
    assert answer.text.count("打 0912345678") == 1
    assert post(first, f"/review/{STEP_ID}/revert", reason="改回來了").status_code == 303
    answer = post(second, f"/review/{STEP_ID}/revert", reason="我也是")
    assert answer.status_code == 409
    assert "R-1" in answer.text
    assert decided(repo).decision.by == "R-1"


def test_what_was_changed_since_is_not_taken_back(repo):
    asks = alone(repo)
    post(asks, f"/review/{STEP_ID}/accept", seen=tip(repo))
    text = show(repo, f"main:{PAGE}").decode()
    commit(repo, {PAGE: text.replace("按「允許存取」", "在新視窗按「允許存取」")}, "by hand")
    answer = post(asks, f"/review/{STEP_ID}/revert", reason="又改回來了", taking_back="1")
    assert answer.status_code == 409
    assert "後來又改過" in answer.text
    assert 'value="又改回來了"' in answer.text
    assert decided(repo).decision.state == "accepted"


def test_who_accepts_what_they_proposed_is_told(repo):
    asks = alone(repo)
    answer = post(asks, f"/review/{STEP_ID}/accept", seen=tip(repo))
    assert "由 S-0412 提出，也由同一人接受" in asks.get(answer.headers["location"]).text


def test_somebody_else_is_to_accept_where_settings_say_so(repo):
    commit(repo, {"pyproject.toml": '[tool.manualsmith]\nown_suggestions = "refuse"\n'})
    own, other = alone(repo), member(repo, "reviewer")
    page = own.get(f"/review/{STEP_ID}").text
    assert "這是 S-0412 提出的：請由別人接受" in page
    assert 'data-key="a"' not in page
    assert "data-worded" not in page  # nor in other words
    answer = post(own, f"/review/{STEP_ID}/accept", seen=tip(repo))
    assert answer.status_code == 409
    assert "請由別人接受" in answer.text
    assert 'data-key="a"' in other.get(f"/review/{STEP_ID}").text
    assert post(other, f"/review/{STEP_ID}/accept", seen=tip(repo)).status_code == 303


def test_what_has_no_place_is_not_accepted_as_it_is(repo):
    text = show(repo, f"main:{PAGE}").decode()
    commit(repo, {PAGE: text.replace("3. 按登入。\n", "")}, "by hand")
    page = alone(repo).get(f"/review/{STEP_ID}").text
    assert 'class="problems"' in page
    assert 'data-key="a"' not in page
    assert 'data-key="r"' in page


def test_what_git_merged_is_decided_at_the_desk_at_once(repo):
    git(repo, "clean", "-qfd")
    asks = alone(repo)
    assert STEP_ID in asks.get("/review").text
    git(repo, "merge", "-q", "--no-ff", "-m", "merge", BRANCH)
    assert STEP_ID not in asks.get("/review").text
    assert STEP_ID in asks.get("/review?state=accepted").text
    assert "以 git 合併" in asks.get(f"/review/{STEP_ID}").text
    assert decided(repo).decision.how == "merge"


def test_what_git_reverted_says_so_at_the_desk(repo):
    git(repo, "clean", "-qfd")
    asks = alone(repo)
    git(repo, "merge", "-q", "--no-ff", "-m", "merge", BRANCH)
    assert STEP_ID in asks.get("/review?state=accepted").text
    path = f"suggestions/operation/{STEP_ID}.yaml"
    assert not tried(repo, "revert", "-m", "1", "--no-edit", "HEAD~1")
    git(repo, "rm", "-qf", path)  # git asks what becomes of the record
    git(repo, "-c", "core.editor=true", "revert", "--continue")
    assert STEP_ID in asks.get("/review?state=reverted").text
    page = asks.get(f"/review/{STEP_ID}").text
    assert re.search(r"已復原，[^（]+（git revert，[0-9a-f]{9}）", page)
    assert re.search(r"先前的決定</dt><dd>已接受，[^（]+（以 git 合併，[0-9a-f]{9}）", page)
