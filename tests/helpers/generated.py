"""Pages and edits drawn at random, for the property tests."""

import os

from hypothesis import settings
from hypothesis import strategies as st

from manualsmith.markdown import TargetLost, apply
from manualsmith.markdown.reading.page import Page


def examples(count):
    """The settings of a test of so many examples; EXAMPLES=3000 in the environment for more."""
    return settings(max_examples=int(os.environ.get("EXAMPLES", count)), deadline=None)


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
def an_edit_of_each(draw, page):
    """An edit with each action that a page alone can take, its target mostly on the page."""
    read = Page(page)
    sections = [list(section.path) for section in read.sections] or [["登入"]]
    section = draw(st.sampled_from(sections))
    start = draw(st.integers(min(read.body.start, len(page) - 1), len(page) - 1)) if page else 0
    quote = page[start : start + draw(st.integers(1, 20))] or "登入"
    which = draw(st.integers(0, max(0, len(read.lists()) - 1)))
    number = str(draw(st.integers(1, len(read.lists()[which].items) if read.lists() else 1)))
    step = {"step": number, "list": which + 1}
    other = str(draw(st.integers(1, 4)))
    table = draw(st.integers(1, max(1, len(read.tables()))))
    row = str(draw(st.integers(1, 3)))
    cell = {"row": row, "table": table}
    text = draw(new_text)
    position = draw(st.sampled_from(["before", "after"]))
    entry = {"symptom": draw(words), "cause": text, "resolution": [text]}
    near = draw(st.sampled_from([{}, {"section": section}]))
    return [
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
        {"action": "move-step", **step, "to": other, "position": position},
        {"action": "rename-section", "section": section, "heading": draw(words)},
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


def edits(page):
    """One of them."""
    return an_edit_of_each(page).flatmap(st.sampled_from)


def outcome(page, edit):
    """The page after the edit, or None where it was refused. Anything else fails the test."""
    try:
        return apply(page, edit)
    except TargetLost:
        return None
