"""Take back what an accepted suggestion brought: its files as they would be without it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.git.branches import describe_commits
from manualsmith.git.history import steps
from manualsmith.git.merge_file import merge_file
from manualsmith.records.models.suggestion import (
    Decision,
    Suggestion,
    dump_suggestion,
    parse_suggestion,
)
from manualsmith.text import t
from manualsmith.workflow.landing.close import outcome_of
from manualsmith.workflow.landing.session import Session
from manualsmith.workflow.queue.branch import page_results, record_path
from manualsmith.workflow.queue.commit_messages import decision_message
from manualsmith.workflow.queue.outcomes import Outcome
from manualsmith.workflow.workspace.brought_pictures import is_used, picture_paths
from manualsmith.workflow.workspace.changed_page import ChangedPage, text_of
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.snapshot import Snapshot, snapshot_of


@dataclass(frozen=True)
class Brought:
    """How a suggestion's change came to main: the commit before it, and the one that has it."""

    before: str
    after: str


def brought_by(workspace: Workspace, reader: BlobReader, record: Suggestion) -> Brought | None:
    """Return the commits of main between which an accepted suggestion came, None if unknown.

    A record that git merged names the second; otherwise it is the one that brought the decision.
    """
    accepted = _accepted(record)
    if accepted is None:
        return None
    if accepted.commit:
        return came_with(workspace, reader, record, accepted.commit)
    path = record_path(record)
    for step in steps(workspace.repository, None, workspace.main.tip, [path]):
        blob = reader.get(f"{step.commit}:{path}")
        try:
            there = parse_suggestion(blob.data, path) if blob else None
        except UserError:
            continue
        if there and there.decision == accepted and len(step.parents) > 1:
            return Brought(step.parents[0], step.commit)
    return None


def came_with(
    workspace: Workspace, reader: BlobReader, record: Suggestion, commit: str
) -> Brought | None:
    """Return what a commit did to main, with those right before it that came in one go with it.

    A rebase may have put several there, of which the first brought the record.
    """
    path = record_path(record)
    [info] = describe_commits(workspace.repository, [commit])
    while len(info.parents) == 1 and _is_open(reader, f"{info.parents[0]}:{path}"):
        [info] = describe_commits(workspace.repository, [info.parents[0]])
    return Brought(info.parents[0], commit) if info.parents else None


def _is_open(reader: BlobReader, spec: str) -> bool:
    """Return whether there is a record without a decision."""
    blob = reader.get(spec)
    try:
        return blob is not None and parse_suggestion(blob.data, spec).decision is None
    except UserError:
        return False


def _accepted(record: Suggestion) -> Decision | None:
    """Return the last decision that accepted a suggestion."""
    return next((one for one in reversed(record.decisions) if one.state == "accepted"), None)


def without(
    workspace: Workspace, today: Snapshot, record: Suggestion, merge: Brought | None
) -> dict[str, bytes | None]:
    """Return the files that a suggestion changed, as *today*'s are without it; None: no file.

    *merge* is how it came there. A page that has changed since is merged as git does; a picture
    that the suggestion brought stays while another page has it. Raises UserError where that meets
    what was changed since, or *merge* is not known.
    """
    if merge is None:
        raise UserError(t("the commit that brought it is not in this repository"))
    reader, repository = today.reader, workspace.repository
    found: dict[str, bytes | None] = {}
    for path in (one for one in page_results(record) if one not in picture_paths(record)):
        before, after = (_data(reader, f"{at}:{path}") for at in (merge.before, merge.after))
        now = today.read(path)
        if now == after:
            found[path] = before
        elif None in (before, after, now):
            raise _changed_since(path)
        else:
            merged = merge_file(repository, now or b"", after or b"", before or b"")
            if merged is None:
                raise _changed_since(path)
            found[path] = merged
    kept = {path for path in picture_paths(record) if is_used(path, today, found)}
    gone = {path: None for path in picture_paths(record) if today.entry(path)}
    return {path: data for path, data in {**found, **gone}.items() if path not in kept}


def not_taken_back(
    workspace: Workspace,
    step: Sequence[str],
    reader: BlobReader,
    record: Suggestion,
    merge: Brought | None,
) -> list[str]:
    """Return the pages that a commit leaves otherwise than they are without a suggestion.

    step: the commit's parent, and the commit. Raises as `without`.
    """
    before, after = (snapshot_of(workspace.repository, reader, commit) for commit in step)
    files = without(workspace, before, record, merge)
    return [path for path, data in files.items() if after.read(path) != data]


def _data(reader: BlobReader, spec: str) -> bytes | None:
    blob = reader.get(spec)
    return blob.data if blob else None


def _changed_since(path: str) -> UserError:
    return UserError(
        t("{path} was changed there since: it cannot be taken back by itself", path=path),
        hint=t("write a confirmation of what is right, and suggest with it"),
    )


def take_back(now: Session, record: Suggestion, decision: Decision) -> Outcome:
    """Put the pages without an accepted suggestion on main, and its record with the *decision*.

    Raises as `without`.
    """
    merge = brought_by(now.workspace, now.reader, record)
    files = without(now.workspace, now.snapshot, record, merge)
    turned = record.model_copy(update={"decision": decision, "history": record.decisions})
    pages = tuple(
        ChangedPage(path, text_of(now.snapshot.read(path)), text_of(data))
        for path, data in files.items()
        if path not in picture_paths(record)
    )
    everything = {**files, record_path(record): dump_suggestion(turned)}
    for path, data in everything.items():
        now.snapshot.put(path, data)
    if not now.dry_run:
        author = now.landing.decider(decision.by, decision.at)
        now.landing.carry(everything, decision_message(turned), author)
    told = outcome_of(turned, "reverted")
    return replace(told, message=decision.reason or None, changed=pages)
