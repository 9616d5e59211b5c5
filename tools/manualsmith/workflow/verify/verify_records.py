"""Verify that a branch, and each step of main, holds what records explain, and nothing else.

A suggestion is derived again from its record and its confirmation, on the commit that its branch
stands on, and compared byte by byte with what the branch holds.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.git.branches import RefInfo, describe_commits
from manualsmith.git.history import MainCommit, message_of, steps
from manualsmith.git.trees import GONE, PLAIN_FILE, TreeChange, changed_paths, forked_at
from manualsmith.layout import (
    MANUALS,
    confirmation_path,
    manual_of,
    suggestion_branch,
    suggestion_of,
    suggestion_of_path,
    suggestion_path,
    use,
)
from manualsmith.records.models.confirmation import Confirmation
from manualsmith.records.models.suggestion import (
    Suggestion,
    as_worded,
    is_dump_of,
    parse_suggestion,
)
from manualsmith.text import t
from manualsmith.workflow.queue.branch import (
    Branch,
    confirmation_files,
    is_suggestion,
    not_on_main,
    page_results,
    read_branches,
    record_path,
)
from manualsmith.workflow.queue.commit_messages import is_decision_message, is_suggestion_message
from manualsmith.workflow.verify.guarded_paths import path_faults
from manualsmith.workflow.verify.guarded_records import MayDecide, record_faults
from manualsmith.workflow.verify.rederive import NotAsked, Rederiver
from manualsmith.workflow.verify.signatures import read_signers
from manualsmith.workflow.verify.verify_merges import GitMade
from manualsmith.workflow.verify.verify_sources import sources_of
from manualsmith.workflow.workspace.changed_page import ChangedPage, new_pages
from manualsmith.workflow.workspace.open_workspace import Workspace, open_workspace, settings_at
from manualsmith.workflow.workspace.remake import Already, rebuild
from manualsmith.workflow.workspace.snapshot import Snapshot


@dataclass(frozen=True)
class Verified:
    """What was verified: a branch's short name or a commit of main, and what is wrong with it.

    ``hint`` is what somebody who pushed it can do.
    """

    name: str
    commit: str
    faults: tuple[str, ...]
    hint: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return plain values for ``--json``."""
        return {"name": self.name, "commit": self.commit, "faults": list(self.faults)}


def verify_each(
    workspace: Workspace, reader: BlobReader, refs: Sequence[RefInfo]
) -> Iterator[Verified]:
    """Yield the same for branches of any release, each on the manuals of its own."""
    by_release: dict[str, list[RefInfo]] = {}
    for info in refs:
        named = suggestion_of(info.ref) if is_suggestion(info.ref) else None
        by_release.setdefault(named[2] if named else workspace.release, []).append(info)
    for release, infos in by_release.items():
        try:
            there = workspace
            if release != workspace.release:
                there = open_workspace(workspace.repository.folder, release)
        except UserError as error:
            said = tuple(str(problem) for problem in error.problems)
            yield from (Verified(i.ref.removeprefix("refs/heads/"), i.tip, said) for i in infos)
        else:
            yield from verify_branches(there, reader, infos)


def verify_branches(
    workspace: Workspace, reader: BlobReader, refs: Sequence[RefInfo]
) -> Iterator[Verified]:
    """Yield for each suggestion branch what it holds that its record does not explain."""
    use(workspace.settings.layout)
    fitting = [info for info in refs if is_suggestion(info.ref)]
    read = read_branches(workspace.repository, reader, fitting, workspace.main.tip)
    again = Rederiver(workspace, reader)
    for info in refs:
        branch = read.get(info.ref)
        name = info.ref.removeprefix("refs/heads/")
        if branch is None:
            yield Verified(name, info.tip, (t("its name is not that of a suggestion branch"),))
            continue
        behind = [not_on_main()] if branch.left_behind else []
        faults = [*branch.faults, *behind, *_branch_faults(again, info, branch)]
        yield Verified(name, info.tip, tuple(dict.fromkeys(faults)))


def _branch_faults(again: Rederiver, info: RefInfo, branch: Branch) -> Iterator[str]:
    record = branch.record
    if record is None or len(branch.parents) != 1:
        return
    sources, faults = sources_of(again, info.tip, record)
    yield from faults
    yield from _record_faults(again, info, record, sources)
    if len(sources) == len(confirmation_files(record)):
        told = _message(again.reader, info.tip)
        if not is_suggestion_message(told, record, list(sources.values())):
            yield t("its message is not the one that its record gives")


