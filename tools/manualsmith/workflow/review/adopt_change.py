"""Give changes of main that nobody suggested a record of their own, after the fact."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from manualsmith.errors import UserError
from manualsmith.git.history import Step
from manualsmith.layout import is_page, writing
from manualsmith.markdown.apply_edit import described_changes
from manualsmith.records.models.hand_edit import HandEdit, HandEditPage, dump_hand_edit
from manualsmith.records.models.suggestion import TextChange
from manualsmith.text import t
from manualsmith.workflow.landing.hand_edits import (
    hand_edit_path,
    is_step,
    manual_paths,
    unexplained,
)
from manualsmith.workflow.landing.merger import merger, moment_of
from manualsmith.workflow.landing.session import Session
from manualsmith.workflow.review.decide import refuse_unfit
from manualsmith.workflow.review.open_session import again, session
from manualsmith.workflow.sharing.sync import Sharing
from manualsmith.workflow.workspace.changed_page import text_of
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.snapshot import snapshot_of


def adopt_changes(
    workspace: Workspace,
    commits: Sequence[str],
    reason: str,
    by: str | None = None,
    *,
    dry_run: bool = False,
    sharing: Sharing | None = None,
) -> list[HandEdit]:
    """Write a record for each commit of main that changed a manual by hand, and return them.

    *commits* are named as git does; main moves once, at the end. Raises UserError, with nothing
    changed, for one that is not on main, changes no manual, or has its reason on record already.
    """
    refuse_unfit(reason, workspace.settings)

    def once() -> list[HandEdit]:
        with session(workspace, "adopt", dry_run=dry_run, sharing=sharing) as now:
            open_ones = {one.commit: one for one in unexplained(now.workspace, now.snapshot)}
            made = [_adopted(now, commit, open_ones, reason, by) for commit in commits]
            now.finish()
        return made

    return again(once)


def _adopted(
    now: Session, commit: str, open_ones: Mapping[str, Step], reason: str, by: str | None
) -> HandEdit:
    named = now.reader.get(commit)
    step = open_ones.get(named.oid) if named else None
    if step is None and named and is_step(now.workspace, named.oid):
        raise UserError(t("a record says already why {commit} is right", commit=commit))
    if step is None or not step.parents:
        raise UserError(
            t("{commit} is no commit of {main} that changed a manual", commit=commit,
              main=now.workspace.main.name),
            hint=t("see them: manualsmith audit"),
        )  # fmt: skip
    signature = now.landing.signature
    who = merger(step, "")
    record = HandEdit(
        commit=step.commit,
        subject=step.subject,
        author=who.name or "?",
        at=moment_of(who),
        adopted_by=by or signature.name,
        adopted_at=moment_of(signature),
        reason=reason.strip(),
        pages=tuple(_pages(now, step)),
    )
    path, data = hand_edit_path(step.commit), dump_hand_edit(record)
    now.snapshot.put(path, data)
    if not now.dry_run:
        with writing():
            subject = t("Record of a change by hand: {subject}", subject=step.subject)
            reason = t("Reason: {reason}", reason=record.reason)
        message = f"{subject}\n\n{reason}\n\nAdopts: {step.commit}\n"
        author = now.landing.decider(record.adopted_by, record.adopted_at)
        now.landing.carry({path: data}, message, author)
    return record


def _pages(now: Session, step: Step) -> list[HandEditPage]:
    repository = now.workspace.repository
    before, after = (
        snapshot_of(repository, now.reader, commit) for commit in (step.parents[0], step.commit)
    )
    found = []
    for path in manual_paths(step):
        old, new = (text_of(one.read(path)) or "" for one in (before, after))
        told = described_changes(old, new) if is_page(path) else ()
        changes = tuple(TextChange(**asdict(one)) for one in told)
        found.append(HandEditPage(path=path, changes=changes))
    return found
