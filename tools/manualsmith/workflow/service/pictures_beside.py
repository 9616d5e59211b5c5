"""Pictures that a confirmation names by a file beside it: taken in, and named as they are kept."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from manualsmith.errors import Problem, UserError
from manualsmith.files import replacing
from manualsmith.records.pictures import MAX_BYTES, Picture, is_picture, taken
from manualsmith.records.problems import field_name
from manualsmith.records.yaml.read_yaml import Document, Node, read
from manualsmith.records.yaml.read_yaml import Path as Way
from manualsmith.text import t
from manualsmith.yaml_quoting import restyled

_AT = ("edit", "picture", "file")
_BOM = b"\xef\xbb\xbf"


def pictures_beside(data: bytes, path: Path) -> dict[str, Picture]:
    """Return the pictures that a confirmation's edits bring from files beside it, by file name.

    *data* are the bytes of the confirmation at *path*; none where they cannot be read. Raises
    UserError with all files that are not there, are no picture, or are elsewhere.
    """
    document = _document(data, str(path)) if b"picture" in data else None
    found: dict[str, Picture] = {}
    problems: list[Problem] = []
    for way, node in _named(document) if document else ():
        try:
            found[node.value] = _taken(node.value, path.parent)
        except UserError as error:
            name = field_name(way)
            problems += [
                replace(one, message=f"{name}: {one.message}", place=document.place(way))
                for one in error.problems
                if document
            ]
    if problems:
        raise UserError(problems)
    return found


def with_kept_names(data: bytes, pictures: Mapping[str, Picture]) -> bytes:
    """Return a confirmation's bytes with the names that pictures are kept by for those of files."""
    document = _document(data, "") if pictures else None
    if document is None:
        return data
    text = document.text
    for _, node in sorted(_named(document), key=lambda pair: -pair[1].start):
        if node.value in pictures:
            put = restyled(text[node.start : node.end], pictures[node.value].name)
            text = text[: node.start] + put + text[node.end :]
    return (_BOM if data.startswith(_BOM) else b"") + text.encode()


def write_kept_names(path: Path, read: bytes, pictures: Mapping[str, Picture]) -> bool:
    """Have a confirmation's own file name its pictures as they are kept; return whether it does.

    *read* is the confirmation with these names, as it was read: a file that says otherwise by now,
    line ends aside, stays as it is.
    """
    made = with_kept_names(path.read_bytes(), pictures)
    if not pictures or _plain(made) != _plain(read):
        return False
    with replacing(path) as beside:
        beside.write_bytes(made)
    return True


def _plain(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n")


def _document(data: bytes, file: str) -> Document | None:
    try:
        return read(data, file)
    except UserError:  # told where it is read to be used
        return None


def _named(document: Document) -> Iterator[tuple[Way, Node]]:
    """Yield where edits name a picture by a file, with what stands there."""
    for way, node in document.scalars():
        is_field = way[:1] == ("findings",) and way[2:] == _AT and document.node(way) is node
        if is_field and not is_picture(node.value):
            yield way, node


def _taken(name: str, folder: Path) -> Picture:
    """Return the picture in a file of *folder*. Raises UserError."""
    hint = t("put the picture beside the confirmation, and write its name alone")
    file = (folder / name).resolve()
    if not file.is_relative_to(folder.resolve()):
        raise UserError(t("{file} is not beside the confirmation", file=name), hint=hint)
    try:
        with file.open("rb") as opened:
            return taken(opened.read(MAX_BYTES + 1), name)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        said = t("{file} cannot be read: {reason}", file=name, reason=reason)
        raise UserError(said, hint=hint) from error
