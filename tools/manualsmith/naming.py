"""Compare names as people write them: which are the same, and which are near."""

import hashlib
import re
import unicodedata
from collections.abc import Container, Iterable, Sequence
from functools import lru_cache

SHOWN = 5
_NEAR = 60.0
FACT_NAME = r"[a-z0-9]+(?:[.-][a-z0-9]+)*"
_FACT_NAME = re.compile(FACT_NAME)
_FACT_LENGTH = 100
_FACT_WORDS = 60
# of a picture as it is kept: the first of its SHA-256, and what it is
PICTURE_NAME = r"[0-9a-f]{16}\.(?:png|jpg)"
# before the names of probes where who observed stands
_PROBE = "probe "
_STAFF_LENGTH = 200


def probe_staff(names: Iterable[str]) -> str:
    """Return who observed what probes read, as a record has it."""
    whole = _PROBE + ", ".join(sorted(names))
    return whole if len(whole) <= _STAFF_LENGTH else f"{whole[: _STAFF_LENGTH - 1]}…"


def is_probe(staff: str | None) -> bool:
    """Return whether a machine observed it, and no person."""
    return bool(staff and staff.startswith(_PROBE))


@lru_cache(maxsize=65536)
def one_form(text: str) -> str:
    """Return *text* in the one form of its letters: half width, 臺 as 台, ⁵ as 5."""
    return unicodedata.normalize("NFKC", text).replace("臺", "台")


_AS_TYPED = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "--", "—": "---"})


def fold(text: str) -> str:
    """Return *text* as two people would say it is the same.

    Width, case, 臺/台 and spaces aside, and whether quotes and dashes are as typed or as printed:
    several builders print ``'`` as ``’`` and ``--`` as ``–``.
    """
    return "".join(one_form(text).translate(_AS_TYPED).casefold().split())


def fact_name_of(label: str, taken: Container[str] = ()) -> str:
    """Return the name of a fact that people call *label*: the same for the same label.

    It is the label's own words where they are Latin and *taken* has no such name; what else there
    is becomes a digest, so that two people who say the same get the same.
    """
    words = re.findall(r"[a-z0-9]+", one_form(label).casefold())
    name = "-".join(words)[:_FACT_WORDS].rstrip("-")
    if name and name == "-".join(words) and label.isascii() and name not in taken:
        return name
    digest = hashlib.sha256(fold(label).encode()).hexdigest()
    made = (f"{name or 'fact'}-{digest[:length]}" for length in range(6, len(digest)))
    return next(one for one in made if one not in taken)


def near(wanted: str, names: Iterable[str]) -> list[str]:
    """Return up to five of *names* that resemble *wanted*, the nearest first."""
    from rapidfuzz import fuzz, process

    found = process.extract(
        wanted, list(dict.fromkeys(names)), scorer=fuzz.WRatio, processor=fold, limit=SHOWN
    )
    return [name for name, score, _ in found if score >= _NEAR]


def within(title: str, section: Sequence[str]) -> tuple[str, ...]:
    """Return a page's title and a section's path, which may begin with the page's own heading."""
    return (*section,) if tuple(section[:1]) == (title,) else (title, *section)


def show_path(path: Sequence[str]) -> str:
    """Return a heading path as people read it."""
    return " › ".join(path)


def one_line(text: str) -> str:
    """Return *text* on one line, each run of white space one blank."""
    return " ".join(text.split())


def is_fact_name(text: str) -> bool:
    """Return whether *text* may name a fact: ``[a-z0-9]`` words joined by ``.`` or ``-``.

    A name that ends in ``.lock`` is none: it would end a branch's name, and git allows no such ref.
    """
    named = len(text) <= _FACT_LENGTH and _FACT_NAME.fullmatch(text)
    return bool(named) and not text.endswith(".lock")
