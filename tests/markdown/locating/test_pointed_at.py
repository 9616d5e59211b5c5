"""Pointing at a rendered page: every step and cell that ships, and words with markup."""

from html.parser import HTMLParser
from pathlib import Path

import pytest

from manualsmith.markdown.apply_edit import apply
from manualsmith.markdown.locating.pointed_at import (
    cell_pointed_at,
    step_pointed_at,
    step_source,
    words_pointed_at,
)
from manualsmith.markdown.lost_target import TargetLost
from manualsmith.markdown.reading.page import Page
from manualsmith.site.pages.render_page import render_body

MANUALS = Path(__file__).parents[3] / "manuals"
SHIPPED = sorted(MANUALS.rglob("*.md"))


class Shown(HTMLParser):
    """What the desk's script counts on a page: steps and cells, by the heading before them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.steps: list[tuple[str, int, tuple[int, ...], str]] = []
        self.cells: list[tuple[str, int, int, int, str]] = []
        self._anchor, self._lists, self._tables, self._row, self._column = "", 0, 0, 0, 0
        self._stack: list[tuple[str, int]] = []
        self._open: list[tuple[tuple[int, ...], list[str]]] = []
        self._cell: list[str] | None = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag[0] == "h" and tag[1:].isdigit():
            self._anchor, self._lists, self._tables = dict(attrs).get("id", ""), 0, 0
        if tag in ("ol", "ul"):
            self._lists += tag == "ol" and not self._stack
            self._stack.append((tag, 0))
        if tag == "li":
            kind, count = self._stack[-1]
            self._stack[-1] = kind, count + 1
            ordered = all(one == "ol" for one, _ in self._stack)
            self._open.append((tuple(n for _, n in self._stack) if ordered else (), []))
        if tag == "table":
            self._tables, self._row = self._tables + 1, 0
        if tag == "tr":
            self._row, self._column = self._row + 1, 0
        if tag in ("td", "th"):
            self._column, self._cell = self._column + 1, []

    def handle_endtag(self, tag):
        if tag in ("ol", "ul"):
            self._stack.pop()
        if tag == "li":
            way, text = self._open.pop()
            if way:
                self.steps.append((self._anchor, self._lists, way, "".join(text)))
        if tag == "td" and self._cell is not None:
            place = (self._anchor, self._tables, self._row - 1, self._column)
            self.cells.append((*place, "".join(self._cell)))
            self._cell = None

    def handle_data(self, data):
        for _, text in self._open:
            text.append(data)
        if self._cell is not None:
            self._cell.append(data)


def shown(path):
    """Return a page's source, and what stands on it."""
    source = path.read_text("utf-8")
    return source, Shown(render_body(source))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.relative_to(MANUALS).as_posix())
def test_every_step_and_cell_of_the_manuals_can_be_pointed_at(path):
    source, found = shown(path)
    page = Page(source)
    for anchor, number, way, text in found.steps:
        target = step_pointed_at(page, anchor, number, way, text)
        assert step_source(page, anchor, number, way)
        changed = apply(source, {"action": "replace-step", **target, "text": "改成這樣。"})
        assert changed.count("改成這樣。") == 1
    for anchor, number, row, column, text in found.cells:
        target = cell_pointed_at(page, anchor, number, row, column, text)
        changed = apply(source, {"action": "set-cell", **target, "text": "改成這樣"})
        assert changed.count("改成這樣") == 1


def test_the_manuals_have_steps_and_cells_enough_for_that_to_say_something():
    found = [shown(path)[1] for path in SHIPPED]
    assert sum(len(one.steps) for one in found) > 100
    assert sum(len(one.cells) for one in found) > 20


TEXT = """---
title: 頁
---
# 頁

開頭的話。

## 登入

1. 按「**允許**存取」，再看 [說明](a.md#x)。
2. 打開 `cloud.example.org`。

    1. 先按甲。
    2. 再按乙。

!!! note "注意"

    登入之後按「確定」。登入之後按「取消」。

## 表

| 名稱 | 值 |
|------|------|
| 甲 | 1 \\| 2 |
"""


