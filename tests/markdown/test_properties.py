"""What must hold for every page and every edit."""

import re
from contextlib import suppress
from typing import get_args

from hypothesis import example, given, settings
from hypothesis import strategies as st

from manualsmith.errors import UserError
from manualsmith.markdown import TargetLost, apply
from manualsmith.markdown.blocks import parse_blocks
from manualsmith.markdown.edit import Action
from manualsmith.markdown.mentions import find_mentions
from manualsmith.markdown.outline import paths_at
from manualsmith.markdown.page import Page
from manualsmith.markdown.source import Source, Span, TextEdit, apply_edits
from manualsmith.markdown.structure import check_structure, keeps_structure

WORDS = [
    "登入",
    "開啟瀏覽器",
    "按「確定」。",
    "VPN",
    "3.13",
    "**粗體**",
    "`code`",
    "[連結](a.md)",
    "臺北",
    "a|b",
]
words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
line = st.one_of(words, st.text(st.characters(codec="utf-8"), min_size=1, max_size=12))


def indented(text, by="    "):
    return "\n".join(by + part if part else part for part in text.split("\n"))


def numbered(items):
    return "\n".join(f"{number}. {item}" for number, item in enumerate(items, 1))


paragraph = st.lists(words, min_size=1, max_size=3).map("\n".join)
bullets = st.lists(words, min_size=1, max_size=3).map(
    lambda items: "\n".join(f"- {i}" for i in items)
)
fence = st.tuples(st.sampled_from(["```", "~~~"]), paragraph).map(
    lambda p: f"{p[0]}\n{p[1]}\n# x\n1. y\n{p[0]}"
)
table = st.lists(st.tuples(words, words), min_size=1, max_size=3).map(
    lambda rows: (
        "| 甲 | 乙 |\n|---|---|\n"
        + "\n".join(f"| {a} | {b} |".replace("a|b", "a\\|b") for a, b in rows)
    )
)
comment = words.map(lambda text: f"<!-- {text}\n# x\n-->")
leaf = st.one_of(paragraph, bullets, fence, table, comment)
step = st.one_of(words, st.tuples(words, leaf).map(lambda p: f"{p[0]}\n\n{indented(p[1])}\n"))
steps = st.lists(step, min_size=1, max_size=4).map(numbered)
container = st.tuples(
    st.sampled_from(['!!! note "注意"', "??? tip", '=== "Windows"']), st.one_of(leaf, steps)
).map(lambda p: f"{p[0]}\n\n{indented(p[1])}")
block = st.one_of(leaf, steps, container)
heading = st.tuples(
    st.integers(1, 4), st.sampled_from(["登入", "安裝", "安裝 {#id}", "設定 VPN"])
).map(lambda p: f"{'#' * p[0]} {p[1]}")
setext = st.sampled_from(["標題\n===", "小節\n---"])
front = st.sampled_from(["", '---\ntitle: 登入\nenvironment: {software: {a.b: "3.13"}}\n---\n'])


@st.composite
def pages(draw):
    blocks = draw(st.lists(st.one_of(heading, setext, block, steps, table), max_size=8))
    text = draw(front) + "\n\n".join(blocks) + draw(st.sampled_from(["", "\n", "\n\n"]))
    text = text.replace("\n", draw(st.sampled_from(["\n", "\n", "\r\n"])))
    return draw(st.sampled_from(["", "\ufeff"])) + text


RISKY = [
    "```",
    "~~~",
    "````",
    "<div>",
    "<!--",
    "-->",
    "<pre>",
    "</pre>",
    "    # x",
    "  # x",
    "> # x",
    "- # x",
    "",
    "",
    "# x",
    "===",
    "---",
    "[a]: b",
    "\r# x",
    "!!! note",
    "    ```",
    "| a |",
    "|---|",
    "1. x",
    "   ```",
]
new_text = st.one_of(words, block, line)


