"""Turn confirmations into suggestion branches: objects first, then all refs in one transaction."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from manualsmith.errors import Problem, UserError
from manualsmith.layout import MANUALS, suggestion_branch, suggestion_path
from manualsmith.records.suggestion import ConfirmationRef, parse_suggestion
from manualsmith.store.blobs import BlobReader
from manualsmith.store.branches import RefInfo
from manualsmith.store.refs import RefsMoved, checked_out_branches
from manualsmith.store.trees import list_tree
from manualsmith.text import t
from manualsmith.workflow import remembered
from manualsmith.workflow.confirmations import ReadFile, RecordFile, parse_files
from manualsmith.workflow.deriving import Basis, Draft, derive
from manualsmith.workflow.existing import Branch, read_branches, suggestion_refs
from manualsmith.workflow.facts import FactIndex, PossibleMention, index_facts, possible_mentions
from manualsmith.workflow.opening import Workspace
from manualsmith.workflow.outcomes import Outcome, Report, Status
from manualsmith.workflow.proposals import (
    Evidence,
    Proposal,
    differing_facts,
    evidence,
    fact_proposals,
    finding_proposals,
)
from manualsmith.workflow.publishing import Publisher, notices
from manualsmith.workflow.rebuilding import Already
from manualsmith.workflow.snapshot import Snapshot

TRIES = 3
FOLDERS = ("manuals", "suggestions", "records/confirmations")
Progress = Callable[[int, int], None]


def suggest(
    workspace: Workspace,
    files: Sequence[RecordFile],
    problems: Sequence[Problem] = (),
    *,
    dry_run: bool = False,
    progress: Progress = lambda _done, _of: None,
) -> Report:
    """Make or update the branch of each suggestion that the confirmations ask for.

    *problems* are those of files that could not be read, to be told with the others. With *dry_run*
    nothing is written; the report then holds the drafts. Somebody else's ref update in between is
    met by starting over; RefsMoved is raised where that happens three times.
    """
    for _ in range(TRIES - 1):
        try:
            return _suggest(workspace, files, problems, dry_run, progress)
        except RefsMoved:
            workspace = workspace.refreshed()
    return _suggest(workspace, files, problems, dry_run, progress)


def _suggest(
    workspace: Workspace,
    files: Sequence[RecordFile],
    problems: Sequence[Problem],
    dry_run: bool,
    progress: Progress,
) -> Report:
    refs = suggestion_refs(workspace.repository)
    outcomes = remembered.recall(workspace, refs, files)
    read, bad = parse_files((f for f in files if f.blob not in outcomes), workspace.settings)
    found: dict[str, list[Outcome]] = {}
    with BlobReader(workspace.repository) as reader, Publisher(workspace) as publisher:
        for file, made in _work_out(workspace, reader, refs, read, progress):
            if dry_run:
                found[file.source.blob] = made
            else:
                publisher.add(file, made)
                found[file.source.blob] = [replace(outcome, draft=None) for outcome in made]
        tips = publisher.finish()
    for blob, made in found.items():
        found[blob] = [replace(o, commit=tips.get(o.id, o.commit)) for o in made]
    if not dry_run:
        remembered.keep(workspace, found)
    outcomes.update(found)
    blobs = dict.fromkeys(file.blob for file in files)
    ordered = tuple(outcome for blob in blobs for outcome in outcomes.get(blob, ()))
    return Report(
        workspace.main.name,
        workspace.main.tip,
        ordered,
        (*problems, *bad),
        notices(workspace, ordered),
    )


@dataclass(frozen=True)
class _Pass:
    """What every outcome of one pass is worked out from."""

    workspace: Workspace
    snapshot: Snapshot
    index: FactIndex
    branches: Mapping[str, Branch]
    checked_out: Mapping[str, Path]
    proposer: str


def _work_out(
    workspace: Workspace,
    reader: BlobReader,
    refs: Mapping[str, RefInfo],
    files: Sequence[ReadFile],
    progress: Progress,
) -> Iterator[tuple[ReadFile, list[Outcome]]]:
    """Yield what becomes of each confirmation; nothing is written."""
    if not files:
        return
    repository, tip = workspace.repository, workspace.main.tip
    entries = [entry for folder in FOLDERS for entry in list_tree(repository, tip, folder)]
    snapshot = Snapshot(reader, tip, entries)
    differing = any(differing_facts(file.confirmation) for file in files)
    this = _Pass(
        workspace,
        snapshot,
        index_facts(snapshot) if differing else FactIndex(),
        read_branches(repository, reader, _of_confirmations(refs, files), tip),
        checked_out_branches(repository),
        repository.identity().name,
    )
    for done, file in enumerate(files):
        progress(done, len(files))
        yield file, list(_outcomes(this, file))
    progress(len(files), len(files))


def _of_confirmations(refs: Mapping[str, RefInfo], files: Sequence[ReadFile]) -> list[RefInfo]:
    ids = {file.confirmation.id for file in files}
    return [info for ref, info in refs.items() if any(part in ids for part in _prefixes(ref))]


def _prefixes(ref: str) -> Iterator[str]:
    """Yield what may be the confirmation's id in a suggestion branch's name."""
    parts = ref.rpartition("/")[2].split("-")
    yield "-".join(parts[:3])
    yield "-".join(parts[:4])


def _outcomes(this: _Pass, file: ReadFile) -> Iterator[Outcome]:
    confirmation = file.confirmation
    wanted = [*finding_proposals(confirmation), *fact_proposals(confirmation, this.index)]
    for one in (*wanted, *evidence(confirmation)):
        if isinstance(one, Evidence):
            yield _kept_evidence(this, file, one)
        else:
            yield _outcome(this, file, one)
    asked = {suggestion_branch(one.manual, one.id) for one in wanted if isinstance(one, Proposal)}
    for ref, branch in this.branches.items():
        if branch.record and branch.record.confirmation.id == confirmation.id and ref not in asked:
            yield _no_longer_asked(branch, confirmation.id)


def _kept_evidence(this: _Pass, file: ReadFile, one: Evidence) -> Outcome:
    """Return the outcome of evidence; what held as written must be there."""
    told = Outcome("evidence", one.id, one.summary, file.confirmation.id)
    if one.held is None:
        return told
    try:
        this.snapshot.require(MANUALS[one.held.manual], one.held.page, one.held.section)
    except UserError as error:
        problems = tuple(
            replace(problem, place=file.document.place((*one.at, problem.field or "page")))
            for problem in error.problems
        )
        return replace(told, status="refused", problems=problems)
    return told


def _no_longer_asked(branch: Branch, confirmation_id: str) -> Outcome:
    record = branch.record
    return Outcome(
        "left-alone",
        record.id if record else "",
        record.summary if record else "",
        confirmation_id,
        manual=record.manual if record else None,
        branch=_short(branch.ref),
        commit=branch.tip,
        message=t(
            "the confirmation no longer asks for it; to drop it: git branch -D {branch}",
            branch=_short(branch.ref),
        ),
    )


def _outcome(this: _Pass, file: ReadFile, proposal: Proposal) -> Outcome:
    ref = suggestion_branch(proposal.manual, proposal.id)
    told = Outcome(
        "refused",
        proposal.id,
        proposal.summary,
        file.confirmation.id,
        manual=proposal.manual.name,
        branch=_short(ref),
        pages=tuple(edit.page for edit in proposal.edits),
    )
    branch = this.branches.get(ref)
    decision = _decided(this, file, proposal)
    if decision:
        return replace(told, status="decided", branch=None, message=decision)
    if branch:
        told = replace(told, commit=branch.tip)
        kept = _kept(branch, file, this.checked_out.get(ref))
        if kept:
            return replace(told, status=kept[0], message=kept[1])
    return _drafted(this, file, proposal, told, branch)


def _decided(this: _Pass, file: ReadFile, proposal: Proposal) -> str | None:
    """Return what was decided of the proposal on the same evidence, or None."""
    data = this.snapshot.read(suggestion_path(proposal.manual, proposal.id))
    record = parse_suggestion(data, proposal.id) if data else None
    if not record or not record.decision or record.confirmation.blob != file.source.blob:
        return None
    decision = record.decision
    return t(
        "{state} by {by}, {at}: {reason}",
        state=decision.state,
        by=decision.by,
        at=decision.at,
        reason=decision.reason or "–",
    )


def _kept(
    branch: Branch, file: ReadFile, checked_out: Path | None
) -> tuple[Status, str | None] | None:
    """Return why an existing branch stays as it is, or None where it is to be made anew."""
    if not branch.pristine:
        return "left-alone", t("someone else committed to it")
    if branch.record and branch.record.confirmation.blob == file.source.blob:
        return "unchanged", None
    if checked_out:
        return "left-alone", t("it is checked out in {folder}", folder=checked_out)
    return None


def _drafted(
    this: _Pass, file: ReadFile, proposal: Proposal, told: Outcome, branch: Branch | None
) -> Outcome:
    try:
        draft = _derived(this, file, proposal)
    except Already as already:
        where = t("already in the manual: {places}", places=", ".join(already.places[:5]))
        return replace(
            told, status="already", branch=told.branch if branch else None, message=where
        )
    except UserError as error:
        problems = tuple(_placed(file, proposal, problem) for problem in error.problems)
        return replace(told, branch=told.branch if branch else None, problems=problems)
    return replace(
        told,
        status="updated" if branch else "created",
        pages=tuple(edit.page for edit in draft.record.edits),
        notes=(*draft.record.notes, *_mention_notes(draft)),
        draft=draft,
    )


def _derived(this: _Pass, file: ReadFile, proposal: Proposal) -> Draft:
    confirmation = file.confirmation
    basis = Basis(
        ConfirmationRef(id=confirmation.id, blob=file.source.blob),
        confirmation.staff or this.proposer,
        this.workspace.settings,
    )
    mentions: list[PossibleMention] = []
    if fact := proposal.fact:
        key = (confirmation.product, fact.category, fact.fact)
        mentions = possible_mentions(this.index, this.snapshot, key, fact.documented)
    return derive(proposal, this.snapshot, basis, mentions)


def _mention_notes(draft: Draft) -> list[str]:
    return [
        t(
            "possible mention, not edited: {page}:{line}: {text}",
            page=mention.page,
            line=mention.line,
            text=mention.text,
        )
        for mention in draft.record.mentions
    ]


def _placed(file: ReadFile, proposal: Proposal, problem: Problem) -> Problem:
    """Return the problem with the place in the confirmation that asked for the edit."""
    at = proposal.at
    if proposal.finding:
        at = (*at, "page") if problem.field == "page" else (*at, "edit")
        if problem.field and problem.field != "page":
            at = (*at, problem.field)
    return replace(problem, place=file.document.place(at))


def _short(ref: str) -> str:
    return ref.removeprefix("refs/heads/")
