"""Tables: rows and the cells in them, as spans."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markdown_it.token import Token

from manualsmith.markdown.reading.source import Source, Span

_MARK = re.compile(r"\\\\|(?P<ticks>\\?`+)|\\\||(?P<pipe>\|)")

_PIPE = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True)
class Row:
    """A row of a table: its line, and its cells without the white space around them."""

    line: int
    cells: tuple[Span, ...]


@dataclass(frozen=True)
class Table:
    """A table: its lines ``[line, end)``, the header row and the body rows."""

    line: int
    end: int
    header: Row
    rows: tuple[Row, ...]


def read_tables(
    tokens: Sequence[Token], source: Source, *, code_holds_pipes: bool = True
) -> tuple[Table, ...]:
    """Return the page's tables in order, from block tokens; the last as `pipes` has it."""
    tables: list[Table] = []
    bounds: tuple[int, int] = (0, 0)
    rows: list[int] = []
    for token in tokens:
        if token.type == "table_open" and token.map:
            bounds, rows = (token.map[0], token.map[1]), []
        elif token.type == "tr_open" and token.map:
            rows.append(token.map[0])
        elif token.type == "table_close":
            header, *body = (read_row(source, line, code_holds_pipes) for line in rows)
            end = source.trim_blank(*bounds)
            tables.append(Table(bounds[0], end, header, tuple(body)))
    return tuple(tables)


def read_row(source: Source, line: int, code_holds_pipes: bool = True) -> Row:
    """Return the cells of a table's line; white space and outer pipes are not part of them."""
    start = source.starts[line]
    text = source.line_text(line)
    bars = [start + at for at in pipes(text, code_holds_pipes)]
    edges = [start - 1, *bars, start + len(text)]
    cells = [_strip(source.text, left + 1, right) for left, right in pairwise(edges)]
    if cells and not _filled(source, cells[0]) and bars:
        cells = cells[1:]
    if len(cells) > 1 and not _filled(source, cells[-1]) and text.rstrip().endswith("|"):
        cells = cells[:-1]
    return Row(line, tuple(cells))


def _filled(source: Source, cell: Span) -> bool:
    return bool(cell.of(source.text).strip(" \t>"))


def _strip(text: str, start: int, end: int) -> Span:
    while start < end and text[start] in " \t":
        start += 1
    while end > start and text[end - 1] in " \t":
        end -= 1
    return Span(start, end)


def escape_cell(text: str, *, code_holds_pipes: bool = True) -> str:
    """Return *text* for a cell: pipes that would part cells are escaped."""
    parting = set(pipes(text, code_holds_pipes))
    return "".join(rf"\{char}" if at in parting else char for at, char in enumerate(text))


def pipes(text: str, code_holds_pipes: bool = True) -> list[int]:
    """Return where the pipes of a line stand that part cells, as Python-Markdown reads them.

    One after a backslash is text, and so is one in code: between a run of backticks and the next
    run of as many. A backslash before the first of them takes one away. Without *code_holds_pipes*
    it is as GitHub's tables are read: all but those after a backslash part cells.
    """
    if not code_holds_pipes:
        return [found.start() for found in _PIPE.finditer(text)]
    marks = list(_MARK.finditer(text))
    ticks = [mark for mark in marks if mark["ticks"]]
    code: list[tuple[int, int]] = []
    at = 0
    while at < len(ticks):
        opening = ticks[at]
        size = len(opening["ticks"].lstrip("\\")) - opening["ticks"].startswith("\\")
        closing = _closing(ticks, at + 1, size)
        if closing:
            code.append((opening.start(), ticks[closing].end()))
            at = closing
        at += 1
    bars = (mark.start() for mark in marks if mark["pipe"])
    return [pipe for pipe in bars if not any(start <= pipe < end for start, end in code)]


def _closing(ticks: Sequence[re.Match[str]], first: int, size: int) -> int | None:
    """Return which run of backticks from *first* on closes one of *size*."""
    if not size:
        return None
    lengths = (len(one["ticks"].lstrip("\\")) for one in ticks[first:])
    return next((first + at for at, length in enumerate(lengths) if length == size), None)
