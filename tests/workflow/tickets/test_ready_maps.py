"""The ready maps: an export of each system, in our words, and what is read of it."""

import json

import pytest

from desks import make_desk, ms
from manualsmith.errors import UserError
from manualsmith.workflow.service.service_records import read_desk
from manualsmith.workflow.tickets.ticket_map import NEEDED, read_map, ready_maps
from manualsmith.workflow.workspace.open_workspace import open_workspace

# An export as the system writes it, and what its first ticket becomes: number, time, severity.
EXPORTS = {
    "servicenow": (
        '"number","opened_at","short_description","caller_id","priority","state"\r\n'
        '"INC0010042","2026-11-20 09:30:00","相簿打不開","R-7","2 - High","New"\r\n',
        ("INC0010042", "2026-11-20T09:30:00+08:00", "high"),
    ),
    "jira": (
        "Summary,Issue key,Issue id,Priority,Created,Labels,Labels,Description,Comment,Comment\n"
        '相簿打不開,CLD-42,10042,Highest,20/Nov/26 9:30 AM,photo,app,"一直轉\n後來空白",好,謝謝\n',
        ("CLD-42", "2026-11-20T09:30:00+08:00", "urgent"),
    ),
    "zendesk": (
        "Summation column,Id,Requester,Group,Subject,Status,Priority,Created at,Updated at\n"
        "1,42,R-7,一線,相簿打不開,Open,-,2026-11-20 01:30:00 UTC,2026-11-20 02:30:00 UTC\n",
        ("42", "2026-11-20T09:30:00+08:00", "normal"),
    ),
    "freshdesk": (
        "Ticket ID,Subject,Status,Priority,Source,Type,Agent,Group,Created time,Due by Time,Tags\n"
        "42,相簿打不開,Open,Low,Portal,Question,,,2026-11-20 09:30:00,2026-11-23 09:30:00,\n",
        ("42", "2026-11-20T09:30:00+08:00", "low"),
    ),
    "otrs": (
        '"Ticket#";"Age";"Created";"Queue";"Priority";"Subject"\n'
        '"2026112010000427";"6 d 2 h";"2026-11-20 09:30:00";"一線";"5 very high";"相簿打不開"\n',
        ("2026112010000427", "2026-11-20T09:30:00+08:00", "urgent"),
    ),
    "znuny": (
        "TicketNumber,Age,Created,State,Priority,Queue,Subject\n"
        "2026112010000427,6 d,2026-11-20 09:30:00,open,3 normal,一線,相簿打不開\n",
        ("2026112010000427", "2026-11-20T09:30:00+08:00", "normal"),
    ),
    "glpi": (
        '\ufeff"ID";"Title";"Status";"Last update";"Opening Date";"Priority";"Category"\n'
        '"42";"相簿打不開";"New";"2026-11-20 10:30";"2026-11-20 09:30";"Very low";"雲端"\n',
        ("42", "2026-11-20T09:30:00+08:00", "low"),
    ),
    "redmine": (
        "#,專案,追蹤標籤,狀態,優先權,主旨,建立日期,概述\n"
        "42,雲端,支援,新建立,急,相簿打不開,2026/11/20 09:30,一直轉\n",
        ("42", "2026-11-20T09:30:00+08:00", "urgent"),
    ),
    "gitlab": (
        "Title,Description,Issue ID,URL,State,Confidential,Created At (UTC),Labels\n"
        "相簿打不開,一直轉,42,https://git.example.org/c/42,Open,No,2026-11-20 01:30:00,app\n",
        ("42", "2026-11-20T09:30:00+08:00", "normal"),
    ),
    "github": (
        json.dumps(
            [
                {
                    "number": 42,
                    "title": "相簿打不開",
                    "body": "一直轉\r\n後來空白",
                    "createdAt": "2026-11-20T01:30:00Z",
                    "author": {"login": "r-7"},
                    "labels": [{"name": "app"}],
                }
            ]
        ),
        ("42", "2026-11-20T09:30:00+08:00", "normal"),
    ),
    "osticket": (
        "Ticket Number,Date Created,Subject,From,From Email,Priority,Department,Help Topic\n"
        "481516,2026-11-20 09:30:00,相簿打不開,R-7,,Emergency,一線,雲端\n",
        ("481516", "2026-11-20T09:30:00+08:00", "urgent"),
    ),
}


