"""Move main, other refs with it, and the worktree that has it checked out."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext

from manualsmith.git.refs import RefUpdate, update_refs
from manualsmith.git.trees import changed_paths
from manualsmith.git.worktree import bringing_along, refuse_obstacles, worktree_of
from manualsmith.workflow.workspace.open_workspace import Workspace


def move_main(
    workspace: Workspace,
    tip: str,
    others: Sequence[RefUpdate],
    message: str,
    before: Callable[[], None] | None = None,
) -> None:
    """Move main to *tip* and *others* with it; a worktree that has main checked out comes along.

    Use it under `one_at_a_time`. *before* is done when nothing is in the way, before anything
    moves. Raises as `Landing.finish` does.
    """
    repository, main = workspace.repository, workspace.main
    worktree = worktree_of(repository, main.ref)
    along: AbstractContextManager[None] = nullcontext()
    if worktree:
        changes = changed_paths(repository, main.tip, tip)
        refuse_obstacles(worktree, repository, changes)
        along = bringing_along(worktree, repository, main.ref, main.tip, tip, changes)
    if before:
        before()
    with along:
        updates = [RefUpdate(main.ref, tip, main.tip), *others]
        along_with = main.ref if worktree else None
        update_refs(repository, updates, message, taken_along=along_with, durable=True)
