"""Headings and the sections under them; finding a section by its heading path."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from markdown_it import MarkdownIt

from manualsmith.markdown.reading.block_lines import ATX, heading_content
from manualsmith.markdown.reading.chunks import Chunk
from manualsmith.markdown.reading.source import Source, Span
from manualsmith.naming import fold

_ATTRIBUTES = re.compile(r"[ \t]*\{:?[ \t]*([^}\r\n]*)\}[ \t]*$")
# What may make a heading of a line below a chunk's first: an indented one, or an underline.
_MORE_HEADINGS = re.compile(r"^ {1,3}#|^ {0,3}(?:=+|-+)[ \t]*\r?$", re.MULTILINE)
_MARKUP = re.compile(r"[*_`\[\]!<\\&~]")


@dataclass(frozen=True)
class Section:
    """A heading and what it holds.

    ``line`` is the heading's first line, ``body`` the line after the heading, ``own_end`` the line
    where its first subsection starts, ``end`` the line after all that it holds. ``others`` are
    level and words of headings that readers have there and that are none of the source's.
    """

    path: tuple[str, ...]
    level: int
    line: int
    body: int
    own_end: int
    end: int
    raw: str
    others: tuple[tuple[int, str], ...] = ()

    @property
    def title(self) -> str:
        """The heading's words, without markup."""
        return self.path[-1]

    def span(self, source: Source) -> Span:
        """Return the characters of the heading and all that it holds."""
        return source.lines(self.line, self.end)


@dataclass(frozen=True)
class Heading:
    """A heading: the lines ``[line, body)``, its words as written, and as a reader sees them.

    ``id`` is what the page gives it, where that is known. ``others`` are level and words of those
    that readers have between this one and the next, and that the source does not tell.
    """

    level: int
    line: int
    body: int
    raw: str
    title: str
    id: str | None = None
    others: tuple[tuple[int, str], ...] = ()


def read_headings(chunks: Sequence[Chunk]) -> Iterator[Heading]:
    """Yield the page's headings in order; those in lists and other blocks do not count."""
    for chunk in chunks:
        yield from _headings(chunk)


def read_sections(headings: Sequence[Heading], line_count: int) -> tuple[Section, ...]:
    """Return the section of each heading, in order."""
    sections: list[Section] = []
    parents: list[tuple[int, str]] = []
    ends = _section_ends([h.level for h in headings], [h.line for h in headings], line_count)
    for number, heading in enumerate(headings):
        _enter(parents, heading)
        own_end = headings[number + 1].line if number + 1 < len(headings) else line_count
        path = tuple(title for _, title in parents)
        line, body, raw = heading.line, heading.body, heading.raw
        sections.append(
            Section(path, heading.level, line, body, own_end, ends[number], raw, heading.others)
        )
    return tuple(sections)


def paths_at(headings: Iterable[Heading], lines: Sequence[int]) -> list[tuple[str, ...]]:
    """Return the heading path over each of *lines*, which ascend; no heading after is asked for."""
    parents: list[tuple[int, str]] = []
    paths: list[tuple[str, ...]] = []
    rest = iter(headings)
    following = next(rest, None)
    for line in lines:
        while following and following.line <= line:
            _enter(parents, following)
            following = next(rest, None)
        paths.append(tuple(title for _, title in parents))
    return paths


def _enter(parents: list[tuple[int, str]], heading: Heading) -> None:
    while parents and parents[-1][0] >= heading.level:
        parents.pop()
    parents.append((heading.level, heading.title))


def _headings(chunk: Chunk) -> Iterator[Heading]:
    """Yield a chunk's headings; one that has just its first line needs no reading."""
    first, _, rest = chunk.text.partition("\n")
    if first.startswith("#") and "\r" not in first[:-1] and not _MORE_HEADINGS.search(rest):
        match = ATX.match(first.rstrip("\r"))
        if match and heading_content(match[2]):
            raw = heading_content(match[2])
            yield Heading(len(match[1]), chunk.line, chunk.line + 1, raw, heading_text(raw))
            return
    for index, token in enumerate(chunk.tokens):
        raw = chunk.tokens[index + 1].content if token.type == "heading_open" else ""
        if raw and "\n" not in raw and token.level == 0 and token.map:
            raw = raw.strip()
            line, body = token.map
            yield Heading(int(token.tag[1]), line, body, raw, heading_text(raw))


def _section_ends(levels: Sequence[int], lines: Sequence[int], line_count: int) -> list[int]:
    ends = [line_count] * len(levels)
    open_sections: list[int] = []
    for number, level in enumerate(levels):
        while open_sections and levels[open_sections[-1]] >= level:
            ends[open_sections.pop()] = lines[number]
        open_sections.append(number)
    return ends


def heading_attributes(raw: str) -> str | None:
    """Return the attribute list at a heading's end, braces included (``{#id}``), or None."""
    match = _ATTRIBUTES.search(raw)
    return match[0].strip() if match else None


def heading_words(raw: str) -> str:
    """Return a heading's words as they are written: no attribute list."""
    return _ATTRIBUTES.sub("", raw).strip()


@lru_cache(maxsize=65536)
def heading_text(raw: str) -> str:
    """Return a heading's words as a reader sees them: no attribute list, no markup."""
    text = heading_words(raw)
    if not _MARKUP.search(text):
        return text
    tokens = _inline_parser().parseInline(text)
    children = tokens[0].children or [] if tokens else []
    words = "".join(c.content for c in children if c.type in ("text", "code_inline", "image"))
    return words.strip() or text


@cache
def _inline_parser() -> MarkdownIt:
    return MarkdownIt("commonmark")


def find_sections(sections: Sequence[Section], path: Sequence[str]) -> list[Section]:
    """Return the sections that a heading path names: the exact ones, else those it folds to.

    The path's last item is the heading, the ones before it the headings right above it. How many of
    those are needed depends on the page; where several sections answer, more of them tell.
    """
    exact = [section for section in sections if section.path[-len(path) :] == tuple(path)]
    if exact:
        return exact
    folded = [fold(part) for part in path]
    return [s for s in sections if [fold(part) for part in s.path[-len(path) :]] == folded]
