"""``manualsmith import``: take requests from another system's export."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from manualsmith.cli.group import OK, REFUSED
from manualsmith.cli.record_options import as_json, desks, masking, record_json, trying
from manualsmith.text import t

if TYPE_CHECKING:
    from manualsmith.workflow.tickets.import_tickets import Imported
    from manualsmith.workflow.tickets.ticket_map import ColumnMap
    from manualsmith.workflow.tickets.ticket_table import TicketTable
    from manualsmith.workflow.workspace.open_workspace import Workspace


@click.command(
    "import",
    help=t(
        "Take a ticket system's export as requests. A row that cannot be taken is told with its "
        "number and the reason, and the rest go in; running it again adds nothing twice."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith import --kind request tickets.csv --map map.yml --dry-run
  manualsmith import --kind request tickets.xlsx --map map.yml --mask
  manualsmith import --kind request export.csv --map jira --product nextcloud
  manualsmith import --guess tickets.csv --product nextcloud --out map.yml
  manualsmith import --from gitlab https://git.example.org/cloud/help --since 2026-11-01
\b
Ready maps:
  servicenow, jira, zendesk, freshdesk, otrs, znuny, glpi, redmine, gitlab, github, osticket
\b
A map, in YAML:
  columns: {source: 單號, at: 建立時間, symptom: 主旨, detail: 內容, severity: 優先}
  values: {severity: {最高: urgent, 高: high, 中: normal, 低: low}}
  always: {product: nextcloud}
\b
Exit codes: 0 done, 1 some rows were refused (the rest went in), 2 wrong usage.
"""
    ),
)
@click.argument("file", metavar="FILE|URL")
@click.option("--kind", type=click.Choice(["request"]), default="request", show_default=True)
@click.option(
    "--map",
    "map_file",
    type=click.Path(path_type=Path),
    help=t("A file with the map, or the name of a ready one."),
)
@click.option("--guess", is_flag=True, help=t("Draft a map of the file; take nothing."))
@click.option("--out", type=click.Path(path_type=Path), help=t("With --guess: the map to write."))
@click.option(
    "--from",
    "system",
    type=click.Choice(["redmine", "gitlab", "github", "zammad"]),
    help=t("Read the tickets of this system from its address; its token is in the environment."),
)
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]),
    help=t("With --from: the first day or time of the tickets to read."),
)
@click.option("--product", help=t("The product of each row that names none."))
@click.option(
    "--staff",
    help=t(
        "Staff number or role of who took those whose row does not say; without it, git's "
        "manualsmith.staff. One of the two is needed."
    ),
)
@masking
@trying
@as_json
@click.pass_obj
def import_(
    folder: Path,
    file: str,
    kind: str,
    map_file: Path | None,
    guess: bool,
    out: Path | None,
    system: str | None,
    since: datetime | None,
    product: str | None,
    staff: str | None,
    mask: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Write a request for each row of a table that has none yet."""
    if [guess, bool(map_file), bool(system)].count(True) != 1:
        raise click.UsageError(t("give one of --map, --guess (drafts one) and --from"))
    if (out and not guess) or bool(system) != bool(since):
        raise click.UsageError(t("--out belongs to --guess, and --since to --from"))
    records = desks(folder)[1]
    if guess:
        from manualsmith.cli.output.show_guessed_map import guess_and_show

        return guess_and_show(records, Path(file), product, out, staff, as_json)
    table, mapped = _read(file, map_file, system, since)
    if product:
        mapped = replace(mapped, always={**mapped.always, "product": product})
    made = _imported(records, table, mapped, staff, mask, dry_run)
    _show(made, kind, dry_run, as_json)
    return REFUSED if made.problems else OK


def _read(
    file: str, map_file: Path | None, system: str | None, since: datetime | None
) -> "tuple[TicketTable | None, ColumnMap]":
    """Return the table of a file or a system, and its map."""
    from manualsmith.workflow.tickets.live_tickets import read_live
    from manualsmith.workflow.tickets.ticket_map import read_map
    from manualsmith.workflow.tickets.ticket_table import read_table

    if system and since:
        return read_live(system, file, since)
    mapped = read_map(map_file or Path())
    return read_table(Path(file), mapped), mapped


def _imported(
    records: "Workspace",
    table: "TicketTable | None",
    mapped: "ColumnMap",
    staff: str | None,
    mask: bool,
    dry_run: bool,
) -> "Imported":
    from manualsmith.workflow.service.service_records import staff_of
    from manualsmith.workflow.tickets.import_tickets import Imported, import_requests

    who = staff_of(records, staff)
    if table is None:
        return Imported((), 0, ())
    return import_requests(records, table, mapped, who, mask=mask, dry_run=dry_run)


def _show(made: "Imported", kind: str, dry_run: bool, as_json: bool) -> None:
    from manualsmith.cli.output.terminal import out, show_json, show_problems
    from manualsmith.workflow.queue.outcomes import problem_json

    if as_json:
        show_json(
            {
                kind: [record_json(one) for one in made.made],
                "known": made.known,
                "problems": [problem_json(problem) for problem in made.problems],
            }
        )
    else:
        show_problems(made.problems)
        told = t(
            "{made} new, {known} known already, {refused} refused",
            made=len(made.made),
            known=made.known,
            refused=len({problem.place.line for problem in made.problems}),
        )
        head = t("dry run, nothing was written") + ": " if dry_run else ""
        out().print(head + told, style="bold")
