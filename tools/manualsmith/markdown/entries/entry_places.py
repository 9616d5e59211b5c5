"""Where a page's troubleshooting entries are, in whichever shape the manual writes them."""

from collections.abc import Iterator
from dataclasses import replace

from manualsmith.markdown.entries.entry_blocks import entry_blocks
from manualsmith.markdown.entries.entry_tables import entry_tables, rows_of
from manualsmith.markdown.entries.troubleshooting_entry import is_entry
from manualsmith.markdown.reading.outline import Section
from manualsmith.markdown.reading.page import Page


def entries_of(page: Page) -> list[Section]:
    """Return the page's entries as sections, each with all the lines that it has.

    Where entries are no sections, the heading path ends in the symptom.
    """
    shape = page.dialect.entries.shape
    if shape == "table":
        return [section for table in entry_tables(page) for _, section in rows_of(page, table)]
    if shape == "details":
        return [block.section for block in entry_blocks(page)]
    found = [one for one in page.sections if is_entry(page, one)]
    if shape == "headings":  # what stands beneath it are its parts
        return [replace(one, own_end=one.end) for one in found]
    return found


def pieces(page: Page) -> Iterator[tuple[Section, bool, str]]:
    """Yield a page's entries and its other sections, in order: whether it is an entry, its text.

    What stands within an entry is the entry's, and no other's.
    """
    entries = {one.line: one for one in entries_of(page)}
    inside = {line for one in entries.values() for line in range(one.line, one.own_end)}
    others = [one for one in page.sections if one.line not in inside]
    for one in sorted((*entries.values(), *others), key=lambda one: one.line):
        is_entry = one.line in entries
        is_row = is_entry and page.dialect.entries.shape == "table"
        first = one.line if is_row else one.body
        lines = (at for at in range(first, one.own_end) if is_entry or at not in inside)
        yield one, is_entry, "\n".join(map(page.source.line_text, lines))
