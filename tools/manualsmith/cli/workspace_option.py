"""The workspace that a command works on: its folder, and the release that was asked for."""

from pathlib import Path

import click

from manualsmith.workflow.workspace.open_workspace import Workspace, open_workspace


def workspace_to_look_at(folder: Path) -> Workspace:
    """Return the same with what git merged taken for decided; nothing is moved."""
    from manualsmith.workflow.landing.adopt import as_adopted

    return as_adopted(workspace_of(folder))


def workspace_of(folder: Path) -> Workspace:
    """Return the repository that holds *folder*, at the release of ``--release``."""
    root = click.get_current_context().find_root()
    return open_workspace(folder, root.params.get("release") or "")
