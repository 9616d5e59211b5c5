"""Tables as other systems and spreadsheets write them: each shape, and what is read of it."""

import io
from datetime import datetime

import openpyxl
import pytest

from manualsmith.errors import UserError
from manualsmith.workflow.tickets.ticket_map import ColumnMap, TableForm, read_map
from manualsmith.workflow.tickets.ticket_table import read_table

HEAD = ["編號", "時間", "情形"]
ROW = ["A-7", "2026-11-20 09:30", "同步很慢"]
COLUMNS = {"source": ("編號",), "at": ("時間",), "symptom": ("情形",)}
READ = dict(zip(HEAD, ROW, strict=True))


def text(separator=",", rows=(HEAD, ROW)):
    return "".join(separator.join(row) + "\r\n" for row in rows)


def sheets(**rows):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, of_sheet in rows.items():
        sheet = book.create_sheet(name)
        for row in of_sheet:
            sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def read(tmp_path, data, columns=COLUMNS, **form):
    file = tmp_path / "t"
    file.write_bytes(data)
    return read_table(file, ColumnMap(columns, table=TableForm(**form)))


# What a file may be: its bytes, what the map says of it, and the row of the first ticket.
SHAPES = {
    "comma": (text().encode(), {}, 2),
    "semicolon": (text(";").encode(), {}, 2),
    "tab": (text("\t").encode(), {}, 2),
    "bar": (text("|").encode(), {}, 2),
    "sep= and comma": (b"sep=,\r\n" + text().encode(), {}, 2),
    "BOM, sep= and another": (("\ufeffsep=^\r\n" + text("^")).encode(), {}, 2),
    "separator that the map tells": (text("~").encode(), {"separator": "~"}, 2),
    "UTF-8 with BOM": (text().encode("utf-8-sig"), {}, 2),
    "UTF-16 with BOM": (text("\t").encode("utf-16"), {}, 2),
    "UTF-16 LE": (text("\t").encode("utf-16-le"), {}, 2),
    "UTF-16 BE": (text().encode("utf-16-be"), {}, 2),
    "UTF-16 BE with BOM": (("\ufeff" + text()).encode("utf-16-be"), {}, 2),
    "CP950": (text().encode("cp950"), {}, 2),
    "CP950 that is told": (text().encode("cp950"), {"encoding": "big5"}, 2),
    "titles above": (
        text(rows=(["申請單", "", ""], ["匯出：2026-11-26"], [], HEAD, ROW)).encode(),
        {},
        5,
    ),
    "the header's row told": (text(rows=(HEAD, HEAD, ROW)).encode(), {"header": 2}, 3),
    "blank rows between": (text(rows=(HEAD, [], ["", "", ""], ROW)).encode(), {}, 4),
    "blanks round names": (text(rows=([" 編號 ", "時間", "情形 "], ROW)).encode(), {}, 2),
    "no end of line": (text().rstrip().encode(), {}, 2),
    "more cells than names": (text(rows=(HEAD, [*ROW, "x", "y"])).encode(), {}, 2),
    "comma inside quotes": (text().replace("同步很慢", '"同步,很慢"').encode(), {}, 2),
    "other columns twice": (text(rows=([*HEAD, "標籤", "標籤"], [*ROW, "a", "b"])).encode(), {}, 2),
    "a number as formula": (text().replace("A-7", '="00012"').encode(), {}, 2),
    "quotes round a formula": (text().replace("A-7", '"=""00012"""').encode(), {}, 2),
    "Excel": (sheets(工單=[HEAD, ROW]), {}, 2),
    "Excel with a title": (sheets(工單=[["申請單"], [], HEAD, ROW]), {}, 4),
    "Excel's second sheet": (sheets(說明=[["請看下一頁"]], 工單=[HEAD, ROW]), {}, 2),
    "a sheet that is told": (sheets(一=[HEAD, ["x"]], 二=[HEAD, ROW]), {"sheet": "二"}, 2),
    "an empty sheet beside it": (sheets(一=[], 二=[HEAD, ROW]), {}, 2),
}
EXPECTED = {
    "comma inside quotes": {"情形": "同步,很慢"},
    "other columns twice": {"標籤": "a"},
    "a number as formula": {"編號": "00012"},
    "quotes round a formula": {"編號": "00012"},
}


@pytest.mark.parametrize("shape", SHAPES)
def test_each_shape_is_read(tmp_path, shape):
    data, form, row = SHAPES[shape]
    table = read(tmp_path, data, **form)
    assert table.rows == ((row, {**READ, **EXPECTED.get(shape, {})}),)
    assert table.header < row


