"""Adopt what git decided: a commit of main for each, of records alone, and its branch ends.

Who made the merge signs it, at the time of the merge: two clones that adopt the same main make the
same commits.
"""

from manualsmith.cache.by_key import Cache
from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.git.refs import RefUpdate, checked_out_branches
from manualsmith.git.trees import is_ancestor
from manualsmith.git.write import BranchWriter, FileChange, NewCommit
from manualsmith.records.models.suggestion import dump_suggestion
from manualsmith.workflow.landing.merged_by_git import GitDecision, decided_by_git
from manualsmith.workflow.landing.merger import merger
from manualsmith.workflow.queue.branch import confirmation_files, record_path, suggestion_refs
from manualsmith.workflow.queue.commit_messages import decision_message
from manualsmith.workflow.queue.leftovers import leftovers
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.snapshot import main_snapshot

KIND = "adopted-1"
_LOG = "manualsmith: merged by git"


def adopt(workspace: Workspace) -> Workspace:
    """Put on main what git decided of suggestions; return the workspace as it is then.

    Where nothing is new that costs a look into the cache. Raises UserError, with nothing changed,
    where the files of main have changes in the way, RefsMoved where somebody was faster.
    """
    then = as_adopted(workspace)
    if then is workspace:
        return workspace
    from manualsmith.git.worktree import one_at_a_time

    with one_at_a_time(workspace.repository):
        now = workspace.refreshed()
        return _adopted(now, then if now.main == workspace.main else as_adopted(now))


def adopt_under_lock(workspace: Workspace) -> Workspace:
    """Do the same for who holds the lock, `one_at_a_time`."""
    return _adopted(workspace, as_adopted(workspace))


def _adopted(workspace: Workspace, then: Workspace) -> Workspace:
    if then is not workspace and then.main.tip != workspace.main.tip:
        from manualsmith.workflow.landing.move_main import move_main

        move_main(workspace, then.main.tip, ended(then), _LOG)
        keep_adopted(then)
    return then


def try_to_adopt(workspace: Workspace) -> Workspace:
    """Do what `adopt` does; where that cannot be written, return what it would be.

    For who only looks: main then stays where it is.
    """
    try:
        return adopt(workspace)
    except UserError:
        return as_adopted(workspace)


def as_adopted(workspace: Workspace) -> Workspace:
    """Return the workspace with main as `adopt` leaves it, or itself where nothing is new.

    The objects are written, no ref moves.
    """
    kept = _tip_kept(workspace)
    if kept == workspace.main.tip:
        return workspace
    with BlobReader(workspace.repository) as reader:
        found = decided_by_git(workspace, reader, _if_older(workspace, kept))
    if not found:
        keep_adopted(workspace)
        return workspace
    with BranchWriter(workspace.repository) as writer, BlobReader(workspace.repository) as reader:
        above = workspace.main.tip
        for one in found:
            above = writer.add(_commit(reader, one, above))
        tip = writer.finish()[-1]
    return workspace.at(tip)


def ended(workspace: Workspace) -> list[RefUpdate]:
    """Return the ends of the suggestion branches that main has decided, but for those in use."""
    held = checked_out_branches(workspace.repository)
    with BlobReader(workspace.repository) as reader:
        snapshot = main_snapshot(workspace, reader)
        over = leftovers(workspace, suggestion_refs(workspace), snapshot)
    return [RefUpdate(ref, None, info.tip) for ref, info in over.items() if ref not in held]


def _commit(reader: BlobReader, one: GitDecision, above: str) -> NewCommit:
    record = one.record
    decision = record.decision
    who = merger(one.step, "" if decision and decision.how == "revert" else record.proposer)
    files = {**_taken_along(reader, one), record_path(record): dump_suggestion(record)}
    changes = tuple(FileChange(path, data) for path, data in sorted(files.items()))
    return NewCommit((above,), decision_message(record), who, who, changes)


def _taken_along(reader: BlobReader, one: GitDecision) -> dict[str, bytes]:
    """Return the confirmations that a revert took away with the page: what was seen stays."""
    found = {}
    for path, blob in confirmation_files(one.record).items():
        before, after = (
            reader.get(f"{commit}:{path}") for commit in (one.step.parents[0], one.step.commit)
        )
        if before and before.oid == blob and after is None:
            found[path] = before.data
    return found


def _if_older(workspace: Workspace, kept: str | None) -> str | None:
    """Return the commit up to which all was adopted where main goes on from it, else None."""
    if kept is None:
        return None
    try:
        return kept if is_ancestor(workspace.repository, kept, workspace.main.tip) else None
    except UserError:  # a commit that is here no more
        return None


def _tip_kept(workspace: Workspace) -> str | None:
    with Cache.open(workspace.repository.common_dir) as cache:
        found = cache.decoded(KIND, [workspace.main.ref], lambda data: data.decode("ascii"))
    return found.get(workspace.main.ref)


def keep_adopted(workspace: Workspace) -> None:
    """Remember that main, as it is in the workspace, has nothing that is left to adopt."""
    with Cache.open(workspace.repository.common_dir) as cache:
        cache.put_many(KIND, {workspace.main.ref: workspace.main.tip.encode()})
