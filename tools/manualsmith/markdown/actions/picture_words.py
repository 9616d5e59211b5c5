"""The picture that an edit brings, as the words of its page have it."""

import posixpath
import re
from typing import Any

from manualsmith.errors import Problem, UserError
from manualsmith.markdown.edit_models import WORDING, EditAction, EditPicture
from manualsmith.text import t

PLACE = "{picture}"
# Within a manual: where pictures are that edits bring.
FOLDER = "images"
_READABLE = re.compile(r"[^a-z0-9]+")
_STEM_LENGTH = 40
_MARKS = re.compile(r"[\\`*_\[\]!]")
# What stands in a line of the page; elsewhere a picture is a paragraph of its own.
_IN_LINE = ("replace-text", "insert-text", "set-cell")
_PARTS = ("resolution", "cause", "environment")


def picture_of(edit: EditAction) -> EditPicture | None:
    """Return the picture that an edit brings, None where it brings none."""
    found = getattr(edit, "picture", None)
    return found if isinstance(found, EditPicture) else None


def picture_file(page: str, picture: EditPicture) -> str:
    """Return the path within its manual of a picture that an edit of *page* brings.

    It follows from the page's name and the picture's bytes: no other picture ever has it.
    """
    stem = posixpath.basename(page).rpartition(".")[0].casefold()
    readable = _READABLE.sub("-", stem)[:_STEM_LENGTH].strip("-") or "picture"
    return f"{FOLDER}/{readable}-{picture.file}"


def with_picture(edit: EditAction, page: str, asked: str) -> EditAction:
    """Return an edit of *page* with the picture that it brings in its words.

    It stands where they say ``{picture}``, else after them. asked: the page's path as it was when
    the edit was asked for, by which the picture is named. Raises UserError for an entry's change
    that has no words to put it after.
    """
    picture = picture_of(edit)
    if picture is None:
        return edit
    address = posixpath.relpath(picture_file(asked, picture), posixpath.dirname(page))
    values = edit.model_dump(exclude_unset=True, exclude={"picture"})
    words = {name: value for name, value in values.items() if name in WORDING}
    written = f"![{_escaped(picture.alt)}]({address})"
    put = _replaced(words, PLACE, written)
    if put == words:
        put = _appended(edit.action, words, written)
    return type(edit).model_validate({**values, **put})


def without_picture(edit: EditAction, asked: EditAction, page: str, named_by: str) -> EditAction:
    """Return an edit in other words, read off its page, with its picture as *asked* brings it.

    As it is where that brings none.
    """
    picture = picture_of(asked)
    if picture is None:
        return edit
    address = posixpath.relpath(picture_file(named_by, picture), posixpath.dirname(page))
    values = edit.model_dump(exclude_unset=True)
    words = {name: value for name, value in values.items() if name in WORDING}
    put = _replaced(words, f"![{_escaped(picture.alt)}]({address})", PLACE)
    return type(edit).model_validate({**values, **put, "picture": picture})


def _escaped(alt: str) -> str:
    """Return a text as Markdown shows it: no mark of it ends the picture, or means anything."""
    plain = alt.replace("&", "&amp;").replace("<", "&lt;")
    return _MARKS.sub(lambda found: f"\\{found[0]}", plain)


def _appended(action: str, words: dict[str, Any], written: str) -> dict[str, Any]:
    if "entry" in words:
        entry = words["entry"]
        part = next((name for name in _PARTS if entry.get(name)), None)
        if part is None:
            said = t("say where in the entry the picture goes: {place}", place=PLACE)
            raise UserError([Problem(said, field="picture")])
        held = entry[part]
        put = (
            f"{held} {written}" if isinstance(held, str) else (*held[:-1], f"{held[-1]} {written}")
        )
        return {**words, "entry": {**entry, part: put}}
    text = words.get("text", "")
    gap = " " if action in _IN_LINE else "\n\n"
    before = text.rstrip("\n") if gap != " " else text
    return {**words, "text": f"{before}{gap if before.strip() else ''}{written}"}


def _replaced(value: Any, old: str, new: str) -> Any:  # noqa: ANN401 - plain values
    """Return plain values with *new* for *old* in each text of them."""
    if isinstance(value, str):
        return value.replace(old, new)
    if isinstance(value, dict):
        return {name: _replaced(one, old, new) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(_replaced(one, old, new) for one in value)
    return value
