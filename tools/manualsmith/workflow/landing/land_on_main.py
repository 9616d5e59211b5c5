"""Put decisions on main: a commit each, then main and the branches in one transaction."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property, partial

from manualsmith.git.refs import RefUpdate
from manualsmith.git.repository import Identity, Signature
from manualsmith.git.write import BranchWriter, FileChange, NewCommit, signed_again
from manualsmith.workflow.landing.merger import signed_at
from manualsmith.workflow.landing.move_main import move_main
from manualsmith.workflow.queue.branch_content import Content, commit_of
from manualsmith.workflow.workspace.open_workspace import Workspace


class Landing:
    """Commits for main, written as they are added; main moves when `finish` is called.

    Use it under `one_at_a_time`. Until `finish` nothing leads to what *writer* wrote. With
    *first* a remote is given main's next tip and the closed branches before anything moves here;
    what it does not take, for which it raises, is not done here either.
    """

    def __init__(
        self,
        workspace: Workspace,
        writer: BranchWriter,
        command: str,
        first: Callable[[Workspace, str, Sequence[RefUpdate]], None] | None = None,
    ) -> None:
        self._workspace = workspace
        self._signing = workspace.repository
        self._writer = writer
        self._command = command
        self._first = first
        self._tip = workspace.main.tip
        self._closed: dict[str, str] = {}
        # of what somebody decided before, and is carried out again
        self.author: Signature | None = None

    def acting(self, person: Identity | None) -> None:
        """Have *person* sign what is added from now on; None: whom git's configuration names."""
        self._signing = self._workspace.repository.acting(person)
        for known in ("signature", "_own"):
            self.__dict__.pop(known, None)

    @property
    def closed(self) -> Collection[str]:
        """The refs of the branches that end with what was added."""
        return self._closed.keys()

    @cached_property
    def signature(self) -> Signature:
        """Who decides, and when: one moment for all that is decided together."""
        return self._signing.signature("committer")

    def decider(self, by: str, moment: str) -> Signature:
        """Return the author of a commit that decides: the commit says what its record says.

        The committer is who runs the command.
        """
        own = self.author or self._own
        return signed_at(by, own.email, moment)

    @cached_property
    def _own(self) -> Signature:
        return self._signing.signature("author")

    def add(
        self,
        files: Mapping[str, bytes | None],
        message: str,
        author: Signature,
        ref: str,
        tip: str,
        merged: str | None = None,
    ) -> None:
        """Write the next commit of main, and close the suggestion's branch *ref*, now at *tip*.

        *merged*, the suggestion's commit, is its second parent.
        """
        changes = tuple(FileChange(path, data) for path, data in sorted(files.items()))
        parents = (self._tip, merged) if merged else (self._tip,)
        self._tip = self._writer.add(NewCommit(parents, message, author, self.signature, changes))
        self._closed[ref] = tip

    def propose(self, content: Content, author: Signature) -> str:
        """Write a suggestion's commit on what main is next, and return its mark, for `add`."""
        return self._writer.add(commit_of(content, self._tip, author, self.signature))

    def carry(self, files: Mapping[str, bytes | None], message: str, author: Signature) -> None:
        """Write a commit of main that closes no branch."""
        changes = tuple(FileChange(path, data) for path, data in sorted(files.items()))
        commit = NewCommit((self._tip,), message, author, self.signature, changes)
        self._tip = self._writer.add(commit)

    def finish(self) -> str:
        """Move main, delete the closed branches and return main's new tip.

        Raises RefsMoved or UserError with no ref changed, but for one case: where main's files
        could not be written, it says so.
        """
        main = self._workspace.main
        written = self._writer.finish()
        if not written:
            return main.tip
        if self._workspace.repository.signing_configured():
            written = signed_again(self._workspace.repository, written)
        closed = [RefUpdate(ref, None, seen) for ref, seen in self._closed.items()]
        before = None
        if self._first:
            before = partial(self._first, self._workspace, written[-1], closed)
        move_main(self._workspace, written[-1], closed, f"manualsmith {self._command}", before)
        return written[-1]
