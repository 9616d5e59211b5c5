"""Read the confirmations to work on: files that are named, or all that the repository has."""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from manualsmith.errors import Place, Problem, UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.git.trees import list_tree
from manualsmith.git.worktree import file_ids
from manualsmith.layout import confirmation_path, confirmations_folder
from manualsmith.naming import near
from manualsmith.records.ids import CONFIRMATION_ID
from manualsmith.records.models.confirmation import Confirmation, read_confirmation
from manualsmith.records.pictures import Picture
from manualsmith.records.privacy import check_personal
from manualsmith.records.yaml.read_yaml import Document, Limits
from manualsmith.settings.read_settings import Settings
from manualsmith.text import t
from manualsmith.workflow.service.pictures_beside import pictures_beside, with_kept_names
from manualsmith.workflow.service.service_records import missing, read_desk, records_of
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.snapshot import Snapshot, main_snapshot

MAX_BYTES = Limits().max_bytes
_ID = re.compile(CONFIRMATION_ID)


@dataclass(frozen=True)
class RecordFile:
    """A record's bytes, and its file as the user knows it; ``named`` by the user, not found.

    pictures: those that came with it, by the names that its file has for them; *data* has the
    names that they are kept by.
    """

    file: str
    data: bytes
    named: bool = True
    pictures: Mapping[str, Picture] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """A name for the bytes, whatever the repository; git's id is `Snapshot.blob_id`."""
        return sha256(self.data).hexdigest()


@dataclass(frozen=True)
class ReadFile:
    """A confirmation that was read, with where each of its values stands."""

    source: RecordFile
    confirmation: Confirmation
    document: Document


def read_files(
    paths: Sequence[Path], workspace: Workspace | None = None
) -> tuple[list[RecordFile], list[Problem]]:
    """Return the files that can be read, and a problem for each that cannot.

    Where *workspace* is given, a path that is an id and no file names a confirmation of its main,
    or one that is not committed yet.
    """
    files: list[RecordFile] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            if workspace and _ID.fullmatch(str(path)) and not path.exists():
                files.append(_named(workspace, path.name))
            else:
                files.append(RecordFile(str(path), _read(path)))
        except UserError as error:
            problems += error.problems
    files = as_stored(workspace, files) if workspace else files
    read, bad = _with_pictures(files)
    return read, [*problems, *bad]


def _with_pictures(files: Iterable[RecordFile]) -> tuple[list[RecordFile], list[Problem]]:
    """Return files with the pictures that are beside them, and a problem for each that is not."""
    found: list[RecordFile] = []
    problems: list[Problem] = []
    for file in files:
        try:
            pictures = pictures_beside(file.data, Path(file.file))
        except UserError as error:
            problems += error.problems
            continue
        data = with_kept_names(file.data, pictures)
        found.append(replace(file, data=data, pictures=pictures))
    return found, problems


def as_stored(workspace: Workspace, files: list[RecordFile]) -> list[RecordFile]:
    """Return *files* with the line ends that they have, or would have, in the repository.

    Where git converts line ends (``core.autocrlf``, ``text``), a file that was checked out has
    CRLF and its blob has LF: without this each record would be another one than main's.
    """
    crlf = [file for file in files if b"\r\n" in file.data]
    records = records_of(workspace) if crlf else workspace
    root = records.repository.worktree
    if not crlf or root is None:
        return files
    within = {file.file: Path(file.file).resolve() for file in crlf}
    paths = {
        name: path.relative_to(root.resolve()).as_posix()
        for name, path in within.items()
        if path.is_relative_to(root.resolve())
    }
    oids = file_ids(root, paths.values())
    with BlobReader(records.repository) as reader:
        snapshot = main_snapshot(records, reader)
        return [_converted(file, paths.get(file.file), oids, snapshot) for file in files]


def _converted(
    file: RecordFile, path: str | None, oids: Mapping[str, str], snapshot: Snapshot
) -> RecordFile:
    """Return a file with LF where that is the blob that git would make of it."""
    data = file.data.replace(b"\r\n", b"\n")
    if path is None or oids.get(path) != snapshot.blob_id(data):
        return file
    stays = b"\r\n" in (snapshot.read(path) or b"")  # git leaves the line ends of such a file
    return file if stays else replace(file, data=data)


def _named(workspace: Workspace, confirmation_id: str) -> RecordFile:
    """Return main's confirmation of that id, else the working tree's, which is not committed yet.

    Raises UserError where there is none.
    """
    records = records_of(workspace)
    path, root = confirmation_path(confirmation_id), records.repository.worktree
    with BlobReader(records.repository) as reader:
        blob = reader.get(f"{records.main.tip}:{path}")
    if blob is None and root and (root / path).is_file():
        return RecordFile(str(root / path), _read(root / path))
    if blob is None:
        raise missing(confirmation_id, list(read_desk(records).confirmations))
    return RecordFile(path, blob.data)


