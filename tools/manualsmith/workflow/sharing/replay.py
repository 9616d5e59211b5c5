"""Replay decisions that were taken here on the main that a remote has by now.

The two lines of main never need a textual merge: each decision is a record, and is carried out
anew, with who decided, when and why as they were.
"""

from dataclasses import dataclass, replace

from manualsmith.errors import Problem, UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.git.branches import describe_commits
from manualsmith.git.history import MainCommit, signatures_of, steps
from manualsmith.git.repository import Signature
from manualsmith.git.trees import changed_paths
from manualsmith.git.write import BranchWriter
from manualsmith.layout import MANUALS, layout, suggestion_branch, suggestion_path
from manualsmith.records.models.suggestion import (
    Decision,
    Suggestion,
    as_proposed,
    as_worded,
    parse_suggestion,
)
from manualsmith.text import t
from manualsmith.workflow.landing.close import close, land, supersede
from manualsmith.workflow.landing.land_on_main import Landing
from manualsmith.workflow.landing.left_behind import rebuild_branch
from manualsmith.workflow.landing.session import Session
from manualsmith.workflow.landing.undo import take_back
from manualsmith.workflow.queue.branch import (
    Branch,
    confirmation_files,
    page_results,
    read_branches,
    record_path,
)
from manualsmith.workflow.queue.branch_content import (
    Content,
    confirmations_of,
    read_content,
)
from manualsmith.workflow.queue.decision_words import verdict_told
from manualsmith.workflow.queue.select import decided_record
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.remake import Already
from manualsmith.workflow.workspace.snapshot import snapshot_of


@dataclass(frozen=True)
class Replayed:
    """The new line of main. ``opened``: branches, by ref, whose decision does not stand there."""

    tip: str
    opened: dict[str, str]
    problems: tuple[Problem, ...]


def replay(workspace: Workspace, onto: str) -> Replayed | None:
    """Carry out again, on the commit *onto*, each decision that only main here has.

    Commits of the desk, which change records alone, are carried over where nobody else changed the
    same record. Returns None where main here has any other commit. Nothing moves: the objects are
    written, the refs are the caller's.
    """
    repository, main = workspace.repository, workspace.main
    theirs = workspace.at(onto)
    with BlobReader(repository) as reader, BranchWriter(repository) as writer:
        own = list(reversed(steps(repository, onto, main.tip)))
        records = [_decided(reader, step) for step in own]
        landing = Landing(theirs, writer, "sync")
        snapshot = snapshot_of(repository, reader, onto)
        now = Session(theirs, reader, {}, snapshot, landing, dry_run=False)
        opened: dict[str, str] = {}
        problems: list[Problem] = []
        by_git = dict(_by_git(one) for one in records if one)
        for step, record in zip(own, records, strict=True):
            if step.commit in by_git and _brings_nothing_else(now, step, by_git[step.commit]):
                continue  # done again where its decision stands
            if record is None or record.decision is None:
                if not _carried(now, step):
                    return None
                continue
            landing.author = _author(reader, step)
            try:
                _again(now, step, record)
            except UserError as error:
                ref = suggestion_branch(MANUALS[record.manual], record.id, record.release)
                if len(step.parents) == 2 and not decided_record(
                    MANUALS[record.manual], record.id, snapshot
                ):
                    opened[ref] = step.parents[1]
                said = verdict_told(record.decision)
                problems += [_problem(record.id, said, problem) for problem in error.problems]
        written = writer.finish()
    return Replayed(written[-1] if written else onto, opened, tuple(problems))


def _by_git(record: Suggestion) -> tuple[str | None, Suggestion]:
    """Return the commit with which git merged a suggestion as its edit gives it, else None."""
    decision = record.decision
    merged = decision and decision.state == "accepted" and not decision.beyond
    return (decision.commit if decision and merged else None), record


def _brings_nothing_else(now: Session, step: MainCommit, record: Suggestion) -> bool:
    """Return whether a merge by git changes what its one suggestion says, and nothing more."""
    own = {record_path(record), *page_results(record), *confirmation_files(record)}
    changes = changed_paths(now.workspace.repository, step.parents[0], step.commit)
    return {change.path for change in changes} <= own


