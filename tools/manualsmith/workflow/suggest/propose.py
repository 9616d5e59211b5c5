"""Work out what becomes of a proposal: a branch, evidence for one that is open, or nothing."""

from collections.abc import Iterator
from dataclasses import replace

from manualsmith.errors import Problem, UserError
from manualsmith.layout import MANUALS, confirmation_path, suggestion_branch
from manualsmith.records.models.suggestion import ConfirmationRef, Suggestion
from manualsmith.text import speaking, t
from manualsmith.workflow.queue.branch import Branch, in_use
from manualsmith.workflow.queue.branch_content import Content, read_content
from manualsmith.workflow.queue.decision_words import verdict_told
from manualsmith.workflow.queue.outcomes import Outcome, Status
from manualsmith.workflow.queue.summaries import Account, keys_of
from manualsmith.workflow.service.read_confirmations import ReadFile
from manualsmith.workflow.suggest.bound_facts import PossibleMention, possible_mentions
from manualsmith.workflow.suggest.context import Situation
from manualsmith.workflow.suggest.draft import Basis, Draft, derive
from manualsmith.workflow.suggest.earlier import Pending
from manualsmith.workflow.suggest.evidence import join, no_longer_asked
from manualsmith.workflow.suggest.proposals import (
    NotedEvidence,
    Proposal,
    asked_by,
    evidence,
    fact_proposals,
    finding_proposals,
    variant_of,
)
from manualsmith.workflow.workspace.changed_page import new_pages
from manualsmith.workflow.workspace.remake import Already


def outcomes_of(this: Situation, file: ReadFile) -> Iterator[Outcome]:
    """Yield what becomes of each thing that a confirmation says.

    Commits to be written are added to ``this.known``.
    """
    confirmation = file.confirmation
    found = [*finding_proposals(confirmation), *fact_proposals(confirmation, this.index)]
    proposals = [_or_variant(this, file, one) for one in found if isinstance(one, Proposal)]
    this.snapshot.read_ahead(
        one.manual.path(wanted.page) for one in proposals for wanted in one.edits
    )
    made = [_outcome(this, file, proposal) for proposal in proposals]
    yield from made
    voices = (*(one for one in found if isinstance(one, NotedEvidence)), *evidence(confirmation))
    yield from (_kept_evidence(this, file, one) for one in voices)
    yield from no_longer_asked(this, confirmation.id, made)


def _or_variant(this: Situation, file: ReadFile, proposal: Proposal) -> Proposal:
    """Return a fact's proposal as a variant where another environment says otherwise."""
    fact = proposal.fact
    if fact is None:
        return proposal
    key = (proposal.manual.name, proposal.product, fact.category, fact.fact)
    pages = this.index.pages(proposal.manual, (proposal.product, fact.category, fact.fact))
    for other in this.known.other_values(key):
        value = other.fact[2] if other.fact else ""
        if value == fact.observed or other.id == proposal.id or other.variant:
            continue
        taken = {page for page, stated in pages.items() if stated == value != fact.documented}
        if other.state == "open" or taken:
            with speaking(proposal.manual.language):
                return variant_of(proposal, file.confirmation.date, other.id, value)
    return proposal


def _outcome(this: Situation, file: ReadFile, proposal: Proposal) -> Outcome:
    ref = suggestion_branch(proposal.manual, proposal.id, this.workspace.release)
    told = Outcome(
        "refused",
        proposal.id,
        proposal.summary,
        file.confirmation.id,
        manual=proposal.manual.name,
        branch=ref.removeprefix("refs/heads/"),
        pages=tuple(edit.page for edit in proposal.edits),
    )
    asked = asked_by(proposal)
    branch = this.branches.get(ref)
    before = this.known.decided(proposal.id, asked)
    if branch:
        told = replace(told, commit=branch.tip)
        kept = _kept(this, branch, file)
        if kept:
            return replace(told, status=kept[0], message=kept[1])
    elif same_evidence := [one for one in before if _rests_on(one, file) and asked in one.keys]:
        return replace(told, status="decided", branch=None, message=_told(same_evidence[-1]))
    elif same := this.known.same(proposal.id, asked):
        return join(this, file, proposal, told, same)
    return _drafted(this, file, proposal, told, branch, before)


def _rests_on(one: Account, file: ReadFile) -> bool:
    return any(source.id == file.confirmation.id for source in one.sources)


def _told(one: Account) -> str:
    return verdict_told(one.verdict) if one.verdict else ""


