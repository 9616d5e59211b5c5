"""Read another system's table: CSV with any separator, a sheet of Excel, or a list in JSON."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from manualsmith.errors import Place, Problem, UserError
from manualsmith.naming import near
from manualsmith.text import t
from manualsmith.workflow.tickets.excel_sheets import excel_sheets, is_excel, refuse_lookalikes
from manualsmith.workflow.tickets.json_rows import is_json, json_rows
from manualsmith.workflow.tickets.text_encoding import decoded
from manualsmith.workflow.tickets.ticket_map import SEPARATORS, ColumnMap, TableForm

MAX_BYTES = 64 << 20
# In how many rows the columns' names are looked for: titles and days stand above them.
_HEADER_WITHIN = 20
LOOKED_AT = 200
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\r?\n', re.IGNORECASE)
_TEXT_FORMULA = re.compile(r'="(.*)"', re.DOTALL)
_Grid = Sequence[Sequence[str]]


@dataclass(frozen=True)
class TicketTable:
    """Rows of texts by the columns' names, each with its number as a spreadsheet counts."""

    file: str
    header: int
    names: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, str]], ...]

    def place(self, row: int, column: str | None = None) -> Place:
        """Return where a row, or a cell of it, is: the column as a number from 1."""
        known = column is not None and column in self.names
        return Place(self.file, row, self.names.index(column) + 1 if known and column else None)

    def column(self, wanted: Sequence[str]) -> str | None:
        """Return the first *wanted* column that is among the names, be it in capitals or not."""
        exact = next((name for name in wanted if name in self.names), None)
        alike = {name.casefold(): name for name in reversed(self.names)}
        folded = (one.casefold() for one in wanted)
        return exact or next((alike[one] for one in folded if one in alike), None)

    def count(self, mapped: ColumnMap) -> int:
        """Return how many of a map's fields have a column."""
        return sum(self.column(names) is not None for names in mapped.columns.values())

    def fits(self, mapped: ColumnMap) -> bool:
        """Tell whether each of a map's columns is there that may not be missing."""
        return all(
            field in mapped.optional or self.column(names) is not None
            for field, names in mapped.columns.items()
        )

    def named(self, mapped: ColumnMap) -> dict[str, str]:
        """Return the column that each field of a map is in; the first of its names that is there.

        Raises UserError for each that there is none of, or two.
        """
        found, problems = {}, []
        for field, names in mapped.columns.items():
            there = self.column(names)
            if there is None and field in mapped.optional:
                continue
            if there is None:
                problems.append(self._missing(field, names))
            elif self.names.count(there) > 1:
                message = t("columns that are there twice: {names}", names=there)
                hint = t("name another one for {field}, or rename one of them", field=field)
                problems.append(Problem(message, self.place(self.header, there), hint))
            else:
                found[field] = there
        if problems:
            raise UserError(problems)
        return found

    def _missing(self, field: str, names: Sequence[str]) -> Problem:
        there = [name for name in dict.fromkeys(self.names) if name]
        close = near(names[0], there) or there[:10]
        hint = t("there is: {names}", names=", ".join(close))
        message = t("no column {column} for {field}", column=" / ".join(names), field=field)
        return Problem(message, self.place(self.header), hint)


def read_table(file: Path, mapped: ColumnMap) -> TicketTable:
    """Return a CSV, Excel or JSON file's rows below the columns' names, with a row or more.

    Separator, encoding, sheet and the row of the names are the map's, or are found: they are those
    that the map's columns are there with. Raises UserError where it is no table, and where none
    or several fit.
    """
    place = Place(str(file))
    data, grids = _grids(file, mapped.table)
    tables = [_under_header(grid, mapped, str(file)) for grid in grids.values()]
    fit = [name for name, one in zip(grids, tables, strict=True) if one.fits(mapped)]
    if is_excel(data) and len(fit) > 1:
        hint = t("name one in the map: {example}", example=f"table: {{sheet: {fit[0]}}}")
        raise UserError(t("several sheets fit: {names}", names=", ".join(fit)), place, hint)
    table = max(tables, key=lambda one: one.count(mapped))
    table.named(mapped)
    if not table.rows:
        raise UserError(t("no row below the columns' names"), table.place(table.header))
    return table


def all_tables(file: Path) -> list[list[TicketTable]]:
    """Return what a file's table may be: for each sheet or separator, by each row of names.

    Each has its first rows only, enough to tell what they are.
    Raises UserError where it is none.
    """
    _, grids = _grids(file, TableForm())
    return [
        [
            _below(grid[: at + 1 + LOOKED_AT], at, str(file))
            for at in range(min(len(grid), _HEADER_WITHIN))
        ]
        for grid in grids.values()
    ]


