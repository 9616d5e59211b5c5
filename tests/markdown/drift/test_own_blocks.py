"""A list, a table or a tab that an edit names is never exchanged for another one."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manualsmith.markdown import TargetLost, apply
from manualsmith.markdown.apply_edit import parse_edit, resolve
from manualsmith.markdown.drift.same_block import Block, owned
from manualsmith.markdown.locating.counted import lists_in
from manualsmith.markdown.reading.page import Page

ANDROID = ["安裝 App。", "打開，輸入網址。", "在瀏覽器輸入密碼。", "按「允許」。"]
IPHONE = ["從 App Store 安裝。", "打開，輸入網址。", "在網頁輸入密碼。", "按「允許」。"]
WRAPPED = {
    "tabs": ('=== "Android"\n\n', '=== "iPhone"\n\n', "    "),
    "notes": ('!!! note "Android"\n\n', '!!! note "iPhone"\n\n', "    "),
    "lines before": ("在 Android：\n\n", "在 iPhone：\n\n", ""),
    "nothing": ("", "<!-- -->\n\n", ""),
    "subsections": ("### Android\n\n", "### iPhone\n\n", ""),
}


def numbered(steps, inset=""):
    return "".join(f"{inset}{n}. {text}\n" for n, text in enumerate(steps, 1))


def rows(steps, inset=""):
    lines = ["| 步驟 | 說明 |", "|---|---|", *(f"| {text} | 照做 |" for text in steps)]
    return "".join(f"{inset}{line}\n" for line in lines)


def two(way, android, iphone, form=numbered):
    first, second, inset = WRAPPED[way]
    text = f"# 手機\n\n## 登入\n\n{first}{form(android, inset)}\n{second}{form(iphone, inset)}"
    return f"{text}\n## 完成\n\n結束。\n"


def step(action, number, text=None, **more):
    edit = {"action": action, "section": ["登入"], "list": 1, "step": str(number), **more}
    return edit if text is None else {**edit, "text": text}


EDITS = {
    "reworded": step("replace-step", 3, "新的字。"),
    "put in before": step("insert-step", 3, "新的字。", position="before"),
    "put in after": step("insert-step", 3, "新的字。"),
    "taken out": step("delete-step", 3),
}
# What others made of the Android list: the step is gone from it, and its likes stand in the other.
ELSEWHERE = {
    "its neighbours stand in the other list": ["甲。", "乙。", "丙。", "丁。"],
    "two are reworded": [ANDROID[0], "改一。", "改二。", ANDROID[3]],
    "it is gone": [ANDROID[0], ANDROID[1], ANDROID[3]],
}


@pytest.mark.parametrize("way", WRAPPED)
@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("now", ELSEWHERE)
def test_a_step_is_not_looked_for_in_another_list(way, edit, now):
    base = two(way, ANDROID, IPHONE)
    for iphone in (IPHONE, ANDROID[:1] + IPHONE[1:], [*IPHONE[:2], ANDROID[2], IPHONE[3]]):
        base = two(way, ANDROID, iphone)
        page = two(way, ELSEWHERE[now], iphone)
        with pytest.raises(TargetLost):
            apply(page, EDITS[edit], base)


@pytest.mark.parametrize("way", WRAPPED)
@pytest.mark.parametrize("edit", EDITS)
def test_a_step_is_found_in_its_own_list(way, edit):
    base = two(way, ANDROID, IPHONE)
    page = two(way, ["先讀說明。", *ANDROID[:3], "完成。"], IPHONE)
    got = apply(page, EDITS[edit], base)
    assert got != page
    assert got.endswith(page[page.index(IPHONE[0]) :])


@pytest.mark.parametrize("way", WRAPPED)
def test_what_another_list_says_is_not_there_already(way):
    """The other list has the words that a step is to get: that says nothing of this one."""
    base = two(way, ANDROID, [*IPHONE[:2], "新的字。", IPHONE[3]])
    page = two(way, ["甲。", "乙。", "丙。", "丁。"], [*IPHONE[:2], "新的字。", IPHONE[3]])
    with pytest.raises(TargetLost) as lost:
        apply(page, EDITS["reworded"], base)
    assert lost.value.reason != "already"


ROWS = [
    {"action": "set-cell", "table": 1, "row": "2", "column": "說明", "text": "新"},
    {"action": "delete-row", "table": 1, "row": "2"},
    {"action": "add-row", "table": 1, "row": "2", "cells": ["新", "新"]},
]


@pytest.mark.parametrize("way", WRAPPED)
@pytest.mark.parametrize("edit", ROWS)
def test_a_row_is_not_looked_for_in_another_table(way, edit):
    edit = {**edit, "section": ["登入"]}
    base = two(way, ANDROID, IPHONE, rows)
    page = two(way, ["甲。", "乙。", "丙。"], IPHONE, rows)
    with pytest.raises(TargetLost):
        apply(page, edit, base)
    page = two(way, ["先讀說明。", *ANDROID[:3]], IPHONE, rows)
    got = apply(page, edit, base)
    assert got.endswith(page[page.index(IPHONE[0]) :])


@pytest.mark.parametrize("way", WRAPPED)
def test_a_table_that_is_gone_is_not_another_one(way):
    edit = {**ROWS[0], "section": ["登入"]}
    base = two(way, ANDROID, IPHONE, rows)
    _, second, inset = WRAPPED[way]
    page = (
        f"# 手機\n\n## 登入\n\n沒有表格了。\n\n{second}{rows(IPHONE, inset)}\n## 完成\n\n結束。\n"
    )
    with pytest.raises(TargetLost):
        apply(page, edit, base)


def test_a_tab_that_was_renamed_keeps_its_steps():
    base = two("tabs", ANDROID, IPHONE)
    page = base.replace('"Android"', '"Android 手機"').replace("1. 安裝 App。", "1. 先安裝 App。")
    assert "    3. 新的字。\n" in apply(page, EDITS["reworded"], base)


def test_a_list_that_became_two_tabs_is_neither():
    base = "# 頁\n\n## 登入\n\n" + numbered(ANDROID)
    page = two("tabs", ANDROID, IPHONE)
    edit = {**EDITS["reworded"]}
    with pytest.raises(TargetLost):
        apply(page.replace(ANDROID[2], "改過。"), {**edit, "step": "4"}, base)


def test_a_list_that_was_parted_keeps_its_steps():
    base = "# 頁\n\n## 登入\n\n" + numbered(ANDROID)
    parted = "# 頁\n\n## 登入\n\n" + numbered(ANDROID[:2]) + "\n接著：\n\n" + numbered(ANDROID[2:])
    assert "\n接著：\n\n1. 新的字。\n" in apply(parted, EDITS["reworded"], base)


def test_a_substep_is_not_looked_for_under_another_step():
    inner = (
        "1. 甲步。\n\n    1. 打開。\n    2. 按鈕。\n\n2. 乙步。\n\n    1. 打開。\n    2. 按鈕。\n"
    )
    base = "# 頁\n\n## 登入\n\n" + inner
    page = base.replace("打開。\n    2. 按鈕。", "改了。\n    2. 換了。", 1)
    for number in ("1.1", "1.2"):
        with pytest.raises(TargetLost):
            apply(page, step("replace-step", number, "新的字。"), base)
    assert (
        apply(base.replace("甲步。", "甲步！"), step("replace-step", "1.1", "新。"), base).count(
            "    1. 新。\n"
        )
        == 1
    )


def test_a_quoted_word_holds_where_a_step_was_worded_anew():
    base = "# 頁\n\n## 登入\n\n" + numbered(ANDROID)
    page = base.replace("在瀏覽器輸入密碼。", "在瀏覽器裡輸入。")
    edit = step("insert-step", 3, "新的字。", position="before")
    assert "3. 新的字。\n4. 在瀏覽器裡輸入。" in apply(page, {**edit, "quote": "瀏覽器"}, base)
    with pytest.raises(TargetLost):
        apply(page, {**edit, "quote": "密碼"}, base)


@st.composite
def together(draw):
    """Edits of one list that do not meet, and lists beside it that hold the same steps."""
    texts = draw(st.lists(st.sampled_from("甲乙丙丁戊己庚"), min_size=3, max_size=5, unique=True))
    steps = [f"{text}步驟。" for text in texts]
    edits, changed = [], set()
    for name in draw(st.lists(st.sampled_from("ABCDE"), min_size=2, max_size=4, unique=True)):
        at = draw(st.integers(1, len(steps)))
        side = draw(st.sampled_from(["before", "after"]))
        kinds = ["insert-step"] if at in changed else ["insert-step", "replace-step", "delete-step"]
        kind = draw(st.sampled_from(kinds))
        text = f"{draw(st.sampled_from(['全新', name]))}{name}。"
        if kind == "insert-step":
            edits.append(step(kind, at, text, position=side))
        elif kind == "replace-step" or len(changed) + 2 < len(steps):
            changed.add(at)
            edits.append(step(kind, at, text) if kind == "replace-step" else step(kind, at))
    other = [draw(st.sampled_from([text, f"另{text}"])) for text in steps]
    way = draw(st.sampled_from(list(WRAPPED)))
    return way, steps, other, edits


@given(together())
def test_edits_of_one_confirmation_meet_in_any_order(case):
    way, steps, other, edits = case
    base = two(way, steps, other)
    if way == "nothing" and steps == other:
        return  # two lists that nothing tells apart
    results = set()
    for order in list(permutations(edits))[:24]:
        page, done = base, []
        for edit in order:
            asked = parse_edit(edit)
            page = resolve(page, asked, base, beside=lambda made=tuple(done): made).text
            done.append(asked)
        results.add(page)
        assert page.endswith(base[base.rindex(numbered(other, WRAPPED[way][2])) :])
    assert len(results) <= 1
    assert all(len(lists_in(Page(text), ["登入"])) == 2 for text in results)


A, B = Block((), "甲：", ("一", "二", "三")), Block((), "乙：", ("一", "二", "四"))


@pytest.mark.parametrize(
    ("new", "found"),
    [
        ([A, B], [0]),
        ([B, A], [1]),
        ([B], []),
        ([A], [0]),
        ([Block((), "甲：", ("一", "五")), B], [0]),
        ([Block((), "丙：", ("一", "二")), B], [0]),
        ([Block((), "丙：", ("一", "三")), B], [0]),
        ([Block((), "", ("一", "二")), Block((), "", ("三",)), B], [0, 1]),
        ([Block((), "甲：", ("一",)), Block((), "", ("二", "三")), B], [0, 1]),
        ([Block(("甲",), "", A.items), Block(("乙",), "", A.items)], []),
        ([Block((), "", A.items), Block((), "", A.items), B], []),
    ],
)
def test_which_blocks_are_the_base_s(new, found):
    assert owned([A, B], new, 0) == found


def test_a_tab_that_is_there_is_no_other_tab_that_got_its_name():
    old = [Block(("甲",), "", ("一", "二")), Block(("乙",), "", ("三",))]
    new = [Block(("乙",), "", ("一", "二"))]
    assert owned(old, new, 0) == []
    assert owned(old, [Block(("丙",), "", ("一", "二")), old[1]], 0) == [0]
