"""Take requests from another system's export: a table, and a map of its columns to our fields."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from manualsmith.errors import Problem, UserError
from manualsmith.layout import writing
from manualsmith.records.models.moments import as_moment
from manualsmith.records.models.request import SEVERITIES, Request
from manualsmith.records.privacy import kind_name, masked, unallowed
from manualsmith.records.problems import told
from manualsmith.records.record_files import dump_record, parse_record
from manualsmith.text import t
from manualsmith.workflow.service.incidents import ReportedProblem, as_request
from manualsmith.workflow.service.service_records import Committed, Desk, change, read_desk
from manualsmith.workflow.tickets.text_encoding import user_defined
from manualsmith.workflow.tickets.ticket_dates import as_column_says, no_time, refuse_ambiguous
from manualsmith.workflow.tickets.ticket_map import NEEDED, SORTED, ColumnMap
from manualsmith.workflow.tickets.ticket_table import TicketTable
from manualsmith.workflow.tickets.ticket_times import TimeForm, read_time
from manualsmith.workflow.workspace.new_ids import claim
from manualsmith.workflow.workspace.open_workspace import Workspace

_BLANKS = re.compile(r"\s+")
# 2.02608E+15: what a spreadsheet makes of a long number
_SHORTENED = re.compile(r"\d([.,]\d+)?[Ee]\+\d+")
# A request that is to be made, who writes it, and when it was reported.
_Row = tuple[ReportedProblem, str, str]


@dataclass(frozen=True)
class Imported:
    """What became of an import: new records, rows that were known, and rows that were refused."""

    made: tuple[Request, ...]
    known: int
    problems: tuple[Problem, ...]


def import_requests(
    records: Workspace,
    table: TicketTable,
    mapped: ColumnMap,
    staff: str,
    *,
    mask: bool = False,
    dry_run: bool = False,
) -> Imported:
    """Write a request for each row that has none yet, in one commit.

    A row is known again by its number in the other system. One that cannot be taken is told with
    its number as a spreadsheet counts, and the rest go in.
    Raises UserError where a column is missing, and where days may be months.
    """
    columns, as_reported = _reader(records, table, mapped, staff, mask)
    before = frozenset(one.source for one in read_desk(records).requests.values() if one.source)
    rows, twice, problems = _new_rows(table, columns, before, as_reported)
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


def preview(
    records: Workspace, table: TicketTable, mapped: ColumnMap, staff: str, count: int
) -> list[tuple[int, Request | tuple[Problem, ...]]]:
    """Return the first rows as they would be read: each a request without an id, or its faults.

    Raises UserError as `import_requests` does.
    """
    columns, as_reported = _reader(records, table, mapped, staff, mask=False)
    found: list[tuple[int, Request | tuple[Problem, ...]]] = []
    for number, row in table.rows[:count]:
        try:
            reported, by, at = as_reported(row)
        except UserError as error:
            found.append((number, tuple(_placed(error, table, number, columns))))
        else:
            found.append((number, as_request("REQ-0000-0000", reported, by, at)))
    return found


def _reader(
    records: Workspace, table: TicketTable, mapped: ColumnMap, staff: str, mask: bool
) -> tuple[Mapping[str, str], Callable[[Mapping[str, str]], _Row]]:
    """Return the column of each field, and how a row is read. Raises UserError for all rows."""
    columns = table.named(mapped)
    dates = as_column_says(mapped.dates, columns["at"])
    refuse_ambiguous(table, columns["at"], dates)
    allowed = records.settings.allow_personal

    def as_reported(row: Mapping[str, str]) -> _Row:
        values = dict(_values(row, columns, mapped, mask, allowed))
        return _reported(values, dates, staff, allowed)

    return columns, as_reported


def _placed(
    error: UserError, table: TicketTable, number: int, columns: Mapping[str, str]
) -> Iterator[Problem]:
    for problem in error.problems:
        place = table.place(number, columns.get(problem.field or ""))
        yield replace(problem, place=place)


def _new_rows(
    table: TicketTable,
    columns: Mapping[str, str],
    known: Collection[str],
    read: Callable[[Mapping[str, str]], _Row],
) -> tuple[list[_Row], int, list[Problem]]:
    """Return the rows that no request is of yet, how many there are twice, and what is wrong."""
    rows: list[_Row] = []
    problems: list[Problem] = []
    seen, twice = set(known), 0
    for number, row in table.rows:
        try:
            one = read(row)
        except UserError as error:
            problems += _placed(error, table, number, columns)
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


def _reported(values: Mapping[str, str], dates: TimeForm, staff: str, allow: Sequence[str]) -> _Row:
    """Return what a row reports, who took it and when. Raises UserError with all its faults."""
    problems = [*_missing(values), *_unreadable(values), *_personal(values, allow)]
    severity = values.get("severity") or "normal"
    if severity not in SEVERITIES:
        hint = t("allowed: {names}; map others under values", names=", ".join(SEVERITIES))
        problems.append(
            Problem(t("severity is {found}", found=severity), hint=hint, field="severity")
        )
    at = read_time(values.get("at") or "", dates)
    if values.get("at") and not at:
        problems.append(no_time(values["at"], dates))
    if problems:
        raise UserError(problems)
    when = as_moment(at[0])
    reported = ReportedProblem(
        values["product"],
        values["symptom"],
        severity,  # type: ignore[arg-type]
        values.get("detail") or None,
        values.get("page") or None,
        values.get("requester") or None,
        source=values["source"],
    )
    sorted_as: dict[str, Any] = {name: values.get(name) or None for name in SORTED}
    reported = replace(reported, **sorted_as)
    by = values.get("staff") or staff
    try:
        tried = dump_record(as_request("REQ-0000-0000", reported, by, when))
        parse_record(Request, tried.encode(), "")
    except ValidationError as error:
        raise UserError(told(error)) from error
    return reported, by, when


def _missing(values: Mapping[str, str]) -> Iterator[Problem]:
    for name in (*NEEDED, "product"):
        if not values.get(name):
            hint = t("name its column, or give one for every row: always: {product: …}")
            message = t("{field} is missing", field=name)
            yield Problem(message, hint=hint if name == "product" else None, field=name)


def _unreadable(values: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a problem for each value with characters, or of a number, that the export has lost."""
    for name, value in values.items():
        if own := ", ".join(user_defined(value)):
            message = t("{field}: a user-defined character that others cannot see", field=name)
            hint = t("write another one in the export, such as the usual form of the word")
            yield Problem(f"{message}: {own}", hint=hint, field=name)
    if _SHORTENED.fullmatch(values.get("source") or ""):
        message = t("source was shortened by a spreadsheet: {found}", found=values["source"])
        hint = t("make the column text before it is saved as CSV")
        yield Problem(message, hint=hint, field="source")


