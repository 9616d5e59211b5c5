"""From a proposal to a draft: the edited pages and the record, or why there is none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from manualsmith.errors import Place, Problem, UserError
from manualsmith.layout import ManualName, suggestion_path
from manualsmith.markdown.applying import Applied, describe, resolve
from manualsmith.markdown.lost import TargetLost
from manualsmith.markdown.safety import added_unsafe
from manualsmith.records.blob import blob_id
from manualsmith.records.suggestion import (
    ConfirmationRef,
    EditRecord,
    FactRecord,
    Mention,
    Suggestion,
    TextChange,
    dump_suggestion,
)
from manualsmith.settings import Settings
from manualsmith.text import t
from manualsmith.workflow.facts import PossibleMention
from manualsmith.workflow.proposals import PageEdit, Proposal
from manualsmith.workflow.snapshot import PageBlob, Snapshot


@dataclass(frozen=True)
class ChangedPage:
    """A page before and after: its path in the repository, its old text (None: new) and its new."""

    path: str
    before: str | None
    after: str


@dataclass(frozen=True)
class Draft:
    """A suggestion that is ready to be committed."""

    proposal: Proposal
    record: Suggestion
    pages: tuple[ChangedPage, ...]

    @property
    def record_path(self) -> str:
        """The record's path in the repository."""
        return suggestion_path(self.proposal.manual, self.proposal.id)

    def files(self) -> dict[str, bytes]:
        """Return the bytes of each file that the branch changes, but for its confirmation."""
        changed = {page.path: page.after.encode() for page in self.pages}
        return {**changed, self.record_path: dump_suggestion(self.record)}


class Already(Exception):
    """The manual says so already; ``places`` are where."""

    def __init__(self, places: Sequence[str]) -> None:
        super().__init__(", ".join(places))
        self.places = tuple(places)


@dataclass(frozen=True)
class Basis:
    """What a draft rests on besides its proposal."""

    confirmation: ConfirmationRef
    proposer: str
    settings: Settings


def derive(
    proposal: Proposal, snapshot: Snapshot, basis: Basis, mentions: Sequence[PossibleMention] = ()
) -> Draft:
    """Return the draft of a proposal against a commit.

    Raises Already where the manual says so already, and UserError where no page can be edited.
    A proposal of several pages leaves out those that cannot be, and says so in its notes.
    """
    edited: list[tuple[EditRecord, ChangedPage]] = []
    already: list[str] = []
    problems: list[Problem] = []
    found: list[Mention] = []
    notes: list[str] = []
    for wanted in proposal.edits:
        try:
            made = _edit_page(proposal, wanted, snapshot, basis.settings)
        except TargetLost as lost:
            if lost.reason == "already":
                already.append(_where(proposal, wanted, lost))
            else:
                problems += _located(proposal, wanted, lost)
        except UserError as error:
            problems += _located(proposal, wanted, error)
        else:
            edited.append((made.record, made.page))
            notes += made.notes
            found += made.mentions
    if not edited:
        _raise(problems, already)
    found += [Mention(page=m.page, manual=m.manual, line=m.line, text=m.text) for m in mentions]
    record = _record(
        proposal,
        snapshot,
        basis,
        [record for record, _ in edited],
        [*notes, *(str(problem) for problem in problems)],
        found,
    )
    return Draft(proposal, record, tuple(page for _, page in edited))


def _raise(problems: Sequence[Problem], already: Sequence[str]) -> None:
    if problems:
        raise UserError(problems)
    raise Already(already)


@dataclass(frozen=True)
class _Edited:
    record: EditRecord
    page: ChangedPage
    notes: tuple[str, ...]
    mentions: tuple[Mention, ...]


def _edit_page(
    proposal: Proposal, wanted: PageEdit, snapshot: Snapshot, settings: Settings
) -> _Edited:
    manual = proposal.manual
    blob = snapshot.page(manual, wanted.page)
    if blob is None and wanted.edit.action != "add-page":
        raise snapshot.missing_page(manual, wanted.page)
    before = blob.text if blob else ""
    applied = resolve(before, wanted.edit)
    _refuse_unsafe(before, applied.text, settings)
    path = f"{manual.folder}/{wanted.page}"
    record = EditRecord(
        page=wanted.page,
        edit=wanted.edit,
        blob=blob.oid if blob else None,
        result=blob_id(applied.text.encode()),
        changes=tuple(
            TextChange(
                section=c.section,
                line=c.line,
                before=c.before,
                after=c.after,
                prefix=c.prefix,
                suffix=c.suffix,
            )
            for c in describe(applied)
        ),
    )
    changed = ChangedPage(path, blob.text if blob else None, applied.text)
    return _Edited(record, changed, applied.notes, _possible(blob, applied, manual.name))


def _possible(blob: PageBlob | None, applied: Applied, manual: ManualName) -> tuple[Mention, ...]:
    if blob is None:
        return ()
    source = applied.page.source
    lines = dict.fromkeys(source.line_of(span.start) for span in applied.possible)
    return tuple(
        Mention(manual=manual, page=blob.page, line=line + 1, text=source.line_text(line).strip())
        for line in lines
    )


def _refuse_unsafe(before: str, after: str, settings: Settings) -> None:
    unsafe = added_unsafe(before, after, settings.allow_html)
    if unsafe:
        hint = t(
            "put it in backticks to show it as text; the settings can allow a tag: "
            "[tool.manualsmith] allow_html"
        )
        found = ", ".join(dict.fromkeys(f"{one.what} ({one.found})" for one in unsafe))
        message = t("the text may not bring this onto the page: {found}", found=found)
        raise UserError([Problem(message, hint=hint, field="text")])


def _where(proposal: Proposal, wanted: PageEdit, lost: TargetLost) -> str:
    place = replace(lost.problems[0].place, file=f"{proposal.manual.folder}/{wanted.page}")
    return str(Place(place.file, place.line))


def _located(proposal: Proposal, wanted: PageEdit, error: UserError) -> list[Problem]:
    """Return the problems with the page named in the message: their place is the confirmation's."""
    path = f"{proposal.manual.folder}/{wanted.page}"
    return [
        replace(problem, message=f"{replace(problem.place, file=path)}: {problem.message}")
        if isinstance(error, TargetLost) or problem.place.file
        else problem
        for problem in error.problems
    ]


def _record(
    proposal: Proposal,
    snapshot: Snapshot,
    basis: Basis,
    edits: Sequence[EditRecord],
    notes: Sequence[str],
    mentions: Sequence[Mention],
) -> Suggestion:
    fact = proposal.fact
    return Suggestion(
        id=proposal.id,
        output=proposal.manual.output,
        indicators=(proposal.manual.indicator,),
        manual=proposal.manual.name,
        kind="fact" if fact else "finding",
        finding=proposal.finding,
        fact=FactRecord(
            category=fact.category,
            fact=fact.fact,
            documented=fact.documented,
            observed=fact.observed,
        )
        if fact
        else None,
        summary=proposal.summary,
        reason=proposal.reason,
        confirmation=basis.confirmation,
        base=snapshot.commit,
        proposer=basis.proposer,
        edits=tuple(edits),
        notes=tuple(notes),
        mentions=tuple(mentions),
    )
