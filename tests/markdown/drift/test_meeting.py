"""Two edits of one page, made against the same base: both are made, in either order, alike."""

from itertools import permutations

import pytest

from manualsmith.markdown import TargetLost, apply

PAGE = """# 登入

開頭這裡只有一段。

## 步驟

1. 打開用戶端。
2. 輸入帳號。
3. 按登入。

## 清單

- 甲
- 乙

## 編號

1. 一
2. 二

## 表格

| 系統 | 版本 |
|------|------|
| macOS | 12 |
| Windows | 11 |

## 卡住

**處理步驟**：

1. 等待。

## 結尾

最後一段。
"""


def step(action, number, text=None, **more):
    edit = {"action": action, "section": ["步驟"], "step": number, **more}
    return edit if text is None else {**edit, "text": text}


def entry(symptom):
    return {"action": "add-entry", "entry": {"symptom": symptom, "resolution": ["重新啟動。"]}}


BOTH = {
    "steps at one place": (step("insert-step", 2, "等一下。"), step("insert-step", 2, "看說明。")),
    "after one, before the next": (
        step("insert-step", 2, "等一下。"),
        step("insert-step", 3, "看說明。", position="before"),
    ),
    "a step and a later one": (
        step("insert-step", 1, "先等。"),
        step("replace-step", 3, "按同意。"),
    ),
    "a step and an earlier one": (step("insert-step", 3, "完成。"), step("delete-step", 1)),
    "two steps go": (step("delete-step", 1), step("delete-step", 2)),
    "bullets": (
        {"action": "append-to-section", "section": ["清單"], "text": "- 丁"},
        {"action": "append-to-section", "section": ["清單"], "text": "- 丙"},
    ),
    "numbered items": (
        {"action": "append-to-section", "section": ["編號"], "text": "1. 四"},
        {"action": "append-to-section", "section": ["編號"], "text": "1. 三"},
    ),
    "paragraphs": (
        {"action": "append-to-section", "section": ["結尾"], "text": "第二段。"},
        {"action": "append-to-section", "section": ["結尾"], "text": "另一段。"},
    ),
    "rows at the end": (
        {"action": "add-row", "section": ["表格"], "cells": ["Linux", "6"]},
        {"action": "add-row", "section": ["表格"], "cells": ["Android", "14"]},
    ),
    "rows beside one": (
        {"action": "add-row", "section": ["表格"], "row": "macOS", "cells": ["Linux", "6"]},
        {"action": "add-row", "section": ["表格"], "row": "macOS", "cells": ["Android", "14"]},
    ),
    "a row by number, and one before it": (
        {"action": "set-cell", "section": ["表格"], "row": 2, "column": "版本", "text": "12"},
        {"action": "delete-row", "section": ["表格"], "row": 1},
    ),
    "entries": (entry("連不上"), entry("太慢")),
    "sections": (
        {"action": "insert-section", "section": ["清單"], "heading": "乙節", "text": "文字。"},
        {"action": "insert-section", "section": ["清單"], "heading": "丙節", "text": "文字。"},
    ),
    "sections before and after": (
        {"action": "insert-section", "section": ["清單"], "heading": "乙節", "text": "文字。"},
        {
            "action": "insert-section",
            "section": ["編號"],
            "position": "before",
            "heading": "丙節",
            "text": "文字。",
        },
    ),
    "a heading and what is under it": (
        {"action": "replace-section", "section": ["步驟"], "heading": "第一次登入", "text": "略。"},
        {"action": "append-to-section", "section": ["結尾"], "text": "第二段。"},
    ),
    "words of one line": (
        {"action": "replace-text", "quote": "開頭", "text": "開始"},
        {
            "action": "replace-text",
            "quote": "只有一段。",
            "text": "只有兩段。",
            "section": ["登入"],
        },
    ),
}


@pytest.mark.parametrize("name", BOTH)
def test_both_in_either_order(name):
    first, second = BOTH[name]
    one = apply(apply(PAGE, first), second, PAGE)
    other = apply(apply(PAGE, second), first, PAGE)
    assert one == other
    for edit in (first, second):
        with pytest.raises(TargetLost) as lost:
            apply(one, edit, PAGE)
        assert lost.value.reason in ("already", "missing", "changed")


