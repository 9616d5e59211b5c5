"""A text as people read it: full-width letters are letters, and what has no width is not there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from manualsmith.records.personal.shape import Personal

# full-width letters, figures and signs, but for the punctuation of Chinese text
_PLAIN = {
    code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) not in "：＝，；（）！？"
}
_PLAIN |= dict.fromkeys([0x3000, 0xA0, 0x202F, 0x205F, *range(0x2000, 0x200B)], 0x20)
_PLAIN |= dict.fromkeys([*range(0x2010, 0x2016), 0x2212, 0xFE63], 0x2D)
_WIDE = re.compile(f"[{''.join(map(chr, _PLAIN))}]".replace("\\", r"\\"))
_NO_WIDTH = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]+"
)


@dataclass(frozen=True)
class AsRead:
    """A text as it is read, and where its characters stand in the one that was typed."""

    text: str
    places: Sequence[int] | None  # None: where they are read

    def typed(self, find: Personal) -> Personal:
        """Return a find with its place in what was typed."""
        if self.places is None:
            return find
        return replace(find, start=self.places[find.start], end=self.places[find.end - 1] + 1)


def as_read(text: str) -> AsRead:
    """Return *text* as people read it."""
    plain = text.translate(_PLAIN) if _WIDE.search(text) else text
    if not _NO_WIDTH.search(plain):
        return AsRead(plain, None)
    gone = {at for match in _NO_WIDTH.finditer(plain) for at in range(*match.span())}
    places = [at for at in range(len(plain)) if at not in gone]
    return AsRead("".join(plain[at] for at in places), places)