def _kept(this: Situation, branch: Branch, file: ReadFile) -> tuple[Status, str | None] | None:
    """Return why an existing branch stays as it is, or None where it is to be made anew."""
    blob = this.snapshot.blob_id(file.source.data)
    if branch.pristine and branch.record and branch.record.confirmation.blob == blob:
        return "unchanged", None
    reason = in_use(branch, this.checked_out.get(branch.ref))
    return ("left-alone", reason) if reason else None


def _drafted(
    this: Situation,
    file: ReadFile,
    proposal: Proposal,
    told: Outcome,
    branch: Branch | None,
    before: list[Account],
) -> Outcome:
    try:
        draft = _derived(this, file, proposal)
    except Already as already:
        where = t("already in the manual: {places}", places=", ".join(already.places[:5]))
        return replace(
            told, status="already", branch=told.branch if branch else None, message=where
        )
    except UserError as error:
        problems = tuple(_placed(file, proposal, problem) for problem in error.problems)
        return replace(told, branch=told.branch if branch else None, problems=problems)
    record = draft.record
    same = None if branch else this.known.same(proposal.id, *keys_of(record))
    if same:
        return join(this, file, proposal, told, same)
    record, notes = _reopened(record, before)
    _put(this, file, draft, record, branch)
    return replace(
        told,
        status="updated" if branch else "created",
        pages=tuple(edit.page for edit in record.edits),
        notes=(*notes, *record.notes, *_mention_notes(draft)),
        changed=draft.pages,
    )


def _reopened(record: Suggestion, before: list[Account]) -> tuple[Suggestion, list[str]]:
    """Return the record with what was decided of the same before, and what to say of that."""
    history = tuple(old for one in before for old in (*one.history, one.verdict) if old)
    notes = [t("opened again on new evidence; {before}", before=verdict_told(v)) for v in history]
    return record.model_copy(update={"history": history}), notes


def _put(
    this: Situation, file: ReadFile, draft: Draft, record: Suggestion, branch: Branch | None
) -> None:
    """Have the branch written; what others have said for the suggestion stays with it."""
    confirmations = {confirmation_path(file.confirmation.id): file.source.data}
    if branch and branch.record:
        kept = {"evidence": branch.record.evidence, "comments": branch.record.comments}
        record = record.model_copy(update=kept)
        if branch.record.evidence:
            confirmations = {**read_content(this.reader, branch).confirmations, **confirmations}
    ref = suggestion_branch(draft.proposal.manual, record.id, record.release)
    content = Content(record, new_pages(draft.pages), confirmations)
    this.known.add(Pending(ref, branch.tip if branch else None, content, record.base))


def _derived(this: Situation, file: ReadFile, proposal: Proposal) -> Draft:
    confirmation = file.confirmation
    basis = Basis(
        ConfirmationRef(id=confirmation.id, blob=this.snapshot.blob_id(file.source.data)),
        confirmation.staff or this.proposer,
        this.workspace.settings,
        this.workspace.release,
        this.pictures.blob,
    )
    mentions: list[PossibleMention] = []
    fact = proposal.fact
    if fact and not fact.variant:
        key = (confirmation.product, fact.category, fact.fact)
        mentions = possible_mentions(
            this.index, this.workspace, this.snapshot, key, fact.documented
        )
    return derive(proposal, this.snapshot, basis, mentions)


def _mention_notes(draft: Draft) -> list[str]:
    return [
        t(
            "possible mention, not edited: {page}:{line}: {text}",
            page=mention.page,
            line=mention.line,
            text=mention.text,
        )
        for mention in draft.record.mentions
    ]


def _placed(file: ReadFile, proposal: Proposal, problem: Problem) -> Problem:
    """Return the problem with the place in the confirmation that asked for the edit."""
    at = proposal.at
    if proposal.finding:
        at = (*at, "page") if problem.field == "page" else (*at, "edit")
        if problem.field and problem.field != "page":
            at = (*at, problem.field)
    return replace(problem, place=file.document.place(at))


def _kept_evidence(this: Situation, file: ReadFile, one: NotedEvidence) -> Outcome:
    """Return the outcome of evidence; what held as written must be there."""
    told = Outcome("evidence", one.id, one.summary, file.confirmation.id)
    if one.held is None:
        return told
    try:
        this.snapshot.require(MANUALS[one.held.manual], one.held.page, one.held.section)
    except UserError as error:
        problems = tuple(
            replace(problem, place=file.document.place((*one.at, problem.field or "page")))
            for problem in error.problems
        )
        return replace(told, status="refused", problems=problems)
    return told
