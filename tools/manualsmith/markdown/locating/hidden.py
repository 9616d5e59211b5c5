"""Find the parts of a page's source that readers do not see as text.

Tags and their attributes, comments, where a link leads, ids, the names of references, and what
a code block's first line says. Code is text: a tag in it is seen.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache

from manualsmith.markdown.reading.chunks import chunks_between
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.source import Span

_PART = re.compile(
    r"""
      \\[!-/:-@\[-`{-~]                                  # an escaped mark
    | (?P<ticks>(?<!`)`+)(?!`).*?(?<!`)(?P=ticks)(?!`)   # code
    | (?P<hidden>
        <!--.*?-->
      | <(?P<raw>script|style)\b.*?</(?P=raw)\s*>
      | </?[A-Za-z][\w-]*(?=[\s/>])(?:[^<>"']|"[^"]*"|'[^']*')*>
      | \]\(\s*(?:<[^<>\n]*>|(?:[^()\s]|\([^()\s]*\))*)(?:\s+(?:"[^"]*"|'[^']*'|\([^()]*\)))?\s*\)
      | (?<!\[[ xX])\]\s?\[[^\]\n]*\](?!\()
      | ^[ \t>]*\[[^\]\n^][^\]\n]*\]:.*?$
      | \[\^[^\]\n]+\]:?
      | \{:?[ \t]*(?:[#.][\w-]|[\w-]+=)[^{}\n]*\}
      )
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE | re.IGNORECASE,
)
_SUSPECT = re.compile(r"[<>{]|\]\s?[(\[:]|\[\^|```|~~~")
_OVER_BLANK_LINES = re.compile(r"<(?:!--|script|style)", re.IGNORECASE)
_BLANK = re.compile(r"\n[ \t>]*\r?\n")
# A block's kind, its first line and the line after its last one.
_Block = tuple[str, int, int]
_LEAVES = ("inline", "html_block", "fence", "code_block")


def cuts_hidden(page: Page, span: Span) -> bool:
    """Return whether a span begins or ends within what readers do not see as text.

    One that takes in all of it does not.
    """
    if not (_is_suspect(page.text, span.start) or _is_suspect(page.text, span.end)):
        return False
    last = max(span.start, span.end - 1)
    places = ((span.start, span.start), (last, span.end))
    return any(_is_within(at, _hidden_near(page, held)) for held, at in places)


def _is_within(at: int, parts: Sequence[Span]) -> bool:
    before = bisect_left(parts, at, key=lambda part: part.start) - 1
    return before >= 0 and parts[before].start < at < parts[before].end


def _is_suspect(text: str, offset: int) -> bool:
    """Return whether the paragraph at *offset* has any mark of what is hidden."""
    starts, suspect = _paragraphs(text)
    return suspect[bisect_right(starts, offset) - 1]


@lru_cache(maxsize=4)
def _paragraphs(text: str) -> tuple[list[int], list[bool]]:
    """Return where a text's paragraphs start, and whether each may hold something hidden."""
    starts = [0, *(match.end() for match in _BLANK.finditer(text))]
    everywhere = bool(_OVER_BLANK_LINES.search(text))
    ends = [*starts[1:], len(text)]
    return starts, [
        everywhere or bool(_SUSPECT.search(text, start, end))
        for start, end in zip(starts, ends, strict=True)
    ]


def _hidden_near(page: Page, offset: int) -> Sequence[Span]:
    """Return the hidden parts of the block that holds *offset*, in order."""
    line = page.source.line_of(offset)
    if offset < page.body.start:
        return ()
    kind, first, after = _block_at(page, line)
    if kind == "code_block":
        return ()
    if kind == "fence":
        opening = Span(page.source.starts[first], page.source.end_of_line(first))
        return (opening,) if line == first else ()
    block = page.source.lines(first, after)
    return _parts(page.text, block.start, block.end)


@lru_cache(maxsize=64)
def _parts(text: str, start: int, end: int) -> tuple[Span, ...]:
    found = _PART.finditer(text, start, end)
    return tuple(Span(*part.span()) for part in found if part["hidden"])


def _block_at(page: Page, line: int) -> _Block:
    """Return the block that holds a line; one that markdown-it has no block for stands alone."""
    chunk = next(iter(chunks_between(page.chunks, line, line)), None)
    blocks = _blocks(page, chunk.line) if chunk else []
    before = bisect_right(blocks, line, key=lambda block: block[1]) - 1
    if before >= 0 and line < blocks[before][2]:
        return blocks[before]
    return "inline", line, line + 1


@lru_cache(maxsize=8)
def _blocks(page: Page, line: int) -> list[_Block]:
    """Return the blocks without blocks inside of the chunk at *line*, in order."""
    return [
        (token.type, token.map[0], token.map[1])
        for token in page.tokens(line, line)
        if token.type in _LEAVES and token.map
    ]
