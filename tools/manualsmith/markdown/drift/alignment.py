"""Align the lines of the page that an edit was made against with those of today's page.

As in a patience diff, lines that stand once in both pages are the anchors, and what lies between
them is compared on its own. A line that is repeated says nothing by itself of which copy it is, so
an aligned line is trusted only with an anchor in the run of lines that it is aligned with, or where
both pages hold as many copies between the same two anchors.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property

from rapidfuzz.distance import LCSseq

from manualsmith.markdown.reading.source import Source

# Cells of a comparison table for lines that no anchor tells apart; beyond it, they are not aligned.
# Chosen by time alone: about a second.
_MOST_CELLS = 25_000_000


class Alignment:
    """The lines of *base* and where each stands on *page*, None where it does not."""

    def __init__(self, base: Source, page: Source) -> None:
        self.base = base
        self.page = page
        self.old = _keys(base)
        self.new = _keys(page)
        self._to: list[int | None] = [None] * len(self.old)
        for i, j in _matches(self.old, self.new):
            self._to[i] = j

    def line(self, line: int) -> int | None:
        """Return the page's line that the base's *line* is, None where it is gone."""
        return self._to[line] if 0 <= line < len(self._to) else None

    def follows(self, line: int) -> bool:
        """Return whether the base's *line* and the one before it are neighbours on the page.

        The first line follows the page's start, and the page's end follows the last one.
        """
        before = -1 if line == 0 else self.line(line - 1)
        after = len(self.new) if line == len(self.old) else self.line(line)
        return before is not None and after is not None and after == before + 1

    @cached_property
    def _anchors(self) -> list[int]:
        """The base's lines that stand once in both pages, and are aligned with each other."""
        old, new = Counter(self.old), Counter(self.new)
        return [
            line
            for line, to in enumerate(self._to)
            if to is not None and old[self.old[line]] == new[self.old[line]] == 1
            if self.old[line]
        ]

    def trusted(self, first: int, last: int) -> bool:
        """Return whether the aligned lines ``[first, last]`` are told from all their copies.

        The lines must be aligned, as one run.
        """
        start, end = self._run(first, last)
        at = bisect_left(self._anchors, start)
        if at < len(self._anchors) and self._anchors[at] <= end:
            return True
        return self._as_many_copies(first, last)

    def _run(self, first: int, last: int) -> tuple[int, int]:
        """Return the lines of the base around ``[first, last]`` that stand together on the page."""
        while first > 0 and self.line(first - 1) is not None and self.follows(first):
            first -= 1
        while (
            last + 1 < len(self.old) and self.line(last + 1) is not None and self.follows(last + 1)
        ):
            last += 1
        return first, last

    def _as_many_copies(self, first: int, last: int) -> bool:
        """Return whether both pages have the lines as often between the nearest two anchors."""
        at = bisect_left(self._anchors, first)
        above = self._anchors[at - 1] if at else -1
        below = self._anchors[at] if at < len(self._anchors) else len(self.old)
        top = -1 if above < 0 else self._at(above)
        bottom = len(self.new) if below == len(self.old) else self._at(below)
        wanted = self.old[first : last + 1]
        old = occurrences(self.old, wanted, above + 1, below)
        new = occurrences(self.new, wanted, top + 1, bottom)
        if len(old) != len(new):
            return False
        return new[old.index(first)] == self.line(first)

    def _at(self, line: int) -> int:
        to = self.line(line)
        if to is None:
            raise ValueError(f"line {line} is not aligned")
        return to


def _keys(source: Source) -> list[str]:
    """Return the lines without their line ends and the blanks before them: neither can be seen."""
    return [source.line_text(line).rstrip() for line in range(source.line_count)]


def occurrences(lines: Sequence[str], wanted: Sequence[str], start: int, end: int) -> list[int]:
    """Return where *wanted* stand, one after the other, within the lines ``[start, end)``."""
    size = len(wanted)
    first = wanted[0]
    return [
        at
        for at in range(start, end - size + 1)
        if lines[at] == first and lines[at : at + size] == list(wanted)
    ]


def _matches(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of lines that are the same line, in order."""
    i = j = 0
    for a, b in (*_unique_in_order(old, new), (len(old), len(new))):
        if a < i or b < j:
            continue
        yield from _between(old, new, (i, a), (j, b))
        if a < len(old):
            yield a, b
        i, j = a + 1, b + 1


def _between(
    old: Sequence[str], new: Sequence[str], mine: tuple[int, int], theirs: tuple[int, int]
) -> Iterator[tuple[int, int]]:
    """Yield the pairs in a stretch without anchors: its like ends first, then the rest."""
    (i, a), (j, b) = mine, theirs
    while i < a and j < b and old[i] == new[j]:
        yield i, j
        i, j = i + 1, j + 1
    tail = []
    while i < a and j < b and old[a - 1] == new[b - 1]:
        a, b = a - 1, b - 1
        tail.append((a, b))
    if i < a and j < b and (a - i) * (b - j) <= _MOST_CELLS:
        for block in LCSseq.opcodes(old[i:a], new[j:b]):
            if block.tag == "equal":
                size = block.src_end - block.src_start
                yield from (
                    (i + block.src_start + n, j + block.dest_start + n) for n in range(size)
                )
    yield from reversed(tail)


def _unique_in_order(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return the lines that stand once in both, as the longest run of pairs that ascends."""
    count_old, count_new = Counter(old), Counter(new)
    where = {line: j for j, line in enumerate(new) if count_new[line] == 1}
    pairs = [
        (i, where[line]) for i, line in enumerate(old) if count_old[line] == 1 and line in where
    ]
    ends: list[int] = []
    piles: list[int] = []
    before: list[int | None] = []
    for number, (_, j) in enumerate(pairs):
        at = bisect_left(ends, j)
        before.append(piles[at - 1] if at else None)
        if at == len(ends):
            ends.append(j)
            piles.append(number)
        else:
            ends[at], piles[at] = j, number
    chosen: list[tuple[int, int]] = []
    last = piles[-1] if piles else None
    while last is not None:
        chosen.append(pairs[last])
        last = before[last]
    return chosen[::-1]
