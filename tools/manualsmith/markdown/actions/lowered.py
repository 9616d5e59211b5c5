"""The result of an action: text edits, the span they may change, and what to tell a person."""

from dataclasses import dataclass

from manualsmith.markdown.locating.locate import place_of
from manualsmith.markdown.lost_target import TargetLost
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.source import Span, TextEdit
from manualsmith.text import t


@dataclass(frozen=True)
class Lowered:
    """Text edits on a page. *scope* is the target: structure outside it must stay as it is.

    *possible* are places that resemble the target and are left as they are.
    """

    edits: tuple[TextEdit, ...]
    scope: Span
    notes: tuple[str, ...] = ()
    possible: tuple[Span, ...] = ()


def already(page: Page, offset: int) -> TargetLost:
    """Return the error that says there is nothing to do."""
    return TargetLost("already", t("the page says so already"), place=place_of(page, offset))


def block(page: Page, text: str) -> str:
    """Return *text* as a block of lines: the page's line ends, no blank lines around it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    while lines and not lines[0].strip():
        lines.pop(0)
    return page.source.with_newlines("\n".join(lines).rstrip())


def insert_block(page: Page, line: int, text: str) -> TextEdit:
    """Return the edit that puts *text* before *line*, a blank line on either side of it."""
    source = page.source
    newline = source.newline
    after = source.trim_blank(0, line)
    if after == 0:
        return TextEdit(source.starts[0], source.starts[0], text + newline)
    tail = newline if after < source.line_count and not source.is_blank(after) else ""
    offset = source.end_of_line(after - 1)
    return TextEdit(offset, offset, newline * 2 + text + tail)


def delete_lines(page: Page, first: int, after: int) -> TextEdit:
    """Return the edit that removes lines, and the blank ones that would be left doubled."""
    source = page.source
    if after < source.line_count:
        span = source.lines(first, after)
        return TextEdit(span.start, span.end, "")
    keep = source.trim_blank(0, first)
    start = source.end_of_line(keep - 1) if keep else source.starts[0]
    last = source.trim_blank(first, after)
    return TextEdit(start, max(start, source.end_of_line(last - 1)), "")
