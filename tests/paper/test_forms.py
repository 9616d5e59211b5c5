"""The six forms: every field of the record stands there, in Chinese, as HTML, PDF and Word."""

import re
import zlib
from pathlib import Path

import pytest
from docx import Document

from gitrepo import commit, git
from manualsmith.cli.group import run
from manualsmith.layout import RECORDS
from manualsmith.workflow.workspace.open_workspace import open_workspace

ROOT = Path(__file__).parents[2]
SIX = {
    "ENV-2026-0003": ("系統環境確認書", "O1.1.1", "Windows 11"),
    "ENV-2026-0003-1": ("操作手冊建議修正紀錄", "O1.2.1", "在檔案總管上方按「…」"),
    "ENV-2026-0008-1": ("障礙排除手冊建議修正紀錄", "O1.2.2", "請管理人員解除鎖定"),
    "WLK-2026-0003": ("操作方式確認表", "O2.1.1", "新版多了「自訂權限」"),
    "REQ-2026-0034": ("異常處理申請單", "O2.2.1", "檔案約 5 GB"),
    "INC-2026-0002": ("異常處理紀錄表", "O2.2.2", "架構規劃師"),
}


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    """The manuals and records of this repository, with its suggestions made."""
    folder = tmp_path_factory.mktemp("ours")
    git(folder, "init", "-q", "-b", "main")
    for key, value in (("user.name", "t"), ("user.email", "t@example.org")):
        git(folder, "config", key, value)
    files = {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for top in ("manuals", "records")
        for path in (ROOT / top).rglob("*")
        if path.is_file()
    }
    commit(folder, files)
    assert run(["-C", str(folder), "suggest", "--all"]) == 0
    return folder


@pytest.fixture(autouse=True)
def no_language_is_named(monkeypatch):
    monkeypatch.delenv("MANUALSMITH_LANG")


def export(ours, record, form, out):
    return run(["-C", str(ours), "export", record, "--format", form, "--out", str(out)])


@pytest.mark.parametrize("record", SIX)
def test_each_form_in_html_and_word(ours, tmp_path, record):
    title, output, held = SIX[record]
    page, document = tmp_path / "f.html", tmp_path / "f.docx"
    assert export(ours, record, "html", page) == 0
    html = page.read_text("utf-8")
    for text in (f"<h1>{title}</h1>", output, f"編號：{record}", held, "承辦人員", 'lang="zh-Hant'):
        assert text in html
    assert not re.search(r"<script|https?://|src=|[a-z]_name\b|None\b", html)
    assert export(ours, record, "docx", document) == 0
    word = Document(str(document))
    cells = [c.text for table in word.tables for row in table.rows for c in row.cells]
    told = "\n".join([*(paragraph.text for paragraph in word.paragraphs), *cells])
    for text in (title, output, record, held, "主管"):
        assert text in told
    assert "PAGE" in word.sections[0].footer._element.xml


def test_a_form_is_in_english_where_that_is_named_and_no_locale_is_enough(
    ours, tmp_path, monkeypatch
):
    page, document = tmp_path / "f.html", tmp_path / "f.docx"
    monkeypatch.setenv("MANUALSMITH_LANG", "en")
    for record in SIX:
        assert export(ours, record, "html", page) == 0
        html = page.read_text("utf-8")
        for text in ('<html lang="en">', f"No.: {record}", "Supervisor: ", '"page " counter(page)'):
            assert text in html
        assert not re.search("編號|承辦|頁，共|嚴重程度|系統環境", html)
        page.unlink()
    assert export(ours, "INC-2026-0002", "docx", document) == 0
    word = Document(str(document))
    assert word.paragraphs[0].text == "Incident record"
    monkeypatch.delenv("MANUALSMITH_LANG")
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    assert export(ours, "INC-2026-0002", "html", page) == 0
    assert "異常處理紀錄表" in page.read_text("utf-8")


def streams(data):
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
        try:
            yield zlib.decompress(found[1])
        except zlib.error:
            continue


@pytest.mark.parametrize("record", ["INC-2026-0002", "ENV-2026-0003"])
def test_a_pdf_holds_its_chinese_fonts(ours, tmp_path, record):
    file = tmp_path / "f.pdf"
    assert export(ours, record, "pdf", file) == 0
    data = file.read_bytes()
    assert data.startswith(b"%PDF-")
    embedded = re.findall(rb"/FontFile[23]?\b|/Subtype\s*/Type3", data)
    assert embedded
    # each glyph leads back to its character, so that text can be searched and copied
    characters = b"".join(streams(data))
    for letter in SIX[record][0]:
        assert f"<{ord(letter):04X}>".encode() in characters


