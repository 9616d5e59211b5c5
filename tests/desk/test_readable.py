"""What people read in the desk: no hash, no raw name of a fact or a move; ids lead somewhere."""

import html
import re
from datetime import timedelta
from typing import get_args

import pytest

from desks import incident, request
from gitrepo import commit, make_repo
from manualsmith.desk.readable import in_words, linked, when
from manualsmith.records.models.incident import MOVES
from manualsmith.records.models.moments import as_moment, as_people_say, now
from manualsmith.text import speaking
from manualsmith.workflow.reports.audit import KIND_NAMES, Kind, audit
from manualsmith.workflow.workspace.open_workspace import open_workspace
from rooms import STEP_ID, alone, make_rooms, post

LABELS = """[tool.manualsmith.facts]
"client.version" = { zh-TW = "用戶端版本", en = "Client version" }
"""
ID = r"(?:REQ|INC|WLK|ENV)-\d{4}-\d{4}[\w.-]*"


@pytest.fixture
def repo(tmp_path):
    made = make_rooms(tmp_path)
    commit(made, {"pyproject.toml": LABELS})
    return made


def pages(repo, capsys) -> dict[str, str]:
    """Return every kind of page of a desk in work, by its address."""
    asks = alone(repo)
    asked, name = request(repo, capsys, "連結打不開"), incident(repo, capsys)
    over = incident(repo, capsys)
    post(asks, f"/incidents/{name}/escalate", to="developer", note="請看 " + asked)
    post(asks, f"/incidents/{over}/resolve", about="neither", steps="重開")
    post(asks, f"/incidents/{over}/to-confirmation", page="同步問題")
    by_page = incident(repo, capsys)
    post(
        asks, f"/incidents/{by_page}/resolve", about="place", place="登入#登入", worked="as-written"
    )
    walk = post(asks, "/walkthroughs", page="登入").headers["location"]
    post(asks, f"{walk}/steps/1", result="differs", seen="按「允許」。")
    draft = post(asks, "/confirmations", product="nextcloud").headers["location"]
    page = (repo / "manuals/operation/sign-in.md").read_text("utf-8")
    commit(repo, {"manuals/operation/sign-in.md": page.replace("3. 按登入。", "3. 改成別的。")})
    post(asks, "/review/ENV-2026-0001-2/reject", reason="不對，見 " + asked)
    addresses = ["/", "/review", "/review?state=all", f"/review/{STEP_ID}", "/incidents?which=all"]
    addresses += ["/review/ENV-2026-0001-2", "/review/together/ENV-2026-0001", "/walkthroughs"]
    addresses += ["/review/ENV-2026-0001-operation-client.version", "/confirmations", "/audit"]
    addresses += [f"/records/{one}" for one in (asked, name, over, by_page, "ENV-2026-0001")]
    addresses += [walk, draft, "/requests/new", "/find?q=用戶端", "/report", f"/trace/{name}"]
    addresses += ["/trace/ENV-2026-0001", "/manual/operation/sign-in.md"]
    answers = {one: asks.get(one) for one in addresses}
    assert {one: a.status_code for one, a in answers.items() if a.status_code != 200} == {}
    return {one: answer.text for one, answer in answers.items()}


def visible(page: str) -> str:
    """Return what a person reads of a page: without sources of Markdown, which are code."""
    body = page.partition("<main")[2]
    body = re.sub(r"<(script|style|pre|code|textarea)\b.*?</\1>", " ", body, flags=re.DOTALL)
    body = re.sub(r'<(?:article|div class="text)[^>]*>.*?</(?:article|div)>', " ", body, flags=re.S)
    return html.unescape(re.sub(r"<[^>]+>", " ", body))


def test_no_hash_no_key_and_no_code_is_shown(repo, capsys):
    codes = {*(move for moves in MOVES.values() for move in moves), *MOVES} - {"open"}
    for address, page in pages(repo, capsys).items():
        text = visible(page)
        assert not re.search(r"[0-9a-f]{40}", text), address
        plain = re.sub(ID, "", text)
        assert "client.version" not in plain, address
        found = codes & {*re.findall(r"(?<![\w-])[a-z-]+(?![\w-])", plain)}
        assert not found, (address, found)
        # a page whose heading is its title is named once
        assert not re.search(r"([^›\s][^›\n]*) › \1(?= ›|\s)", text), address


def test_every_id_leads_to_its_page(repo, capsys):
    for address, page in pages(repo, capsys).items():
        body = page.partition("<main")[2]
        for off in (
            r"<a\b.*?</a>",
            r"<(?:button|option|textarea|h1)\b.*?</(?:button|option|textarea|h1)>",
        ):
            body = re.sub(off, " ", body, flags=re.DOTALL)
        own = address.partition("?")[0].rpartition("/")[2]
        left = {one for one in re.findall(ID, re.sub(r"<[^>]+>", " ", body)) if one != own}
        assert left == set(), address


