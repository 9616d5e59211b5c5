"""The picture that an edit brings to its page: which file it is, and when that goes again."""

import posixpath
from collections.abc import Mapping

from manualsmith.errors import Problem, UserError
from manualsmith.git.lfs.pointer import read_pointer
from manualsmith.layout import MANUALS, Manual, is_page, page_folders
from manualsmith.records.models.suggestion import EditRecord, Suggestion
from manualsmith.records.pictures import name_of, refuse_otherwise
from manualsmith.text import t
from manualsmith.workflow.workspace.changed_page import ChangedPage, NewPicture
from manualsmith.workflow.workspace.snapshot import Snapshot


def brought_picture(manual: Manual, edit: EditRecord, snapshot: Snapshot) -> ChangedPage | None:
    """Return the file of the picture that an edit brings to *snapshot*.

    None where it brings none, or the manual has it. Raises UserError where the picture is not in
    the repository, is not the one that its name says, or something else is in its place.
    """
    if edit.picture_file is None:
        return None
    path = manual.path(edit.picture_file)
    name = posixpath.basename(path).rpartition("-")[2]
    made = picture_held(edit, name, snapshot)
    if made is None:
        raise UserError([missing_picture(name)])
    _refuse_another(name, made.held, snapshot)
    if (there := snapshot.read(path)) is not None:
        _refuse_another(name, there, snapshot)
        return None
    if other := snapshot.in_the_way(path):
        raise UserError([Problem(t("{path} is there already", path=other), field="picture")])
    return ChangedPage(path, None, "", picture=made)


def picture_held(edit: EditRecord, name: str, snapshot: Snapshot) -> NewPicture | None:
    """Return the picture that an edit's record names, None where the repository does not have it.

    Raises UserError where an object of Git LFS is not what its pointer says.
    """
    data = snapshot.object(edit.picture) if edit.picture else None
    if data is None or edit.picture is None:
        return None
    return NewPicture(name, edit.picture, data, snapshot.content(data) or b"")


def missing_picture(name: str) -> Problem:
    """Return what is said of a picture that is nowhere."""
    hint = t("keep it, and write the name that it is given: manualsmith confirm picture FILE")
    said = t("there is no picture {name} here", name=name)
    return Problem(said, hint=hint, field="picture")


def _refuse_another(name: str, data: bytes, snapshot: Snapshot) -> None:
    """Raise UserError where a file is not the picture of that name, nor points to it."""
    pointer = read_pointer(data)
    ending = name.rpartition(".")[2]
    if pointer and name_of(pointer.oid, ending) != name:
        raise UserError(t("{file}: another picture than its name says", file=name))
    whole = snapshot.content(data)
    if whole is not None:  # of one that is fetched by nobody yet, its pointer is all there is
        refuse_otherwise(name, whole)


def picture_paths(record: Suggestion) -> list[str]:
    """Return the paths of the pictures that a suggestion's pages have by its edits."""
    manual = MANUALS[record.manual]
    return [manual.path(edit.picture_file) for edit in record.edits if edit.picture_file]


def is_used(path: str, snapshot: Snapshot, changed: Mapping[str, bytes | None]) -> bool:
    """Return whether a page of the site names the picture at *path*.

    changed: the pages that are to be otherwise than *snapshot* has them, by path.
    """
    name = posixpath.basename(path).encode()
    if any(name in data for data in changed.values() if data):
        return True
    entries = (entry for folder in page_folders() for entry in snapshot.files(folder))
    pages = (e for e in entries if is_page(e.path) and e.path not in changed)
    return any(name in (snapshot.object(entry.oid) or b"") for entry in pages)
