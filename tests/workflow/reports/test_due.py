"""What is to be confirmed again: who says how often, when it was confirmed, and what is told."""

import json
import re
from datetime import UTC, date, datetime

import icalendar
import pytest

from gitrepo import commit, make_repo
from manualsmith.cli.group import run
from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.settings.read_settings import Upkeep, days_of, read_settings
from manualsmith.workflow.reports.due import (
    asked_in,
    kept_places,
    times_used,
    trust_by_month,
    trusted,
)
from manualsmith.workflow.service.service_records import read_desk
from manualsmith.workflow.workspace.open_workspace import open_workspace
from manualsmith.workflow.workspace.snapshot import main_snapshot

PAGE = """---
title: 登入
product: cloud
{front}---

# 登入

## 網頁
{web}
1. 按登入。

## 手機
{phone}
1. 按登入。
"""
SIGN_IN = "manuals/operation/sign-in.md"
TODAY = date(2026, 11, 28)
HELD = """schema: manualsmith/confirmation/v1
id: ENV-2026-{number:04}
date: {day}
product: cloud
staff: S-0412
reported: 照手冊做
environment: {{}}
confirmed:
  - {{page: sign-in.md{section}}}
"""


@pytest.fixture
def repo(tmp_path):
    return make_repo(tmp_path, {"manuals/operation/other.md": "# 別的\n"})


def page(front="", web="", phone=""):
    return PAGE.format(front=front, web=web, phone=phone)


def held(number, day, section=""):
    text = HELD.format(number=number, day=day, section=section and f", section: [{section}]")
    return {f"records/confirmations/ENV-2026-{number:04}.yaml": text}


def kept(repo):
    return {(one.page, *one.section): one for one in kept_places(open_workspace(repo))}


@pytest.mark.parametrize(
    ("text", "days"), [("90d", 90), ("12w", 84), ("6m", 180), ("1y", 365), (" 7d ", 7)]
)
def test_times_that_are_one(text, days):
    assert days_of(text) == days


@pytest.mark.parametrize(
    "text", ["x", "90", "d", "0d", "-1d", "1.5d", "90 d", "９０d", "9D", "1d1d"]
)
def test_times_that_are_none(text):
    with pytest.raises(ValueError, match=re.escape(text)):
        days_of(text)


SETTINGS = """[tool.manualsmith.confirm]
every = "1y"
owner = "文件組"
[tool.manualsmith.confirm.manuals.operation]
every = "180d"
[tool.manualsmith.confirm.products.cloud]
owner = "雲端組"
"""


def test_the_page_goes_before_its_product_its_manual_and_all(repo):
    commit(repo, {SIGN_IN: page("confirm_every: 30d\n"), "pyproject.toml": SETTINGS})
    found = kept(repo)
    assert [(o.every, o.owner) for o in found.values()] == [(180, "文件組"), (30, "雲端組")]
    assert [one.page for one in found.values()] == ["other.md", "sign-in.md"]


def test_without_a_time_nothing_is_due(repo, capsys):
    commit(repo, {SIGN_IN: page("owner: 網路組\n")})
    assert kept(repo) == {}
    assert run(["-C", str(repo), "due"]) == 0
    assert "confirm_every" in capsys.readouterr().err


def test_a_section_says_so_in_a_comment_below_its_heading(repo):
    said = "\n<!-- keywords: 手機 -->\n<!-- confirm_every: 2w\n     owner: 手機組 -->\n"
    in_code = "\n```html\n<!-- confirm_every: 1d -->\n```\n"
    commit(repo, {SIGN_IN: page("confirm_every: 90d\nowner: 文件組\n", web=in_code, phone=said)})
    found = kept(repo)
    assert {key: (one.every, one.owner) for key, one in found.items()} == {
        ("sign-in.md",): (90, "文件組"),
        ("sign-in.md", "登入", "手機"): (14, "手機組"),
    }


@pytest.mark.parametrize(
    ("days", "last"),
    [
        ({"": "2026-11-01"}, "2026-11-01"),
        ({"網頁": "2026-11-05"}, None),
        ({"網頁": "2026-11-05", "手機": "2026-11-09"}, "2026-11-05"),
        ({"": "2026-11-07", "網頁": "2026-11-05", "手機": "2026-11-09"}, "2026-11-07"),
        ({}, None),
    ],
)
def test_a_page_is_confirmed_as_a_whole_or_in_all_its_parts(repo, days, last):
    files = {SIGN_IN: page("confirm_every: 90d\n")}
    for number, (section, day) in enumerate(days.items(), start=1):
        files |= held(number, day, section)
    commit(repo, files)
    [one] = kept(repo).values()
    assert (one.last.isoformat() if one.last else None) == last


def test_a_page_that_moved_keeps_what_was_confirmed(repo):
    text = page("confirm_every: 90d\nredirect_from: [sign-in.md]\n")
    commit(repo, {"manuals/operation/start.md": text, **held(1, "2026-11-01")})
    [one] = kept(repo).values()
    assert (one.page, one.last) == ("start.md", date(2026, 11, 1))


