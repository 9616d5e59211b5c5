"""The old paths of a page, or of pages that it took over: ``redirect_from`` in its front matter.

The paths are written from the page's own folder, as a link to it would have been.
"""

import posixpath
from collections.abc import Iterable

from manualsmith.markdown.reading.front_matter import (
    BadFrontMatter,
    append_value,
    list_entries,
    rewritten,
)
from manualsmith.markdown.reading.source import apply_edits

FIELD = "redirect_from"


def old_paths(text: str, path: str) -> list[str]:
    """Return the paths that the page at *path* says it once had; none where it cannot be read."""
    folder = posixpath.dirname(path)
    try:
        listed = list_entries(text, FIELD)
    except BadFrontMatter:
        return []
    return [posixpath.normpath(posixpath.join(folder, entry.value)) for entry in listed]


def with_old_paths(text: str, path: str, was: str, added: Iterable[str]) -> str:
    """Return the page's text for *path*, which it had not (*was*), with further old paths.

    Raises BadFrontMatter where the front matter cannot be read.
    """
    edits = [
        rewritten(text, entry, address_from(path, old))
        for entry, old in zip(list_entries(text, FIELD), old_paths(text, was), strict=True)
        if address_from(path, old) != entry.value
    ]
    text = apply_edits(text, edits)
    for old in added:
        text = apply_edits(text, append_value(text, FIELD, address_from(path, old)))
    return text


def address_from(path: str, old: str) -> str:
    """Return the path *old* as the page at *path* lists it."""
    return posixpath.relpath(old, posixpath.dirname(path))
