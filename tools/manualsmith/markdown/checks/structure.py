"""Check that headings, fences, lists and tables outside an edit's target are read as before."""

import re
from collections.abc import Iterable, Iterator

from markdown_it.token import Token

from manualsmith.errors import Place
from manualsmith.markdown.lost_target import TargetLost
from manualsmith.markdown.reading.front_matter import BadFrontMatter, FrontMatterEntry, read_entries
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.source import Span, TextEdit
from manualsmith.text import t

_FENCES = ("```", "~~~")


# Letters and figures that end in no point.
_YAML_WORD = re.compile(r"(['\"]?)\w+(?:\.\w+)*\1")
_YAML_KEY = re.compile(r"[ \t]*[\w.-]+:[ \t]+\Z")


def keeps_front_matter(page: Page, edit: TextEdit) -> bool:
    """Return whether an edit lies in the front matter and puts a word in the place of a word."""
    front = page.front_matter
    if front is None or edit.start >= front.block.end:
        return False
    word = _YAML_WORD
    if not (word.fullmatch(edit.text) and word.fullmatch(page.text, edit.start, edit.end)):
        return False
    line = page.source.starts[page.source.line_of(edit.start)]
    return bool(_YAML_KEY.match(page.text[line : edit.start]))


def check_structure(before: Page, after: Page, scope: Span) -> None:
    """Raise TargetLost where headings, fences, lists or tables outside *scope* changed.

    *scope* is a span of the page as it was; all the edits lie in it.
    """
    source = before.source
    first, last = source.line_of(scope.start), source.line_of(scope.end)
    grown = after.source.line_count - source.line_count
    if _bounds(before, first, last, 0) != _bounds(after, first, last + grown, grown):
        raise _broken(t("the edit would change how what follows it is read"), last)
    above = min(first, last + grown)
    was = list(_outside(before.tokens(above, last), first, last, 0))
    now = list(_outside(after.tokens(above, last + grown), first, last + grown, grown))
    if was != now:
        line = next((a[0] for a, b in zip(was, now, strict=False) if a != b), last)
        raise _broken(t("the edit would change how what follows it is read"), line)
    if _unclosed_fence(after, last + grown) and not _unclosed_fence(before, last):
        raise _broken(t("the edit opens a code block and does not close it"), first)
    _check_front_matter(before, after, scope)


def _bounds(page: Page, first: int, last: int, grown: int) -> list[int]:
    """Return the chunks' first lines outside a scope, in lines of the page before the edit."""
    lines = [chunk.line for chunk in page.chunks[1:]]
    return [line - (grown if line > last else 0) for line in lines if not first <= line <= last]


def _outside(
    tokens: list[Token], first: int, last: int, grown: int
) -> Iterator[tuple[int, str, str, int, str]]:
    for index, token in enumerate(tokens):
        if not token.map or token.nesting < 0 or first <= token.map[0] <= last:
            continue
        line = token.map[0] - (grown if token.map[0] > last else 0)
        words = tokens[index + 1].content if token.type == "heading_open" else ""
        if token.type != "inline":
            yield line, token.type, token.tag, token.level, words


def _unclosed_fence(page: Page, line: int) -> bool:
    """Return whether *line* stands in the last chunk, and that ends within a fence."""
    tokens = page.tokens(line, line)
    fences = [token for token in tokens if token.type == "fence" and token.map]
    if not fences or line < page.chunks[-1].line or fences[-1].map is None:
        return False
    first, end = fences[-1].map
    last_line = page.source.line_text(end - 1).strip(" \t>")
    return end - first < 2 or not last_line.startswith(_FENCES)


def _check_front_matter(before: Page, after: Page, scope: Span) -> None:
    """Raise TargetLost where the front matter breaks, or loses a value outside *scope*."""
    was = before.front_matter.block.of(before.text) if before.front_matter else None
    now = after.front_matter.block.of(after.text) if after.front_matter else None
    if was == now:
        return
    try:
        there = {entry.key: entry.value for entry in read_entries(after.text).values()}
    except BadFrontMatter as error:
        message = t("the edit would break the front matter: {reason}", reason=error)
        raise _broken(message, error.line) from error
    for entry in _readable(before):
        outside = entry.span.end <= scope.start or scope.end <= entry.span.start
        if outside and there.get(entry.key) != entry.value:
            line = before.source.line_of(entry.span.start)
            raise _broken(t("the edit would change what the front matter says beside it"), line)


def _readable(page: Page) -> Iterable[FrontMatterEntry]:
    try:
        return read_entries(page.text).values()
    except BadFrontMatter:
        return ()


def _broken(message: str, line: int) -> TargetLost:
    return TargetLost("structure", message, place=Place(None, line + 1))
