"""``manualsmith verify``: does each branch hold what its record says, and nothing else?"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from manualsmith.cli.group import OK, REFUSED
from manualsmith.errors import UserError
from manualsmith.text import t

if TYPE_CHECKING:
    from manualsmith.git.blobs import BlobReader
    from manualsmith.git.branches import RefInfo
    from manualsmith.workflow.verify.verify_records import Verified
    from manualsmith.workflow.workspace.open_workspace import Workspace


@click.command(
    help=t(
        "Derive suggestions again from their records and confirmations, and compare with what "
        "their branches hold. A branch that carries anything else fails, and it is said what. "
        "With --range, do the same for each step of main."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith verify --all
  manualsmith verify suggest/O1.2.1/ENV-2026-0007-1
  manualsmith verify --range origin/main..main
\b
Exit codes: 0 all is explained, 1 something is not, 2 wrong usage.
"""
    ),
)
@click.argument("branches", nargs=-1, metavar="[BRANCH]...")
@click.option(
    "--all", "everything", is_flag=True, help=t("Every branch under suggest/, of every release.")
)
@click.option("--range", "span", metavar="A..B", help=t("The steps of main after A up to B."))
@click.option("--json", "as_json", is_flag=True, help=t("Print what was found as JSON."))
@click.pass_obj
def verify(
    folder: Path, branches: tuple[str, ...], everything: bool, span: str | None, as_json: bool
) -> int:
    """Verify branches or a range."""
    from manualsmith.cli.output.terminal import show_json
    from manualsmith.cli.workspace_option import workspace_of
    from manualsmith.git.blobs import BlobReader
    from manualsmith.workflow.verify.verify_records import verify_each, verify_range

    if not (branches or everything or span) or (branches and everything):
        raise click.UsageError(t("name branches, or give --all, or a --range"))
    workspace = workspace_of(folder)
    with BlobReader(workspace.repository) as reader:
        refs = _refs(workspace, reader, branches, everything)
        found = list(verify_each(workspace, reader, refs))
        if span:
            found += verify_range(workspace, reader, *_ends(span))
    if as_json:
        show_json([one.as_json() for one in found])
    else:
        show_verified(found)
    return REFUSED if any(one.faults for one in found) else OK


def _refs(
    workspace: "Workspace", reader: "BlobReader", branches: Sequence[str], everything: bool
) -> "list[RefInfo]":
    """Return the branches that the arguments name: an id is one of the release's suggestions."""
    from manualsmith.git.branches import list_refs
    from manualsmith.layout import BRANCHES
    from manualsmith.workflow.queue.branch import is_of
    from manualsmith.workflow.queue.select import select
    from manualsmith.workflow.workspace.snapshot import main_snapshot

    refs = {info.ref: info for info in list_refs(workspace.repository, BRANCHES)}
    if everything:
        return list(refs.values())
    own = {ref: info for ref, info in refs.items() if is_of(workspace, ref)}
    snapshot = main_snapshot(workspace, reader)
    named = select([name for name in branches if "/" in name], refs, snapshot)
    by_id = select([name for name in branches if "/" not in name], own, snapshot)
    if decided := (*named.decided, *by_id.decided):
        raise UserError(
            t("{id} is decided: it has no branch any more", id=decided[0].id),
            hint=t("verify main's steps: manualsmith verify --range A..B"),
        )
    return list({info.ref: info for info in (*named.opened, *by_id.opened)}.values())


def _ends(span: str) -> tuple[str | None, str]:
    since, dots, until = span.partition("..")
    if not dots or until.startswith("."):
        raise click.UsageError(t("a range is written A..B"))
    return since or None, until or "HEAD"


def show_verified(found: "Sequence[Verified]") -> None:
    """Print a line for each thing that was verified, with what is wrong under it."""
    from manualsmith.cli.output.terminal import out

    console = out()
    for one in found:
        mark, style = ("×", "red") if one.faults else ("✓", "green")
        console.print(f"{mark} {one.name}", style=style)
        for fault in one.faults:
            console.print(f"    {fault}", style="red")
    wrong = sum(bool(one.faults) for one in found)
    told = t("{right} right, {wrong} wrong", right=len(found) - wrong, wrong=wrong)
    console.print(told, style="bold red" if wrong else "bold green")
