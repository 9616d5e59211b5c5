"""Paper of an organisation's own: whose form it is, what an auditor looks for, own templates."""

import re
import struct
import zlib
from pathlib import Path

import pytest
from docx import Document

from desks import incident, make_desk, ms, request, said
from gitrepo import commit, make_repo
from manualsmith.layout import CATEGORIES
from manualsmith.paper.forms.form_of_record import form_of
from manualsmith.paper.forms.form_sources import FormSources
from manualsmith.paper.html import form_html
from manualsmith.paper.rich_text import Rich, paragraphs
from manualsmith.records.models.confirmation import parse_confirmation
from manualsmith.text import speaking
from manualsmith.workflow.service.lookup import record_named
from manualsmith.workflow.workspace.open_workspace import open_workspace

ROOT = Path(__file__).parents[2]
SETTINGS = """
[tool.manualsmith.organisation]
name = "示例大學資訊處"
mark = "docs/mark.png"
retention = "三年"
templates = "forms"
roles = { vendor = "原廠" }
[tool.manualsmith.organisation.forms."O2.2.1"]
number = "IT-F-021"
edition = "1.2"
retention = "五年"
signatures = ["受理人", "申請人確認"]
[tool.manualsmith.facts]
"server.version" = { zh-TW = "伺服器版本", en = "Server version" }
"""


def picture(width: int = 4, height: int = 2) -> bytes:
    """Return a red PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\xff\0\0" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.fixture(autouse=True)
def no_language_is_named(monkeypatch):
    """Messages are in English here, and papers in the manuals' language."""
    monkeypatch.delenv("MANUALSMITH_LANG")


@pytest.fixture
def repo(tmp_path):
    made = make_desk(tmp_path)
    commit(made, {"pyproject.toml": SETTINGS, "docs/mark.png": picture()})
    return made


def form(repo: Path, name: str, language: str = "zh-TW"):
    workspace = open_workspace(repo)
    with speaking(language):
        return form_of(record_named(workspace, name), FormSources(workspace))


def field(made, label: str) -> str:
    text = dict(made.fields)[label]
    return "\n".join(one.text for one in paragraphs(text))


def html(repo: Path, name: str, *more: str) -> str:
    file = repo / "out.html"
    assert ms(repo, "export", name, "--out", str(file), "--force", *more) == 0
    text = file.read_text("utf-8")
    file.unlink()
    return text


def test_whose_form_it_is_stands_on_it(repo, capsys):
    name = request(repo, capsys)
    text = html(repo, name)
    assert "示例大學資訊處" in text
    assert 'src="data:image/png;base64,' in text
    assert "img-src data:" in text
    for said_ in ("表單編號：IT-F-021 (O2.2.1)", "版次：1.2", "保存年限：五年", "申請人確認："):
        assert said_ in text
    assert "主管" not in text  # this form has its own
    other = html(repo, incident(repo, capsys, name))
    for said_ in ("表單編號：O2.2.2", "保存年限：三年", "使用者確認：", "主管："):
        assert said_ in other
    assert "版次" not in other

    word = repo / "f.docx"
    assert ms(repo, "export", name, "--format", "docx", "--out", str(word)) == 0
    document = Document(str(word))
    told = "\n".join(one.text for one in document.paragraphs)
    assert "示例大學資訊處" in told
    assert "IT-F-021 (O2.2.1)" in told
    assert len(document.inline_shapes) == 1
    signed = [cell.text for cell in document.tables[-1].rows[0].cells]
    assert [one.split("：")[0] for one in signed] == ["受理人", "申請人確認"]


@pytest.mark.parametrize("data", [None, b"GIF89a", b"<svg/>"])
def test_a_mark_that_is_not_there_or_none_is_told(repo, capsys, data):
    name = request(repo, capsys)
    commit(repo, {"docs/mark.png": data})
    assert ms(repo, "export", name, "--out", str(repo / "f.html")) == 1
    assert "docs/mark.png" in capsys.readouterr().err
    assert not (repo / "f.html").exists()


