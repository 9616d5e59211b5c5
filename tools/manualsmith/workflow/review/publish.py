"""Write suggestions as branches: every object through one stream, all refs in one transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property

from manualsmith.git.refs import RefUpdate, update_refs
from manualsmith.git.repository import Signature
from manualsmith.git.write import BranchWriter
from manualsmith.text import t
from manualsmith.workflow.queue.branch_content import Content, commit_of
from manualsmith.workflow.queue.outcomes import Outcome, Report, Status
from manualsmith.workflow.sharing.sync import Sharing
from manualsmith.workflow.workspace.open_workspace import Workspace

# What writes a suggestion's own branch.
_ON_BRANCHES: tuple[Status, ...] = (
    "created",
    "updated",
    "refreshed",
    "reopened",
    "commented",
    "asked",
    "amended",
)


class Publisher:
    """Writes commits while the next drafts are worked out, and moves all refs when it is told to.

    Until `finish` nothing leads to what *writer* wrote.
    """

    def __init__(self, workspace: Workspace, writer: BranchWriter, command: str) -> None:
        self._workspace = workspace
        self._writer = writer
        self._command = command
        self._order: list[str] = []
        self._seen: dict[str, str | None] = {}

    @cached_property
    def _author(self) -> Signature:
        return self._workspace.repository.signature("author")

    @cached_property
    def _committer(self) -> Signature:
        return self._workspace.repository.signature("committer")

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
        made_by = author or self._author
        self._writer.add(commit_of(content, parent, made_by, self._committer))
        self._order.append(ref)
        self._seen.setdefault(ref, seen)

    def finish(self) -> dict[str, str]:
        """Make the branches and return their new commits by ref.

        Raises RefsMoved, with no branch changed, where a branch is no longer what was seen.
        """
        tips = dict(zip(self._order, self._writer.finish(), strict=True))
        updates = [RefUpdate(ref, tip, self._seen[ref]) for ref, tip in tips.items()]
        update_refs(self._workspace.repository, updates, f"manualsmith {self._command}")
        return tips


def notices(workspace: Workspace, outcomes: Iterable[Outcome]) -> tuple[str, ...]:
    """Return what a person should know of the commits that were made."""
    made = any(outcome.status in _ON_BRANCHES for outcome in outcomes)
    if made and workspace.repository.signing_configured():
        return (
            t(
                "commit.gpgsign is set, and the commits of suggestions are not signed: decisions "
                "are"
            ),
        )
    return ()


def report_of(
    workspace: Workspace,
    tip: str,
    outcomes: Iterable[Outcome],
    tips: Mapping[str, str],
    sharing: Sharing | None = None,
) -> Report:
    """Return what a command did; *tip* is main's now, *tips* are those of branches by ref."""
    found = with_tips(outcomes, tips)
    told = notices(workspace, found)
    shared = sharing.told if sharing else None
    return Report(workspace.main.name, tip, found, notices=told, shared=shared)


def with_tips(outcomes: Iterable[Outcome], tips: Mapping[str, str]) -> tuple[Outcome, ...]:
    """Return the outcomes with the commits that their branches have now."""
    return tuple(
        replace(outcome, commit=tips.get(f"refs/heads/{outcome.branch}", outcome.commit))
        for outcome in outcomes
    )
