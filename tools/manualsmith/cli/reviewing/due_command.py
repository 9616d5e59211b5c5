"""``manualsmith due``: what is to be confirmed again, by whom and by when."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from manualsmith.cli.group import OK
from manualsmith.errors import UserError
from manualsmith.text import t

if TYPE_CHECKING:
    from manualsmith.workflow.reports.due import Kept


@click.command(
    help=t(
        "List the pages and sections that are to be confirmed again, with their owners: those "
        "whose front matter, heading or settings say how often. Who follows one in a real "
        "environment writes what was seen in a confirmation."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith due
  manualsmith due --within 14 --owner 網路組
  manualsmith due --all --format json
  manualsmith due --within 60 --format ics > due.ics
\b
Exit codes: 0 listed, 1 there is no such owner, 2 wrong usage.
"""
    ),
)
@click.option("--owner", help=t("Only what this owner keeps."))
@click.option(
    "--within",
    type=click.IntRange(0, 3650),
    default=0,
    show_default=True,
    help=t("Also what is due in so many days."),
)
@click.option("--all", "everything", is_flag=True, help=t("Also what was confirmed in time."))
@click.option(
    "--format",
    "as_what",
    type=click.Choice(["text", "ics", "json"]),
    default="text",
    show_default=True,
    help=t("A list for a mail, a calendar, or plain values."),
)
@click.option(
    "--today", type=click.DateTime(["%Y-%m-%d"]), help=t("Look as of this day; without it, today.")
)
@click.pass_obj
def due(
    folder: Path,
    owner: str | None,
    within: int,
    everything: bool,
    as_what: str,
    today: datetime | None,
) -> int:
    """Print what is due."""
    from manualsmith.cli.output.terminal import show_json
    from manualsmith.cli.workspace_option import workspace_to_look_at
    from manualsmith.workflow.reports import due as found

    day = today.date() if today else date.today()
    places = found.kept_places(workspace_to_look_at(folder))
    if owner is not None and places:
        _refuse_unknown(owner, places)
        places = [one for one in places if one.owner == owner]
    listed = places if everything else found.due_by(places, day, within)
    if as_what == "json":
        trust = found.trusted(places, day)
        show_json({"due": [one.as_json(day) for one in listed], "trust": trust})
    elif as_what == "ics":
        click.echo(calendar(listed, day), nl=False)
    else:
        _show(listed, places, day)
    return OK


def _refuse_unknown(owner: str, places: "list[Kept]") -> None:
    """Raise UserError for an owner that no place has."""
    owners = sorted({one.owner for one in places} - {""})
    if owner not in owners:
        hint = t("owners: {names}", names=", ".join(owners)) if owners else None
        raise UserError(t("nothing is kept by {owner}", owner=owner), hint=hint)


def _show(listed: "list[Kept]", places: "list[Kept]", day: date) -> None:
    """Print a line for each place, as a mail takes it, and how many were confirmed in time."""
    from manualsmith.cli.output.terminal import err, out
    from manualsmith.workflow.reports.due import said_of, where

    for one in listed:
        owner = f" · {one.owner}" if one.owner else ""
        click.echo(f"{said_of(one, day)}  {where(one)}{owner}")
    if not places:
        out().print(t("no page says how often it is to be confirmed"))
        err().print(t("in front matter: confirm_every: 90d"), style="dim")
        return
    late = sum(one.state(day) != "confirmed" for one in places)
    told = t("confirmed in time: {done} of {all}", done=len(places) - late, all=len(places))
    err().print(told, style="yellow" if late else "green")


def calendar(places: "list[Kept]", day: date) -> str:
    """Return a calendar (RFC 5545) with a day for each place; what is late is on *day*."""
    from icalendar import Calendar, Event

    from manualsmith.workflow.reports.due import said_of, where

    made = Calendar()
    made.add("prodid", "-//manualsmith//due//")
    made.add("version", "2.0")
    for one in places:
        event = Event()
        name = "/".join((one.manual, one.page, *one.section))
        event.add("uid", f"{name}@manualsmith")
        event.add("dtstamp", datetime(day.year, day.month, day.day, tzinfo=UTC))
        event.add("dtstart", max(one.day or day, day))
        event.add("summary", t("confirm {where}", where=where(one)))
        event.add("description", "\n".join(filter(None, (one.owner, said_of(one, day)))))
        made.add_component(event)
    text: bytes = made.to_ical()
    return text.decode("utf-8")
