"""Split a page at its headings into chunks, each of which can be parsed alone.

Block structure has no memory at a heading on the left margin that stands in no other block: what
follows it is read the same whatever came before. So an edit costs the chunk it is in, not the page.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from markdown_it.token import Token

from manualsmith.markdown.reading.block_lines import headings_at_margin, parse_blocks
from manualsmith.markdown.reading.source import Source, Span

# Only a fence or HTML can take in a line that looks like a heading.
_CAN_SWALLOW = re.compile(r"```|~~~|<")
_LONE_CR = re.compile(r"\r(?!\n)")


@dataclass(frozen=True)
class Chunk:
    """The lines ``[line, end)`` of a page."""

    source: Source
    line: int
    end: int

    @cached_property
    def text(self) -> str:
        """The chunk's characters."""
        return self.source.lines(self.line, self.end).of(self.source.text)

    @cached_property
    def tokens(self) -> list[Token]:
        """markdown-it's block tokens of the chunk; their lines are lines of the page."""
        return _parse(self.source, self.line, self.end)


def _parse(source: Source, line: int, end: int) -> list[Token]:
    tokens = parse_blocks(source.lines(line, end).of(source.text)) if line < end else []
    for token in tokens:
        if token.map:
            token.map = [token.map[0] + line, token.map[1] + line]
    return tokens


def split(source: Source, body: Span) -> tuple[Chunk, ...]:
    """Return the body of a page in chunks."""
    first = source.line_of(body.start) if body.start < len(source.text) else source.line_count
    bounds = [first, *_boundaries(source, first, body.start), source.line_count]
    return tuple(Chunk(source, line, end) for line, end in pairwise(bounds) if line < end)


def _boundaries(source: Source, first: int, start: int) -> Iterator[int]:
    if _LONE_CR.search(source.text, start):
        yield from _read_boundaries(source, first)
        return
    for offset in headings_at_margin(source.text, start):
        line = source.line_of(offset)
        if line == first:
            continue
        between = Span(source.starts[first], offset)
        if _CAN_SWALLOW.search(between.of(source.text)) and not _is_heading(source, first, line):
            yield from _read_boundaries(source, first)
            return
        yield line
        first = line


def _is_heading(source: Source, first: int, line: int) -> bool:
    """Return whether *line* is a heading on its own, read from the chunk at *first* on."""
    tokens = _parse(source, first, line + 1)
    return (
        len(tokens) > 2 and tokens[-3].type == "heading_open" and tokens[-3].map == [line, line + 1]
    )


def _read_boundaries(source: Source, first: int) -> Iterator[int]:
    """Yield the boundaries from *first* on as the parser reads them, in one go."""
    for token in _parse(source, first, source.line_count):
        if token.type == "heading_open" and token.level == 0 and token.map and token.map[0] > first:
            line = token.map[0]
            if source.text.startswith("#", source.starts[line]):
                yield line


def chunks_between(chunks: Sequence[Chunk], first: int, last: int) -> Sequence[Chunk]:
    """Return the chunks that hold the lines from *first* to *last*, both included."""
    lines = [chunk.line for chunk in chunks]
    return chunks[max(0, bisect_right(lines, first) - 1) : bisect_right(lines, last)]
