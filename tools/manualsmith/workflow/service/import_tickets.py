"""Take requests from another system's export: a table, and a map of its columns to our fields."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from manualsmith.errors import Place, Problem, UserError
from manualsmith.extras import needed
from manualsmith.layout import writing
from manualsmith.naming import near
from manualsmith.records.models.moments import as_moment, in_zone
from manualsmith.records.models.request import SEVERITIES, Request
from manualsmith.records.privacy import kind_name, masked, unallowed
from manualsmith.records.problems import told
from manualsmith.records.record_files import dump_record, parse_record
from manualsmith.records.yaml.read_yaml import Document, read
from manualsmith.records.yaml.swallowed_text import swallowed
from manualsmith.text import t
from manualsmith.workflow.service.incidents import ReportedProblem, as_request
from manualsmith.workflow.service.service_records import Committed, Desk, change, read_desk
from manualsmith.workflow.workspace.new_ids import claim
from manualsmith.workflow.workspace.open_workspace import Workspace

_SORTED = ("unit", "channel", "category", "item", "impact")
FIELDS = (
    *("source", "at", "symptom", "detail", "product", "severity", "page", "requester", "staff"),
    *_SORTED,
)
NEEDED = ("source", "at", "symptom")
MAX_BYTES = 64 << 20
_DATES = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y-%m-%d",
    "%Y/%m/%d",
)
# 115/11/20, a year of the Republic
_MINGUO = re.compile(r"(\d{2,3})([/.-]\d{1,2}[/.-]\d{1,2}.*)")
# a two-figure year may as well be 2026, and is none that a ticket has of the Republic
_MINGUO_YEARS = (95, 199)
_BLANKS = re.compile(r"\s+")
# A request that is to be made, who writes it, and when it was reported.
_Row = tuple[ReportedProblem, str, str]


@dataclass(frozen=True)
class ColumnMap:
    """Which column each field is in, values that stand for others, and values for every row."""

    columns: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    always: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Imported:
    """What became of an import: new records, rows that were known, and rows that were refused."""

    made: tuple[Request, ...]
    known: int
    problems: tuple[Problem, ...]


def read_map(file: Path) -> ColumnMap:
    """Return the map in a YAML file: ``columns``, and where needed ``values`` and ``always``.

    Raises UserError with the place of what is wrong.
    """
    try:
        document = read(file.read_bytes(), str(file))
    except OSError as error:
        raise UserError(
            t("cannot be read: {reason}", reason=error.strerror), Place(str(file))
        ) from error
    if document.problems:
        raise UserError(document.problems)
    value: Any = document.value
    parts: dict[str, Any] = {"columns": {}, "values": {}, "always": {}}
    problems = [*_not_texts(document), *swallowed(document)]
    for name, inner in value.items() if isinstance(value, dict) else ():
        if name not in parts or not isinstance(inner, dict):
            hint = t("allowed: {names}", names=", ".join(parts))
            message = t("there is no field {name}", name=name)
            problems.append(Problem(message, document.place((name,)), hint))
            continue
        parts[name] = inner
        for wanted in inner:
            if wanted not in FIELDS:
                hint = t("allowed: {names}", names=", ".join(FIELDS))
                message = t("there is no field {name}", name=wanted)
                problems.append(Problem(message, document.place((name, wanted)), hint))
    for wanted in NEEDED:
        if wanted not in parts["columns"]:
            message = t("the map names no column for {field}", field=wanted)
            problems.append(Problem(message, Place(str(file))))
    if problems:
        raise UserError(problems)
    return ColumnMap(**parts)


def _not_texts(document: Document) -> Iterator[Problem]:
    """Yield a problem for each value of a map that is no text where one is needed."""
    value: Any = document.value
    for name, inner in value.items() if isinstance(value, dict) else ():
        for key, found in inner.items() if isinstance(inner, dict) else ():
            pairs = found.items() if isinstance(found, dict) else ()
            right = (
                isinstance(found, dict) and all(isinstance(text, str) for _, text in pairs)
                if name == "values"
                else isinstance(found, str)
            )
            if not right:
                hint = "values: {severity: {高: high}}" if name == "values" else f"{key}: …"
                message = t("{field} must be a text", field=f"{name}.{key}")
                if name == "values":
                    message = t("{field} must say what stands for what", field=f"{name}.{key}")
                yield Problem(message, document.place((name, key)), hint)


def read_table(file: Path) -> list[dict[str, str]]:
    """Return a CSV or Excel file's rows by column. Raises UserError where it is neither."""
    place = Place(str(file))
    try:
        data = file.read_bytes()
    except OSError as error:
        raise UserError(t("cannot be read: {reason}", reason=error.strerror), place) from error
    if len(data) > MAX_BYTES:
        raise UserError(t("larger than {limit} bytes", limit=MAX_BYTES), place)
    if data[:2] == b"PK":
        return _of_xlsx(data, place)
    for encoding in ("utf-8-sig", "cp950"):  # cp950: what Excel writes in Taiwan
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        except csv.Error as error:
            raise UserError(t("not a CSV file: {reason}", reason=error), place) from error
        return _by_column(rows, place)
    raise UserError(t("neither UTF-8 nor Big5 text"), place, t("save it as CSV UTF-8"))


