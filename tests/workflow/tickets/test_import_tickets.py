"""Requests from another system's export: what is right goes in, once; the rest is told."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import openpyxl
import pytest

from desks import make_desk, ms, said
from gitrepo import commit, git
from manualsmith.workflow.service.service_records import read_desk
from manualsmith.workflow.workspace.open_workspace import open_workspace

MAP = """columns: {source: 單號, at: 建立時間, symptom: 主旨, detail: 內容, severity: 優先}
values: {severity: {最高: urgent, 高: high, 中: normal}}
always: {product: nextcloud}
"""
TABLE = """單號,建立時間,主旨,內容,優先
T-1,2026/11/20 09:30,登入不了,"第一行
第二行",高
T-2,115/11/21 10:00,同步很慢,,中
T-3,昨天,分享失敗,,中
T-4,2026-11-22,,,中
T-5,2026-11-22,電話打不通,請打 0912345678,中
T-6,2026-11-22,行事曆空白,,普通
,,,,
"""


@pytest.fixture
def repo(tmp_path):
    repo = make_desk(tmp_path)
    (repo / "map.yml").write_text(MAP, "utf-8")
    (repo / "t.csv").write_text(TABLE, "utf-8")
    return repo


def take(repo, *more, file="t.csv"):
    where = ("--map", str(repo / "map.yml"))
    return ms(repo, "import", "--kind", "request", str(repo / file), *where, *more)


def requests(repo):
    found = read_desk(open_workspace(repo)).requests.values()
    return {one.source: one for one in found}


def test_right_rows_go_in_and_the_others_are_told_with_their_row(repo, capsys):
    assert take(repo, "--dry-run") == 1
    assert requests(repo) == {}
    capsys.readouterr()
    assert take(repo) == 1
    told = capsys.readouterr()
    assert "2 new, 0 known already, 4 refused" in told.out
    for row, reason in ((4, "昨天"), (5, "symptom"), (6, "a phone number"), (7, "普通")):
        line = next(line for line in told.err.splitlines() if f"t.csv:{row}:" in line)
        assert reason in line
    assert "0912345678" not in told.err
    found = requests(repo)
    assert set(found) == {"T-1", "T-2"}
    assert found["T-1"].detail == "第一行\n第二行"
    assert found["T-1"].severity == "high"
    assert found["T-1"].at == "2026-11-20T09:30:00+08:00"
    assert found["T-2"].at.startswith("2026-11-21T10:00")


def test_again_adds_nothing_twice(repo, capsys):
    take(repo)
    before = git(repo, "rev-parse", "main")
    capsys.readouterr()
    take(repo)
    assert "0 new, 2 known already" in capsys.readouterr().out
    assert git(repo, "rev-parse", "main") == before
    lines = TABLE.splitlines(keepends=True)
    (repo / "t.csv").write_text("".join([*lines, lines[1]]), "utf-8")
    take(repo)
    assert len(requests(repo)) == 2


def test_masked_rows_go_in(repo):
    take(repo, "--mask")
    assert "［電話］" in requests(repo)["T-5"].detail


def test_masked_rows_keep_what_the_settings_allow(repo):
    text = '[tool.manualsmith]\nallow_personal = ["0912345678"]\n'
    commit(repo, {"pyproject.toml": text})
    (repo / "t.csv").write_text(TABLE.replace("請打 ", "請打 0287654321 或 "), "utf-8")
    take(repo, "--mask")
    assert requests(repo)["T-5"].detail == "請打 ［電話］ 或 0912345678"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp950"])
def test_what_excel_writes_in_taiwan_is_read(repo, encoding):
    (repo / "t.csv").write_text(TABLE.replace("\n", "\r\n"), encoding, newline="")
    take(repo)
    assert requests(repo)["T-1"].symptom == "登入不了"


def test_excel(repo, capsys):
    from datetime import datetime

    book = openpyxl.Workbook()
    book.active.append(["單號", "建立時間", "主旨", "內容", "優先"])
    book.active.append([17, datetime(2026, 11, 20, 9, 30), "登入不了", None, "高"])
    book.save(repo / "t.xlsx")
    assert take(repo, file="t.xlsx") == 0
    assert requests(repo)["17"].at == "2026-11-20T09:30:00+08:00"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("columns: {source: 單號}\n", "names no column for at"),
        (MAP.replace("symptom: 主旨", "symptom: 標題"), "no column 標題"),
        (MAP + "more: {}\n", "there is no field more"),
        (MAP.replace("always", "columns: {sauce: x}\nalways"), "columns"),
        (MAP.replace("always: {product: nextcloud}\n", ""), "product"),
        ("columns: [\n", "map.yml:"),
    ],
)
def test_a_map_with_a_fault_is_told(repo, capsys, text, told):
    (repo / "map.yml").write_text(text, "utf-8")
    assert take(repo) == 1
    assert told in capsys.readouterr().err
    assert requests(repo) == {}


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 broken", b"\xff\xfe\xff\x00\x81", b'a,"b\nc'])
def test_a_file_that_is_no_table_is_told(repo, capsys, data):
    (repo / "t.csv").write_bytes(data)
    assert take(repo) == 1
    assert "t.csv" in capsys.readouterr().err
    assert take(repo, file="none.csv") == 1


def test_json_for_other_programs(repo, capsys):
    (repo / "t.csv").write_text("".join(TABLE.splitlines(keepends=True)[:4]), "utf-8")
    where = ("--map", str(repo / "map.yml"))
    made = said(capsys, repo, "import", "--kind", "request", str(repo / "t.csv"), *where)
    assert [one["source"] for one in made["request"]] == ["T-1", "T-2"]


def test_three_at_once_add_nothing_twice(repo):
    (repo / "many.csv").write_text(
        "單號,建立時間,主旨,內容,優先\n"
        + "".join(f"N-{n},2026-11-20 09:00,情形 {n},,中\n" for n in range(12)),
        "utf-8",
    )
    command = [sys.executable, "-m", "manualsmith", "-C", str(repo), "import", "--kind", "request"]
    command += [str(repo / "many.csv"), "--map", str(repo / "map.yml")]
    with ThreadPoolExecutor(3) as pool:
        done = list(
            pool.map(lambda _: subprocess.run(command, capture_output=True, check=False), range(3))
        )
    assert {one.returncode for one in done} == {0}
    sources = [one.source for one in read_desk(open_workspace(repo)).requests.values()]
    assert sorted(sources) == sorted(f"N-{n}" for n in range(12))


def test_a_number_that_is_personal_is_refused_and_never_masked(repo, capsys):
    rows = "".join(f"{n},2026-11-20 09:00,登入不了,,中\n" for n in ("0912345678", "0987654321"))
    (repo / "t.csv").write_text(TABLE.splitlines()[0] + "\n" + rows, "utf-8")
    assert take(repo, "--mask") == 1
    assert capsys.readouterr().err.count("a phone number") == 2
    assert requests(repo) == {}


def test_the_files_name_is_in_no_commit(repo):
    (repo / "wang 0912-345-678.csv").write_text(TABLE, "utf-8")
    take(repo, file="wang 0912-345-678.csv")
    assert "0912-345-678" not in git(repo, "log", "-p", "--all")
    assert len(requests(repo)) == 2


def test_a_control_character_is_a_rows_fault(repo, capsys):
    (repo / "t.csv").write_text(TABLE.replace("很慢", "\x1b]0;很慢"), "utf-8")
    assert take(repo) == 1
    assert "U+001B" in capsys.readouterr().err
    assert set(requests(repo)) == {"T-1"}


def test_a_short_first_row_hides_no_column(repo):
    head = TABLE.splitlines()[0]
    (repo / "t.csv").write_text(f"{head}\n,\nT-9,2026-11-20,登入不了,,中\n", "utf-8")
    assert take(repo) == 0
    assert set(requests(repo)) == {"T-9"}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("severity: {最高: urgent, 高: high, 中: normal}", "severity: high", "values.severity"),
        ("source: 單號", "source: {a: 單號}", "columns.source"),
        ("source: 單號", "source: []", "columns.source"),
        ("product: nextcloud", "product: [nextcloud]", "always.product"),
        ("symptom: 主旨", "symptom: 主旨, sauce: 單號", "no field sauce"),
    ],
)
def test_each_kind_of_value_in_a_map_is_checked(repo, capsys, old, new, told):
    (repo / "map.yml").write_text(MAP.replace(old, new), "utf-8")
    assert take(repo) == 1
    err = capsys.readouterr().err
    assert told in err
    assert "map.yml:" in err


def test_a_two_figure_year_is_no_time(repo, capsys):
    (repo / "t.csv").write_text(TABLE.splitlines()[0] + "\nT-1,20-11-26 09:00,慢,,中\n", "utf-8")
    assert take(repo) == 1
    assert "20-11-26" in capsys.readouterr().err


def test_a_column_that_is_there_twice_is_told(repo, capsys):
    (repo / "t.csv").write_text("單號,建立時間,主旨,內容,內容,優先\n", "utf-8")
    assert take(repo) == 1
    assert "內容" in capsys.readouterr().err


def test_user_defined_characters_are_told_with_their_cell_and_the_rest_goes_in(repo, capsys):
    data = TABLE.encode("cp950").replace("同步".encode("cp950"), b"\xfa\x40\xfa\x41")
    (repo / "t.csv").write_bytes(data)
    assert take(repo) == 1
    assert "t.csv:3:3: symptom: a user-defined character" in capsys.readouterr().err
    assert set(requests(repo)) == {"T-1"}


def test_a_number_that_a_spreadsheet_shortened_is_refused(repo, capsys):
    head = TABLE.splitlines()[0]
    rows = "2.02608E+15,2026-11-20,慢,,中\n2.02608E+15,2026-11-21,更慢,,中\n"
    (repo / "t.csv").write_text(f"{head}\n{rows}", "utf-8")
    assert take(repo) == 1
    assert capsys.readouterr().err.count("shortened by a spreadsheet: 2.02608E+15") == 2
    assert requests(repo) == {}


def test_nothing_goes_in_where_days_may_be_months(repo, capsys):
    head = TABLE.splitlines()[0]
    rows = "T-1,2026-11-20,慢,,中\nT-2,03/04/2026,慢,,中\nT-3,25/04/2026,慢,,中\n"
    (repo / "t.csv").write_text(f"{head}\n{rows}", "utf-8")
    assert take(repo) == 1
    told = capsys.readouterr().err
    assert "t.csv:3:2: 03/04/2026 may be 2026-04-03 or 2026-03-04" in told
    assert requests(repo) == {}
    (repo / "map.yml").write_text(f"{MAP}dates: {{order: day-first}}\n", "utf-8")
    assert take(repo) == 0
    assert requests(repo)["T-2"].at.startswith("2026-04-03")


def test_the_zone_in_a_columns_name_is_kept_to(repo):
    (repo / "t.csv").write_text(TABLE.replace("建立時間", "Created (UTC)"), "utf-8")
    (repo / "map.yml").write_text(MAP.replace("建立時間", "Created (UTC)"), "utf-8")
    take(repo)
    assert requests(repo)["T-1"].at == "2026-11-20T17:30:00+08:00"
