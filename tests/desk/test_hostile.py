"""The desk in hostile, hurried and unlucky hands: nothing leaks, hangs, doubles or is lost."""

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from gitrepo import commit, git, refs, show
from manualsmith.desk.access import ROLES, LocalDoor, Person, ProxyDoor
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.page_links import anchors
from rooms import PORT, STEP_ID, TEAM, TOKEN, alone, client, csrf, make_rooms, member, post

BRANCH = f"suggest/O1.2.1/{STEP_ID}"
AT = "operation/sign-in.md"


@pytest.fixture
def repo(tmp_path):
    return make_rooms(tmp_path)


def begin(asks, reported="畫面和手冊不同"):
    """Begin a draft and return its address."""
    return post(asks, "/confirmations", reported=reported).headers["location"]


def file_of(repo, at):
    [file] = (repo / ".git" / "manualsmith" / "drafts").glob(f"*/{at.rpartition('/')[2]}.json")
    return file


def a_step(repo, text="按「同意」。"):
    """Return the form of an edit of the page's first step."""
    page = Page(show(repo, f"main:manuals/{AT}").decode())
    lines = page.text.split("\n")
    section = next(
        one
        for one in page.sections
        if any(line.startswith("1. ") for line in lines[one.body : one.end])
    )
    target = {"section": list(section.path), "step": 1}
    return {
        "page": AT,
        "action": "insert-step",
        "position": "before",
        "text": text,
        "target": json.dumps(target, ensure_ascii=False),
    }


@pytest.mark.parametrize("move", ["reject", "accept"])
def test_a_reason_with_personal_data_is_not_written(repo, move):
    asks, before = alone(repo), refs(repo)
    answer = post(asks, f"/review/{STEP_ID}/{move}", reason="請打 0912-345-678")
    assert answer.status_code == 422
    assert refs(repo) == before


def test_a_phone_number_on_a_line_of_its_own_is_seen_in_a_wording(repo):
    asks, before = alone(repo), refs(repo)
    fields = {"worded": "1", "wording.text": "請打：\n0912-345-678\n即可"}
    answer = post(asks, f"/review/{STEP_ID}/accept", **fields)
    assert answer.status_code == 409
    assert "電話" in answer.text
    assert refs(repo) == before


def test_masking_leaves_what_the_settings_allow(repo):
    text = '[tool.manualsmith]\nallow_personal = ["desk@corp.com.tw"]\n'
    commit(repo, {"pyproject.toml": text})
    said = "寄到 desk@corp.com.tw，或 user@corp.com.tw"
    fields = {"symptom": "慢", "product": "nextcloud", "detail": said, "mask": "1"}
    at = post(alone(repo), "/requests", **fields).headers["location"]
    name = at.partition("?")[0].rpartition("/")[2]
    written = show(repo, f"main:records/requests/{name}.yaml").decode()
    assert "寄到 desk@corp.com.tw，或 ［電子郵件］" in written


def test_a_reason_has_a_length(repo):
    asks, before = alone(repo), refs(repo)
    assert post(asks, f"/review/{STEP_ID}/reject", reason="太" * 10_001).status_code == 422
    assert refs(repo) == before


@pytest.mark.parametrize("text", ["{#a " * 20_000, "{#a" * 20_000, "#a " * 20_000, "{" * 60_000])
def test_ids_are_found_in_time_that_grows_with_the_page(text):
    began = time.process_time()
    anchors(Page(f"# 標題\n\n{text}\n"))
    assert time.process_time() - began < 5


def test_the_ids_of_a_page():
    text = '# 標題\n\n<a id="one"></a> *x*{: #two .wide } [x]{.a #three}\n\n## 二 {#four}\n'
    assert anchors(Page(text)) == {"標題", "one", "two", "four"}


def test_a_text_that_is_too_long_is_not_rendered(repo):
    asks = alone(repo)
    fields = {**a_step(repo), "text": "[a](" * 20_000}
    assert post(asks, f"{begin(asks)}/try", **fields).status_code == 422


