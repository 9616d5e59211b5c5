"""The first page: a day's work at a glance, and who one is."""

import json
import re
from datetime import timedelta

import pytest

from desks import incident as opened
from desks import request
from gitrepo import commit, git, make_repo
from manualsmith.cli.group import run
from manualsmith.desk.access import NOBODY, ROLES, LocalDoor, Person
from manualsmith.records.models.moments import now
from rooms import GROUPS, PORT, STEP_ID, TOKEN, alone, client, make_rooms, member, post


@pytest.fixture
def repo(tmp_path):
    return make_rooms(tmp_path)


def figures(asks) -> dict[str, int]:
    page = asks.get("/").text
    found = re.findall(r"<strong>(\d+)</strong><span>([^<]+)</span>", page)
    return {name: int(count) for count, name in reversed(found)}


def test_the_figures_are_what_the_lists_hold(repo, capsys):
    asks = alone(repo)
    assert figures(asks)["待審的建議"] == 4
    opened(repo, capsys)
    other = opened(repo, capsys)
    post(asks, f"/incidents/{other}/assign", note="S-0398")
    request(repo, capsys)
    late = request(repo, capsys, "慢", "--at", "2026-01-05T09:00", "--severity", "urgent")
    post(asks, "/incidents", request=late)
    found = figures(asks)
    assert (found["我的"], found["還沒有人負責"], found["已逾期"]) == (2, 1, 0)
    post(asks, f"/review/{STEP_ID}/reject", reason="不對")
    assert figures(asks)["不採用"] == 1
    page = asks.get("/").text
    assert "<svg" in page
    assert page.count('<li><a href="/records/INC-') == 2


def test_an_empty_desk_says_what_to_do(tmp_path):
    repo = make_repo(tmp_path, {"manuals/operation/a.md": "# A\n"})
    page = alone(repo).get("/").text
    assert "目前沒有由您負責的" in page
    assert "使用者來電" in page


def test_whoever_has_no_staff_number_is_asked_for_one(tmp_path):
    repo = make_repo(tmp_path, {"manuals/operation/a.md": "# A\n"})
    asks = client(repo, LocalDoor(Person(NOBODY, frozenset(ROLES)), TOKEN, PORT))
    page = asks.get(f"/?token={TOKEN}").text
    assert 'name="staff"' in page
    for bad in ("", "0912-345-678", "x" * 101):
        assert post(asks, "/staff", staff=bad).status_code == 422
    assert post(asks, "/staff", staff="S-0777").status_code == 303
    assert git(repo, "config", "manualsmith.staff") == "S-0777"
    page = asks.get("/").text
    assert '<span class="who">S-0777</span>' in page
    assert 'name="staff"' not in page


def test_facts_are_called_as_the_settings_say(repo):
    label = '[tool.manualsmith.facts]\n"client.version" = "用戶端版本"\n'
    commit(repo, {"pyproject.toml": label})
    asks = alone(repo)
    assert "<td>用戶端版本</td>" in asks.get(f"/review/{STEP_ID}").text
    at = post(asks, "/confirmations", reported="x", product="nextcloud").headers["location"]
    assert "用戶端版本</span>" in asks.get(at).text


DUE = """[tool.manualsmith.manuals.operation]
folder = "manuals/operation"
[tool.manualsmith.manuals.troubleshooting]
folder = "manuals/troubleshooting"
[tool.manualsmith.confirm.products.nextcloud]
every = "90d"
owner = "雲端組"
"""


def test_what_is_due_is_confirmed_by_one_press_or_walked_through(repo):
    commit(repo, {"pyproject.toml": DUE})
    asks = alone(repo)
    page = asks.get("/").text
    assert "要再確認的手冊內容" in page
    assert "雲端組" in page
    listed = page.count('action="/due/confirm"')
    assert listed >= 2
    answer = post(asks, "/due/confirm", manual="operation", page="sign-in.md", section="")
    assert answer.status_code == 303
    page = asks.get("/").text
    assert page.count('action="/due/confirm"') == listed - 1
    name = re.search(r"ENV-\d{4}-\d{4}", answer.headers["location"])[0]
    record = git(repo, "show", f"main:records/confirmations/{name}.yaml")
    assert "sign-in.md" in record
    assert "S-0412" in record
    report = asks.get("/report").text
    assert "如期確認的百分比" in report
    assert f"{now():%Y-%m}" in report
    again = post(asks, "/due/confirm", manual="operation", page="gone.md", section="")
    assert again.status_code == 422
    walk = post(asks, "/walkthroughs", page="sign-in.md", section="")
    assert walk.headers["location"].startswith("/walkthroughs/WLK-")


def test_without_times_nothing_is_said_of_them(repo):
    assert "/due/confirm" not in alone(repo).get("/").text


