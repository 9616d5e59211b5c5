"""An edit is judged by the page as the site renders it."""

import re
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown.extensions.tables import TableProcessor

from generated import an_edit_of_each, edits, examples, pages, words
from manualsmith.markdown.action_table import ACTIONS
from manualsmith.markdown.apply_edit import parse_edit, resolve
from manualsmith.markdown.checks.kept_heading_ids import pinned
from manualsmith.markdown.checks.structure import check_structure
from manualsmith.markdown.dialect import DEFAULT, Dialect
from manualsmith.markdown.heading_ids import slugify
from manualsmith.markdown.lost_target import TargetLost
from manualsmith.markdown.reading.leaves import read_leaves
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.page_links import anchors, section_ids
from manualsmith.markdown.reading.source import Span, TextEdit, apply_edits
from manualsmith.markdown.reading.table_cells import pipes
from manualsmith.markdown.rendered.inert import keeps_beside
from manualsmith.markdown.rendered.outside import changed_beside
from manualsmith.markdown.rendered.views import views
from seen import seen

MANUALS = Path(__file__).parents[3] / "manuals"
SHIPPED = [path.read_text(encoding="utf-8") for path in sorted(MANUALS.rglob("*.md"))]


def html(page):
    read = Page(page)
    return DEFAULT.html(read.body.of(page))


def made(page, edit):
    try:
        return resolve(page, parse_edit(edit))
    except TargetLost:
        return None


def lines_of(text, start, end):
    """The blocks that a span touches, as blank lines part them, and the ones right beside them."""
    blanks = [found.span() for found in re.finditer(r"\n[ \t>]*\r?(?=\n)", text)]
    above = [at for at, _ in blanks if at < start]
    below = [at for _, at in blanks if at >= end]
    return text[above[-2] if len(above) > 1 else 0 : below[1] if len(below) > 1 else len(text)]


def strange(before, after, applied):
    """Blocks that were, or are now, and have nothing to do with the lines of the edit."""
    # Text in HTML that is in no block is all one: which part of it changed is not told here.
    was = Counter(one for one in seen(html(before)) if one[0])
    now = Counter(one for one in seen(html(after)) if one[0])
    body = [e for e in applied.edits if e.end >= applied.page.body.start]
    if not body:
        return list(was - now), list(now - was)
    start, end = min(e.start for e in body), max(e.end for e in body)
    grown = len(after) - len(before)
    old = letters(lines_of(before, start, end))
    new = letters(lines_of(after, start, end + grown))
    return (
        [one for one in (was - now) if not shares(one[1], old)],
        [one for one in (now - was) if not shares(one[1], new + old)],
    )


def letters(text):
    return re.sub(r"[\W_]", "", text).casefold()


def shares(text, lines):
    """Whether some of a block's words stand in the lines, in one piece."""
    text = letters(text)
    size = min(2, len(text))
    return any(text[at : at + size] in lines for at in range(len(text) - size + 1))


@examples(300)
@given(st.data())
def test_what_stands_beside_the_target_reads_as_before(data):
    page = data.draw(st.one_of(pages(), st.sampled_from(SHIPPED)))
    edit = data.draw(edits(page))
    applied = made(page, edit)
    if applied is not None:
        assert strange(page, applied.text, applied) == ([], [])


