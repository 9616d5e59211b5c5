"""What is wrong with front matter is told with its place; nothing that is right is."""

from pathlib import Path

import pytest
import yaml  # which MkDocs brings, and reads pages with
from hypothesis import given
from hypothesis import strategies as st
from mkdocs.utils.meta import get_data

from gitrepo import git
from manualsmith.errors import UserError
from manualsmith.markdown.checks.front_matter_check import CATEGORIES, front_problems, page_problems
from manualsmith.markdown.reading.front_matter import read_entries
from manualsmith.markdown.reading.page_environment import own_facts
from manualsmith.records.models.environment import Environment
from parsers import each_parser

__all__ = ["each_parser"]

ROOT = Path(__file__).parents[3]
# front matter, and where each of its faults stands: line and column in the page
FAULTS = {
    "a colon": ("title: 同步問題: 桌面版", "2:12 cannot be read"),
    "a colon further down": ("order: 1\nproduct: x\ntitle: 甲: 乙", "4:9 cannot be read"),
    "a tab": ("title: 甲\n\torder: 1", "3:1 cannot be read"),
    "a quote": ('title: "甲', "3:1 cannot be read"),
    "a bracket": ("keywords: [甲, 乙", "3:1 cannot be read"),
    "a control character": ("title: 甲\x08乙", "2:9 cannot be read"),
    "a list": ("- title: 甲", "2:1 cannot be read: not a mapping"),
    "a text": ("只有文字", "2:1 cannot be read: not a mapping"),
    "an anchor": ("title: &甲 乙", "2:9 cannot be read"),
    "an ASCII anchor": ("title: &a 乙\nproduct: *a", "2:8 cannot be read: anchors"),
    "no such day": ("title: 甲\nreviewed: 2026-02-30", "3:11 cannot be read"),
    "a tag": ("title: 甲\nicon: !material x", "3:7 cannot be read"),
    "a sign": ("title: =", "2:8 cannot be read"),
    "a list as a name": ("title: 甲\n[a]: b", "3:1 a field's name must be a plain text"),
    "twice": ("title: 甲\norder: 1\ntitle: 乙", "4:1 title stands twice, first at p.md:2:1"),
    "twice within": (
        "product: x\nenvironment:\n  software:\n    a.b: 1\n    a.b: 2",
        "6:5 a.b stands twice, first at p.md:5:5",
    ),
    "a title": ("title: {a: b}", "2:8 title must be a text"),
    "no title": ("title:\norder: 1", "2:7 title must be a text"),
    "a product": ("product: [a, b]", "2:10 product must be a text"),
    "environment is a text": ("product: x\nenvironment: 3.13", "3:14 environment must be a map"),
    "environment is a list": ("product: x\nenvironment: [a]", "3:14 environment must be a map"),
    "environment's category": (
        "product: x\nenvironment:\n  softwares: {a: 1}",
        "4:3 there is no field environment.softwares",
    ),
    "environment's facts": (
        "product: x\nenvironment:\n  software: 3.13",
        "4:13 environment.software must be a mapping",
    ),
    "environment's list of facts": (
        "product: x\nenvironment:\n  software:\n    - a: 1",
        "5:5 environment.software must be a mapping",
    ),
    "environment's value": (
        "product: x\nenvironment: {software: {a.b: [1, 2]}}",
        "3:31 environment.software.a.b must be a text",
    ),
    "environment without a value": (
        "product: x\nenvironment:\n  software:\n    a.b:",
        "5:9 environment.software.a.b must be a text",
    ),
    "keywords": ("keywords: {甲: 乙}", "2:11 keywords must be a list of texts"),
    "a keyword": ("keywords: [甲, {乙: 丙}]", "2:15 keywords must be a text"),
    "a keyword with a colon": ("keywords:\n  - 登入: 不了", "3:5 keywords must be a text"),
    "related": ("related: ../operation/a.md", "2:10 related must be a list of texts"),
    "related mapping": ("related: {a: b.md}", "2:10 related must be a list of texts"),
    "related elsewhere": ("related: [b.md, https://x.example/a.md]", "2:17 this is no link"),
    "related no page": ("related: [a.md#b, 登入的問題]", "2:19 this is no link to a page"),
    "related nested": ("related: [[a.md]]", "2:11 this is no link to a page"),
}
WHOLE = {
    "not closed": ("---\ntitle: 甲\n\n# 甲\n", "1:1 the front matter that opens here is not"),
    "with a full-width colon": ("---\ntitle：甲\n# 甲\n", "1:1 the front matter that opens here"),
    "below": ("\n \n---\ntitle: 甲\n---\n# 甲\n", "3:1 front matter must begin on the first line"),
    "no line after": ("---\ntitle: 甲\n---", "3:4 a line break must follow"),
}


