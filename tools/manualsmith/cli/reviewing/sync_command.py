"""``manualsmith sync``: share what stands here, and take what others shared."""

from pathlib import Path

import click

from manualsmith.cli.group import OK, REFUSED
from manualsmith.text import t


@click.command(
    help=t(
        "Take suggestions and decisions from the shared repository, then push what it lacks: what "
        "was decided or suggested here without --push, or while the network was away. A branch "
        "that changed on both sides is left as it is, and told."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith sync
  manualsmith sync --dry-run
  manualsmith sync --json
\b
Exit codes: 0 done, 1 the remote could not be reached or refused something, 2 wrong usage.
"""
    ),
)
@click.option("--dry-run", is_flag=True, help=t("Look at the remote and say what would be done."))
@click.option("--json", "as_json", is_flag=True, help=t("Print what went to and fro as JSON."))
@click.pass_obj
def sync(folder: Path, dry_run: bool, as_json: bool) -> int:
    """Fetch and push, and print what went each way."""
    from manualsmith.cli.output.show_outcomes import show_shared
    from manualsmith.cli.output.terminal import out, show_json
    from manualsmith.cli.workspace_option import workspace_of
    from manualsmith.workflow.review.decide import reject_deleted
    from manualsmith.workflow.sharing.sync import sync as share

    shared = share(workspace_of(folder), dry_run=dry_run, ended=reject_deleted)
    if as_json:
        show_json({**shared.as_json(), "dry_run": dry_run})
    else:
        show_shared(shared)
        if dry_run:
            out().print(t("dry run, nothing was written"), style="bold")
    return REFUSED if shared.problems else OK
