"""``manualsmith confirm``: write and check environment confirmations (O1.1.1)."""

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from manualsmith.cli.group import OK, REFUSED, Group
from manualsmith.cli.output.output_file import make_folder, told_at, writing
from manualsmith.cli.record_options import as_json, desks
from manualsmith.errors import Place, Problem, UserError
from manualsmith.files import refuse_links
from manualsmith.layout import CATEGORIES, schema_path
from manualsmith.text import t

if TYPE_CHECKING:
    from manualsmith.records.environment_reports.reported_environment import ReportedEnvironment
    from manualsmith.workflow.workspace.open_workspace import Workspace

EPILOG = t(
    """\b
Examples:
  manualsmith confirm new --product nextcloud --staff S-0412
  manualsmith confirm check records/confirmations/ENV-2026-0007.yaml
  manualsmith confirm check --all
"""
)


@click.group(
    cls=Group, help=t("Write and check environment confirmations (O1.1.1)."), epilog=EPILOG
)
def confirm() -> None:
    """Hold the subcommands."""


@confirm.command(
    help=t(
        "Write a new confirmation with the next free id, with comments that say what goes where. "
        "The id is claimed on the remote, so that two people never get the same one; where the "
        "remote cannot be reached, it ends in five letters of its own. With --from, what reports "
        "of the user's machine say is filled in; names, addresses and numbers of devices are not."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith confirm new --product nextcloud --staff S-0412
  manualsmith confirm new --stdout        print it instead of writing a file
  manualsmith confirm new --from systeminfo.txt --from status.json
  systeminfo | manualsmith confirm new --from - --dry-run --json
\b
Exit codes: 0 written, 1 a report was not read or something else is wrong, 2 wrong usage.
"""
    ),
)
@click.option("--product", help=t("The product; without it, the last confirmation's."))
@click.option(
    "--from",
    "reports",
    multiple=True,
    metavar="REPORT",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
    help=t("What the user's machine reports of itself, such as systeminfo; once for each."),
)
@click.option(
    "--staff",
    help=t("Staff number or role of who observed, never a name; without it, the line is blank."),
)
@click.option(
    "--date",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    help=t("The day of the observation; without it, today."),
)
@click.option("--stdout", is_flag=True, help=t("Print the template instead of writing the file."))
@click.option("--dry-run", is_flag=True, help=t("Say which file would be written; claim no id."))
@as_json
@click.pass_obj
def new(
    folder: Path,
    product: str | None,
    reports: tuple[Path, ...],
    staff: str | None,
    day: datetime | None,
    stdout: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Claim an id and write the template, filled with what the reports say."""
    from manualsmith.cli.output.show_reported import reported_json, show_reported
    from manualsmith.cli.output.terminal import err, show_json
    from manualsmith.records.models.moments import now
    from manualsmith.workflow.service.new_confirmation import named_product, new_confirmation

    workspace, records = desks(folder)
    if records.repository.worktree is None and not stdout:
        raise UserError(
            t("a bare repository has no folder to write to"),
            hint=t("print it with --stdout, or work in a clone"),
        )
    product = named_product(records, product)
    read = _read(workspace, product, reports) if reports else None
    if read and not as_json:
        show_reported(read)
    if read and read.problems:
        if as_json:
            show_json(reported_json(read))
        return REFUSED
    observed = day.date() if day else now().date()
    facts = read.facts if read else ()
    made = new_confirmation(workspace, observed, product, staff, facts, dry_run=dry_run)
    if made.reason:
        err().print(
            t("the id has letters of its own: {reason}", reason=made.reason),
            style="yellow",
        )
    if not (stdout or made.root is None or dry_run):
        _write(made.root, made.path, made.text)
        _write_schema(made.root)
    if as_json:
        text = {"text": made.text} if stdout else {}
        told = reported_json(read) if read else {}
        show_json({"id": made.id, "path": made.path, **text, **told})
    elif stdout or made.root is None:
        click.echo(made.text, nl=False)
    else:
        _tell_written(made.path, dry_run=dry_run)
    return OK


def _tell_written(path: str, *, dry_run: bool) -> None:
    from manualsmith.cli.output.terminal import err, out

    out().print(t("would write {path}", path=path) if dry_run else path, style="bold")
    if not dry_run:
        err().print(t("fill it in, then: manualsmith confirm check {path}", path=path))


def _read(workspace: "Workspace", product: str, reports: Sequence[Path]) -> "ReportedEnvironment":
    """Return what reports say, beside what the product's pages do. ``-`` is what is typed."""
    from manualsmith.records.environment_reports.reported_environment import read_environment
    from manualsmith.workflow.suggest.bound_facts import documented_facts

    given = [(str(file), _bytes_of(file)) for file in reports]
    settings = workspace.settings
    documented = documented_facts(workspace).get(product, {})
    return read_environment(given, documented, settings.reported_facts, settings.allow_personal)


def _bytes_of(report: Path) -> bytes:
    """Return a report's bytes, as far as one more than any report may have."""
    from manualsmith.records.environment_reports.report_text import MAX_BYTES

    if str(report) == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        with report.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        place = Place(str(report))
        raise UserError(t("cannot be read: {reason}", reason=error.strerror), place) from error


def _write(root: Path, name: str, text: str) -> None:
    path = root / name
    refuse_links(path, root)
    with told_at(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    with told_at(path), path.open("x", encoding="utf-8", newline="\n") as file:
        try:
            file.write(text)
            file.flush()
        except OSError:
            path.unlink()
            raise


def _write_schema(root: Path) -> None:
    """Write what the first line of a confirmation leads editors to, where it is not there."""
    from manualsmith.records.models.json_schema import schema_text

    path = root / schema_path()
    if path.exists():
        return
    refuse_links(path, root)
    make_folder(path.parent)
    with writing(path) as file:  # another one may do so at the same time
        file.write_text(schema_text(), encoding="utf-8", newline="\n")


@confirm.command(
    help=t("Check confirmations: every error of every file, with its place and what is allowed."),
    epilog=t(
        """\b
Examples:
  manualsmith confirm check records/confirmations/ENV-2026-0007.yaml
  manualsmith confirm check --all --json
\b
Exit codes: 0 all are right, 1 something is wrong, 2 wrong usage.
"""
    ),
)
@click.argument("files", nargs=-1, metavar="[FILE]...", type=click.Path(path_type=Path))
@click.option("--all", "everything", is_flag=True, help=t("Every confirmation of the repository."))
@click.option("--json", "as_json", is_flag=True, help=t("Print the problems as JSON."))
@click.pass_obj
def check(folder: Path, files: tuple[Path, ...], everything: bool, as_json: bool) -> int:
    """Check the files and print what is wrong."""
    from manualsmith.cli.output.terminal import show_json
    from manualsmith.cli.workspace_option import workspace_of
    from manualsmith.workflow.queue.outcomes import problem_json
    from manualsmith.workflow.service.read_confirmations import all_files, parse_files, read_files
    from manualsmith.workflow.service.unknown_pages import unknown_pages

    if bool(files) == everything:
        raise click.UsageError(t("name the confirmations, or give --all for all of them"))
    workspace = workspace_of(folder)
    records, problems = all_files(workspace) if everything else read_files(files)
    read, bad = parse_files(records, workspace.settings)
    problems = [*problems, *bad]
    remarks = unknown_pages(workspace, read)
    if as_json:
        ids = [file.confirmation.id for file in read]
        told = {"right": ids, "problems": [problem_json(problem) for problem in problems]}
        show_json({**told, "remarks": [*map(problem_json, remarks)]} if remarks else told)
    else:
        _show(len(read), problems, remarks)
    return REFUSED if problems else OK


@confirm.command(
    help=t("Say that a drafted confirmation was looked through: suggest takes it from then on."),
    epilog=t(
        """\b
Example:
  manualsmith confirm finish ENV-2026-0010
"""
    ),
)
@click.argument("confirmation_id", metavar="ENV")
@click.option("--dry-run", is_flag=True, help=t("Say what would be; write nothing."))
@click.pass_obj
def finish(folder: Path, confirmation_id: str, dry_run: bool) -> int:
    """Take the mark of a draft off."""
    from manualsmith.cli.output.terminal import err, out
    from manualsmith.workflow.service.draft_confirmation import finish

    name = confirmation_id.removesuffix(".yaml").rpartition("/")[2]
    made = finish(desks(folder)[1], name, dry_run=dry_run)
    out().print(made.id, style="bold")
    if dry_run:
        return OK
    err().print(t("next: manualsmith suggest {id}", id=made.id), style="dim")
    return OK


@confirm.command(
    help=t(
        "Print the line to write into a confirmation for a fact that is named in words. What is "
        "known is found by half a name too; a new one needs its category, and gets its name."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith confirm fact 用戶端版本
  manualsmith confirm fact macOS 版本 --category software
\b
Exit codes: 0 known, or named, 1 not known and no category given, 2 wrong usage.
"""
    ),
)
@click.argument("words", nargs=-1, required=True)
@click.option(
    "--category",
    type=click.Choice(list(CATEGORIES)),
    help=t("The category of a fact that is not known yet."),
)
@click.option("--json", "as_json", is_flag=True, help=t("Print it as JSON."))
@click.pass_obj
def fact(folder: Path, words: tuple[str, ...], category: str | None, as_json: bool) -> int:
    """Print the lines of the facts that are meant."""
    from manualsmith.cli.output.terminal import out, show_json
    from manualsmith.cli.record_options import desks
    from manualsmith.workflow.suggest.guessed_facts import facts_meant

    found = facts_meant(desks(folder)[0], " ".join(words), category)
    if as_json:
        show_json({"facts": [one.as_json() for one in found]})
        return OK
    for one in found:
        out().print(f"{one.category or '?'}:", style="dim")
        out().print(f"  - {one.as_line()}", style="bold", markup=False, highlight=False)
    return OK


@confirm.command(
    help=t(
        "Keep pictures for a confirmation's findings, and print the names to write into its file: "
        "pictures: [NAME]. They are made anew, so that nothing hidden comes along."
    ),
    epilog=t(
        """\b
Example:
  manualsmith confirm picture 畫面.png
"""
    ),
)
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--dry-run", is_flag=True, help=t("Say what would be; write nothing."))
@click.pass_obj
def picture(folder: Path, files: tuple[Path, ...], dry_run: bool) -> int:
    """Keep pictures and print their names."""
    from manualsmith.cli.output.terminal import out
    from manualsmith.cli.record_options import pictures_in
    from manualsmith.workflow.service.service_records import keep_pictures

    for name in keep_pictures(desks(folder)[1], pictures_in(files), dry_run=dry_run):
        out().print(name, style="bold")
    return OK


def _show(right: int, problems: Sequence[Problem], remarks: Sequence[Problem]) -> None:
    from manualsmith.cli.output.terminal import out, show_problems

    show_problems([*problems, *remarks])
    wrong = len({problem.place.file for problem in problems})
    told = t("{right} right, {wrong} wrong", right=right, wrong=wrong)
    out().print(told, style="bold red" if wrong else "bold green")
