"""``manualsmith hook``: put the same verification into a shared repository."""

import shlex
import sys
from pathlib import Path

import click

from manualsmith.cli.group import OK, REFUSED
from manualsmith.cli.output.output_file import make_folder, writing
from manualsmith.errors import Place, UserError
from manualsmith.git.repository import Repository
from manualsmith.text import t

MADE_BY = "# made by: manualsmith hook install"


@click.group(
    help=t("Verify every push to a shared repository."),
    epilog=t(
        """\b
Examples:
  manualsmith -C /srv/git/manuals.git hook install
\b
Keep manual changes that no accepted suggestion explains out of main:
  [tool.manualsmith]
  protect_main = true
"""
    ),
)
def hook() -> None:
    """Hold the subcommands."""


@hook.command(
    help=t(
        "Install a pre-receive hook in a bare repository: a suggestion branch that holds what its "
        "record does not say is turned away, and so is what the settings keep out of main."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith -C /srv/git/manuals.git hook install
  manualsmith -C /srv/git/manuals.git hook install --dry-run
"""
    ),
)
@click.option("--force", is_flag=True, help=t("Write over a hook that somebody else put there."))
@click.option("--dry-run", is_flag=True, help=t("Print the hook and write nothing."))
@click.pass_obj
def install(folder: Path, force: bool, dry_run: bool) -> None:
    """Write the hook."""
    from manualsmith.cli.output.terminal import out

    repository = Repository.open(folder)
    path = repository.hooks / "pre-receive"
    # The interpreter that runs this, as a server's hooks have a short PATH; -P: it takes no module
    # from the repository that it stands in.
    command = f"{shlex.quote(sys.executable)} -P -m manualsmith hook pre-receive"
    script = f"#!/bin/sh\n{MADE_BY}\nexec {command}\n"
    if dry_run:
        click.echo(script, nl=False)
        return
    if not repository.is_bare:
        raise UserError(
            t("a pre-receive hook belongs into the bare repository that people push to"),
            hint=t("name it: manualsmith -C /srv/git/manuals.git hook install"),
        )
    if path.exists() and MADE_BY not in path.read_text("utf-8", "replace") and not force:
        raise UserError(
            t("there is a pre-receive hook already"),
            Place(str(path)),
            t("add this line to it: {command}\nor write over it: --force", command=command),
        )
    make_folder(path.parent)
    with writing(path, 0o755) as made:
        made.write_bytes(script.encode())
    out().print(t("installed: {path}", path=path), style="bold green")


@hook.command(
    "pre-receive",
    help=t("What the hook runs: read from git which refs are pushed, exit 1 to turn them away."),
    epilog=t(
        """\b
Examples:
  manualsmith hook pre-receive < pushed.txt
"""
    ),
)
@click.pass_obj
def pre_receive(folder: Path) -> int:
    """Verify a push."""
    from manualsmith.cli.output.terminal import err
    from manualsmith.workflow.gate.push_guard import guard_all, read_pushed
    from manualsmith.workflow.gate.unlocked import note_pushed, unlocked

    lines = sys.stdin.read().splitlines()
    console = err()
    repository = Repository.open(folder)
    if opened := unlocked(repository):
        note_pushed(repository, opened, lines)
        said = t(
            "the gate is open until {until}: {reason}", until=opened.until, reason=opened.reason
        )
        console.print(f"manualsmith: {said}", style="yellow", markup=False)
        return OK
    found = list(guard_all(folder, read_pushed(lines)))
    hints = dict.fromkeys(one.hint for one in found if one.hint)
    for one in found:
        for fault in one.faults:
            console.print(f"manualsmith: {one.name}: {fault}", style="red", markup=False)
    for line in "\n".join(hints).splitlines():
        console.print(f"manualsmith: {line}", style="yellow", markup=False)
    return REFUSED if found else OK


@hook.command(
    "unlock",
    help=t(
        "Let every push through for a while, whatever it brings: for whoever runs the server, "
        "where the gate itself keeps from mending what is wrong. It is written down, and who "
        "pushes is told."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith -C /srv/git/manuals.git hook unlock --reason '修復設定檔'
  manualsmith -C /srv/git/manuals.git hook unlock --reason '修復設定檔' --minutes 5
  manualsmith -C /srv/git/manuals.git hook lock
"""
    ),
)
@click.option("--reason", required=True, metavar="TEXT", help=t("Why; it is written down."))
@click.option(
    "--minutes",
    type=click.IntRange(1, 24 * 60),
    default=15,
    show_default=True,
    help=t("How long."),
)
@click.pass_obj
def unlock(folder: Path, reason: str, minutes: int) -> None:
    """Open the gate."""
    from manualsmith.cli.output.output_file import told_at
    from manualsmith.cli.output.terminal import out
    from manualsmith.workflow.gate.unlocked import unlock as let_through

    repository = _bare(folder)
    if not reason.strip():
        raise click.UsageError(t("say why: --reason must not be blank"))
    with told_at(repository.common_dir):
        opened = let_through(repository, reason.strip(), minutes)
    out().print(t("the gate is open until {until}: {reason}", until=opened.until, reason=reason),
                style="bold yellow", markup=False)  # fmt: skip
    out().print(t("close it before that: manualsmith hook lock"), style="dim")


@hook.command(
    "lock",
    help=t("Close a gate that was opened, before its time is over."),
    epilog=t(
        """\b
Examples:
  manualsmith -C /srv/git/manuals.git hook lock
"""
    ),
)
@click.pass_obj
def lock(folder: Path) -> None:
    """Close the gate."""
    from manualsmith.cli.output.output_file import told_at
    from manualsmith.cli.output.terminal import out
    from manualsmith.workflow.gate.unlocked import lock as shut

    repository = _bare(folder)
    with told_at(repository.common_dir):
        was_open = shut(repository)
    out().print(t("the gate is closed") if was_open else t("the gate was closed already"))


@hook.command(
    "log",
    help=t("Show when the gate was open, who opened it and why, and what went through."),
    epilog=t(
        """\b
Examples:
  manualsmith -C /srv/git/manuals.git hook log
  manualsmith -C /srv/git/manuals.git hook log --json
"""
    ),
)
@click.option("--json", "as_json", is_flag=True, help=t("Print it as JSON."))
@click.pass_obj
def log(folder: Path, as_json: bool) -> None:
    """Print the book."""
    from manualsmith.cli.output.terminal import out, show_json
    from manualsmith.workflow.gate.unlocked import book

    entries = book(Repository.open(folder))
    if as_json:
        show_json(entries)
        return
    words = {
        "unlocked": t("opened"),
        "locked": t("closed"),
        "let through": t("let through"),
    }
    for entry in entries:
        rest = [entry.get("by"), entry.get("reason"), *entry.get("pushed", ())]
        line = "  ".join([entry["at"], words[entry["what"]], *(one for one in rest if one)])
        out().print(line, markup=False)
    if not entries:
        out().print(t("the gate was never opened"))


def _bare(folder: Path) -> Repository:
    repository = Repository.open(folder)
    if not repository.is_bare:
        raise UserError(
            t("the gate is in the bare repository that people push to"),
            hint=t("name it: manualsmith -C /srv/git/manuals.git hook install"),
        )
    return repository
