"""``manualsmith probe``: read facts of the environment by machine, and say what differs."""

from pathlib import Path

import click

from manualsmith.cli.group import OK, REFUSED
from manualsmith.cli.record_options import as_json, trying
from manualsmith.text import t


@click.command(
    help=t(
        "Read the facts of the environment that [tool.manualsmith.probes] says where to read, all "
        "or those of the probes named. What is otherwise than the manuals say becomes one draft "
        "confirmation of each product, with the answers as evidence; with --suggest it is handed "
        "in and makes suggestions. Run again, nothing changes where nothing changed. A probe that "
        "fails changes nothing, and is told here and by audit."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith probe
  manualsmith probe --dry-run --json
  manualsmith probe server --suggest
\b
Then: manualsmith confirm finish ENV-2026-0010
With --suggest: manualsmith review list
\b
Exit codes: 0 all were read, 1 a probe failed or something was refused, 2 wrong usage.
"""
    ),
)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--suggest", is_flag=True, help=t("Hand in what differs, for a job without people."))
@trying
@as_json
@click.pass_obj
def probe(folder: Path, names: tuple[str, ...], suggest: bool, dry_run: bool, as_json: bool) -> int:
    """Ask the probes, and draft or hand in what differs."""
    from manualsmith.cli.output.show_probed import probed_json, show_probed, show_readings
    from manualsmith.cli.output.terminal import show_json
    from manualsmith.cli.record_options import desks
    from manualsmith.records.models.moments import as_moment, now
    from manualsmith.workflow.probing.probe_confirmations import confirm_readings
    from manualsmith.workflow.probing.probe_failures import note_failures
    from manualsmith.workflow.probing.readings import chosen_probes, read_probes

    workspace, records = desks(folder)
    readings = read_probes(workspace, chosen_probes(workspace, names))
    if not as_json:
        show_readings(readings)
    when = now()
    if not dry_run:
        note_failures(workspace.repository, readings, as_moment(when))
    made = confirm_readings(workspace, records, readings, when, hand_in=suggest, dry_run=dry_run)
    if as_json:
        show_json({**probed_json(readings, made), "dry_run": dry_run})
    else:
        show_probed(made, dry_run=dry_run)
    failed = any(one.status == "failed" for one in readings)
    refused = made.problems or any(one.refused for one in made.reports)
    return REFUSED if failed or refused else OK