def told(text):
    found = []
    for one in front_problems(text, "p.md"):
        found.append(f"{one.place.line}:{one.place.column} {one.message}")
    return found


@pytest.mark.usefixtures("each_parser")
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize(("front", "expected"), FAULTS.values(), ids=FAULTS)
def test_a_fault_in_it(front, expected, bom, newline):
    text = f"{bom}---\n{front}\n---\n\n# 甲\n".replace("\n", newline)
    [found] = told(text)
    place, _, words = expected.partition(" ")
    assert found.startswith(f"{place} ")
    assert words in found


@pytest.mark.parametrize(("text", "expected"), WHOLE.values(), ids=WHOLE)
def test_a_fault_around_it(text, expected):
    [found] = told(text)
    assert found.startswith(expected)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# 甲\n",
        "---\n\n# 分隔線之後\n",
        "---\n\n---\n",
        "文字\n\n---\ntitle: 甲\n---\n",
        "---\n---\n\n# 甲\n",
        "---\n# 只有註解\n---\n# 甲\n",
        "---\ntitle: 甲  # 註解\nkeywords:\nrelated:\nenvironment:\n---\n",
        "---\nkeywords: 一個\nproduct: x\nenvironment: {software: }\n---\n",
        "---\ntitle: 30\nkeywords: [30, 2026-01-01]\nrelated: [../troubleshooting/a.md#甲]\n---\n",
        "---\ntitle: A & B * C\nreviewed: 2026-02-28\nhide: [toc]\ntags: {a: [b]}\n---\n",
        '---\nproduct: x\nenvironment: {roles: {operator.role: 一般}, network: {n: "1"}}\n...\n',
    ],
)
def test_what_is_right_is_not_told(text):
    assert told(text) == []


def test_bytes_that_are_no_text_are_named_with_their_place():
    [found] = page_problems("---\ntitle: 同步\n---\n\n# 同步\n".encode("cp950"), "p.md")
    assert str(found) == "p.md:2:8: not UTF-8 text: byte 0xA6"
    [found] = page_problems("甲乙\n丙丁".encode() + b"\xff", "p.md")
    assert str(found) == "p.md:2:3: not UTF-8 text: byte 0xFF"
    [found] = page_problems("甲\n".encode("utf-16"), "p.md")
    assert found.place.file == "p.md"


def test_the_categories_are_those_of_confirmations():
    assert set(Environment.model_fields) == set(CATEGORIES)


def test_the_shipped_pages_are_right():
    pages = git(ROOT, "ls-files", "manuals", "docs").splitlines()
    found = [p for path in pages if path.endswith(".md") for p in checked(ROOT / path)]
    assert found == []
    assert len(pages) > 20


def checked(path):
    return page_problems(path.read_bytes(), str(path))


WRITTEN = """title: 甲
title: 甲: 乙
title: =
order: 1
order: 2026-13-01
- a
a:
  b: 1
  - c
keywords: [甲
]
environment:
  software:
    x: 3.10
product: x
&a b
key: *a
k: !t v
\t
---
...
# c
'
"""
LINES = st.lists(st.sampled_from(WRITTEN.splitlines()), max_size=6)


@given(LINES)
def test_what_mkdocs_or_we_pass_over_is_told(lines):
    """Where MkDocs publishes front matter as text, or facts vanish, the check has said so."""
    text = "---\n" + "\n".join([*lines, "---", "", "# 甲", ""])
    if told(text):
        return
    body, values = get_data(text)
    front = text[4:].partition("\n---\n")[0] if "...\n" not in text else ""
    if front and yaml.safe_load(front) is not None:
        assert values
        assert not body.startswith("---")
    try:
        read_entries(text)
    except ValueError as error:
        raise AssertionError("facts would vanish without a word") from error
    stated = values.get("environment") or {}
    assert len(own_facts(text)) == sum(len(found or ()) for found in stated.values())


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("---\n---\n# 甲\n", []),
        ("---\n\n---\n# 甲\n", []),
        ("---\n---\ntitle: 甲\n---\n# 甲\n", [("title",)]),
        ("---\ntitle: 甲\n---\n# 甲\n", [("title",)]),
    ],
)
def test_an_end_right_under_the_beginning_is_none(text, keys):
    """MkDocs looks for the end below the first line, whatever that says."""
    assert list(read_entries(text)) == keys
    assert sorted(get_data(text)[1]) == [key for (key,) in keys]


def test_a_page_that_is_no_text_raises_for_who_needs_it():
    from manualsmith.markdown.reading.source import decode

    with pytest.raises(UserError, match=r"p\.md:1:2"):
        decode("甲".encode() + b"\xff", "p.md")
