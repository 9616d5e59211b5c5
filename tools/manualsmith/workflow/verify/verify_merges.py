"""Explain steps of main that git made: what it merged, and what it took back."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property

from manualsmith.errors import UserError
from manualsmith.git.history import MainCommit, Step
from manualsmith.git.trees import GONE, PLAIN_FILE, TreeChange
from manualsmith.layout import (
    confirmation_path,
    suggestion_of_path,
)
from manualsmith.records.models.suggestion import Suggestion, parse_suggestion
from manualsmith.text import t
from manualsmith.workflow.landing.decided_by_merge import decisions_of
from manualsmith.workflow.landing.hand_edits import explained_by_hand, records_with
from manualsmith.workflow.landing.merged_by_git import (
    decided_by_git,
    manual_steps,
    one_by_one,
    said_to_be_reverted,
)
from manualsmith.workflow.landing.undo import Brought, brought_by, came_with, not_taken_back
from manualsmith.workflow.queue.branch import page_results, record_path
from manualsmith.workflow.verify.rederive import NotAsked, Rederiver
from manualsmith.workflow.verify.verify_sources import sources_of
from manualsmith.workflow.workspace.brought_pictures import picture_paths
from manualsmith.workflow.workspace.remake import Already
from manualsmith.workflow.workspace.snapshot import snapshot_of

_DECISION = re.compile(r"^Decision:", re.MULTILINE | re.IGNORECASE)
# What a record says of the manual that it was merged into, and of what was decided of it.
_FROM_THE_STEP = ("edits", "decision", "history")


class GitMade:
    """What git did to main up to a commit, as the records there tell it, or will."""

    def __init__(self, again: Rederiver, since: str | None, until: str, *, strict: bool) -> None:
        self._again, self._since, self._until = again, since, until
        self._strict = strict
        self._with_it: dict[str, set[str]] = {}

    def faults(self, step: MainCommit, changes: Sequence[TreeChange]) -> tuple[list[str], set[str]]:
        """Return what is wrong with what a step brought or took back, and what pages that explains.

        Nothing is explained of a step that did neither.
        """
        brought = list(self._brought(changes))
        faults: list[str] = []
        if step.commit in self._by_hand:
            return [], {change.path for change in changes}
        pages = set(self._with_it.get(step.commit, ()))
        if brought:
            number = self._numbers[step.commit]
            made, more = (
                self._steps[number],
                one_by_one(self._steps[number], self._steps[number + 1 :]),
            )
            if _DECISION.search(made.message):
                faults.append(t("its message tells a decision that its record does not have"))
            for record in decisions_of(
                self._again.workspace, self._again.reader, made, brought, more
            ):
                faults += self._merge_faults(step, record, changes)
                pages.update((*page_results(record), *picture_paths(record)))
            self._with_it.update({one.commit: pages for one in more})
        taken_back = self._taken_back.get(step.commit, ())
        unsaid = {record_path(one) for one in taken_back} - {*self.reverted_records(step)}
        faults += (t("{path} is taken back, and no message says so: git revert does", path=path)
                   for path in sorted(unsaid))  # fmt: skip
        for one in (*taken_back, *self._reverted(step, changes)):
            faults += self._undone_faults(step, one)
            pages.update((*page_results(one), *picture_paths(one)))
        return faults, pages

    def reverted_records(self, step: MainCommit) -> list[str]:
        """Return the paths of the records that a step takes away as git's own revert.

        Where main is protected the revert says what it takes back: nobody undoes it unsaid.
        """
        found = [record_path(one) for one in self._taken_back.get(step.commit, ())]
        if not (found and self._strict):
            return found
        repository = self._again.workspace.repository
        said = said_to_be_reverted(repository, step.parents[0], step.commit)
        return [path for path in found if path in said]

    def _brought(self, changes: Sequence[TreeChange]) -> Iterator[Suggestion]:
        """Yield the records without a decision that a step brought."""
        for path, record in self._records(changes):
            if record.decision is None and record_path(record) == path:
                yield record

    def _records(self, changes: Sequence[TreeChange]) -> Iterator[tuple[str, Suggestion]]:
        """Yield the suggestions' records that a step left, by path, those that can be read."""
        for change in changes:
            if suggestion_of_path(change.path) and change.new_mode == PLAIN_FILE:
                blob = self._again.reader.get(change.new_oid)
                with suppress(UserError):
                    yield change.path, parse_suggestion(blob.data if blob else b"", change.path)

    @cached_property
    def _by_hand(self) -> set[str]:
        """The commits that have a record of their own: no excuse where main is protected."""
        if self._strict:
            return set()
        again = self._again
        return explained_by_hand(snapshot_of(again.workspace.repository, again.reader, self._until))

    @cached_property
    def _steps(self) -> list[Step]:
        return manual_steps(self._again.workspace.repository, self._since, self._until)

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        return {step.commit: number for number, step in enumerate(self._steps)}

    def adoption_faults(
        self, step: MainCommit, record: Suggestion, changes: Sequence[TreeChange]
    ) -> Iterator[str]:
        """Yield what is wrong with a step that notes of a suggestion how git accepted it."""
        decision, again = record.decision, self._again
        if decision is None or decision.commit is None or decision.how == "revert":
            return
        for change in changes:
            if change.path != record_path(record):
                yield t(
                    "{path} is changed, which {id} does not say", path=change.path, id=record.id
                )
        if not again.stands_on(decision.commit, step.parents[0]):
            yield t("{id} names a commit that is not in main's history", id=record.id)
            return
        workspace = again.workspace
        came = came_with(workspace, again.reader, record, decision.commit)
        before = came.before if came else None
        made = manual_steps(workspace.repository, before, decision.commit)
        brought = list(self._brought(made[0].changes)) if before and made else []
        decided = (
            decisions_of(workspace, again.reader, made[0], brought, made[1:]) if brought else []
        )
        known = [one.model_copy(update={"history": record.history}) for one in decided]
        if record not in known:
            yield t("{id} says otherwise than what git merged", id=record.id)

    def _merge_faults(
        self, step: MainCommit, record: Suggestion, changes: Sequence[TreeChange]
    ) -> Iterator[str]:
        decision = record.decision
        if decision and decision.state == "superseded" and self._strict:
            yield t("{path} is brought, and its edit is not", path=record_path(record))
        if decision and decision.beyond and self._strict:
            for path in decision.beyond:
                yield t("{path} holds more than {id} says", path=path, id=record.id)
        yield from self._record_faults(step, record)
        found = {change.path: change for change in changes}
        for path in page_results(record):
            if path in found and found[path].new_mode not in (PLAIN_FILE, GONE):
                yield t("{path} is no plain file", path=path)

    def _record_faults(self, step: MainCommit, record: Suggestion) -> Iterator[str]:
        """Yield what a record is not as its confirmation says, on the base that it names."""
        again = self._again
        sources, faults = sources_of(again, step.commit, record)
        yield from faults
        confirmation = sources.get(record.confirmation.id)
        if confirmation is None:
            return
        if not again.stands_on(record.base, step.commit):
            yield t("its record names a base that is not in the history that it stands on")
            return
        plain = record.model_copy(update={"decision": None})
        try:
            expected = again.expected(plain, confirmation, record.base, record.proposer).record
        except NotAsked:
            yield t(
                "{path} does not ask for this edit", path=confirmation_path(record.confirmation.id)
            )
        except (Already, UserError):
            return  # what it gives on this step's parent is what counts
        else:
            told = [n for n in Suggestion.model_fields if n not in _FROM_THE_STEP]
            if off := ", ".join(n for n in told if getattr(plain, n) != getattr(expected, n)):
                yield t("its record says otherwise than its confirmation: {fields}", fields=off)

    def _reverted(self, step: MainCommit, changes: Sequence[TreeChange]) -> Iterator[Suggestion]:
        """Yield the record that a command of ours took back in this step."""
        for path, record in self._records(changes):
            named, decision = suggestion_of_path(path), record.decision
            own = named is not None and named[1] == step.suggestion
            if own and decision and decision.state == "reverted" and decision.how is None:
                yield record

    @cached_property
    def _taken_back(self) -> Mapping[str, list[Suggestion]]:
        """The records of what commits took back, or brought again, by commit of main."""
        workspace, reader = self._again.workspace, self._again.reader
        main = snapshot_of(workspace.repository, reader, self._until)
        found: dict[str, list[Suggestion]] = {}
        then = decided_by_git(workspace.at(self._until), reader, self._since)
        for record in (*records_with(main, b"how: revert"), *(one.record for one in then)):
            for at, commit in _reverts(record):
                found.setdefault(commit, []).append(at)
        return found

    def _undone_faults(self, step: MainCommit, record: Suggestion) -> Iterator[str]:
        """Yield the pages that a revert leaves otherwise than they are without a suggestion."""
        again = self._again
        then = again.workspace.at(step.parents[0])
        merge = brought_by(then, again.reader, record)
        if record.decision and record.decision.state == "accepted":  # the revert of a revert
            back = record.history[-1].commit
            merge = Brought(f"{back}^", back) if back else None
        pair = (step.parents[0], step.commit)
        try:
            left = not_taken_back(again.workspace, pair, again.reader, record, merge)
        except UserError as error:
            yield from (str(problem) for problem in error.problems)
            return
        for path in left:
            yield t("{path} is not what it is without {id}", path=path, id=record.id)


def _reverts(record: Suggestion) -> Iterator[tuple[Suggestion, str]]:
    """Yield a record as it was when a commit took it back or brought it again, and the commit."""
    for number, one in enumerate(record.decisions):
        if one.how == "revert" and one.commit:
            was = {"decision": one, "history": record.decisions[:number]}
            yield record.model_copy(update=was), one.commit
