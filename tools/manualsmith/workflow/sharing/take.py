"""Work out what a repository takes from a remote: which branches follow, which both sides changed.

As in a three-way merge, a side that stands where both agreed last follows the other. What both
changed is left to a person, unless the two say the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from manualsmith.errors import Problem
from manualsmith.git.blobs import BlobReader
from manualsmith.git.branches import describe_commits
from manualsmith.git.refs import RefUpdate, checked_out_branches
from manualsmith.git.remotes import Remote
from manualsmith.git.trees import is_ancestor
from manualsmith.git.write import BranchWriter
from manualsmith.layout import suggestion_of, suggestion_path
from manualsmith.records.models.suggestion import Suggestion, parse_suggestion
from manualsmith.text import t
from manualsmith.workflow.queue.branch import Branch, read_branches
from manualsmith.workflow.queue.branch_content import author_of, commit_of, read_content
from manualsmith.workflow.queue.leftovers import is_over
from manualsmith.workflow.sharing.both_said import put_together
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.snapshot import main_snapshot


@dataclass(frozen=True)
class Side:
    """A branch's tip here, where both sides agreed last, and on the remote; None: not there."""

    here: str | None
    seen: str | None
    there: str | None


@dataclass(frozen=True)
class Taken:
    """What follows: moves of branches here, tips that both agree on by then, and what clashes."""

    moves: tuple[RefUpdate, ...]
    agreed: Mapping[str, str | None]
    clashes: Mapping[str, Problem]
    deleted: tuple[str, ...] = ()


def taken(workspace: Workspace, sides: Mapping[str, Side], remote: Remote) -> Taken:
    """Return what becomes of the branches here; *workspace* is at main with the remote's work.

    No branch is lost: one that goes is decided on main. ``deleted`` are the open ones that somebody
    deleted on the remote; where the settings keep them they stand, to be pushed again.
    """
    repository = workspace.repository
    differing = {ref: side for ref, side in sides.items() if side.here != side.there}
    with BlobReader(repository) as reader:
        this = _Reading(workspace, reader, differing)
        found = {ref: _follow(this, ref, side) for ref, side in differing.items()}
    held = checked_out_branches(repository)
    moves: list[RefUpdate] = []
    clashes: dict[str, Problem] = {}
    deleted: list[str] = []
    for ref, to in found.items():
        here = differing[ref].here
        if isinstance(to, _Clash) and to.is_deletion:
            deleted.append(ref)
            if workspace.settings.on_deleted == "keep":
                continue
        if isinstance(to, _Clash):
            clashes[ref] = _problem(ref, to, differing[ref], remote)
        elif to != here and here and ref in held:
            clashes[ref] = Problem(
                t("branch {ref} is checked out in {folder}", ref=ref, folder=held[ref]),
                hint=t("switch that worktree to another branch first: git switch main"),
            )
        elif to != here:
            moves.append(RefUpdate(ref, to, here))
    agreed = {ref: side.there for ref, side in sides.items() if ref not in clashes}
    return Taken(tuple(moves), agreed, clashes, tuple(deleted))


def decided_on(workspace: Workspace, tips: Mapping[str, str]) -> set[str]:
    """Return those of the branches at *tips* that are over: main has the decision.

    A branch that was opened again after the decision, or that people committed to, is not.
    """
    if not tips:
        return set()
    with BlobReader(workspace.repository) as reader:
        sides = {ref: Side(None, None, tip) for ref, tip in tips.items()}
        this = _Reading(workspace, reader, sides)
        return {ref for ref, tip in tips.items() if this.is_over(ref, tip)}


@dataclass(frozen=True)
class _Clash:
    why: str
    is_deletion: bool = False


def _follow(this: "_Reading", ref: str, side: Side) -> "str | _Clash | None":
    """Return where the branch stands afterwards: *here* again where it is the remote's turn."""
    here, there = side.here, side.there
    if there is None:
        return _gone_there(this, ref, side)
    if here is None:
        return None if this.is_over(ref, there) else there
    if here == side.seen or this.is_ancestor(here, there):
        return there
    if there == side.seen or this.is_ancestor(there, here):
        return here
    return this.put_together(ref, here, there, side.seen) or _Clash(t("changed on both sides"))


