"""Decide suggestions: accept, reject, withdraw; and close what main says already."""

import random
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Literal, TypeVar

from manualsmith.errors import Problem, UserError
from manualsmith.layout import MANUALS, suggestion_path
from manualsmith.records.suggestion import Decision, Suggestion, dump_suggestion
from manualsmith.store.blobs import BlobReader
from manualsmith.store.history import Step, steps
from manualsmith.store.refs import RefsBusy, RefsMoved
from manualsmith.store.repository import Signature
from manualsmith.store.worktree import one_at_a_time
from manualsmith.text import t
from manualsmith.workflow.content import Content, read_content
from manualsmith.workflow.existing import Branch, read_branches, suggestion_refs
from manualsmith.workflow.landing import Landing
from manualsmith.workflow.messages import decision_message
from manualsmith.workflow.opening import Workspace
from manualsmith.workflow.outcomes import Outcome, Report
from manualsmith.workflow.publishing import unsigned
from manualsmith.workflow.rebuilding import Already, rebuild
from manualsmith.workflow.selecting import select
from manualsmith.workflow.snapshot import Snapshot, main_snapshot
from manualsmith.workflow.verdicts import verdict_told

State = Literal["accepted", "rejected", "withdrawn"]
Progress = Callable[[int, int], None]
Result = TypeVar("Result")
SHOWN = 3
TRIES = 40
_WAIT = 0.05


@dataclass(frozen=True)
class Verb:
    """What is decided: the state, why, and by whom where that is not git's author."""

    state: State
    reason: str = ""
    by: str | None = None

    @property
    def command(self) -> str:
        """The command's name, for the reflog."""
        return {"accepted": "accept", "rejected": "reject", "withdrawn": "withdraw"}[self.state]


def decide(
    workspace: Workspace,
    names: Sequence[str],
    verb: Verb,
    *,
    dry_run: bool = False,
    progress: Progress = lambda _done, _of: None,
) -> Report:
    """Decide the suggestions that *names* name, each on its own; main moves once, at the end.

    A suggestion that conflicts with today's main stays open, and its outcome says with what.
    Raises UserError, with nothing changed, for a name that is unknown, or where main has local
    changes in the way.
    """
    return again(workspace, lambda now: _decide(now, names, verb, dry_run, progress))


def again(workspace: Workspace, work: Callable[[Workspace], Result]) -> Result:
    """Return what *work* returns, doing it again where somebody else moved a ref meanwhile."""
    for attempt in range(TRIES):
        try:
            return work(workspace)
        except (RefsMoved, RefsBusy):
            time.sleep(random.uniform(0, _WAIT * min(attempt + 1, 20)))  # noqa: S311
            workspace = workspace.refreshed()
    return work(workspace)


@dataclass(frozen=True)
class _Pass:
    workspace: Workspace
    snapshot: Snapshot
    landing: Landing
    verb: Verb
    decision: Decision


def _decide(
    workspace: Workspace, names: Sequence[str], verb: Verb, dry_run: bool, progress: Progress
) -> Report:
    repository = workspace.repository
    outcomes: list[Outcome] = []
    lock = nullcontext() if dry_run else one_at_a_time(repository)
    with lock, BlobReader(repository) as reader:
        workspace = workspace.refreshed()
        refs = suggestion_refs(repository)
        snapshot = main_snapshot(workspace, reader)
        chosen = select(names, refs, snapshot)
        branches = read_branches(repository, reader, chosen.opened, workspace.main.tip)
        with Landing(workspace, verb.command) as landing:
            decision = new_decision(verb, landing.signature)
            this = _Pass(workspace, snapshot, landing, verb, decision)
            outcomes += [_decided_before(record, verb) for record in chosen.decided]
            for done, branch in enumerate(branches.values()):
                progress(done, len(branches))
                outcomes.append(_outcome(this, branch, dry_run))
            tip = workspace.main.tip if dry_run else landing.finish()
    return Report(workspace.main.name, tip, tuple(outcomes), notices=_notices(workspace, outcomes))


def new_decision(verb: Verb, signature: Signature, state: str | None = None) -> Decision:
    """Return the decision that a person takes at the time of *signature*."""
    return Decision.model_validate(
        {
            "state": state or verb.state,
            "by": verb.by or signature.name,
            "at": _moment(signature),
            "reason": verb.reason.strip(),
        }
    )


def _moment(signature: Signature) -> str:
    """Return a signature's time in ISO 8601, with its own offset."""
    sign, hours, minutes = signature.offset[0], signature.offset[1:3], signature.offset[3:]
    offset = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
    return datetime.fromtimestamp(signature.seconds, timezone(offset)).isoformat()


def _decided_before(record: Suggestion, verb: Verb) -> Outcome:
    """Return the outcome of a decided suggestion: refused, but for the same decision again."""
    told = outcome_of(record, "decided")
    said = verdict_told(record.decision) if record.decision else None
    told = replace(told, message=said)
    if record.decision and record.decision.state == verb.state:
        return told
    problem = Problem(
        t("it is decided already: {decision}", decision=said),
        hint=t("open it again: manualsmith review reopen {id}", id=record.id),
    )
    return replace(told, status="refused", message=None, problems=(problem,))


