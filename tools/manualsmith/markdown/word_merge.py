"""Merge three texts word by word: an edit carried over to lines whose other words have changed.

The edit is taken apart into the words that it changes. Each of those changes is made where its own
words, and an unchanged word on either side, still stand together; a change that meets one of the
page's own is refused, for who would know what the line should say then. White space is no word: a
page that was wrapped anew keeps its own lines.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from manualsmith.markdown.reading.source import TextEdit

_TOKEN = re.compile(r"[0-9A-Za-z_]+|[^\s]")
_WORD = re.compile(r"\w")
# Tokens of either text: beyond it, a comparison would take seconds, and is refused. Chosen by that
# time alone.
_MOST = 2000
# How much of the old words must still be there for the line to be the same line.
_SAME = 0.5
# Characters of unchanged words that keep two changes apart: of a language without spaces, two.
_APART = 2


class Changed(Exception):
    """The page's own changes and the edit's meet, or the line is another one now."""


class Done(Exception):
    """The page has every change of the edit."""


@dataclass(frozen=True)
class _Words:
    """A text's tokens and where each stands in it."""

    text: str
    tokens: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def gap(self, index: int) -> tuple[int, int]:
        """Return where the white space before token *index* is, or at the text's end."""
        start = self.ends[index - 1] if index else 0
        end = self.starts[index] if index < len(self.starts) else len(self.text)
        return start, end

    def blanks(self, index: int) -> str:
        """Return the white space before token *index*, or at the text's end."""
        return self.between(index, index)

    def between(self, first: int, after: int) -> str:
        """Return the text from the end of token ``first - 1`` to the start of token *after*."""
        return self.text[self.gap(first)[0] : self.gap(after)[1]]


@dataclass(frozen=True)
class _Piece:
    """One change: the base's tokens ``[i, j)`` become the edited text's tokens ``[k, m)``."""

    i: int
    j: int
    k: int
    m: int


def merge(base: str, edited: str, page: str) -> list[TextEdit]:
    """Return the edits that make *page*, which was made of *base*, hold what *edited* changes.

    Offsets are in *page*. Raises Done where it holds all of it, Changed where a change has no
    place of its own.
    """
    old, new, now = _words(base), _words(edited), _words(page)
    if max(len(old.tokens), len(new.tokens), len(now.tokens)) > _MOST:
        raise Changed
    pieces = list(_pieces(old, new))
    kept = _aligned(old.tokens, now.tokens)
    stands = _aligned(new.tokens, now.tokens)
    edits = []
    said = False
    for piece in pieces:
        made = _made(old, new, now, piece, kept)
        done = _stands(new, now, piece, stands)
        if made is None and not done:
            raise Changed
        if made and not done:
            edits.append(made)
        said = said or (done and (piece.i < piece.j or piece.k < piece.m))
    if not edits:
        raise Done
    if said:
        # Half of it stands there: it was made before, and then somebody rewrote the other half.
        raise Changed
    _refuse_another_line(old, pieces, kept)
    return edits


def _words(text: str) -> _Words:
    found = list(_TOKEN.finditer(text))
    return _Words(
        text,
        tuple(match[0] for match in found),
        tuple(match.start() for match in found),
        tuple(match.end() for match in found),
    )


def _aligned(old: Sequence[str], new: Sequence[str]) -> list[int | None]:
    """Return where each token of *old* stands in *new*, None where it does not."""
    to: list[int | None] = [None] * len(old)
    for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        for n in range(block.size):
            to[block.a + n] = block.b + n
    return to


def _pieces(old: _Words, new: _Words) -> Iterator[_Piece]:
    """Yield what an edit changes: tokens, or the white space between two of them."""
    matcher = SequenceMatcher(None, old.tokens, new.tokens, autojunk=False)
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind != "equal":
            yield _Piece(i, j, k, m)
            continue
        ends = j == len(old.tokens) and m == len(new.tokens)
        for n in range(i > 0 or k > 0, j - i + ends):
            if old.between(i + n, i + n) != new.between(k + n, k + n):
                yield _Piece(i + n, i + n, k + n, k + n)


def _made(
    old: _Words, new: _Words, now: _Words, piece: _Piece, kept: Sequence[int | None]
) -> TextEdit | None:
    """Return one change as an edit of the page, None where it has no place of its own."""
    left, right = _apart(old, piece.i, piece.j)
    if not _together(kept, left, right, old, now) or not _told(old, now, kept, left, right):
        return None
    first = _place(kept, piece.i, len(now.tokens), len(old.tokens))
    after = first + piece.j - piece.i
    text = _respaced(old, new, now, piece, (first, after))
    if text is None:
        return None
    start, end = now.gap(first)[0], now.gap(after)[1]
    return TextEdit(start, end, text)


