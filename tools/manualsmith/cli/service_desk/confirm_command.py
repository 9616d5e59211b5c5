"""``manualsmith confirm``: write and check environment confirmations (O1.1.1)."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from manualsmith.cli.group import OK, REFUSED, Group
from manualsmith.cli.output.output_file import make_folder, told_at, writing
from manualsmith.errors import Problem, UserError
from manualsmith.files import refuse_links
from manualsmith.layout import CATEGORIES, schema_path
from manualsmith.text import t

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
        "remote cannot be reached, it ends in five letters of its own."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith confirm new --product nextcloud --staff S-0412
  manualsmith confirm new --stdout        print it instead of writing a file
"""
    ),
)
@click.option("--product", help=t("The product; without it, the last confirmation's."))
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
@click.pass_obj
def new(
    folder: Path,
    product: str | None,
    staff: str | None,
    day: datetime | None,
    stdout: bool,
    dry_run: bool,
) -> None:
    """Claim an id and write the template."""
    from manualsmith.cli.output.terminal import err, out
    from manualsmith.cli.record_options import desks
    from manualsmith.records.models.moments import now
    from manualsmith.workflow.service.new_confirmation import new_confirmation

    workspace, records = desks(folder)
    if records.repository.worktree is None and not stdout:
        raise UserError(
            t("a bare repository has no folder to write to"),
            hint=t("print it with --stdout, or work in a clone"),
        )
    observed = day.date() if day else now().date()
    made = new_confirmation(workspace, observed, product, staff, dry_run=dry_run)
    if made.reason:
        err().print(
            t("the id has letters of its own: {reason}", reason=made.reason),
            style="yellow",
        )
    if stdout or made.root is None:
        click.echo(made.text, nl=False)
        return
    if not dry_run:
        _write(made.root, made.path, made.text)
        _write_schema(made.root)
    out().print(t("would write {path}", path=made.path) if dry_run else made.path, style="bold")
    if not dry_run:
        err().print(t("fill it in, then: manualsmith confirm check {path}", path=made.path))


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
    from manualsmith.cli.record_options import desks
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
    from manualsmith.cli.record_options import desks, pictures_in
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
