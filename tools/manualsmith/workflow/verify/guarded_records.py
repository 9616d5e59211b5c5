"""Records of main that only a decision may change: what was decided, and what it rests on."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.git.history import (
    MainCommit,
    Step,
    message_of,
    signatures_of,
    steps_with_changes,
)
from manualsmith.git.repository import Signature
from manualsmith.git.trees import GONE, PLAIN_FILE, TreeChange, paths_with
from manualsmith.layout import (
    by_hand_folder,
    confirmations_folder,
    suggestion_of_path,
    suggestions_folder,
)
from manualsmith.records.models.hand_edit import parse_hand_edit
from manualsmith.records.models.suggestion import (
    Decision,
    Suggestion,
    is_dump_of,
    parse_suggestion,
)
from manualsmith.text import t
from manualsmith.workflow.landing.hand_edits import hand_edit_path, records_with
from manualsmith.workflow.landing.merger import moment_of
from manualsmith.workflow.queue.branch import confirmation_files, record_path
from manualsmith.workflow.queue.commit_messages import is_decision_message
from manualsmith.workflow.verify.rederive import Rederiver
from manualsmith.workflow.verify.signatures import Signers
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.snapshot import main_snapshot


@dataclass(frozen=True)
class MayDecide:
    """Whose decisions count: names, None for any; signers, None where nobody has to sign."""

    signers: Signers | None = None
    names: frozenset[str] | None = None


ANYBODY = MayDecide()


def record_faults(
    again: Rederiver,
    step: MainCommit | Step,
    changes: Sequence[TreeChange],
    reverted: Collection[str],
    may: MayDecide = ANYBODY,
    there: Callable[[str], bool] = lambda _: True,
) -> Iterator[str]:
    """Yield what a step of main does to records that no decision does.

    A decided record keeps its decisions, and changes only with a new one; who decided and when is
    who made the commit, and when. A confirmation that a suggestion of main rests on stays as it is.
    reverted: the records that git's own revert takes back in this step; they may go with it. may:
    whose decisions count. there: whether a suggestion's record still counts, by its path.
    """
    this = _Step(again, step, changes, may, there)
    for change in changes:
        if suggestion_of_path(change.path):
            if change.path not in reverted or change.new_mode != GONE:
                yield from this.suggestion_faults(change)
        elif change.path.startswith(f"{by_hand_folder()}/"):
            yield from this.hand_edit_faults(change)
        elif change.path.startswith(f"{suggestions_folder()}/"):
            if change.new_mode != GONE:
                yield t("{path} is no place for a suggestion's record", path=change.path)
            elif change.path.endswith(".yaml"):  # of a manual that is not set any more
                yield t("{path} is decided: its record stays", path=change.path)
        elif change.path.startswith(f"{confirmations_folder()}/") and change.old_mode != GONE:
            yield from this.confirmation_faults(change, reverted)


def changed_afterwards(
    workspace: Workspace, reader: BlobReader
) -> Iterator[tuple[Step, list[str]]]:
    """Yield the steps of main that did so, from the beginning, and what they did."""
    again, today = Rederiver(workspace, reader), main_snapshot(workspace, reader)
    reverted: dict[str, list[str]] = {}
    for record in records_with(today, b"how: revert"):
        for one in record.decisions:
            if one.how == "revert" and one.commit:
                reverted.setdefault(one.commit, []).append(record_path(record))
    folders = (suggestions_folder(), confirmations_folder())

    def there(path: str) -> bool:
        return today.entry(path) is not None

    for step in steps_with_changes(workspace.repository, None, today.commit, folders):
        gone = reverted.get(step.commit, ())
        if step.parents and (
            said := [*record_faults(again, step, step.changes, gone, there=there)]
        ):
            yield step, said


@dataclass(frozen=True)
class _Step:
    again: Rederiver
    step: MainCommit | Step
    changes: Sequence[TreeChange]
    may: MayDecide
    there: Callable[[str], bool]

    def suggestion_faults(self, change: TreeChange) -> Iterator[str]:
        before, after = self._read(change.old_oid, change), self._read(change.new_oid, change)
        if change.new_mode == GONE:
            if before is None or before.decision:
                yield t("{path} is decided: its record stays", path=change.path)
            return
        if after is None or change.new_mode != PLAIN_FILE:
            yield t("{path} is no record of a suggestion", path=change.path)
            return
        old = before.decisions if before else ()
        if after.decisions[: len(old)] != old:
            yield t("{path} loses or changes what was decided before", path=change.path)
        elif after.decision is None:
            return  # brought by git: held against its confirmation
        elif before and len(after.decisions) == len(old):
            yield t("{path} is decided: it changes with a decision alone", path=change.path)
        else:
            yield from self._decision_faults(after, after.decision)

    def _read(self, oid: str, change: TreeChange) -> Suggestion | None:
        """Return the record that a blob holds, None where that is none, or not the path's."""
        blob = self.again.reader.get(oid) if oid.strip("0") else None
        with suppress(UserError):
            record = parse_suggestion(blob.data if blob else b"", change.path)
            if record_path(record) == change.path and blob and is_dump_of(blob.data, record):
                return record
        return None

    def _decision_faults(self, record: Suggestion, decision: Decision) -> Iterator[str]:
        """Yield what a new decision is not as its commit says: by whom, when, and of what."""
        yield from self._signing_faults(record.id, decision.by, decision.at)
        names = self.may.names
        if names is not None and decision.how is None and decision.by not in names:
            yield t("{id} says that {by} decided it, which is not who pushes",
                    id=record.id, by=decision.by)  # fmt: skip
        yield from self._signature_faults(record.id, (decision.how and decision.commit) or "")
        if decision.state in ("rejected", "withdrawn", "superseded"):
            yield from self._closing_faults(record)

    def _signing_faults(self, name: str, by: str, at: str) -> Iterator[str]:
        """Yield what a commit's author and committer, and their times, say otherwise."""
        if by not in {who.name for who in self._hands}:
            author = self._hands[0].name
            yield t("{id} says that {by} decided it, and its commit is by {author}",
                    id=name, by=by, author=author)  # fmt: skip
        if at not in {moment_of(who) for who in self._hands}:
            yield t("{id} was decided at another time than it says", id=name)

    def _signature_faults(self, name: str, merged: str = "") -> Iterator[str]:
        """Yield what is missing where who decides signs: what git merged, whoever merged it."""
        signers, commit = self.may.signers, merged or self.step.commit
        if signers and not signers.has_signed(commit):
            yield t("{id}: {commit} has no signature that counts", id=name, commit=commit[:9])

    def _closing_faults(self, record: Suggestion) -> Iterator[str]:
        allowed = {record_path(record), *confirmation_files(record)}
        for change in self.changes:
            if change.path not in allowed:
                yield t(
                    "{path} is changed, which {id} does not say", path=change.path, id=record.id
                )
        if len(self.step.parents) != 1 or not is_decision_message(message_of(self._commit), record):
            yield t("its message is not the one that its record gives")

    def hand_edit_faults(self, change: TreeChange) -> Iterator[str]:
        """Yield what is wrong with the record of a change that nobody suggested."""
        if change.old_mode != GONE:
            yield t("{path} is on record: it stays as it is", path=change.path)
            return
        blob = self.again.reader.get(change.new_oid)
        try:
            record = parse_hand_edit(blob.data if blob else b"", change.path)
        except UserError:
            yield t("{path} is no record of a change by hand", path=change.path)
            return
        if hand_edit_path(record.commit) != change.path or change.new_mode != PLAIN_FILE:
            yield t("{path} is no record of a change by hand", path=change.path)
        yield from self._signing_faults(record.commit[:9], record.adopted_by, record.adopted_at)
        yield from self._signature_faults(record.commit[:9])

    def confirmation_faults(self, change: TreeChange, reverted: Collection[str]) -> Iterator[str]:
        """Yield whose ground goes where a confirmation changes or is deleted."""
        above, repository = self.step.parents[0], self.again.workspace.repository
        resting = paths_with(repository, above, change.old_oid, [suggestions_folder()])
        # what was seen goes with what it brought, and comes back by `adopt`
        going = reverted if change.new_mode == GONE else ()
        if resting := [path for path in resting if path not in going and self.there(path)]:
            yield t(
                "{path} is changed, and {count} suggestions rest on it: {first}",
                path=change.path,
                count=len(resting),
                first=resting[0],
            )

    @cached_property
    def _commit(self) -> bytes:
        found = self.again.reader.get(self.step.commit)
        return found.data if found else b""

    @cached_property
    def _hands(self) -> tuple[Signature, Signature]:
        """The author and the committer."""
        return signatures_of(self._commit)
