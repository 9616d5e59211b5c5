"""A page's translation beside it: ``sign-in.en.md`` is ``sign-in.md`` in English.

The translation says in its front matter which texts agreed when somebody last compared the two.
So whichever of them a suggestion changes, the other is known to be behind, and no edit has to say
so: nothing is to be kept in step but the two texts themselves.
"""

import re
from collections.abc import Container
from hashlib import sha256
from typing import Literal, NamedTuple

from manualsmith.markdown.reading.front_matter import (
    BadFrontMatter,
    find_front_matter,
    read_entries,
    set_value,
)
from manualsmith.markdown.reading.source import apply_edits

_NAME = re.compile(r"(?P<page>.+)\.(?P<language>[a-z]{2,3}(?:-[A-Za-z]{2,4})?)\.md")
_FIELD = "translation"
_ORIGINAL, _OWN = (_FIELD, "of"), (_FIELD, "text")
_DIGITS = 12

Behind = Literal["original", "translation", "both", "unknown"]


class Translation(NamedTuple):
    """A translation's language, and the path of the page that it translates."""

    language: str
    original: str


def translation_at(path: str, pages: Container[str]) -> Translation | None:
    """Return what the page at *path* translates, None where it is a page of its own.

    *pages* are the paths that there are.
    """
    found = _NAME.fullmatch(path)
    original = f"{found['page']}.md" if found else ""
    return Translation(found["language"], original) if found and original in pages else None


def agreed(original: str, translation: str) -> str:
    """Return the translation's text with a note that the two pages agree as they are.

    Raises BadFrontMatter where its front matter cannot be read.
    """
    for key, text in ((_ORIGINAL, original), (_OWN, translation)):
        translation = apply_edits(translation, set_value(translation, key, _digest(text)))
    return translation


def behind(original: str, translation: str) -> Behind | None:
    """Return which of the two pages has not followed the other; None where they agree.

    ``both`` where each has changed, ``unknown`` where nobody has compared them.
    """
    try:
        stated = {key: entry.value for key, entry in read_entries(translation).items()}
    except BadFrontMatter:
        return "unknown"
    if _ORIGINAL not in stated or _OWN not in stated:
        return "unknown"
    original_changed = stated[_ORIGINAL] != _digest(original)
    translation_changed = stated[_OWN] != _digest(translation)
    if original_changed and translation_changed:
        return "both"
    if original_changed:
        return "translation"
    return "original" if translation_changed else None


def _digest(text: str) -> str:
    """Return what names a page's text: its front matter is another thing."""
    front = find_front_matter(text)
    body = text[front.block.end :] if front else text
    return sha256(body.strip().replace("\r\n", "\n").encode()).hexdigest()[:_DIGITS]
