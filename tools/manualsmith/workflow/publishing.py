"""Write drafts as branches: every object through one stream, then every ref in one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from manualsmith.layout import confirmation_path
from manualsmith.store.refs import RefUpdate, update_refs
from manualsmith.store.repository import Signature
from manualsmith.store.write import BranchWriter, FileChange, NewCommit
from manualsmith.text import t
from manualsmith.workflow.confirmations import ReadFile
from manualsmith.workflow.deriving import Draft
from manualsmith.workflow.messages import suggestion_message
from manualsmith.workflow.opening import Workspace
from manualsmith.workflow.outcomes import Outcome


class Publisher:
    """Writes commits while the next drafts are worked out, and moves all refs when it is told to.

    Use it as a context manager. Until `finish` nothing leads to what was written.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._writer: BranchWriter | None = None
        self._made: list[Outcome] = []

    def __enter__(self) -> "Publisher":
        return self

    def __exit__(self, *error: object) -> None:
        if self._writer:
            self._writer.__exit__(*error)

    def add(self, file: ReadFile, outcomes: Sequence[Outcome]) -> None:
        """Write a commit for each outcome that has a draft."""
        for outcome in outcomes:
            if outcome.draft:
                self._started().add(_commit(outcome.draft, file, *self._signatures))
                self._made.append(replace(outcome, draft=None))

    def _started(self) -> BranchWriter:
        if self._writer is None:
            repository = self._workspace.repository
            self._signatures = repository.signature("author"), repository.signature("committer")
            self._writer = BranchWriter(repository).__enter__()
        return self._writer

    def finish(self) -> dict[str, str]:
        """Make the branches and return the new commits by suggestion id.

        Raises RefsMoved, with no branch changed, where a branch is no longer what was seen.
        """
        if self._writer is None:
            return {}
        tips = {o.id: tip for o, tip in zip(self._made, self._writer.finish(), strict=True)}
        update_refs(
            self._workspace.repository,
            [RefUpdate(f"refs/heads/{o.branch}", tips[o.id], o.commit) for o in self._made],
            "manualsmith suggest",
        )
        return tips


def _commit(draft: Draft, file: ReadFile, author: Signature, committer: Signature) -> NewCommit:
    files = {confirmation_path(file.confirmation.id): file.source.data, **draft.files()}
    return NewCommit(
        parents=(draft.record.base,),
        message=suggestion_message(draft, file.confirmation),
        author=author,
        committer=committer,
        changes=tuple(FileChange(path, data) for path, data in sorted(files.items())),
    )


def notices(workspace: Workspace, outcomes: Iterable[Outcome]) -> tuple[str, ...]:
    """Return what a person should know of the whole run."""
    made = any(outcome.status in ("created", "updated") for outcome in outcomes)
    if made and workspace.repository.signing_configured():
        return (
            t(
                "commit.gpgsign is set, but these commits are not signed: git cannot sign what it "
                "writes without a checkout; sign when you merge"
            ),
        )
    return ()
