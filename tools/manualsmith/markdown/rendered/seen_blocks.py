"""Check that readers get a list or a table where the source is read as one.

Python-Markdown wants a blank line before either, and four columns for what an item holds. Where the
source keeps to that, nothing need be rendered.
"""

import re
from collections.abc import Sequence

from rapidfuzz.distance import LCSseq

from manualsmith.markdown.dialect import NotRendered
from manualsmith.markdown.reading.leaves import Leaves
from manualsmith.markdown.reading.numbered_lists import NumberedList
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.table_cells import Table

# How much of what readers see must be the source's: keys, emoji and the like are shown otherwise.
_ALIKE = 0.8
_HEADING = re.compile(r"#{1,6}[^#\s]|#{1,6}[ \t]+\S")
_MARKUP = re.compile(r"```|~~~|<|^[ \t]*(?:!!!|\?\?\?|===)", re.MULTILINE)


def list_as_seen(page: Page, steps: NumberedList) -> bool:
    """Return whether readers have a numbered list of these items."""
    if _is_plain_list(page, steps):
        return True
    source = page.source
    ends = [source.lines(item.line, item.end).end for item in steps.items]
    starts = [item.content.start for item in steps.items]
    words = [page.text[start:end] for start, end in zip(starts, ends, strict=True)]
    seen = _seen(page)
    return seen is not None and any(_alike(items, words) for items in seen.lists)


def table_as_seen(page: Page, table: Table) -> bool:
    """Return whether readers have a table of these cells."""
    if _is_plain_table(page, table):
        return True
    rows = [[cell.of(page.text) for cell in row.cells] for row in (table.header, *table.rows)]
    width = len(rows[0])
    rows = [(row + [""] * width)[:width] for row in rows]
    seen = _seen(page)
    if seen is None:
        return False
    wanted = [cell for row in rows for cell in row]
    shapes = ((len(one), [cell for row in one for cell in row]) for one in seen.tables)
    return any(height == max(len(rows), 2) and _alike(cells, wanted) for height, cells in shapes)


def _seen(page: Page) -> Leaves | None:
    try:
        return page.leaves
    except NotRendered:
        return None


def _alike(seen: Sequence[str], written: Sequence[str]) -> bool:
    if len(seen) < len(written) or any(_letters(one) for one in seen[len(written) :]):
        return False
    return len(seen) == len(written) and all(map(_says, seen, written))


def _says(seen: str, written: str) -> bool:
    words, source = _letters(seen), _letters(written)
    return not words or LCSseq.similarity(words, source) >= _ALIKE * len(words)


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _is_plain_list(page: Page, steps: NumberedList) -> bool:
    source = page.source
    if not _begins_block(page, steps.line) or any(item.column for item in steps.items):
        return False
    if _MARKUP.search(source.lines(steps.line, steps.end).of(page.text)):
        return False
    markers = {item.line for item in steps.items}
    lines = (number for number in range(steps.line, steps.end) if number not in markers)
    return all(_is_held(source.line_text(number)) for number in lines)


def _is_held(line: str) -> bool:
    return not line.strip() or line.expandtabs(4).startswith("    ")


def _is_plain_table(page: Page, table: Table) -> bool:
    if not _begins_block(page, table.line):
        return False
    width = len(table.header.cells)
    return all(
        len(row.cells) == width and page.source.line_text(row.line).startswith("|")
        for row in (table.header, *table.rows)
    )


def _begins_block(page: Page, line: int) -> bool:
    """Return whether a blank line or a heading stands over a line, or nothing."""
    first = page.source.line_of(page.body.start)
    return (
        line <= first
        or page.source.is_blank(line - 1)
        or bool(_HEADING.match(page.source.line_text(line - 1)))
    )