def test_times_are_said_as_people_say_them(monkeypatch):
    moment = now().replace(hour=14, minute=5)
    with speaking("zh-TW"):
        assert as_people_say(as_moment(moment)) == "今天 14:05"
        assert as_people_say(as_moment(moment - timedelta(days=1))) == "昨天 14:05"
        assert as_people_say(as_moment(moment + timedelta(days=1))) == "明天 14:05"
        assert as_people_say((moment - timedelta(days=1)).date().isoformat()) == "昨天"
        assert as_people_say(f"{moment.year - 2}-11-27T09:30:00+08:00") == (
            f"{moment.year - 2} 年 11 月 27 日"
        )
        made = when(f"{moment.year - 2}-11-27T09:30:00+08:00")
    assert f'datetime="{moment.year - 2}-11-27T09:30:00+08:00"' in made
    assert f'title="{moment.year - 2}-11-27 09:30"' in made
    assert when("很久以前") == "很久以前"
    with speaking("en"):
        assert as_people_say(f"{moment.year - 2}-11-27") == f"27 Nov {moment.year - 2}"


def test_what_was_typed_stays_text():
    assert linked('<b>見 INC-2026-0004</b>"') == (
        '&lt;b&gt;見 <a class="id" href="/records/INC-2026-0004">INC-2026-0004</a>&lt;/b&gt;&#34;'
    )
    assert linked("/srv/INC-2026-0004 XINC-2026-0004") == "/srv/INC-2026-0004 XINC-2026-0004"
    assert in_words("沒有設定的名稱 a.b 維持原樣") == "沒有設定的名稱 a.b 維持原樣"
    assert "/review/ENV-2026-0007-operation-client.version" in linked(
        "ENV-2026-0007-operation-client.version"
    )


def test_a_repository_without_facts_has_all_its_lists(tmp_path):
    repo = make_repo(tmp_path, {"manuals/operation/a.md": "# A\n"})
    asks = alone(repo)
    for address in ("/", "/review", "/confirmations", "/walkthroughs", "/incidents", "/audit"):
        assert asks.get(address).status_code == 200, address
    draft = post(asks, "/confirmations", product="p").headers["location"]
    assert asks.get(draft).status_code == 200


def test_what_is_found_is_rendered_and_led_to_by_the_headings_own_id(repo):
    page = "# 同步\n\n## **卡住**了 {#stuck}\n\n**處理步驟**：\n\n1. 按[重試](x.md)`F5`。\n"
    commit(repo, {"manuals/troubleshooting/stuck.md": page})
    for address in ("/find?q=卡住", "/known?q=卡住"):
        text = alone(repo).get(address).text
        assert 'href="/manual/troubleshooting/stuck.md#stuck"' in text
        assert "**" not in text
        assert "](x.md)" not in text


def test_the_queue_is_narrowed_down_by_what_a_page_is_called(repo):
    asks = alone(repo)
    for page in ("sign-in", "sign-in.md", "登入", "ＳＩＧＮ-in", "manuals/operation/sign-in.md"):
        assert STEP_ID in asks.get("/review", params={"page": page}).text, page
    told = asks.get("/review", params={"page": "登陸入"}).text
    assert "沒有名為「登陸入」的頁面" in told
    assert '<a href="/review?page=operation%2Fsign-in.md">登入</a>' in told


def test_halves_of_names_are_offered(repo):
    asks = alone(repo)
    assert 'data-put="登入"' in asks.get("/offers/pages", params={"q": "登"}).text
    assert 'data-put="登入"' in asks.get("/offers/pages", params={"q": "SIGN－ＩＮ"}).text
    entry = asks.get("/offers/entries", params={"q": "卡"}).text
    assert 'data-put="同步問題#卡住"' in entry
    assert 'data-put="登入#第一次登入"' in asks.get("/offers/places", params={"q": "第一次"}).text
    fact = asks.get("/offers/facts", params={"q": "用戶端"}).text
    assert 'data-put="用戶端版本" data-category="software"' in fact
    assert asks.get("/offers/pages").text.strip() == ""
    assert asks.get("/offers/none?q=x").status_code in (404, 422)


def test_every_remark_of_the_audit_is_on_its_page(repo):
    commit(repo, {"manuals/operation/odd.md": "---\nconfirm_every: often\n---\n\n# 奇\n"})
    remarks = audit(open_workspace(repo), now().date(), 180, 14)
    kinds = {one.kind for one in remarks}
    assert "page" in kinds  # which the page once left out, and counted
    text = alone(repo).get("/audit").text
    assert f'<span class="count">{len(remarks)}</span></h1>' in text
    assert text.partition("</h1>")[2].count("<li>") == len(remarks)
    assert set(get_args(Kind)) == set(KIND_NAMES)
