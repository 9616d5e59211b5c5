"""Open a decided suggestion again: its branch on today's main, its decision kept as history."""

from collections.abc import Sequence
from dataclasses import replace

from manualsmith.errors import Problem, UserError
from manualsmith.git.write import BranchWriter
from manualsmith.layout import MANUALS, suggestion_branch
from manualsmith.records.models.suggestion import Suggestion
from manualsmith.text import t
from manualsmith.workflow.landing.close import outcome_of
from manualsmith.workflow.landing.hand_edits import undone
from manualsmith.workflow.landing.left_behind import Rebaser
from manualsmith.workflow.landing.session import Session
from manualsmith.workflow.queue.branch_content import Content, confirmations_of
from manualsmith.workflow.queue.outcomes import Outcome, Report
from manualsmith.workflow.queue.select import select
from manualsmith.workflow.review.open_session import again, session
from manualsmith.workflow.review.publish import Publisher, report_of
from manualsmith.workflow.sharing.sync import Sharing
from manualsmith.workflow.workspace.changed_page import new_pages
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.remake import Already


def reopen(
    workspace: Workspace,
    names: Sequence[str],
    *,
    dry_run: bool = False,
    sharing: Sharing | None = None,
) -> Report:
    """Make the branches of decided suggestions again, on today's main.

    The decision stays on main until the next one; the record on the branch keeps it as history.
    Raises UserError for a name that is unknown.
    """
    return again(lambda: _reopen(workspace, names, dry_run, sharing))


def _reopen(
    workspace: Workspace, names: Sequence[str], dry_run: bool, sharing: Sharing | None
) -> Report:
    with session(workspace, "reopen", dry_run=dry_run, sharing=sharing) as now:
        chosen = select(names, now.refs, now.snapshot)
        outcomes = [
            Outcome("unchanged", info.ref.rpartition("/")[2], info.subject, "", commit=info.tip)
            for info in chosen.opened
        ]
        with BranchWriter(workspace.repository) as writer:
            publisher = Publisher(now.workspace, writer, "reopen")
            for record in chosen.decided:
                outcome, content = _opened(now, record)
                outcomes.append(outcome)
                if content and not dry_run:
                    ref = suggestion_branch(MANUALS[record.manual], record.id, record.release)
                    publisher.add(ref, None, content, now.workspace.main.tip)
            tips = publisher.finish()
    return report_of(workspace, now.workspace.main.tip, outcomes, tips, sharing)


def _opened(now: Session, record: Suggestion) -> tuple[Outcome, Content | None]:
    """Return what becomes of one decided suggestion, and its branch's content where it has one."""
    told = outcome_of(record, "refused")
    accepted = record.decision is None or record.decision.state == "accepted"
    if record.decision is None or (accepted and not undone(record, now.snapshot)):
        problem = Problem(
            t("it is accepted: the manual has it"),
            hint=t("to change the manual again, write a confirmation"),
        )
        return replace(told, problems=(problem,)), None
    fresh = record.model_copy(
        update={"decision": None, "history": (*record.history, record.decision)}
    )
    try:
        rebaser = Rebaser(now.workspace, now.reader, now.workspace.main.tip, [fresh])
        rebuilt = rebaser.rebuild(fresh, now.snapshot)
        confirmations = confirmations_of(now.reader, record)
    except Already as already:
        said = t("already in the manual: {places}", places=", ".join(already.places[:5]))
        return replace(told, status="already", message=said), None
    except UserError as error:
        return replace(told, problems=error.problems), None
    ref = suggestion_branch(MANUALS[record.manual], record.id, record.release)
    told = replace(told, status="reopened", branch=ref.removeprefix("refs/heads/"))
    return replace(told, changed=rebuilt.pages), Content(
        rebuilt.record, new_pages(rebuilt.pages), confirmations
    )
