"""Move main, other refs with it, and the worktree that has it checked out."""

from collections.abc import Callable, Sequence

from manualsmith.errors import Problem, UserError
from manualsmith.git.refs import RefUpdate, update_refs
from manualsmith.git.worktree import bring_along, note_move, refuse_obstacles, worktree_of
from manualsmith.text import t
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
    if worktree:
        refuse_obstacles(worktree, repository, main.tip, tip)
        note_move(worktree, repository, main.ref, main.tip, tip)  # undone where nothing moves
    if before:
        before()
    updates = [RefUpdate(main.ref, tip, main.tip), *others]
    update_refs(repository, updates, message, taken_along=main.ref if worktree else None)
    if worktree:
        try:
            bring_along(worktree, repository, main.tip, tip)
        except UserError as error:
            raise _left_behind(main.name, error) from error


def _left_behind(main: str, error: UserError) -> UserError:
    return UserError(
        Problem(
            t(
                "{main} has moved, but its files could not be written: {reason}",
                main=main,
                reason=problem.message,
            ),
            hint=t("mend that, then run any review command: it brings the files along"),
        )
        for problem in error.problems
    )
