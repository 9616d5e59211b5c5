"""``manualsmith audit``: what has gone stale, waits too long, disagrees, or was lost."""

from datetime import date, datetime
from itertools import groupby
from pathlib import Path

import click

from manualsmith.cli.group import OK, REFUSED
from manualsmith.text import t


@click.command(
    help=t(
        "Look after main: pages whose environment nobody has confirmed for long, facts that pages "
        "state differently, suggestions that wait, findings that never became a suggestion, "
        "records that do not validate."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith audit
  manualsmith audit --days 60 --waiting 7
  manualsmith audit --strict --json       for CI
\b
Exit codes: 0 looked, 1 something was found (with --strict), 2 wrong usage.
"""
    ),
)
@click.option(
    "--days",
    type=click.IntRange(0),
    default=90,
    show_default=True,
    help=t("How long a page may go without being confirmed."),
)
@click.option(
    "--waiting",
    type=click.IntRange(0),
    default=14,
    show_default=True,
    help=t("How many days a suggestion may wait."),
)
@click.option(
    "--today", type=click.DateTime(["%Y-%m-%d"]), help=t("Look as of this day; without it, today.")
)
@click.option("--strict", is_flag=True, help=t("Exit 1 where anything is found."))
@click.option("--json", "as_json", is_flag=True, help=t("Print what was found as JSON."))
@click.pass_obj
def audit(
    folder: Path, days: int, waiting: int, today: datetime | None, strict: bool, as_json: bool
) -> int:
    """Print the audit's remarks."""
    from rich.text import Text

    from manualsmith.cli.output.terminal import out, show_json
    from manualsmith.cli.workspace_option import workspace_to_look_at
    from manualsmith.workflow.reports.audit import KIND_NAMES
    from manualsmith.workflow.reports.audit import audit as look_after

    day = today.date() if today else date.today()
    found = look_after(workspace_to_look_at(folder), day, days, waiting)
    count = sum(not remark.is_information for remark in found)
    if as_json:
        show_json([remark.as_json() for remark in found])
    else:
        console = out()
        for kind, remarks in groupby(found, lambda remark: remark.kind):
            console.print(t(KIND_NAMES[kind]), style="bold")
            for remark in remarks:
                text = Text(f"  {remark.where}: ", style="cyan")
                text.append(remark.message, style="default")
                text.append(f"\n      {remark.hint}" if remark.hint else "", style="dim")
                console.print(text)
        told = t("to look after: {count}", count=count) if count else t("all is well")
        console.print(told, style="bold yellow" if count else "bold green")
    return REFUSED if count and strict else OK
