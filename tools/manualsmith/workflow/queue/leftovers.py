"""Find branches of suggestions that main has decided: a power cut came before they were deleted.

Git moves the refs of one transaction one after the other. What is on main counts: the decision was
taken, and the branch that is left says nothing new.
"""

from collections.abc import Mapping

from manualsmith.git.branches import RefInfo
from manualsmith.git.refs import RefUpdate, update_refs
from manualsmith.layout import suggestion_of, suggestion_path
from manualsmith.workflow.queue.branch import read_branches
from manualsmith.workflow.queue.select import decided_record
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.snapshot import Snapshot


def leftovers(
    workspace: Workspace, refs: Mapping[str, RefInfo], snapshot: Snapshot
) -> dict[str, RefInfo]:
    """Return the branches whose decision main has; one that was opened again knows of its own."""
    found = {}
    for ref, info in refs.items():
        named = suggestion_of(ref)
        if named is None or snapshot.entry(suggestion_path(named[0], named[1])) is None:
            continue
        decided = decided_record(named[0], named[1], snapshot)
        [branch] = read_branches(
            workspace.repository, snapshot.reader, [info], workspace.main.tip
        ).values()
        record = branch.record
        if decided and record and branch.pristine and decided.decision not in record.history:
            found[ref] = info
    return found


def without_leftovers(
    workspace: Workspace, refs: Mapping[str, RefInfo], snapshot: Snapshot
) -> dict[str, RefInfo]:
    """Return the branches that are left when those of decided suggestions are taken away."""
    gone = leftovers(workspace, refs, snapshot)
    if gone:
        updates = [RefUpdate(ref, None, info.tip) for ref, info in gone.items()]
        update_refs(workspace.repository, updates, "manualsmith: decided before a power cut")
    return {ref: info for ref, info in refs.items() if ref not in gone}
