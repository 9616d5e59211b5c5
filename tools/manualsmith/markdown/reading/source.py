"""A page's text in lines, and edits on its characters.

Lines are counted from 0, offsets in characters from the start of the text (the BOM included),
and a span is ``[start, end)``. Only ``\\n``, ``\\r\\n`` and ``\\r`` end a line, as in Markdown.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from manualsmith.errors import Place, UserError
from manualsmith.text import t

BOM = "\ufeff"
_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, order=True)
class Span:
    """A range of characters, ``[start, end)``."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the characters of *text* that the span covers."""
        return text[self.start : self.end]

    def holds(self, other: "Span") -> bool:
        """Return whether *other* lies within this span."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, order=True)
class TextEdit:
    """Put *text* in place of the characters ``[start, end)``."""

    start: int
    end: int
    text: str


class Overlap(ValueError):
    """Two edits that change the same characters."""

    def __init__(self, first: TextEdit, second: TextEdit) -> None:
        super().__init__(f"edits overlap at {second.start}")
        self.first = first
        self.second = second


@dataclass(frozen=True)
class Source:
    """The text of a page, with where its lines start."""

    text: str

    @cached_property
    def starts(self) -> list[int]:
        """Offset of each line's first character, and last the end of the text."""
        starts = [1 if self.text.startswith(BOM) else 0]
        starts += [match.end() for match in _LINE_END.finditer(self.text)]
        if starts[-1] != len(self.text) or len(starts) == 1:
            starts.append(len(self.text))
        return starts

    @cached_property
    def line_count(self) -> int:
        """Number of lines; text after the last line end counts as a line."""
        return len(self.starts) - 1

    @cached_property
    def newline(self) -> str:
        """The line end that the page uses, by its first one."""
        match = _LINE_END.search(self.text)
        return match[0] if match else "\n"

    def line_of(self, offset: int) -> int:
        """Return the number of the line that holds *offset*."""
        return max(0, min(bisect_right(self.starts, offset) - 1, self.line_count - 1))

    def column_of(self, offset: int) -> int:
        """Return the offset within its line, from 0."""
        return offset - self.starts[self.line_of(offset)]

    def lines(self, first: int, after: int) -> Span:
        """Return the span of the lines ``[first, after)``, line ends included."""
        return Span(
            self.starts[min(first, self.line_count)], self.starts[min(after, self.line_count)]
        )

    def line_text(self, line: int) -> str:
        """Return one line without its line end."""
        return self.lines(line, line + 1).of(self.text).rstrip("\r\n")

    def is_blank(self, line: int) -> bool:
        """Return whether a line holds nothing but white space."""
        return not self.lines(line, line + 1).of(self.text).strip()

    def trim_blank(self, first: int, after: int) -> int:
        """Return *after*, moved up over blank lines but not above *first*."""
        while after > first and self.is_blank(after - 1):
            after -= 1
        return after

    def end_of_line(self, line: int) -> int:
        """Return the offset where a line's text ends, before its line end."""
        return self.starts[line] + len(self.line_text(line))

    def with_newlines(self, text: str) -> str:
        """Return *text* with this page's line ends."""
        unix = _LINE_END.sub("\n", text)
        return unix if self.newline == "\n" else unix.replace("\n", self.newline)


def combine(edits: Iterable[TextEdit]) -> list[TextEdit]:
    """Return *edits* in order of place, the same one only once.

    Two insertions at one place keep the order in which they were given.
    Raises Overlap where two edits change the same characters.
    """
    ordered: list[TextEdit] = []
    for edit in sorted(dict.fromkeys(edits), key=lambda edit: (edit.start, edit.end)):
        if ordered and edit.start < ordered[-1].end:
            raise Overlap(ordered[-1], edit)
        ordered.append(edit)
    return ordered


def apply_edits(text: str, edits: Iterable[TextEdit]) -> str:
    """Return *text* with *edits* made, each against the text as it was given."""
    parts: list[str] = []
    position = 0
    for edit in combine(edits):
        parts += (text[position : edit.start], edit.text)
        position = edit.end
    parts.append(text[position:])
    return "".join(parts)


def decode(data: bytes, path: str) -> str:
    """Return a page's text. Raises UserError with the place of the first byte that is no UTF-8."""
    if b"\0" in data[:8000]:
        raise UserError(t("not a text file"), Place(path))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        before = data[data.rfind(b"\n", 0, error.start) + 1 : error.start]
        column = len(before.decode("utf-8").removeprefix(BOM)) + 1
        raise UserError(
            t("not UTF-8 text: byte {byte}", byte=f"0x{data[error.start]:02X}"),
            Place(path, line, column),
            t("save the file as UTF-8"),
        ) from error


def is_text(data: bytes) -> bool:
    """Return whether a page's bytes are text that can be read."""
    try:
        decode(data, "")
    except UserError:
        return False
    return True