def test_each_ready_map_has_an_export():
    assert set(EXPORTS) == set(ready_maps())


@pytest.mark.parametrize("system", EXPORTS)
def test_each_systems_export_comes_in(tmp_path, capsys, system):
    repo = make_desk(tmp_path)
    export, told = EXPORTS[system]
    (repo / "export").write_text(export, "utf-8", newline="")
    command = ("import", "--kind", "request", str(repo / "export"), "--map", system)
    assert ms(repo, *command) == 1
    assert "product is missing" in capsys.readouterr().err
    assert ms(repo, *command, "--product", "nextcloud") == 0, capsys.readouterr().err
    (made,) = read_desk(open_workspace(repo)).requests.values()
    assert (made.source, made.at, made.severity) == told
    assert (made.symptom, made.product) == ("相簿打不開", "nextcloud")


@pytest.mark.parametrize("system", EXPORTS)
def test_each_ready_map_has_what_a_request_needs(system):
    mapped = read_map(ready_maps()[system])
    assert set(NEEDED) <= set(mapped.columns)
    assert not {"requester", "staff"} & set(mapped.columns)  # names of people
    assert mapped.optional == set(mapped.columns) - set(NEEDED)


def test_the_commands_help_names_each(tmp_path, capsys):
    ms(tmp_path, "import", "--help")
    told = capsys.readouterr().out
    assert [name for name in ready_maps() if name not in told] == []


def test_a_map_adds_to_a_ready_one(tmp_path):
    (tmp_path / "m.yml").write_text(
        "base: jira\n"
        "columns: {symptom: 標題, item: Component/s}\n"
        "values: {severity: {P1: urgent}}\n"
        "dates: {order: day-first}\n",
        "utf-8",
    )
    mapped, base = read_map(tmp_path / "m.yml"), read_map(ready_maps()["jira"])
    assert mapped.columns == {**base.columns, "symptom": ("標題",), "item": ("Component/s",)}
    assert mapped.values["severity"] == {**base.values["severity"], "P1": "urgent"}
    assert mapped.dates.order == "day-first"
    assert mapped.optional == base.optional


def test_a_ready_map_that_there_is_not(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "m.yml").write_text("base: jirra\n", "utf-8")
    for name, place in (("jirra", ""), (str(tmp_path / "m.yml"), f"{tmp_path / 'm.yml'}:1")):
        with pytest.raises(UserError) as error:
            read_map(type(tmp_path)(name))
        (problem,) = error.value.problems
        assert "there is no ready map jirra" in problem.message
        assert "zendesk" in str(problem.hint)
        assert str(problem.place).startswith(place)


def test_a_file_comes_before_a_ready_map_of_its_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "jira").write_text("columns: {source: a, at: b, symptom: c}\n", "utf-8")
    assert read_map(type(tmp_path)("jira")).columns["source"] == ("a",)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[{"number": 1},]', "export:1:16: not JSON"),
        ("[1, 2]", "no list of objects"),
        ('{"a": [], "b": []}', "no list of objects"),
        ("[" * 100_000, "not JSON"),
        ("[]", "no column number for source"),
    ],
)
def test_json_that_is_no_list_of_tickets(tmp_path, capsys, text, told):
    repo = make_desk(tmp_path)
    (repo / "export").write_text(text, "utf-8")
    command = ("import", "--kind", "request", str(repo / "export"), "--map", "github")
    assert ms(repo, *command) == 1
    assert told in capsys.readouterr().err