def _of_xlsx(data: bytes, place: Place) -> list[dict[str, str]]:
    openpyxl = needed("openpyxl")
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        page = book.worksheets[0]
        rows = [[_cell(value) for value in row] for row in page.iter_rows(values_only=True)]
    except Exception as error:  # openpyxl raises whatever a damaged file leads it to
        raise UserError(t("not an Excel file: {reason}", reason=error), place) from error
    return _by_column(rows, place)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _by_column(rows: Sequence[Sequence[str]], place: Place) -> list[dict[str, str]]:
    if not rows:
        raise UserError(t("the table is empty"), place)
    names = [name.strip() for name in rows[0]]
    twice = [name for name, count in Counter(names).items() if name and count > 1]
    if twice:
        message = t("columns that are there twice: {names}", names=", ".join(twice))
        raise UserError(message, Place(place.file, 1))
    blank = [""] * len(names)
    return [dict(zip(names, [*row, *blank], strict=False)) for row in rows[1:]]


def import_requests(
    records: Workspace,
    table: Sequence[Mapping[str, str]],
    mapped: ColumnMap,
    file: str,
    staff: str,
    *,
    mask: bool = False,
    dry_run: bool = False,
) -> Imported:
    """Write a request for each row that has none yet, in one commit.

    A row is known again by its number in the other system. One that cannot be taken is told with
    its number (the first row of data is 2, as a spreadsheet counts) and the rest go in.
    Raises UserError where a column is missing.
    """
    _require_columns(table, mapped, file)
    before = frozenset(one.source for one in read_desk(records).requests.values() if one.source)
    allowed = records.settings.allow_personal

    def as_reported(row: Mapping[str, str]) -> _Row:
        return _reported(row, mapped, staff, mask, allowed)

    rows, twice, problems = _new_rows(table, file, before, as_reported)
    years = [int(at[:4]) for _, _, at in rows]
    ids = _claimed(records, years) if rows and not dry_run else ["REQ-0000-0000"] * len(rows)
    made = tuple(
        as_request(name, reported, by, at)
        for name, (reported, by, at) in zip(ids, rows, strict=True)
    )

    def work(desk: Desk, kept: Committed) -> tuple[Request, ...]:
        there = {one.source for one in desk.requests.values()} - before
        new = tuple(one for one in made if one.source not in there)
        kept.put(*new)
        return new

    if made and not dry_run:
        written = change(records, work, _told)
        twice += len(made) - len(written)  # somebody else imports the same just now
        made = written
    return Imported(made, twice, tuple(problems))


def _new_rows(
    table: Sequence[Mapping[str, str]],
    file: str,
    known: Collection[str],
    read: Callable[[Mapping[str, str]], _Row],
) -> tuple[list[_Row], int, list[Problem]]:
    """Return the rows that no request is of yet, how many there are twice, and what is wrong."""
    rows: list[_Row] = []
    problems: list[Problem] = []
    seen, twice = set(known), 0
    for number, row in enumerate(table, start=2):
        if not any(value.strip() for value in row.values() if value):
            continue
        try:
            one = read(row)
        except UserError as error:
            place = Place(file, number)
            problems += [Problem(p.message, place, p.hint) for p in error.problems]
            continue
        if one[0].source in seen:
            twice += 1
            continue
        seen.add(one[0].source or "")
        rows.append(one)
    return rows, twice, problems


