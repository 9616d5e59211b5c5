"""Tell whether a further confirmation reports the same difference as a suggestion."""

from collections.abc import Iterator, Sequence

from manualsmith.errors import UserError
from manualsmith.markdown.action_table import Action
from manualsmith.markdown.actions.picture_words import with_picture
from manualsmith.markdown.apply_edit import resolve
from manualsmith.markdown.edit_models import MovePage, RemovePage, ReplaceFact
from manualsmith.records.models.confirmation import Confirmation
from manualsmith.records.models.suggestion import EvidenceRef, Suggestion
from manualsmith.workflow.suggest.proposals import differing_facts, finding_proposals
from manualsmith.workflow.workspace.remake import base_text
from manualsmith.workflow.workspace.snapshot import Snapshot

Wanted = Sequence[tuple[str, Action]]


def agrees(record: Suggestion, voice: EvidenceRef, said: Confirmation, snapshot: Snapshot) -> bool:
    """Return whether *said*, at the finding or by the fact that *voice* names, reports the same.

    It asks for the same, or for edits that give the same pages. *snapshot* is of any commit of the
    repository: the pages that the record was made on are read by their ids.
    """
    if (said.release or "") != record.release:
        return False
    if voice.finding is None and record.fact:
        return said.product == record.product and _fact(record) in _facts(said)
    asked = _facts_on(record, said) if voice.finding is None else _findings(record, voice, said)
    return any(_gives_the_same(record, wanted, snapshot) for wanted in asked)


def _fact(record: Suggestion) -> tuple[str, ...]:
    fact = record.fact
    return (fact.category, fact.fact, fact.documented, fact.observed) if fact else ()


def _facts(said: Confirmation) -> list[tuple[str, ...]]:
    differing = differing_facts(said)
    return [(name, one.fact, one.documented or "", one.observed) for name, _, one in differing]


def _facts_on(record: Suggestion, said: Confirmation) -> Iterator[Wanted]:
    """Yield for each fact that differs its edit of the pages that the record changes."""
    for category, name, documented, observed in _facts(said):
        edit = ReplaceFact(
            action="replace-fact",
            category=category,
            fact=name,
            documented=documented,
            observed=observed,
            settings={category: {name: documented}},
        )
        yield [(one.as_asked[0], edit) for one in record.edits]


def _findings(record: Suggestion, voice: EvidenceRef, said: Confirmation) -> Iterator[Wanted]:
    for one in finding_proposals(said):
        if (one.finding, one.manual.name) == (voice.finding, record.manual):
            yield [(wanted.page, wanted.edit) for wanted in one.edits]


def _gives_the_same(record: Suggestion, wanted: Wanted, snapshot: Snapshot) -> bool:
    asked = [edit.as_asked for edit in record.edits]
    if asked == list(wanted):
        return True
    if [page for page, _ in asked] != [page for page, _ in wanted]:
        return False
    bases = [base_text(snapshot, edit) or "" for edit in record.edits]
    try:
        return all(
            _text(base, page, mine) == _text(base, page, theirs)
            for base, (page, mine), (_, theirs) in zip(bases, asked, wanted, strict=True)
        )
    except UserError:
        return False


def _text(base: str, page: str, action: Action) -> str:
    """Return what an edit makes of a page's text; of one that gives way, where to."""
    if isinstance(action, MovePage | RemovePage):
        return action.model_dump_json()
    return resolve(base, with_picture(action, page, page)).text
