"""Derive a suggestion again from its confirmation: what its record must say, field by field.

Everything a record says follows from its confirmation, the commit that it was made on (its base)
and the one that it stands on. Three things nothing tells, and they change no page: which commit of
main it was made on where the pages are the same on several; that a further confirmation joined it
where main has that one already; and what another environment's value was where the suggestion that
gave it is on no branch and no main any more.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace

from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.git.trees import not_reachable
from manualsmith.layout import MANUALS, suggestion_branch, suggestion_path, writing
from manualsmith.markdown.actions.picture_words import picture_of
from manualsmith.records.ids import fact_suggestion_id
from manualsmith.records.models.confirmation import Confirmation
from manualsmith.records.models.suggestion import (
    Decision,
    FactRecord,
    Suggestion,
    as_worded,
    parse_suggestion,
)
from manualsmith.text import LANGUAGES, Language, language, speaking
from manualsmith.workflow.queue.select import decided_record
from manualsmith.workflow.queue.summaries import decided_suggestions
from manualsmith.workflow.suggest.bound_facts import (
    FactIndex,
    PossibleMention,
    fact_index,
    possible_mentions,
)
from manualsmith.workflow.suggest.draft import Basis, Draft, derive
from manualsmith.workflow.suggest.earlier import Known
from manualsmith.workflow.suggest.proposals import (
    Proposal,
    asked_by,
    fact_proposals,
    finding_proposals,
    said_beside,
    variant_of,
)
from manualsmith.workflow.workspace.changed_page import ChangedPage
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.remake import changing, rebuild
from manualsmith.workflow.workspace.snapshot import Snapshot, snapshot_of


class NotAsked(Exception):
    """The confirmation does not ask for what the record holds."""


@dataclass(frozen=True)
class Expected:
    """What a suggestion's record must be, and the pages that it changes."""

    record: Suggestion
    pages: tuple[ChangedPage, ...]


