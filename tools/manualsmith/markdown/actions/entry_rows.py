"""Entries that are rows of a table: what is done to them comes down to a table's own actions."""

import re
from collections.abc import Iterator, Sequence

from manualsmith.layout import ENTRY_PARTS, SYMPTOM
from manualsmith.markdown.actions import table_actions
from manualsmith.markdown.actions.lowered import Lowered, already, insert_block
from manualsmith.markdown.edit_models import (
    AddEntry,
    AddRow,
    Entry,
    EntryChange,
    ReplaceEntry,
    SetCell,
)
from manualsmith.markdown.entries.entry_tables import EntryTable, cell_text, entry_tables, rows_of
from manualsmith.markdown.entries.troubleshooting_entry import bare_step, numbered
from manualsmith.markdown.locating.locate import find_entry, find_section, place_of
from manualsmith.markdown.lost_target import TargetLost
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.source import Span
from manualsmith.markdown.reading.table_cells import escape_cell
from manualsmith.naming import fold
from manualsmith.text import t

_LINES = re.compile(r"[ \t]*(?:\r\n|\r|\n)[ \t]*")
_BREAK = re.compile(r"<br[ ]?/?>", re.IGNORECASE)


def add(page: Page, edit: AddEntry) -> Lowered:
    """Add a row to the section's table of entries, or the page's last; a table where none is."""
    row = as_row(page, edit)
    if row is None:
        return _new_table(page, edit)
    made = table_actions.add_row(page, row)
    return Lowered(made.edits, made.scope, tuple(without_column(page, edit)))


def as_row(page: Page, edit: AddEntry) -> AddRow | None:
    """Return the row that an entry is, None where no table of entries is there.

    Raises TargetLost where another entry of that table has the symptom.
    """
    found = _table_for(page, edit.section)
    if found is None:
        return None
    values = _values(page, edit.entry)
    width = len(found.table.header.cells)
    cells = [""] * width
    for part, column in found.columns.items():
        cells[column] = values.get(part, "")
    for row, section in rows_of(page, found):
        there = [cell_text(page, row, column) for column in range(width)]
        if fold(section.title) == fold(edit.entry.symptom) and there != [*map(escape_cell, cells)]:
            raise taken(page, page.source.starts[row.line], section.title)
    where = {"section": found.section or None, "table": found.number}
    return AddRow.model_validate({"action": "add-row", "cells": cells, **where})


def without_column(page: Page, edit: AddEntry) -> Iterator[str]:
    """Yield what an entry says, and the table has no column for."""
    found = _table_for(page, edit.section)
    for part in _values(page, edit.entry) if found else ():
        if found and part not in found.columns:
            yield t("the table has no column for {part}: it is left out",
                    part=page.dialect.entries.written(part))  # fmt: skip


def replace(page: Page, edit: ReplaceEntry) -> Lowered:
    """Change the cells of an entry's row."""
    made = []
    for cell in as_cells(page, edit):
        try:
            made.append(table_actions.set_cell(page, cell))
        except TargetLost as lost:
            if lost.reason != "already":
                raise
    return together(page, edit, made)


def together(page: Page, edit: ReplaceEntry, made: Sequence[Lowered]) -> Lowered:
    """Return what is done to the cells of one row as one. Raises TargetLost for none."""
    if not made:
        raise already(page, page.source.starts[find_entry(page, edit.section).line])
    edits = sorted(one for lowered in made for one in lowered.edits)
    return Lowered(tuple(edits), Span(edits[0].start, edits[-1].end))


def as_cells(page: Page, edit: ReplaceEntry) -> list[SetCell]:
    """Return the cells that an edit of an entry changes. Raises TargetLost."""
    section = find_entry(page, edit.section)
    found, row = next(
        (table, number)
        for table in entry_tables(page)
        for number, row in enumerate(table.table.rows, start=1)
        if row.line == section.line
    )
    where = {"section": found.section or None, "table": found.number, "row": str(row)}
    cells = []
    for part, text in _values(page, edit.entry).items():
        if part not in found.columns:
            raise TargetLost(
                "missing",
                t("the table has no column for {part}", part=page.dialect.entries.written(part)),
                place=place_of(page, page.source.starts[found.table.line]),
            )
        column = str(found.columns[part] + 1)
        values = {"action": "set-cell", **where, "column": column, "text": text}
        cells.append(SetCell.model_validate(values))
    return cells


def taken(page: Page, offset: int, symptom: str) -> TargetLost:
    """Return the error for a symptom that another entry has."""
    return TargetLost(
        "structure",
        t("there is an entry {symptom} here already", symptom=symptom),
        place=place_of(page, offset),
        hint=t("word the symptom otherwise, or change that entry with replace-entry"),
    )


def _table_for(page: Page, path: Sequence[str] | None) -> EntryTable | None:
    """Return the first table of entries of a section, or the last of the page."""
    tables = entry_tables(page)
    if path is None:
        return tables[-1] if tables else None
    section = find_section(page, path)
    held = (one for one in tables if section.line < one.table.line < section.end)
    return next(held, None)


def _values(page: Page, entry: Entry | EntryChange) -> dict[str, str]:
    """Return what an edit says, by part, each on one line: several steps are parted by ``<br>``."""
    steps = entry.resolution or ()
    resolution = bare_step(steps[0]) if len(steps) == 1 else numbered(steps)
    said = (entry.symptom, entry.environment, entry.cause, resolution)
    found = _BREAK.search(page.text)
    parting = found[0] if found else "<br>"
    return {
        name: _LINES.sub(parting, text.strip())
        for name, text in zip((SYMPTOM, *ENTRY_PARTS), said, strict=True)
        if text
    }


def _new_table(page: Page, edit: AddEntry) -> Lowered:
    form, values = page.dialect.entries, _values(page, edit.entry)
    rows = (
        [form.written(part) for part in values],
        ["---"] * len(values),
        [escape_cell(text) for text in values.values()],
    )
    text = page.source.with_newlines("\n".join(f"| {' | '.join(row)} |" for row in rows))
    section = find_section(page, edit.section) if edit.section else None
    line = section.own_end if section else page.source.line_count
    made = insert_block(page, line, text)
    return Lowered((made,), Span(made.start, made.end))
