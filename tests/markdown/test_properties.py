"""What must hold for every page and every edit."""

from contextlib import suppress

from hypothesis import example, given
from hypothesis import strategies as st

from generated import RISKY, block, edits, examples, heading, line, outcome, pages
from manualsmith.errors import UserError
from manualsmith.markdown import apply
from manualsmith.markdown.action_table import ACTIONS
from manualsmith.markdown.locating.mentions import find_mentions
from manualsmith.markdown.reading.block_lines import parse_blocks
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.source import Source, apply_edits


@examples(300)
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


@examples(300)
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


@examples(300)
@given(st.data())
def test_twice_is_once(data):
    """Without its base, a step or row named by its number is another one when it has gone."""
    page = data.draw(pages())
    edit = data.draw(edits(page))
    once = outcome(page, edit)
    if once is not None and edit["action"] not in ("delete-step", "delete-row", "move-step"):
        assert outcome(once, edit) in (None, once)


@examples(200)
@given(st.data())
def test_line_ends_are_the_pages_own(data):
    page = data.draw(pages())
    after = outcome(page, data.draw(edits(page)))
    if after is None or "\r\n" not in page:
        return
    assert after.count("\n") == after.count("\r\n")


@examples(400)
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


@examples(200)
@given(pages())
def test_the_path_over_a_line_is_its_sections(page):
    read = Page(page)
    lines = list(range(read.source.line_count))
    sections = [read.section_at(number) for number in lines]
    assert read.paths_at(lines) == [s.path if s else () for s in sections]


NASTY = st.text(
    st.sampled_from(
        list(
            "#-+*=>`~|:[](){}!?<>&\\\"'%@0123456789.)abc 　\t\n\r\x00\ufeff甲乙臺"
            "\u2028\u0085\x0b\U0001f600"
        )
    ),
    max_size=80,
)


@examples(500)
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
    "to",
]


@examples(300)
@given(
    action=st.sampled_from([*ACTIONS, "nonsense"]),
    fields=st.dictionaries(st.sampled_from(FIELDS), any_value, max_size=6),
    page=pages(),
)
def test_no_edit_raises_anything_but_the_user_error(action, fields, page):
    with suppress(UserError):
        apply(page, {"action": action, **fields})


@examples(200)
@given(pages())
def test_no_edits_is_the_same_page(page):
    assert apply_edits(page, []) == page


@examples(200)
@given(pages(), st.sampled_from(["3.13", "登入", "VPN", "13"]))
def test_a_mention_is_the_value(page, value):
    read = Page(page)
    found = find_mentions(read, value)
    for span in (*found.certain, *found.possible):
        assert span.of(page) == value
        assert span.start >= read.body.start
