"""What a commit of main that brought records decides of each, made again and held against it."""

from collections.abc import Sequence
from dataclasses import asdict
from itertools import takewhile

from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.git.history import Step
from manualsmith.layout import page_path, writing
from manualsmith.markdown.apply_edit import described_changes
from manualsmith.records.models.suggestion import (
    Decision,
    How,
    State,
    Suggestion,
    TextChange,
    dump_suggestion,
)
from manualsmith.text import t
from manualsmith.workflow.landing.merger import TRAILER, merger, moment_of
from manualsmith.workflow.queue.branch import page_results, record_path
from manualsmith.workflow.queue.decision_words import said_already
from manualsmith.workflow.queue.reviewer_words import AsFound, as_found
from manualsmith.workflow.workspace.changed_page import text_of
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.remake import Already
from manualsmith.workflow.workspace.snapshot import snapshot_of


def decisions_of(
    workspace: Workspace,
    reader: BlobReader,
    step: Step,
    records: Sequence[Suggestion],
    more: Sequence[Step] = (),
    *,
    taking_their_word: bool = False,
) -> list[Suggestion]:
    """Return the records that a commit of main brought, each with what that decided of it.

    Accepted where the commit changes what the suggestion edits; superseded where it left that as
    it was, or main said so already. *step* has a parent. *more* are the commits after it that came
    with it, as far as they change the suggestions' pages alone. *taking_their_word*: an edit is not
    made again where its page was as the record says before, and is as it says after: `verify` does.
    """
    ordered = sorted(records, key=record_path)
    own = {path for record in records for path in page_results(record)}
    together = list(takewhile(lambda one: {c.path for c in one.changes} <= own, more))
    attempts: list[list[Suggestion]] = []
    for last in reversed(ordered):  # whose words were changed is seen when it is made last
        order = [*(one for one in ordered if one is not last), last]
        made = _Decider(workspace, reader, step, together, taking_their_word).all(order)
        attempts.append(sorted(made, key=record_path))
        if not any(one.decision and one.decision.beyond for one in made):
            return attempts[-1]
    return attempts[0]


class _Decider:
    """What one commit of main decides: made again on its first parent, held against its tree."""

    def __init__(
        self,
        workspace: Workspace,
        reader: BlobReader,
        step: Step,
        more: Sequence[Step],
        taking_their_word: bool,
    ) -> None:
        self._taking_their_word = taking_their_word
        self._workspace, self._step = workspace, step
        self._last = more[-1].commit if more else step.commit
        self._before = snapshot_of(workspace.repository, reader, step.parents[0])
        self._after = snapshot_of(workspace.repository, reader, self._last)
        self._changes = {} if more else {change.path: change for change in step.changes}
        self._changed = {change.path for one in (step, *more) for change in one.changes}
        self._said: dict[str, str] = {}

    def all(self, records: Sequence[Suggestion]) -> list[Suggestion]:
        """Return the records, each decided; one is made on what those before it give."""
        if self._taking_their_word and len(records) == 1 and self._is_as_told(records[0]):
            return [self._signed(records[0], "accepted")]
        made: list[tuple[Suggestion, AsFound | None]] = []
        for number, record in enumerate(records):
            rest = {path for other in records[number + 1 :] for path in page_results(other)}
            made.append((record, self._made(record, rest)))
        return [self._decided(record, found) for record, found in made]

    def _made(self, record: Suggestion, later: set[str]) -> AsFound | None:
        """Return a suggestion as it is made here, None where that cannot be; its pages are put."""
        try:
            found = as_found(
                record, self._before, self._after.read, self._workspace.settings, later
            )
        except Already as already:
            self._said[record.id] = said_already(record.manual, already.places)
            return None
        except UserError:
            return None
        for path, data in found.pages.items():
            self._before.put(path, data)
        self._before.put(record_path(record), dump_suggestion(record))
        return found

    def _is_as_told(self, record: Suggestion) -> bool:
        """Return whether the pages were, and are, what the record says: nothing is read for it."""
        befores = {page_path(record.manual, edit.page): edit.blob for edit in record.edits}
        afters = page_results(record)
        gone = "0" * len(self._step.commit)
        for path, after in afters.items():
            change = self._changes.get(path)
            if change is None or change.new_oid != (after or gone):
                return False
            if path in befores and change.old_oid != (befores[path] or gone):
                return False
        return True

    def _decided(self, record: Suggestion, found: AsFound | None) -> Suggestion:
        if found:
            off = [p for p, data in found.pages.items() if self._after.read(p) != data]
            if not off:
                return self._signed(found.record, "accepted")
        touched = sorted(self._changed.intersection(page_results(record)))
        if not touched:
            with writing(record.manual):
                left = t("its record alone was merged: the manual did not change by it")
            said = self._said.get(record.id, left)
            return self._signed(record, "superseded", reason=said)
        return self._signed(self._as_merged(record, touched), "accepted", beyond=touched)

    def _as_merged(self, record: Suggestion, touched: Sequence[str]) -> Suggestion:
        """Return a record whose edits tell what the commit changed of their pages."""
        parent = snapshot_of(self._workspace.repository, self._after.reader, self._step.parents[0])
        edits = []
        for edit in record.edits:
            path = page_path(record.manual, edit.page)
            if path not in touched:
                edits.append(edit.model_copy(update={"changes": ()}))
                continue
            old, new = (text_of(one.read(path)) or "" for one in (parent, self._after))
            entry = self._after.entry(path)
            told = described_changes(old, new, parent.dialect)
            changes = tuple(TextChange(**asdict(change)) for change in told)
            result = entry.oid if entry else None
            edits.append(edit.model_copy(update={"result": result, "changes": changes}))
        return record.model_copy(update={"edits": tuple(edits)})

    def _signed(
        self, record: Suggestion, state: State, reason: str = "", beyond: Sequence[str] = ()
    ) -> Suggestion:
        who = merger(self._step, record.proposer)
        decision = Decision(
            state=state,
            by=who.name,
            at=moment_of(who),
            reason=reason,
            how=_how(self._step, record),
            commit=self._last,
            beyond=tuple(beyond),
        )
        return record.model_copy(update={"decision": decision})


def _how(step: Step, record: Suggestion) -> How:
    if len(step.parents) > 1:
        return "merge"
    return "commit" if TRAILER.findall(step.message) == [record.id] else "squash"
