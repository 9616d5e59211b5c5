"""Decide suggestions: accept, reject, withdraw."""

from collections.abc import Sequence
from dataclasses import replace

from manualsmith.errors import Problem, UserError
from manualsmith.records.suggestion import Suggestion
from manualsmith.text import t
from manualsmith.workflow.closing import (
    Verdict,
    close,
    conflict,
    land,
    not_as_recorded,
    outcome_of,
    supersede,
)
from manualsmith.workflow.content import Content, read_content
from manualsmith.workflow.existing import Branch, read_branches
from manualsmith.workflow.opening import Workspace
from manualsmith.workflow.outcomes import Outcome, Report
from manualsmith.workflow.publishing import report_of
from manualsmith.workflow.rebuilding import Already, rebuild
from manualsmith.workflow.selecting import select
from manualsmith.workflow.session import Progress, Session, again, session
from manualsmith.workflow.verdicts import verdict_told

COMMANDS = {"accepted": "accept", "rejected": "reject", "withdrawn": "withdraw"}


def decide(
    workspace: Workspace,
    names: Sequence[str],
    verdict: Verdict,
    *,
    dry_run: bool = False,
    progress: Progress = lambda _done, _of: None,
) -> Report:
    """Decide the suggestions that *names* name, each on its own; main moves once, at the end.

    A suggestion that conflicts with today's main stays open, and its outcome says with what.
    Raises UserError, with nothing changed, for a name that is unknown, or where main has local
    changes in the way.
    """
    return again(lambda: _decide(workspace, names, verdict, dry_run, progress))


def _decide(
    workspace: Workspace, names: Sequence[str], verdict: Verdict, dry_run: bool, progress: Progress
) -> Report:
    with session(workspace, COMMANDS[verdict.state], dry_run=dry_run) as now:
        chosen = select(names, now.refs, now.snapshot)
        repository, tip = workspace.repository, now.workspace.main.tip
        branches = read_branches(repository, now.reader, chosen.opened, tip)
        outcomes = [_decided_before(record, verdict) for record in chosen.decided]
        for done, branch in enumerate(branches.values()):
            progress(done, len(branches))
            outcomes.append(_outcome(now, branch, verdict))
        tip = now.finish()
    return report_of(workspace, tip, outcomes, {})


def _decided_before(record: Suggestion, verdict: Verdict) -> Outcome:
    """Return the outcome of a decided suggestion: refused, but for the same decision again."""
    said = verdict_told(record.decision) if record.decision else ""
    if record.decision and record.decision.state == verdict.state:
        return replace(outcome_of(record, "decided"), message=said)
    problem = Problem(
        t("it is decided already: {decision}", decision=said),
        hint=t("open it again: manualsmith review reopen {id}", id=record.id),
    )
    return replace(outcome_of(record, "refused"), problems=(problem,))


def _outcome(now: Session, branch: Branch, verdict: Verdict) -> Outcome:
    """Decide one suggestion: write its commit, and return what became of it."""
    record = branch.record
    if record is None or (verdict.state == "accepted" and not branch.pristine):
        return not_as_recorded(branch)
    try:
        content = read_content(now.reader, branch)
        if verdict.state == "accepted":
            return _accept(now, branch, content, verdict)
    except UserError as error:
        return conflict(now, branch, record, error)
    return close(now, branch, content, verdict.signed(now.landing.signature))


def _accept(now: Session, branch: Branch, content: Content, verdict: Verdict) -> Outcome:
    decision = verdict.signed(now.landing.signature)
    try:
        rebuilt = rebuild(content.record, now.snapshot, now.workspace.settings)
    except Already as already:
        return supersede(now, branch, content, already, decision)
    return land(now, branch, content, rebuilt, decision)
