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
    path = _hooks(repository) / "pre-receive"
    # The interpreter that runs this, as a server's hooks have a short PATH.
    command = f"{shlex.quote(sys.executable)} -m manualsmith hook pre-receive"
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


def _hooks(repository: Repository) -> Path:
    named = repository.config("core.hooksPath")
    return repository.git_dir / named if named else repository.common_dir / "hooks"


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
    from manualsmith.workflow.verify.push_guard import guard_all, read_pushed

    found = list(guard_all(folder, read_pushed(sys.stdin)))
    console = err()
    for one in found:
        for fault in one.faults:
            console.print(f"manualsmith: {one.name}: {fault}", style="red")
        if one.hint:
            console.print(f"manualsmith: {one.hint}", style="yellow", markup=False)
    return REFUSED if found else OK
