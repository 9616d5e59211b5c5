"""Follow the queue as main and the branches move: only what has moved is read again.

For a server, which lists the queue again and again. What is found is what `queue` finds. With a
thousand open suggestions of 2,000 pages, after one was accepted, that takes 30 ms instead of 160.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.git.branches import RefInfo
from manualsmith.git.trees import GONE, TreeEntry, changed_paths
from manualsmith.layout import MANUALS, suggestion_of, suggestion_of_path, suggestion_path
from manualsmith.workflow.queue.leftovers import leftovers
from manualsmith.workflow.queue.list_queue import QueueItem, Standing, standings
from manualsmith.workflow.queue.summaries import (
    Account,
    decided_in,
    meeting,
    open_suggestions,
)
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.snapshot import Snapshot, main_snapshot


@dataclass(frozen=True)
class FollowedQueue:
    """The queue at one moment: the open suggestions by ref, the decided ones by path.

    Its messages are in the language that it was first read in.
    """

    workspace: Workspace
    opened: Mapping[str, Account] = field(default_factory=dict)
    stands: Mapping[str, Standing] = field(default_factory=dict)
    decided: Mapping[str, Account] = field(default_factory=dict)

    def items(self) -> list[QueueItem]:
        """Return the open suggestions, the oldest first, then the decided ones."""
        meets = meeting(list(self.opened.values()))
        opened = sorted(self.opened.values(), key=lambda one: (one.at, one.id))
        names = {(one.manual, one.id) for one in opened}
        return [
            *(QueueItem(one, 0, self.stands[one.ref], meets[one.ref]) for one in opened),
            *(
                QueueItem(one, None, None)
                for _, one in sorted(self.decided.items())
                if (one.manual, one.id) not in names
            ),
        ]


def follow(
    workspace: Workspace, refs: Mapping[str, RefInfo], before: FollowedQueue | None
) -> FollowedQueue:
    """Return the queue as main and *refs*, all suggestion branches, are now.

    *before* is how it was, None where it was not read yet.
    """
    with BlobReader(workspace.repository) as reader:
        snapshot = main_snapshot(workspace, reader)
        changed = _changed(workspace, before)
        known = before if before and changed is not None else FollowedQueue(workspace)
        decided = _decided(workspace, snapshot, known, changed)
        refs = _without_leftovers(workspace, snapshot, refs, decided)
        opened = _opened(workspace, reader, refs, known)
        moved = [one for one in opened.values() if _may_stand_otherwise(one, known, changed or {})]
        fresh = standings(workspace, snapshot, refs, moved)
        kept = {ref: one for ref, one in known.stands.items() if ref in opened}
    return FollowedQueue(workspace, opened, {**kept, **fresh}, decided)


def _changed(
    workspace: Workspace, before: FollowedQueue | None
) -> dict[str, TreeEntry | None] | None:
    """Return the files of main that have changed since, by path; None where that is unknown."""
    if before is None:
        return None
    then, now = before.workspace.main.tip, workspace.main.tip
    try:
        changes = changed_paths(workspace.repository, then, now) if then != now else []
    except UserError:  # a commit that is here no more
        return None
    return {
        one.path: None if one.new_mode == GONE else TreeEntry(one.new_mode, one.new_oid, one.path)
        for one in changes
    }


def _decided(
    workspace: Workspace,
    snapshot: Snapshot,
    known: FollowedQueue,
    changed: Mapping[str, TreeEntry | None] | None,
) -> dict[str, Account]:
    files: Iterable[TreeEntry | None]
    if changed is None:
        files = [entry for one in MANUALS.values() for entry in snapshot.files(one.suggestions)]
        changed = {}
    else:
        files = [entry for path, entry in changed.items() if suggestion_of_path(path)]
    read = decided_in(workspace, snapshot, (entry for entry in files if entry))
    stay = {path: one for path, one in known.decided.items() if path not in changed}
    return {**stay, **read}


def _without_leftovers(
    workspace: Workspace,
    snapshot: Snapshot,
    refs: Mapping[str, RefInfo],
    decided: Collection[str],
) -> dict[str, RefInfo]:
    asked = {
        ref: info
        for ref, info in refs.items()
        if (named := suggestion_of(ref)) and suggestion_path(*named[:2]) in decided
    }
    gone = leftovers(workspace, asked, snapshot)
    return {ref: info for ref, info in refs.items() if ref not in gone}


def _opened(
    workspace: Workspace, reader: BlobReader, refs: Mapping[str, RefInfo], known: FollowedQueue
) -> dict[str, Account]:
    """Return the open suggestions; whether one has faults depends on main, so it is read again."""
    stay = {
        ref: one
        for ref, one in known.opened.items()
        if ref in refs and one.tip == refs[ref].tip and not one.faults
    }
    fresh = {ref: info for ref, info in refs.items() if ref not in stay}
    read = {one.ref: one for one in open_suggestions(workspace, reader, fresh)} if fresh else {}
    return {**stay, **read}


def _may_stand_otherwise(
    one: Account, known: FollowedQueue, changed: Mapping[str, TreeEntry | None]
) -> bool:
    """Return whether a suggestion is new, or main has changed what its standing follows from.

    Of one that applies that is its own pages; of any other, what may be anywhere.
    """
    stood = known.stands.get(one.ref)
    if one.faults or stood is None or known.opened.get(one.ref) is not one:
        return True
    if stood.kind != "applies":
        return bool(changed)
    return any(MANUALS[one.manual].path(edit.page) in changed for edit in one.edits)