def _carried(now: Session, step: MainCommit) -> bool:
    """Carry over a commit that changes records alone; return whether that can be."""
    repository = now.workspace.repository
    if len(step.parents) != 1:
        return False
    changes = changed_paths(repository, step.parents[0], step.commit)
    files: dict[str, bytes | None] = {}
    for change in changes:
        there = now.snapshot.entry(change.path)
        oid = there.oid if there else repository.no_oid
        if not change.path.startswith(f"{layout().records}/") or oid not in (
            change.old_oid,
            change.new_oid,
        ):
            return False
        if oid != change.new_oid:
            files[change.path] = now.snapshot.object(change.new_oid)
    if files:
        message = repository.output("show", "-s", "--format=%B", step.commit).decode()
        now.landing.carry(files, message.rstrip("\n") + "\n", _author(now.reader, step))
        for path, data in files.items():
            now.snapshot.put(path, data)
    return True


def _author(reader: BlobReader, step: MainCommit) -> Signature:
    found = reader.get(step.commit)
    return signatures_of(found.data if found else b"")[0]


def _problem(name: str, said: str, problem: Problem) -> Problem:
    message = t(
        "{id}: what was decided here ({decision}) does not stand: {problem}",
        id=name,
        decision=said,
        problem=problem,
    )
    return Problem(message, hint=problem.hint)


def _decided(reader: BlobReader, step: MainCommit) -> Suggestion | None:
    """Return the decided record that a commit of main put there, None for any other commit."""
    for manual in MANUALS.values() if step.suggestion else ():
        path = suggestion_path(manual, step.suggestion or "")
        now, before = reader.get_many([f"{at}:{path}" for at in (step.commit, step.parents[0])])
        if now and (before is None or before.oid != now.oid):
            record = parse_suggestion(now.data, path)
            return record if record.decision else None
    return None


def _again(now: Session, step: MainCommit, record: Suggestion) -> None:
    """Carry out one decision. Raises UserError where main as it is there does not allow it."""
    decision = record.decision
    theirs = decided_record(MANUALS[record.manual], record.id, now.snapshot)
    if decision is None or (theirs and theirs.decision == decision):
        return
    if theirs and theirs.decision and theirs.decision not in record.history:
        if theirs.decision.state == decision.state:
            return
        said = verdict_told(theirs.decision)
        raise UserError(t("it is decided already: {decision}", decision=said))
    ref = suggestion_branch(MANUALS[record.manual], record.id, record.release)
    if decision.how and decision.commit:
        _land_anew(now, ref, record, decision)
        return
    if decision.state == "reverted" and theirs:
        take_back(now, theirs, decision)
        return
    if decision.state != "accepted":
        plain = record.model_copy(update={"decision": None})
        content = Content(plain, {}, confirmations_of(now.reader, record))
        close(now, Branch(ref, step.commit, plain), content, decision)
        return
    [info] = describe_commits(now.workspace.repository, [step.parents[1]])
    infos, main = [replace(info, ref=ref)], now.workspace.main.tip
    [branch] = read_branches(now.workspace.repository, now.reader, infos, main).values()
    content = read_content(now.reader, branch)
    try:
        worded = as_worded(content.record, record)
        rebuilt = rebuild_branch(now.workspace, now.reader, branch, worded, now.snapshot)
    except Already as already:
        supersede(now, branch, content, already, decision)
    else:
        land(now, branch, content, rebuilt, decision)


def _land_anew(now: Session, ref: str, record: Suggestion, decision: Decision) -> None:
    """Merge here what git merged on a line that is left: the decision stays, the commit goes."""
    ours = decision.model_copy(update={"how": None, "commit": None, "beyond": ()})
    worded = record.model_copy(update={"decision": None})
    plain = as_proposed(worded)
    content = Content(plain, {}, confirmations_of(now.reader, record))
    if decision.state != "accepted" or decision.commit is None:
        close(now, Branch(ref, now.workspace.main.tip, plain), content, ours)
        return
    branch = Branch(ref, decision.commit, plain, left_behind=True)
    try:
        rebuilt = rebuild_branch(now.workspace, now.reader, branch, worded, now.snapshot)
    except Already as already:
        supersede(now, branch, content, already, ours)
    else:
        land(now, branch, content, rebuilt, ours)