def _read(path: Path) -> bytes:
    place = Place(str(path))
    if path.is_dir():
        raise UserError(
            t("this is a folder, not a confirmation"), place, t("name its files, or use --all")
        )
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise UserError(t("no such file"), place, _nearest(path)) from error
    except OSError as error:
        raise UserError(t("cannot be read: {reason}", reason=error.strerror), place) from error
    if len(data) > MAX_BYTES:
        raise UserError(
            t("larger than {limit} bytes, which no confirmation is", limit=MAX_BYTES), place
        )
    return data


def _nearest(path: Path) -> str | None:
    names = [p.name for p in path.parent.glob("*.yaml")] if path.parent.is_dir() else []
    close = near(path.name, names)
    return t("nearest: {names}", names=", ".join(close)) if close else None


def all_files(workspace: Workspace) -> tuple[list[RecordFile], list[Problem]]:
    """Return all confirmations: of the working tree, or of main where the repository is bare.

    They are in the repository that holds records, which may be another.
    """
    records = records_of(workspace)
    root = records.repository.worktree
    if root is None:
        return _of_main(records), []
    paths = sorted((root / confirmations_folder()).glob("*.yaml"))
    leading_out = [path for path in paths if not path.resolve().is_relative_to(root.resolve())]
    files, problems = read_files([path for path in paths if path not in leading_out], workspace)
    problems += [
        Problem(t("a symbolic link that leads out of the repository"), Place(str(path)))
        for path in leading_out
    ]
    return _shortened(files, workspace.repository.worktree or root), problems


def _shortened(files: Iterable[RecordFile], root: Path) -> list[RecordFile]:
    """Return files as found, named from *root*."""
    return [replace(file, file=os.path.relpath(file.file, root), named=False) for file in files]


def _of_main(workspace: Workspace) -> list[RecordFile]:
    entries = [
        entry
        for entry in list_tree(workspace.repository, workspace.main.tip, confirmations_folder())
        if entry.path.endswith(".yaml") and entry.mode in ("100644", "100755")
    ]
    with BlobReader(workspace.repository) as reader:
        blobs = list(reader.get_many([entry.oid for entry in entries]))
    return [
        RecordFile(entry.path, blob.data, named=False)
        for entry, blob in zip(entries, blobs, strict=True)
        if blob
    ]


def parse_files(
    files: Iterable[RecordFile], settings: Settings
) -> tuple[list[ReadFile], list[Problem]]:
    """Return the confirmations in *files*, and all problems of those that are none.

    A file with a secret or personal data in it is refused: what is committed is hard to take back.
    """
    read: list[ReadFile] = []
    problems: list[Problem] = []
    for file in files:
        try:
            confirmation, document = read_confirmation(file.data, file.file)
        except UserError as error:
            problems += error.problems
            continue
        personal = check_personal(document, settings.allow_personal)
        if personal:
            problems += personal
        else:
            read.append(ReadFile(file, confirmation, document))
    return _without_twins(read, problems), problems


def ready(read: Sequence[ReadFile], release: str) -> tuple[list[ReadFile], list[Problem]]:
    """Return what can be suggested: a release's confirmations that are no drafts.

    Beside them a problem for each of the others that was named.
    """
    own = [
        file
        for file in read
        if (file.confirmation.release or "") == release and not file.confirmation.draft
    ]
    problems = []
    for file in read:
        if file.confirmation.draft and file.source.named:
            said = t("a draft, which nobody has looked through yet")
            hint = f"manualsmith confirm finish {file.confirmation.id}"
            problems.append(Problem(said, file.document.place(("draft",)), hint))
            continue
        other = file.confirmation.release or ""
        if other == release or not file.source.named:
            continue
        said = t("it is for the manuals of release {release}", release=other)
        hint = f"manualsmith --release {other} suggest {file.source.file}"
        if not other:
            said, hint = t("it is for today's manuals"), f"manualsmith suggest {file.source.file}"
        problems.append(Problem(said, file.document.place(("release",) if other else ()), hint))
    return own, problems


def _without_twins(read: list[ReadFile], problems: list[Problem]) -> list[ReadFile]:
    """Leave out a file whose id another one has already, unless both hold the same bytes."""
    first: dict[str, ReadFile] = {}
    for file in read:
        twin = first.setdefault(file.confirmation.id, file)
        if twin is not file and twin.source.data != file.source.data:
            problems.append(
                Problem(
                    t(
                        "{id} is also the id of {file}",
                        id=file.confirmation.id,
                        file=twin.source.file,
                    ),
                    file.document.place(("id",)),
                    t("take a new id with: manualsmith confirm new"),
                )
            )
    return list(first.values())