def _claimed(records: Workspace, years: Sequence[int]) -> list[str]:
    """Return an id for each row, of the row's year."""
    found: dict[int, list[str]] = {}
    for year in sorted(set(years)):
        claimed = claim(records, "REQ", year, years.count(year))
        found[year] = [one.id for one in reversed(claimed)]
    return [found[year].pop() for year in years]


def _require_columns(table: Sequence[Mapping[str, str]], mapped: ColumnMap, file: str) -> None:
    names = list(table[0]) if table else []
    problems = []
    for wanted, column in mapped.columns.items():
        if table and column not in names:
            close = near(column, names) or names[:10]
            hint = t("there is: {names}", names=", ".join(close))
            message = t("no column {column} for {field}", column=column, field=wanted)
            problems.append(Problem(message, Place(file, 1), hint))
    if problems:
        raise UserError(problems)


def _reported(
    row: Mapping[str, str], mapped: ColumnMap, staff: str, mask: bool, allow: Sequence[str]
) -> tuple[ReportedProblem, str, str]:
    """Return what a row reports, who took it and when. Raises UserError with all its faults."""
    values = dict(_values(row, mapped, mask, allow))
    problems = [
        Problem(t("{field} is missing", field=name)) for name in NEEDED if not values.get(name)
    ]
    problems += [
        Problem(
            f"{name}: "
            + t("{kind} in a record: {excerpt}", kind=kind_name(find.kind), excerpt=find.excerpt),
            hint=t("leave it out") if name == "source" else t("leave it out, or give --mask"),
        )
        for name, value in values.items()
        for find in unallowed(value, allow)
    ]
    severity = values.get("severity") or "normal"
    if severity not in SEVERITIES:
        hint = t("allowed: {names}; map others under values", names=", ".join(SEVERITIES))
        problems.append(Problem(t("severity is {found}", found=severity), hint=hint))
    at = _moment(values.get("at") or "")
    if values.get("at") and at is None:
        hint = t("such as {example}", example="2026-11-20 09:30")
        problems.append(Problem(t("at is no time: {found}", found=values["at"]), hint=hint))
    if not values.get("product"):
        hint = t("name its column, or give one for every row: always: {product: …}")
        problems.append(Problem(t("{field} is missing", field="product"), hint=hint))
    if problems or at is None:
        raise UserError(problems)
    reported = ReportedProblem(
        values["product"],
        values["symptom"],
        severity,  # type: ignore[arg-type]
        values.get("detail") or None,
        values.get("page") or None,
        values.get("requester") or None,
        source=values["source"],
    )
    sorted_as: dict[str, Any] = {name: values.get(name) or None for name in _SORTED}
    reported = replace(reported, **sorted_as)
    by = values.get("staff") or staff
    try:
        tried = dump_record(as_request("REQ-0000-0000", reported, by, at))
        parse_record(Request, tried.encode(), "")
    except ValidationError as error:
        raise UserError(told(error)) from error
    return reported, by, at


def _values(
    row: Mapping[str, str], mapped: ColumnMap, mask: bool, allow: Sequence[str]
) -> Iterator[tuple[str, str]]:
    yield from mapped.always.items()
    for name, column in mapped.columns.items():
        value = (row.get(column) or "").strip().replace("\r\n", "\n").replace("\r", "\n")
        value = mapped.values.get(name, {}).get(value, value)
        if name != "detail":
            value = _BLANKS.sub(" ", value)
        if value or name not in mapped.always:
            # a number that is masked tells no row from another
            yield name, masked(value, allow) if mask and name != "source" else value


def _moment(text: str) -> str | None:
    """Return a time as records hold it; one without an offset is of the organisation's zone."""
    found = _MINGUO.fullmatch(text)
    if found and _MINGUO_YEARS[0] <= int(found[1]) <= _MINGUO_YEARS[1]:
        text = f"{int(found[1]) + 1911}{found[2]}"
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        for shape in _DATES:
            try:
                when = datetime.strptime(text, shape)
                break
            except ValueError:
                continue
        else:
            return None
    return as_moment(in_zone(when))


def _told(made: Sequence[Request]) -> str:
    names = "\n".join(f"Record: {one.id}" for one in made[:50])
    with writing():
        subject = t("Problem requests: {count} taken over", count=len(made))
    return f"{subject}\n\n{names}\n"
