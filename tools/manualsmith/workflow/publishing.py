"""Write drafts as branches: every object through one stream, then every ref in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
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


def publish(
    workspace: Workspace, outcomes: Mapping[str, Sequence[Outcome]], files: Sequence[ReadFile]
) -> dict[str, list[Outcome]]:
    """Return the outcomes with their new commits, after making the branches of those with a draft.

    Raises RefsMoved, with no branch changed, where a branch is no longer what was seen.
    """
    sources = {file.source.blob: file for file in files}
    drafted = [
        (outcome, outcome.draft, sources[blob])
        for blob, found in outcomes.items()
        for outcome in found
        if outcome.draft
    ]
    commits = _write(workspace, [(draft, file) for _, draft, file in drafted])
    tips = {outcome.id: tip for (outcome, *_), tip in zip(drafted, commits, strict=True)}
    update_refs(
        workspace.repository,
        [RefUpdate(f"refs/heads/{o.branch}", new=tips[o.id], old=o.commit) for o, *_ in drafted],
        "manualsmith suggest",
    )
    return {
        blob: [replace(o, commit=tips.get(o.id, o.commit)) for o in found]
        for blob, found in outcomes.items()
    }


def _write(workspace: Workspace, drafts: Sequence[tuple[Draft, ReadFile]]) -> list[str]:
    if not drafts:
        return []
    author = workspace.repository.signature("author")
    committer = workspace.repository.signature("committer")
    with BranchWriter(workspace.repository) as writer:
        for draft, file in drafts:
            writer.add(_commit(draft, file, author, committer))
        return writer.finish()


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
