"""Differences word by word. Chinese has no spaces, so each of its characters is a word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_TOKEN = re.compile(r"[0-9A-Za-z_]+(?:[.'-][0-9A-Za-z_]+)*|\r\n|[^\S\n]+|.|\n", re.DOTALL)
_LONG = 20_000
# An island of this many characters or fewer between two changes is not worth keeping.
_ISLAND = 2


@dataclass(frozen=True)
class Piece:
    """A run of text: kept, taken out, or put in."""

    kind: Literal["same", "old", "new"]
    text: str


def word_diff(before: str, after: str) -> tuple[Piece, ...]:
    """Return what to keep, take out and put in to make *after* of *before*, in reading order."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if len(old) + len(new) > _LONG:
        return _pieces([("", before, after)])
    return _pieces(_joined(_runs(old, new)))


def words(text: str) -> list[str]:
    """Return a text in what `word_diff` compares: words, runs of blanks, single characters."""
    return _TOKEN.findall(text)


def _runs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            yield "".join(old[i:j]), "", ""
        else:
            yield "", "".join(old[i:j]), "".join(new[k:m])


def _joined(runs: Iterator[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Return the runs with small islands taken into the changes on both sides of them."""
    found = list(runs)
    joined: list[tuple[str, str, str]] = []
    for number, (same, old, new) in enumerate(found):
        between = 0 < number < len(found) - 1
        if same and between and len(same) <= _ISLAND and "\n" not in same and joined[-1][0] == "":
            joined[-1] = ("", joined[-1][1] + same, joined[-1][2] + same)
        elif not same and joined and not joined[-1][0]:
            joined[-1] = ("", joined[-1][1] + old, joined[-1][2] + new)
        else:
            joined.append((same, old, new))
    return joined


def _pieces(runs: Sequence[tuple[str, str, str]]) -> tuple[Piece, ...]:
    pieces = []
    for same, old, new in runs:
        pieces += [Piece("same", same)] if same else []
        pieces += [Piece("old", old)] if old else []
        pieces += [Piece("new", new)] if new else []
    return tuple(pieces)


@dataclass(frozen=True)
class Hunk:
    """Neighbouring lines that differ: where they start (from 1), and the pieces of them.

    ``before`` and ``after`` are the unchanged lines next to them, without line ends.
    """

    line: int
    before: str | None
    pieces: tuple[Piece, ...]
    after: str | None


def hunks(before: str, after: str) -> tuple[Hunk, ...]:
    """Return the differing lines of two texts, each run of them with one line around it."""
    old, new = before.splitlines(), after.splitlines()
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return tuple(
        Hunk(
            line=k + 1,
            before=new[k - 1] if k else None,
            pieces=word_diff("\n".join(old[i:j]), "\n".join(new[k:m])),
            after=new[m] if m < len(new) else None,
        )
        for kind, i, j, k, m in matcher.get_opcodes()
        if kind != "equal"
    )
