"""Names as people write them: when two are the same, and which come near."""

import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

SHOWN = 5
_NEAR = 60.0


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Return *text* as two people would say it is the same: width, case, 臺/台 and spaces aside."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("臺", "台")
    return "".join(folded.split())


def near(wanted: str, names: Iterable[str]) -> list[str]:
    """Return up to five of *names* that resemble *wanted*, the nearest first."""
    from rapidfuzz import fuzz, process

    found = process.extract(
        wanted, list(dict.fromkeys(names)), scorer=fuzz.WRatio, processor=fold, limit=SHOWN
    )
    return [name for name, score, _ in found if score >= _NEAR]


def show_path(path: Sequence[str]) -> str:
    """Return a heading path as people read it."""
    return " › ".join(path)


def one_line(text: str) -> str:
    """Return *text* on one line, each run of white space one blank."""
    return " ".join(text.split())
