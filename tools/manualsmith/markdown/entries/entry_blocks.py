"""Troubleshooting entries that unfold, as a manual of the shape ``details`` has them.

    ??? question "登入後又回到登入畫面"

        **原因**：瀏覽器擋下了 Cookie。

        1. 允許 Cookie。

The other form is ``<details>`` with the symptom in ``<summary>``, each tag on lines of its own.
What stands inside are labelled parts, and what is left says how to resolve it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from manualsmith.markdown.dialect import CommonMark
from manualsmith.markdown.entry_form import EntryForm
from manualsmith.markdown.reading.outline import Section, heading_text
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.source import Source, Span, TextEdit

INDENT = 4
_FOLDED = re.compile(r'\?\?\?\+?[ ]?(?P<kind>[\w-]+(?:[ ]+[\w-]+)*)?[ ]+"(?P<title>.+)"[ ]*$')
_OPEN = re.compile(r"<details\b[^<>]*>", re.IGNORECASE)
_SUMMARY = re.compile(r"[ \t]*<summary\b[^>]*>(?P<title>.+?)</summary>[ \t]*$", re.IGNORECASE)
_TAGS = re.compile(r"<(?P<end>/?)details\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_MARKDOWN = re.compile(r"""\smarkdown(?:=["']?(?:1|block|span)["']?)?[\s>]""")
_TITLE = "## x"


@dataclass(frozen=True)
class EntryBlock:
    """A block that unfolds: the section that it would be, and the span of its symptom.

    first, after: the lines of what it holds, blank ones around it left out, indented by *indent*.
    kind: how it is written, as ``question``; empty for HTML. opening: its first line. is_read:
    whether the site reads Markdown in it.
    """

    section: Section
    symptom: Span
    first: int
    after: int
    indent: int
    kind: str
    opening: str
    is_read: bool


def entry_blocks(page: Page) -> list[EntryBlock]:
    """Return the page's blocks that unfold and say how to resolve something, in order."""
    return [block for block in _blocks(page) if block.first < block.after]


def _blocks(page: Page) -> Iterator[EntryBlock]:
    source, line = page.source, page.source.line_of(page.body.start)
    code = {
        at
        for token in page.tokens()
        if token.map and token.type in ("fence", "code_block")
        for at in range(*token.map)
    }
    closing = _closing(source)
    while line < source.line_count:
        text = source.line_text(line)
        made = None
        if line not in code and text.startswith(("???", "<")):
            made = _folded(page, line, text) or _html(page, line, text, closing.get(line))
        if made:
            yield made
        line = made.section.end if made else line + 1


def _folded(page: Page, line: int, text: str) -> EntryBlock | None:
    """Return the block of pymdownx.details that begins at a line."""
    found = _FOLDED.match(text)
    if not found:
        return None
    source, end = page.source, line + 1
    while end < source.line_count and (
        source.is_blank(end) or source.line_text(end).startswith((" " * INDENT, "\t"))
    ):
        end += 1
    start = source.starts[line]
    symptom = Span(start + found.start("title"), start + found.end("title"))
    kind = found["kind"] or "question"
    title = heading_text(found["title"])
    first, after = _trimmed(page, line + 1, end)
    section = _section(page, line, (first, max(first, after)), title)
    is_read = "pymdownx.details" in page.dialect.extensions
    return EntryBlock(section, symptom, first, after, INDENT, kind, text, is_read)


def _html(page: Page, line: int, text: str, close: int | None) -> EntryBlock | None:
    """Return the ``<details>`` that begins at a line, where its tags are on lines of their own."""
    opening = _OPEN.match(text)
    if not opening or close is None:
        return None
    source = page.source
    at, offset = (line, opening.end()) if text[opening.end() :].strip() else (line + 1, 0)
    found = _SUMMARY.match(source.line_text(at), offset) if at < close else None
    if not found:
        return None
    start = source.starts[at]
    symptom = Span(start + found.start("title"), start + found.end("title"))
    title = unescape(_TAG.sub("", found["title"])).strip()
    is_read = reads_within_html(page, bool(_MARKDOWN.search(opening[0])))
    first, after = _trimmed(page, at + 1, close)
    section = _section(page, line, (first, close + 1), title)
    return EntryBlock(section, symptom, first, after, 0, "", opening[0], is_read)


def reads_within_html(page: Page, is_marked: bool) -> bool:
    """Return whether the site reads Markdown in HTML, where that *is_marked* with ``markdown``."""
    if isinstance(page.dialect, CommonMark):
        return True
    names = {name.rpartition(".")[2] for name in page.dialect.extensions}
    return is_marked and bool(names & {"md_in_html", "extra"})


def _section(page: Page, line: int, held: tuple[int, int], title: str) -> Section:
    above = page.section_at(line)
    path = (*(above.path if above else ()), title)
    body, end = held
    return Section(path, len(path), line, body, end, end, title)


def _trimmed(page: Page, first: int, after: int) -> tuple[int, int]:
    """Return the lines without the blank ones around them."""
    after = page.source.trim_blank(first, after)
    while first < after and page.source.is_blank(first):
        first += 1
    return first, after


def _closing(source: Source) -> dict[int, int]:
    """Return the line that closes each ``<details>`` which begins a line; it holds nothing else."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for line in range(source.line_count):
        text = source.line_text(line).strip()
        for tag in _TAGS.finditer(text):
            if not tag["end"]:
                opened.append(line)
            elif opened:
                first = opened.pop()
                if tag[0] == text:
                    found[first] = line
    return found


@dataclass(frozen=True)
class Inner:
    """What a block holds as a page of its own: a heading, and the lines without their indent.

    removed: how many characters each of its lines has lost.
    """

    page: Page
    section: Section
    removed: tuple[int, ...]


def inner_page(page: Page, block: EntryBlock) -> Inner:
    """Return what a block holds; its parts are labelled, and the rest resolves it."""
    lines, removed = [], []
    for at in range(block.first, block.after):
        text = page.source.line_text(at)
        kept = text[block.indent :] if not text[: block.indent].strip() else text.lstrip()
        lines.append(kept)
        removed.append(len(text) - len(kept))
    text = page.source.newline.join([_TITLE, "", *lines]) + page.source.newline
    form = page.dialect.entries
    answer = EntryForm("answer", form.language, form.words)
    inner = Page(text, page.dialect.with_entries(answer))
    return Inner(inner, inner.sections[0], tuple(removed))


def outer_edit(page: Page, block: EntryBlock, inner: Inner, edit: TextEdit) -> TextEdit:
    """Return an edit of what a block holds as one of the page, with the indent there."""
    pad, newline = " " * block.indent, page.source.newline
    if inner.page.source.line_of(edit.start) <= inner.section.body:  # ahead of all that it holds
        at = page.source.starts[block.first]
        return TextEdit(at, at, _indented(edit.text.strip("\r\n"), pad, pad) + newline * 2)
    is_whole = edit.start == edit.end and inner.page.source.column_of(edit.start) == 0
    start, end = (_outer(page, block, inner, at, is_whole) for at in (edit.start, edit.end))
    return TextEdit(start, end, _indented(edit.text, pad if is_whole else "", pad))


def _indented(text: str, first: str, pad: str) -> str:
    """Return lines with an indent each, the first with its own; blank ones have none."""
    one, *rest = text.split("\n")
    lines = [first + one if one.strip() else one]
    return "\n".join((*lines, *(pad + line if line.strip() else line for line in rest)))


def _outer(page: Page, block: EntryBlock, inner: Inner, offset: int, is_whole: bool) -> int:
    at = inner.page.source.line_of(offset) - inner.section.body - 1
    column = 0 if is_whole else inner.page.source.column_of(offset) + inner.removed[at]
    return page.source.starts[block.first + at] + column
