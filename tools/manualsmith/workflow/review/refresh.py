"""Put open suggestions on today's main, each made again from its record."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from manualsmith.errors import Problem, UserError
from manualsmith.git.branches import RefInfo
from manualsmith.git.refs import checked_out_branches
from manualsmith.git.write import BranchWriter
from manualsmith.layout import MANUALS
from manualsmith.text import t
from manualsmith.workflow.landing.close import (
    Verdict,
    conflict,
    not_as_recorded,
    outcome_of,
    supersede,
)
from manualsmith.workflow.landing.left_behind import Rebaser, renewed
from manualsmith.workflow.landing.session import Session
from manualsmith.workflow.queue.branch import Branch, read_branches
from manualsmith.workflow.queue.branch_content import Content, author_of, read_content
from manualsmith.workflow.queue.outcomes import Outcome, Report
from manualsmith.workflow.queue.select import select
from manualsmith.workflow.review.discard_edits import as_it_was_made, content_as_made
from manualsmith.workflow.review.open_session import Progress, again, session
from manualsmith.workflow.review.publish import Publisher, report_of
from manualsmith.workflow.sharing.sync import Sharing
from manualsmith.workflow.workspace.followed_pages import redirects_to_offer
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.remake import Already


def refresh(
    workspace: Workspace,
    names: Sequence[str] | None,
    *,
    discard_edits: bool = False,
    dry_run: bool = False,
    progress: Progress = lambda _done, _of: None,
    sharing: Sharing | None = None,
) -> Report:
    """Put the suggestions that *names* name, or all of them, on today's main.

    One that main says already is closed as superseded; one whose place is not told for certain
    stays as it is, and its outcome says why. With *discard_edits* what people have committed to a
    branch is dropped, and the branch holds what its record said at first.
    """
    return again(lambda: _refresh(workspace, names, discard_edits, dry_run, progress, sharing))


def _refresh(
    workspace: Workspace,
    names: Sequence[str] | None,
    discard_edits: bool,
    dry_run: bool,
    progress: Progress,
    sharing: Sharing | None,
) -> Report:
    repository = workspace.repository
    with session(workspace, "refresh", dry_run=dry_run, sharing=sharing) as now:
        chosen = select(list(now.refs) if names is None else names, now.refs, now.snapshot)
        main = now.workspace.main.tip
        current: list[RefInfo] = []
        stale: list[RefInfo] = []
        for info in chosen.opened:
            on_main = info.parents == (main,) and not discard_edits
            (current if on_main else stale).append(info)
        branches = read_branches(repository, now.reader, stale, main)
        taken = checked_out_branches(repository)
        if discard_edits:
            branches = {i.ref: as_it_was_made(now, i, branches[i.ref]) for i in stale}
        records = [one.record for one in branches.values() if one.record]
        rebaser = Rebaser(now.workspace, now.reader, main, records)
        made: list[tuple[Outcome, Content | None]] = []
        for done, info in enumerate(stale):
            progress(done, len(stale))
            if problem := now.clashes.get(info.ref):
                made.append((_clashing(info, problem), None))
                continue
            made.append(_refreshed(now, branches[info.ref], info, rebaser, taken, discard_edits))
        tip = now.finish()
        to_write = [(info, one) for info, (_, one) in zip(stale, made, strict=True) if one]
        tips = {} if dry_run else _publish(now.workspace, to_write, tip)
    outcomes = [
        *map(_current, current),
        *(outcome_of(record, "decided") for record in chosen.decided),
        *(outcome for outcome, _ in made),
    ]
    return report_of(workspace, tip, outcomes, tips, sharing)


def _current(info: RefInfo) -> Outcome:
    name = info.ref.rpartition("/")[2]
    confirmation = info.trailer("Confirmation") or ""
    branch = info.ref.removeprefix("refs/heads/")
    return Outcome("unchanged", name, info.subject, confirmation, branch=branch, commit=info.tip)


def _clashing(info: RefInfo, problem: Problem) -> Outcome:
    return replace(_current(info), status="refused", problems=(problem,))


def _refreshed(
    now: Session,
    made: Branch,
    info: RefInfo,
    rebaser: Rebaser,
    taken: Mapping[str, Path],
    discard: bool,
) -> tuple[Outcome, Content | None]:
    """Return what becomes of one suggestion, and its content where it is to be written anew.

    *made* is the branch as its content is taken, which need not be the commit of *info*.
    """
    branch, record = replace(made, tip=info.tip), made.record
    if record is None or not made.pristine:
        return replace(not_as_recorded(branch), status="left-alone"), None
    if branch.ref in taken:
        said = t("it is checked out in {folder}", folder=taken[branch.ref])
        return replace(outcome_of(record, "left-alone", branch), message=said), None
    try:
        content = content_as_made(now.reader, record) if discard else read_content(now.reader, made)
        rebuilt = rebaser.rebuild(record, now.snapshot)
    except Already as already:
        decision = Verdict("superseded").signed(now.landing.signature)
        return supersede(now, branch, content, already, decision), None
    except UserError as error:
        return conflict(now, branch, record, error), None
    notes = redirects_to_offer(MANUALS[record.manual], rebuilt.record.edits, rebuilt.pages)
    told = outcome_of(record, "refreshed", branch)
    return replace(told, changed=rebuilt.pages, notes=notes), renewed(content, rebuilt)


def _publish(
    workspace: Workspace, renewed: Sequence[tuple[RefInfo, Content]], tip: str
) -> dict[str, str]:
    with BranchWriter(workspace.repository) as writer:
        publisher = Publisher(workspace, writer, "refresh")
        for info, content in renewed:
            publisher.add(info.ref, info.tip, content, tip, author_of(info))
        return publisher.finish()