# What is no table: its bytes, what the map says of it, and words of the error.
REFUSED = {
    "another name": (
        text(rows=(["單號", "時間", "情形"], ROW)).encode(),
        {},
        ":1: no column 編號 for source",
    ),
    "a column twice": (
        text(rows=([*HEAD, "情形"], ROW)).encode(),
        {},
        ":1:3: columns that are there twice: 情形",
    ),
    "no row": (text(rows=(HEAD,)).encode(), {}, "no row below"),
    "no text": (b" \r\n", {}, "empty"),
    "a row that is not there": (text().encode(), {"header": 9}, "no row 9"),
    "a quote left open": (text().encode() + b'B,"x\r\n', {}, "t:3: not a CSV file"),
    "Latin-1 that is not told": (
        "id,time,café\r\n1,2,ça coûte\r\n".encode("latin-1"),
        {},
        "t:1: neither UTF-8",
    ),
    "not what is told": (text().encode("cp950"), {"encoding": "utf-8"}, "t:1: not utf-8 text"),
    "half of UTF-16": (text().encode("utf-16-le")[:-1], {}, "neither UTF-8"),
    "Excel's old format": (b"\xd0\xcf\x11\xe0" + bytes(600), {}, "before 2007"),
    "a web page": (
        b"\xef\xbb\xbf<html><table><tr><td>1</td></tr></table></html>",
        {},
        "a web page",
    ),
    "a sheet that is not there": (sheets(工單=[HEAD, ROW]), {"sheet": "工单"}, "no sheet 工单"),
    "an empty sheet that is told": (
        sheets(一=[], 二=[HEAD, ROW]),
        {"sheet": "一"},
        "the sheet 一 is empty",
    ),
    "a sheet of names alone": (sheets(一=[HEAD]), {}, "no row below"),
    "empty sheets": (sheets(一=[], 二=[]), {}, "the table is empty"),
    "another sheet than is meant": (
        sheets(一=[["說明"]], 二=[HEAD, ROW]),
        {"sheet": "一"},
        "no column 編號",
    ),
    "two sheets that fit": (
        sheets(一=[HEAD, ROW], 二=[HEAD, ROW]),
        {},
        "several sheets fit: 一, 二",
    ),
}


@pytest.mark.parametrize("shape", REFUSED)
def test_what_is_no_table_is_told(tmp_path, shape):
    data, form, told = REFUSED[shape]
    with pytest.raises(UserError) as error:
        read(tmp_path, data, **form)
    assert told in str(error.value)
    assert str(tmp_path / "t") in str(error.value)


def test_latin_1_where_the_map_says_so(tmp_path):
    data = "id;date;sujet\r\n7;2026-11-20;Accès refusé à l'été\r\n".encode("latin-1")
    columns = {"source": ("id",), "at": ("date",), "symptom": ("sujet",)}
    table = read(tmp_path, data, columns, encoding="latin-1")
    assert table.rows[0][1]["sujet"] == "Accès refusé à l'été"


def test_user_defined_characters_are_those_of_windows(tmp_path):
    """The ends of each range, as Windows has them in Unicode's private use."""
    pairs = {
        b"\xfa\x40": "\ue000", b"\xfe\xfe": "\ue310", b"\x8e\x40": "\ue311", b"\xa0\xfe": "\ueeb7",
        b"\x81\x40": "\ueeb8", b"\x8d\xfe": "\uf6b0", b"\xc8\xfe": "\uf848",
    }  # fmt: skip
    for found, expected in pairs.items():
        data = text().encode("cp950").replace("同步".encode("cp950"), found)
        assert read(tmp_path, data).rows[0][1]["情形"] == f"{expected}很慢"


@pytest.mark.parametrize(
    ("value", "number_format", "seen"),
    [
        (12, "00000", "00012"),
        (12, '"T-"0000', "T-0012"),
        (12.0, "0000", "0012"),
        (12, "General", "12"),
        (12, "0.00", "12"),
        (2026081510000202, "0", "2026081510000202"),
        ("00012", "@", "00012"),
        (datetime(2026, 11, 20, 9, 30), "yyyy/m/d h:mm", "2026-11-20 09:30:00"),
        (True, "General", "True"),
        (None, "00000", ""),
    ],
)
def test_excel_cells_are_read_as_they_are_seen(tmp_path, value, number_format, seen):
    book = openpyxl.Workbook()
    book.active.append(HEAD)
    book.active.append(["A-7", "", value])
    book.active["C2"].number_format = number_format
    book.save(tmp_path / "t.xlsx")
    table = read_table(tmp_path / "t.xlsx", ColumnMap(COLUMNS))
    assert table.rows[0][1]["情形"] == seen


def test_the_first_name_that_the_table_has_is_meant(tmp_path):
    columns = {**COLUMNS, "symptom": ("主旨", "情形", "時間")}
    assert read(tmp_path, text().encode(), columns).named(ColumnMap(columns))["symptom"] == "情形"


MAP = "columns: {source: 編號, at: 時間, symptom: 情形}\n"


def test_a_map_tells_how_the_table_is_written(tmp_path):
    said = "table: {encoding: latin-1, separator: semicolon, header: 3, sheet: '2026'}\n"
    (tmp_path / "m.yml").write_text(MAP + said, "utf-8")
    form = TableForm(encoding="latin-1", separator=";", header=3, sheet="2026")
    assert read_map(tmp_path / "m.yml").table == form


@pytest.mark.parametrize(
    ("wrong", "told", "allowed"),
    [
        ("encoding: utf-9", "table.encoding cannot be utf-9", "cp950"),
        ("separator: dots", "table.separator cannot be dots", "semicolon"),
        ("header: 0", "table.header cannot be 0", "from 1"),
        ("sheet: [a]", "table.sheet cannot be", "a text"),
        ("sheets: a", "there is no field sheets", "sheet"),
    ],
)
def test_what_a_map_cannot_say_of_a_table(tmp_path, wrong, told, allowed):
    (tmp_path / "m.yml").write_text(f"{MAP}table: {{{wrong}}}\n", "utf-8")
    with pytest.raises(UserError) as error:
        read_map(tmp_path / "m.yml")
    (problem,) = error.value.problems
    assert told in problem.message
    assert allowed in str(problem.hint)
    assert problem.place.line == 2
