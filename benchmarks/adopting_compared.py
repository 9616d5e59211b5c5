"""What the engine reads of a page, held against what readers have of its HTML."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

from adopting_shown import ShownItem, ShownList, ShownSection, ShownTable, letters
from rapidfuzz.distance import LCSseq

from manualsmith.markdown.reading.numbered_lists import Item, NumberedList
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.table_cells import Table
from manualsmith.markdown.rendered.seen_blocks import list_as_seen, table_as_seen
from manualsmith.naming import fold

# What the source has and readers do not: code, tags, where links lead, marks of templates.
_UNSEEN = re.compile(
    r"^[ \t>]*(?P<fence>`{3,}|~{3,})[\s\S]*?^[ \t>]*(?P=fence)"
    r"|^[ \t>]*\d+[.)][ \t]|<!--[\s\S]*?-->|\$\$[\s\S]*?\$\$"
    r"|!\[[^\]]*\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\]]*\])?"
    r"|</?[A-Za-z][^<>]*>|\]\([^()]*(?:\([^()]*\)[^()]*)*\)|\]\[[^\]]*\]"
    r"|\{[^{}\n]*\}|\{\{[^\n]*?\}\}|&[#\w]+;|:[\w+-]+:|\$[^$\n]*\$|\[\^[^\]]*\]",
    re.MULTILINE,
)
# A digit that is shown as a picture.
_KEYCAP = re.compile(".\ufe0f\u20e3?|[0-9#*]\u20e3")
_ALIKE = 0.8
_WORD = re.compile(r"[A-Za-z0-9_]+|\w")


def plain(source: str) -> str:
    """Return the letters that readers may have of some Markdown."""
    return letters(_UNSEEN.sub(" ", source))


@dataclass(frozen=True)
class Difference:
    """Something that the engine reads otherwise: outline, steps or tables, and where.

    *told*: it refuses to edit that by number, saying that readers have it otherwise.
    """

    kind: str
    where: str
    told: bool = False


class Compared:
    """A page as the engine reads it beside its HTML's sections."""

    def __init__(self, page: Page, shown: Sequence[ShownSection]) -> None:
        self.page = page
        self._all = shown

    @cached_property
    def _letters(self) -> str:
        return letters(self.page.text) + plain(self.page.text)

    @cached_property
    def shown(self) -> list[ShownSection]:
        """The sections without what the page takes in from elsewhere."""
        return list(self._own())

    def _own(self) -> Iterator[ShownSection]:
        elsewhere = False
        for one in self._all:
            elsewhere = bool(one.level) and letters(one.title) not in self._letters
            if not elsewhere:
                lists = [held for held in one.lists if self._holds(item.text for item in held)]
                tables = [
                    held for held in one.tables if self._holds(cell for row in held for cell in row)
                ]
                yield ShownSection(one.level, one.title, lists, tables, one.blocks)

    def _holds(self, texts: Iterator[str]) -> bool:
        """Return whether most of the words of some texts are words of the page."""
        words = [letters(word) for text in texts for word in _WORD.findall(text)]
        return sum(word in self._letters for word in words) >= _ALIKE * len(words)

    def differences(self) -> list[Difference]:
        """Return in what the two differ, the first place of each kind."""
        own = [(one.level, fold(one.title)) for one in self.page.sections]
        shown = [(one.level, fold(one.title)) for one in self.shown[1:]]
        found = [] if own == shown else [Difference("outline", _first(own, shown))]
        under = len(own) == len(shown)
        lists = [one.lists for one in self.shown], self._same_list, self._has_list
        tables = [one.tables for one in self.shown], self._same_table, self._has_table
        found += self._differ("steps", self._by_section(self.page.lists, under), *lists)
        found += self._differ("tables", self._by_section(self.page.tables, under), *tables)
        return found

    def _differ(
        self,
        kind: str,
        own: list[list[Any]],
        shown: list[list[Any]],
        same: Callable[[Any, Any], bool],
        has: Callable[[Any], bool],
    ) -> Iterator[Difference]:
        """Yield the first section in which what the engine reads is not what is shown."""
        if len(own) != len(shown):
            own, shown = [[*chain(*own)]], [[*chain(*shown)]]
        for held, there in zip(own, shown, strict=True):
            if len(held) == len(there) and all(map(same, held, there)):
                continue
            lines = ", ".join(str(one.line + 1) for one in held)
            odd = [one for one in held if not any(same(one, other) for other in there)]
            told = bool(odd) and not any(map(has, odd))
            yield Difference(kind, f"lines {lines}; {len(held)}, shown {len(there)}", told)
            return

    def _has_list(self, one: NumberedList) -> bool:
        by_four = one.foreign and self.page.dialect.nests_by_four
        return not by_four and list_as_seen(self.page, one)

    def _has_table(self, one: Table) -> bool:
        return table_as_seen(self.page, one)

    def _by_section(self, read: Callable[..., Sequence[Any]], under: bool) -> list[list[Any]]:
        """Return what the engine reads of each section by itself, and over the first one."""
        sections = self.page.sections if under else ()
        first = sections[0].line if sections else self.page.source.line_count
        found = [[one for one in read(None) if one.line < first]]
        for section in sections:
            held = range(section.line, section.own_end)
            found.append([one for one in read(section) if one.line in held])
        return found

    def _same_list(self, own: NumberedList, shown: ShownList) -> bool:
        return len(own.items) == len(shown) and all(map(self._same_item, own.items, shown))

    def _same_item(self, own: Item, shown: ShownItem) -> bool:
        if len(own.lists) != len(shown.lists):
            return False
        words = own.content.of(self.page.text)
        return says(shown.text, words) and all(map(self._same_list, own.lists, shown.lists))

    def _same_table(self, own: Table, shown: ShownTable) -> bool:
        rows = [[cell.of(self.page.text) for cell in row.cells] for row in (own.header, *own.rows)]
        width = len(rows[0])
        filled = [(row + [""] * width)[:width] for row in rows]
        there = [list(row) for row in shown]
        if there and not own.rows and len(there) == 2:
            there = there[:1]  # Python-Markdown adds an empty row
        return [len(row) for row in filled] == [len(row) for row in there] and all(
            says(cell, source)
            for row, source_row in zip(there, filled, strict=True)
            for cell, source in zip(row, source_row, strict=True)
        )


def says(shown: str, source: str) -> bool:
    """Return whether readers have the words of some Markdown: all of it, and nothing else."""
    words, seen = letters(_KEYCAP.sub("", shown)), plain(source)
    rest = iter(letters(source))
    # what a template puts in comes from elsewhere
    if "{{" not in source and not all(char in rest for char in words):
        return False
    return LCSseq.similarity(words, seen) >= _ALIKE * len(seen)


def _first(own: Sequence[tuple[int, str]], shown: Sequence[tuple[int, str]]) -> str:
    for one, other in zip(own, shown, strict=False):
        if one != other:
            return f"{one} shown {other}"
    return f"{len(own)} shown {len(shown)}: {[*own, *shown][min(len(own), len(shown)) :][:1]}"
