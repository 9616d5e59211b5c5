"""``manualsmith suggest``: confirmations become suggestion branches."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
from rich.text import Text

from manualsmith.cli.group import OK, REFUSED
from manualsmith.cli.terminal import Bar, diff_text, out, problem_text, show_json, show_problems
from manualsmith.markdown.worddiff import hunks
from manualsmith.text import t
from manualsmith.workflow.confirmations import all_files, read_files
from manualsmith.workflow.opening import open_workspace
from manualsmith.workflow.outcomes import Outcome, Report, Status
from manualsmith.workflow.suggest import suggest as make_suggestions

NEW_PAGE_SHOWN = 40
MARKS: dict[Status, tuple[str, str, str]] = {
    "created": ("+", "green", t("created")),
    "updated": ("~", "yellow", t("updated")),
    "joined": ("+", "green", t("joined")),
    "unchanged": ("=", "dim", t("unchanged")),
    "already": ("✓", "dim", t("already in the manual")),
    "left-alone": ("!", "yellow", t("left alone")),
    "decided": ("·", "dim", t("decided")),
    "evidence": ("·", "dim", t("evidence")),
    "withdrawn": ("-", "yellow", t("withdrawn")),
    "refused": ("×", "red", t("refused")),
}

EPILOG = t(
    """\b
Examples:
  manualsmith suggest records/confirmations/ENV-2026-0007.yaml
  manualsmith suggest --all --dry-run     show what would change, word by word
  manualsmith suggest --all --json        for other programs
\b
Look at one:  git show suggest/O1.2.1/ENV-2026-0007-1
Take it back: git branch -D suggest/O1.2.1/ENV-2026-0007-1
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
@click.argument("files", nargs=-1, metavar="[FILE]...", type=click.Path(path_type=Path))
@click.option("--all", "everything", is_flag=True, help=t("Every confirmation of the repository."))
@click.option("--dry-run", is_flag=True, help=t("Show each edit word by word and write nothing."))
@click.option("--json", "as_json", is_flag=True, help=t("Print the outcomes as JSON."))
@click.pass_obj
def suggest(
    folder: Path, files: tuple[Path, ...], everything: bool, dry_run: bool, as_json: bool
) -> int:
    """Run the use case and print its report."""
    if bool(files) == everything:
        raise click.UsageError(t("name the confirmations, or give --all for all of them"))
    workspace = open_workspace(folder)
    records, problems = all_files(workspace) if everything else read_files(files)
    with Bar(t("suggesting")) as bar:
        report = make_suggestions(workspace, records, problems, dry_run=dry_run, progress=bar)
    if as_json:
        show_json({**report.as_json(), "dry_run": dry_run})
    else:
        _show(report, dry_run)
    return REFUSED if report.refused else OK


def _show(report: Report, dry_run: bool) -> None:
    console = out()
    for outcome in report.outcomes:
        if outcome.status != "evidence":
            console.print(_line(outcome))
        if dry_run:
            for page in outcome.changed:
                shown = hunks(page.before or "", page.after)
                console.print(diff_text(console, page.path, shown))
    for line in _evidence(report.outcomes):
        console.print(line, style="dim")
    show_problems(report.problems)
    for notice in report.notices:
        console.print(notice, style="yellow")
    console.print(_summary(report, dry_run), style="bold")


def _evidence(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Yield one line for each confirmation that only adds to what is known."""
    found: dict[str, list[str]] = {}
    for outcome in outcomes:
        if outcome.status == "evidence":
            found.setdefault(outcome.confirmation, []).append(outcome.summary)
    mark, _, word = MARKS["evidence"]
    for confirmation, summaries in found.items():
        yield f"{mark} {word}  {confirmation}  " + "; ".join(summaries)


def _line(outcome: Outcome) -> Text:
    mark, style, word = MARKS[outcome.status]
    text = Text(f"{mark} {word}", style=style)
    text.append(f"  {outcome.id}  ", style="bold" if outcome.branch else "")
    text.append(outcome.summary)
    if outcome.branch and outcome.status in ("created", "updated", "left-alone"):
        text.append(f"\n    {outcome.branch}", style="cyan")
    if outcome.message:
        text.append(f"\n    {outcome.message}", style=style)
    for note in outcome.notes:
        text.append(f"\n    {note}", style="dim")
    for problem in outcome.problems:
        text.append("\n    ")
        text.append(problem_text(problem, "    "))
    return text


def _summary(report: Report, dry_run: bool) -> str:
    counts = Counter(outcome.status for outcome in report.outcomes)
    told = [
        t("{count} {what}", count=counts[status], what=MARKS[status][2])
        for status in MARKS
        if counts[status]
    ]
    if report.problems:
        files = {problem.place.file for problem in report.problems}
        told.append(t("files not used: {count}", count=len(files)))
    head = (
        t("dry run, nothing was written")
        if dry_run
        else t("on {main} {tip}", main=report.main, tip=report.base[:9])
    )
    return f"{head}: " + (", ".join(told) or t("nothing to do"))
