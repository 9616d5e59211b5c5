"""A page, read: its source, front matter, sections, numbered lists and tables."""

from dataclasses import dataclass
from functools import cached_property

from markdown_it.token import Token

from manualsmith.markdown.blocks import parse_blocks
from manualsmith.markdown.frontmatter import FrontMatter, find_front_matter
from manualsmith.markdown.lists import NumberedList, read_lists
from manualsmith.markdown.outline import Section, read_sections
from manualsmith.markdown.source import Source, Span
from manualsmith.markdown.tables import Table, read_tables


@dataclass(frozen=True)
class Page:
    """A page's text and, read when first asked for, what stands where in it."""

    text: str

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
    def tokens(self) -> list[Token]:
        """markdown-it's block tokens; their lines are lines of the page."""
        tokens = parse_blocks(self.body.of(self.text))
        first = self.source.line_of(self.body.start) if self.front_matter else 0
        if self.body.start == len(self.text) and self.front_matter:
            return []
        for token in tokens:
            if token.map:
                token.map = [token.map[0] + first, token.map[1] + first]
        return tokens

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The sections in order, each with its heading path."""
        return read_sections(self.tokens, self.source.line_count)

    @cached_property
    def lists(self) -> tuple[NumberedList, ...]:
        """The numbered lists that stand in no other list."""
        return read_lists(self.tokens, self.source)

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """The tables, in order."""
        return read_tables(self.tokens, self.source)

    def section_at(self, line: int) -> Section | None:
        """Return the innermost section that holds a line."""
        holding = [s for s in self.sections if s.line <= line < s.end]
        return holding[-1] if holding else None
