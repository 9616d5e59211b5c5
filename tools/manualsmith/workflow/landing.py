"""Put decisions on main: a commit each, then main and the branches in one transaction."""

from collections.abc import Mapping
from types import TracebackType

from manualsmith.errors import Problem, UserError
from manualsmith.store.refs import RefUpdate, update_refs
from manualsmith.store.repository import Signature
from manualsmith.store.worktree import bring_along, note_move, refuse_obstacles, worktree_of
from manualsmith.store.write import BranchWriter, FileChange, NewCommit
from manualsmith.text import t
from manualsmith.workflow.opening import Workspace


class Landing:
    """Commits for main, written as they are added; main moves when `finish` is called.

    Use it as a context manager, under `one_at_a_time`. Until `finish` nothing leads to them.
    """

    def __init__(self, workspace: Workspace, command: str) -> None:
        self._workspace = workspace
        self._command = command
        self._writer: BranchWriter | None = None
        self._tip = workspace.main.tip
        self._closed: dict[str, str] = {}

    def __enter__(self) -> "Landing":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._writer:
            self._writer.__exit__(kind, error, trace)

    @property
    def signature(self) -> Signature:
        """Who decides, and when."""
        return self._workspace.repository.signature("committer")

    def add(
        self, files: Mapping[str, bytes], message: str, ref: str, tip: str, *, merge: bool
    ) -> None:
        """Write the next commit of main, and close the suggestion's branch *ref*, now at *tip*.

        With *merge* the branch's tip is the commit's second parent.
        """
        writer = self._started()
        changes = tuple(FileChange(path, data) for path, data in sorted(files.items()))
        parents = (self._tip, tip) if merge else (self._tip,)
        author = self._workspace.repository.signature("author")
        self._tip = writer.add(NewCommit(parents, message, author, self.signature, changes))
        self._closed[ref] = tip

    def _started(self) -> BranchWriter:
        if self._writer is None:
            self._writer = BranchWriter(self._workspace.repository).__enter__()
        return self._writer

    def finish(self) -> str:
        """Move main, delete the closed branches and return main's new tip.

        A worktree that has main checked out is taken along. Raises RefsMoved or UserError with no
        ref changed, but for one case: where main's files could not be written, it says so.
        """
        if self._writer is None:
            return self._workspace.main.tip
        repository, main = self._workspace.repository, self._workspace.main
        tip = self._writer.finish()[-1]
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