@st.composite
def edits(draw, page):
    """An edit whose target is mostly on the page."""
    read = Page(page)
    sections = [list(section.path) for section in read.sections] or [["登入"]]
    section = draw(st.sampled_from(sections))
    start = draw(st.integers(min(read.body.start, len(page) - 1), len(page) - 1)) if page else 0
    quote = page[start : start + draw(st.integers(1, 20))] or "登入"
    which = draw(st.integers(0, max(0, len(read.lists()) - 1)))
    number = str(draw(st.integers(1, len(read.lists()[which].items) if read.lists() else 1)))
    step = {"step": number, "list": which + 1}
    table = draw(st.integers(1, max(1, len(read.tables()))))
    row = str(draw(st.integers(1, 3)))
    cell = {"row": row, "table": table}
    text = draw(new_text)
    position = draw(st.sampled_from(["before", "after"]))
    entry = {"symptom": draw(words), "cause": text, "resolution": [text]}
    near = draw(st.sampled_from([{}, {"section": section}]))
    return draw(
        st.sampled_from(
            [
                {"action": "replace-text", "quote": quote, "text": text, **near},
                {"action": "delete-text", "quote": quote, **near},
                {
                    "action": "insert-text",
                    "quote": quote,
                    "text": text,
                    "position": position,
                    **near,
                },
                {
                    "action": "replace-step",
                    **step,
                    "text": text,
                },
                {
                    "action": "insert-step",
                    **step,
                    "text": text,
                    "position": position,
                },
                {
                    "action": "delete-step",
                    **step,
                },
                {"action": "replace-section", "section": section, "text": text},
                {"action": "append-to-section", "section": section, "text": text},
                {
                    "action": "insert-section",
                    "section": section,
                    "heading": draw(words),
                    "text": text,
                },
                {"action": "delete-section", "section": section},
                {
                    "action": "set-cell",
                    "column": row,
                    **cell,
                    "text": text,
                },
                {"action": "add-row", "cells": [text, "x"], **cell},
                {"action": "delete-row", **cell},
                {"action": "add-entry", "entry": entry, **near},
                {"action": "replace-entry", "section": section, "entry": entry},
                {
                    "action": "set-front-matter",
                    "key": ["environment", "software", "a.b"],
                    "value": "3.16",
                },
                {"action": "set-front-matter", "key": ["order"], "value": number},
            ]
        )
    )


def outcome(page, edit):
    """The page after the edit, or None where it was refused. Anything else fails the test."""
    try:
        return apply(page, edit)
    except TargetLost:
        return None


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_only_the_target_changes(data):
    page = data.draw(pages())
    edit = data.draw(edits(page))
    after = outcome(page, edit)
    named = [s for s in Page(page).sections if s.path == tuple(edit.get("section", ()))]
    if after is None or len(named) != 1:
        return
    span = named[0].span(Source(page))
    assert after.startswith(page[: span.start].rstrip())
    assert after.endswith(page[span.end :])


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_headings_elsewhere_stay(data):
    page = data.draw(pages())
    edit = data.draw(edits(page))
    after = outcome(page, edit)
    if after is None or not edit["action"].endswith(("-text", "-step", "-cell", "-row")):
        return
    was = [s.title for s in Page(page).sections]
    now = [s.title for s in Page(after).sections]
    missing = [title for title in was if title not in now]
    assert len(missing) <= 1 or edit["action"].endswith("-text"), (was, now)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_twice_is_once(data):
    """Without its base, a step or row that is deleted by its number is another one next time."""
    page = data.draw(pages())
    edit = data.draw(edits(page))
    once = outcome(page, edit)
    if once is not None and edit["action"] not in ("delete-step", "delete-row"):
        assert outcome(once, edit) in (None, once)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_line_ends_are_the_pages_own(data):
    page = data.draw(pages())
    after = outcome(page, data.draw(edits(page)))
    if after is None or "\r\n" not in page:
        return
    assert after.count("\n") == after.count("\r\n")


