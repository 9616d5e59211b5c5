"""Verify that a branch, and each step of main, holds what records explain, and nothing else.

A suggestion is derived again from its record and its confirmation, on the commit that its branch
stands on, and compared byte by byte with what the branch holds.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from manualsmith.errors import UserError
from manualsmith.layout import (
    CONFIRMATIONS,
    MANUALS,
    confirmation_path,
    page_of,
    suggestion_path,
)
from manualsmith.records.confirmation import Confirmation, parse_confirmation
from manualsmith.records.suggestion import Suggestion, dump_suggestion, parse_suggestion
from manualsmith.store.blobs import BlobReader
from manualsmith.store.branches import RefInfo
from manualsmith.store.history import Step, steps
from manualsmith.store.trees import Change, changed_paths
from manualsmith.text import t
from manualsmith.workflow.accounts import asked_key
from manualsmith.workflow.existing import Branch, confirmation_files, read_branches
from manualsmith.workflow.opening import Workspace
from manualsmith.workflow.pages import new_pages
from manualsmith.workflow.proposals import asked_by, finding_proposals
from manualsmith.workflow.rebuilding import Already, rebuild
from manualsmith.workflow.snapshot import Snapshot, snapshot_of

EXPLAINED = ("suggestions/", f"{CONFIRMATIONS}/")


@dataclass(frozen=True)
class Verified:
    """What was verified: a branch's short name or a commit of main, and what is wrong with it."""

    name: str
    commit: str
    faults: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return plain values for ``--json``."""
        return {"name": self.name, "commit": self.commit, "faults": list(self.faults)}


def verify_branches(
    workspace: Workspace, reader: BlobReader, refs: Sequence[RefInfo]
) -> Iterator[Verified]:
    """Yield for each suggestion branch what it holds that its record does not explain."""
    read = read_branches(workspace.repository, reader, refs, workspace.main.tip)
    snapshots: dict[str, Snapshot] = {}
    for info in refs:
        branch = read.get(info.ref)
        name = info.ref.removeprefix("refs/heads/")
        if branch is None:
            yield Verified(name, info.tip, (t("it is no suggestion branch"),))
            continue
        faults = list(branch.faults)
        if branch.record and len(branch.parents) == 1:
            [parent] = branch.parents
            if parent not in snapshots:
                snapshots[parent] = snapshot_of(workspace.repository, reader, parent)
            faults += _derived_again(workspace, reader, branch, branch.record, snapshots[parent])
        yield Verified(name, info.tip, tuple(dict.fromkeys(faults)))


def _derived_again(
    workspace: Workspace, reader: BlobReader, branch: Branch, record: Suggestion, parent: Snapshot
) -> Iterator[str]:
    yield from _sources(reader, branch.tip, record)
    try:
        rebuilt = rebuild(record, parent, workspace.settings)
    except Already as already:
        yield t("main says so already: {places}", places=", ".join(already.places))
        return
    except UserError as error:
        yield from (
            t("its edit cannot be made again: {problem}", problem=p) for p in error.problems
        )
        return
    if rebuilt.record.edits != record.edits:
        yield t("its record does not describe what its edit does")
    for path, data in new_pages(rebuilt.pages).items():
        blob = reader.get(f"{branch.tip}:{path}")
        if (blob.oid if blob else None) != (None if data is None else parent.blob_id(data)):
            yield t("{path} is not what its record's edit gives", path=path)


def _sources(reader: BlobReader, commit: str, record: Suggestion) -> Iterator[str]:
    """Yield what is wrong with the confirmations that a record rests on."""
    for path, oid in confirmation_files(record).items():
        blob = reader.get(f"{commit}:{path}")
        if blob is None:
            yield t("{path} is missing", path=path)
        elif blob.oid != oid:
            yield t("{path} is not as its record says", path=path)
        elif path == confirmation_path(record.confirmation.id):
            yield from _asked(record, blob.data, path)


def _asked(record: Suggestion, data: bytes, path: str) -> Iterator[str]:
    """Yield what a record claims of its confirmation that the confirmation does not say."""
    try:
        confirmation = parse_confirmation(data, path)
    except UserError as error:
        yield from (str(problem) for problem in error.problems)
        return
    if (confirmation.release or "") != record.release:
        yield t("{path} is not for the release {release}", path=path, release=record.release)
    if not (_says_fact if record.fact else _says_finding)(record, confirmation):
        yield t("{path} does not ask for this edit", path=path)


def _says_finding(record: Suggestion, confirmation: Confirmation) -> bool:
    edits = [edit.as_asked for edit in record.edits]
    asked = asked_key(record.manual, record.product, edits, None)
    return any(
        proposal.finding == record.finding
        and asked_by(proposal) == asked
        and (proposal.summary, proposal.reason) == (record.summary, record.reason)
        for proposal in finding_proposals(confirmation)
    )


def _says_fact(record: Suggestion, confirmation: Confirmation) -> bool:
    fact = record.fact
    return (
        fact is not None
        and record.product == confirmation.product
        and any(
            (category, one.fact, one.documented, one.observed)
            == (fact.category, fact.fact, fact.documented, fact.observed)
            for category, facts in confirmation.environment
            for one in facts
        )
        and all(_is_of_fact(record, edit.edit.model_dump()) for edit in record.edits)
    )


def _is_of_fact(record: Suggestion, edit: dict[str, Any]) -> bool:
    """Return whether an edit is the one that a fact gives."""
    fact = record.fact
    if fact is None:
        return False
    if fact.variant:
        key = ("variants", fact.category, fact.fact, fact.observed)
        return (edit["action"], edit.get("key")) == ("set-front-matter", key)
    values = {"category", "fact", "documented", "observed"}
    return edit["action"] == "replace-fact" and {n: edit[n] for n in values} == fact.model_dump(
        include=values
    )


def verify_range(
    workspace: Workspace, reader: BlobReader, since: str | None, until: str
) -> Iterator[Verified]:
    """Yield for each step of main after *since* up to *until*, oldest first, what is unexplained.

    A step may change a manual only as the merge of an accepted suggestion does, made again here.
    """
    for step in reversed(steps(workspace.repository, since, until)):
        faults = tuple(_step_faults(workspace, reader, step))
        yield Verified(f"{step.commit[:9]} {step.subject}", step.commit, faults)


def _step_faults(workspace: Workspace, reader: BlobReader, step: Step) -> Iterator[str]:
    if not step.parents:
        if step.commit in workspace.repository.cut_off():
            yield t("this clone does not have what it rests on (git fetch --unshallow)")
        return
    changes = changed_paths(workspace.repository, step.parents[0], step.commit)
    folders = tuple(f"{manual.folder}/" for manual in MANUALS.values())
    pages = {change.path: change for change in changes if change.path.startswith(folders)}
    if not pages:
        return
    record = _accepted(reader, step, changes)
    if record is None:
        yield from (
            t("{path} is changed, and no accepted suggestion says why", path=p) for p in pages
        )
        return
    yield from _merge_faults(workspace, reader, step, record, pages)


def _accepted(reader: BlobReader, step: Step, changes: Sequence[Change]) -> Suggestion | None:
    """Return the one accepted record that a step brings, None where it brings none or several."""
    paths = [
        suggestion_path(manual, step.suggestion) for manual in MANUALS.values() if step.suggestion
    ]
    for change in changes:
        if change.path in paths:
            blob = reader.get(change.new_oid)
            try:
                record = parse_suggestion(blob.data if blob else b"", change.path)
            except UserError:
                return None
            decided = record.decision and record.decision.state == "accepted"
            return record if decided and blob and dump_suggestion(record) == blob.data else None
    return None


def _merge_faults(
    workspace: Workspace,
    reader: BlobReader,
    step: Step,
    record: Suggestion,
    pages: dict[str, Change],
) -> Iterator[str]:
    parent = snapshot_of(workspace.repository, reader, step.parents[0])
    try:
        rebuilt = rebuild(record, parent, workspace.settings)
    except (Already, UserError) as error:
        yield t("{id} cannot be made again: {reason}", id=record.id, reason=error)
        return
    gone = workspace.repository.no_oid
    made = {
        path: gone if data is None else parent.blob_id(data)
        for path, data in new_pages(rebuilt.pages).items()
        if page_of(path)
    }
    for path, change in pages.items():
        if path not in made:
            yield t("{path} is changed, which {id} does not say", path=path, id=record.id)
        elif made[path] != change.new_oid:
            yield t("{path} is not what {id} gives", path=path, id=record.id)
        elif change.new_mode != "100644" and made[path] != gone:
            yield t("{path} is no plain file", path=path)
    yield from (
        t("{path} is not changed, as {id} says", path=path, id=record.id)
        for path in made
        if path not in pages
    )
    yield from _proposed(workspace, reader, step, record)


def _proposed(
    workspace: Workspace, reader: BlobReader, step: Step, record: Suggestion
) -> Iterator[str]:
    """Yield what is wrong with the suggestion that a merge brings: its second parent."""
    if len(step.parents) != 2:
        yield t("it is no merge of the suggestion {id}", id=record.id)
        return
    manual = MANUALS[record.manual]
    blob = reader.get(f"{step.parents[1]}:{suggestion_path(manual, record.id)}")
    try:
        proposed = parse_suggestion(blob.data if blob else b"", record.id)
    except UserError:
        yield t("what it merges has no record of {id}", id=record.id)
        return
    asked = [edit.as_asked for edit in proposed.edits]
    if asked != [edit.as_asked for edit in record.edits]:
        yield t("{id} is not the suggestion that it merges", id=record.id)
    yield from _sources(reader, step.parents[1], proposed)
