"""Find what is counted on a page: a step of a numbered list, a cell of a table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

from manualsmith.markdown.locating.locate import candidate, find_section, shorten
from manualsmith.markdown.locating.pointed_at import reading
from manualsmith.markdown.lost_target import Candidate, TargetLost
from manualsmith.markdown.reading.numbered_lists import Item, NumberedList
from manualsmith.markdown.reading.outline import Section
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.source import Span
from manualsmith.markdown.reading.table_cells import Row, Table
from manualsmith.markdown.rendered.seen_blocks import list_as_seen, table_as_seen
from manualsmith.naming import fold, near, show_path
from manualsmith.text import t


class _Block(Protocol):
    @property
    def line(self) -> int: ...


Block = TypeVar("Block", bound=_Block)


@dataclass(frozen=True)
class FoundStep:
    """A step that was found: the list it is in, and its place there from 0."""

    list: NumberedList
    index: int

    @property
    def item(self) -> Item:
        """The list item."""
        return self.list.items[self.index]


def lists_in(page: Page, path: Sequence[str] | None) -> Sequence[NumberedList]:
    """Return the numbered lists that `find_step` counts in a section, or on the page."""
    return _in_section(page, page.lists, path)


def tables_in(page: Page, path: Sequence[str] | None) -> Sequence[Table]:
    """Return the tables that `find_table` counts in a section, or on the page."""
    return _in_section(page, page.tables, path)


def find_step(page: Page, path: Sequence[str] | None, number: str, which: int | None) -> FoundStep:
    """Return step *number* (``3``, or ``3.2`` for a substep) of a section's numbered list."""
    found = _pick(page, lists_in(page, path), which, _STEPS, path)
    indexes = [int(part) - 1 for part in number.split(".")]
    for depth, index in enumerate(indexes[:-1]):
        inner = _item(page, found, index, indexes[: depth + 1]).lists
        found = _pick(page, inner, None if len(inner) != 1 else 1, _STEPS, path)
    _item(page, found, indexes[-1], indexes)
    return FoundStep(found, indexes[-1])


def _item(page: Page, steps: NumberedList, index: int, indexes: Sequence[int]) -> Item:
    by_four = steps.foreign and page.dialect.nests_by_four
    if by_four or not list_as_seen(page, steps):
        raise TargetLost(
            "structure",
            t("readers do not see this as one list of steps: MkDocs reads it in another way"),
            hint=t(
                "put a blank line before it, and indent what belongs to a step by 4 spaces; then "
                "name the step"
            ),
            candidates=[candidate(page, page.source.lines(steps.line, steps.end))],
        )
    if index < len(steps.items):
        return steps.items[index]
    number = ".".join(str(part + 1) for part in indexes)
    raise TargetLost(
        "missing",
        t("no step {number}: the list has {count}", number=number, count=len(steps.items)),
        field="step",
        hint=t(
            "the last one is: {text}",
            text=shorten(steps.items[-1].content.of(page.text).split("\n")[0]),
        ),
        candidates=(candidate(page, item.content) for item in steps.items[-2:]),
    )


def find_table(page: Page, path: Sequence[str] | None, which: int | None) -> Table:
    """Return a section's table; *which* counts from 1 where there are several."""
    table = _pick(page, tables_in(page, path), which, _TABLES, path)
    if not table_as_seen(page, table):
        raise TargetLost(
            "structure",
            t("readers do not see this as a table: MkDocs reads it in another way"),
            hint=t("put a blank line before it, and as many cells in each row as in the first"),
            candidates=[candidate(page, _line(page, table.line))],
        )
    return table


def find_row(page: Page, table: Table, name: str) -> Row:
    """Return a body row by its number from 1, or by the text of its first cell."""
    keys = [row.cells[0].of(page.text) if row.cells else "" for row in table.rows]
    name = _as_written(page, name, [row.cells[0] for row in table.rows if row.cells])
    return table.rows[_by_name(page, name, keys, "row", lambda i: _line(page, table.rows[i].line))]


def find_column(page: Page, table: Table, name: str) -> int:
    """Return a column's place from 0, by its number from 1 or by its header's text."""
    keys = [cell.of(page.text) for cell in table.header.cells]
    name = _as_written(page, name, table.header.cells)
    return _by_name(page, name, keys, "column", lambda _: _line(page, table.line))


def _as_written(page: Page, name: str, cells: Sequence[Span]) -> str:
    """Return the source of the cell that says *name* to a reader, where none has it as written."""
    written = [cell.of(page.text) for cell in cells]
    if name in written:
        return name
    shown = [reading(page, cell).text.strip() for cell in cells]
    found = [text for text, said in zip(written, shown, strict=True) if said == name]
    return found[0] if len(found) == 1 else name


def _line(page: Page, line: int) -> Span:
    return page.source.lines(line, line + 1)


def _by_name(
    page: Page,
    name: str,
    keys: Sequence[str],
    field: Literal["row", "column"],
    span: Callable[[int], Span],
) -> int:
    what = t("row") if field == "row" else t("column")
    found = [i for i, key in enumerate(keys) if key == name]
    found = found or [i for i, key in enumerate(keys) if fold(key) == fold(name)]
    if name.isdecimal() and 1 <= int(name) <= len(keys) and int(name) - 1 not in found:
        found.append(int(name) - 1)
    if len(found) == 1:
        return found[0]
    if found:
        raise TargetLost(
            "ambiguous",
            t("{count} places answer to {what} “{name}”", count=len(found), what=what, name=name),
            field=field,
            hint=t("give its number, or text that stands once"),
            candidates=(candidate(page, span(i)) for i in found),
        )
    close = near(name, keys)
    raise TargetLost(
        "missing",
        t("no {what} “{name}”", what=what, name=name),
        field=field,
        hint=t("there is: {names}", names=", ".join(close or keys[:10])),
        candidates=(candidate(page, span(keys.index(key))) for key in close),
    )


@dataclass(frozen=True)
class _Kind:
    field: str
    none: Callable[[str], str]
    several: Callable[[str, int], str]


_STEPS = _Kind(
    "list",
    lambda where: t("no numbered list in {where}", where=where),
    lambda where, count: t("{count} numbered lists in {where}", where=where, count=count),
)
_TABLES = _Kind(
    "table",
    lambda where: t("no table in {where}", where=where),
    lambda where, count: t("{count} tables in {where}", where=where, count=count),
)


def _pick(
    page: Page, found: Sequence[Block], which: int | None, kind: _Kind, path: Sequence[str] | None
) -> Block:
    where = show_path(path) if path else t("the page")
    if which is None and len(found) == 1:
        return found[0]
    if which is not None and which <= len(found):
        return found[which - 1]
    if not found:
        raise TargetLost("missing", kind.none(where), field="section" if path else None)
    raise TargetLost(
        "ambiguous" if which is None else "missing",
        kind.several(where, len(found)),
        field=kind.field,
        hint=t("say which one: {field}: 1 to {count}", field=kind.field, count=len(found)),
        candidates=_shown(page, found),
    )


def _shown(page: Page, found: Sequence[Block]) -> list[Candidate]:
    return [candidate(page, _line(page, item.line)) for item in found[:5]]


def _in_section(
    page: Page,
    read: Callable[[Section | None], Sequence[Block]],
    path: Sequence[str] | None,
) -> Sequence[Block]:
    """Return what a section holds itself, else what its subsections hold."""
    section = find_section(page, path) if path else None
    found = read(section)
    if section is None:
        return found
    own = [item for item in found if section.line <= item.line < section.own_end]
    return own or [item for item in found if section.line <= item.line < section.end]
