"""A parsed page: its source, front matter, sections, numbered lists and tables.

Nothing is read before it is asked for, and then only the chunks that it needs.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from markdown_it.token import Token

from manualsmith.markdown.dialect import DEFAULT, Dialect, NotRendered
from manualsmith.markdown.reading.chunks import Chunk, chunks_between, split
from manualsmith.markdown.reading.front_matter import FrontMatter, find_front_matter
from manualsmith.markdown.reading.leaves import Leaves, read_leaves
from manualsmith.markdown.reading.numbered_lists import NumberedList, read_lists
from manualsmith.markdown.reading.outline import (
    Heading,
    Section,
    paths_at,
    read_headings,
    read_sections,
)
from manualsmith.markdown.reading.seen_headings import as_seen, read_in_two_ways
from manualsmith.markdown.reading.source import Source, Span
from manualsmith.markdown.reading.table_cells import Table, read_tables


@dataclass(frozen=True)
class Page:
    """A page's text and, read when first asked for, what stands where in it.

    ``dialect`` is the Markdown of the site that shows it.
    """

    text: str
    dialect: Dialect = DEFAULT

    @cached_property
    def source(self) -> Source:
        """The text in lines."""
        return Source(self.text)

    @cached_property
    def front_matter(self) -> FrontMatter | None:
        """Where the front matter stands."""
        return find_front_matter(self.text)

    @cached_property
    def body(self) -> Span:
        """What stands after the byte order mark and the front matter."""
        start = self.front_matter.block.end if self.front_matter else self.source.starts[0]
        return Span(start, len(self.text))

    @cached_property
    def chunks(self) -> tuple[Chunk, ...]:
        """The body in chunks, each of which can be read without the others."""
        return split(self.source, self.body)

    def tokens(self, first: int = 0, last: int | None = None) -> list[Token]:
        """Return markdown-it's block tokens of the chunks that hold the lines *first* to *last*."""
        last = self.source.line_count if last is None else last
        return [token for c in chunks_between(self.chunks, first, last) for token in c.tokens]

    @cached_property
    def leaves(self) -> Leaves:
        """What readers see. Raises NotRendered."""
        return read_leaves(self.dialect.html(self.body.of(self.text)))

    @cached_property
    def is_odd(self) -> bool:
        """Whether what the site makes of the page tells its headings, not the source alone."""
        return read_in_two_ways(self.body.of(self.text), self.dialect)

    @cached_property
    def headings(self) -> tuple[Heading, ...]:
        """The headings that stand in no other block, as readers have them."""
        found = tuple(read_headings(self.chunks))
        if not self.is_odd:
            return found
        try:
            return tuple(as_seen(found, self.leaves.headings))
        except NotRendered:
            return found

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The sections in order, each with its heading path."""
        return read_sections(self.headings, self.source.line_count)

    def paths_at(self, lines: Sequence[int]) -> list[tuple[str, ...]]:
        """Return the heading path over each of *lines*, which ascend; no more is read than that."""
        return paths_at(self.headings if self.is_odd else read_headings(self.chunks), lines)

    def lists(self, section: Section | None = None) -> tuple[NumberedList, ...]:
        """Return the numbered lists of a section, or of the page, that stand in no other list."""
        return read_lists(self._tokens_of(section), self.source, self.dialect.after_numbers)

    def tables(self, section: Section | None = None) -> tuple[Table, ...]:
        """Return the tables of a section, or of the page, in order."""
        tokens, in_code = self._tokens_of(section), self.dialect.code_holds_pipes
        return read_tables(tokens, self.source, code_holds_pipes=in_code)

    def _tokens_of(self, section: Section | None) -> Sequence[Token]:
        return self.tokens(section.line, section.end - 1) if section else self.tokens()

    @cached_property
    def _section_lines(self) -> list[int]:
        return [section.line for section in self.sections]

    def section_at(self, line: int) -> Section | None:
        """Return the innermost section that holds a line."""
        before = bisect_right(self._section_lines, line)
        return self.sections[before - 1] if before else None