def _gone_there(this: "_Reading", ref: str, side: Side) -> "str | _Clash | None":
    """Return the same of a branch that the remote does not have."""
    here = side.here
    if here is None or this.is_over(ref, here):
        return None
    if ref in this.decided:
        again = this.read(ref, here).pristine
        return here if again else _Clash(t("decided, and somebody committed to it here"))
    return (
        here
        if side.seen is None
        else _Clash(t("deleted there without a decision"), is_deletion=True)
    )


def _problem(ref: str, clash: _Clash, side: Side, remote: Remote) -> Problem:
    name = ref.removeprefix("refs/heads/")
    if side.there:
        hint = t("take theirs: git branch -f {branch} {tip}", branch=name, tip=side.there[:12])
    else:
        hint = t(
            "share it again: git push {remote} {branch}; or close it: manualsmith review reject "
            "{id} --reason …; the setting on_deleted can say so for all",
            remote=remote.name,
            branch=name,
            id=name.rpartition("/")[2],
        )
    message = t("{branch} was left as it is: {why}", branch=name, why=clash.why)
    return Problem(message, hint=hint)


class _Reading:
    """What the branches in question hold, read once."""

    def __init__(self, workspace: Workspace, reader: BlobReader, sides: Mapping[str, Side]) -> None:
        main = workspace.main.tip
        self._repository, self._reader, self._main = workspace.repository, reader, main
        self._workspace, self._snapshot = workspace, main_snapshot(workspace, reader)
        paths = {ref: suggestion_path(*named[:2]) for ref in sides if (named := suggestion_of(ref))}
        blobs = reader.get_many([f"{main}:{path}" for path in paths.values()])
        self.decided: dict[str, Suggestion] = {
            ref: record
            for (ref, path), blob in zip(paths.items(), blobs, strict=True)
            if blob and (record := parse_suggestion(blob.data, path)).decision
        }
        self._branches: dict[tuple[str, str], Branch] = {}

    def is_ancestor(self, older: str, newer: str) -> bool:
        """Return whether *newer* goes on from *older*."""
        return is_ancestor(self._repository, older, newer)

    def read(self, ref: str, tip: str) -> Branch:
        """Return the branch as it is at *tip*."""
        key = (ref, tip)
        if key not in self._branches:
            [info] = describe_commits(self._repository, [tip])
            infos = [replace(info, ref=ref)]
            [found] = read_branches(self._repository, self._reader, infos, self._main).values()
            self._branches[key] = found
        return self._branches[key]

    def is_over(self, ref: str, tip: str) -> bool:
        """Return whether main has a decision, and the branch at *tip* nothing that it lacks."""
        record = self.decided.get(ref)
        return record is not None and is_over(
            self._workspace, self._snapshot, self.read(ref, tip), record
        )

    def put_together(self, ref: str, here: str, there: str, seen: str | None) -> str | None:
        """Return the commit that has what both tips say, None where they contradict each other.

        It is *there* where that has it all; else one is written, and nothing leads to it yet.
        """
        both = [self.read(ref, tip) for tip in (here, there)]
        ours, theirs = (one.record if one.pristine else None for one in both)
        if ours is None or theirs is None:
            return None
        made = put_together(self.read(ref, seen).record if seen else None, ours, theirs)
        if made is None:
            return None
        stands, record = made
        if record == theirs:
            return there
        return self._write(both[0] if stands is ours else both[1], record)

    def _write(self, branch: Branch, record: Suggestion) -> str:
        """Write a branch's commit with another record, on what it is on and by whom it is."""
        [info] = describe_commits(self._repository, [branch.tip])
        content = replace(read_content(self._reader, branch), record=record)
        committer = self._repository.signature("committer")
        with BranchWriter(self._repository) as writer:
            writer.add(commit_of(content, info.parents[0], author_of(info), committer))
            [made] = writer.finish()
        return made
