"""From what a reader points at on a rendered page to the target that an edit names.

A step, a cell or words are told by where they are on the page as it is shown, and by what they say.
Both must agree with the source: a place that is not told for certain is refused, never guessed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from manualsmith.markdown.locating.whole_words import begins, ends
from manualsmith.markdown.lost_target import TargetLost
from manualsmith.markdown.reading.numbered_lists import Item, NumberedList
from manualsmith.markdown.reading.outline import Section
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.page_links import section_ids
from manualsmith.markdown.reading.source import Span
from manualsmith.text import t

# What stands in the source and not on the page: at a line's beginning, and within a line.
_BEGINS = re.compile(
    r"[ \t>]*(?:#{1,6}[ \t]+|[-+*][ \t]+|\d{1,9}[.)][ \t]+|(?:!!!|\?\?\?\+?)[ \t]+[\w-]+[ \t]*|"
    r"===[ \t]*|:?-{3,}:?[ \t|:-]*$|```.*$|~~~.*$)?"
)
_WITHIN = re.compile(
    r"(?P<image>!\[[^\]\n]*\]\([^)\n]*\))"
    r"|(?P<target>\]\((?:<[^>\n]*>|[^)\s]*)(?:[ \t]+[\"'][^\n]*?[\"'])?\))"
    r"|(?P<attributes>\{[^{}\n]*[#.:=][^{}\n]*\})"
    r"|(?P<tag></?[A-Za-z][^<>\n]*>)"
    r"|\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|(?P<mark>\*+|`+|~~|\[|\||(?<!\w)_+|_+(?!\w))"
)
# characters of context, where words stand more than once
_AROUND = 24
_BALANCED = ("**", "`", "*", "~~")


@dataclass(frozen=True)
class PointedWords:
    """The source of some words on a page: the section, what is there, and what is around it.

    ``prefix`` and ``suffix`` are empty where the section holds the words once, as whole words.
    """

    section: tuple[str, ...] | None
    exact: str
    prefix: str = ""
    suffix: str = ""


def section_named(page: Page, anchor: str | None) -> Section | None:
    """Return the section whose heading has the id *anchor*, None for what is before any heading.

    Raises TargetLost where no heading has it.
    """
    if not anchor:
        return None
    for section, name in zip(page.sections, section_ids(page), strict=True):
        if name == anchor:
            return section
    raise _lost(t("the page has changed since it was opened: reload it"))


def step_pointed_at(
    page: Page, anchor: str | None, number: int, way: Sequence[int], text: str
) -> dict[str, object]:
    """Return the target of a step: section, step, and list where the section has several.

    *number* counts the section's numbered lists from 1, *way* is the step's place in it and in the
    lists inside, *text* what the step says on the page. Raises TargetLost.
    """
    section = section_named(page, anchor)
    lists = _own_lists(page, section)
    if not 1 <= number <= len(lists) or not way:
        raise _no_step()
    item = _item(lists[number - 1], way)
    if _bare(reading(page, item.content).text) != _bare(text):
        raise _no_step()
    target: dict[str, object] = {"step": ".".join(map(str, way))}
    if section:
        target["section"] = list(section.path)
    if len(lists) > 1:
        target["list"] = number
    return target


def step_source(page: Page, anchor: str | None, number: int, way: Sequence[int]) -> str:
    """Return a step's own source: what its number is followed by, lists inside left out."""
    item = _item(_own_lists(page, section_named(page, anchor))[number - 1], way)
    return _first_block(page, item)


def _first_block(page: Page, item: Item) -> str:
    end = item.content.end
    for inner in item.lists:
        end = min(end, page.source.starts[inner.line])
    return page.text[item.content.start : end].strip()


def _own_lists(page: Page, section: Section | None) -> list[NumberedList]:
    """Return the numbered lists between a heading and the next one, as a reader counts them."""
    first = section.line if section else 0
    last = section.own_end if section else (page.sections[0].line if page.sections else None)
    found = page.lists(section) if section else page.lists()
    end = page.source.line_count if last is None else last
    return [one for one in found if first <= one.line < end]


def _item(found: NumberedList, way: Sequence[int]) -> Item:
    index, *inner = way
    if not 1 <= index <= len(found.items):
        raise _no_step()
    item = found.items[index - 1]
    if not inner:
        return item
    if len(item.lists) != 1:
        raise _no_step()
    return _item(item.lists[0], inner)


