"""Find branches of suggestions that main has decided: git merged them, or a power cut came.

Git moves the refs of one transaction one after the other. What is on main counts: the decision was
taken, and the branch that is left says nothing new.
"""

from collections.abc import Mapping

from manualsmith.git.branches import RefInfo
from manualsmith.git.refs import RefUpdate, checked_out_branches, update_refs
from manualsmith.git.trees import is_ancestor
from manualsmith.layout import suggestion_of
from manualsmith.records.models.suggestion import Suggestion
from manualsmith.workflow.queue.branch import Branch, page_results, read_branches
from manualsmith.workflow.queue.select import decided_record
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.snapshot import Snapshot, snapshot_of


def leftovers(
    workspace: Workspace, refs: Mapping[str, RefInfo], snapshot: Snapshot
) -> dict[str, RefInfo]:
    """Return the branches whose decision main has; one that was opened again knows of its own."""
    decided = {
        ref: record
        for ref in refs
        if (named := suggestion_of(ref)) and (record := decided_record(*named[:2], snapshot))
    }
    asked = [refs[ref] for ref in decided]
    tip = workspace.main.tip
    branches = read_branches(workspace.repository, snapshot.reader, asked, tip) if asked else {}
    return {
        ref: refs[ref]
        for ref, record in decided.items()
        if is_over(workspace, snapshot, branches[ref], record)
    }


def is_over(workspace: Workspace, snapshot: Snapshot, branch: Branch, decided: Suggestion) -> bool:
    """Return whether a branch says nothing that main, with the *decided* record, does not know.

    One that was opened again knows of the decision; one that people committed to is over where
    main has their commits, or what they made of the pages.
    """
    if branch.record and decided.decision in branch.record.history:
        return False
    if branch.pristine or is_ancestor(workspace.repository, branch.tip, snapshot.commit):
        return True
    return branch.record is not None and _was_accepted(workspace, snapshot, branch, decided)


def _was_accepted(
    workspace: Workspace, snapshot: Snapshot, branch: Branch, decided: Suggestion
) -> bool:
    """Return whether the pages of a branch are those that main took over, or say the same."""
    if "accepted" not in [one.state for one in decided.decisions]:
        return False
    after = snapshot_of(workspace.repository, snapshot.reader, branch.tip)
    results = page_results(decided)
    if all((e.oid if (e := after.entry(path)) else None) == oid for path, oid in results.items()):
        return True
    # what makes edits takes a while to import, and mostly nobody has committed to a branch
    from manualsmith.workflow.queue.reviewer_words import found_on

    found = found_on(workspace, snapshot, branch)
    if found is None or found.beyond:
        return False
    made = [(edit.as_asked[0], edit.made) for edit in found.record.edits]
    return made == [(edit.as_asked[0], edit.made) for edit in decided.edits]


def without_leftovers(
    workspace: Workspace,
    refs: Mapping[str, RefInfo],
    snapshot: Snapshot,
    *,
    only_told: bool = False,
) -> dict[str, RefInfo]:
    """Return the branches that are left when those of decided suggestions are taken away.

    With *only_told* they stay where they are, and are left out of what is returned.
    """
    gone = leftovers(workspace, refs, snapshot)
    if gone and not only_told:
        held = checked_out_branches(workspace.repository)
        ends = ((ref, info) for ref, info in gone.items() if ref not in held)
        updates = [RefUpdate(ref, None, info.tip) for ref, info in ends]
        update_refs(workspace.repository, updates, "manualsmith: decided before a power cut")
    return {ref: info for ref, info in refs.items() if ref not in gone}
