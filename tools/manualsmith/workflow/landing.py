"""Put decisions on main: a commit each, then main and the branches in one transaction."""

from collections.abc import Mapping
from functools import cached_property

from manualsmith.errors import Problem, UserError
from manualsmith.store.refs import RefUpdate, update_refs
from manualsmith.store.repository import Signature
from manualsmith.store.worktree import bring_along, note_move, refuse_obstacles, worktree_of
from manualsmith.store.write import BranchWriter, FileChange, NewCommit
from manualsmith.text import t
from manualsmith.workflow.opening import Workspace


class Landing:
    """Commits for main, written as they are added; main moves when `finish` is called.

    Use it under `one_at_a_time`. Until `finish` nothing leads to what *writer* wrote.
    """

    def __init__(self, workspace: Workspace, writer: BranchWriter, command: str) -> None:
        self._workspace = workspace
        self._writer = writer
        self._command = command
        self._tip = workspace.main.tip
        self._closed: dict[str, str] = {}

    @cached_property
    def signature(self) -> Signature:
        """Who decides, and when: one moment for all that is decided together."""
        return self._workspace.repository.signature("committer")

    @cached_property
    def _author(self) -> Signature:
        return self._workspace.repository.signature("author")

    def add(
        self, files: Mapping[str, bytes], message: str, ref: str, tip: str, *, merge: bool
    ) -> None:
        """Write the next commit of main, and close the suggestion's branch *ref*, now at *tip*.

        With *merge* the branch's tip is the commit's second parent.
        """
        changes = tuple(FileChange(path, data) for path, data in sorted(files.items()))
        parents = (self._tip, tip) if merge else (self._tip,)
        commit = NewCommit(parents, message, self._author, self.signature, changes)
        self._tip = self._writer.add(commit)
        self._closed[ref] = tip

    def finish(self) -> str:
        """Move main, delete the closed branches and return main's new tip.

        A worktree that has main checked out is taken along. Raises RefsMoved or UserError with no
        ref changed, but for one case: where main's files could not be written, it says so.
        """
        repository, main = self._workspace.repository, self._workspace.main
        written = self._writer.finish()
        if not written:
            return main.tip
        tip = written[-1]
        worktree = worktree_of(repository, main.ref)
        if worktree:
            refuse_obstacles(worktree, repository, main.tip, tip)
            note_move(worktree, repository, main.ref, main.tip, tip)
        closed = [RefUpdate(ref, None, seen) for ref, seen in self._closed.items()]
        updates = [RefUpdate(main.ref, tip, main.tip), *closed]
        message = f"manualsmith {self._command}"
        update_refs(repository, updates, message, taken_along=main.ref if worktree else None)
        if worktree:
            try:
                bring_along(worktree, repository, main.tip, tip)
            except UserError as error:
                raise _left_behind(main.name, error) from error
        return tip


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
