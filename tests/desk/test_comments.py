"""Back to the author: a change is asked for, answered, and looked at again, all at the desk."""

import pytest

from gitrepo import git, refs, show
from manualsmith.records.models.suggestion import parse_suggestion
from rooms import ENTRY_ID, STEP_ID, make_rooms, member, post, typing

BRANCH = f"suggest/O1.2.1/{STEP_ID}"
AUTHOR = "S-0412"


@pytest.fixture
def repo(tmp_path):
    return make_rooms(tmp_path)


def tip(repo):
    return git(repo, "rev-parse", BRANCH).strip()


def comments(repo):
    path = f"suggestions/operation/{STEP_ID}.yaml"
    return parse_suggestion(show(repo, f"{BRANCH}:{path}"), path).comments


def test_a_change_is_asked_for_answered_and_accepted(repo):
    reviewer, author = member(repo, "reviewer"), member(repo, "staff", AUTHOR)
    page = reviewer.get(f"/review/{STEP_ID}").text
    assert "請提出者修改" in page
    asked = post(
        reviewer, f"/review/{STEP_ID}/ask", reason="請寫出\n按鈕的全名", seen=tip(repo),
        following=ENTRY_ID,
    )  # fmt: skip
    assert asked.status_code == 303
    assert asked.headers["location"].startswith(f"/review/{ENTRY_ID}?")
    queue = reviewer.get("/review").text
    assert f"/review/{STEP_ID}" not in queue
    assert "另有 1 項等提出者修改" in queue
    assert f"/review/{STEP_ID}" in reviewer.get("/review?turn=author").text

    home = author.get("/").text
    assert "請您修改的建議" in home
    assert f"/review/{STEP_ID}#answer" in home
    assert "請您修改的建議" not in member(repo, "staff", "S-0999").get("/").text
    mine = author.get(f"/review/{STEP_ID}").text
    assert "請寫出\n按鈕的全名" in mine
    words = {"worded": "1", "wording.text": "按「允許存取雲端」。"}
    preview = post(author, f"/review/{STEP_ID}/wording", **words).text
    assert "雲端" in preview
    done = post(author, f"/review/{STEP_ID}/comment", said="已補上", seen=tip(repo), **words)
    assert done.status_code == 303
    assert [(one.kind, one.by) for one in comments(repo)] == [
        ("ask", "R-reviewer"),
        ("amend", AUTHOR),
    ]
    assert "請您修改的建議" not in author.get("/").text

    queue = reviewer.get("/review?turn=again").text
    assert f"/review/{STEP_ID}" in queue
    assert "已回覆，請再看一次" in queue
    again = reviewer.get(f"/review/{STEP_ID}").text
    changed = again.partition("請修改之後改了什麼")[2].partition("</section>")[0]
    assert "雲端" in changed
    assert "<ins>" in changed
    taken = post(reviewer, f"/review/{STEP_ID}/accept", seen=tip(repo), worded="0")
    assert taken.status_code == 303
    assert "按「允許存取雲端」" in show(repo, "main:manuals/operation/sign-in.md").decode()
    decided = reviewer.get(f"/review/{STEP_ID}").text
    assert "已補上" in decided


def test_without_words_nothing_is_asked_and_what_was_typed_stays(repo):
    reviewer = member(repo, "reviewer")
    before = refs(repo)
    assert post(reviewer, f"/review/{STEP_ID}/ask", reason=" ").status_code == 422
    long = post(reviewer, f"/review/{STEP_ID}/comment", said="字" * 100_000)
    assert long.status_code in (413, 422)
    told = post(reviewer, f"/review/{STEP_ID}/comment", said="打 0912-345-678 問他")
    assert told.status_code == 422
    assert "打 0912-345-678 問他" in told.text
    assert refs(repo) == before


def test_who_looks_at_what_was_amended_meanwhile_is_told(repo):
    reviewer, author = member(repo, "reviewer"), member(repo, "staff", AUTHOR)
    seen = tip(repo)
    words = {"worded": "1", "wording.text": "按「同意」。"}
    assert (
        post(author, f"/review/{STEP_ID}/comment", said="", seen=seen, **words).status_code == 303
    )
    late = post(reviewer, f"/review/{STEP_ID}/accept", seen=seen)
    assert late.status_code == 409
    form = typing(reviewer, f"/review/{STEP_ID}", f"/review/{STEP_ID}/accept", reason="請改")
    late = post(reviewer, f"/review/{STEP_ID}/ask", **form, seen=seen)
    assert late.status_code == 409
    assert "請改" in late.text
    assert len(comments(repo)) == 1


def test_staff_ask_for_no_change_and_leads_may_comment(repo):
    staff = member(repo, "staff")
    assert post(staff, f"/review/{STEP_ID}/ask", reason="請改").status_code == 403
    assert post(staff, f"/review/{STEP_ID}/comment", said="我也看到").status_code == 303
    assert post(member(repo, "lead"), f"/review/{STEP_ID}/comment", said="急").status_code == 303
    assert [one.text for one in comments(repo)] == ["我也看到", "急"]


def test_what_is_said_of_several_is_said_of_each(repo):
    reviewer = member(repo, "reviewer")
    names = [STEP_ID, ENTRY_ID]
    assert post(reviewer, "/review/several", chosen=names, do="ask").status_code == 422
    answer = post(reviewer, "/review/several", chosen=names, do="ask", reason="請附版本")
    assert answer.status_code == 200
    assert "完成 2 項" in answer.text
    queue = reviewer.get("/review?turn=author").text
    assert all(f"/review/{name}" in queue for name in names)


def test_an_answer_that_is_half_written_is_kept(repo):
    author = member(repo, "staff", AUTHOR)
    at = f"/review/{STEP_ID}"
    typing(author, at, f"{at}/comment", said="寫到一半")
    assert "寫到一半" in author.get(at).text
