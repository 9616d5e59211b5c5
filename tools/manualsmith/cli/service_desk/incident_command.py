"""``manualsmith incident``: work on what users report, move by move (O2.2.2)."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from manualsmith.cli.group import OK, Group
from manualsmith.cli.record_options import (
    SEVERITIES,
    How,
    as_json,
    by_whom,
    clean,
    desks,
    masking,
    moving,
    pictures_in,
    record_json,
    show_found,
    sorting,
    trying,
    when,
)
from manualsmith.text import t

if TYPE_CHECKING:
    from manualsmith.records.models.incident import Incident
    from manualsmith.workflow.service.incidents import PlannedMove

EPILOG = t(
    """\b
Examples:
  manualsmith incident open REQ-2026-0012
  manualsmith incident log INC-2026-0004 --note 換瀏覽器也一樣
  manualsmith incident escalate INC-2026-0004 --to developer --reason 伺服器紀錄有例外
  manualsmith incident answer INC-2026-0004 --note 31.0.5 已修正
  manualsmith incident resolve INC-2026-0004 --entry sign-in.md#login-loop
  manualsmith incident explain INC-2026-0004 --note 已告知要清除 Cookie
  manualsmith incident announce INC-2026-0004 --notice 目前無法登入，正在處理
  manualsmith incident to-confirmation INC-2026-0004
