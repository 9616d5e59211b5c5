"""Read all records of a repository, open and decided, for the ledger and the report."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.layout import confirmations_folder
from manualsmith.records.models.confirmation import Confirmation, parse_confirmation
from manualsmith.workflow.queue.summaries import Account, all_suggestions
from manualsmith.workflow.service.service_records import Desk, read_desk, records_of
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.snapshot import Snapshot, main_snapshot


@dataclass(frozen=True)
class Ledger:
    """The records, the newest first; ``today`` is the day of main's last commit."""

    suggestions: tuple[Account, ...]
    confirmations: tuple[Confirmation, ...]
    today: date
    desk: Desk


def read_ledger(workspace: Workspace) -> Ledger:
    """Return the suggestions and confirmations of main and of the suggestion branches.

    With private records theirs come first. Records that cannot be read are left out, for `audit` to
    name, and drafts, which nobody has looked through.
    """
    repository = workspace.repository
    desk = read_desk(records_of(workspace))
    with BlobReader(repository) as reader:
        snapshot = main_snapshot(workspace, reader)
        suggestions = all_suggestions(workspace, snapshot)
        read = [*_confirmations(snapshot, suggestions), *desk.final]
        found = {one.id: one for one in read if not one.draft}
    told = repository.output("show", "-s", "--format=%cs", workspace.main.tip).decode().strip()
    by_date = sorted(found.values(), key=lambda one: (one.date, one.id), reverse=True)
    dates = {one.id: one.date for one in by_date}
    suggestions.sort(key=lambda one: (dates.get(_source(one), date.min), one.id), reverse=True)
    return Ledger(tuple(suggestions), tuple(by_date), date.fromisoformat(told), desk)


def _source(one: Account) -> str:
    return one.sources[0].id if one.sources else ""


def _confirmations(snapshot: Snapshot, suggestions: list[Account]) -> Iterator[Confirmation]:
    """Yield the confirmations that suggestions rest on, then main's, which may be newer."""
    named = {source.blob: source.id for one in suggestions for source in one.sources}
    files = [
        entry for entry in snapshot.files(confirmations_folder()) if entry.path.endswith(".yaml")
    ]
    blobs = {**named, **{entry.oid: entry.path for entry in files}}
    for blob, (oid, name) in zip(snapshot.reader.get_many(blobs), blobs.items(), strict=True):
        try:
            if blob is not None:
                yield parse_confirmation(blob.data, name or oid)
        except UserError:
            continue
