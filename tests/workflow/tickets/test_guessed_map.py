"""Drafts of maps: what a table's names and values tell, what is asked, and the rows as read."""

import json

import pytest

from desks import make_desk, ms
from manualsmith.workflow.service.service_records import read_desk
from manualsmith.workflow.tickets.guessed_map import guess_map
from manualsmith.workflow.workspace.open_workspace import open_workspace

# A table, and lines that its draft has.
TABLES = {
    "Chinese": (
        "案號,報修日期,問題摘要,詳細說明,緊急程度,申請單位\n"
        "A1,115/11/20,相簿打不開,一直轉,特急,財務處\nA2,115/11/21,同步很慢,,普通,人事處\n",
        [
            "columns: {source: 案號, at: 報修日期, symptom: 問題摘要, detail: 詳細說明, "
            "severity: 緊急程度, unit: 申請單位}",
            "values: {severity: {特急: urgent, 普通: normal}}",
            "# always: {product: nextcloud}  # which product are they of?",
        ],
    ),
    "titles above": (
        "工單清單\n匯出日期：2026-11-26\n\n編號;主旨;建立\n1;慢;2026-11-20\n",
        ["columns: {source: 編號, at: 建立, symptom: 主旨}"],
    ),
    "a ready one": (
        "Summary,Issue key,Priority,Created\n相簿打不開,CLD-42,High,20/Nov/26 9:30 AM\n",
        ["base: jira"],
    ),
    "days that another row tells": (
        "no,date,subject\n1,03/04/2026,慢\n2,25/04/2026,慢\n",
        ["dates: {order: day-first}"],
    ),
    "days that no row tells": (
        "no,date,subject\n1,03/04/2026,慢\n",
        ["# which comes first? dates: {order: day-first}"],
    ),
    "a severity of their own": (
        "no,date,subject,priority\n1,2026-11-20,慢,very\n2,2026-11-20,慢,low\n",
        [
            'values: {severity: {very: "?"}}',
            "# put one of these for each ?: urgent, high, normal, low",
        ],
    ),
    "nothing that is known": (
        "甲,乙\n1,2\n",
        [
            "# which column is source? 甲, 乙",
            "# which column is at? 甲, 乙",
            "# which column is symptom? 甲, 乙",
        ],
    ),
    "times that are none": (
        "no,date,subject\n1,soon,慢\n2,later,慢\n",
        ['columns: {source: "no", symptom: subject}', "# which column is at? no, date, subject"],
    ),
}


@pytest.mark.parametrize("table", TABLES)
def test_each_table_has_its_draft(tmp_path, table):
    text, lines = TABLES[table]
    (tmp_path / "t.csv").write_text(text, "utf-8")
    assert [line for line in lines if line not in guess_map(tmp_path / "t.csv").text] == []


@pytest.fixture
def repo(tmp_path):
    repo = make_desk(tmp_path)
    rows = "".join(f"A{n},2026-11-{n:02} 09:30,情形 {n},高\n" for n in range(1, 8))
    (repo / "t.csv").write_text(f"單號,時間,主旨,優先\n{rows}", "utf-8")
    return repo


def test_five_rows_are_shown_and_nothing_is_written(repo, capsys):
    before = sorted(repo.iterdir())
    assert ms(repo, "import", "--guess", str(repo / "t.csv")) == 0
    told = capsys.readouterr().out
    assert "columns: {source: 單號" in told
    assert [f"情形 {n}" in told for n in range(1, 8)] == [True] * 5 + [False] * 2
    assert "2026-11-05 09:30" in told
    assert sorted(repo.iterdir()) == before
    assert read_desk(open_workspace(repo)).requests == {}


def test_a_draft_that_is_written_takes_the_table(repo, capsys):
    drafted = ("import", "--guess", str(repo / "t.csv"), "--product", "nextcloud")
    assert ms(repo, *drafted, "--out", str(repo / "map.yml")) == 0
    assert ms(repo, "import", str(repo / "t.csv"), "--map", str(repo / "map.yml")) == 0
    made = read_desk(open_workspace(repo)).requests.values()
    assert {(one.severity, one.product) for one in made} == {("high", "nextcloud")}
    assert len(made) == 7
    kept = (repo / "map.yml").read_bytes()
    assert ms(repo, *drafted, "--out", str(repo / "map.yml")) == 1
    assert "there already" in capsys.readouterr().err
    assert (repo / "map.yml").read_bytes() == kept


def test_rows_that_would_be_refused_are_told(repo, capsys):
    (repo / "t.csv").write_text("單號,時間,主旨\n1,2026-11-20,請打 0912345678\n", "utf-8")
    assert ms(repo, "import", "--guess", str(repo / "t.csv")) == 1
    told = capsys.readouterr()
    assert "t.csv:2:3: symptom: a phone number" in told.err
    assert "0912345678" not in told.out + told.err


def test_json_for_other_programs(repo, capsys):
    assert ms(repo, "import", "--guess", str(repo / "t.csv"), "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["map"].startswith("columns:")
    assert [one["source"] for one in told["request"]] == ["A1", "A2", "A3", "A4", "A5"]
    assert told["problems"] == []


@pytest.mark.parametrize(
    "options", [(), ("--guess", "--map", "jira"), ("--map", "jira", "--out", "m.yml")]
)
def test_a_map_or_the_draft_of_one(repo, capsys, options):
    assert ms(repo, "import", str(repo / "t.csv"), *options) == 2
    assert "--guess" in capsys.readouterr().err