def test_a_draft_is_handed_in_once(repo):
    asks = alone(repo)
    at = begin(asks)
    assert post(asks, f"{at}/findings", **a_step(repo)).status_code == 303
    token = csrf(asks)
    with ThreadPoolExecutor(4) as pool:
        sent = pool.map(lambda _: asks.post(f"{at}/hand-in", data={"csrf": token}), range(4))
    assert sorted(answer.status_code for answer in sent) == [303, 422, 422, 422]
    names = git(repo, "ls-tree", "--name-only", "main", "records/confirmations/").split()
    assert len(names) == 2


def test_findings_at_once_are_all_kept(repo):
    asks = alone(repo)
    at, token = begin(asks), csrf(asks)
    forms = [{**a_step(repo, f"第 {n} 種寫法。"), "csrf": token} for n in range(6)]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda form: asks.post(f"{at}/findings", data=form), forms))
    assert {answer.status_code for answer in answers} == {303}
    assert len(json.loads(file_of(repo, at).read_text("utf-8"))["findings"]) == 6


def test_a_record_that_is_on_main_is_not_written_again(repo):
    asks = alone(repo)
    at = begin(asks)
    post(asks, f"{at}/findings", **a_step(repo))
    for ref in [name for name in refs(repo) if name.startswith("refs/heads/suggest/")]:
        git(repo, "update-ref", "-d", ref)
    folder = repo / ".git" / "refs" / "heads" / "suggest"
    for inner in sorted(folder.rglob("*"), reverse=True):
        inner.rmdir() if inner.is_dir() else inner.unlink()
    if folder.is_dir():
        folder.rmdir()
    folder.write_text("")  # no branch can be made below a file
    answer = post(asks, f"{at}/hand-in")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/records/ENV-")
    assert post(asks, f"{at}/hand-in").status_code == 422
    names = git(repo, "ls-tree", "--name-only", "main", "records/confirmations/").split()
    assert len(names) == 2


def test_a_link_from_another_site_leaves_a_teams_open_form_good(repo):
    asks = member(repo, "staff")
    token = csrf(asks)
    asks.cookies.clear()  # a strict cookie is not sent along
    assert asks.get("/", headers={"sec-fetch-site": "cross-site"}).status_code == 200
    answer = asks.post("/language", data={"csrf": token, "language": "en"})
    assert answer.status_code == 303
    other = client(repo, ProxyDoor(TEAM))
    other.headers.update({"X-Forwarded-User": "another", "X-Forwarded-Groups": "helpdesk"})
    assert other.post("/language", data={"csrf": token}).status_code == 403


def test_what_changed_is_decided_after_a_second_look(repo):
    asks = alone(repo)
    old = git(repo, "rev-parse", "main").strip()
    answer = post(asks, f"/review/{STEP_ID}/accept", seen=old)
    assert answer.status_code in (409, 422)
    seen = re.search('name="seen" value="([^"]*)"', answer.text)[1]
    assert seen == git(repo, "rev-parse", BRANCH).strip()
    assert post(asks, f"/review/{STEP_ID}/accept", seen=seen).status_code == 303


@pytest.mark.parametrize("number", ["²", "9" * 4_400, "-1", "1e9"])
def test_no_number_breaks_a_page(repo, number):
    asks = alone(repo)
    at = begin(asks)
    for path in (f"/review?n={number}", f"/audit?days={number}&waiting={number}"):
        assert asks.get(path).status_code == 200, path
    point = {"page": AT, "kind": "step", "list": number, "way": f"{number}.1", "text": "x"}
    cell = {"page": AT, "kind": "cell", "table": number, "row": number, "column": number}
    for path, fields in (
        (at, {"facts": number}),
        (f"{at}/remove", {"number": number}),
        (f"{at}/point", point),
        (f"{at}/point", cell),
        (f"/walkthroughs/WALK-2026-0001/steps/{number}", {"result": "as-written"}),
    ):
        assert post(asks, path, **fields).status_code in (200, 204, 303, 404, 422), path


