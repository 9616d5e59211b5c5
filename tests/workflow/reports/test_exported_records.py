"""Records as rows for other programs: their columns, links and states, and what is left out."""

import csv
import io
import json
import re
from datetime import datetime
from pathlib import Path

import pytest

from desks import incident, make_desk, ms, request
from gitrepo import commit
from manuals import ENTRY, STEP, confirmation
from manualsmith.workflow.reports.exported_records import EXPORTED, columns_of
from reviewing import ENTRY_ID, STEP_ID, accept, suggest

DOCS = Path(__file__).parents[3] / "docs"


@pytest.fixture
def desk(tmp_path):
    return make_desk(tmp_path)


def exported(desk, capsysbinary, kind, *options):
    capsysbinary.readouterr()
    assert ms(desk, "export", "--kind", kind, "--format", "json", "--out", "-", *options) == 0
    told = json.loads(capsysbinary.readouterr().out)
    assert told["schema"] == f"manualsmith/export-{kind}/v1"
    return told["records"]


def table(desk, capsysbinary, kind, *options):
    capsysbinary.readouterr()
    assert ms(desk, "export", "--kind", kind, "--out", "-", *options) == 0
    raw = capsysbinary.readouterr().out
    assert raw.startswith("\ufeff".encode())
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("kind", EXPORTED)
def test_a_kind_without_records_has_its_columns(desk, capsysbinary, kind):
    assert ms(desk, "export", "--kind", kind, "--out", "-") == 0
    raw = capsysbinary.readouterr().out.decode("utf-8-sig")
    assert raw == ",".join(columns_of(kind)) + "\r\n"
    assert exported(desk, capsysbinary, kind) == []


def explained(desk, capsys, *more):
    """Return the ids of a request and of its incident, which was explained to the user."""
    first = request(desk, capsys, "登入不了", *more)
    taken = incident(desk, capsys, first)
    assert ms(desk, "incident", "resolve", taken, "--cause", "憑證過期", "--step", "更新憑證") == 0
    assert ms(desk, "incident", "explain", taken, "--note", "已告知要更新憑證") == 0
    return first, taken


def test_the_chain_is_told_from_each_of_its_records(desk, capsysbinary):
    first, taken = explained(desk, capsysbinary, "--source", "T-31", "--requester", "出納")
    written = confirmation(1, findings=(STEP, ENTRY))
    text = written.replace("product:", f"request: {first}\nproduct:", 1)
    commit(desk, {"records/confirmations/ENV-2026-0001.yaml": text})
    suggest(desk)
    accept(desk, STEP_ID)
    [asked] = exported(desk, capsysbinary, "request")
    assert list(asked) == columns_of("request")
    assert (asked["state"], asked["source"], asked["incidents"]) == ("explained", "T-31", [taken])
    assert asked["explanation"] == "已告知要更新憑證"
    assert (asked["confirmations"], asked["suggestions"]) == (
        ["ENV-2026-0001"],
        [STEP_ID, ENTRY_ID],
    )
    assert "出納" not in json.dumps(asked, ensure_ascii=False)
    [worked] = exported(desk, capsysbinary, "incident")
    assert list(worked) == columns_of("incident")
    assert (worked["requests"], worked["sources"]) == ([first], ["T-31"])
    assert (worked["cause"], worked["resolution"]) == ("憑證過期", ["更新憑證"])
    assert datetime.fromisoformat(worked["explained"]).tzinfo
    [seen] = exported(desk, capsysbinary, "confirmation")
    assert list(seen) == columns_of("confirmation")
    assert (seen["state"], seen["requests"], len(seen["findings"])) == ("final", [first], 2)
    found = {one["id"]: one for one in exported(desk, capsysbinary, "suggestion")}
    assert list(found[STEP_ID]) == columns_of("suggestion")
    assert (found[STEP_ID]["state"], found[ENTRY_ID]["state"]) == ("accepted", "open")
    assert found[STEP_ID]["requests"] == [first]
    assert found[STEP_ID]["confirmations"] == ["ENV-2026-0001"]
    [cell] = table(desk, capsysbinary, "request")
    assert json.loads(cell["suggestions"]) == [STEP_ID, ENTRY_ID]
    assert cell["detail"] == ""


def test_a_walkthrough_is_told(desk, capsysbinary):
    assert ms(desk, "walkthrough", "new", "--page", "sign-in.md", "--product", "nextcloud") == 0
    [row] = exported(desk, capsysbinary, "walkthrough")
    assert list(row) == columns_of("walkthrough")
    assert (row["state"], row["steps"], row["place"]) == ("unfinished", 3, "operation/sign-in.md")


@pytest.mark.parametrize("start", ["=1+1", "+886", "-2", "@x", "＝1+1"])
def test_a_cell_is_no_formula(start, desk, capsysbinary):
    request(desk, capsysbinary, start)
    [cell] = table(desk, capsysbinary, "request")
    assert cell["symptom"] == f"'{start}"
    [row] = exported(desk, capsysbinary, "request")
    assert row["symptom"] == start


def test_only_what_is_wanted_is_told(desk, capsysbinary):
    old = request(desk, capsysbinary, "舊的", "--at", "2026-01-02T09:30")
    first, _ = explained(desk, capsysbinary)

    def ids(*options):
        return [one["id"] for one in exported(desk, capsysbinary, "request", *options)]

    assert ids() == [old, first]
    assert ids("--since", "2026-01-02") == [old, first]
    assert ids("--since", "2026-01-03") == [first]
    assert ids("--state", "new") == [old]
    assert ids("--state", "new", "--state", "explained") == [old, first]
    assert ids("--product", "other") == []


def test_what_looks_personal_is_masked(desk, capsysbinary):
    record = (
        "schema: manualsmith/request/v1\nid: REQ-2026-0009\nat: 2026-11-20T09:30:00+08:00\n"
        "product: nextcloud\nsymptom: 請回電 0912-345-678\n"
    )
    commit(desk, {"records/requests/REQ-2026-0009.yaml": record})
    [row] = exported(desk, capsysbinary, "request")
    assert "0912" not in row["symptom"]
    assert row["symptom"].startswith("請回電")
    assert row["at"] == "2026-11-20T09:30:00+08:00"


def test_a_file_is_written_and_none_written_over(desk, capsysbinary, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    request(desk, capsysbinary)
    assert ms(desk, "export", "--kind", "request") == 0
    there = Path("request.csv").read_bytes()
    assert there.count(b"\r\n") == 2
    assert ms(desk, "export", "--kind", "request") == 1
    assert ms(desk, "export", "--kind", "request", "--force") == 0
    assert Path("request.csv").read_bytes() == there


@pytest.mark.parametrize(
    "options",
    [
        ("REQ-2026-0001", "--kind", "request"),
        ("--kind", "request", "--format", "pdf"),
        ("--kind", "request", "--state", "accepted"),
        ("--kind", "ticket"),
        ("REQ-2026-0001", "--format", "csv"),
        ("REQ-2026-0001", "--since", "2026-01-01"),
        (),
    ],
)
def test_what_does_not_go_together_is_refused(options, desk, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    assert ms(desk, "export", *options) == 2
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("page", ["reference.md", "reference.en.md"])
@pytest.mark.parametrize("kind", EXPORTED)
def test_the_columns_are_documented(page, kind):
    text = (DOCS / page).read_text("utf-8")
    [line] = [line for line in text.splitlines() if line.startswith(f"| `{kind}` | `id`")]
    assert re.findall("`([a-z_]+)`", line)[1:] == columns_of(kind)