@settings(max_examples=400, deadline=None)
@given(
    st.one_of(
        pages(),
        st.lists(st.one_of(heading, line, block, st.sampled_from(RISKY)), max_size=12).map(
            "\n".join
        ),
    )
)
def test_chunks_are_read_as_the_whole_page_is(page):
    read = Page(page)
    whole = parse_blocks(read.body.of(page)) if read.body.start < len(page) else []
    first = read.source.line_of(read.body.start)
    expected = [
        (t.type, t.level, [n + first for n in t.map] if t.map else None, t.content) for t in whole
    ]
    assert [(t.type, t.level, t.map, t.content) for t in read.tokens()] == expected


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_what_is_not_checked_keeps_the_structure(data):
    page = Page(data.draw(pages()))
    tokens = list(re.finditer(r"[\w.\"']+", page.text))
    if not tokens:
        return
    token = data.draw(st.sampled_from(tokens))
    word = data.draw(st.sampled_from(["3.16", "x", "1", "登入", '"3.16"', "a_b"]))
    edit = TextEdit(token.start(), token.end(), word)
    if keeps_structure(page, edit):
        after = Page(apply_edits(page.text, [edit]))
        check_structure(page, after, Span(edit.start, edit.end))
        assert [(t.type, t.map) for t in after.tokens()] == [(t.type, t.map) for t in page.tokens()]


@settings(max_examples=200, deadline=None)
@given(pages())
def test_the_path_over_a_line_is_its_sections(page):
    read = Page(page)
    lines = list(range(read.source.line_count))
    sections = [read.section_at(number) for number in lines]
    assert paths_at(read.chunks, lines) == [s.path if s else () for s in sections]


NASTY = st.text(
    st.sampled_from(
        list(
            "#-+*=>`~|:[](){}!?<>&\\\"'%@0123456789.)abc 　\t\n\r\x00\ufeff甲乙臺"
            "\u2028\u0085\x0b\U0001f600"
        )
    ),
    max_size=80,
)


@settings(max_examples=500, deadline=None)
@given(page=NASTY, data=st.data())
@example(page="- 1. x\n", data=None)
@example(page=">1.\tx\n>2.\ty", data=None)
def test_no_page_raises_anything_but_the_user_error(page, data):
    read = Page(page)
    assert read.source.lines(0, read.source.line_count).of(page) == page.removeprefix("\ufeff")
    edit = {"action": "insert-step", "step": "1", "text": "x"}
    if data is not None:
        edit = data.draw(edits(page))
    with suppress(UserError):
        apply(page, edit)


any_value = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.floats(allow_nan=False)
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
FIELDS = [
    "section",
    "quote",
    "text",
    "step",
    "list",
    "position",
    "row",
    "column",
    "cells",
    "entry",
    "key",
    "value",
    "title",
    "heading",
]
ACTIONS = [model.model_fields["action"].annotation.__args__[0] for model in get_args(Action)]


@settings(max_examples=300, deadline=None)
@given(
    action=st.sampled_from([*ACTIONS, "nonsense"]),
    fields=st.dictionaries(st.sampled_from(FIELDS), any_value, max_size=6),
    page=pages(),
)
def test_no_edit_raises_anything_but_the_user_error(action, fields, page):
    with suppress(UserError):
        apply(page, {"action": action, **fields})


@settings(max_examples=200, deadline=None)
@given(pages())
def test_no_edits_is_the_same_page(page):
    assert apply_edits(page, []) == page


@settings(max_examples=200, deadline=None)
@given(pages(), st.sampled_from(["3.13", "登入", "VPN", "13"]))
def test_a_mention_is_the_value(page, value):
    read = Page(page)
    found = find_mentions(read, value)
    for span in (*found.certain, *found.possible):
        assert span.of(page) == value
        assert span.start >= read.body.start
