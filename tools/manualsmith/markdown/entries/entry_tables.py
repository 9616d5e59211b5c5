"""Troubleshooting entries that are rows of a table, as a manual of the shape ``table`` has them.

| 症狀 | 原因 | 處理方式 |
|------|------|----------|
| 登入後又回到登入畫面 | 瀏覽器擋下了 Cookie | 允許 Cookie |

The first column is the symptom, or the one that says so; a table is one of entries where a column
says how to resolve something.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from manualsmith.layout import SYMPTOM
from manualsmith.markdown.reading.outline import Section, heading_text
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.table_cells import Row, Table


@dataclass(frozen=True)
class EntryTable:
    """A table of entries: the section it stands in, its number among that one's tables, from 1.

    section: the heading path, empty above every heading. columns: by part, the symptom among them.
    """

    table: Table
    section: tuple[str, ...]
    number: int
    columns: Mapping[str, int]


def entry_tables(page: Page) -> list[EntryTable]:
    """Return the page's tables of entries, in order."""
    counted: dict[int, int] = {}
    found = []
    for every, table in enumerate(page.tables(), start=1):
        section = page.section_at(table.line)
        line = section.line if section else -1
        counted[line] = counted.get(line, 0) + 1
        number = counted[line] if section else every
        if columns := _columns(page, table):
            found.append(EntryTable(table, section.path if section else (), number, columns))
    return found


def _columns(page: Page, table: Table) -> dict[str, int]:
    """Return a table's columns by the part that each holds; none where it has no entries."""
    form = page.dialect.entries
    names = [heading_text(cell.of(page.text)) for cell in table.header.cells]
    columns: dict[str, int] = {}
    for at, name in enumerate(names):
        if part := form.part_of(name):
            columns.setdefault(part, at)
    symptom = next((at for at, name in enumerate(names) if form.is_symptom(name)), 0)
    if "resolution" not in columns or symptom in columns.values():
        return {}
    return {SYMPTOM: symptom, **columns}


def rows_of(page: Page, found: EntryTable) -> Iterator[tuple[Row, Section]]:
    """Yield a table's rows that have a symptom, each with the section that it would be."""
    for row in found.table.rows:
        title = cell_text(page, row, found.columns[SYMPTOM])
        if title:
            path, after = (*found.section, heading_text(title)), row.line + 1
            yield row, Section(path, len(path), row.line, after, after, after, title)


def cell_text(page: Page, row: Row, column: int) -> str:
    """Return what a cell says as it is written; empty where the row is too short."""
    return row.cells[column].of(page.text) if column < len(row.cells) else ""
