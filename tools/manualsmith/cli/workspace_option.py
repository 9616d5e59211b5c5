"""The workspace that a command works on: its folder, and the release that was asked for."""

from pathlib import Path

import click

from manualsmith.errors import UserError
from manualsmith.workflow.workspace.open_workspace import Workspace, open_workspace


def workspace_to_look_at(folder: Path) -> Workspace:
    """Return the same with what git merged taken for decided; nothing is moved."""
    from manualsmith.workflow.landing.adopt import as_adopted

    return as_adopted(workspace_of(folder))


def workspace_of(folder: Path) -> Workspace:
    """Return the repository that holds *folder*, at the release of ``--release``.

    What a killed command began is finished first. Where that cannot be, it is told: a command that
    only looks goes on, one that writes will refuse.
    """
    root = click.get_current_context().find_root()
    workspace = open_workspace(folder, root.params.get("release") or "")
    if not workspace.repository.moving.is_file():
        return workspace
    from manualsmith.git.worktree import finish_what_was_begun

    try:
        finish_what_was_begun(workspace.repository)
    except UserError as error:
        from manualsmith.cli.output.terminal import show_problems

        show_problems(error.problems)
    return workspace
