"""Decide suggestions: accept, reject, withdraw."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from manualsmith.errors import Problem, UserError
from manualsmith.git.branches import RefInfo
from manualsmith.git.repository import Identity
from manualsmith.layout import writing
from manualsmith.markdown.action_table import Action
from manualsmith.markdown.edit_models import same_place
from manualsmith.records.models.suggestion import Suggestion
from manualsmith.records.privacy import refuse_personal
from manualsmith.settings.read_settings import Settings
from manualsmith.text import Language, language, speaking, t
from manualsmith.workflow.landing.close import (
    Verdict,
    close,
    conflict,
    edited,
    land,
    outcome_of,
    supersede,
)
from manualsmith.workflow.landing.left_behind import rebuild_branch
from manualsmith.workflow.landing.session import Session
from manualsmith.workflow.queue.branch import Branch, read_branches
from manualsmith.workflow.queue.branch_content import Content, read_content
from manualsmith.workflow.queue.decision_words import verdict_told
from manualsmith.workflow.queue.outcomes import Outcome, Report
from manualsmith.workflow.queue.reviewer_words import AsFound, found_on
from manualsmith.workflow.queue.select import select
from manualsmith.workflow.review.discard_edits import as_it_was_made, content_as_made
from manualsmith.workflow.review.open_session import Progress, again, session
from manualsmith.workflow.review.publish import report_of
from manualsmith.workflow.sharing.sync import Sharing
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.remake import Already

_LONGEST = 10_000
COMMANDS = {"accepted": "accept", "rejected": "reject", "withdrawn": "withdraw"}


def decide(
    workspace: Workspace,
    names: Sequence[str],
    verdict: Verdict,
    *,
    discard_edits: bool = False,
    dry_run: bool = False,
    progress: Progress = lambda _done, _of: None,
    sharing: Sharing | None = None,
) -> Report:
    """Decide the suggestions that *names* name, each on its own; main moves once, at the end.

    A suggestion that conflicts with today's main stays open, and its outcome says with what; so
    does one whose branch people have committed to, but for *discard_edits*: then it is closed as
    the tool made it. (One that is accepted goes through `refresh` for that, to be seen first.)
    With *sharing* the remote is asked first and takes it first: what it does not take is not
    decided here either.
    Raises UserError, with nothing changed, for a name that is unknown, or where main has local
    changes in the way.
    """
    asked = Asked(names, verdict, discard_edits, workspace.repository.person)
    [answer] = decide_each(workspace, [asked], dry_run, progress, sharing)
    if isinstance(answer, Exception):
        raise answer
    return answer


@dataclass(frozen=True)
class Asked:
    """What one person asks `decide` for, and who that is: None is whom git's configuration names.

    language: that of the messages.
    """

    names: Sequence[str]
    verdict: Verdict
    discard_edits: bool = False
    person: Identity | None = None
    language: Language = field(default_factory=language)

    def refuse_unfit(self, settings: Settings) -> None:
        """Raise UserError for a reason that is too long, or holds personal data."""
        if len(self.names) > 1 and (self.verdict.wording or self.verdict.seen):
            raise ValueError("a wording is for one suggestion")
        refuse_unfit(self.verdict.reason, settings)


def decide_each(
    workspace: Workspace,
    asked: Sequence[Asked],
    dry_run: bool = False,
    progress: Progress = lambda _done, _of: None,
    sharing: Sharing | None = None,
) -> list[Report | Exception]:
    """Decide what several people ask for: a commit each, and one move of main for them all.

    Returns each one's report, or what was raised for them. Where main cannot be moved for all of
    them together, each is tried alone, so that what is in the way of one is told to that one.
    """
    try:
        return again(lambda: _decide(workspace, asked, dry_run, progress, sharing))
    except Exception as error:  # noqa: BLE001 - it is raised where it was asked for
        if len(asked) == 1:
            return [error]
    alone = (decide_each(workspace, [one], dry_run, progress, sharing) for one in asked)
    return [answer for [answer] in alone]


def reject_deleted(workspace: Workspace, refs: Sequence[str]) -> None:
    """Reject what somebody deleted or closed on the remote without merging, as settings say."""
    with writing():
        reason = t("its branch was deleted on the remote, or its request closed, without a merge")
    decide(workspace, list(refs), Verdict("rejected", reason))


def _decide(
    workspace: Workspace,
    asked: Sequence[Asked],
    dry_run: bool,
    progress: Progress,
    sharing: Sharing | None,
) -> list[Report | Exception]:
    command = ", ".join(dict.fromkeys(COMMANDS[one.verdict.state] for one in asked))
    found: list[list[Outcome] | UserError] = []
    with session(workspace, command, dry_run=dry_run, sharing=sharing) as now:
        branches = _branches(now, asked)
        for one in asked:
            now.landing.acting(one.person)
            with speaking(one.language):
                found.append(_outcomes(now, branches, one, progress))
        refused = [one for one in found if isinstance(one, UserError)]
        if len(refused) == len(asked):
            raise refused[0]
        tip = now.finish()
    return [
        one if isinstance(one, UserError) else report_of(workspace, tip, one, {}, sharing)
        for one in found
    ]


def _branches(now: Session, asked: Sequence[Asked]) -> dict[str, Branch]:
    """Return the open branches that are asked for, read in one go."""
    infos: dict[str, RefInfo] = {}
    for one in asked:
        with suppress(UserError):
            opened = select(one.names, now.refs, now.snapshot).opened
            infos.update((info.ref, info) for info in opened)
    tip = now.workspace.main.tip
    return read_branches(now.workspace.repository, now.reader, list(infos.values()), tip)


def _outcomes(
    now: Session, branches: Mapping[str, Branch], asked: Asked, progress: Progress
) -> list[Outcome] | UserError:
    """Return what becomes of what one person asks for; an error, with nothing decided of it."""
    try:
        asked.refuse_unfit(now.workspace.settings)
        chosen = select(asked.names, now.open, now.snapshot)
    except UserError as error:
        return error
    outcomes = [decided_before(record, asked.verdict.state) for record in chosen.decided]
    for done, info in enumerate(chosen.opened):
        progress(done, len(chosen.opened))
        made = branch = branches[info.ref]
        if asked.discard_edits and not branch.pristine:
            made = as_it_was_made(now, info, branch)
        outcomes.append(_outcome(now, branch, made, asked.verdict))
    return outcomes


def decided_before(record: Suggestion, state: str = "") -> Outcome:
    """Return the outcome of a decided suggestion: refused, but for the same decision again."""
    said = verdict_told(record.decision) if record.decision else ""
    if record.decision and record.decision.state == state:
        return replace(outcome_of(record, "decided"), message=said)
    problem = Problem(
        t("it is decided already: {decision}", decision=said),
        hint=t("open it again: manualsmith review reopen {id}", id=record.id),
    )
    return replace(outcome_of(record, "refused"), problems=(problem,))


def _outcome(now: Session, branch: Branch, made: Branch, verdict: Verdict) -> Outcome:
    """Decide one suggestion: write its commit, and return what became of it.

    *made* is the branch as its content is taken, which need not be the commit it is at.
    """
    record, words = made.record, None
    if record is not None and not made.pristine and _takes_edited(verdict):
        words = found_on(now.workspace, now.snapshot, branch)
    if record is None or not (made.pristine or _is_to_be_taken(words, verdict)):
        return edited(branch, words)
    seen = verdict.seen_each.get(branch.ref.rpartition("/")[2], verdict.seen)
    if problem := in_the_way(now, branch, seen):
        return replace(outcome_of(record, "refused", branch), problems=(problem,))
    try:
        if words:
            # what was put on the branch by hand stays there: main gets the suggestion in its words
            content = content_as_made(now.reader, record)
            return _accept(now, replace(branch, left_behind=True), content, verdict, words.record)
        dropped = not branch.pristine
        content = content_as_made(now.reader, record) if dropped else read_content(now.reader, made)
        if verdict.state == "accepted":
            return _accept(now, branch, content, verdict)
    except UserError as error:
        return conflict(now, branch, record, error)
    return close(now, branch, content, verdict.signed(now.landing.signature))


def in_the_way(now: Session, branch: Branch, seen: str | None) -> Problem | None:
    """Return what keeps a suggestion as it is: somebody has changed its branch since *seen*."""
    if branch.ref in now.clashes:
        return now.clashes[branch.ref]
    if seen in (None, branch.tip):
        return None
    return Problem(
        t("it has changed since you looked at it"), hint=t("look at it again, then decide")
    )


def in_words(record: Suggestion, wording: Action | None, settings: Settings) -> Suggestion:
    """Return a record with its edit in other words, as it is where there are none.

    Raises UserError where it has several edits, where the wording is an edit of another place, or
    holds personal data.
    """
    if wording is None:
        return record
    [edit, *others] = record.edits
    if others or record.fact:
        raise UserError(t("the words of this suggestion follow from its fact, and stay"))
    if not same_place(edit.edit, wording):
        raise UserError(t("a reviewer may word an edit otherwise, not make another one"))
    for text in _texts(wording.model_dump()):
        refuse_unfit(text, settings)
    instead = wording if wording != edit.edit else None
    return record.model_copy(update={"edits": (edit.model_copy(update={"instead": instead}),)})


def refuse_unfit(text: str, settings: Settings) -> None:
    """Raise UserError for a text that is too long, or holds personal data."""
    if len(text) > _LONGEST:
        raise UserError(t("that is too long: at most {count} characters", count=_LONGEST))
    refuse_personal(text, settings.allow_personal)


def _texts(value: object) -> Iterator[str]:
    """Yield the texts that plain values hold, each as it was typed."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, Sequence):
        for one in value:
            yield from _texts(one)