def _record_faults(
    again: Rederiver, info: RefInfo, record: Suggestion, sources: Mapping[str, Confirmation]
) -> Iterator[str]:
    """Yield what a record and its pages are not as the confirmation gives them."""
    confirmation = sources.get(record.confirmation.id)
    if not again.stands_on(record.base, info.parents[0]):
        yield t("its record names a base that is not in the history that it stands on")
        confirmation = None
    try:
        if confirmation is None:
            yield from _page_faults(again, info, record)
            return
        expected = again.expected(record, confirmation, info.parents[0], info.author_name)
    except NotAsked:
        path = confirmation_path(record.confirmation.id)
        yield t("{path} does not ask for this edit", path=path)
        yield from _page_faults(again, info, record)
    except Already as already:
        yield t("main says so already: {places}", places=", ".join(already.places))
    except UserError as error:
        yield from _cannot(error)
    else:
        yield from _differing(record, expected.record)
        yield from _other_pages(again.reader, info.tip, expected.pages)


def _page_faults(again: Rederiver, info: RefInfo, record: Suggestion) -> Iterator[str]:
    """Yield what the pages are not as the record alone gives them."""
    parent = again.snapshot(info.parents[0])
    try:
        pages = rebuild(record, parent, again.workspace.settings).pages
    except Already as already:
        yield t("main says so already: {places}", places=", ".join(already.places))
    except UserError as error:
        yield from _cannot(error)
    else:
        yield from _other_pages(again.reader, info.tip, pages)


def _cannot(error: UserError) -> Iterator[str]:
    for problem in error.problems:
        yield t("its edit cannot be made again: {problem}", problem=problem)


def _differing(record: Suggestion, expected: Suggestion) -> Iterator[str]:
    if names := _fields(record, expected, but="edits"):
        yield t("its record says otherwise than its confirmation: {fields}", fields=names)
    if record.edits != expected.edits:
        yield t("its record does not describe what its edit does")


def _fields(one: Suggestion, other: Suggestion, but: str = "") -> str:
    """Return the names of the fields in which two records differ."""
    names = (name for name in Suggestion.model_fields if name != but)
    return ", ".join(name for name in names if getattr(one, name) != getattr(other, name))


def _other_pages(reader: BlobReader, commit: str, pages: Sequence[ChangedPage]) -> Iterator[str]:
    for path, data in new_pages(pages).items():
        blob = reader.get(f"{commit}:{path}")
        if (blob.data if blob else None) != data:
            yield t("{path} is not what its record's edit gives", path=path)


def _message(reader: BlobReader, commit: str) -> str:
    found = reader.get(commit)
    return message_of(found.data if found else b"")


def verify_range(
    workspace: Workspace,
    reader: BlobReader,
    since: str | None,
    until: str,
    *,
    by_lead: bool = False,
    deciders: frozenset[str] | None = None,
) -> Iterator[Verified]:
    """Yield for each step of main after *since* up to *until*, oldest first, what is unexplained.

    A step may change a manual only as the merge of an accepted suggestion does, made again here, or
    as git merges or reverts one. Where main is protected, a merge by git that brings anything but
    what the suggestion's edit gives, in whatever words, is at fault; elsewhere its record tells it.
    No step may change a file that the settings protected before the first of them. *by_lead*:
    somebody brings it who may do as if nothing were protected, and says why on record. *deciders*:
    the names that who brings it may decide by; any, where that is not known.
    """
    use(workspace.settings.layout)
    again = Rederiver(workspace, reader)
    may = MayDecide(read_signers(workspace, reader, since), deciders)
    by_git = GitMade(again, since, until, strict=workspace.settings.protect_main and not by_lead)
    protected = () if by_lead else _protected(workspace, reader, since)
    above = since and (forked_at(workspace.repository, since, until) or since)
    for step in reversed(steps(workspace.repository, since, until)):
        found = [] if _follows(step, above) else [t("it does not follow from {since}", since=above)]
        if step.parents:
            found += _step_faults(again, step, by_git, may, protected)
        above = step.commit
        yield Verified(
            f"{step.commit[:9]} {step.subject}", step.commit, tuple(dict.fromkeys(found))
        )


def _follows(step: MainCommit, above: str | None) -> bool:
    """Return whether *above* is what a step goes on from: its first parent."""
    return above is None or step.parents[:1] == (above,)


def _protected(workspace: Workspace, reader: BlobReader, since: str | None) -> tuple[str, ...]:
    """Return the ``protect_paths`` of *since*; today's where that is not set or cannot be read."""
    try:
        settings = settings_at(reader, since) if since else workspace.settings
    except UserError:
        settings = workspace.settings
    signers = (settings.allowed_signers,) if settings.allowed_signers else ()
    return (*settings.protect_paths, *signers)


def _step_faults(
    again: Rederiver,
    step: MainCommit,
    by_git: GitMade,
    may: MayDecide,
    protected: Sequence[str],
) -> Iterator[str]:
    changes = changed_paths(again.workspace.repository, step.parents[0], step.commit)
    faults, explained = _explained(again, step, by_git, changes)
    yield from faults
    yield from record_faults(again, step, changes, by_git.reverted_records(step), may)
    yield from path_faults(changes, protected, explained)


