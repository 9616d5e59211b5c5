"""``manualsmith adopt``: say why a change of main that nobody suggested is right."""

from pathlib import Path

import click

from manualsmith.cli.group import OK
from manualsmith.text import t


@click.command(
    help=t(
        "Give changes of main that nobody suggested a record of their own, after the fact: what "
        "changed, by whom, and why it stays. Merges of suggestions need none: they are adopted "
        "by themselves."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith audit                       lists the changes that no record explains
  manualsmith adopt 3f2c1ab --reason '錯字，當場改了'
  manualsmith adopt 3f2c1ab --reason '錯字' --push
\b
Exit codes: 0 done, 1 refused, 2 wrong usage.
"""
    ),
)
@click.argument("commits", nargs=-1, required=True, metavar="COMMIT...")
@click.option("--reason", required=True, help=t("Why it is right; kept with the record."))
@click.option(
    "--by",
    metavar="NUMBER",
    help=t("Staff number or role that decides; without it, git's manualsmith.staff, or author."),
)
@click.option(
    "--push", is_flag=True, help=t("Share it: fetch first, and do it on the remote as well.")
)
@click.option("--dry-run", is_flag=True, help=t("Show what would be done, do nothing."))
@click.option("--json", "as_json", is_flag=True, help=t("Print the outcomes as JSON."))
@click.pass_obj
def adopt(
    folder: Path,
    commits: tuple[str, ...],
    reason: str,
    by: str | None,
    push: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Write the records."""
    from manualsmith.cli.output.terminal import out, show_json
    from manualsmith.cli.workspace_option import workspace_of
    from manualsmith.workflow.review.adopt_change import adopt_changes
    from manualsmith.workflow.service.service_records import staff_number
    from manualsmith.workflow.sharing.sync import open_sharing

    if not reason.strip():
        raise click.UsageError(t("say why: --reason must not be blank"))
    workspace = workspace_of(folder)
    sharing = open_sharing(workspace) if push and not dry_run else None
    by = by or staff_number(workspace)
    made = adopt_changes(workspace, commits, reason, by, dry_run=dry_run, sharing=sharing)
    if as_json:
        show_json([one.model_dump(mode="json", exclude={"schema_"}) for one in made])
        return OK
    for one in made:
        out().print(f"✓ {one.commit[:9]} {one.subject}", style="green", markup=False)
        for page in one.pages:
            out().print(f"    {page.path}", style="dim", markup=False)
    if dry_run:
        out().print(t("dry run, nothing was written"), style="bold")
    return OK
