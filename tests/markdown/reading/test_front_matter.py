"""A value that is set in front matter reads as it was meant, and nothing else changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manualsmith.markdown.reading.front_matter import (
    BadFrontMatter,
    append_value,
    list_entries,
    read_entries,
    set_value,
)
from manualsmith.markdown.reading.source import apply_edits
from parsers import without_c

FRONTS = {
    "plain": ("title: 甲\nnext: x", "title: 乙\nnext: x"),
    "in quotes": ("title: '甲'  # 註解\nnext: x", "title: '乙'  # 註解\nnext: x"),
    "in double quotes": ('title: "甲"\nnext: x', 'title: "乙"\nnext: x'),
    "empty": ("title:\nnext: x", "title: 乙\nnext: x"),
    "empty, with a comment": ("title:  # 註解\nnext: x", "title: 乙  # 註解\nnext: x"),
    "a block": ("title: |-\n  甲\n\n# 註解\nnext: x", "title: 乙\n\n# 註解\nnext: x"),
    "the last block": ("next: x\ntitle: >\n  甲", "next: x\ntitle: 乙"),
    "none": ("next: x", "next: x\ntitle: 乙"),
    "in braces": ("{title: 甲, next: x}", "{title: 乙, next: x}"),
    "none in braces": ("{next: x}", "{next: x, title: 乙}"),
}


def page_of(front):
    return f"---\n{front}\n---\n\n# 甲\n"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize(("front", "after"), FRONTS.values(), ids=FRONTS)
def test_a_value_is_set_in_the_style_that_is_there(front, after, bom, newline):
    page, expected = (bom + page_of(one).replace("\n", newline) for one in (front, after))
    edits = set_value(page, ("title",), "乙")
    assert apply_edits(page, edits) == expected
    with without_c():
        assert set_value(page, ("title",), "乙") == edits


HARD = st.sampled_from(
    ["- a", "-", "a: b", "a:", "a #b", "#", "%a", "~", "null", "true", "3.10", "2026-11-20", "a\nb",
     "'", '"', "a'b", "\\", "a ", " a", "@a", "[a]", "{", "*a", "&a", "!a", "|", ">", "a, b", "？",
     "\u2028", "\x85", "\u202e", "😀", "---", "...", "=", "<<", ""]
)  # fmt: skip
VALUES = HARD | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=9)
KEYS = st.sampled_from([("title",), ("a", "b"), ("environment", "software", "client.version")])


@given(st.sampled_from([front for front, _ in FRONTS.values()]), KEYS, VALUES)
def test_any_value_reads_as_it_was_set(front, key, value):
    page = page_of(front)
    after = apply_edits(page, set_value(page, key, value))
    before, found = read_entries(page), read_entries(after)
    assert found[key].value == value
    assert {k: e.value for k, e in found.items() if k != key} == {
        k: e.value for k, e in before.items() if k != key
    }


LISTS = ["keywords: [甲]", "keywords: []", "keywords: 甲", "keywords:\n  - 甲\n\na: b", "a: b"]


@given(st.sampled_from(LISTS), VALUES)
def test_any_value_is_added_to_a_list(front, value):
    page = page_of(front)
    listed = [entry.value for entry in list_entries(page, "keywords")]
    after = apply_edits(page, append_value(page, "keywords", value))
    expected = listed if value in listed else [*listed, value]
    assert [entry.value for entry in list_entries(after, "keywords")] == expected


def test_a_value_has_no_place_within_a_text():
    with pytest.raises(BadFrontMatter, match="title holds no values of its own"):
        set_value(page_of("title: 甲"), ("title", "b"), "乙")
