"""Find a list or table of the base again on the page; none is taken for another.

A block is told by the tabs and notes that it stands in, by the line before it, and by what its
items say. Where two blocks of the base may be what a block of the page was, it is neither.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from manualsmith.markdown.drift.likeness import key
from manualsmith.markdown.reading.page import Page

_TITLE = re.compile(r"[\"'](.*)[\"']")


@dataclass(frozen=True)
class Block:
    """A list or table: what tells it from others. ``items`` are what it holds, without blanks."""

    label: tuple[str, ...]
    lead: str
    items: tuple[str, ...]


def labels(page: Page, line: int) -> tuple[str, ...]:
    """Return the titles of the tabs and notes that hold a line, outermost first."""
    heads = [
        token.map[0]
        for token in page.tokens(line, line)
        if token.type == "container_open" and token.map and token.map[0] < line < token.map[1]
    ]
    return tuple(_title(page.source.line_text(head)) for head in heads)


def _title(head: str) -> str:
    found = _TITLE.search(head)
    return key(found[1] if found else head)


def lead(page: Page, line: int) -> str:
    """Return what the last line before *line* says that is not blank."""
    while line > 0 and page.source.is_blank(line - 1):
        line -= 1
    return key(page.source.line_text(line - 1)) if line else ""


def owned(old: Sequence[Block], new: Sequence[Block], wanted: int) -> list[int]:
    """Return which of the *new* blocks are the old block *wanted*; several, where it was parted.

    None are where it is gone, or where it is not certain.
    """
    same = _unchanged(old, new)
    if wanted in same:
        return [same[wanted]]
    rest = {n: block for n, block in enumerate(new) if n not in same.values()}
    rivals = [block for n, block in enumerate(old) if n not in same and n != wanted]
    found = {n: _alike(old[wanted], block) for n, block in rest.items()}
    found = {
        n: score
        for n, score in found.items()
        if score and _may_be(old[wanted], rest[n], old, new) and _is_its(rest[n], score, rivals)
    }
    if not found:
        return _by_label(old, new, wanted)
    return _parts(old[wanted], rest, found)


def _unchanged(old: Sequence[Block], new: Sequence[Block]) -> dict[int, int]:
    """Return the blocks that are what they were, with which they are, in order."""
    then, now = _places(old), _places(new)
    return {
        a: b
        for block, places in then.items()
        if len(places) == len(now[block])
        for a, b in zip(places, now[block], strict=True)
    }


def _places(blocks: Iterable[Block]) -> defaultdict[Block, list[int]]:
    places: defaultdict[Block, list[int]] = defaultdict(list)
    for number, block in enumerate(blocks):
        places[block].append(number)
    return places


def _alike(one: Block, other: Block) -> int:
    """Return how much two blocks share: items, and the line before them."""
    shared = (Counter(one.items) & Counter(other.items)).total()
    return shared + (one.lead == other.lead != "")


def _is_its(block: Block, score: int, rivals: Sequence[Block]) -> bool:
    """Return whether a block shares more with the wanted one than with any other of the base."""
    return all(_alike(rival, block) < score for rival in rivals)


def _may_be(one: Block, other: Block, old: Sequence[Block], new: Sequence[Block]) -> bool:
    """Return whether a block may have got the label that another one has."""
    if one.label == other.label:
        return True
    known, there = {block.label for block in old}, {block.label for block in new}
    return other.label not in known and one.label not in there


def _by_label(old: Sequence[Block], new: Sequence[Block], wanted: int) -> list[int]:
    """Return the one block in the same tab, where both have one there."""
    label = old[wanted].label
    there = [n for n, block in enumerate(new) if block.label == label]
    alone = sum(block.label == label for block in old) == 1
    return there if label and alone and len(there) == 1 else []


def _parts(wanted: Block, rest: dict[int, Block], found: dict[int, int]) -> list[int]:
    """Return the blocks that share other items with the wanted one; of like ones the likest.

    Two that are equally like it are copies, and neither is it. So are two in new tabs.
    """
    parts: list[int] = []
    for number in sorted(found, key=lambda n: -found[n]):
        copies = [n for n in parts if _overlap(wanted, rest[n], rest[number])]
        renamed = any(rest[n].label != wanted.label for n in (*copies, number))
        if copies and (renamed or any(found[n] == found[number] for n in copies)):
            return []
        if not copies:
            parts.append(number)
    return sorted(parts)


def _overlap(wanted: Block, one: Block, other: Block) -> bool:
    shared = Counter(wanted.items) & Counter(one.items) & Counter(other.items)
    return shared.total() > 0
