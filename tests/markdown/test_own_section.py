"""Words are edited in the section that they stood in, not in another one that says the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manualsmith.markdown import TargetLost, apply
from manualsmith.markdown.page import Page

STATUS = "**Status**: Provisional"
FIRST = f"## 甲案\n\n{STATUS}\n\n甲案的說明寫在這裡。\n\n"
BASE = f"""# 計畫

## 甲案

{STATUS}

甲案的說明寫在這裡。

## 乙案

**Status**: Draft

乙案的說明寫在這裡。

## 丙案

{STATUS}

丙案的說明寫在這裡。
"""


def edit(section=None, exact=STATUS, text="**Status**: Final"):
    made = {"action": "replace-text", "quote": {"exact": exact}, "text": text}
    around = {"prefix": "## 甲案\n\n", "suffix": "\n\n甲案"} if not section else {}
    made["quote"] |= around
    return {**made, "section": [section]} if section else made


def named(page, title):
    read = Page(page)
    [found] = [one for one in read.sections if one.title == title]
    return found.span(read.source).of(page)


TAKEN = {
    "reworded": BASE.replace(STATUS, "**Status**: In progress", 1),
    "reworded, and its like comes to another section": BASE.replace(
        STATUS, "**Status**: In progress", 1
    ).replace("**Status**: Draft", STATUS),
    "the section holds nothing else": BASE.replace(STATUS, "**Status**: In progress", 1).replace(
        "甲案的說明寫在這裡。\n\n", ""
    ),
    "the section moved to the end": BASE.replace(
        f"## 甲案\n\n{STATUS}\n\n甲案的說明寫在這裡。\n\n", ""
    )
    + "\n## 甲案\n\n**Status**: In progress\n\n甲案的說明寫在這裡。\n",
    "gone from it": BASE.replace(f"{STATUS}\n\n", "", 1),
    "the section is gone": BASE.replace(FIRST, ""),
    "the other one is alike around": BASE.replace(STATUS, "**Status**: In progress", 1)
    .replace("甲案的說明寫在這裡。", "說明。")
    .replace("丙案的說明寫在這裡。", "甲案的說明寫在這裡。"),
}


@pytest.mark.parametrize("page", TAKEN.values(), ids=TAKEN)
@pytest.mark.parametrize("section", ["甲案", None])
def test_it_is_not_taken_from_another_section(page, section):
    assert page != BASE
    with pytest.raises(TargetLost):
        apply(page, edit(section), BASE)


KEPT = {
    "another section before it": BASE.replace("# 計畫\n", f"# 計畫\n\n## 丁案\n\n{STATUS}\n"),
    "the page is renamed": BASE.replace("# 計畫", "# 所有的計畫"),
    "it is renamed": BASE.replace("## 甲案", "## 第一案"),
    "it is parted above the words": BASE.replace(
        "## 甲案\n", "## 甲案\n\n先說這些。\n\n### 狀態\n"
    ),
}


@pytest.mark.parametrize("page", KEPT.values(), ids=KEPT)
def test_it_is_found_where_it_stood(page):
    got = apply(page, edit("甲案"), BASE)
    assert got.count("**Status**: Final\n\n甲案的說明") == 1
    assert got.count(STATUS) == page.count(STATUS) - 1


def test_a_section_of_the_same_name_under_another_one():
    words, now = "按下確定之後再重新啟動電腦。", "按下確定之後再重新開機。"
    base = f"# 頁\n\n## 甲\n\n### 步驟\n\n{words}\n\n## 乙\n\n### 步驟\n\n等一下。\n"
    page = base.replace(words, now).replace("等一下。", f"{words}\n\n等一下。")
    asked = {**edit("步驟", words, "按下確定。"), "section": ["甲", "步驟"]}
    with pytest.raises(TargetLost):
        apply(page, asked, base)


LINES = [
    "**狀態**：草案，還在討論當中。",
    "負責單位是資訊服務台。",
    "短句。",
    "每天檢查一次備份是否完成。",
]
OTHER = ["**狀態**：進行中，還在討論當中。", "完全不同的一行文字放在這裡。", ""]


@st.composite
def drifted(draw):
    """A page, a later one, and the section and line of an edit."""
    lines = st.lists(st.sampled_from(LINES), min_size=1, max_size=3)
    sections = draw(st.lists(lines, min_size=2, max_size=4))
    at = draw(st.integers(0, len(sections) - 1))
    line = draw(st.sampled_from(sections[at]))
    later = [
        [draw(st.sampled_from([text, text, *OTHER])) for text in section] for section in sections
    ]
    for section in later:
        section += draw(st.lists(st.sampled_from([*LINES, *OTHER]), max_size=1))
    return sections, later, at, line


def written(sections):
    bodies = ("\n\n".join(filter(None, lines)) for lines in sections)
    parts = (f"## 第 {n} 節\n\n{body}" for n, body in enumerate(bodies))
    return "# 頁\n\n" + "\n\n".join(parts) + "\n"


@given(drifted())
def test_the_other_sections_stay_as_they_are(case):
    sections, later, at, line = case
    title = f"第 {at} 節"
    asked = {"action": "replace-text", "section": [title], "quote": line, "text": "新的一行文字。"}
    base, page = written(sections), written(later)
    try:
        got = apply(page, asked, base)
    except TargetLost:
        return
    for n in range(len(sections)):
        same = named(got, f"第 {n} 節") == named(page, f"第 {n} 節")
        assert same == (n != at)
    assert sections[at].count(line) == 1
