"""Pages that confirmations name and no manual has: told while they are being written."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from manualsmith.errors import Problem
from manualsmith.git.blobs import BlobReader
from manualsmith.layout import MANUALS, confirmation_path
from manualsmith.markdown.edit_models import AddPage
from manualsmith.records.models.confirmation import Confirmation
from manualsmith.workflow.service.read_confirmations import ReadFile
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.snapshot import Snapshot, main_snapshot


def unknown_pages(workspace: Workspace, files: Sequence[ReadFile]) -> list[Problem]:
    """Return a remark for each page that main does not have, with its place in the file.

    Those that main has as they are are left out: they were about the pages of their time. So are
    those of another release than the workspace's.
    """
    with BlobReader(workspace.repository) as reader:
        snapshot = main_snapshot(workspace, reader)
        return [
            problem
            for file in files
            if (file.confirmation.release or "") == workspace.release
            and snapshot.read(confirmation_path(file.confirmation.id)) != file.source.data
            for problem in _unknown(snapshot, file)
        ]


def _unknown(snapshot: Snapshot, file: ReadFile) -> Iterator[Problem]:
    for path, manual, page in _named(file.confirmation):
        known = MANUALS[manual]
        moved = snapshot.took_over(known.path(page))
        if snapshot.page_id(known, page) is None and not moved:
            place = file.document.place(path)
            yield from (
                replace(one, place=place) for one in snapshot.missing_page(known, page).problems
            )


def _named(record: Confirmation) -> Iterable[tuple[tuple[str | int, ...], str, str]]:
    """Yield where a page is named that must be there, its manual and the page."""
    for number, one in enumerate(record.findings):
        if not isinstance(one.edit, AddPage):
            yield ("findings", number, "page"), one.manual, one.page
    for number, held in enumerate(record.confirmed):
        yield ("confirmed", number, "page"), held.manual, held.page
