"""Find what git brought to main, or took back, without a command of ours, and what that decides.

A suggestion's record comes to main with its change, whatever brought it: a merge, a fast-forward, a
squash, a rebase, a cherry-pick. There it has no decision yet. A revert takes it away again, or
names the commit that it takes back. What is decided follows from that commit, its first parent and
the record alone, so that everybody who looks finds the same.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader, headers
from manualsmith.git.branches import describe_commits
from manualsmith.git.history import Step, messages_between, steps_with_changes
from manualsmith.git.repository import Repository
from manualsmith.git.trees import GONE, TreeChange, changed_paths
from manualsmith.layout import manual_folders, suggestion_of_path, suggestions_folder
from manualsmith.records.models.suggestion import (
    Decision,
    State,
    Suggestion,
    is_dump_of,
    parse_suggestion,
)
from manualsmith.workflow.landing.merger import TRAILER, merger, moment_of
from manualsmith.workflow.queue.branch import page_results, record_path
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.snapshot import snapshot_of

_MOMENT = 60  # seconds that a rebase of a few commits takes at most
_DECIDED = re.compile(rb"^decision:", re.MULTILINE)
_TAKES_BACK = re.compile(r"\breverts commit ([0-9a-f]{7,64})\b", re.IGNORECASE)


@dataclass(frozen=True)
class GitDecision:
    """What a commit of main decided of a suggestion: its record, with the decision."""

    step: Step
    record: Suggestion


def decided_by_git(
    workspace: Workspace, reader: BlobReader, since: str | None
) -> list[GitDecision]:
    """Return what commits of main after *since* decided, the oldest first, and no record says yet.

    *since* None is from the beginning.
    """
    steps = manual_steps(workspace.repository, since, workspace.main.tip)
    return _Walk(workspace, reader).over(steps)


def manual_steps(repository: Repository, since: str | None, until: str) -> list[Step]:
    """Return the steps of main after *since* that changed manuals or suggestions' records.

    As `steps_with_changes` does.
    """
    folders = (suggestions_folder(), *manual_folders())
    return steps_with_changes(repository, since, until, folders)


class _Walk:
    """Main's commits, one after the other, with the records as they stood then."""

    def __init__(self, workspace: Workspace, reader: BlobReader) -> None:
        self._workspace, self._reader = workspace, reader
        self._found: dict[str, GitDecision] = {}

    def over(self, steps: Sequence[Step]) -> list[GitDecision]:
        """Return what the steps decided that the last of them has not in its records."""
        open_blobs = self._open_blobs(steps)
        for number, step in enumerate(steps):
            self._take(step, islice(steps, number + 1, None), open_blobs)
        main = snapshot_of(self._workspace.repository, self._reader, self._workspace.main.tip)
        return [
            one for path, one in self._found.items() if not is_dump_of(main.read(path), one.record)
        ]

    def _open_blobs(self, steps: Sequence[Step]) -> dict[str, bytes]:
        """Return the records without a decision that steps brought, by blob."""
        oids = {
            change.new_oid: None
            for step in steps
            for change in step.changes
            if change.new_mode != GONE and suggestion_of_path(change.path)
        }
        found = self._reader.get_many(list(oids))
        return {one.oid: one.data for one in found if one and not _DECIDED.search(one.data)}

    def _take(self, step: Step, later: Iterable[Step], open_blobs: Mapping[str, bytes]) -> None:
        """Note what a step decides, with those that may have come with it.

        What a command of ours decided there takes the place of what was found.
        """
        brought: list[Suggestion] = []
        gone: list[str] = []
        for change in step.changes:
            if suggestion_of_path(change.path) is None:
                continue
            if change.new_mode == GONE:
                gone.append(change.path)
            elif change.new_oid not in open_blobs:
                self._found.pop(change.path, None)
            elif record := self._record(open_blobs[change.new_oid], change.path):
                brought.append(record)
        if not step.parents:
            return
        if brought:
            # what makes edits takes a while to import, and mostly nothing is new
            from manualsmith.workflow.landing.decided_by_merge import decisions_of

            more = one_by_one(step, later)
            for record in decisions_of(
                self._workspace, self._reader, step, brought, more, taking_their_word=True
            ):
                path = record_path(record)
                before = self._before(step, path)
                kept = before.decisions if before and before.decision else ()
                if missing := [old for old in kept if old not in record.history]:
                    history = (*record.history, *missing)
                    record = record.model_copy(update={"history": history})
                self._found[path] = GitDecision(step, record)
        taken_back = [] if brought else list(self._taken_back(step, gone))
        for path in gone:  # by hand: who wanted it gone is not told otherwise
            self._found.pop(path, None)
        for record in taken_back:
            self._found[record_path(record)] = GitDecision(step, record)

    def _record(self, data: bytes, path: str) -> Suggestion | None:
        try:
            record = parse_suggestion(data, path)
        except UserError:
            return None
        own = record_path(record) == path and record.release == self._workspace.release
        return record if own else None

    def _before(self, step: Step, path: str) -> Suggestion | None:
        """Return the record at *path* as it stood before a step, with what was found of it."""
        if path in self._found:
            return self._found[path].record
        blob = self._reader.get(f"{step.parents[0]}:{path}")
        return self._record(blob.data, path) if blob else None

    def _taken_back(self, step: Step, gone: Sequence[str]) -> Iterator[Suggestion]:
        """Yield the records of what a step takes back, or brings again by taking back a revert."""
        changed = {change.path for change in step.changes if not suggestion_of_path(change.path)}
        if not changed:
            return
        named = self._named(step)
        said = _records_of(self._workspace.repository, named)
        for path in sorted({*gone, *said}):
            record = self._before(step, path)
            if record is None or not changed.intersection(page_results(record)):
                continue
            if path not in said and not self._is_undone(step, record):
                continue
            if record.decision is None or record.decision.state == "accepted":
                yield _turned(step, record, "reverted")
            elif record.decision.state == "reverted" and record.decision.commit in named:
                yield _turned(step, record, "accepted")

    def _is_undone(self, step: Step, record: Suggestion) -> bool:
        """Return whether a step leaves a suggestion's pages as they are without it."""
        from manualsmith.workflow.landing.undo import brought_by, not_taken_back

        then = self._workspace.at(step.parents[0])
        merge, pair = brought_by(then, self._reader, record), (step.parents[0], step.commit)
        try:
            return not not_taken_back(then, pair, self._reader, record, merge)
        except UserError:
            return False

    def _named(self, step: Step) -> list[str]:
        """Return the commits that a step says it reverts, in its own message or a merged one's."""
        said = [step.message]
        if len(step.parents) > 1 and not TRAILER.search(step.message):
            said += messages_between(self._workspace.repository, step.parents[0], step.commit)
        return _commits_in(self._workspace.repository, said)


