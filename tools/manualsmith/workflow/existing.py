"""The suggestion branches that are there, and whether they are still as the tool made them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from manualsmith.errors import UserError
from manualsmith.layout import (
    MANUALS,
    Manual,
    confirmation_path,
    suggestion_branch,
    suggestion_path,
)
from manualsmith.records.suggestion import Suggestion, dump_suggestion, parse_suggestion
from manualsmith.store.blobs import BlobReader
from manualsmith.store.branches import RefInfo, list_refs
from manualsmith.store.repository import Repository
from manualsmith.store.trees import Change, commit_changes

BRANCHES = "refs/heads/suggest/"


@dataclass(frozen=True)
class Branch:
    """A suggestion's branch. ``record`` is None where it holds none that can be read.

    ``pristine`` says that it is one commit on its base and holds just what its record says.
    """

    ref: str
    tip: str
    record: Suggestion | None
    pristine: bool


def suggestion_refs(repository: Repository) -> dict[str, RefInfo]:
    """Return the refs of all suggestion branches by name."""
    return {info.ref: info for info in list_refs(repository, BRANCHES)}


def read_branches(
    repository: Repository, reader: BlobReader, refs: Sequence[RefInfo]
) -> dict[str, Branch]:
    """Return the suggestion branches among *refs*, by ref name."""
    known = [(info, *named) for info in refs if (named := _names(info.ref))]
    paths = [f"{info.tip}:{suggestion_path(manual, name)}" for info, manual, name in known]
    blobs = reader.get_many(paths)
    changes = commit_changes(repository, [info.tip for info, *_ in known])
    branches = {}
    for (info, _, suggestion_id), blob in zip(known, blobs, strict=True):
        record = _record(blob.data, suggestion_id) if blob else None
        pristine = (
            record is not None
            and blob is not None
            and (
                dump_suggestion(record) == blob.data
                and info.parents == (record.base,)
                and _explained(record, changes.get(info.tip, []))
            )
        )
        branches[info.ref] = Branch(info.ref, info.tip, record, pristine)
    return branches


def _names(ref: str) -> tuple[Manual, str] | None:
    for manual in MANUALS.values():
        prefix = suggestion_branch(manual, "")
        if ref.startswith(prefix):
            return manual, ref[len(prefix) :]
    return None


def _record(data: bytes, suggestion_id: str) -> Suggestion | None:
    try:
        record = parse_suggestion(data, suggestion_id)
    except UserError:
        return None
    return record if record.id == suggestion_id else None


def _explained(record: Suggestion, changes: Sequence[Change]) -> bool:
    """Return whether a commit changes what its record says, and nothing else."""
    manual = MANUALS[record.manual]
    expected: Mapping[str, str | None] = {
        **{f"{manual.folder}/{edit.page}": edit.result for edit in record.edits},
        suggestion_path(manual, record.id): None,
        confirmation_path(record.confirmation.id): record.confirmation.blob,
    }
    found = {change.path: change for change in changes}
    if not set(expected) - {confirmation_path(record.confirmation.id)} <= set(found):
        return False
    return all(
        path in expected
        and change.new_mode == "100644"
        and expected[path] in (None, change.new_oid)
        for path, change in found.items()
    )