@pytest.mark.parametrize("texts", ["甲乙丙", "丙甲乙", "乙丙甲", "丙乙甲"])
@pytest.mark.parametrize(
    "edit",
    [
        lambda text: step("insert-step", 2, f"{text}步。"),
        lambda text: entry(f"{text}症狀"),
        lambda text: {"action": "append-to-section", "section": ["清單"], "text": f"- {text}項"},
        lambda text: {"action": "append-to-section", "section": ["結尾"], "text": f"{text}段。"},
        lambda text: {"action": "add-row", "section": ["表格"], "cells": [f"{text}系統", "1"]},
    ],
    ids=["step", "entry", "bullet", "paragraph", "row"],
)
def test_three_in_any_order(texts, edit):
    page = PAGE
    for text in texts:
        page = apply(page, edit(text), PAGE)
    expected = PAGE
    for text in sorted(texts):
        expected = apply(expected, edit(text), PAGE)
    assert page == expected


CONFLICTS = {
    "one step": (step("replace-step", 2, "輸入密碼。"), step("replace-step", 2, "輸入電話。")),
    "a step that goes": (step("replace-step", 2, "輸入密碼。"), step("delete-step", 2)),
    "one cell": (
        {"action": "set-cell", "section": ["表格"], "row": "macOS", "column": 2, "text": "13"},
        {"action": "set-cell", "section": ["表格"], "row": "macOS", "column": 2, "text": "14"},
    ),
    "one section": (
        {"action": "replace-section", "section": ["結尾"], "text": "甲。"},
        {"action": "replace-section", "section": ["結尾"], "text": "乙。"},
    ),
    "a section that goes": (
        {"action": "append-to-section", "section": ["結尾"], "text": "甲。"},
        {"action": "delete-section", "section": ["結尾"]},
    ),
    "the same words": (
        {"action": "replace-text", "quote": "最後一段", "text": "最後兩段"},
        {"action": "replace-text", "quote": "最後一段", "text": "最後三段"},
    ),
    "one entry's cause": (
        {"action": "replace-entry", "section": ["卡住"], "entry": {"resolution": ["甲。"]}},
        {"action": "replace-entry", "section": ["卡住"], "entry": {"resolution": ["乙。"]}},
    ),
}


@pytest.mark.parametrize("name", CONFLICTS)
@pytest.mark.parametrize("turn", [1, -1])
def test_the_same_words_conflict(name, turn):
    first, second = CONFLICTS[name][::turn]
    page = apply(PAGE, first)
    with pytest.raises(TargetLost) as lost:
        apply(page, second, PAGE)
    assert lost.value.reason in ("changed", "missing", "already")
    assert lost.value.reason != "already" or second["action"].startswith("delete")


def test_a_step_number_means_the_base_s():
    page = apply(PAGE, step("insert-step", 1, "先等。"))
    assert "4. 按同意。" in apply(page, step("replace-step", 3, "按同意。"), PAGE)


def test_a_renamed_section():
    page = PAGE.replace("## 步驟", "## 第一次登入")
    assert "3. 按同意。" in apply(page, step("replace-step", 3, "按同意。"), PAGE)


def test_a_section_that_moved():
    start, end = PAGE.index("## 步驟"), PAGE.index("## 清單")
    page = PAGE[:start] + PAGE[end:] + "\n" + PAGE[start:end]
    assert "3. 按同意。" in apply(page, step("replace-step", 3, "按同意。"), PAGE)


def test_a_step_that_was_reworded_is_not_replaced():
    page = PAGE.replace("按登入。", "按「登入」鈕。")
    with pytest.raises(TargetLost) as lost:
        apply(page, step("replace-step", 3, "按同意。"), PAGE)
    assert lost.value.reason == "changed"
    assert "4. 完成。" in apply(page, step("insert-step", 3, "完成。"), PAGE)


def test_a_step_goes_before_its_step_and_not_before_one_that_was_worded_anew():
    """The step above was worded anew: it is no new step that the insertion would belong to."""
    reworded = apply(PAGE, step("replace-step", 1, "開啟程式。"))
    insert = step("insert-step", 2, "選公司。", position="before")
    assert "1. 開啟程式。\n2. 選公司。\n3. 輸入帳號。\n" in apply(reworded, insert, PAGE)
    below = apply(PAGE, step("replace-step", 3, "送出表單。"))
    insert = step("insert-step", 2, "選公司。", position="after")
    assert "2. 輸入帳號。\n3. 選公司。\n4. 送出表單。\n" in apply(below, insert, PAGE)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_worded_step_and_two_new_ones_meet_in_any_order(order):
    edits = [
        step("replace-step", 1, "打開這個用戶端。"),
        step("insert-step", 2, "選公司。", position="before"),
        step("insert-step", 2, "選語言。", position="before"),
    ]
    page = PAGE
    for number in order:
        page = apply(page, edits[number], PAGE)
    assert "1. 打開這個用戶端。\n2. 選公司。\n3. 選語言。\n4. 輸入帳號。\n" in page
