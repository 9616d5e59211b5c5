"""An edit is judged by the page as the site renders it."""

import re
from collections import Counter
from pathlib import Path

import pytest
from generated import edits, examples, pages, words
from hypothesis import given
from hypothesis import strategies as st
from seen import seen

from manualsmith.markdown.applying import parse_edit, resolve
from manualsmith.markdown.dialect import DEFAULT
from manualsmith.markdown.lost import TargetLost
from manualsmith.markdown.page import Page
from manualsmith.markdown.rendered.inert import keeps_beside
from manualsmith.markdown.rendered.leaves import read_leaves
from manualsmith.markdown.rendered.outside import changed_beside
from manualsmith.markdown.rendered.views import views
from manualsmith.markdown.source import Span, TextEdit, apply_edits
from manualsmith.markdown.structure import check_structure

MANUALS = Path(__file__).parents[2] / "manuals"
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
    return re.sub(r"\W", "", text).casefold()


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
    after = Page(apply_edits(text, [edit]))
    seen_part = views(page, after, [edit])
    part = changed_beside(page, DEFAULT, seen_part.leaves_before, seen_part.leaves_after, [edit])
    whole = read_leaves(html(text)), read_leaves(html(after.text))
    assert (part is None) == (changed_beside(page, DEFAULT, *whole, [edit]) is None)


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
