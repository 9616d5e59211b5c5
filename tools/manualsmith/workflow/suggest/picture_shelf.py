"""The pictures that the edits of a run bring: where each is found, and how it is held."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.git.lfs.large_objects import content, keep_object
from manualsmith.git.lfs.pointer import Pointer
from manualsmith.layout import manual_folders, picture_path
from manualsmith.markdown.actions.picture_words import picture_of
from manualsmith.markdown.edit_models import EditPicture
from manualsmith.records.models.confirmation import read_confirmation
from manualsmith.records.models.suggestion import Suggestion
from manualsmith.records.pictures import Picture
from manualsmith.workflow.queue.outcomes import Outcome
from manualsmith.workflow.service.pictures_beside import write_kept_names
from manualsmith.workflow.service.read_confirmations import RecordFile
from manualsmith.workflow.service.service_records import records_of
from manualsmith.workflow.workspace.brought_pictures import missing_picture
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.snapshot import Snapshot

_THERE = ("created", "updated", "unchanged", "evidence")


def name_as_kept(
    files: Sequence[RecordFile], outcomes: Sequence[Outcome], root: Path
) -> list[tuple[RecordFile, str, str]]:
    """Have the confirmations whose suggestions bring pictures name them as they are kept.

    *root* is the folder that what was found, not named, is named from. Returns each file with the
    old and the new name. One of which a suggestion was not made stays as it is: so does the file
    beside it that it names.
    """
    told = []
    for file in (file for file in files if file.pictures):
        name = read_confirmation(file.data, file.file)[0].id
        made = [one.status in _THERE for one in outcomes if one.confirmation == name]
        path = Path(file.file) if file.named else root / file.file
        if made and all(made) and write_kept_names(path, file.data, file.pictures):
            told += [(file, old, one.name) for old, one in file.pictures.items()]
    return told


class PictureShelf:
    """Pictures by their names: those that came with the confirmations, and those that are kept.

    Until `store` nothing of them is written.
    """

    def __init__(
        self, workspace: Workspace, snapshot: Snapshot, given: Iterable[Picture] = ()
    ) -> None:
        self.snapshot = snapshot
        self._workspace = workspace
        self._given = {one.name: one.data for one in given}
        self._known: dict[str, str] = {}
        self._large: list[bytes] = []

    def know(self, records: Iterable[Suggestion]) -> None:
        """Take the pictures that suggestions bring already."""
        for edit in (edit for record in records for edit in record.edits):
            if (brought := picture_of(edit.edit)) and edit.picture:
                self._known[brought.file] = edit.picture

    def blob(self, path: str, picture: EditPicture) -> str:
        """Return the blob of a picture that is to be at *path*. Raises UserError for one not here.

        It is what the manual has there already, and a pointer where Git LFS keeps what is there.
        """
        if there := self.snapshot.entry(path):
            return there.oid
        data = self._given.get(picture.file) or self._kept(picture.file)
        if data is None and picture.file in self._known:
            return self._known[picture.file]
        if data is None:
            raise UserError([missing_picture(picture.file)])
        if not self.snapshot.has_pointer(path):
            return self.snapshot.hold(data)
        self._large.append(data)
        return self.snapshot.hold(Pointer.to(data).text)

    def store(self) -> None:
        """Keep the objects that pointers point to."""
        for data in self._large:
            keep_object(self._workspace.repository, data)

    def _kept(self, name: str) -> bytes | None:
        """Return a picture that is among the records, or in a manual already."""
        records = records_of(self._workspace)
        with BlobReader(records.repository) as reader:
            blob = reader.get(f"{records.main.tip}:{picture_path(name)}")
        found = content(records.repository, blob.data) if blob else None
        return found or next(self._in_manuals(name), None)

    def _in_manuals(self, name: str) -> Iterator[bytes]:
        for path in self._paths:
            data = self.snapshot.read(path) if path.endswith(f"-{name}") else None
            if data and (found := self.snapshot.content(data)):
                yield found

    @cached_property
    def _paths(self) -> list[str]:
        return [one.path for folder in manual_folders() for one in self.snapshot.files(folder)]
