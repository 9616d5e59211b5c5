"""Work that is somebody's: assigned, found again, by its weight, and not done twice."""

import re

import pytest

from desks import incident as opened
from desks import ms, request, said
from gitrepo import commit, show
from rooms import alone, make_rooms, member, post


@pytest.fixture
def repo(tmp_path):
    return make_rooms(tmp_path)


def listed(asks, **query) -> list[str]:
    page = asks.get("/incidents", params=query).text
    return list(dict.fromkeys(re.findall(r"INC-\d{4}-\d{4}", page.partition("<tbody>")[2])))


def test_whoever_takes_it_up_has_it_until_it_is_given_away(repo, capsys):
    first, second = opened(repo, capsys), opened(repo, capsys)
    assert "assignee: S-0412\n" in show(repo, f"main:records/incidents/{first}.yaml").decode()
    assert ms(repo, "incident", "assign", second, "--to", "S-0398") == 0
    mine = said(capsys, repo, "incident", "list", "--assignee", "S-0398")["incidents"]
    assert [one["id"] for one in mine] == [second]
    assert said(capsys, repo, "incident", "list", "--unassigned")["incidents"] == []
    free = request(repo, capsys)
    assert ms(repo, "request", "assign", free, "--to", "S-0398") == 0
    taken = said(capsys, repo, "incident", "open", free, "--staff", "S-0001")["record"]
    assert taken["assignee"] == "S-0398"  # whose request it was


def test_the_desk_lists_mine_and_nobodys_and_finds_by_words(repo, capsys):
    asks = alone(repo)
    mine, other = opened(repo, capsys), opened(repo, capsys)
    assert post(asks, f"/incidents/{other}/assign", note="S-0398").status_code == 303
    assert listed(asks, which="mine") == [mine]
    assert set(listed(asks)) == {mine, other}
    assert listed(asks, q="S-0398") == [other]
    assert listed(asks, q=f"{mine} 沒有這個字") == []
    page = asks.get(f"/records/{other}").text
    assert '<button name="note" value="S-0412">我來處理</button>' in page
    assert post(asks, f"/incidents/{other}/assign", note="S-0412").status_code == 303
    assert set(listed(asks, which="mine")) == {mine, other}
    free = request(repo, capsys)
    assert free in asks.get("/incidents?which=unassigned").text
    assert post(asks, f"/requests/{free}/assign", note="").status_code == 303  # I take it
    assert free not in asks.get("/incidents?which=unassigned").text
    assert free in asks.get("/incidents?which=mine").text


def test_the_gravest_comes_first_and_what_is_late_is_marked(repo, capsys):
    ids = {}
    for severity, at in (("low", "2026-01-05T09:00"), ("urgent", "2026-01-09T09:00")):
        name = request(repo, capsys, severity, "--severity", severity, "--at", at)
        ids[severity] = said(capsys, repo, "incident", "open", name, "--at", at)["record"]["id"]
    normal = opened(repo, capsys)
    assert listed(alone(repo)) == [ids["urgent"], normal, ids["low"]]
    page = alone(repo).get("/incidents").text
    assert page.count('class="late"') == 2


def test_a_second_person_is_told_that_somebody_is_on_it(repo, capsys):
    name = opened(repo, capsys)
    asks = member(repo, "staff")

    def page(who: str) -> str:
        return asks.get(f"/records/{name}", headers={"X-Forwarded-User": who}).text

    assert "正在看這一件" not in page("S-1")
    assert "S-1 正在看這一件" in page("S-2")
    assert "S-2 正在看這一件" in page("S-1")


def test_an_open_incident_that_is_known_is_joined_in_one_click(repo, capsys):
    name = opened(repo, capsys, request(repo, capsys, "登入之後一直跳回登入畫面"))
    asks = alone(repo)
    known = asks.get("/known", params={"q": "登入之後一直跳回登入畫面"}).text
    assert f'name="join" value="{name}"' in known
    fields = {"symptom": "一直跳回來", "product": "nextcloud", "join": name}
    answer = post(asks, "/requests", **fields)
    assert answer.headers["location"].startswith(f"/records/{name}")
    record = show(repo, f"main:records/incidents/{name}.yaml").decode()
    assert record.count("REQ-") >= 2
    lost = post(asks, "/requests", **{**fields, "join": "INC-2026-9999"})
    assert lost.headers["location"].startswith("/records/REQ-")  # it is written all the same
    assert "said=" in lost.headers["location"]


def test_a_known_entry_is_led_to_by_the_id_that_it_has(repo):
    page = "# 同步\n\n## 卡住 {#stuck}\n\n**處理步驟**：\n\n1. 重新啟動。\n"
    commit(repo, {"manuals/troubleshooting/sync.md": page})
    asks = alone(repo)
    for text in (asks.get("/known", params={"q": "卡住"}).text, asks.get("/find?q=卡住").text):
        assert 'href="/manual/troubleshooting/sync.md#stuck"' in text


REPLY = "重設密碼: 請按「忘記密碼」，用新的連結重設。\n請提供畫面: |\n  請把整個畫面\n  拍下來。\n"


def test_replies_of_the_repository_are_offered(repo, capsys):
    name = opened(repo, capsys)
    asks = alone(repo)
    assert "data-reply" not in asks.get(f"/records/{name}").text
    commit(repo, {"records/replies.yaml": REPLY})
    page = alone(repo).get(f"/records/{name}").text
    assert '<option value="請按「忘記密碼」，用新的連結重設。">重設密碼</option>' in page
    assert "請把整個畫面\n拍下來。" in page


@pytest.mark.parametrize("bad", ["- a\n- b\n", "a: [1]\n", "a: ''\n", "a: b: c\n"])
def test_replies_that_are_none_are_told_and_the_desk_goes_on(repo, capsys, bad):
    name = opened(repo, capsys)
    commit(repo, {"records/replies.yaml": bad})
    asks = alone(repo)
    assert "records/replies.yaml" in asks.get("/incidents").text or bad.startswith("-")
    assert asks.get(f"/records/{name}").status_code == 200


def test_readers_are_told_by_a_click_in_words_that_hold_nothing_of_the_record(repo, capsys):
    asks = alone(repo)
    name = opened(repo, capsys, request(repo, capsys, "會計室登不進去"))
    page = asks.get(f"/records/{name}").text
    form = page.partition(f'action="/incidents/{name}/announce"')[2].partition("</form>")[0]
    [offered] = re.findall(r'name="note" value="([^"]+)"', form)
    assert "會計室" not in offered
    assert "撤下公告" not in page
    assert post(asks, f"/incidents/{name}/announce", note="打 0912-345-678").status_code == 422
    assert post(asks, f"/incidents/{name}/announce", note=offered).status_code == 303
    assert f"notice: {offered}\n" in show(repo, f"main:records/incidents/{name}.yaml").decode()
    page = asks.get(f"/records/{name}").text
    assert page.count("撤下公告") == 1
    assert post(asks, f"/incidents/{name}/unannounce").status_code == 303
    assert "notice:" not in show(repo, f"main:records/incidents/{name}.yaml").decode()
    assert post(asks, f"/incidents/{name}/unannounce").status_code == 422
