"""What forms on paper need is asked for by the desk, and kept where something is wrong."""

import io
import re

import pytest
from PIL import Image

from gitrepo import commit, show
from rooms import alone, csrf, make_rooms, post

FIELDS = {
    "symptom": "登入不了",
    "product": "nextcloud",
    "unit": "教務處",
    "channel": "電話",
    "category": "帳號",
    "item": "網頁版",
    "impact": "一個單位",
}
ROLES = '[tool.manualsmith.organisation]\nroles = { vendor = "原廠" }\n'


@pytest.fixture
def repo(tmp_path):
    made = make_rooms(tmp_path)
    commit(made, {"pyproject.toml": ROLES})
    return made


def named(answer) -> str:
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("?")[0].rpartition("/")[2]


def record(repo, kind, name) -> str:
    return show(repo, f"main:records/{kind}/{name}.yaml").decode()


def test_a_request_and_its_incident_take_what_the_forms_need(repo):
    asks = alone(repo)
    name = named(post(asks, "/requests", **FIELDS))
    written = record(repo, "requests", name)
    for field in ("unit", "channel", "category", "item", "impact"):
        assert f"{field}: {FIELDS[field]}\n" in written
    assert '<option value="教務處">' in asks.get("/requests/new").text  # offered from now on
    incident = named(post(asks, "/incidents", request=name))
    page = asks.get(f"/records/{incident}").text
    assert '<option value="vendor">原廠</option>' in page
    assert re.search(r'name="impact" value="一個單位"', page)
    at = f"/incidents/{incident}"
    assert post(asks, f"{at}/escalate", to="vendor", note="x", minutes="30").status_code == 303
    assert post(asks, f"{at}/answer", note="y").status_code == 303
    done = {"steps": "按登入", "impact": "全校", "minutes": "5"}
    assert post(asks, f"{at}/resolve", **done).status_code == 303
    written = record(repo, "incidents", incident)
    assert "impact: 全校\n" in written
    assert "to: vendor\n    minutes: 30\n" in written
    assert "工時（小時）" in (page := asks.get(f"/records/{incident}").text)
    assert "0.6" in page


@pytest.mark.parametrize("minutes", ["-3", "1.5", "很久", "0", "99999999"])
def test_minutes_that_are_none_are_told_and_the_note_stays(repo, minutes):
    asks = alone(repo)
    incident = named(post(asks, "/incidents", request=named(post(asks, "/requests", **FIELDS))))
    before = record(repo, "incidents", incident)
    answer = post(asks, f"/incidents/{incident}/log", note="試過了", minutes=minutes)
    assert answer.status_code == 422
    assert "試過了" in answer.text
    assert record(repo, "incidents", incident) == before


def test_a_role_that_is_none_is_told(repo):
    asks = alone(repo)
    incident = named(post(asks, "/incidents", request=named(post(asks, "/requests", **FIELDS))))
    answer = post(asks, f"/incidents/{incident}/escalate", to="boss", note="請看")
    assert answer.status_code == 422
    assert "vendor" in answer.text
    assert "請看" in answer.text


def test_a_confirmation_says_what_was_checked_and_a_conclusion_of_its_own(repo):
    asks = alone(repo)
    at = post(asks, "/confirmations", reported="畫面不同").headers["location"]
    typed = {
        "product": "nextcloud",
        "date": asks.get(at).text.partition('name="date" value="')[2][:10],
        "reported": "畫面不同",
        "facts": "0",
        "checked-hardware": "1",
        "checked-network": "1",
        "conclusion": "都相符",
    }
    assert post(asks, at, **typed).status_code in (204, 303)
    page = asks.get(at).text
    assert page.count(" checked>") == 2
    assert "都相符</textarea>" in page
    name = named(post(asks, f"{at}/hand-in", **typed))
    written = record(repo, "confirmations", name)
    assert "checked: [hardware, network]\n" in written
    assert "conclusion: 都相符\n" in written
    assert "檢視過，沒有要記錄的" in asks.get(f"/records/{name}").text


def test_a_walkthrough_has_its_occasion(repo):
    asks = alone(repo)
    fields = {"page": "operation/sign-in.md", "occasion": "launch"}
    name = named(post(asks, "/walkthroughs", **fields))
    assert "occasion: launch\n" in record(repo, "walkthroughs", name)
    assert "新產品上線" in asks.get(f"/records/{name}").text


