"""Numbered lists: the steps of a procedure, with where each marker and each text stands."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from markdown_it.token import Token

from manualsmith.markdown.reading.source import Source, Span
from manualsmith.markdown.template_marks import is_mark_line

STEP_INDENT = 4
_BULLET = re.compile(r"[-+*]")
_NUMBER = re.compile(r"(\d{1,9})[.)]")
_GAP = re.compile(r"[ \t]*")


@dataclass(frozen=True)
class Item:
    """A list's item. ``number`` spans the digits of its marker, ``content`` the text after it."""

    line: int
    end: int
    column: int
    number: Span
    content: Span
    lists: tuple["NumberedList", ...] = ()


@dataclass(frozen=True)
class NumberedList:
    """A numbered list. ``foreign`` says that MkDocs counts its items in another way than we do."""

    line: int
    end_line: int
    items: tuple[Item, ...]
    foreign: bool = False

    @property
    def column(self) -> int:
        """Column of the first item's marker, from 0."""
        return self.items[0].column

    @property
    def end(self) -> int:
        """The line after the last item's text."""
        return self.items[-1].end

    def numbers(self, source: Source) -> list[int]:
        """Return the numbers as they are written."""
        return [int(item.number.of(source.text)) for item in self.items]


@dataclass
class _OpenList:
    ordered: bool
    line: int
    end: int
    items: list[Item] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    foreign: bool = False


@dataclass
class _OpenItem:
    line: int
    end: int
    column: int
    number: Span
    start: int
    lists: list[NumberedList] = field(default_factory=list)


def read_lists(
    tokens: Sequence[Token], source: Source, after_numbers: str = "."
) -> tuple[NumberedList, ...]:
    """Return the numbered lists that stand in no other list, in order.

    *after_numbers* are the characters that make a number one of a list.
    """
    reader = _Reader(source, after_numbers)
    for token in tokens:
        reader.take(token)
    return tuple(reader.found)


class _Reader:
    """Builds nested lists from a flat run of tokens."""

    def __init__(self, source: Source, after_numbers: str) -> None:
        self.source = source
        self.after_numbers = after_numbers
        self.found: list[NumberedList] = []
        self.lists: list[_OpenList] = []
        self.items: list[_OpenItem] = []
        self.last_closed: tuple[int, int] | None = None

    def take(self, token: Token) -> None:
        kind = token.type
        if kind in ("ordered_list_open", "bullet_list_open") and token.map:
            self._open_list(token, token.map[0], token.map[1])
        elif kind == "list_item_open" and token.map:
            self._open_item(token, token.map[0], token.map[1])
        elif kind == "list_item_close":
            self._close_item()
        elif kind in ("ordered_list_close", "bullet_list_close"):
            self._close_list(token)

    def _open_list(self, token: Token, line: int, end: int) -> None:
        ordered = token.type == "ordered_list_open" and token.markup in self.after_numbers
        self.lists.append(_OpenList(ordered, line, end))
        if self.last_closed == (token.level, line):
            self._mark_joined()

    def _mark_joined(self) -> None:
        """Lists of two kinds with nothing between them are one list to MkDocs."""
        self.lists[-1].foreign = True
        before = self._siblings()
        if before and before[-1].end_line == self.lists[-1].line:
            before[-1] = replace(before[-1], foreign=True)

    def _siblings(self) -> list[NumberedList]:
        return self.items[-1].lists if self.items else self.found

    def _open_item(self, token: Token, line: int, end: int) -> None:
        pattern = _NUMBER if token.markup in ".)" else _BULLET
        outer = self.items[-1] if self.items else None
        start = self.source.starts[line]
        if outer and outer.line == line:
            start = outer.start
        match = pattern.search(self.source.text, start)
        assert match  # noqa: S101 - the parser found the marker on this line
        number = Span(*match.span(1)) if pattern is _NUMBER else Span(*match.span())
        content = _content_start(self.source, match.end(), line)
        column = _column(self.source, match.start(), line)
        self._mark_flattened(column)
        self.items.append(_OpenItem(line, end, column, number, content))

    def _mark_flattened(self, column: int) -> None:
        """MkDocs nests by four columns; what is nested by fewer, it counts as the outer list's."""
        for item, outer in zip(self.items, self.lists, strict=False):
            if column - item.column < STEP_INDENT:
                outer.foreign = True

    def _close_item(self) -> None:
        item = self.items.pop()
        end = max(self.source.trim_blank(item.line, item.end), item.line + 1)
        while end > item.line + 1 and self._ends_what_is_around(item, end - 1):
            end = self.source.trim_blank(item.line, end - 1)
        stop = max(item.start, self.source.end_of_line(end - 1))
        self.lists[-1].items.append(
            Item(
                item.line, end, item.column, item.number, Span(item.start, stop), tuple(item.lists)
            )
        )

    def _ends_what_is_around(self, item: _OpenItem, line: int) -> bool:
        """Return whether a line is a mark that closes something around the list."""
        text = self.source.line_text(line)
        return len(text) - len(text.lstrip()) <= item.column and is_mark_line(text)

    def _close_list(self, token: Token) -> None:
        done = self.lists.pop()
        self.last_closed = (token.level, done.end)
        if not done.ordered:
            return
        items = tuple(done.items)
        self._siblings().append(NumberedList(done.line, done.end, items, done.foreign))


def _content_start(source: Source, after_marker: int, line: int) -> int:
    gap = _GAP.match(source.text, after_marker, source.end_of_line(line))
    width = len(gap[0]) if gap else 0
    if after_marker + width == source.end_of_line(line):
        return after_marker + min(width, 1)
    return after_marker + (width if width <= STEP_INDENT else 1)


def _column(source: Source, offset: int, line: int) -> int:
    return len(source.text[source.starts[line] : offset].expandtabs(4))


def walk(lists: Sequence[NumberedList]) -> Iterator[NumberedList]:
    """Yield each list and the lists in its items, outermost first."""
    for found in lists:
        yield found
        for item in found.items:
            yield from walk(item.lists)