def due(asks, at="/due") -> tuple[str, str]:
    """Return what a page lists of what is due: mine, and the rest."""
    page = asks.get(at).text.partition("</nav>")[2]
    mine = re.search(r"<h2>(?:我的|由您負責[^<]*) <.*?</section>", page, re.DOTALL)
    rest = re.search(r"<h2>(?:其他|要再確認的手冊內容) <.*?</section>", page, re.DOTALL)
    return mine[0] if mine else "", rest[0] if rest else ""


@pytest.mark.parametrize("at", ["/", "/due"])
@pytest.mark.parametrize("owner", ["helpdesk", "Helpdesk", "staff", "R-staff"])
def test_what_is_due_is_its_owners_by_number_role_or_group(repo, owner, at):
    other = "---\nowner: 別組\n---\n\n# 別的\n"
    settings = DUE.replace("雲端組", owner) + '[tool.manualsmith.confirm]\nevery = "1y"\n'
    commit(repo, {"pyproject.toml": settings, "manuals/operation/other.md": other})
    asks = member(repo, "staff")
    mine, rest = due(asks, at)
    assert owner in mine
    assert "別組" not in mine
    assert "別組" in rest
    assert owner not in rest
    assert figures(asks)["我的"] == int(re.search(r'class="count">(\d+)', mine)[1])


def test_an_owner_sees_theirs_among_their_own_and_confirms_it_there(repo):
    commit(repo, {"pyproject.toml": DUE.replace("雲端組", "helpdesk")})
    asks, own = member(repo, "staff"), "/incidents?which=mine"
    mine, _ = due(asks, own)
    listed = mine.count('action="/due/confirm"')
    assert listed >= 2
    assert mine.count('action="/walkthroughs"') >= 1
    assert due(asks, "/incidents?which=open") == ("", "")
    fields = re.search(r'action="/due/confirm">(.*?)</form>', mine, re.DOTALL)[1]
    form = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', fields))
    answer = post(asks, "/due/confirm", **form)
    assert answer.headers["location"].startswith(f"{own}&said=")
    assert due(asks, own)[0].count('action="/due/confirm"') == listed - 1
    away = post(asks, "/due/confirm", **(form | {"page": "share.md", "back": "//example.org"}))
    assert not away.headers.get("location", "/").startswith("//")


def test_an_owner_who_writes_no_confirmations_sees_theirs_and_no_button(repo):
    commit(repo, {"pyproject.toml": DUE.replace("雲端組", GROUPS["reviewer"])})
    asks = member(repo, "reviewer")
    mine, rest = due(asks)
    assert GROUPS["reviewer"] in mine
    assert "<button" not in mine
    assert rest == ""
    assert due(member(repo, "lead"))[0] == ""


HELD = """schema: manualsmith/confirmation/v1
id: ENV-2026-0077
date: {day}
product: nextcloud
staff: S-0412
reported: 照手冊做
environment: {{}}
confirmed:
  - {{page: sign-in.md}}
"""


@pytest.mark.parametrize(("since", "words"), [(90, "最晚 {day}"), (91, "{day} 到期")])
def test_on_the_day_itself_it_is_not_late(repo, since, words, capsys, monkeypatch):
    monkeypatch.setenv("MANUALSMITH_LANG", "zh_TW")
    held = now().date() - timedelta(days=since)
    record = {"records/confirmations/ENV-2026-0077.yaml": HELD.format(day=held)}
    commit(repo, {"pyproject.toml": DUE, **record})
    said = words.format(day=held + timedelta(days=90))
    assert said in due(alone(repo))[1]
    capsys.readouterr()
    assert run(["-C", str(repo), "due"]) == 0
    assert said in capsys.readouterr().out


def test_the_report_has_what_the_leads_page_has(repo, capsys, monkeypatch):
    monkeypatch.setenv("MANUALSMITH_LANG", "zh_TW")
    commit(repo, {"pyproject.toml": DUE})
    asks = alone(repo)
    post(asks, "/due/confirm", manual="operation", page="sign-in.md", section="")

    def reported(*options):
        capsys.readouterr()
        assert run(["-C", str(repo), "report", *options]) == 0
        return capsys.readouterr().out

    def course(*options):
        return json.loads(reported("--json", *options)).get("手冊如期確認的比例", [])

    months = course()
    assert len(months) == 12
    last = months[-1]
    assert last["月份"] == f"{now():%Y-%m}"
    share = last["如期確認的百分比"]
    assert 0 < share < 100
    page = asks.get("/report").text
    assert f"<strong>{share}</strong><span>如期確認的百分比" in page
    assert "如期確認的百分比" in reported()
    assert course("--since", f"{now():%Y-%m}-01") == [last]
    assert course("--product", "nextcloud")[-1] == last
    assert course("--product", "other") == []
    assert course("--staff", "S-0412") == []
    assert course("--since", "2999-01-01") == []
    ended = (now().replace(day=1) - timedelta(days=1)).date()
    assert course("--until", str(ended))[-1] == {"月份": f"{ended:%Y-%m}", "如期確認的百分比": 0}