def _told(old: _Words, now: _Words, kept: Sequence[int | None], left: int, right: int) -> bool:
    """Return whether the run of tokens around ``[left, right)`` stands once in either text.

    The run is all that stands on the page as it stands here, token after token.
    """
    while left > 0 and _follows(kept, left):
        left -= 1
    while right < len(kept) and _follows(kept, right):
        right += 1
    wanted = old.tokens[left:right]
    return _count(old.tokens, wanted) == 1 and _count(now.tokens, wanted) == 1


def _follows(kept: Sequence[int | None], at: int) -> bool:
    """Return whether token *at* and the one before it are neighbours on the page."""
    before, to = kept[at - 1], kept[at]
    return before is not None and to is not None and to == before + 1


def _place(kept: Sequence[int | None], index: int, count: int, end: int) -> int:
    """Return where token *index* is on the page; the text's end is told by the token before."""
    if index < end:
        to = kept[index]
        return count if to is None else to
    before = kept[index - 1] if index else -1
    return count if before is None else before + 1


def _apart(old: _Words, first: int, after: int) -> tuple[int, int]:
    """Return the tokens ``[left, right)`` that must stand unchanged around ``[first, after)``."""
    left, seen = first, 0
    while left > 0 and seen < _APART:
        left -= 1
        seen += len(old.tokens[left]) if _WORD.match(old.tokens[left]) else 0
    right, seen = after, 0
    while right < len(old.tokens) and seen < _APART:
        seen += len(old.tokens[right]) if _WORD.match(old.tokens[right]) else 0
        right += 1
    return left, right


def _together(kept: Sequence[int | None], left: int, right: int, old: _Words, now: _Words) -> bool:
    """Return whether the tokens ``[left, right)`` of *old* stand on the page in one run.

    Where they reach an end of the text, so must they there, or an end of a line: else the page has
    something of its own just where the change would be.
    """
    if left == right:
        return False
    first = kept[left]
    if first is None or list(kept[left:right]) != list(range(first, first + right - left)):
        return False
    after = first + right - left
    begins = left > 0 or first == 0 or "\n" in now.blanks(first)
    ends = right < len(old.tokens) or after == len(now.tokens) or "\n" in now.blanks(after)
    return begins and ends


def _count(tokens: Sequence[str], wanted: Sequence[str]) -> int:
    size = len(wanted)
    return sum(
        tokens[at] == wanted[0] and tuple(tokens[at : at + size]) == wanted
        for at in range(len(tokens) - size + 1)
    )


def _respaced(
    old: _Words, new: _Words, now: _Words, piece: _Piece, place: tuple[int, int]
) -> str | None:
    """Return the new words with white space: the edit's where it changed it, else the page's."""
    was = old.blanks(piece.i), old.blanks(piece.j)
    gaps = new.blanks(piece.k), new.blanks(piece.m)
    here = now.blanks(place[0]), now.blanks(place[1])
    if was == here:
        return new.between(piece.k, piece.m)
    if piece.k == piece.m:
        # of white space alone, the edit and the page would give two answers to one question
        return _joined(gaps[0], was, here) if piece.i < piece.j else None
    core = new.text[new.gap(piece.k)[1] : new.gap(piece.m)[0]]
    if piece.i < piece.j:
        return here[0] + core + here[1] if gaps == was else None
    if gaps[0] == was[0]:
        return here[0] + core + gaps[1]
    return gaps[0] + core + here[0] if gaps[1] == was[0] else None


def _joined(gap: str, was: tuple[str, str], now: tuple[str, str]) -> str | None:
    """Return the white space that is left where words between two gaps are taken out."""
    if gap == was[0]:
        return now[0]
    return now[1] if gap == was[1] else None


def _stands(new: _Words, now: _Words, piece: _Piece, stands: Sequence[int | None]) -> bool:
    """Return whether the page holds what a change gives, with an unchanged word on either side."""
    left, right = _apart(new, piece.k, piece.m)
    if not _together(stands, left, right, new, now):
        return False
    if piece.i < piece.j or piece.k < piece.m:
        return True
    # a change of white space alone: that must stand there as well
    at = _place(stands, piece.k, len(now.tokens), len(new.tokens))
    return now.blanks(at) == new.blanks(piece.k)


def _refuse_another_line(old: _Words, pieces: Sequence[_Piece], kept: Sequence[int | None]) -> None:
    """Raise Changed where too few of the words beside the changes are still there."""
    touched = {n for piece in pieces for n in range(piece.i, piece.j)}
    beside = [n for n in range(len(old.tokens)) if n not in touched]
    there = sum(kept[n] is not None for n in beside)
    if there < _SAME * len(beside):
        raise Changed
