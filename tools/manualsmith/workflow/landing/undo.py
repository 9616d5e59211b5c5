"""Take back what an accepted suggestion brought: its files as they would be without it."""

from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.git.branches import describe_commits
from manualsmith.git.history import steps
from manualsmith.git.merge_file import merge_file
from manualsmith.records.models.suggestion import Decision, Suggestion, parse_suggestion
from manualsmith.text import t
from manualsmith.workflow.queue.branch import page_results, record_path
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.snapshot import Snapshot


def brought_by(workspace: Workspace, reader: BlobReader, record: Suggestion) -> str | None:
    """Return the commit of main that brought an accepted suggestion's change, None if unknown.

    A record that git merged names it; otherwise it is the one that brought the decision.
    """
    accepted = _accepted(record)
    if accepted is None:
        return None
    if accepted.commit:
        return accepted.commit
    path = record_path(record)
    for step in steps(workspace.repository, None, workspace.main.tip, [path]):
        blob = reader.get(f"{step.commit}:{path}")
        try:
            there = parse_suggestion(blob.data, path) if blob else None
        except UserError:
            continue
        if there and there.decision == accepted and len(step.parents) > 1:
            return step.commit
    return None


def _accepted(record: Suggestion) -> Decision | None:
    """Return the last decision that accepted a suggestion."""
    decisions = [*record.history, *([record.decision] if record.decision else [])]
    return next((one for one in reversed(decisions) if one.state == "accepted"), None)


def without(
    workspace: Workspace, today: Snapshot, record: Suggestion, merge: str | None
) -> dict[str, bytes | None]:
    """Return the files that a suggestion changed, as *today*'s are without it; None: no file.

    *merge* is the commit of main that brought it. A suggestion's page that has changed since is
    merged as git does. Raises UserError where that meets what was changed since, or *merge* is not
    known.
    """
    if merge is None:
        raise UserError(t("the commit that brought it is not in this repository"))
    [info] = describe_commits(workspace.repository, [merge])
    reader, repository = today.reader, workspace.repository
    found: dict[str, bytes | None] = {}
    for path in page_results(record):
        before, after, now = (
            _data(reader, f"{commit}:{path}") for commit in (info.parents[0], merge, today.commit)
        )
        if now == after:
            found[path] = before
        elif None in (before, after, now):
            raise _changed_since(path)
        else:
            merged = merge_file(repository, now or b"", after or b"", before or b"")
            if merged is None:
                raise _changed_since(path)
            found[path] = merged
    return found


def _data(reader: BlobReader, spec: str) -> bytes | None:
    blob = reader.get(spec)
    return blob.data if blob else None


def _changed_since(path: str) -> UserError:
    return UserError(
        t("{path} was changed there since: it cannot be taken back by itself", path=path),
        hint=t("write a confirmation of what is right, and suggest with it"),
    )
