"""The map of another system's table: the column of each field, and how the table is written."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from manualsmith.errors import Place, Problem, UserError
from manualsmith.naming import near
from manualsmith.records.yaml.read_yaml import Document, read
from manualsmith.records.yaml.swallowed_text import swallowed
from manualsmith.text import t
from manualsmith.workflow.tickets.text_encoding import ENCODINGS
from manualsmith.workflow.tickets.ticket_times import ORDERS, TimeForm, offset

SORTED = ("unit", "channel", "category", "item", "impact")
FIELDS = (
    *("source", "at", "symptom", "detail", "product", "severity", "page", "requester", "staff"),
    *SORTED,
)
NEEDED = ("source", "at", "symptom")
# What a map may call a separator that is hard to write or to see.
SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}


@dataclass(frozen=True)
class TableForm:
    """How a table is written, as far as the map says it; what it does not say is found.

    *header* is the row of the columns' names, from 1; *sheet* the name of an Excel file's sheet.
    """

    encoding: str | None = None
    separator: str | None = None
    header: int | None = None
    sheet: str | None = None


@dataclass(frozen=True)
class ColumnMap:
    """Names of the column that each field is in, values that stand for others, values for all rows.

    Of several names of a column, the first that the table has is meant. Columns of *optional*
    fields may be missing: those of a ready map that no request needs.
    """

    columns: Mapping[str, tuple[str, ...]]
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    always: Mapping[str, str] = field(default_factory=dict)
    table: TableForm = TableForm()
    dates: TimeForm = TimeForm()
    optional: frozenset[str] = frozenset()


# What is wrong with a value: what would be allowed, or nothing.
_Check = Callable[[object], str | None]


def _text(value: object) -> str | None:
    return None if isinstance(value, str) and value else t("a text")


def _names(value: object) -> str | None:
    several = value if isinstance(value, list) and value else [value]
    return None if all(isinstance(one, str) and one for one in several) else t("a column's name")


def _pairs(value: object) -> str | None:
    right = isinstance(value, dict) and all(isinstance(one, str) for one in value.values())
    return None if right else t("what stands for what: {example}", example="{高: high, 低: low}")


def _encoding(value: object) -> str | None:
    return None if value in ENCODINGS else ", ".join(ENCODINGS)


def _separator(value: object) -> str | None:
    right = value in SEPARATORS or (isinstance(value, str) and len(value) == 1)
    return None if right else t("{names}, or the character itself", names=", ".join(SEPARATORS))


def _row_number(value: object) -> str | None:
    number = isinstance(value, str | int) and str(value).isdecimal() and int(value) > 0
    return None if number else t("a row's number, from 1")


def _order(value: object) -> str | None:
    return None if value in ORDERS else ", ".join(ORDERS)


def _zone(value: object) -> str | None:
    known = available_timezones()
    if isinstance(value, str) and (value in known or offset(value)):
        return None
    closest = ", ".join((*near(str(value), known)[:3], "UTC", "+08:00"))
    return t("a zone of time, such as {names}", names=closest)


def _formats(value: object) -> str | None:
    """Tell what is allowed where a format, or one of several, does not hold a day and its time."""
    tried = datetime(2026, 11, 23)
    for one in value if isinstance(value, list) and value else [value]:
        try:
            right = datetime.strptime(tried.strftime(str(one)), str(one)).date() == tried.date()
        except ValueError:
            right = False
        if not right:
            return t(
                "year, month and day as strptime has them: {example}", example="%d/%m/%Y %H:%M"
            )
    return None


SECTIONS: Mapping[str, Mapping[str, _Check]] = {
    "columns": dict.fromkeys(FIELDS, _names),
    "values": dict.fromkeys(FIELDS, _pairs),
    "always": dict.fromkeys(FIELDS, _text),
    "table": {
        "encoding": _encoding,
        "separator": _separator,
        "header": _row_number,
        "sheet": _text,
    },
    "dates": {"order": _order, "zone": _zone, "format": _formats},
}


def ready_maps() -> dict[str, Path]:
    """Return the maps that come along, by the name of the system whose export each is for."""
    return {file.stem: file for file in sorted(Path(__file__).with_name("ready_maps").iterdir())}


def read_map(file: Path) -> ColumnMap:
    """Return the map in a YAML file, or the ready one of a system's name.

    A file has ``columns``, or the ``base`` that it adds to, and where needed the other SECTIONS.
    Raises UserError with the place of what is wrong.
    """
    if not file.exists() and file.name == str(file) and not file.suffix:
        file = _ready(str(file), Place())
    document = _document(file)
    value: Any = document.value if isinstance(document.value, dict) else {}
    problems = [*_faults(document, value), *swallowed(document)]
    columns = value.get("columns", {})
    for wanted in NEEDED if "base" not in value else ():
        if not isinstance(columns, dict) or wanted not in columns:
            message = t("the map names no column for {field}", field=wanted)
            hint = t("or say which ready map it adds to: {example}", example="base: jira")
            problems.append(Problem(message, Place(str(file)), hint))
    if problems:
        raise UserError(problems)
    own = _as_map(value)
    if "base" in value:
        return _added(read_map(_ready(value["base"], document.place(("base",)))), own)
    if file.parent.name == "ready_maps":
        return replace(own, optional=frozenset(own.columns).difference(NEEDED))
    return own


def _ready(name: str, place: Place) -> Path:
    found = ready_maps()
    if name not in found:
        hint = t("allowed: {names}", names=", ".join(found))
        message = t("there is no ready map {name}, nor a file of that name", name=name)
        raise UserError(message, place, hint)
    return found[name]


def _added(base: ColumnMap, own: ColumnMap) -> ColumnMap:
    """Return a ready map with what another says instead or besides."""
    values = {
        name: {**base.values.get(name, {}), **own.values.get(name, {})}
        for name in (*base.values, *own.values)
    }
    return ColumnMap(
        {**base.columns, **own.columns},
        values,
        {**base.always, **own.always},
        own.table,
        own.dates,
        base.optional.difference(own.columns),
    )


def _document(file: Path) -> Document:
    try:
        document = read(file.read_bytes(), str(file))
    except OSError as error:
        raise UserError(
            t("cannot be read: {reason}", reason=error.strerror), Place(str(file))
        ) from error
    if document.problems:
        raise UserError(document.problems)
    return document


def _faults(document: Document, value: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield a problem for each section or key that there is not, and each value that is wrong."""
    for section, inner in value.items():
        if section == "base" and isinstance(inner, str):
            continue
        if section not in SECTIONS or not isinstance(inner, dict):
            yield _no_such(document, (section,), {"base": None, **SECTIONS})
            continue
        for name, found in inner.items():
            if name not in SECTIONS[section]:
                yield _no_such(document, (section, name), SECTIONS[section])
            elif allowed := SECTIONS[section][name](found):
                message = t("{field} cannot be {found}", field=f"{section}.{name}", found=found)
                hint = t("allowed: {names}", names=allowed)
                yield Problem(message, document.place((section, name)), hint)


def _no_such(document: Document, path: tuple[str, ...], names: Mapping[str, object]) -> Problem:
    hint = t("allowed: {names}", names=", ".join(names))
    return Problem(t("there is no field {name}", name=path[-1]), document.place(path), hint)


def _as_map(value: Mapping[str, Any]) -> ColumnMap:
    columns = {name: _several(found) for name, found in value.get("columns", {}).items()}
    table = dict(value.get("table", {}))
    if "separator" in table:
        table["separator"] = SEPARATORS.get(table["separator"], table["separator"])
    if "header" in table:
        table["header"] = int(table["header"])
    values, always = value.get("values", {}), value.get("always", {})
    return ColumnMap(columns, values, always, TableForm(**table), _as_dates(value.get("dates", {})))


def _as_dates(dates: Mapping[str, Any]) -> TimeForm:
    zone: tzinfo | None = None
    if said := dates.get("zone"):
        zone = ZoneInfo(said) if said in available_timezones() else offset(said)
    return TimeForm(dates.get("order"), zone, _several(dates.get("format", [])))


def _several(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - a text or a list of them
    return tuple(value) if isinstance(value, list) else (value,)
