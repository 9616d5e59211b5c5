"""Headings as the rendered page has them, for a source that may be read in two ways.

HTML may hold lines that look like headings, a heading may have a link by reference or braces in it,
and what makes a heading differs between the Markdowns. Of pages with none of that the source tells.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from manualsmith.markdown.dialect import Dialect
from manualsmith.markdown.reading.leaves import SeenHeading as Seen
from manualsmith.markdown.reading.outline import Heading, heading_attributes
from manualsmith.naming import fold

_ATX = re.compile(r"^#{1,6}(?P<words>[^\n]*)", re.MULTILINE)
_ODD_WORDS = re.compile(
    r"[\[<{~^`\\&$]|\+\+|==|:\w+:"
    r"|-->|<--|\+/-|=/=|\b\d/\d\b|\bc/o\b|\((?:c|r|tm|p)\)"  # what is printed as one sign
)
_ID = re.compile(r" \{:?[ ]?#[\w.-]+(?: [.#][\w-]+)*[ ]?\}[ \t]*#*[ \t]*\r?$")
_ODD_LINE = re.compile(
    r"^[ \t]{0,3}<(?!https?:|mailto:)[A-Za-z!?/]"  # HTML that may hold lines
    r"|^[ ]{1,3}#{1,6}",  # a heading to CommonMark alone
    re.MULTILINE,
)
_NO_SPACE = re.compile(r"^#{1,6}[^#\s]", re.MULTILINE)
_UNDERLINE = re.compile(r"^[ ]{0,3}(?:=+|-+)[ \t]*\r?$", re.MULTILINE)
_FENCE_LINE = re.compile(
    r"^(?P<indent>[ \t>]*)(?P<mark>`{3,}|~{3,})(?P<info>[^\n]*)$", re.MULTILINE
)
_OPTION = r"""[ \t]+[\w-]+=(?:"[^"\n]*"|'[^'\n]*')"""
_INFO = re.compile(rf"[ \t]*(?:[\w#.+-]*|\{{[^}}\n]*\}})(?:{_OPTION})*[ \t]*\r?")
_AT_MARGIN = re.compile(r"^#", re.MULTILINE)


def read_in_two_ways(body: str, dialect: Dialect) -> bool:
    """Return whether the headings of a page's body are to be told by what the site makes of it."""
    if _ODD_LINE.search(body) or _underlined(body) or _odd_fence(body):
        return True
    if dialect.needs_space and _NO_SPACE.search(body):
        return True
    return any(_odd(found["words"], dialect) for found in _ATX.finditer(body))


def _underlined(body: str) -> bool:
    """Return whether a line of words has a line under it that makes a heading of it."""
    for line in _UNDERLINE.finditer(body):
        above = body[body.rfind("\n", 0, max(0, line.start() - 1)) + 1 : line.start()]
        if above.strip() and not above.lstrip().startswith("|"):
            return True
    return False


def _odd(words: str, dialect: Dialect) -> bool:
    if not _ODD_WORDS.search(words):
        return False
    return bool(_ODD_WORDS.search(_ID.sub("", words) if dialect.reads_attributes else words))


def _odd_fence(body: str) -> bool:
    """Return whether a fence of code is one to some Markdowns alone."""
    if "```" not in body and "~~~" not in body:
        return False
    opened: re.Match[str] | None = None
    for line in _FENCE_LINE.finditer(body):
        if opened is None:
            if not _INFO.fullmatch(line["info"]):
                return True
            opened = line
        elif line["mark"].startswith(opened["mark"]) and not line["info"].strip():
            held = body[opened.end() : line.start()]
            if line["indent"] != opened["indent"] or (line["indent"] and _AT_MARGIN.search(held)):
                return True
            opened = None
    return opened is not None


def as_seen(headings: Sequence[Heading], seen: Sequence[Seen]) -> list[Heading]:
    """Return those of *headings* that readers have, with the words and ids that they have there.

    Both are in order. A heading that readers have and the source does not tell is noted with the
    one before it.
    """
    at_top = [one for one in seen if one.at_top]
    best = [[0] * (len(at_top) + 1) for _ in range(len(headings) + 1)]
    for i in range(len(headings) - 1, -1, -1):
        for j in range(len(at_top) - 1, -1, -1):
            both = 1 + best[i + 1][j + 1] if _is(headings[i], at_top[j]) else 0
            best[i][j] = max(both, best[i + 1][j], best[i][j + 1])
    found = []
    i = j = 0
    while i < len(headings) and j < len(at_top):
        if _is(headings[i], at_top[j]) and best[i][j] == 1 + best[i + 1][j + 1]:
            title = at_top[j].text or headings[i].title
            found.append(replace(headings[i], title=title, id=at_top[j].id))
            i, j = i + 1, j + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            _note(found, at_top[j])
            j += 1
    for rest in at_top[j:]:
        _note(found, rest)
    return found


def _note(found: list[Heading], other: Seen) -> None:
    if found:
        found[-1] = replace(found[-1], others=(*found[-1].others, (other.level, other.text)))


def _is(heading: Heading, seen: Seen) -> bool:
    """Return whether a heading of the source may be one that readers have."""
    attributes = heading_attributes(heading.raw) or ""
    return heading.level == seen.level and _within(
        seen.text.removesuffix(attributes.strip()), heading.raw
    )


def _within(words: str, source: str) -> bool:
    """Return whether the letters of *words* stand in *source* in their order.

    What is printed as one sign stands for what was typed: ``½`` for ``1/2``.
    """
    rest = iter(_folded(source))
    return all(char in rest for char in _folded(words) if char.isalnum())


_folded = lru_cache(maxsize=4096)(fold)