PIECES = [
    "1. 甲\n2. 乙\n   丙\n3. 丁",
    "1. 甲\n\n   乙\n\n2. 丙",
    "- 甲\n- 乙",
    "-   甲\n-   乙",
    "說明：\n1. 甲\n2. 乙",
    "說明：\n| a | b |\n|---|---|\n| 1 | 2 |",
    "| a | b | c |\n|---|---|---|\n| `A` | 二 | `B` |\n| x | | |",
    "[連結][說明] 與 [說明]",
    "[說明]: https://docs.example.org/",
    "<details>\n<summary>舊版</summary>\n\n舊內容\n\n</details>",
    "<div>",
    "</div>",
    "登入 <b>粗</b> 與 `<tenant id>`",
    "    ```\n    甲\n    ```",
    "``` a b c\n甲\n```",
    "~~~\n甲\n~~~",
    "> 甲\n> 乙",
    '!!! note "注意"\n\n    甲',
    "甲  \n乙",
    "甲\n===",
    "乙\n---",
    "*甲* **乙** ***丙*** _丁_",
    "![圖](a.png)",
    "# 登入",
    "## 登入",
    "## 安裝 {#install}",
    "### see [說明][說明]",
]
BRINGS = [
    "新的一步",
    "`Z`",
    "- 項",
    "1. 項",
    "[說明]: https://evil.example.org/",
    "**",
    "`",
    "```",
    "<b>",
    "</details>",
    "<!--",
    "甲\n\n    乙",
    "# 題",
    "---",
    "|",
    "\\",
    "[x](a.md)",
    "{#id}",
    "{: #id }",
]


@st.composite
def odd_pages(draw):
    parts = draw(st.lists(st.sampled_from(PIECES), min_size=2, max_size=7))
    return "# 頁\n\n" + "\n\n".join(parts) + "\n"


@st.composite
def odd_edits(draw, page):
    edit = dict(draw(edits(page)))
    if "text" in edit:
        edit["text"] = draw(st.one_of(st.sampled_from(BRINGS), words))
    return edit


@examples(300)
@given(st.data())
def test_on_pages_that_are_hard_to_read_too(data):
    page = data.draw(odd_pages())
    applied = made(page, data.draw(odd_edits(page)))
    if applied is not None:
        assert strange(page, applied.text, applied) == ([], [])


@examples(400)
@given(st.data())
def test_what_is_not_rendered_could_not_change_it(data):
    text = data.draw(st.one_of(odd_pages(), pages(), st.sampled_from(SHIPPED)))
    page = Page(text)
    start = data.draw(st.integers(page.body.start, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 8)))
    word = data.draw(
        st.sampled_from(
            ["登入", "3.16", "x", "1", "a_b", "按「甲」。", "\n\n新的一段", "www", "2 b"]
        )
    )
    edit = TextEdit(start, end, word)
    if keeps_beside(text, page.source, edit):
        after = Page(apply_edits(text, [edit]))
        check_structure(page, after, Span(start, end))
        whole = read_leaves(html(text)), read_leaves(html(after.text))
        assert changed_beside(page, DEFAULT, *whole, [edit]) is None


@examples(300)
@given(st.data())
def test_a_part_is_judged_as_the_whole_page_is(data):
    text = data.draw(st.one_of(odd_pages(), pages(), st.sampled_from(SHIPPED)))
    page = Page(text)
    start = data.draw(st.integers(page.body.start, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 8)))
    edit = TextEdit(start, end, data.draw(st.one_of(st.sampled_from(BRINGS), words)))
    # headings below keep their ids, as with every edit that is made
    edits = tuple(pinned(page, (edit,), Page(apply_edits(text, [edit]))))
    after = Page(apply_edits(text, edits))
    seen_part = views(page, after, edits)
    part = changed_beside(page, DEFAULT, seen_part.leaves_before, seen_part.leaves_after, edits)
    whole = read_leaves(html(text)), read_leaves(html(after.text))
    assert (part is None) == (changed_beside(page, DEFAULT, *whole, edits) is None)


