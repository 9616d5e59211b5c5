"""Write suggestions as branches: every object through one stream, all refs in one transaction."""

from collections.abc import Iterable
from types import TracebackType

from manualsmith.store.refs import RefUpdate, update_refs
from manualsmith.store.repository import Signature
from manualsmith.store.write import BranchWriter
from manualsmith.text import t
from manualsmith.workflow.content import Content, commit_of
from manualsmith.workflow.opening import Workspace
from manualsmith.workflow.outcomes import Outcome


class Publisher:
    """Writes commits while the next drafts are worked out, and moves all refs when it is told to.

    Use it as a context manager. Until `finish` nothing leads to what was written.
    """

    def __init__(self, workspace: Workspace, command: str) -> None:
        self._workspace = workspace
        self._command = command
        self._writer: BranchWriter | None = None
        self._order: list[str] = []
        self._seen: dict[str, str | None] = {}

    def __enter__(self) -> "Publisher":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._writer:
            self._writer.__exit__(kind, error, trace)

    def add(
        self,
        ref: str,
        seen: str | None,
        content: Content,
        parent: str,
        author: Signature | None = None,
    ) -> None:
        """Write the commit that the branch *ref*, now at *seen*, is to move to.

        A second commit for the same branch takes the place of the first. *author* is the one who
        made the suggestion, where that was not this run.
        """
        writer = self._started()
        writer.add(commit_of(content, parent, author or self._author, self._committer))
        self._order.append(ref)
        self._seen.setdefault(ref, seen)

    def _started(self) -> BranchWriter:
        if self._writer is None:
            repository = self._workspace.repository
            self._author = repository.signature("author")
            self._committer = repository.signature("committer")
            self._writer = BranchWriter(repository).__enter__()
        return self._writer

    def finish(self) -> dict[str, str]:
        """Make the branches and return their new commits by ref.

        Raises RefsMoved, with no branch changed, where a branch is no longer what was seen.
        """
        if self._writer is None:
            return {}
        tips = dict(zip(self._order, self._writer.finish(), strict=True))
        updates = [RefUpdate(ref, tip, self._seen[ref]) for ref, tip in tips.items()]
        update_refs(self._workspace.repository, updates, f"manualsmith {self._command}")
        return tips


def notices(workspace: Workspace, outcomes: Iterable[Outcome]) -> tuple[str, ...]:
    """Return what a person should know of the whole run."""
    made = any(outcome.status in ("created", "updated", "joined") for outcome in outcomes)
    return (unsigned(),) if made and workspace.repository.signing_configured() else ()


def unsigned() -> str:
    """Return the notice that commits are not signed although git is set to sign them."""
    return t(
        "commit.gpgsign is set, but these commits are not signed: git cannot sign what it "
        "writes without a checkout; sign when you merge"
    )
