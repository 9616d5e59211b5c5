"""Tables: set a cell, add a row, delete a row."""

from collections.abc import Sequence

from manualsmith.markdown.actions.lowered import Lowered, already
from manualsmith.markdown.edit_models import AddRow, DeleteRow, SetCell
from manualsmith.markdown.locating.counted import find_column, find_row, find_table
from manualsmith.markdown.lost_target import TargetLost
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.source import Span, TextEdit
from manualsmith.markdown.reading.table_cells import Row, Table, escape_cell
from manualsmith.text import t


def set_cell(page: Page, edit: SetCell) -> Lowered:
    """Put the text in one cell; the white space around it stays."""
    table = find_table(page, edit.section, edit.table)
    row = find_row(page, table, edit.row)
    column = find_column(page, table, edit.column)
    if column >= len(row.cells):
        raise TargetLost(
            "missing",
            t("this row has {count} cells only", count=len(row.cells)),
            hint=t("add a whole row with add-row and remove this one with delete-row"),
        )
    cell, text = row.cells[column], _cell_text(page, edit.text)
    if cell.of(page.text) == text:
        raise already(page, cell.start)
    if cell.start < cell.end and text:
        return Lowered((TextEdit(cell.start, cell.end, text),), cell)
    gap = _with_blanks(page.text, cell)
    return Lowered((TextEdit(gap.start, gap.end, f" {text} " if text else " "),), gap)


def _with_blanks(text: str, cell: Span) -> Span:
    start, end = cell.start, cell.end
    while text[start - 1 : start] in (" ", "\t"):
        start -= 1
    while text[end : end + 1] in (" ", "\t"):
        end += 1
    return Span(start, end)


def _cell_text(page: Page, text: str) -> str:
    stripped = text.strip()
    if "\n" in stripped or "\r" in stripped:
        raise TargetLost("structure", t("a table's cell is one line"))
    return escape_cell(stripped, code_holds_pipes=page.dialect.code_holds_pipes)


def add_row(page: Page, edit: AddRow) -> Lowered:
    """Add a row at the table's end, or before or after another row."""
    table = find_table(page, edit.section, edit.table)
    cells = [_cell_text(page, cell) for cell in _in_order(page, table, edit.cells)]
    for row in table.rows:
        if [cell.of(page.text) for cell in row.cells] == cells:
            raise already(page, page.source.starts[row.line])
    beside = find_row(page, table, edit.row) if edit.row else None
    line = beside.line if beside else (table.rows[-1].line if table.rows else table.line + 1)
    text = _row_text(page, table, cells)
    if beside and edit.position == "before":
        at = page.source.starts[line]
        return Lowered((TextEdit(at, at, text + page.source.newline),), Span(at, at))
    at = page.source.end_of_line(line)
    return Lowered((TextEdit(at, at, page.source.newline + text),), Span(at, at))


def _in_order(page: Page, table: Table, cells: Sequence[str] | dict[str, str]) -> list[str]:
    headers = [cell.of(page.text) for cell in table.header.cells]
    if isinstance(cells, dict):
        row = [""] * len(headers)
        for name, text in cells.items():
            row[find_column(page, table, name)] = text
        return row
    if len(cells) > len(headers):
        raise TargetLost(
            "structure",
            t("{found} cells for {count} columns", found=len(cells), count=len(headers)),
            hint=t("the columns are: {names}", names=", ".join(headers)),
        )
    return [*cells, *[""] * (len(headers) - len(cells))]


def _row_text(page: Page, table: Table, cells: Sequence[str]) -> str:
    """Return a row's line, with outer pipes and indent as the header has them."""
    line = page.source.line_text(table.line)
    indent = line[: len(line) - len(line.lstrip(" \t>"))]
    text = " | ".join(cells)
    left = "| " if line.lstrip(" \t>").startswith("|") else ""
    right = " |" if line.rstrip().endswith("|") else ""
    return indent + left + text + right


def delete_row(page: Page, edit: DeleteRow) -> Lowered:
    """Remove one body row."""
    table = find_table(page, edit.section, edit.table)
    row = find_row(page, table, edit.row)
    return Lowered((_line_removal(page, row),), page.source.lines(row.line, row.line + 1))


def _line_removal(page: Page, row: Row) -> TextEdit:
    span = page.source.lines(row.line, row.line + 1)
    if span.end == page.source.end_of_line(row.line):
        return TextEdit(page.source.end_of_line(row.line - 1), span.end, "")
    return TextEdit(span.start, span.end, "")