def table_below(grid: _Grid, file: str) -> TicketTable:
    """Return the rows below the first, which has the columns' names."""
    return _below(grid, 0, file)


def _grids(file: Path, form: TableForm) -> tuple[bytes, dict[str, _Grid]]:
    place = Place(str(file))
    data = _bytes(file, place)
    return data, _sheets(data, form, place) if is_excel(data) else _separated(data, form, place)


def _bytes(file: Path, place: Place) -> bytes:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise UserError(t("cannot be read: {reason}", reason=error.strerror), place) from error
    if len(data) > MAX_BYTES:
        raise UserError(t("larger than {limit} bytes", limit=MAX_BYTES), place)
    refuse_lookalikes(data, place)
    return data


def _sheets(data: bytes, form: TableForm, place: Place) -> dict[str, _Grid]:
    """Return the sheets that have something, or the one that the map names."""
    sheets = excel_sheets(data, place)
    wanted = form.sheet
    if wanted is not None and wanted not in sheets:
        hint = t("there is: {names}", names=", ".join(sheets))
        raise UserError(t("there is no sheet {name}", name=wanted), place, hint)
    chosen = sheets if wanted is None else {wanted: sheets[wanted]}
    filled: dict[str, _Grid] = {name: rows for name, rows in chosen.items() if any(map(any, rows))}
    if not filled:
        hint = t("there is: {names}", names=", ".join(sheets))
        message = t("the sheet {name} is empty", name=wanted) if wanted else t("the table is empty")
        raise UserError(message, place, hint)
    return filled


def _separated(data: bytes, form: TableForm, place: Place) -> dict[str, _Grid]:
    """Return a text's rows by each separator that it may have; one that is told is the only one."""
    text = decoded(data, form.encoding, place).removeprefix("\ufeff")
    if not text.strip():
        raise UserError(t("the table is empty"), place)
    if is_json(text):
        return {"": json_rows(text, place)}
    told, body = form.separator, text
    if line := _SEPARATOR_LINE.match(text):  # Excel's own, and no row for Excel
        told, body = told or line[1], text[line.end() :]
    grids: dict[str, _Grid] = {}
    faults = []
    for separator in [told] if told else SEPARATORS.values():
        try:
            grids[separator] = _parsed(body, separator, place)
        except UserError as error:
            faults.append(error)
    # by a separator that a text has none of, it is a table of one column
    wide = {one: grid for one, grid in grids.items() if any(len(row) > 1 for row in grid)}
    if faults and not wide:
        raise faults[0]
    return wide or dict(list(grids.items())[:1])


def _parsed(text: str, separator: str, place: Place) -> list[list[str]]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    found = []
    try:
        for row in rows:
            found.append([_without_formula(cell) for cell in row])
    except csv.Error as error:
        hint = t('inside quotes, a quote is written twice: "said ""no"""')
        message = t("not a CSV file: {reason}", reason=error)
        raise UserError(message, Place(place.file, rows.line_num), hint) from error
    return found


def _without_formula(cell: str) -> str:
    """Return the text of ="00012", which keeps Excel from taking it for a number."""
    formula = _TEXT_FORMULA.fullmatch(cell)
    return formula[1].replace('""', '"') if formula else cell


def _under_header(grid: _Grid, mapped: ColumnMap, file: str) -> TicketTable:
    """Return a grid's rows below the one that has most of the map's columns, or that it names."""
    told = mapped.table.header
    if told is not None and told > len(grid):
        message = t("there is no row {number} for the columns' names", number=told)
        hint = t("there are {count} rows", count=len(grid))
        raise UserError(message, Place(file), hint)
    candidates = range(min(len(grid), _HEADER_WITHIN)) if told is None else [told - 1]
    best = max(candidates, key=lambda at: _below(grid[: at + 1], at, file).count(mapped))
    return _below(grid, best, file)


def _below(grid: _Grid, at: int, file: str) -> TicketTable:
    """Return the rows below that of the names, whose index is *at*."""
    names = tuple(" ".join(name.split()) for name in grid[at])
    return TicketTable(file, at + 1, names, tuple(_by_column(grid, names, at + 1)))


def _by_column(
    grid: _Grid, names: tuple[str, ...], above: int
) -> Iterator[tuple[int, Mapping[str, str]]]:
    blank = [""] * len(names)
    for number, row in enumerate(grid[above:], start=above + 1):
        if any(cell.strip() for cell in row):
            # of columns with one name the first counts
            cells = zip(reversed(names), reversed([*row, *blank][: len(names)]), strict=True)
            yield number, dict(cells)
