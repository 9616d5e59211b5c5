"""The labels that a page quotes, and a quote that tells each of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manualsmith.markdown.apply_edit import apply
from manualsmith.markdown.checks.front_matter_check import front_problems
from manualsmith.markdown.locating.quoted_labels import (
    is_seen,
    marks_named,
    quoted_labels,
    telling_target,
)
from manualsmith.markdown.reading.page import Page
from manualsmith.settings.label_settings import MARKS

TEXT = """---
title: 「不算」
---
前言按「開始」。

# 頁「標題」 {#a}

1. 按「設定」，再按「**安全性**」。
2. 按「設定」→「設定」。`code「x」` [連「結」](a.md "「標」")

| 鍵 | 作用 |
|----|----|
| 「存檔」 | 按「存 *檔*」 |

<!-- 「隱」 -->
```
「碼」
```
**粗體** 與 ** 不 ** `Save As` "Straight"「有\\_底」「，」
"""


def words(page: Page, *marks: str) -> list[str]:
    return [one.words for one in quoted_labels(page, marks) if is_seen(page, one)]


def test_labels_in_corner_brackets():
    assert words(Page(TEXT), "corner") == [
        "開始", "標題", "設定", "安全性", "設定", "設定", "結", "存檔", "存 檔", "有_底"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("marks", "found"),
    [
        (["bold"], ["安全性", "粗體"]),
        (["code"], ["code「x」", "Save As"]),
        (["straight"], ["Straight"]),
        (["bold", "corner"], None),
    ],
)
def test_labels_in_other_marks(marks, found):
    wanted = found or [*words(Page(TEXT), "corner"), "粗體"]
    assert sorted(words(Page(TEXT), *marks)) == sorted(wanted)


@pytest.mark.parametrize("mark", MARKS)
def test_each_mark_is_found_and_written_again(mark):
    opening, closing = MARKS[mark]
    page = Page(f"# 頁\n\n按{opening}安全性{closing}，再按{opening}登出{closing}。\n")
    assert words(page, mark) == ["安全性", "登出"]
    label = quoted_labels(page, [mark])[0]
    text = label.replaced(label.span.of(page.text), "A|B *c*")
    made = page.text.replace(label.span.of(page.text), text)
    assert words(Page(made), mark)[0] == "A|B *c*"


@pytest.mark.parametrize(
    ("front", "named", "fault"),
    [
        ("label_marks: bold", ("bold",), False),
        ("label_marks: [bold, code]", ("bold", "code"), False),
        ("label_marks:\n  - corner", ("corner",), False),
        ("label_marks: italic", (), True),
        ("label_marks: []", (), True),
        ("label_marks: {bold: yes}", (), True),
    ],
)
def test_a_page_names_its_marks(front, named, fault):
    text = f"---\ntitle: 頁\n{front}\n---\n# 頁\n"
    assert bool(front_problems(text, "a.md")) == fault
    if not fault:
        assert marks_named(text) == named


LINES = st.lists(
    st.sampled_from(
        ["按「設定」。", "按「設定」→「安全性」", "1. 「設定」", "# 「設定」", "", "## 節"]
    ),
    min_size=1,
    max_size=12,
)


@given(lines=LINES)
def test_a_target_tells_each_label_and_its_edit_changes_nothing_else(lines):
    page = Page("\n".join(lines) + "\n")
    for label in quoted_labels(page, ["corner"]):
        section = page.section_at(label.line - 1)
        if section and label.line <= section.body:
            continue  # of headings another action takes care
        target = telling_target(page, section.path if section else None, label.span)
        if target:  # none where the same lines stand twice
            made = apply(page.text, {"action": "replace-text", **target, "text": "「新的」"})
            span = label.span
            assert made == page.text[: span.start] + "「新的」" + page.text[span.end :]