@pytest.mark.parametrize(
    "target",
    ["[" * 19_000, '{"a":' * 3_000, '{"quote":{"exact":"\\ud800"}}', "null", "1", "[]", "{"],
)
def test_no_target_breaks_a_page(repo, target):
    asks = alone(repo)
    fields = {"page": AT, "action": "replace-text", "text": "x", "target": target}
    assert post(asks, f"{begin(asks)}/try", **fields).status_code == 422


def test_an_unknown_category_spoils_no_draft(repo):
    asks = alone(repo)
    at = begin(asks)
    row = {"facts-0-category": "x", "facts-0-fact": "a.b", "facts-0-observed": "1"}
    assert post(asks, at, facts="1", **row).status_code == 303
    assert asks.get(at).status_code == 200
    assert post(asks, f"{at}/hand-in").status_code == 422


def test_a_long_path_is_no_image(repo):
    asks = alone(repo)
    assert asks.get(f"/files/manuals/operation/{'a/' * 3_000}x.png").status_code == 404


def test_a_page_that_is_not_there_is_not_confirmed(repo):
    asks = alone(repo)
    at = begin(asks)
    assert post(asks, f"{at}/held", page="operation/none.md").status_code == 422


def test_a_fault_is_a_page_with_the_same_headers(repo, monkeypatch):
    asks = alone(repo, raise_server_exceptions=False)

    def fails(*_given):
        raise RuntimeError("secret of the inside")

    monkeypatch.setattr("manualsmith.desk.watched_repository.Watch.board", fails)
    answer = asks.get("/review")
    assert answer.status_code == 500
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "secret of the inside" not in answer.text


def test_a_session_outlives_a_restart(repo):
    asks = alone(repo)
    me = Person("S-0412", frozenset(ROLES))
    again = client(repo, LocalDoor(me, f"{TOKEN}-2", PORT))
    again.cookies.update(asks.cookies)
    assert again.get("/review").status_code == 200
    assert show(repo, "main:manuals/operation/sign-in.md")


def test_what_a_second_reviewer_typed_is_shown_again(repo):
    asks = alone(repo)
    assert post(asks, f"/review/{STEP_ID}/reject", reason="不對").status_code == 303
    fields = {"worded": "1", "wording.text": "按「改寫過的」。", "reason": "我的理由"}
    answer = post(asks, f"/review/{STEP_ID}/accept", **fields)
    assert answer.status_code == 409
    assert "按「改寫過的」。" in answer.text
    assert "我的理由" in answer.text


def test_what_was_typed_for_a_record_that_moved_on_is_shown_again(repo):
    asks = alone(repo)
    fields = {"product": "nextcloud", "symptom": "登入之後一直跳回來"}
    at = post(asks, "/requests", **fields).headers["location"].partition("?")[0]
    name = at.rpartition("/")[2]
    assert post(asks, "/incidents", request=name).status_code == 303
    answer = post(asks, f"/requests/{name}/close", reason="使用者自己好了")
    assert answer.status_code == 422
    assert "使用者自己好了" in answer.text


def test_a_mail_address_is_no_staff_number(repo):
    asks = client(repo, ProxyDoor(TEAM))
    asks.headers.update({"X-Forwarded-User": "a@example.org", "X-Forwarded-Groups": "helpdesk"})
    answer = asks.get("/")
    assert answer.status_code == 403
    assert "員工編號" in answer.text


def test_the_address_for_git_has_no_port():
    team = replace(TEAM, hosts=("desk.example.org:8797",))
    headers = {"x-forwarded-user": "S-0001", "x-forwarded-groups": "docs"}
    person = ProxyDoor(team).person(headers, "10.0.0.7", None, None)
    assert person.acting.email == "S-0001@desk.example.org"


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_date_is_of_these_days(repo, day):
    asks, before = alone(repo), refs(repo)
    at = begin(asks)
    post(asks, f"{at}/findings", **a_step(repo))
    assert post(asks, f"{at}/hand-in", date=day).status_code == 422
    assert refs(repo) == before


def test_words_that_the_manual_has_already_are_told(repo):
    asks = alone(repo)
    assert post(asks, f"/review/{STEP_ID}/accept").status_code == 303
    assert post(asks, f"/review/{STEP_ID}/wording").status_code == 422