REQUEST = ("--unit", "教務處", "--channel", "電話", "--category", "帳號", "--item", "網頁版")
REQUEST += ("--impact", "一個單位", "--severity", "high", "--at", "2026-01-05T09:00")


AT_LAST = ("--minutes", "25", "--impact", "全校", "--at", "2026-01-05T13:40")


def test_what_an_auditor_looks_for_on_a_request_and_an_incident(repo, capsys):
    name = request(repo, capsys, "登入不了", *REQUEST)
    empty = form(repo, name)
    for label in ("受理時間", "完成時間", "結案時間", "結果"):
        assert field(empty, label) == ""  # a place to write, and shown
    made = said(capsys, repo, "incident", "open", name, "--at", "2026-01-05T09:10")["record"]["id"]
    moves = [
        ("log", "--note", "換瀏覽器也一樣", "--minutes", "20", "--at", "2026-01-05T09:30"),
        ("escalate", "--to", "vendor", "--reason", "是否已知", "--at", "2026-01-05T10:00"),
        ("answer", "--note", "已修正", "--staff", "原廠", "--at", "2026-01-05T12:00"),
        ("resolve", "--step", "按「登入」", "--cause", "設定 `sso`", *AT_LAST),
        ("explain", "--note", "已說明", "--at", "2026-01-05T14:00"),
    ]
    for move, *options in moves:
        assert ms(repo, "incident", move, made, *options) == 0, capsys.readouterr().err
    record = form(repo, made)
    wanted = {
        "受理時間": "2026-01-05 09:10 UTC+8",
        "完成時間": "2026-01-05 13:40 UTC+8",
        "結案時間": "2026-01-05 14:00 UTC+8",
        "處理時數": "4.5",
        "工時（小時）": "0.8",
        "問題分類": "帳號",
        "設備或服務": "網頁版",
        "影響範圍": "全校",  # as it was known in the end
        "嚴重程度": "高",
        "原因": "設定 sso",
        "處理步驟": "1. 按「登入」",
    }
    assert {label: field(record, label) for label in wanted} == wanted
    tables = {one.title: one.rows for one in record.tables}
    assert tables["申請單"] == (
        (name, "2026-01-05 09:00 UTC+8", "電話", "教務處", ("登入不了", "")),
    )
    course = [(row[2], row[3]) for row in tables["處理經過"]]
    assert ("已轉交（原廠）", "") in course
    assert [minutes for _, minutes in course] == ["", "20", "", "", "25", ""]
    asked = form(repo, name)
    wanted = {
        "反映管道": "電話",
        "單位": "教務處",
        "影響範圍": "一個單位",
        "結案時間": "2026-01-05 14:00 UTC+8",
    }
    assert {label: field(asked, label) for label in wanted} == wanted
    assert field(asked, "結果") == "已說明"
    assert "<code>sso</code>" in html(repo, made)


def test_times_are_in_the_organisations_zone_on_any_machine(repo, capsys, monkeypatch):
    import time

    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    try:
        name = request(repo, capsys, "慢", "--at", "2026-01-05T01:00:00+0000")
        assert field(form(repo, name), "申請時間") == "2026-01-05 09:00 UTC+8"
        other = request(repo, capsys, "慢", "--at", "2026-01-05T09:00")  # as people there write it
        assert field(form(repo, other), "申請時間") == "2026-01-05 09:00 UTC+8"
        new = request(repo, capsys, "慢")
        assert said(capsys, repo, "request", "list")["requests"][0]["at"].endswith("+08:00"), new
        zone = SETTINGS.replace('retention = "三年"', 'timezone = "Asia/Kolkata"')
        commit(repo, {"pyproject.toml": zone})
        assert field(form(repo, name), "申請時間") == "2026-01-05 06:30 UTC+5:30"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_roles_are_the_settings_and_a_record_outlives_them(repo, capsys):
    made = incident(repo, capsys)
    assert ms(repo, "incident", "escalate", made, "--to", "boss", "--reason", "x") == 1
    assert "developer, architect, vendor" in capsys.readouterr().err
    assert ms(repo, "incident", "escalate", made, "--to", "vendor", "--reason", "x") == 0
    listed = said(capsys, repo, "incident", "list", "--waiting-on", "vendor")["incidents"]
    assert [one["id"] for one in listed] == [made]
    commit(repo, {"pyproject.toml": SETTINGS.replace('roles = { vendor = "原廠" }\n', "")})
    assert ms(repo, "incident", "show", made) == 0
    assert "(vendor)" in capsys.readouterr().out