def _accept(
    now: Session,
    branch: Branch,
    content: Content,
    verdict: Verdict,
    edited: Suggestion | None = None,
) -> Outcome:
    """Accept a suggestion, or what people have made of it on its branch."""
    decision = verdict.signed(now.landing.signature)
    own = (
        now.workspace.settings.own_suggestions if decision.by in content.record.authors else "allow"
    )
    if own == "refuse":
        raise UserError(
            t("{by} proposed it: somebody else is to accept it", by=decision.by),
            hint=t("the setting own_suggestions says so"),
        )
    record = edited or in_words(content.record, verdict.wording, now.workspace.settings)
    try:
        rebuilt = rebuild_branch(now.workspace, now.reader, branch, record, now.snapshot)
    except Already as already:
        return supersede(now, branch, content, already, decision)
    outcome = land(now, branch, content, rebuilt, decision)
    remark = t("{by} proposed it, and accepted it", by=decision.by)
    return replace(outcome, notes=(*outcome.notes, remark)) if own == "remark" else outcome


def _takes_edited(verdict: Verdict) -> bool:
    return verdict.state == "accepted" and verdict.wording is None


def _is_to_be_taken(words: AsFound | None, verdict: Verdict) -> bool:
    """Return whether a branch is accepted as people left it.

    Where they worded it otherwise somebody must have said so, where they changed more it is not.
    """
    if words is None or words.beyond:
        return False
    return verdict.as_edited or not any(edit.instead for edit in words.record.edits)