def _explained(
    again: Rederiver, step: MainCommit, by_git: GitMade, changes: Sequence[TreeChange]
) -> tuple[list[str], Collection[str]]:
    """Return what is wrong with a step's pages and records, and what pages suggestions explain."""
    pages = [c.path for c in changes if manual_of(c.path)]
    records = any(suggestion_of_path(change.path) for change in changes)
    if not pages and len(step.parents) == 1 and not records:
        return [], ()
    if record := _accepted(again.reader, step, changes):
        faults = (
            by_git.adoption_faults(step, record, changes)
            if record.decision and record.decision.how and len(step.parents) == 1
            else _merge_faults(again, step, record, changes)
        )
        return list(faults), page_results(record)
    found, explained = by_git.faults(step, changes)
    unexplained = [path for path in pages if path not in explained]
    said = (
        t("{path} is changed, and no accepted suggestion says why", path=p) for p in unexplained
    )
    return [*found, *said], explained


def _accepted(
    reader: BlobReader, step: MainCommit, changes: Sequence[TreeChange]
) -> Suggestion | None:
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
            own = record_path(record) == change.path
            return record if own and decided and blob and is_dump_of(blob.data, record) else None
    return None


def _merge_faults(
    again: Rederiver, step: MainCommit, record: Suggestion, changes: Sequence[TreeChange]
) -> Iterator[str]:
    if len(step.parents) != 2:
        yield t("it is no merge of the suggestion {id}", id=record.id)
        return
    taken = record.decision
    if taken and (taken.how or taken.commit or taken.beyond):
        yield t("{id} says that git merged it, and the tool did", id=record.id)
    before = again.snapshot(step.parents[0])
    accepted, faults = _proposed(again, step, record)
    yield from faults
    try:
        rebuilt = rebuild(accepted, before, again.workspace.settings)
    except (Already, UserError) as error:
        yield t("{id} cannot be made again: {reason}", id=record.id, reason=error)
        return
    if names := _fields(record, rebuilt.record):
        yield t("{id} says otherwise than what it merges: {fields}", id=record.id, fields=names)
    yield from _merged_files(again, record, new_pages(rebuilt.pages), changes, before)
    if not is_decision_message(_message(again.reader, step.commit), record):
        yield t("its message is not the one that its record gives")


def _merged_files(
    again: Rederiver,
    record: Suggestion,
    pages: Mapping[str, bytes | None],
    changes: Sequence[TreeChange],
    before: Snapshot,
) -> Iterator[str]:
    """Yield what a merge changes beside what its record says, and what it leaves out."""
    sources, own = confirmation_files(record), record_path(record)
    found = {change.path: change for change in changes}
    for path, change in found.items():
        if path not in pages and path != own and path not in sources:
            yield t("{path} is changed, which {id} does not say", path=path, id=record.id)
        elif path in pages and not _holds(again, change, pages[path]):
            yield t("{path} is not what {id} gives", path=path, id=record.id)
        elif path in sources and sources[path] != change.new_oid:
            yield t("{path} is not as its record says", path=path)
        elif change.new_mode not in (PLAIN_FILE, GONE):
            yield t("{path} is no plain file", path=path)
    for path in pages:
        if path not in found:
            yield t("{path} is not changed, as {id} says", path=path, id=record.id)
    for path in sources:
        if path not in found and before.entry(path) is None:
            yield t("{path} is missing", path=path)


def _holds(again: Rederiver, change: TreeChange, data: bytes | None) -> bool:
    """Return whether a change leaves a file with those bytes; None: no file."""
    blob = None if change.new_mode == GONE else again.reader.get(change.new_oid)
    return (blob.data if blob else None) == data


def _proposed(
    again: Rederiver, step: MainCommit, record: Suggestion
) -> tuple[Suggestion, list[str]]:
    """Return what a merge accepts, as it is to be accepted, and what is wrong with it.

    That is its second parent. It need not rest on main: what was decided here is decided again on
    the main that others have by now.
    """
    tip, repository = step.parents[1], again.workspace.repository
    [info] = describe_commits(repository, [tip])
    ref = suggestion_branch(MANUALS[record.manual], record.id, record.release)
    info = replace(info, ref=ref)
    [branch] = read_branches(repository, again.reader, [info], tip).values()
    if branch.record is None:
        return record, [t("what it merges has no record of {id}", id=record.id)]
    found = dict.fromkeys((*branch.faults, *_branch_faults(again, info, branch)))
    faults = [t("what it merges: {fault}", fault=fault) for fault in found]
    worded = as_worded(branch.record, record)
    return worded.model_copy(update={"decision": record.decision}), faults
