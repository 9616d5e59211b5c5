"""The first page: a day's work at a glance, and who one is."""

import re

import pytest

from desks import incident as opened
from desks import request
from gitrepo import commit, git, make_repo
from manualsmith.desk.access import NOBODY, ROLES, LocalDoor, Person
from manualsmith.records.models.moments import now
from rooms import PORT, STEP_ID, TOKEN, alone, client, make_rooms, post


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
