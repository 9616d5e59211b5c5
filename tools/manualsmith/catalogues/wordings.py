"""A wording of a product's screens as people read it: no marks of keys, and places filled.

A catalogue writes ``&Security…`` or ``{count} files`` where a manual quotes «Security».
"""

import re
import unicodedata

# «檔案(&F)», «File(_F)»: the letter that a keyboard chooses an item with
_LETTER = re.compile(r"\s*\([&_][A-Za-z0-9]\)")
# «&File» and «E&xit», and not «R&D», «&amp;»
_MARK = re.compile(r"(?<![\w&])&(?=\w)(?!\w+;)|(?<=\w)&(?=[a-z])(?!\w+;)")
_TAIL = re.compile(r"[\s.…:：]+$")
_PLACE = re.compile(
    r"%(?:\d+\$)?[-+0#]*\d*(?:\.\d+)?(?:hh|h|ll|l|q|j|z|t|L)?[diouxXeEfgGcsSpn@]"
    r"|%L?\d{1,2}|%\(\w+\)[sd]|\{\{[^{}]*\}\}|\$?\{[^{}]*\}|\$\w+\$"
)
_TELLING = 4
"""Letters that the fixed part of a wording with places has at least, to tell it by."""


def as_read(wording: str) -> str:
    """Return a wording as people read it: one line, and no marks of keys."""
    line = " ".join(unicodedata.normalize("NFC", wording).split())
    return _MARK.sub("", _LETTER.sub("", line)).replace("&&", "&")


def bare(words: str) -> str:
    """Return words as read, without the points or the colon at their end."""
    read = as_read(words)
    return _TAIL.sub("", read) or read


def has_places(wording: str) -> bool:
    """Return whether something else stands in places of a wording, such as a number."""
    return bool(_PLACE.search(wording))


def filled(wording: str) -> re.Pattern[str] | None:
    """Return what matches a wording with its places filled; None where too little else tells it."""
    fixed = _PLACE.split(bare(wording))
    if len(fixed) < 2 or sum(map(len, fixed)) < _TELLING:
        return None
    return re.compile(".+?".join(map(re.escape, fixed)))