def cell_pointed_at(
    page: Page, anchor: str | None, number: int, row: int, column: int, text: str
) -> dict[str, object]:
    """Return the target of a table's cell: section, table, row and column, all from 1.

    Raises TargetLost, also where the cell says something else than *text*.
    """
    section = section_named(page, anchor)
    first = section.line if section else 0
    end = section.own_end if section else page.source.line_count
    tables = [one for one in page.tables(section) if first <= one.line < end]
    try:
        cell = tables[number - 1].rows[row - 1].cells[column - 1]
    except IndexError:
        raise _lost(t("this cell cannot be pointed at: select its words instead")) from None
    if min(number, row, column) < 1 or _bare(reading(page, cell).text) != _bare(text):
        raise _lost(t("this cell cannot be pointed at: select its words instead"))
    target: dict[str, object] = {"row": str(row), "column": str(column)}
    if section:
        target["section"] = list(section.path)
    if len(tables) > 1:
        target["table"] = number
    return target


def words_pointed_at(
    page: Page, anchor: str | None, exact: str, prefix: str = "", suffix: str = ""
) -> PointedWords:
    """Return the source of the words *exact* that stand on the page between *prefix* and *suffix*.

    All three as they are shown; white space does not count. Raises TargetLost where the words are
    not in the section, or stand there more than once between the same.
    """
    section = section_named(page, anchor)
    within = _own_span(page, section)
    shown = reading(page, within)
    wanted, text = _bare(exact), _bare(shown.text)
    places = [at for at, char in enumerate(shown.text) if not char.isspace()]
    if not wanted:
        raise _lost(t("select the words that are wrong"))
    found = list(_all(text, wanted))
    if len(found) > 1:
        before, after = _bare(prefix), _bare(suffix)
        found = [at for at in found if text[:at].endswith(before)]
        found = [at for at in found if text.startswith(after, at + len(wanted))]
    if len(found) != 1:
        raise _lost(t("these words cannot be told on the page: select more, or fewer, of them"))
    start = shown.offsets[places[found[0]]]
    end = shown.offsets[places[found[0] + len(wanted) - 1]] + 1
    source = page.text[start:end]
    if any(source.count(mark) % 2 for mark in _BALANCED) or "\n\n" in source:
        raise _lost(t("select within one paragraph, and bold words or code as a whole"))
    path = section.path if section else None
    whole = begins(page.text, start) and ends(page.text, end)
    if whole and page.text.count(source, within.start, within.end) == 1:
        return PointedWords(path, source)
    before = page.text[max(within.start, start - _AROUND) : start]
    return PointedWords(path, source, before, page.text[end : min(within.end, end + _AROUND)])


def _own_span(page: Page, section: Section | None) -> Span:
    if section is None:
        end = page.source.starts[page.sections[0].line] if page.sections else len(page.text)
        return Span(page.body.start, end)
    starts = page.source.starts
    end = starts[section.own_end] if section.own_end < len(starts) else len(page.text)
    return Span(starts[section.line], end)


@dataclass(frozen=True)
class ShownText:
    """What a reader sees of some source: the text, and where each character stands."""

    text: str
    offsets: tuple[int, ...]


def reading(page: Page, span: Span) -> ShownText:
    """Return what a reader sees of a span of a page's source, markup aside."""
    chars: list[str] = []
    offsets: list[int] = []
    fenced, at = "", span.start
    starts = frozenset(page.source.starts)
    for line in page.text[span.start : span.end].splitlines(keepends=True):
        fence = re.match(r"[ \t>]*(```+|~~~+)", line)
        if fence:
            fenced = "" if fenced and line.strip().startswith(fenced) else fenced or fence[1]
        elif fenced:
            chars += line
            offsets += range(at, at + len(line))
        else:
            for offset in _shown(line, begins=at in starts):
                chars.append(line[offset])
                offsets.append(at + offset)
        at += len(line)
    return ShownText("".join(chars), tuple(offsets))


def _shown(line: str, *, begins: bool) -> Iterator[int]:
    """Yield the places of a line's characters that a reader sees; one that *begins* has a marker.

    A pipe is a table's where the line begins with one.
    """
    begin = _BEGINS.match(line) if begins else None
    at, code = begin.end() if begin else 0, ""
    in_row = line.lstrip().startswith("|")
    while at < len(line):
        found = _WITHIN.match(line, at)
        is_text = found is None or (found["mark"] == "|" and not in_row)
        if is_text or (code and found and found["mark"] != code):
            yield at
            at += 1
        elif found and found["escaped"]:
            yield at + 1
            at += 2
        elif found:
            mark = found["mark"] or ""
            if mark.startswith("`"):
                code = "" if code else mark
            at = found.end()


def _all(text: str, wanted: str) -> Iterator[int]:
    at = text.find(wanted)
    while at >= 0:
        yield at
        at = text.find(wanted, at + 1)


def _bare(text: str) -> str:
    return "".join(text.split())


def _no_step() -> TargetLost:
    return _lost(t("this step cannot be pointed at: select its words instead"))


def _lost(message: str) -> TargetLost:
    return TargetLost("missing", message, field="quote")