def test_what_is_due_is_listed_and_what_is_not_is_not(repo, capsys):
    commit(repo, {SIGN_IN: page("confirm_every: 30d\nowner: 網路組\n"), **held(1, "2026-11-01")})

    def listed(*options):
        assert run(["-C", str(repo), "due", "--today", "2026-11-28", *options]) == 0
        return capsys.readouterr().out

    assert listed() == ""
    assert "登入" in listed("--within", "3")
    assert "登入" not in listed("--within", "2")
    assert "登入" in listed("--within", "3", "--owner", "網路組")
    assert run(["-C", str(repo), "due", "--owner", "別組"]) == 1
    assert "網路組" in capsys.readouterr().err
    assert "2026-12-01" in listed("--all")
    [one] = json.loads(listed("--all", "--format", "json"))["due"]
    assert one | {"title": ""} == {
        "manual": "operation",
        "page": "sign-in.md",
        "title": "",
        "section": [],
        "product": "cloud",
        "owner": "網路組",
        "every_days": 30,
        "last": "2026-11-01",
        "due": "2026-12-01",
        "state": "confirmed",
    }
    assert run(["-C", str(repo), "due", "--today", "2026-12-02"]) == 0
    assert "網路組" in capsys.readouterr().out


def test_a_calendar_has_a_day_for_each_place_and_is_the_same_again(repo, capsys):
    commit(repo, {SIGN_IN: page("confirm_every: 30d\nowner: 網路組\n"), **held(1, "2026-11-01")})
    texts = []
    for _ in range(2):
        command = ["-C", str(repo), "due", "--all", "--format", "ics", "--today", "2026-11-28"]
        assert run(command) == 0
        texts.append(capsys.readouterr().out)
    assert texts[0] == texts[1]
    assert run(["-C", str(repo), "due", "--format", "ics", "--today", "2026-12-24"]) == 0
    [later] = icalendar.Calendar.from_ical(capsys.readouterr().out).events
    [event] = icalendar.Calendar.from_ical(texts[0]).events
    assert event["uid"] == later["uid"]  # a calendar that has it moves it, and has it once
    assert later.decoded("dtstart") == date(2026, 12, 24)
    assert event.decoded("dtstamp") == datetime(2026, 11, 28, tzinfo=UTC)
    assert event.decoded("dtstart") == date(2026, 12, 1)
    assert "登入" in str(event["summary"])
    assert "網路組" in str(event["description"])


def test_the_share_that_was_confirmed_in_time(repo):
    assert trusted([], TODAY) is None
    commit(repo, {SIGN_IN: page("confirm_every: 30d\n"), **held(1, "2026-11-01")})
    commit(repo, {"manuals/operation/other.md": "---\nconfirm_every: 1y\n---\n\n# 別的\n"})
    assert trusted(kept_places(open_workspace(repo)), TODAY) == 0.5


def test_the_audit_tells_what_is_due_and_a_time_that_is_none(repo, capsys):
    commit(repo, {SIGN_IN: page("confirm_every: 30d\n", phone="\n<!-- confirm_every: often -->\n")})
    commit(repo, {"manuals/operation/other.md": "---\nconfirm_every: [1]\n---\n\n# 別的\n"})
    assert run(["-C", str(repo), "audit", "--json", "--today", "2026-11-28"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["where"] for one in found if one["kind"] == "due"] == ["操作手冊 › 登入"]
    wrong = {one["where"] for one in found if one["kind"] == "page"}
    assert f"{SIGN_IN}:15" in wrong
    assert any(where.startswith("manuals/operation/other.md:2") for where in wrong)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ('confirm = "90d"', "confirm"),
        ('confirm = {every = "often"}', "often"),
        ("confirm = {every = 90}", "every"),
        ('confirm = {who = "x"}', "who"),
        ('confirm.manuals = "x"', "confirm.manuals"),
        ('confirm.manuals.operations.every = "9d"', "operations"),
        ('confirm.products.a = "x"', "confirm.products.a"),
        ('confirm.products.a.every = "x"', "'x'"),
    ],
)
def test_settings_that_are_none(settings, said):
    with pytest.raises(UserError) as told:
        read_settings(f"[tool.manualsmith]\n{settings}\n".encode())
    assert said in str(told.value)
    assert told.value.problems[0].place.line == 2


def test_what_says_nothing_leaves_it_to_the_next():
    assert Upkeep(None, 3).over(Upkeep("a", 9)) == Upkeep("a", 3)


def test_what_people_ask_about_weighs_more_and_the_past_is_as_it_was(repo):
    commit(repo, {SIGN_IN: page("confirm_every: 30d\n"), **held(1, "2026-09-10")})
    commit(repo, {"manuals/operation/other.md": "---\nconfirm_every: 1y\n---\n\n# 別的\n"})
    workspace = open_workspace(repo)
    with BlobReader(workspace.repository) as reader:
        asked = list(asked_in(main_snapshot(workspace, reader), workspace.settings))
    confirmations = read_desk(workspace).final
    course = trust_by_month(asked, confirmations, TODAY, {SIGN_IN: 2}, months=4)
    assert course == [
        (date(2026, 8, 31), 0),
        (date(2026, 9, 30), 0.75),
        (date(2026, 10, 31), 0),
        (TODAY, 0),
    ]
    assert trust_by_month([], confirmations, TODAY, {})[-1] == (TODAY, None)


def test_how_often_a_page_was_asked_about(repo, capsys):
    for symptom in ("登不進去", "沒有反應"):
        assert run(["-C", str(repo), "request", "new", "--symptom", symptom, "--product", "cloud",
                    "--page", "other.md", "--staff", "S-0412"]) == 0  # fmt: skip
    desk = read_desk(open_workspace(repo))
    used = times_used(desk.requests.values(), desk.incidents.values())
    assert used == {"manuals/operation/other.md": 2}
