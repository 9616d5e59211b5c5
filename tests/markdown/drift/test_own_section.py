"""Words are edited in the section that they stood in, not in another one that says the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generated import examples
from manualsmith.markdown import TargetLost, apply
from manualsmith.markdown.reading.page import Page

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


SHARED = [STATUS, "**Owner**: service desk", "short"]
OTHER = ["**Status**: In progress", "new here"]


@st.composite
def drifted(draw):
    """A page, a later one with its sections in another order, and the section of an edit."""
    some = st.booleans()
    count = draw(st.integers(2, 4))
    sections = [
        [
            draw(st.sampled_from([*SHARED, f"only line {n} of section {at}"]))
            for n in range(draw(st.integers(1, 4)))
        ]
        for at in range(count)
    ]
    at = draw(st.integers(0, count - 1))
    sections[at].append(STATUS)
    later = [[OTHER[0] if one == STATUS and draw(some) else one for one in s] for s in sections]
    later = [[one for one in lines if draw(some) or draw(some)] for lines in later]
    for lines in later:
        if draw(some):
            lines.insert(draw(st.integers(0, len(lines))), draw(st.sampled_from(SHARED + OTHER)))
    order = draw(st.permutations(range(count)))
    gap = draw(st.sampled_from(["\n", "\n\n"]))
    return written(sections, range(count), gap), written(later, order, gap), at, count


def written(sections, order, gap):
    parts = (f"## S{n}\n\n{gap.join(sections[n])}" for n in order)
    return "# 頁\n\n" + "\n\n".join(parts) + "\n"


@examples(200)
@given(drifted())
def test_the_other_sections_stay_as_they_are(case):
    base, page, at, count = case
    try:
        got = apply(page, edit(f"S{at}"), base)
    except TargetLost:
        return
    changed = [n for n in range(count) if named(got, f"S{n}") != named(page, f"S{n}")]
    assert changed == [at] or moved(base, page, at, *changed)


def moved(base, page, at, to):
    """Tell whether a line left its section for one that did not have it."""
    before, now = ([named(text, f"S{n}") for n in (at, to)] for text in (base, page))
    return [STATUS in words for words in before + now] == [True, False, False, True]


@pytest.mark.parametrize("section", ["丙案", "丁案"])
def test_a_quote_is_not_taken_from_a_section_that_is_not_named(section):
    """The record names a section that has no such words; on its base, or on the page of today."""
    page = BASE.replace("## 乙案", "## 丁案\n\n沒有那些字。\n\n## 乙案")
    with pytest.raises(TargetLost):
        apply(page, edit(section, "甲案的說明寫在這裡", "新的說明"), BASE)


def test_a_section_is_not_taken_for_one_of_the_same_name_under_another():
    base = "# 頁\n\n## 甲\n\n### 步驟\n\n甲的步驟。\n\n## 乙\n\n### 步驟\n\n乙的步驟。\n"
    page = base.replace("### 步驟\n\n甲的步驟。", "甲沒有步驟了。")
    for action in ("replace-section", "append-to-section"):
        asked = {"action": action, "section": ["甲", "步驟"], "text": "新的。"}
        with pytest.raises(TargetLost):
            apply(page, asked, base)
    with pytest.raises(TargetLost):
        apply(page, {"action": "delete-section", "section": ["甲", "步驟"]}, base)


def test_a_section_that_now_has_the_name_of_another_one_is_not_certain():
    base = "# 頁\n\n## 甲\n\n### 步驟\n\n甲的步驟。\n\n## 乙\n\n### 步驟\n\n乙的步驟。\n"
    page = base.replace("## 乙", "## 丙").replace("## 甲", "## 乙")
    asked = {"action": "append-to-section", "section": ["甲", "步驟"], "text": "新的。"}
    with pytest.raises(TargetLost):
        apply(page, asked, base)
    renamed = base.replace("## 甲", "## 丁")
    assert "甲的步驟。\n\n新的。" in apply(renamed, asked, base)


def test_a_section_is_not_replaced_under_a_name_that_another_one_had():
    """Its own words stand under 乙 now, which the base had too, with words of its own."""
    base = "# 頁\n\n## 甲\n\n甲的說明。\n\n### 步驟\n\n甲的第一步要做這些。\n\n再做那些。\n\n"
    base += "## 乙\n\n乙的說明。\n\n### 步驟\n\n乙的步驟。\n"
    page = base[: base.index("## 乙")].replace("## 甲", "## 乙")
    with pytest.raises(TargetLost):
        apply(page, {"action": "replace-section", "section": ["甲", "步驟"], "text": "新。"}, base)