class Rederiver:
    """Makes suggestions again; what commits hold is read once for all of them."""

    def __init__(self, workspace: Workspace, reader: BlobReader) -> None:
        self.workspace = workspace
        self.reader = reader
        self._snapshots: dict[str, Snapshot] = {}
        self._known: dict[str, Known] = {}
        self._older: dict[tuple[str, str], bool] = {}

    def snapshot(self, commit: str) -> Snapshot:
        """Return what a commit holds."""
        if commit not in self._snapshots:
            self._snapshots[commit] = snapshot_of(self.workspace.repository, self.reader, commit)
        return self._snapshots[commit]

    def stands_on(self, commit: str, parent: str) -> bool:
        """Return whether *commit* is a commit in the history of *parent*, or is it."""
        key = (commit, parent)
        if key not in self._older:
            found = self.reader.get(commit)
            there = found is not None and (found.type, found.oid) == ("commit", commit)
            outside = there and not_reachable(self.workspace.repository, [commit], parent)
            self._older[key] = there and not outside
        return self._older[key]

    def expected(
        self, record: Suggestion, confirmation: Confirmation, parent: str, author: str
    ) -> Expected:
        """Return what a record must be on a branch that *author* made on the commit *parent*.

        ``record.base`` must be in the history of *parent*. What the record says of its evidence is
        taken over: see `voices`. Raises NotAsked, Already where the manual says so already, and
        UserError where the edit cannot be made.
        """
        draft = self._draft(record, confirmation)
        own = decided_record(MANUALS[record.manual], record.id, self.snapshot(parent))
        histories = self._histories(record, draft.proposal, own)
        # who opens it again makes the commit, and not the suggestion
        proposers = [confirmation.staff or author, *([own.proposer] if own else [])]
        told = {
            "evidence": record.evidence,
            "history": record.history if record.history in histories else histories[0],
            "comments": record.comments,
            "proposer": record.proposer if record.proposer in proposers else proposers[0],
        }
        made = Expected(draft.record.model_copy(update=told), draft.pages)
        amended = as_worded(made.record, record)
        if parent == record.base and amended == made.record:
            return made
        return self._put_on(replace(made, record=amended), record, parent)

    def _put_on(self, made: Expected, record: Suggestion, parent: str) -> Expected:
        """Return what was made on a record's base as `refresh` puts it on a newer commit.

        Pages that said so already when it was put there are no longer in the record.
        """
        asked = [edit.as_asked for edit in record.edits]
        edits = tuple(edit for edit in made.record.edits if edit.as_asked in asked)
        kept = made.record.model_copy(update={"edits": edits or made.record.edits})
        again = rebuild(kept, self.snapshot(parent), self.workspace.settings)
        return Expected(changing(again.record), again.pages)

    def _draft(self, record: Suggestion, confirmation: Confirmation) -> Draft:
        """Return a suggestion as it was made, in the language that its notes are in."""
        base, then = self.snapshot(record.base), self.workspace.at(record.base)
        held = {picture_of(one.edit): one.picture for one in record.edits}
        basis = Basis(
            record.confirmation,
            "",
            self.workspace.settings,
            record.release,
            lambda _path, picture: held.get(picture),
        )
        of_facts = fact_index(then, self.reader) if record.fact else nullcontext(FactIndex())
        with of_facts as index:
            proposal = self._proposal(record, confirmation, index)
            mentions = []
            if record.fact and not record.fact.variant:
                key = (record.product, record.fact.category, record.fact.fact)
                mentions = possible_mentions(index, then, base, key, record.fact.documented)
        own_first = sorted(LANGUAGES, key=lambda one: one != language())  # what is wrong is told
        drafts = (_in_language(one, proposal, base, basis, mentions) for one in own_first)
        first = next(drafts)
        if first.record.notes == record.notes:
            return first
        return next((one for one in drafts if one.record.notes == record.notes), first)

    def _proposal(
        self, record: Suggestion, confirmation: Confirmation, index: FactIndex
    ) -> Proposal:
        """Return what the confirmation asks for that a record answers. Raises NotAsked.

        The words that a fact is told in may be of a language that the manual had before.
        """
        if (confirmation.release or "") != record.release:
            raise NotAsked
        with writing(record.manual):
            own = language()
        found = []
        for spoken in sorted(LANGUAGES, key=lambda one: one != own):
            if proposal := self._proposal_in(spoken, record, confirmation, index):
                if (proposal.summary, proposal.reason) == (record.summary, record.reason):
                    return proposal
                found.append(proposal)
        if not found:
            raise NotAsked
        return found[0]

    def _proposal_in(
        self, spoken: Language, record: Suggestion, confirmation: Confirmation, index: FactIndex
    ) -> Proposal | None:
        asked = (*finding_proposals(confirmation), *fact_proposals(confirmation, index, spoken))
        for one in asked:
            if not isinstance(one, Proposal):
                continue
            if (one.id, one.manual.name) == (record.id, record.manual):
                with speaking(spoken):
                    proposal = self._or_variant(record, confirmation, one)
                if proposal and _same(record, proposal):
                    return proposal
        return None

    def _or_variant(
        self, record: Suggestion, confirmation: Confirmation, proposal: Proposal
    ) -> Proposal | None:
        """Return a fact's proposal as a variant where the record is one; None if it cannot be."""
        if record.fact is None or not record.fact.variant or proposal.fact is None:
            return proposal
        said = said_beside(proposal.reason, record.reason)
        if said is None or not self._says(record, proposal.fact, *said):
            return None
        return variant_of(proposal, confirmation.date, *said)

    def _says(self, record: Suggestion, fact: FactRecord, other: str, value: str) -> bool:
        """Return whether another suggestion gives the fact that value.

        One that is on no branch and on no main any more is taken at the record's word.
        """
        above = other.removesuffix(f"-{record.manual}-{fact.fact}")
        if above == other or value == fact.observed or other == record.id:
            return False
        if fact_suggestion_id(above, record.manual, fact.fact) != other:
            return False
        manual = MANUALS[record.manual]
        path = suggestion_path(manual, other)
        ref = suggestion_branch(manual, other, record.release)
        for at in (self.workspace.main.tip, ref):
            blob = self.reader.get(f"{at}:{path}")
            if blob is None:
                continue
            try:
                theirs = parse_suggestion(blob.data, path)
            except UserError:
                continue
            return theirs.fact is not None and theirs.fact.observed == value
        return True

    def _histories(
        self, record: Suggestion, proposal: Proposal, own: Suggestion | None
    ) -> list[tuple[Decision, ...]]:
        """Return the decisions that a record may name as taken before.

        They are those of when it was made, or of its *own* record, with which it was opened again.
        """
        if record.base not in self._known:
            snapshot = self.snapshot(record.base)
            decided = decided_suggestions(self.workspace, snapshot)
            self._known[record.base] = Known((), decided)
        before = self._known[record.base].decided(proposal.id, asked_by(proposal))
        made = tuple(old for one in before for old in (*one.history, one.verdict) if old)
        if own is None or own.decision is None:
            return [made]
        reopened = (*own.history, own.decision)
        return [reopened, made] if own.decision in made else [reopened]


def _same(record: Suggestion, proposal: Proposal) -> bool:
    """Return whether a record holds the edits that a proposal asks for, as far as it holds any."""
    asked = [(wanted.page, wanted.edit) for wanted in proposal.edits]
    held = [edit.as_asked for edit in record.edits]
    return bool(held) and all(one in asked for one in held)


def _in_language(
    language: Language,
    proposal: Proposal,
    base: Snapshot,
    basis: Basis,
    mentions: Sequence[PossibleMention],
) -> Draft:
    with speaking(language):
        return derive(proposal, base, basis, mentions)