CONFIRMATION = """\
schema: manualsmith/confirmation/v1
id: ENV-2026-0001
date: 2026-11-20
product: nextcloud
staff: S-0412
reported: 登入畫面不同
environment:
  software:
    - {fact: server.version, documented: "30", observed: "31"}
    - {fact: browser.name, observed: Firefox}
checked: [hardware, network]
findings:
  - id: 1
    summary: 按鈕改名
    manual: operation
    page: sign-in.md
    reason: 畫面上是「送出」
    edit:
      action: replace-step
      section: [第一次登入]
      step: 2
      text: 按 **「送出」**，或輸入 `x`。
"""


def test_each_category_is_found_checked_or_not(repo):
    commit(repo, {"records/confirmations/ENV-2026-0001.yaml": CONFIRMATION})
    made = form(repo, "ENV-2026-0001")
    [environment, held, found] = made.tables
    rows = {row[0]: row[1:] for row in environment.rows}
    assert len(rows) == len(CATEGORIES)
    assert rows["硬體"] == rows["網路"] == ("檢視過，沒有要記錄的",)
    assert rows["操作程序"] == rows["操作人員角色"] == ("未檢視",)
    assert environment.rows[1] == ("軟體", "伺服器版本", "30", "31", "")
    assert environment.rows[2] == ("軟體", "瀏覽器", "手冊未寫", "Firefox", "")
    assert held.rows == ()
    assert field(made, "結論") == ("系統環境與手冊不同：1 項。\n建議修正或新增手冊內容：1 處。")
    [(_, page, summary, _, proposed)] = found.rows
    assert (summary, page.endswith(".md")) == ("按鈕改名", False)
    texts = [one.text for one in paragraphs(proposed)]
    assert texts == ["修改步驟：第一次登入 › 第 2 步", "按 「送出」，或輸入 x。"]
    text = html(repo, "ENV-2026-0001")
    assert "<strong>「送出」</strong>" in text
    assert '<td colspan="4"><p>未檢視</p></td>' in text
    own = CONFIRMATION + "conclusion: 按鈕改了名，其餘相符。\n"
    commit(repo, {"records/confirmations/ENV-2026-0001.yaml": own})
    assert field(form(repo, "ENV-2026-0001"), "結論") == "按鈕改了名，其餘相符。"
    parse_confirmation(own.encode(), "f")


def test_a_category_that_is_none_is_told(repo, capsys):
    file = repo / "records/confirmations/ENV-2026-0001.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(CONFIRMATION.replace("[hardware, network]", "[hardware, netwrok]"), "utf-8")
    assert ms(repo, "confirm", "check", str(file)) == 1
    assert ":11:" in (err := capsys.readouterr().err)
    assert "hardware, software, network, roles, procedures" in err


TABS = """\
# 安裝

## 手機 {#phone}

=== "Android"

    1. 開啟商店。
    2. 按「安裝」。

=== "iPhone"

    1. 開啟 App Store。
"""


