"""From a proposal to a draft: the edited pages and the record, or why there is none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from manualsmith.errors import Problem, UserError
from manualsmith.layout import Manual
from manualsmith.markdown.action_table import Action
from manualsmith.markdown.actions.picture_words import picture_of
from manualsmith.markdown.edit_models import EditPicture
from manualsmith.markdown.lost_target import TargetLost
from manualsmith.records.models.suggestion import (
    ConfirmationRef,
    EditRecord,
    Mention,
    Suggestion,
)
from manualsmith.settings.read_settings import Settings
from manualsmith.workflow.suggest.bound_facts import PossibleMention
from manualsmith.workflow.suggest.proposals import PageEdit, Proposal
from manualsmith.workflow.workspace.changed_page import ChangedPage, Made
from manualsmith.workflow.workspace.remake import Already, already_at, make_edit
from manualsmith.workflow.workspace.snapshot import Snapshot

# Returns the blob of a picture that an edit brings to a path, None where that is not known.
FindPicture = Callable[[str, EditPicture], str | None]


@dataclass(frozen=True)
class Draft:
    """A suggestion that is ready to be committed."""

    proposal: Proposal
    record: Suggestion
    pages: tuple[ChangedPage, ...]


@dataclass(frozen=True)
class Basis:
    """What a draft rests on besides its proposal.

    picture: returns the blob of a picture that an edit brings to a path; it may raise UserError.
    """

    confirmation: ConfirmationRef
    proposer: str
    settings: Settings
    release: str = ""
    picture: FindPicture = lambda _path, _picture: None


def derive(
    proposal: Proposal, snapshot: Snapshot, basis: Basis, mentions: Sequence[PossibleMention] = ()
) -> Draft:
    """Return the draft of a proposal against a commit.

    Raises Already where the manual says so already, and UserError where no page can be edited.
    A proposal of several pages leaves out those that cannot be, and says so in its notes.
    """
    edited: list[Made] = []
    already: list[str] = []
    problems: list[Problem] = []
    found: list[Mention] = []
    notes: list[str] = []
    for wanted in proposal.edits:
        try:
            made = _edit_page(proposal, wanted, snapshot, basis)
        except TargetLost as lost:
            if lost.reason == "already":
                already.append(already_at(proposal.manual, wanted.page, lost))
            else:
                problems += _located(proposal, wanted, lost)
        except UserError as error:
            problems += _located(proposal, wanted, error)
        else:
            edited.append(made)
            notes += made.applied.notes
            found += _possible(made, proposal.manual.name)
    if not edited:
        _raise(problems, already)
    found += [Mention(page=m.page, manual=m.manual, line=m.line, text=m.text) for m in mentions]
    record = _record(
        proposal,
        snapshot,
        basis,
        [made.record for made in edited],
        [*notes, *(str(problem) for problem in problems)],
        found,
    )
    return Draft(proposal, record, tuple(page for made in edited for page in made.pages))


def _raise(problems: Sequence[Problem], already: Sequence[str]) -> None:
    if problems:
        raise UserError(problems)
    raise Already(already)


def _edit_page(proposal: Proposal, wanted: PageEdit, snapshot: Snapshot, basis: Basis) -> Made:
    asked = asked_edit(proposal.manual, wanted.page, wanted.edit, snapshot, basis.picture)
    return make_edit(proposal.manual, asked, snapshot, basis.settings)


def asked_edit(
    manual: Manual, page: str, edit: Action, snapshot: Snapshot, picture: FindPicture
) -> EditRecord:
    """Return the record of an edit that is asked for on the page as *snapshot* has it."""
    asked = EditRecord(page=page, edit=edit, blob=snapshot.page_id(manual, page))
    if (brought := picture_of(edit)) and asked.picture_file:
        blob = picture(manual.path(asked.picture_file), brought)
        asked = asked.model_copy(update={"picture": blob})
    return asked


def _possible(made: Made, manual: str) -> list[Mention]:
    source = made.applied.page.source
    lines = dict.fromkeys(source.line_of(span.start) for span in made.applied.possible)
    return [
        Mention(
            manual=manual, page=made.record.page, line=line + 1, text=source.line_text(line).strip()
        )
        for line in lines
    ]


def _located(proposal: Proposal, wanted: PageEdit, error: UserError) -> list[Problem]:
    """Return the problems with the page named in the message: their place is the confirmation's."""
    path = proposal.manual.path(wanted.page)
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
    return Suggestion(
        id=proposal.id,
        output=proposal.manual.output,
        indicators=(proposal.manual.kind.indicator,),
        manual=proposal.manual.name,
        product=proposal.product,
        release=basis.release,
        kind="fact" if proposal.fact else "finding",
        finding=proposal.finding,
        fact=proposal.fact,
        summary=proposal.summary,
        reason=proposal.reason,
        confirmation=basis.confirmation,
        base=snapshot.commit,
        proposer=basis.proposer,
        edits=tuple(edits),
        notes=tuple(notes),
        mentions=tuple(mentions),
    )