def _personal(values: Mapping[str, str], allow: Sequence[str]) -> Iterator[Problem]:
    for name, value in values.items():
        hint = t("leave it out") if name == "source" else t("leave it out, or give --mask")
        for find in unallowed(value, allow):
            message = t(
                "{kind} in a record: {excerpt}", kind=kind_name(find.kind), excerpt=find.excerpt
            )
            yield Problem(f"{name}: {message}", hint=hint, field=name)


def _values(
    row: Mapping[str, str],
    columns: Mapping[str, str],
    mapped: ColumnMap,
    mask: bool,
    allow: Sequence[str],
) -> Iterator[tuple[str, str]]:
    yield from mapped.always.items()
    for name, column in columns.items():
        value = row[column].strip().replace("\r\n", "\n").replace("\r", "\n")
        value = _stands_for(value, mapped.values.get(name, {}))
        if name != "detail":
            value = _BLANKS.sub(" ", value)
        if value or name not in mapped.always:
            # a number that is masked tells no row from another
            yield name, masked(value, allow) if mask and name != "source" else value


def _stands_for(value: str, values: Mapping[str, str]) -> str:
    alike = {found.casefold(): stands for found, stands in values.items()}
    return values.get(value) or alike.get(value.casefold(), value)


def _told(made: Sequence[Request]) -> str:
    names = "\n".join(f"Record: {one.id}" for one in made[:50])
    with writing():
        subject = t("Problem requests: {count} taken over", count=len(made))
    return f"{subject}\n\n{names}\n"
