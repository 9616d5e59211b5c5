"""``manualsmith suggest``: confirmations become suggestion branches."""

from pathlib import Path

import click

from manualsmith.cli.group import OK, REFUSED
from manualsmith.text import t

EPILOG = t(
    """\b
Examples:
  manualsmith suggest records/confirmations/ENV-2026-0007.yaml
  manualsmith suggest ENV-2026-0010       main's confirmation of that id
  manualsmith suggest --all --dry-run     show what would change, word by word
  manualsmith suggest --all --push        share them through the git host
  manualsmith suggest --all --json        for other programs
\b
Look at one:  manualsmith review show ENV-2026-0007-1
Take it back: manualsmith review withdraw ENV-2026-0007-1 --reason …
\b
Exit codes: 0 done, 1 something was refused (the rest was done), 2 wrong usage.
"""
)


@click.command(
    help=t(
        "Make one branch for each edit that the confirmations ask for: the changed pages and the "
        "record, one commit on main's tip. Run again, nothing changes where nothing changed. Your "
        "working tree and index are not touched."
    ),
    epilog=EPILOG,
)
@click.argument("files", nargs=-1, metavar="[FILE|ENV]...", type=click.Path(path_type=Path))
@click.option("--all", "everything", is_flag=True, help=t("Every confirmation of the repository."))
@click.option("--dry-run", is_flag=True, help=t("Show each edit word by word and write nothing."))
@click.option("--push", is_flag=True, help=t("Share them: fetch first, push what was made."))
@click.option("--json", "as_json", is_flag=True, help=t("Print the outcomes as JSON."))
@click.pass_obj
def suggest(
    folder: Path,
    files: tuple[Path, ...],
    everything: bool,
    dry_run: bool,
    push: bool,
    as_json: bool,
) -> int:
    """Make the suggestions of confirmations and print the report."""
    from manualsmith.cli.output.show_outcomes import show_report
    from manualsmith.cli.output.terminal import Bar, err, show_json
    from manualsmith.cli.workspace_option import workspace_of
    from manualsmith.workflow.service.read_confirmations import all_files, read_files
    from manualsmith.workflow.sharing.sync import open_sharing
    from manualsmith.workflow.suggest.picture_shelf import name_as_kept
    from manualsmith.workflow.suggest.run import suggest as make_suggestions

    if bool(files) == everything:
        raise click.UsageError(t("name the confirmations, or give --all for all of them"))
    workspace = workspace_of(folder)
    records, problems = all_files(workspace) if everything else read_files(files, workspace)
    sharing = open_sharing(workspace) if push and not dry_run else None
    with Bar(t("suggesting")) as bar:
        report = make_suggestions(
            workspace, records, problems, dry_run=dry_run, progress=bar, sharing=sharing
        )
    root = workspace.repository.folder
    named = [] if dry_run else name_as_kept(records, report.outcomes, root)
    for file, old, new in named:
        said = t(
            "{file}: {old} is kept, and named {new} there now", file=file.file, old=old, new=new
        )
        err().print(said, style="dim")
    if as_json:
        show_json({**report.as_json(), "dry_run": dry_run})
    else:
        show_report(report, dry_run=dry_run)
    return REFUSED if report.refused else OK