CASES = {
    "a definition that another section uses": (
        "# 登入\n\n請看[支援][s]。\n\n## 聯絡\n\n打分機。\n\n[s]: https://s.example.org/\n",
        {"action": "delete-section", "section": ["聯絡"]},
        "支援",
    ),
    "a definition that redirects another's link": (
        "# 登入\n\n請看[說明][1]。\n\n[1]: https://d.example.org/\n\n## 聯絡\n\n打分機。\n",
        {
            "action": "append-to-section",
            "section": ["聯絡"],
            "text": "也看[論壇][1]。\n\n[1]: https://forum.example.org/",
        },
        "說明",
    ),
    "the name of a definition": (
        "# 登入\n\n請看[支援]。\n\n[支援]: https://s.example.org/\n",
        {"action": "replace-text", "quote": {"exact": "支援", "prefix": "看["}, "text": "客服"},
        "客服",
    ),
    "the end of an HTML element": (
        "# A\n\n<details>\n<summary>舊</summary>\n\n## 舊版\n\n舊內容\n\n</details>\n\n## 新版\n\n",
        {"action": "delete-section", "section": ["舊版"]},
        "舊版",
    ),
    "an item that becomes a heading": (
        "# 下載\n\n-   先備份\n-   關閉**程式**\n\n完成。\n",
        {"action": "delete-text", "quote": {"exact": "關閉**程式**", "suffix": "\n\n完成"}},
        None,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_refused_with_what_would_change(name):
    page, edit, words_named = CASES[name]
    if words_named is None:
        applied = made(page, edit)
        assert applied is None or "<h2" not in html(applied.text)
        return
    with pytest.raises(TargetLost, match=words_named):
        resolve(page, parse_edit(edit))


RENAMED = {"action": "replace-section", "section": ["安裝"], "heading": "裝起來", "text": "甲"}
DOUBLED = {"action": "insert-section", "section": ["安裝"], "heading": "設定", "text": "甲"}


def test_ids_are_written_only_where_the_site_reads_them():
    page = "# 頁\n\n## 安裝\n\n乙\n"
    with_ids = resolve(page, parse_edit(RENAMED), dialect=DEFAULT)
    without = resolve(page, parse_edit(RENAMED), dialect=Dialect())
    assert "{#安裝}" in with_ids.text
    assert "{" not in without.text


def test_an_id_that_cannot_be_kept_is_not_lost_unseen():
    page = "# 頁\n\n## 安裝\n\n乙\n\n## 設定\n\n丙\n"
    keeps = Dialect(settings={"toc": {"slugify": slugify}})
    with pytest.raises(TargetLost, match="設定"):
        resolve(page, parse_edit(DOUBLED), dialect=keeps)


HEADINGS = {
    "## 安裝": ("安裝", "安裝"),
    "## 安裝 {#install}": ("安裝", "install"),
    "## Use {{ name }} {#x}": None,
    "## see [B][說明]": None,
    "## 按 <kbd>F5</kbd>": None,
    "## a &amp; b": None,
    "## *粗* `碼`": None,
    "安裝\n---": None,
    "##安裝": ("安裝", "安裝"),
    "## Step 1: install ##": None,
    "## 設定\n\n## 設定": None,
}


@pytest.mark.parametrize("line", HEADINGS)
@pytest.mark.parametrize("dialect", ["default", "plain", "numbered"])
def test_headings_and_ids_are_those_of_the_site(line, dialect):
    """Whatever the site makes of a heading, the engine names it so, and knows its id."""
    one = {
        "default": DEFAULT,
        "plain": Dialect(),
        "numbered": Dialect(("toc", "attr_list"), {"toc": {"separator": "_", "permalink": True}}),
    }[dialect]
    page = Page(f"# 頁\n\n{line}\n\n甲\n\n[說明]: https://d.example.org/\n", one)
    there = read_leaves(one.html(page.text)).headings
    assert [(s.title, i) for s, i in zip(page.sections, section_ids(page), strict=True)] == [
        (one.text, one.id) for one in there
    ]
    assert anchors(page) == {one.id for one in there}


def test_what_is_no_heading_to_readers_is_no_section():
    page = Page("# A\n\n<details>\n\n## 舊版\n\n</details>\n\n## 新版\n\n甲\n")
    assert [section.title for section in page.sections] == ["A", "新版"]


NO_LISTS = [
    "說明：\n1. 甲\n2. 乙",
    "1. 甲\n2. 乙：\n\n   ```\n   丙\n   ```\n\n3. 丁",
    "1. 甲\n\n   乙\n\n2. 丙",
    "1. 甲\n\n    ```\n    乙\n    ```\n2. 丙",
    "1. 甲\n\n    ??? note\n        乙\n2. 丙",
]
LISTS = [
    "1. 甲\n2. 乙",
    "說明：\n\n1. 甲\n2. 乙",
    "1. 甲\n\n2. 乙",
    "1. 甲\n\n    丙\n\n2. 乙",
    "1. **甲** [連結](a.md) &amp; `碼`\n2. 乙",
    "1. 甲\n   丁\n2. 乙",
]


@pytest.mark.parametrize("steps", NO_LISTS)
def test_steps_that_readers_see_otherwise_are_not_edited_by_number(steps):
    edit = {"action": "replace-step", "section": ["頁"], "step": 2, "text": "新"}
    with pytest.raises(TargetLost):
        resolve(f"# 頁\n\n{steps}\n", parse_edit(edit))


@pytest.mark.parametrize("steps", LISTS)
def test_steps_that_readers_see_are(steps):
    edit = {"action": "replace-step", "section": ["頁"], "step": 2, "text": "新"}
    assert "2. 新" in resolve(f"# 頁\n\n{steps}\n", parse_edit(edit)).text


NO_TABLES = ["說明：\n| a | b |\n|---|---|\n| 1 | 2 |", "- 項\n| a | b |\n|---|---|\n| 1 | 2 |"]


@pytest.mark.parametrize("table", NO_TABLES)
def test_a_table_that_readers_do_not_see_is_not_edited(table):
    edit = {"action": "set-cell", "section": ["頁"], "row": "1", "column": "b", "text": "3"}
    with pytest.raises(TargetLost):
        resolve(f"# 頁\n\n{table}\n", parse_edit(edit))


@pytest.mark.parametrize("row", ["1", "`A`", "A"])
def test_a_cell_of_one_character_of_code_is_a_cell(row):
    table = "| 按鍵 | 作用 | 同義鍵 |\n|---|---|---|\n| `A` | 全選 | `B` |\n| `C` | 複製 | `D` |\n"
    edit = {"action": "set-cell", "section": ["頁"], "row": row, "column": "按鍵", "text": "`Z`"}
    after = resolve(f"# 頁\n\n{table}", parse_edit(edit)).text
    assert "| `Z` | 全選 | `B` |" in after


@examples(400)
@given(st.text(st.sampled_from(list("`\\|a甲 ")), max_size=14))
def test_cells_are_parted_as_the_site_parts_them(line):
    class Processor(TableProcessor):
        def __init__(self):
            """Nothing of it but how it splits."""

    at, parts = 0, []
    for pipe in pipes(line):
        parts.append(line[at:pipe])
        at = pipe + 1
    assert [*parts, line[at:]] == Processor()._split(line)


def test_a_large_page_is_judged_in_its_part():
    """Seconds, where milliseconds are meant: the machine may be busy."""
    page = "# 頁\n" + "".join(
        f"\n## 第 {n} 節\n\n1. 打開「**設定**」，按 [登入](a.md)。\n2. 等它做完。\n"
        for n in range(400)
    )
    edit = {"action": "replace-step", "section": ["第 200 節"], "step": 2, "text": "按 **完成**。"}
    resolve(page, parse_edit(edit))
    started = time.perf_counter()
    resolve(page, parse_edit({**edit, "section": ["第 300 節"]}))
    assert time.perf_counter() - started < 3


@settings(max_examples=1, database=None, deadline=None)
@given(pages().flatmap(an_edit_of_each))
def test_every_action_is_drawn(drawn):
    others = {"add-page", "move-page", "remove-page", "replace-fact"}  # have tests of their own
    assert {edit["action"] for edit in drawn} | others == set(ACTIONS)
