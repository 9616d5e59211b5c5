"""Draft the map of a table that nobody has written one for, from its columns' names and values."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from manualsmith.errors import Place, UserError
from manualsmith.records.models.request import SEVERITIES
from manualsmith.text import t
from manualsmith.workflow.tickets.ticket_map import NEEDED, ColumnMap, read_map, ready_maps
from manualsmith.workflow.tickets.ticket_table import TicketTable, all_tables
from manualsmith.workflow.tickets.ticket_times import TimeForm, read_time
from manualsmith.yaml_quoting import scalar

# What a field's column is called, the surest first; those of the ready maps are known, too.
_WORDS: Mapping[str, tuple[str, ...]] = {
    "source": ("單號", "案號", "編號", "號碼", "流水號", "ticket", "number", "key", "id", "no"),
    "at": (
        *("建立時間", "建立", "申請", "報修", "開單", "通報"),
        *("created", "opened", "時間", "日期", "date"),
    ),
    "symptom": ("主旨", "標題", "情形", "狀況", "問題", "摘要", "subject", "summary", "title"),
    "detail": ("內容", "說明", "描述", "詳細", "description", "detail", "body"),
    "severity": ("優先", "嚴重", "緊急", "等級", "priority", "severity", "urgency"),
    "unit": ("單位", "部門", "處室", "department", "unit"),
    "category": ("類別", "分類", "category"),
    "channel": ("管道", "channel"),
}
_SEVERITY_WORDS: Mapping[str, tuple[str, ...]] = {
    "urgent": ("最高", "緊急", "特急", "急", "critical", "immediate", "emergency", "p1"),
    "high": ("高", "速", "high", "p2"),
    "normal": ("中", "普通", "一般", "正常", "medium", "normal", "moderate", "p3"),
    "low": ("低", "最低", "low", "p4"),
}
_MOST_VALUES = 20
# what the draft has for a value that nothing is known of; no row with it goes in
_QUESTION = '"?"'
# the share of a column's cells that have to be what the field needs
_ENOUGH = 0.5


@dataclass(frozen=True)
class GuessedMap:
    """A map as YAML text with remarks, its table, and the map as read; None where fields lack."""

    text: str
    table: TicketTable
    mapped: ColumnMap | None


def guess_map(file: Path, product: str | None = None) -> GuessedMap:
    """Return the draft of a map for a file: a ready one that fits, or columns by name and value.

    Raises UserError where it is no table.
    """
    ready = {name: read_map(one) for name, one in ready_maps().items()}
    mapped, table, base = max(
        (_best(one, ready) for one in all_tables(file)), key=lambda found: len(found[0].columns)
    )
    if not table.rows:
        raise UserError(t("no row below the columns' names"), Place(str(file), table.header))
    values = {} if base else _severities(table, mapped)
    order = _order(table, mapped)
    known = {value: stands for value, stands in values.items() if stands}
    read = replace(
        mapped,
        values={"severity": known} if known else mapped.values,
        always={"product": product} if product else {},
        dates=TimeForm(order),
    )
    lines = [f"base: {base}" if base else _columns(mapped)]
    lines += [_values(values)] if values else []
    lines += [f"dates: {{order: {order}}}"] if order else []
    always = f"always: {{product: {scalar(product or 'nextcloud')}}}"
    lines.append(always if product else f"# {always}  # {t('which product are they of?')}")
    lines += [f"# {remark}" for remark in _remarks(table, mapped, values)]
    whole = all(name in mapped.columns for name in NEEDED)
    return GuessedMap("\n".join(lines) + "\n", table, read if whole else None)


def _best(
    tables: Sequence[TicketTable], ready: Mapping[str, ColumnMap]
) -> tuple[ColumnMap, TicketTable, str | None]:
    """Return the map of most fields for one of a grid's tables, by the row of its names."""
    found: list[tuple[int, ColumnMap, TicketTable, str | None]] = []
    for table in tables:
        for name, mapped in ready.items():
            if name != "github" and table.fits(mapped):  # its names are anybody's
                found.append((2 * table.count(mapped), mapped, table, name))
        own = ColumnMap(dict(_by_name_and_value(table)))
        found.append((len(own.columns) * 2 - 1, own, table, None))
    _, mapped, table, base = max(found, key=lambda one: one[0])
    return mapped, table, base