def picture(colour="red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "PNG")
    return out.getvalue()


def upload(asks, at, files, **fields):
    sent = [("picture", (name, data, "image/png")) for name, data in files]
    return asks.post(at, data={"csrf": csrf(asks), **fields}, files=sent)


def test_a_picture_comes_with_a_request_a_move_a_step_and_a_finding(repo):
    asks = alone(repo)
    name = named(upload(asks, "/requests", [("畫面.png", picture())], **FIELDS))
    [shown] = re.findall(
        r'<img src="(/pictures/[0-9a-f]{16}\.png)"', asks.get(f"/records/{name}").text
    )
    answer = asks.get(shown)
    assert answer.headers["content-type"] == "image/png"
    assert Image.open(io.BytesIO(answer.content)).size == (60, 40)
    incident = named(post(asks, "/incidents", request=name))
    moved = upload(asks, f"/incidents/{incident}/log", [("b.png", picture("blue"))], note="試了")
    assert moved.status_code == 303
    assert "/pictures/" in asks.get(f"/records/{incident}").text
    walk = named(post(asks, "/walkthroughs", page="operation/sign-in.md"))
    stepped = upload(asks, f"/walkthroughs/{walk}/steps/1", [("c.png", picture())], result="failed")
    assert stepped.status_code == 303
    assert "/pictures/" in asks.get(f"/walkthroughs/{walk}").text


BAD = {
    "a drawing": ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "a way out": ("../../x.png", b"no"),
    "a page": ("x.png", b"<html>"),
}


@pytest.mark.parametrize("bad", BAD)
def test_what_is_no_picture_is_told_and_nothing_typed_is_lost(repo, bad):
    asks = alone(repo)
    good = ("good.png", picture())
    answer = upload(asks, "/requests", [good, BAD[bad]], **FIELDS)
    assert answer.status_code == 422
    assert "登入不了" in answer.text
    [kept] = re.findall(r'name="kept-picture" value="([0-9a-f]{16}\.png)"', answer.text)
    name = named(post(asks, "/requests", **FIELDS, **{"kept-picture": kept}))
    assert kept in record(repo, "requests", name)
    assert asks.get(f"/pictures/{kept}").status_code == 200


def test_fifty_megabytes_are_refused(repo):
    asks = alone(repo)
    answer = upload(asks, "/requests", [("x.png", b"\0" * (50 << 20))], **FIELDS)
    assert answer.status_code == 413


@pytest.mark.parametrize("name", ["..%2f..%2fconfig", "0123456789abcdef.png", "x.svg", "config"])
def test_no_other_file_is_a_picture(repo, name):
    assert alone(repo).get(f"/pictures/{name}").status_code == 404


TABS = """\
---
product: nextcloud
---
# 安裝

=== "Android"

    1. 開啟商店。
    2. 按「安裝」。

=== "iPhone"

    1. 開啟 App Store。
"""


def test_the_tab_is_chosen_first_and_a_steps_wording_is_there_to_be_changed(repo):
    commit(repo, {"manuals/operation/setup.md": TABS})
    asks = alone(repo)
    at = post(asks, "/walkthroughs", page="operation/setup.md").headers["location"]
    page = asks.get(at).text
    assert "使用者用的是哪一種？" in page
    assert ">按「安裝」。</textarea>" in page
    assert post(asks, f"{at}/tab", tab="Windows").status_code == 422
    assert post(asks, f"{at}/tab", tab="Android").status_code == 303
    page = asks.get(at).text
    assert "使用者用的是哪一種？" not in page
    assert "還有 2 步沒做" in page
    same = {"result": "differs", "seen": "開啟商店。"}
    assert post(asks, f"{at}/steps/1", **same).status_code == 422  # nothing was changed
    changed = {"result": "differs", "seen": "開啟 Play 商店。"}
    assert post(asks, f"{at}/steps/1", **changed).status_code == 303
    name = at.rpartition("/")[2]
    written = record(repo, "walkthroughs", name)
    assert "seen: 開啟 Play 商店。\n" in written
    assert written.count("result: not-applicable") == 1