def _outcome(this: _Pass, branch: Branch, dry_run: bool) -> Outcome:
    """Decide one suggestion: write its commit, and return what became of it."""
    record = branch.record
    if record is None or (this.verb.state == "accepted" and not branch.pristine):
        return not_as_recorded(branch)
    try:
        content = read_content(this.snapshot.reader, branch)
        if this.verb.state == "accepted":
            return _accept(this, branch, content, dry_run)
    except UserError as error:
        told = outcome_of(record, "refused", branch)
        met = tuple(_met(this.workspace, this.snapshot, branch, record))
        return replace(told, problems=error.problems, notes=met)
    return close(this, branch, content, this.decision, dry_run)


def _accept(this: _Pass, branch: Branch, content: Content, dry_run: bool) -> Outcome:
    try:
        rebuilt = rebuild(content.record, this.snapshot, this.workspace.settings)
    except Already as already:
        reason = overtaken(this.workspace, this.snapshot, branch, content.record, already)
        decision = this.decision.model_copy(update={"state": "superseded", "reason": reason})
        return close(this, branch, content, decision, dry_run)
    record = rebuilt.record.model_copy(update={"decision": this.decision})
    pages = {page.path: page.after.encode() for page in rebuilt.pages}
    files = {
        **_evidence(this.snapshot, content),
        **pages,
        record_path(record): dump_suggestion(record),
    }
    _land(this, files, record, branch, merge=True, dry_run=dry_run)
    return replace(outcome_of(record, "accepted", branch), changed=rebuilt.pages)


def close(
    this: "_Pass", branch: Branch, content: Content, decision: Decision, dry_run: bool
) -> Outcome:
    """Put the record alone on main, with its decision, and the confirmations that main lacks.

    One that is withdrawn rests on what was taken back, and brings none.
    """
    record = content.record.model_copy(update={"decision": decision})
    files = {} if decision.state == "withdrawn" else _evidence(this.snapshot, content)
    files[record_path(record)] = dump_suggestion(record)
    _land(this, files, record, branch, merge=False, dry_run=dry_run)
    return replace(outcome_of(record, decision.state, branch), message=decision.reason or None)


def _land(
    this: _Pass,
    files: dict[str, bytes],
    record: Suggestion,
    branch: Branch,
    *,
    merge: bool,
    dry_run: bool,
) -> None:
    for path, data in files.items():
        this.snapshot.put(path, data)
    if not dry_run:
        message = decision_message(record)
        this.landing.add(files, message, branch.ref, branch.tip, merge=merge)


def _evidence(snapshot: Snapshot, content: Content) -> dict[str, bytes]:
    """Return the confirmations that main does not have yet."""
    return {
        path: data for path, data in content.confirmations.items() if path not in snapshot.entries
    }


def record_path(record: Suggestion) -> str:
    """Return the path of a suggestion's record."""
    return suggestion_path(MANUALS[record.manual], record.id)


def not_as_recorded(branch: Branch) -> Outcome:
    """Return the outcome of a branch that holds what its record does not say."""
    name = branch.ref.rpartition("/")[2]
    told = outcome_of(branch.record, "refused", branch) if branch.record else None
    problems = tuple(
        Problem(
            t("{branch}: {fault}", branch=branch.name, fault=fault),
            hint=t(
                "drop what was added by hand: manualsmith review refresh --discard-edits {id}",
                id=name,
            ),
        )
        for fault in branch.faults
    )
    told = told or Outcome("refused", name, "", "", branch=branch.name, commit=branch.tip)
    return replace(told, problems=problems)


def outcome_of(record: Suggestion, status: str, branch: Branch | None = None) -> Outcome:
    """Return an outcome with what a record says of itself."""
    return Outcome(
        status,  # type: ignore[arg-type]
        record.id,
        record.summary,
        record.confirmation.id,
        manual=record.manual,
        branch=branch.name if branch else None,
        commit=branch.tip if branch else None,
        pages=tuple(edit.page for edit in record.edits),
    )


def overtaken(
    workspace: Workspace, snapshot: Snapshot, branch: Branch, record: Suggestion, already: Already
) -> str:
    """Return where main says so already, and since which commits, for the record."""
    where = "、".join(already.places[:SHOWN])
    since = [
        f"{step.suggestion or step.subject}（{step.commit[:9]}）"
        for step in _since(workspace, branch, record)[:SHOWN]
    ]
    return f"手冊已經這樣寫：{where}" + (f"；由 {'、'.join(since)} 修正" if since else "")


def _met(workspace: Workspace, snapshot: Snapshot, branch: Branch, record: Suggestion) -> list[str]:
    """Return what changed a suggestion's pages since it was made: what it may conflict with."""
    return [
        t(
            "since then {name} changed the page ({commit} {subject})",
            name=step.suggestion or t("a commit"),
            commit=step.commit[:9],
            subject=step.subject,
        )
        for step in _since(workspace, branch, record)[:SHOWN]
    ]


def _since(workspace: Workspace, branch: Branch, record: Suggestion) -> list[Step]:
    folder = MANUALS[record.manual].folder
    pages = [f"{folder}/{edit.page}" for edit in record.edits]
    return steps(workspace.repository, record.base, workspace.main.tip, pages)


def _notices(workspace: Workspace, outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    made = any(outcome.status not in ("refused", "decided") for outcome in outcomes)
    return (unsigned(),) if made and workspace.repository.signing_configured() else ()