def test_a_walkthrough_says_why_on_which_text_and_how_it_went(repo, capsys):
    commit(repo, {"manuals/operation/setup.md": "---\nproduct: nextcloud\n---\n" + TABS})
    asked = request(repo, capsys)
    new = ("walkthrough", "new", "--page", "setup.md")
    made = said(capsys, repo, *new, "--request", asked)["record"]["id"]
    first = form(repo, made)
    assert field(first, "輔導時機") == "使用者需求"
    assert field(first, "整體結果") == "尚未做完"
    assert field(first, "頁面") == "安裝"
    assert re.fullmatch(r"2027-01-15 起的頁面（[0-9a-f]{10}）", field(first, "手冊版本"))
    titles = [one.title for one in first.tables[1:]]
    assert titles == ["操作步驟：安裝 › 手機 › Android", "操作步驟：安裝 › 手機 › iPhone"]
    for number, result in enumerate(("as-written", "as-written", "not-applicable"), start=1):
        assert ms(repo, "walkthrough", "step", made, str(number), result) == 0
    assert field(form(repo, made), "整體結果") == "依手冊操作無誤"
    other = said(capsys, repo, *new, "--occasion", "launch")["record"]["id"]
    assert ms(repo, "walkthrough", "step", other, "2", "differs", "--seen", "按「取得」。") == 0
    for number in ("1", "3"):
        assert ms(repo, "walkthrough", "step", other, number, "as-written") == 0
    second = form(repo, other)
    assert field(second, "輔導時機") == "新產品上線"
    assert field(second, "整體結果").startswith("可以完成")

    capsys.readouterr()
    assert ms(repo, "report", "--format", "md") == 0
    report = capsys.readouterr().out
    assert re.search(rf"\| S-0412 \| P2\.1\.1 \| [^|]+ \| 2 \| {made}, {other} \|", report)
    # a step was adjusted there alone
    assert re.search(rf"\| S-0412 \| P2\.1\.2 \| [^|]+ \| 1 \| {other} \|", report)
    assert "| S-0412 | S06 | 簡報能力 | 2 |" in report
    assert "| S-0412 | A04 | 親和力 | 3 |" in report
    assert "K01" not in report  # of T1.1, which nobody did


def test_a_suggestions_form_has_its_date_kind_and_review(repo, capsys):
    commit(repo, {"records/confirmations/ENV-2026-0001.yaml": CONFIRMATION})
    assert ms(repo, "suggest", "--all") == 0
    open_ = form(repo, "ENV-2026-0001-1")
    assert field(open_, "確認日期") == "2026-11-20"
    assert field(open_, "修正或新增") == "修正"
    assert open_.tables[1].rows == (("尚未審查",),)
    assert ms(repo, "review", "reject", "ENV-2026-0001-1", "--reason", "看錯了") == 0
    [row] = form(repo, "ENV-2026-0001-1").tables[1].rows
    assert row[0].endswith("UTC+8")
    assert row[2:] == ("不採用", "看錯了")
    assert not re.search(r"sign-in\.md", html(repo, "ENV-2026-0001-1"))


def test_no_key_or_file_name_stands_on_any_form_of_this_repository(tmp_path):
    tops = [ROOT / top for top in ("manuals", "records", "suggestions")]
    files = [path for top in tops for path in top.rglob("*") if path.is_file()]
    files = [*files, ROOT / "pyproject.toml"]
    held = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in files}
    repo = make_repo(tmp_path, held)
    workspace = open_workspace(repo)
    names = [path.stem for path in sorted((repo / "records").glob("*/*.yaml"))]
    names += [path.stem for path in sorted((repo / "suggestions").glob("*/*.yaml"))]
    assert len(names) > 40
    sources = FormSources(workspace)
    with speaking("zh-TW"):
        for name in names:
            record = record_named(workspace, name)
            text = form_html(form_of(record, sources))
            # the tool's own reason names commits and files, for whoever looks for them
            text = text.replace(getattr(getattr(record, "decision", None), "reason", "") or "–", "")
            cells = re.sub(r"<style>.*?</style>|<[^>]+>", " ", text, flags=re.DOTALL)
            assert not re.search(r"\.md\b|`|\*\*|\b[a-z]+\.(version|type|kind)\b", cells), name


TEMPLATE = """\
<html><head><title>x</title></head><body>
<b>{{ form.organisation }}</b> {{ field["申請人"]|cell }} {{ field["問題"]|text }}
{% for row in form.tables[0].rows %}{{ row[0] }}{% endfor %}
</body></html>
"""


