"""The ids of headings, which links point at."""

import re
import unicodedata

_DROPPED = re.compile(r"[^\w\s-]")
_GAPS = re.compile(r"[\s-]+")


def slugify(heading: str, separator: str) -> str:
    """Return the id of *heading*: its letters, digits and Chinese characters in lower case.

    The same text gives the same id, wherever it stands on the page; git hosts that show Markdown
    make theirs in this way, so a link to a section works in both places.
    """
    kept = _DROPPED.sub("", unicodedata.normalize("NFC", heading)).strip().lower()
    return _GAPS.sub(separator, kept)