"""
)


@click.group(cls=Group, help=t("Work on what users report, move by move (O2.2.2)."), epilog=EPILOG)
def incident() -> None:
    """Hold the subcommands."""


@incident.command(
    "open",
    help=t(
        "Take up one request, or several of the same trouble. What is known of it comes first: the "
        "closest entries of the manual, and earlier incidents."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith incident open REQ-2026-0012
  manualsmith incident open REQ-2026-0012 REQ-2026-0013 --severity urgent
"""
    ),
)
@click.argument("requests", nargs=-1, required=True, metavar="REQ...")
@click.option("--symptom", help=t("What goes wrong; without it, as the first request says."))
@click.option(
    "--severity", type=click.Choice(SEVERITIES), help=t("Without it, the gravest of the requests.")
)
@by_whom
@trying
@as_json
@click.pass_obj
def open_(
    folder: Path,
    requests: tuple[str, ...],
    symptom: str | None,
    severity: str | None,
    staff: str | None,
    at: datetime | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Show similar entries and incidents, then open an incident."""
    from manualsmith.cli.output.terminal import err, out, show_json
    from manualsmith.records.models.moments import shown
    from manualsmith.records.models.request import Request
    from manualsmith.workflow.service.incidents import open_incident
    from manualsmith.workflow.service.search_all import find
    from manualsmith.workflow.service.service_records import read_desk, staff_of

    workspace, records = desks(folder)
    asked = symptom or read_desk(records).one(Request, requests[0]).symptom
    found = find(workspace, asked, kinds=("entry", "section", "incident"), most=5)
    if not as_json:
        show_found(found, empty=t("nothing like it is known"))
    made = open_incident(
        records,
        requests,
        staff_of(records, staff),
        when(at),
        symptom=symptom,
        severity=severity,  # type: ignore[arg-type]
        dry_run=dry_run,
    )
    if as_json:
        show_json({"record": record_json(made), "known": [one.as_json() for one in found]})
        return OK
    due = t("to be resolved by {due}", due=shown(made.due))
    name = t("would be written") if dry_run else made.id
    out().print(f"{name}  {due}", style="bold")
    if not dry_run:
        err().print(t("next: manualsmith incident resolve {id} …", id=made.id), style="dim")
    return OK


def _moved(folder: Path, incident_id: str, step: "PlannedMove", how: How) -> "Incident":
    """Carry out a move, print the state that it leads to, and return the incident."""
    from manualsmith.cli.output.terminal import out
    from manualsmith.records.models.incident import level_name, state_name
    from manualsmith.workflow.service.incidents import make_move
    from manualsmith.workflow.service.service_records import staff_of

    records = desks(folder)[1]
    who = staff_of(records, how.staff)
    then = when(how.at) if how.at else None
    step = replace(step, minutes=how.minutes, pictures=pictures_in(how.pictures))
    made = make_move(records, incident_id, step, who, then, dry_run=how.dry_run)
    told = state_name(made.state)
    if made.state == "escalated":
        told += f" ({level_name(made.waiting_on or '')})"
    out().print(f"{made.id}  {told}", style="bold")
    return made


def _noting(name: str, about: str, example: str, option: str = "--note") -> None:
    """Add a move that has nothing but a note."""

    @incident.command(
        name, help=about, epilog="\b\n" + t("Example:") + f"\n  manualsmith incident {example}\n"
    )
    @click.argument("incident_id", metavar="INC")
    @click.option(option, "note", required=True, help=t("What there is to say of it."))
    @moving
    @click.pass_obj
    def move(folder: Path, incident_id: str, note: str, how: How) -> int:
        """Make the move."""
        from manualsmith.workflow.service.incidents import PlannedMove

        said = clean(note, how.mask, desks(folder)[1])
        fields: tuple[tuple[str, Any], ...] = (("explained", said),) if name == "explain" else ()
        step = PlannedMove(name, said, fields=fields)  # type: ignore[arg-type]
        made = _moved(folder, incident_id, step, how)
        if name == "explain" and not made.confirmation:
            from manualsmith.cli.output.terminal import err

            told = t("next: manualsmith incident to-confirmation {id}", id=made.id)
            err().print(told, style="dim")
        return OK


_noting("log", t("Note what was tried or found."), "log INC-2026-0004 --note 換瀏覽器也一樣")
_noting("wait", t("The user has been asked for something."), "wait INC-2026-0004 --note 請提供畫面")
_noting(
    "answer",
    t("Whoever was asked has answered: the user, the developer or the architect."),
    "answer INC-2026-0004 --note 31.0.5 已修正",
)
_noting(
    "explain",
    t("Note what the user was told: with that it is over."),
    "explain INC-2026-0004 --note 已告知要清除 Cookie",
)
_noting(
    "reopen",
    t("Take it up again: it was not resolved after all."),
    "reopen INC-2026-0004 --reason 隔天又發生",
    "--reason",
)


@incident.command(
    help=t("Report it to the people who build the product; it is tracked until they answer."),
    epilog=t(
        """\b
Example:
  manualsmith incident escalate INC-2026-0004 --to developer --reason 伺服器紀錄有例外
"""
    ),
)
@click.argument("incident_id", metavar="INC")
@click.option(
    "--to",
    required=True,
    metavar="ROLE",
    help=t("developer, architect, or a role of [tool.manualsmith.organisation.roles]."),
)
@click.option("--reason", required=True, help=t("Why, and what they are asked."))
@moving
@click.pass_obj
def escalate(folder: Path, incident_id: str, to: str, reason: str, how: How) -> int:
    """Escalate an incident."""
    from manualsmith.workflow.service.incidents import PlannedMove

    note = clean(reason, how.mask, desks(folder)[1])
    _moved(folder, incident_id, PlannedMove("escalate", note, to), how)
    return OK


@incident.command(
    help=t("Say whose work it is: a staff number or role."),
    epilog=t(
        """\b
Example:
  manualsmith incident assign INC-2026-0004 --to S-0398
"""
    ),
)
@click.argument("incident_id", metavar="INC")
@click.option("--to", "assignee", required=True, help=t("Staff number or role, never a name."))
@moving
@click.pass_obj
def assign(folder: Path, incident_id: str, assignee: str, how: How) -> int:
    """Give an incident to somebody."""
    from manualsmith.workflow.service.incidents import PlannedMove

    step = PlannedMove("assign", assignee, fields=(("assignee", assignee),))
    _moved(folder, incident_id, step, how)
    return OK


@incident.command(
    help=t(
        "It is widespread: the site tells its readers so, in these words and no others, until it "
        "is resolved or --end takes the notice down."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith incident announce INC-2026-0004 --notice 目前無法登入，正在處理
  manualsmith incident announce INC-2026-0004 --end
"""
    ),
)
@click.argument("incident_id", metavar="INC")
@click.option("--notice", help=t("What everybody may read: no names, addresses or systems."))
@click.option("--end", is_flag=True, help=t("Take the notice down before it is resolved."))
@by_whom
@masking
@trying
@click.pass_obj
def announce(
    folder: Path,
    incident_id: str,
    notice: str | None,
    end: bool,
    staff: str | None,
    at: datetime | None,
    mask: bool,
    dry_run: bool,
) -> int:
    """Tell readers of a widespread trouble, or end that."""
    from manualsmith.cli.output.terminal import err, out
    from manualsmith.workflow.service.incidents import announce as tell
    from manualsmith.workflow.service.service_records import staff_of

    if end == bool(notice):
        raise click.UsageError(t("one of the two: --notice or --end"))
    records = desks(folder)[1]
    who, then = staff_of(records, staff), when(at) if at else None
    said = clean(notice, mask, records)
    made = tell(records, incident_id, said or None, who, then, dry_run=dry_run)
    told = t("readers are told: {notice}", notice=made.notice) if made.notice else t("no notice")
    out().print(f"{made.id}  {told}", style="bold")
    if not dry_run:
        err().print(t("next: build and publish the site"), style="dim")
    return OK