def test_a_template_of_ones_own_replaces_a_form(repo, capsys):
    name = request(repo, capsys, "<b>慢</b>", "--requester", "教務處")
    commit(repo, {"forms/O2.2.1.html": TEMPLATE})
    text = html(repo, name)
    assert "<b>示例大學資訊處</b> <p>教務處</p> &lt;b&gt;慢&lt;/b&gt;" in text
    assert "Content-Security-Policy" in text
    assert "簽名" not in text
    assert "簽名" in html(repo, incident(repo, capsys, name))  # that has none of its own


BAD = {
    "no such field": ("a\n{{ field['無'] }}", "O2.2.1.html"),
    "no such name": ("a\n{{ nothing }}", "nothing"),
    "broken": ("a\nb\n{% for x %}", "O2.2.1.html:3"),
    "reaching inside": ("{{ form.__class__.__mro__ }}", "unsafe"),
    "calling": ("{{ form.fields.__add__.__globals__ }}", "unsafe"),
    "no text": (b"\xff\xfe\x00", "O2.2.1.html"),
    "a file beside": ("{% include 'x' %}", "O2.2.1.html"),
}


@pytest.mark.parametrize("bad", BAD)
def test_a_template_that_cannot_be_is_told(repo, capsys, bad):
    template, told = BAD[bad]
    name = request(repo, capsys)
    commit(repo, {"forms/O2.2.1.html": template})
    assert ms(repo, "export", name, "--out", str(repo / "f.html")) == 1
    err = capsys.readouterr().err
    assert told in err
    assert "forms/O2.2.1.html" in err
    assert not (repo / "f.html").exists()


def test_a_word_template_of_ones_own(repo, capsys, tmp_path):
    name = request(repo, capsys, "甲 & 乙 <丙>", "--detail", "第一行\n第二行")
    own = Document()
    own.add_paragraph("本校 {{ form.organisation }} {{ form.number }}")
    table = own.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text = "{{ field['問題']|text }}"
    table.rows[0].cells[1].text = "{{ field['說明']|text }}"
    file = tmp_path / "own.docx"
    own.save(str(file))
    commit(repo, {"forms/O2.2.1.docx": file.read_bytes()})
    out = ("--format", "docx", "--out", str(repo / "f.docx"), "--force")
    assert ms(repo, "export", name, *out) == 0
    made = Document(str(repo / "f.docx"))
    assert made.paragraphs[0].text == f"本校 示例大學資訊處 {name}"
    assert [cell.text for cell in made.tables[0].rows[0].cells] == [
        "甲 & 乙 <丙>",
        "第一行\n第二行",
    ]
    for data, told in ((b"no zip", "not a Word file"), (b"PK\x03\x04", "not a Word file")):
        commit(repo, {"forms/O2.2.1.docx": data})
        capsys.readouterr()
        assert ms(repo, "export", name, *out) == 1
        err = capsys.readouterr().err
        assert told in err
        assert "forms/O2.2.1.docx" in err


def test_the_template_of_ours_makes_the_form_that_is_made_without_one(repo, capsys):
    name = request(repo, capsys)
    before = html(repo, name)
    capsys.readouterr()
    assert ms(repo, "export", "--template") == 0
    commit(repo, {"forms/O2.2.1.html": capsys.readouterr().out})
    assert html(repo, name) == before


# Markdown, and the paragraphs that paper has of it
WRITTEN = {
    "一行": ["一行"],
    "按 **送出**，`x`": ["按 送出，x"],
    "1. 一\n2. 二\n   - 三": ["1. 一", "2. 二", "• 三"],
    "4. 從四起": ["4. 從四起"],
    "## 標題 {#id}\n\n內文": ["標題", "內文"],
    "| a | b |\n|---|---|\n| 1 | 2 |": ["a｜b", "1｜2"],
    "見 [這裡](x.md)": ["見 這裡"],
    "![圖](x.png)": ["[picture: 圖]"],
    "```\na\nb\n```": ["a", "b"],
    "<b>x</b>": ["<b>x</b>"],
    "一\n二": ["一", "二"],
    "": [],
}


@pytest.mark.parametrize("markdown", WRITTEN)
def test_markdown_as_paper_has_it(markdown):
    assert [one.text for one in paragraphs(Rich(markdown))] == WRITTEN[markdown]
