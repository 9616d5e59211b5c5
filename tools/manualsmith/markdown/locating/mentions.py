"""Find mentions of a fact's value in a page's body: whole tokens, never a part of another.

``3.13`` is not in ``13.130``, ``3.13.1`` or ``3.13-rc1``; code blocks and URLs count. A value that
is a bare number of one or two digits says too little by itself: it counts only where a name or a
word for a version stands beside it («Nextcloud 31», «第 31 版»), for «31 天» is something else.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from manualsmith.markdown.locating.locate import occurrences
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.source import Span

_ALNUM = "0-9A-Za-z０-９Ａ-Ｚａ-ｚ_"
_DIGIT = "0-9０-９"
_PRERELEASE = r"-(?:alpha|beta|dev|pre|rc|snapshot|nightly|git)"
_WORD = re.compile(f"[{_ALNUM}]")
_NUMERAL = re.compile(f"[{_DIGIT}]")
# What stands right before or after a value and makes it a part of another one.
_PART_BEFORE = re.compile(f"[{_ALNUM}]$|[{_DIGIT}][.．]$")
_PART_AFTER = re.compile(f"[{_ALNUM}]|[.．][{_DIGIT}]|{_PRERELEASE}")
# 1,443 is one number, «3.12,3.13» are two.
_GROUPED_BEFORE = re.compile(f"[{_DIGIT}][,，]$")
_GROUPED_AFTER = re.compile(f"[,，][{_DIGIT}]")
_VERSION_MARK = re.compile(f"(?:^|[^{_ALNUM}])[vV]$")
_NAME_BEFORE = re.compile(r"(?:[A-Za-z][\w+#.-]*|版本|版號|版次|第|連接埠|埠號|埠)[ \u3000]?$")
_NAME_AFTER = re.compile(r"[ \u3000]?(?:版|\.x\b)")
_MARKERS = re.compile(r"^[ \t>]*(?:[-+*][ \t]+)*(\d{1,9}[.)])(?=[ \t])", re.MULTILINE)
_BARE_NUMBER = re.compile(r"\d{1,2}")
# Places that other places refer to by their exact text.
_IDENTIFIERS = re.compile(
    r"\{:?[ \t]*[#.][^}\r\n]*\}"  # an attribute list: {#id}
    r"|\]\([ \t]*<?(?![A-Za-z][A-Za-z0-9+.-]*:)[^)\s>]+"  # a relative link's destination
    r"|^[ \t]{0,3}\[[^\]\r\n]+\]:[ \t]*(?![A-Za-z][A-Za-z0-9+.-]*:)\S+",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Mentions:
    """The mentions to edit, and the ones that only look alike, for a person to see."""

    certain: tuple[Span, ...]
    possible: tuple[Span, ...]


def find_mentions(page: Page, value: str) -> Mentions:
    """Return where *value* stands as a whole token in the page's body."""
    if not value.strip() or value not in page.text:
        return Mentions((), ())
    skipped = _not_prose(page)
    certain: list[Span] = []
    possible: list[Span] = []
    for span in _tokens(page, value):
        if span.start in skipped.markers:
            continue
        sure = _is_named(page.text, span, value) and not any(
            part.holds(span) for part in skipped.identifiers
        )
        (certain if sure else possible).append(span)
    return Mentions(tuple(certain), tuple(possible))


@dataclass(frozen=True)
class _NotProse:
    markers: frozenset[int]
    identifiers: tuple[Span, ...]


def _not_prose(page: Page) -> _NotProse:
    return _NotProse(
        frozenset(m.start(1) for m in _MARKERS.finditer(page.text, page.body.start)),
        tuple(Span(*m.span()) for m in _IDENTIFIERS.finditer(page.text, page.body.start)),
    )


def _tokens(page: Page, value: str) -> Iterator[Span]:
    """Yield where *value* stands and is no part of a longer word or number."""
    for span in occurrences(page.text, value, page.body):
        before = page.text[max(0, span.start - 2) : span.start]
        if not (_goes_on_before(before, value) or _goes_on_after(page.text, span.end, value)):
            yield span


def _goes_on_before(before: str, value: str) -> bool:
    if not _WORD.match(value):
        return False
    if _NUMERAL.match(value) and _VERSION_MARK.search(before):
        return False
    grouped = value.isdecimal() and _GROUPED_BEFORE.search(before)
    return bool(_PART_BEFORE.search(before) or grouped)


def _goes_on_after(text: str, end: int, value: str) -> bool:
    if not _WORD.match(value[-1]):
        return False
    grouped = value.isdecimal() and _GROUPED_AFTER.match(text, end)
    return bool(_PART_AFTER.match(text, end) or grouped)


def _is_named(text: str, span: Span, value: str) -> bool:
    if not _BARE_NUMBER.fullmatch(value):
        return True
    before = text[max(0, span.start - 40) : span.start]
    return bool(_NAME_BEFORE.search(before) or _NAME_AFTER.match(text, span.end))