@incident.command(
    help=t("Add further requests of the same trouble."),
    epilog=t(
        """\b
Example:
  manualsmith incident join INC-2026-0004 REQ-2026-0015
"""
    ),
)
@click.argument("incident_id", metavar="INC")
@click.argument("requests", nargs=-1, required=True, metavar="REQ...")
@by_whom
@trying
@click.pass_obj
def join(
    folder: Path,
    incident_id: str,
    requests: tuple[str, ...],
    staff: str | None,
    at: datetime | None,
    dry_run: bool,
) -> int:
    """Add requests to an incident."""
    from manualsmith.cli.output.terminal import out
    from manualsmith.workflow.service.incidents import join_incident
    from manualsmith.workflow.service.service_records import staff_of

    records = desks(folder)[1]
    who, then = staff_of(records, staff), when(at) if at else None
    made = join_incident(records, incident_id, requests, who, then, dry_run=dry_run)
    out().print(f"{made.id}  {', '.join(made.requests)}", style="bold")
    return OK


@incident.command(
    help=t(
        "Note what resolved it: an entry, a place of the operation manual, or neither. Such a "
        "place alone worked as written; with steps beside it something else worked, and it is to "
        "be corrected; with steps alone the manuals say nothing of it, and an entry is to be "
        "written."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith incident resolve INC-2026-0004 --entry sign-in.md#login-loop
  manualsmith incident resolve INC-2026-0004 --entry sync.md#locked-file \\
    --step 關閉文書軟體 --step 重新啟動用戶端
  manualsmith incident resolve INC-2026-0004 --place 分享檔案#設定期限
  manualsmith incident resolve INC-2026-0004 --cause 憑證過期 --step 更新憑證
"""
    ),
)
@click.argument("incident_id", metavar="INC")
@click.option("--entry", help=t("The entry that was followed: its title, or page#heading."))
@click.option("--place", help=t("The place of the operation manual: page#heading, or a page."))
@click.option("--cause", help=t("What it came from."))
@click.option("--step", "steps", multiple=True, help=t("What was done; once for each step."))
@click.option("--worked", type=click.Choice(["as-written", "corrected", "no-entry"]))
@click.option("--note", help=t("What there is to say of it."))
@sorting
@moving
@click.pass_obj
def resolve(
    folder: Path,
    incident_id: str,
    entry: str | None,
    place: str | None,
    cause: str | None,
    steps: tuple[str, ...],
    worked: str | None,
    note: str | None,
    sorted_as: dict[str, str | None],
    how: How,
) -> int:
    """Resolve an incident."""
    from manualsmith.cli.output.terminal import err
    from manualsmith.workflow.service.incidents import PlannedMove
    from manualsmith.workflow.service.resolving import Resolving, resolution

    workspace, records = desks(folder)
    done = [clean(step, how.mask, records) or "" for step in steps]
    why = clean(cause, how.mask, records)
    resolving = Resolving(entry or "", place or "", worked, why, done)  # type: ignore[arg-type]
    fields = resolution(workspace, resolving)
    said = tuple((k, clean(v, how.mask, records)) for k, v in sorted_as.items() if v)
    step = PlannedMove("resolve", clean(note, how.mask, records), fields=(*fields, *said))
    made = _moved(folder, incident_id, step, how)
    err().print(t("next: manualsmith incident explain {id} --note …", id=made.id), style="dim")
    return OK


@incident.command(
    "list",
    help=t("List incidents: the gravest first, then what is due first."),
    epilog=t(
        """\b
Examples:
  manualsmith incident list --open
  manualsmith incident list --overdue
  manualsmith incident list --waiting-on developer --json
"""
    ),
)
@click.option("--open", "only_open", is_flag=True, help=t("Those that are not resolved."))
@click.option("--overdue", is_flag=True, help=t("Those that should have been resolved."))
@click.option("--waiting-on", metavar="ROLE", help=t("Those that wait for: user, or a role."))
@click.option("--assignee", help=t("Those that are this staff number's or role's."))
@click.option("--unassigned", is_flag=True, help=t("Those that are nobody's."))
@as_json
@click.pass_obj
def list_(
    folder: Path,
    only_open: bool,
    overdue: bool,
    waiting_on: str | None,
    assignee: str | None,
    unassigned: bool,
    as_json: bool,
) -> int:
    """Print the incidents."""
    from manualsmith.cli.output.terminal import listing, out, show_json, show_problems
    from manualsmith.records.models.incident import OVER, level_name, state_name
    from manualsmith.records.models.moments import shown
    from manualsmith.workflow.service.incidents import in_order_of_work, is_overdue
    from manualsmith.workflow.service.service_records import read_desk

    desk, now = read_desk(desks(folder)[1]), when(None)
    found = [
        one
        for one in in_order_of_work(desk.incidents.values())
        if not (only_open and one.state in OVER)
        and not (overdue and not is_overdue(one, now))
        and waiting_on in (None, one.waiting_on)
        and assignee in (None, one.assignee)
        and not (unassigned and one.assignee)
    ]
    if as_json:
        values = [{**record_json(one), "overdue": is_overdue(one, now)} for one in found]
        show_json({"incidents": values})
        return OK
    table = listing((t("id"), t("due"), t("state"), t("whose"), t("symptom")))
    for one in found:
        late = is_overdue(one, now)
        state = state_name(one.state)
        if one.state == "escalated":
            state += f" ({level_name(one.waiting_on or '')})"
        due = shown(one.due) + (" " + t("overdue") if late else "")
        style = "red" if late else "dim" if one.state in OVER else ""
        table.add_row(one.id, due, state, one.assignee or "–", one.symptom, style=style)
    out().print(table if found else t("no incident"))
    show_problems(desk.problems)
    return OK


@incident.command(
    help=t("Show one incident: where it stands, and each move of it."),
    epilog=t(
        """\b
Example:
  manualsmith incident show INC-2026-0004
"""
    ),
)
@click.argument("incident_id", metavar="INC")
@as_json
@click.pass_obj
def show(folder: Path, incident_id: str, as_json: bool) -> int:
    """Print one incident."""
    from manualsmith.cli.output.terminal import out, show_json
    from manualsmith.records.models.incident import (
        MOVES,
        Incident,
        level_name,
        move_label,
        move_name,
        state_name,
    )
    from manualsmith.records.models.moments import shown
    from manualsmith.workflow.service.service_records import read_desk

    found = read_desk(desks(folder)[1]).one(Incident, incident_id)
    if as_json:
        show_json(record_json(found))
        return OK
    console = out()
    console.print(f"{found.id}  {found.symptom}", style="bold")
    due = t("due")
    console.print(f"{state_name(found.state)}  {due} {shown(found.due)}")
    for move in found.log:
        told = move_name(move.move) + (f" ({level_name(move.to)})" if move.to else "")
        console.print(f"  {shown(move.at)}  {move.by}  {told}", style="cyan")
        if move.note:
            console.print(f"    {move.note}")
    for number, step in enumerate(found.resolution, start=1):
        console.print(f"  {number}. {step}")
    allowed = ", ".join(f"{move} ({move_label(move)})" for move in MOVES[found.state])
    console.print(t("possible: {moves}", moves=allowed), style="dim")
    return OK


@incident.command(
    "to-confirmation",
    help=t(
        "Draft the confirmation (O1.1.1) that an incident leads to: a new entry where none "
        "matched, a correction where the entry did not work as written, a confirmation that it "
        "held where it did. A draft makes no suggestion until somebody has looked it through."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith incident to-confirmation INC-2026-0004 --dry-run
  manualsmith incident to-confirmation INC-2026-0004
\b
Then: manualsmith confirm finish ENV-2026-0010
"""
    ),
)
@click.argument("incident_id", metavar="INC")
@click.option(
    "--page", help=t("The page for a new entry, by its title too; without it, the nearest one.")
)
@by_whom
@trying
@click.pass_obj
def to_confirmation(
    folder: Path,
    incident_id: str,
    page: str | None,
    staff: str | None,
    at: datetime | None,
    dry_run: bool,
) -> int:
    """Draft the confirmation that an incident leads to."""
    from manualsmith.cli.output.show_draft import show_draft
    from manualsmith.workflow.service.draft_confirmation import from_incident
    from manualsmith.workflow.service.service_records import staff_of

    workspace, records = desks(folder)
    who = staff_of(records, staff)
    draft = from_incident(workspace, records, incident_id, who, when(at), page, dry_run=dry_run)
    show_draft(draft, dry_run=dry_run)
    return OK