def said_to_be_reverted(repository: Repository, parent: str, commit: str) -> set[str]:
    """Return the paths of the records whose commits a commit says that it takes back.

    In its own message, or in that of one that it brings to *parent*, its first parent.
    """
    said = messages_between(repository, parent, commit)
    return _records_of(repository, _commits_in(repository, said))


def _commits_in(repository: Repository, messages: Iterable[str]) -> list[str]:
    """Return the commits that messages say are taken back, those that there are."""
    named = dict.fromkeys(one for text in messages for one in _TAKES_BACK.findall(text))
    found = headers(repository, list(named))
    return [one.oid for one in found if one and one.type == "commit"]


def _records_of(repository: Repository, commits: Sequence[str]) -> set[str]:
    """Return the paths of the records that commits changed."""
    found: set[str] = set()
    for info in describe_commits(repository, commits):
        changes = changed_paths(repository, info.parents[0], info.tip) if info.parents else ()
        found.update(change.path for change in changes if suggestion_of_path(change.path))
    return found


def one_by_one(step: Step, later: Iterable[Step]) -> list[Step]:
    """Return the commits right after *step* that were put on main with it, by a rebase.

    A rebase signs all commits of a branch anew, by one hand in one moment: the suggestion's, and
    those that reviewers put on its branch. They have one parent each, and bring no record.
    """
    found: list[Step] = []
    above = step
    for one in later:
        if one.parents != (above.commit,) or len(step.parents) != 1:
            break
        hands = [(who.name, who.email) for who in (step.committer, one.committer)]
        soon = one.committer.seconds - step.committer.seconds <= _MOMENT
        if hands[0] != hands[1] or not soon or any(map(_is_record, one.changes)):
            break
        found.append(one)
        above = one
    return found


def _is_record(change: TreeChange) -> bool:
    return suggestion_of_path(change.path) is not None


def _turned(step: Step, record: Suggestion, state: State) -> Suggestion:
    """Return a record that a revert took back, or that the revert of a revert brought again."""
    who = merger(step, "")
    said = _TAKES_BACK.split(step.message.strip())[0].removesuffix("This").strip()
    decision = Decision(
        state=state,
        by=who.name,
        at=moment_of(who),
        reason=" ".join(said.split())[:500],
        how="revert",
        commit=step.commit,
    )
    return record.model_copy(update={"decision": decision, "history": record.decisions})
