"""Take accepted suggestions back: main's pages without them, and the records say who and why."""

from collections.abc import Sequence
from dataclasses import replace

from manualsmith.errors import Problem, UserError
from manualsmith.records.models.suggestion import Suggestion
from manualsmith.text import t
from manualsmith.workflow.landing.close import Verdict, outcome_of
from manualsmith.workflow.landing.session import Session
from manualsmith.workflow.landing.undo import take_back
from manualsmith.workflow.queue.decision_words import verdict_told
from manualsmith.workflow.queue.outcomes import Outcome, Report
from manualsmith.workflow.queue.select import select
from manualsmith.workflow.review.decide import refuse_unfit
from manualsmith.workflow.review.open_session import again, session
from manualsmith.workflow.review.publish import report_of
from manualsmith.workflow.sharing.sync import Sharing
from manualsmith.workflow.workspace.open_workspace import Workspace


def revert(
    workspace: Workspace,
    names: Sequence[str],
    verdict: Verdict,
    *,
    dry_run: bool = False,
    sharing: Sharing | None = None,
) -> Report:
    """Take the accepted suggestions that *names* name back; main moves once, at the end.

    One whose words were changed since stays, and its outcome says so. The same evidence does not
    propose it again; `reopen` does, and new evidence.
    Raises UserError, with nothing changed, for a name that is unknown.
    """
    refuse_unfit(verdict.reason, workspace.settings)
    return again(lambda: _revert(workspace, names, verdict, dry_run, sharing))


def _revert(
    workspace: Workspace,
    names: Sequence[str],
    verdict: Verdict,
    dry_run: bool,
    sharing: Sharing | None,
) -> Report:
    with session(workspace, "revert", dry_run=dry_run, sharing=sharing) as now:
        chosen = select(names, now.refs, now.snapshot)
        outcomes = [_open(info.ref.rpartition("/")[2]) for info in chosen.opened]
        outcomes += [_taken_back(now, record, verdict) for record in chosen.decided]
        tip = now.finish()
    return report_of(workspace, tip, outcomes, {}, sharing)


def _open(name: str) -> Outcome:
    problem = Problem(
        t("it is open: main does not have it"),
        hint=t("reject it: manualsmith review reject {id} --reason …", id=name),
    )
    return Outcome("refused", name, "", "", problems=(problem,))


def _taken_back(now: Session, record: Suggestion, verdict: Verdict) -> Outcome:
    told = outcome_of(record, "refused")
    old = record.decision
    if old is None or old.state != "accepted":
        said = verdict_told(old) if old else ""
        if old and old.state == "reverted":
            return replace(told, status="decided", message=said)
        problem = Problem(t("main does not have it: {decision}", decision=said))
        return replace(told, problems=(problem,))
    try:
        return take_back(now, record, verdict.signed(now.landing.signature))
    except UserError as error:
        return replace(told, problems=error.problems)
