"""Mentions of a fact's value in a page's body: as a whole token, never as a part of another.

``3.13`` is not in ``13.130``, ``3.13.1`` or ``3.13-rc1``; code blocks and URLs count. A value that
is a bare number of one or two digits says too little by itself: it counts only where a name or a
word for a version stands beside it («Nextcloud 31», «第 31 版»), for «31 天» is something else.
"""

import re
from dataclasses import dataclass

from manualsmith.markdown.page import Page
from manualsmith.markdown.source import Span

_ALNUM = "0-9A-Za-z０-９Ａ-Ｚａ-ｚ_"
_DIGIT = "0-9０-９"
_PRERELEASE = r"-(?:alpha|beta|dev|pre|rc|snapshot|nightly|git)"
_NAME_BEFORE = re.compile(r"(?:[A-Za-z][\w+#.-]*|版本|版號|版次|第|連接埠|埠號|埠)[ \u3000]?$")
_NAME_AFTER = re.compile(r"[ \u3000]?(?:版|\.x\b)")
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
    if not value.strip():
        return Mentions((), ())
    skipped = _not_prose(page)
    certain: list[Span] = []
    possible: list[Span] = []
    for match in _token(value).finditer(page.text, page.body.start):
        span = Span(*match.span("value"))
        if any(part.holds(span) for part in skipped.markers):
            continue
        sure = _is_named(page.text, span, value) and not any(
            part.holds(span) for part in skipped.identifiers
        )
        (certain if sure else possible).append(span)
    return Mentions(tuple(certain), tuple(possible))


@dataclass(frozen=True)
class _NotProse:
    markers: tuple[Span, ...]
    identifiers: tuple[Span, ...]


def _not_prose(page: Page) -> _NotProse:
    markers = re.compile(r"^[ \t>]*(?:[-+*][ \t]+)*(\d{1,9}[.)])(?=[ \t])", re.MULTILINE)
    return _NotProse(
        tuple(Span(*m.span(1)) for m in markers.finditer(page.text, page.body.start)),
        tuple(Span(*m.span()) for m in _IDENTIFIERS.finditer(page.text, page.body.start)),
    )


def _token(value: str) -> re.Pattern[str]:
    """Return the pattern of a whole token; a ``v`` may stand right before a version."""
    before = after = ""
    point = ".．,，" if value.isdecimal() else ".．"  # 1,443 is one number, «3.12,3.13» are two
    if re.match(f"[{_ALNUM}]", value):
        before = rf"(?<![{_ALNUM}])(?<![{_DIGIT}][{point}])"
    if re.match(f"[{_DIGIT}]", value):
        before = rf"(?:{before}|(?<=[vV])(?<![{_ALNUM}]{{2}}))"
    if re.search(f"[{_ALNUM}]$", value):
        after = rf"(?![{_ALNUM}])(?![{point}][{_DIGIT}])(?!{_PRERELEASE})"
    return re.compile(f"{before}(?P<value>{re.escape(value)}){after}")


def _is_named(text: str, span: Span, value: str) -> bool:
    if not _BARE_NUMBER.fullmatch(value):
        return True
    before = text[max(0, span.start - 40) : span.start]
    return bool(_NAME_BEFORE.search(before) or _NAME_AFTER.match(text, span.end))
