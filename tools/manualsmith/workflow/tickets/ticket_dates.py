"""The dates of a whole column: the zone that its name says, and days that may be months."""

from collections.abc import Mapping
from dataclasses import replace

from manualsmith.errors import Problem, UserError
from manualsmith.text import t
from manualsmith.workflow.tickets.ticket_table import TicketTable
from manualsmith.workflow.tickets.ticket_times import TimeForm, read_time, zone_in_header

_SHOWN = 5


def as_column_says(dates: TimeForm, column: str) -> TimeForm:
    """Return how dates are read: in the zone of the map, else in that of the column's name."""
    return dates if dates.zone else replace(dates, zone=zone_in_header(column))


def refuse_ambiguous(table: TicketTable, column: str, dates: TimeForm) -> None:
    """Raise UserError with rows as examples where the day may be the month, as in 03/04/2026.

    What rows that may be read in one way only tell of the others is a hint: the map has to say it.
    """
    of_rows = {number: read_time(row[column], dates) for number, row in table.rows}
    either = [number for number, times in of_rows.items() if len(times) > 1]
    if not either:
        return
    texts = {number: row[column].strip() for number, row in table.rows}
    first, second = (f"{when:%Y-%m-%d}" for when in of_rows[either[0]])
    message = t(
        "{found} may be {first} or {second}", found=texts[either[0]], first=first, second=second
    )
    if more := ", ".join(map(str, either[1 : _SHOWN + 1])):
        message += "; " + t("in {count} rows, also {rows}", count=len(either), rows=more)
    hint = t("say it in the map: {example}", example="dates: {order: day-first}")
    hint += f" ({t('or')} month-first)"
    raise UserError(message, table.place(either[0], column), hint + _evidence(texts, dates))


def _evidence(texts: Mapping[int, str], dates: TimeForm) -> str:
    """Return which order a row tells that may be read in one way only."""
    for number, text in texts.items():
        fits = [
            order
            for order in ("day-first", "month-first")
            if read_time(text, replace(dates, order=order))
        ]
        if len(fits) == 1:
            told = t("row {row}, {found}, is {order}", row=number, found=text, order=fits[0])
            return f"; {told}"
    return ""


def no_time(found: str, dates: TimeForm) -> Problem:
    """Return the problem of a text that is no time, or none in the form that the map says."""
    example = "2026-11-20 09:30, 115/11/20 下午 2:30, 20/Nov/26 2:30 PM"
    if dates.formats:
        example = ", ".join(dates.formats)
    elif dates.order:
        example = f"dates: {{order: {dates.order}}}"
    hint = t("such as {example}", example=example)
    if not (dates.formats or dates.order):
        said = "dates: {order: month-first}"
        hint += "; " + t("or say it in the map: {example}", example=said)
    return Problem(t("at is no time: {found}", found=found), hint=hint, field="at")
