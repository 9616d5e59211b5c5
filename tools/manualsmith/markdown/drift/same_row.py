"""Find a table's row of the base again on the page: by its cells, not by its number."""

from collections.abc import Sequence

from manualsmith.markdown.actions import lower
from manualsmith.markdown.actions.lowered import Lowered
from manualsmith.markdown.drift.likeness import changed, key
from manualsmith.markdown.drift.same_block import Block, labels, lead, owned
from manualsmith.markdown.drift.same_section import same_section
from manualsmith.markdown.edit_models import AddRow, DeleteRow, SetCell
from manualsmith.markdown.locating.counted import find_column, find_row, find_table, tables_in
from manualsmith.markdown.locating.locate import candidate, find_section, shorten
from manualsmith.markdown.lost_target import TargetLost
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.table_cells import Row, Table
from manualsmith.text import t


def row_edit(
    base: Page, page: Page, edit: SetCell | AddRow | DeleteRow, _beside: object = None
) -> Lowered:
    """Return what a row's edit comes down to on the page. Raises TargetLost."""
    then = find_table(base, edit.section, edit.table)
    path = edit.section
    if path:
        path = same_section(base, page, find_section(base, path)).path
    tables = tables_in(base, edit.section), tables_in(page, path)
    now, which = _same_table(base, page, then, *tables)
    here: dict[str, object] = {"section": path, "table": which}
    if isinstance(edit, AddRow):
        return _added(base, page, edit.model_copy(update=here), then, now)
    row = find_row(base, then, edit.row)
    found = _same_row(base, page, row, now)
    here["row"] = str(now.rows.index(found) + 1)
    old, new = "|".join(_cells(base, row)), "|".join(_cells(page, found))
    if isinstance(edit, SetCell):
        column = find_column(base, then, edit.column)
        there = _same_column(base, page, then, now, column)
        here["column"] = str(there + 1)
        old, new = _cell(base, row, column), _cell(page, found, there)
    made = lower(page, edit.model_copy(update=here))
    if key(old) != key(new):
        raise changed(page, made.edits[0].start, old or new)
    return made


def _cell(page: Page, row: Row, column: int) -> str:
    """Return what a cell says; a row that is too short says nothing there."""
    return row.cells[column].of(page.text) if column < len(row.cells) else ""


def _cells(page: Page, row: Row) -> list[str]:
    return [cell.of(page.text) for cell in row.cells]


def _same_table(
    base: Page, page: Page, then: Table, old: Sequence[Table], new: Sequence[Table]
) -> tuple[Table, int]:
    """Return the one table of the page that a table of the base is now, and its number from 1."""
    wanted = next(number for number, table in enumerate(old) if table.line == then.line)
    found = owned([_block(base, one) for one in old], [_block(page, one) for one in new], wanted)
    if len(found) != 1:
        names = ", ".join(_cells(base, then.header))
        raise TargetLost(
            "ambiguous" if found else "missing",
            t("the table with the columns {names} is not certain", names=names),
            field="table",
            candidates=(
                candidate(page, page.source.lines(table.line, table.line + 1)) for table in new[:5]
            ),
        )
    return new[found[0]], found[0] + 1


def _block(page: Page, table: Table) -> Block:
    """Return what tells a table: its header, its rows, and how each row begins."""
    rows = ["|".join(map(key, _cells(page, row))) for row in (table.header, *table.rows)]
    firsts = [key(row.cells[0].of(page.text)) for row in table.rows if row.cells]
    return Block(labels(page, table.line), lead(page, table.line), (*rows, *firsts))


def _same_row(base: Page, page: Page, row: Row, now: Table) -> Row:
    old = [key(cell) for cell in _cells(base, row)]
    rows = [(one, [key(cell) for cell in _cells(page, one)]) for one in now.rows]
    found = [one for one, cells in rows if cells == old]
    found = found or [one for one, cells in rows if cells[:1] == old[:1] and old[:1] != [""]]
    if len(found) != 1:
        name = "|".join(_cells(base, row))
        raise TargetLost(
            "ambiguous" if found else "missing",
            t("the row “{words}” is gone, or there are several", words=shorten(name)),
            field="row",
            candidates=(
                candidate(page, page.source.lines(one.line, one.line + 1)) for one in found[:5]
            ),
        )
    return found[0]


def _same_column(base: Page, page: Page, then: Table, now: Table, column: int) -> int:
    old = [key(cell) for cell in _cells(base, then.header)]
    new = [key(cell) for cell in _cells(page, now.header)]
    if new == old:
        return column
    found = [number for number, name in enumerate(new) if name == old[column]]
    if len(found) != 1:
        raise TargetLost(
            "missing", t("no column “{name}” any more", name=old[column]), field="column"
        )
    return found[0]


def _added(base: Page, page: Page, edit: AddRow, then: Table, now: Table) -> Lowered:
    """Return the new row among the other new rows at its place, in the order of their texts."""
    known = {tuple(map(key, _cells(base, row))) for row in then.rows}
    rows = [tuple(map(key, _cells(page, row))) for row in now.rows]
    if edit.row:
        beside = now.rows.index(_same_row(base, page, find_row(base, then, edit.row), now))
        first = beside + (edit.position == "after")
    else:
        first = len(rows)
    after = first
    while after < len(rows) and rows[after] not in known:
        after += 1
    while (
        first > 0 and rows[first - 1] not in known and not (edit.row and edit.position == "after")
    ):
        first -= 1
    cells = edit.cells.values() if isinstance(edit.cells, dict) else edit.cells
    text = tuple(map(key, cells))
    later = [n for n in range(first, after) if rows[n] > text]
    at = later[0] if later else after
    return lower(page, edit.model_copy(update=_beside(at, len(rows))))


def _beside(at: int, count: int) -> dict[str, str | None]:
    """Return how an edit names the place before row *at* of *count*, both from 0."""
    if at < count:
        return {"row": str(at + 1), "position": "before"}
    return {"row": str(at), "position": "after"} if count else {"row": None}
