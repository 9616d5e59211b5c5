"""``manualsmith request``: write down what users report (O2.2.1)."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from manualsmith.cli.group import OK, Group
from manualsmith.cli.record_options import (
    SEVERITIES,
    as_json,
    by_whom,
    clean,
    desks,
    masking,
    pictures_in,
    picturing,
    record_json,
    show_found,
    sorting,
    trying,
    when,
)
from manualsmith.text import t

if TYPE_CHECKING:
    from manualsmith.records.models.request import Request
    from manualsmith.workflow.workspace.open_workspace import Workspace

EPILOG = t(
    """\b
Examples:
  manualsmith request new --symptom 登入後又回到登入畫面 --severity high
  manualsmith request list --open
  manualsmith request close REQ-2026-0012 --reason 使用者自行解決
"""
)


@click.group(cls=Group, help=t("Write down what users report (O2.2.1)."), epilog=EPILOG)
def request() -> None:
    """Hold the subcommands."""


@request.command(
    help=t(
        "Write a request and show what is known of it. The record goes to main at once; what looks "
        "like personal data or a secret is refused, or masked with --mask."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith request new --symptom 登入後又回到登入畫面
  manualsmith request new --symptom 檔案被鎖定 --detail "同事已經關機" --severity high --mask
\b
Next: manualsmith incident open REQ-2026-0012
"""
    ),
)
@click.option("--symptom", required=True, help=t("What goes wrong, in one line."))
@click.option("--detail", help=t("What the user said, and what was seen."))
@click.option("--product", help=t("The product; without it, the last request's."))
@click.option("--severity", type=click.Choice(SEVERITIES), default="normal", show_default=True)
@click.option("--page", help=t("The page that it was reported from: its title or path."))
@click.option("--requester", help=t("The user's role or department; never a name."))
@click.option("--unit", help=t("The user's unit."))
@click.option("--channel", help=t("How it came in: phone, mail, counter …"))
@sorting
@picturing
@click.option("--source", help=t("Its number in another system."))
@by_whom
@masking
@trying
@as_json
@click.pass_obj
def new(
    folder: Path,
    symptom: str,
    detail: str | None,
    product: str | None,
    severity: str,
    page: str | None,
    requester: str | None,
    unit: str | None,
    channel: str | None,
    source: str | None,
    pictures: tuple[Path, ...],
    sorted_as: dict[str, Any],
    staff: str | None,
    at: datetime | None,
    mask: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Write the request."""
    from manualsmith.workflow.service.incidents import ReportedProblem, new_request
    from manualsmith.workflow.service.service_records import staff_of

    workspace, records = desks(folder)
    product = product or _last_product(records)
    reported = ReportedProblem(
        product,
        clean(symptom, mask, records) or "",
        severity,  # type: ignore[arg-type]
        clean(detail, mask, records),
        _page(workspace, page) if page else None,
        clean(requester, mask, records),
        source=source,
        unit=clean(unit, mask, records),
        channel=clean(channel, mask, records),
    )
    kept: dict[str, Any] = {name: clean(text, mask, records) for name, text in sorted_as.items()}
    reported = replace(reported, **kept, pictures=pictures_in(pictures))
    made = new_request(records, reported, staff_of(records, staff), when(at), dry_run=dry_run)
    _show(workspace, made, dry_run=dry_run, as_json=as_json)
    return OK


def _show(workspace: "Workspace", made: "Request", *, dry_run: bool, as_json: bool) -> None:
    """Print a request that was written, and what is known of such troubles."""
    from manualsmith.cli.output.terminal import err, out, show_json
    from manualsmith.workflow.service.search_all import find

    if not as_json:  # said at once: it is written, whatever the search does
        out().print(t("would be written") if dry_run else made.id, style="bold")
    found = find(workspace, made.symptom, kinds=("entry", "section", "incident"), most=4)
    if as_json:
        show_json({"record": record_json(made), "known": [one.as_json() for one in found]})
        return
    show_found(found)
    if not dry_run:
        err().print(t("next: manualsmith incident open {id}", id=made.id), style="dim")


def _page(workspace: "Workspace", named: str) -> str:
    """Return a page as a request holds it. Raises UserError with the nearest titles."""
    from manualsmith.workflow.queue.named_pages import page_of_main

    manual, page = page_of_main(workspace, named, "operation")
    return f"{manual.name}/{page}"


def _last_product(records: "Workspace") -> str:
    """Return the product of the last request. Raises UserError where there is none."""
    from manualsmith.errors import UserError
    from manualsmith.workflow.service.service_records import read_desk

    known = sorted(read_desk(records).requests.values(), key=lambda one: one.id)
    if not known:
        raise UserError(t("which product?"), hint=t("name it: --product nextcloud"))
    return known[-1].product


@request.command(
    "list",
    help=t("List requests, the newest first."),
    epilog=t(
        """\b
Examples:
  manualsmith request list
  manualsmith request list --open --json
"""
    ),
)
@click.option("--open", "only_open", is_flag=True, help=t("Those that nobody has taken up."))
@as_json
@click.pass_obj
def list_(folder: Path, only_open: bool, as_json: bool) -> int:
    """Print the requests."""
    from manualsmith.cli.output.terminal import listing, out, show_json, show_problems
    from manualsmith.records.models.moments import instant, shown
    from manualsmith.records.models.request import severity_name
    from manualsmith.workflow.service.service_records import read_desk

    desk = read_desk(desks(folder)[1])
    found = sorted(desk.requests.values(), key=lambda one: instant(one.at), reverse=True)
    found = [one for one in found if one.free or not only_open]
    if as_json:
        show_json({"requests": [record_json(one) for one in found]})
        return OK
    table = listing((t("id"), t("when"), t("severity"), t("symptom"), t("taken up in")))
    for one in found:
        after = one.incident or (t("closed") if one.closed else "–")
        table.add_row(one.id, shown(one.at), severity_name(one.severity), one.symptom, after)
    out().print(table if found else t("no request"))
    show_problems(desk.problems)
    return OK


@request.command(
    help=t("Say whose work a request is: a staff number or role."),
    epilog=t(
        """\b
Example:
  manualsmith request assign REQ-2026-0012 --to S-0398
"""
    ),
)
@click.argument("request_id", metavar="REQ")
@click.option("--to", "assignee", required=True, help=t("Staff number or role, never a name."))
@trying
@click.pass_obj
def assign(folder: Path, request_id: str, assignee: str, dry_run: bool) -> int:
    """Give a request to somebody."""
    from manualsmith.cli.output.terminal import out
    from manualsmith.workflow.service.incidents import assign_request

    made = assign_request(desks(folder)[1], request_id, assignee, dry_run=dry_run)
    out().print(f"{made.id}  {made.assignee}", style="bold")
    return OK


@request.command(
    help=t("Close a request that needs no incident."),
    epilog=t(
        """\b
Example:
  manualsmith request close REQ-2026-0012 --reason 使用者自行解決
"""
    ),
)
@click.argument("request_id", metavar="REQ")
@click.option("--reason", required=True, help=t("Why."))
@by_whom
@masking
@trying
@click.pass_obj
def close(
    folder: Path,
    request_id: str,
    reason: str,
    staff: str | None,
    at: datetime | None,
    mask: bool,
    dry_run: bool,
) -> int:
    """Close a request that needs no incident."""
    from manualsmith.cli.output.terminal import out
    from manualsmith.workflow.service.incidents import close_request
    from manualsmith.workflow.service.service_records import staff_of

    records = desks(folder)[1]
    who = staff_of(records, staff)
    said = clean(reason, mask, records) or ""
    closed = close_request(records, request_id, said, who, when(at), dry_run=dry_run)
    told = t("would be closed: {id}", id=closed.id) if dry_run else t("closed {id}", id=closed.id)
    out().print(told, style="bold")
    return OK