def test_no_file_is_written_over(ours, tmp_path, capsys):
    file = tmp_path / "f.html"
    file.write_text("mine")
    assert export(ours, "REQ-2026-0034", "html", file) == 1
    assert "--force" in capsys.readouterr().err
    assert file.read_text() == "mine"
    assert export(ours, "REQ-2026-9999", "html", tmp_path / "g.html") == 1
    assert "REQ-2026" in capsys.readouterr().err


def test_without_a_browser_it_says_what_helps(ours, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("PATH", "/usr/bin-none")
    monkeypatch.delenv("CHROMIUM", raising=False)
    from manualsmith.errors import UserError
    from manualsmith.paper import pdf

    monkeypatch.setattr(pdf, "_PLACES", ())
    with pytest.raises(UserError, match="Chromium"):
        pdf.write_pdf("<p>", tmp_path / "f.pdf")


def test_what_a_record_holds_is_text(ours, tmp_path):
    from manualsmith.paper.forms.form_of_record import form_of
    from manualsmith.paper.forms.form_sources import FormSources
    from manualsmith.paper.html import form_html
    from manualsmith.records.models.request import Request

    nasty = '<script>alert(1)</script>" onload=x'
    record = Request.model_validate(
        {"id": "REQ-2026-0001", "at": "2026-11-20", "product": "p", "symptom": nasty}
    )
    html = form_html(form_of(record, FormSources(open_workspace(ours))))
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_every_kind_of_record_has_a_form():
    assert {name[:3] for name in SIX} == set(RECORDS)


def test_the_report_of_this_repository(ours, tmp_path, capsys):
    capsys.readouterr()
    assert run(["-C", str(ours), "report", "--staff", "S-0398", "--format", "md"]) == 0
    text = capsys.readouterr().out
    assert re.search(r"\| S-0398 \| P2\.2\.4 \| [^|]*追蹤處理情形 \| 1 \| INC-2026-0002 \|", text)
    assert re.search(r"\| S-0398 \| P1\.2\.2 \| [^|]+ \| 1 \|", text)
    assert "S-0412" not in text.partition("P1.1.1")[2]
    files = {form: tmp_path / f"r.{form}" for form in ("html", "csv", "xlsx")}
    for form, file in files.items():
        assert run(["-C", str(ours), "report", "--format", form, "--out", str(file)]) == 0
    html = files["html"].read_text("utf-8")
    assert html.count("<svg") == 1
    assert not re.search(r"<script|https?://", html)
    assert files["csv"].read_bytes().startswith(b"\xef\xbb\xbf")
    assert "INC-2026-0009" in files["csv"].read_text("utf-8")
    import openpyxl

    book = openpyxl.load_workbook(files["xlsx"])
    assert len(book.worksheets) == 10
    assert book.worksheets[0]["A2"].value == "2025-12"
    assert run(["-C", str(ours), "report", "--format", "xlsx"]) == 2


def test_figures_of_a_period(ours):
    from datetime import date

    from manualsmith.workflow.reports.period_report import ReportPeriod, figures

    workspace = open_workspace(ours)
    whole = figures(workspace, ReportPeriod())
    assert whole.counts["request"] == 16
    assert whole.counts["incident"] == 12
    assert [one.id for one, _ in whole.escalations] == ["INC-2026-0009", "INC-2026-0010"]
    assert [level for _, level in whole.escalations] == ["developer", "architect"]
    assert {use.entry: use.worked for use in whole.used}["sign-in.md#顯示「太多要求」"] == 1
    assert whole.missing[0].requests == 2
    october = figures(workspace, ReportPeriod(date(2026, 10, 1), date(2026, 10, 31)))
    assert october.counts["incident"] == 5
    assert set(october.months) == {"2026-10"}
    assert figures(workspace, ReportPeriod(product="other")).counts["request"] == 0


def test_a_spreadsheet_runs_no_formula_of_ours(tmp_path):
    import openpyxl

    from manualsmith.paper.sheets import Sheet, as_csv, write_xlsx

    sheet = Sheet("表", ("a",), (("=1+1",), ("@x",), ("-2",), ("文",), (3,)))
    assert "'=1+1" in as_csv([sheet])
    write_xlsx([sheet], tmp_path / "f.xlsx")
    cell = openpyxl.load_workbook(tmp_path / "f.xlsx").worksheets[0]["A2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_a_share_is_drawn_on_the_whole_of_it():
    from manualsmith.paper.sheets import Sheet, chart_svg

    def tallest(most):
        svg = chart_svg(Sheet("表", ("月份", "%"), (("2026-11", 25), ("2026-12", 50)), True, most))
        return max(float(one) for one in re.findall(r'<rect[^>]* height="([\d.]+)"', svg))

    assert tallest(100) == tallest(None) / 2