def _by_name_and_value(table: TicketTable) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the column of each field that is known by its name, and holds what the field needs."""
    left = [name for name in table.names if name and table.names.count(name) == 1]
    for field, words in _WORDS.items():
        for word in words:
            close = [
                name
                for name in left
                if _named(name, word) and _HOLDS.get(field, _anything)(_cells(table, name))
            ]
            if close:
                best = min(close, key=len)
                left.remove(best)
                yield field, (best,)
                break


def _named(name: str, word: str) -> bool:
    name = name.casefold()
    inside = not word.isascii() and word in name
    return inside or word in name.split() or name.strip("#. ") == word


def _cells(table: TicketTable, name: str) -> list[str]:
    return [row[name].strip() for _, row in table.rows]


def _anything(cells: Sequence[str]) -> bool:
    return any(cells)


def _times(cells: Sequence[str]) -> bool:
    return sum(bool(read_time(cell)) for cell in cells) >= _ENOUGH * len(cells) > 0


def _different(cells: Sequence[str]) -> bool:
    return len(set(filter(None, cells))) >= _ENOUGH * len(cells) > 0


_HOLDS: Mapping[str, Callable[[Sequence[str]], bool]] = {
    "source": _different,
    "at": _times,
    "severity": lambda cells: 0 < len(set(cells)) <= _MOST_VALUES,
}


def _columns(mapped: ColumnMap) -> str:
    pairs = (f"{field}: {scalar(names[0])}" for field, names in mapped.columns.items())
    return f"columns: {{{', '.join(pairs)}}}"


def _values(severities: Mapping[str, str]) -> str:
    pairs = (f"{scalar(value)}: {stands or _QUESTION}" for value, stands in severities.items())
    return f"values: {{severity: {{{', '.join(pairs)}}}}}"


def _severities(table: TicketTable, mapped: ColumnMap) -> dict[str, str]:
    """Return what each value of the column stands for, or nothing where it is not known."""
    column = mapped.columns.get("severity")
    values = dict.fromkeys(filter(None, _cells(table, column[0]))) if column else {}
    return {
        value: next(
            (
                severity
                for severity, words in _SEVERITY_WORDS.items()
                if value.casefold() in words or value.casefold() == severity
            ),
            "",
        )
        for value in values
        if value not in SEVERITIES
    }


def _order(table: TicketTable, mapped: ColumnMap) -> str | None:
    """Return the order of days where some may be months: told by other rows, or to be asked."""
    column = table.column(mapped.columns.get("at", ()))
    cells = [row[column] for _, row in table.rows] if column else []
    if not any(len(read_time(cell)) > 1 for cell in cells):
        return None
    whole = [
        order
        for order in ("day-first", "month-first")
        if all(read_time(cell, TimeForm(order)) for cell in cells if read_time(cell))
    ]
    return whole[0] if len(whole) == 1 else None


def _remarks(table: TicketTable, mapped: ColumnMap, values: Mapping[str, str]) -> Iterator[str]:
    for name in NEEDED:
        if not mapped.columns.get(name):
            there = ", ".join(dict.fromkeys(filter(None, table.names)))
            yield t("which column is {field}? {names}", field=name, names=there)
    if "" in values.values():
        yield t("put one of these for each ?: {names}", names=", ".join(SEVERITIES))
    column = table.column(mapped.columns.get("at", ()))
    cells = [row[column] for _, row in table.rows] if column else []
    if any(len(read_time(cell)) > 1 for cell in cells) and not _order(table, mapped):
        yield t("which comes first? {example}", example="dates: {order: day-first}")
