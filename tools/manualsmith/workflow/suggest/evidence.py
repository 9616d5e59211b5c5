"""Add a second confirmation of the same difference to the suggestion that is open, as evidence."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from manualsmith.layout import confirmation_path
from manualsmith.records.models.suggestion import EvidenceRef
from manualsmith.text import t
from manualsmith.workflow.queue.branch import in_use, read_branches
from manualsmith.workflow.queue.branch_content import Content, author_of, read_content
from manualsmith.workflow.queue.outcomes import Outcome, Status
from manualsmith.workflow.queue.summaries import Account
from manualsmith.workflow.service.read_confirmations import ReadFile
from manualsmith.workflow.suggest.context import Situation
from manualsmith.workflow.suggest.earlier import Pending
from manualsmith.workflow.suggest.proposals import Proposal


def join(
    this: Situation, file: ReadFile, proposal: Proposal, told: Outcome, same: Account
) -> Outcome:
    """Add a confirmation to the open suggestion that says the same."""
    told = replace(told, branch=same.branch, commit=same.tip or None)
    blob = this.snapshot.blob_id(file.source.data)
    voice = EvidenceRef(id=file.confirmation.id, blob=blob, finding=proposal.finding)
    others = {source.id for source in same.sources} - {voice.id}
    message = t(
        "{id} says the same; environments that agree: {count}", id=same.id, count=len(others) + 1
    )
    told = replace(told, message=message)
    if any((s.id, s.blob) == (voice.id, voice.blob) for s in same.sources):
        return replace(told, status="unchanged")
    data = file.source.data
    return _rewritten(this, same, told, "joined", lambda now: _with_voice(now, voice, data))


def _with_voice(content: Content, voice: EvidenceRef, data: bytes) -> Content:
    """Return a suggestion's content with one more confirmation, in place of its older version."""
    record = content.record
    others = tuple(one for one in record.evidence if one.id != voice.id)
    return Content(
        record.model_copy(update={"evidence": (*others, voice)}),
        content.pages,
        {**content.confirmations, confirmation_path(voice.id): data},
    )


def _without_voice(content: Content, confirmation: str) -> Content:
    """Return a suggestion's content without one of the confirmations that joined it."""
    record = content.record
    others = tuple(one for one in record.evidence if one.id != confirmation)
    path = confirmation_path(confirmation)
    return Content(
        record.model_copy(update={"evidence": others}),
        content.pages,
        {name: data for name, data in content.confirmations.items() if name != path},
    )


def _rewritten(
    this: Situation,
    one: Account,
    told: Outcome,
    status: Status,
    change: Callable[[Content], Content],
) -> Outcome:
    """Have an open suggestion's branch written with other evidence, on the parent that it has."""
    pending = this.known.pending.get(one.ref)
    if pending is None:
        info = this.refs[one.ref]
        branch = read_branches(
            this.workspace.repository, this.reader, [info], this.workspace.main.tip
        )[one.ref]
        reason = in_use(branch, this.checked_out.get(one.ref))
        if reason:
            said = f"{told.message} ({reason})" if told.message else reason
            return replace(told, status="left-alone", message=said)
        content = read_content(this.reader, branch)
        pending = Pending(one.ref, branch.tip, content, branch.parents[0], author_of(info))
    this.known.add(replace(pending, content=change(pending.content)))
    return replace(told, status=status)


def no_longer_asked(
    this: Situation, confirmation: str, made: Sequence[Outcome]
) -> Iterator[Outcome]:
    """Yield what becomes of open suggestions that a confirmation asked for before.

    *made* are the outcomes of what it asks for now.
    """
    held = {outcome.branch for outcome in made}
    for one in this.known.of_confirmation(confirmation):
        if one.branch in held:
            continue
        told = _of_account(one, confirmation)
        if one.sources[0].id == confirmation:
            yield _given_up(this, one, told)
        else:
            yield _rewritten(
                this, one, told, "updated", lambda now: _without_voice(now, confirmation)
            )


def _given_up(this: Situation, one: Account, told: Outcome) -> Outcome:
    """Return whether a suggestion that its own confirmation gave up is to be withdrawn."""
    branch = this.branches.get(one.ref)
    reason = in_use(branch, this.checked_out.get(one.ref)) if branch else None
    if len(one.sources) > 1:
        others = ", ".join(source.id for source in one.sources[1:])
        reason = t("{others} report it too", others=others)
    said = t("the confirmation no longer asks for it")
    if reason:
        return replace(told, status="left-alone", message=f"{said} ({reason})")
    return replace(told, status="withdrawn", message=said)


def _of_account(one: Account, confirmation: str) -> Outcome:
    return Outcome(
        "left-alone",
        one.id,
        one.summary,
        confirmation,
        manual=one.manual,
        branch=one.branch,
        commit=one.tip or None,
        pages=tuple(edit.page for edit in one.edits),
    )
