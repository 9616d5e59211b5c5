"""Read the suggestion branches, and tell whether people have committed to them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.git.branches import RefInfo, list_refs
from manualsmith.git.repository import Repository
from manualsmith.git.trees import PLAIN_FILE, TreeChange, commit_changes, not_reachable
from manualsmith.layout import (
    BRANCHES,
    MANUALS,
    confirmation_path,
    page_path,
    suggestion_of,
    suggestion_path,
)
from manualsmith.records.ids import RELEASE, SUGGESTION_ID
from manualsmith.records.models.suggestion import Suggestion, is_dump_of, parse_suggestion
from manualsmith.text import t
from manualsmith.workflow.workspace.open_workspace import Workspace


@dataclass(frozen=True)
class Branch:
    """A suggestion's branch. ``record`` is None where it holds none that can be read.

    ``faults`` say what it holds that its record does not: none where it is one commit that changes
    just what its record says. ``left_behind``: it is that, on a commit that main does not have (any
    more), so that it must be made again on main.
    """

    ref: str
    tip: str
    record: Suggestion | None
    parents: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    left_behind: bool = False

    @property
    def pristine(self) -> bool:
        """Whether nobody has put anything of their own on it."""
        return not self.faults

    @property
    def name(self) -> str:
        """The branch's short name."""
        return self.ref.removeprefix("refs/heads/")


def suggestion_refs(workspace: Workspace) -> dict[str, RefInfo]:
    """Return the refs of the suggestion branches of the workspace's release, by name."""
    found = list_refs(workspace.repository, BRANCHES)
    return {info.ref: info for info in found if is_of(workspace, info.ref)}


def is_of(workspace: Workspace, ref: str) -> bool:
    """Return whether a ref is that of a suggestion of the workspace's release, whatever its id."""
    named = suggestion_of(ref)
    return named is not None and named[2] == workspace.release


def is_suggestion(ref: str) -> bool:
    """Return whether a full ref's name is that of a suggestion branch: output, release and id."""
    named = suggestion_of(ref)
    if named is None:
        return False
    fits = re.fullmatch(SUGGESTION_ID, named[1]) and re.fullmatch(RELEASE, named[2] or "0")
    return fits is not None


def read_branches(
    repository: Repository, reader: BlobReader, refs: Sequence[RefInfo], main: str
) -> dict[str, Branch]:
    """Return the suggestion branches among *refs*, by ref name; *main* is main's tip."""
    known = [(info, *named) for info in refs if (named := suggestion_of(info.ref))]
    paths = [f"{info.tip}:{suggestion_path(manual, name)}" for info, manual, name, _ in known]
    blobs = reader.get_many(paths)
    changes = commit_changes(repository, [info.tip for info, *_ in known])
    parents = {parent for info, *_ in known for parent in info.parents}
    strangers = not_reachable(repository, parents, main)
    below = _below(reader, [info for info, *_ in known if strangers.intersection(info.parents)])
    branches = {}
    for (info, _, suggestion_id, release), blob in zip(known, blobs, strict=True):
        data = blob.data if blob else None
        record = _record(data, suggestion_id, release) if data is not None else None
        faults = _faults(record, data, info, changes.get(info.tip, []))
        astray = bool(strangers.intersection(info.parents))
        if astray and (faults or info.ref in below):
            faults.append(not_on_main())
        behind = astray and not faults
        branches[info.ref] = Branch(info.ref, info.tip, record, info.parents, tuple(faults), behind)
    return branches


def in_use(branch: Branch, checked_out: Path | None) -> str | None:
    """Return why a branch is not to be written, None where it may be."""
    if not branch.pristine:
        return t("someone else committed to it")
    return t("it is checked out in {folder}", folder=checked_out) if checked_out else None


def not_on_main() -> str:
    """Return what is said of a branch whose parent main does not have."""
    return t("it rests on commits that main does not have")


def _below(reader: BlobReader, infos: Sequence[RefInfo]) -> set[str]:
    """Return the refs of those whose parent has the open record already.

    Whoever committed on top of a suggestion has put that there, even where the record fits.
    """
    specs = [
        f"{info.parents[0]}:{suggestion_path(*named[:2])}"
        for info in infos
        if (named := suggestion_of(info.ref))
    ]
    found = zip(infos, reader.get_many(specs), strict=True)
    return {info.ref for info, blob in found if blob and not _is_decided(blob.data)}


def _is_decided(data: bytes) -> bool:
    try:
        return parse_suggestion(data, "").decision is not None
    except UserError:
        return False


def _record(data: bytes, suggestion_id: str, release: str) -> Suggestion | None:
    try:
        record = parse_suggestion(data, suggestion_id)
    except UserError:
        return None
    return record if (record.id, record.release) == (suggestion_id, release) else None


def _faults(
    record: Suggestion | None, data: bytes | None, info: RefInfo, changes: Sequence[TreeChange]
) -> list[str]:
    if record is None:
        return [t("it has no record that can be read")]
    if len(info.parents) != 1:
        return [t("it is a merge, not one commit on main")]
    faults = []
    if not is_dump_of(data, record):
        faults.append(t("its record is not as the tool writes it"))
    if record.decision:
        faults.append(t("its record holds a decision"))
    amended = any(one.kind == "amend" for one in record.comments)
    if any(edit.instead for edit in record.edits) and not amended:
        faults.append(t("its record holds other words, and no comment says whose"))
    return [*faults, *_unexplained(record, changes)]


def page_results(record: Suggestion) -> dict[str, str | None]:
    """Return each page that a suggestion changes, by path, and its blob; None where it is gone."""
    results = {}
    for edit in record.edits:
        results[page_path(record.manual, edit.page)] = edit.result
        results.update((file.path, file.result) for file in edit.also)
    return results


def record_path(record: Suggestion) -> str:
    """Return the path of a suggestion's record in the repository."""
    return suggestion_path(MANUALS[record.manual], record.id)


def confirmation_files(record: Suggestion) -> dict[str, str]:
    """Return the paths of the confirmations that a suggestion rests on, and their blobs."""
    return {confirmation_path(one.id): one.blob for one in (record.confirmation, *record.evidence)}


def _unexplained(record: Suggestion, changes: Sequence[TreeChange]) -> list[str]:
    """Return what a commit changes beside what its record says, and what it leaves out."""
    pages, optional, own = page_results(record), confirmation_files(record), record_path(record)
    expected = {**pages, **optional}
    found = {change.path: change for change in changes}
    missing = [path for path in (*pages, own) if path not in found]
    faults = [t("{path} is not changed, as its record says", path=path) for path in missing]
    for path, change in found.items():
        if path != own and path not in expected:
            faults.append(t("{path} is changed, which its record does not say", path=path))
        elif path in pages and pages[path] is None:
            if change.status != "D":
                faults.append(t("{path} is there, and its record says it goes", path=path))
        elif change.new_mode != PLAIN_FILE:
            faults.append(t("{path} is no plain file", path=path))
        elif path != own and expected[path] != change.new_oid:
            faults.append(t("{path} is not as its record says", path=path))
    return faults