@pytest.mark.parametrize(
    ("anchor", "exact", "prefix", "suffix", "source"),
    [
        ("登入", "允許", "", "", "允許"),
        ("登入", "按「允許存取」", "", "", "按「**允許**存取」"),
        ("登入", "再看 說明", "", "", "再看 [說明"),
        ("登入", "cloud.example.org", "", "", "cloud.example.org"),
        ("登入", "登入之後按", "確定」。", "「取消", "登入之後按"),
        ("登入", "先按甲", "", "", "先按甲"),
        ("登入", "注意", "", "", "注意"),
        ("頁", "開頭的話", "", "", "開頭的話"),
    ],
)
def test_words_are_found_behind_their_markup(anchor, exact, prefix, suffix, source):
    words = words_pointed_at(Page(TEXT), anchor, exact, prefix, suffix)
    assert words.exact == source
    quote = {"exact": words.exact, "prefix": words.prefix, "suffix": words.suffix}
    edit = {"action": "replace-text", "quote": quote, "text": "○○", "section": list(words.section)}
    if "[" not in source:
        assert apply(TEXT, edit).count("○○") == 1


def test_a_part_of_a_word_is_told_by_what_is_around():
    words = words_pointed_at(Page(TEXT), "登入", "example.or")
    quote = {"exact": words.exact, "prefix": words.prefix, "suffix": words.suffix}
    edit = {"action": "replace-text", "quote": quote, "text": "example.net/dr", "section": ["登入"]}
    assert "打開 `cloud.example.net/drg`" in apply(TEXT, edit)


def test_which_of_two_is_told_by_what_is_around():
    words = words_pointed_at(Page(TEXT), "登入", "登入之後按", "", "「取消」")
    quote = {"exact": words.exact, "prefix": words.prefix, "suffix": words.suffix}
    edit = {"action": "replace-text", "quote": quote, "text": "然後按", "section": ["登入"]}
    assert "登入之後按「確定」。然後按「取消」。" in apply(TEXT, edit)


@pytest.mark.parametrize(
    ("anchor", "exact"),
    [
        ("登入", "登入之後按"),
        ("登入", "開頭的話"),
        ("登入", "沒有這句"),
        ("登入", "按「允"),
        ("登入", "  "),
        ("沒有", "允許"),
    ],
)
def test_words_that_are_not_told_for_certain_are_refused(anchor, exact):
    with pytest.raises(TargetLost):
        words_pointed_at(Page(TEXT), anchor, exact)


@pytest.mark.parametrize(
    ("number", "way", "text"),
    [
        (1, (1,), "別的話"),
        (1, (3,), "按「允許存取」，再看說明。"),
        (2, (1,), "按「允許存取」，再看說明。"),
        (0, (1,), "按「允許存取」，再看說明。"),
        (1, (), "按「允許存取」，再看說明。"),
        (1, (1, 1), "先按甲。"),
        (1, (-1,), "打開"),
    ],
)
def test_a_step_that_says_something_else_is_refused(number, way, text):
    with pytest.raises(TargetLost):
        step_pointed_at(Page(TEXT), "登入", number, way, text)


def test_a_step_inside_a_step():
    target = step_pointed_at(Page(TEXT), "登入", 1, (2, 1), "先按甲。")
    assert target == {"step": "2.1", "section": ["頁", "登入"]}
    assert step_source(Page(TEXT), "登入", 1, (2,)) == "打開 `cloud.example.org`。"


def test_a_cell_with_a_pipe_in_it():
    target = cell_pointed_at(Page(TEXT), "表", 1, 1, 2, "1 | 2")
    assert target == {"row": "1", "column": "2", "section": ["頁", "表"]}
    with pytest.raises(TargetLost):
        cell_pointed_at(Page(TEXT), "表", 1, 1, 1, "乙")
