"""A troubleshooting entry on a page: the symptom is the heading, labels name the other parts.

Other forms of entries, and other words: `markdown.entry_form`.

## 登入後又回到登入畫面

**環境**：網頁版

**原因**：瀏覽器擋下了 Cookie。

**處理步驟**：

1. …
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from manualsmith.markdown.reading.numbered_lists import STEP_INDENT
from manualsmith.markdown.reading.outline import Section
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.source import Span

_LABEL = re.compile(r"\*\*(?P<label>[^*\r\n]+?)(?:[：:]\*\*|\*\*[：:])[ \t]*")


@dataclass(frozen=True)
class Part:
    """A part of an entry: the lines from its label on, and the span of what the label names."""

    name: str
    line: int
    end: int
    value: Span


def read_parts(page: Page, section: Section) -> dict[str, Part]:
    """Return the parts of an entry, by name, the first of each, in the form of the manual."""
    form = page.dialect.entries
    if form.is_apart:
        return {}
    if form.shape == "headings":
        return _under_headings(page, section)
    labels: list[tuple[int, int, str]] = []
    for line in range(section.body, section.own_end):
        match = _LABEL.match(page.text, page.source.starts[line])
        if match and (part := form.part_of(match["label"])):
            labels.append((line, match.end(), part))
    parts: dict[str, Part] = {}
    for number, (line, start, name) in enumerate(labels):
        after = labels[number + 1][0] if number + 1 < len(labels) else section.own_end
        parts.setdefault(name, _part(page, section, name, (line, start, after)))
    if form.shape == "answer" and "resolution" not in parts:
        first = max((part.end for part in parts.values()), default=section.body)
        parts |= _answer(page, section, first)
    return parts


def _under_headings(page: Page, section: Section) -> dict[str, Part]:
    parts: dict[str, Part] = {}
    for inner in page.sections:
        if inner.path[:-1] == section.path and section.line < inner.line < section.end:
            name = page.dialect.entries.part_of(inner.title)
            if name:
                span = _text_of(page, inner, inner.body)
                parts.setdefault(name, Part(name, inner.line, inner.end, span))
    return parts


def _answer(page: Page, section: Section, first: int) -> dict[str, Part]:
    """Return what stands from *first* on under a heading with none beneath it: what resolves it."""
    beneath = any(section.line < one.line < section.end for one in page.sections)
    span = _text_of(page, section, first)
    if section.level == 1 or beneath or span.start == span.end:
        return {}
    return {"resolution": Part("resolution", first, section.own_end, span)}


def _text_of(page: Page, section: Section, first: int) -> Span:
    """Return where a section's own text is from a line on, blank lines around it left out."""
    source = page.source
    end = source.trim_blank(first, section.own_end)
    while first < end and source.is_blank(first):
        first += 1
    if first >= end:
        at = source.end_of_line(first - 1)
        return Span(at, at)
    return Span(source.starts[first], source.end_of_line(end - 1))


def _part(page: Page, section: Section, name: str, at: tuple[int, int, int]) -> Part:
    line, start, after = at
    source = page.source
    if name == "resolution":
        steps = [found for found in page.lists(section) if line <= found.line < after]
        if steps:
            return Part(
                name,
                line,
                after,
                Span(source.starts[steps[0].line], source.end_of_line(steps[-1].end - 1)),
            )
        end = source.trim_blank(line, after)
        return Part(name, line, after, Span(start, source.end_of_line(end - 1)))
    end = line + 1
    while end < after and not source.is_blank(end):
        end += 1
    return Part(name, line, end, Span(start, source.end_of_line(end - 1)))


def has_label(page: Page, part: Part) -> bool:
    """Return whether a part begins with a label, and not with what it says."""
    return bool(_LABEL.match(page.text, page.source.starts[part.line]))


def is_entry(page: Page, section: Section) -> bool:
    """Return whether a section is a troubleshooting entry: it says how to resolve something."""
    return "resolution" in read_parts(page, section)


def labelled(page: Page, name: str, text: str, level: int) -> str:
    """Return a part with its label, as other entries of the page have it, lines ended by ``\\n``.

    *level* is that of the entry's heading.
    """
    form = page.dialect.entries
    if form.shape == "answer" and name == "resolution":
        return text
    if form.shape == "headings":
        return f"{'#' * (level + 1)} {_written(page, name)}\n\n{text}"
    gap = "\n\n" if name == "resolution" else ""
    colon = form.colon.rstrip() if gap else form.colon
    return f"**{_written(page, name)}**{colon}{gap}{text}"


def _written(page: Page, name: str) -> str:
    """Return what a part is called on a page: as its last entry has it, else as in the manual."""
    form = page.dialect.entries
    if form.shape == "headings":
        found = [one.title for one in page.sections if form.part_of(one.title) == name]
    else:
        labels = (match["label"] for match in _LABEL.finditer(page.text))
        found = [label for label in labels if form.part_of(label) == name]
    return found[-1] if found else form.written(name)


_MARKER = re.compile(r"\s*(?:\d{1,3}[.)、](?!\d)|[-*+](?=\s)|#{1,6}(?=\s))\s*")


def bare_step(text: str) -> str:
    """Return a step that somebody typed without the number or bullet in front of it."""
    return text[found.end() :] if (found := _MARKER.match(text)) else text


def numbered(steps: Sequence[str]) -> str:
    """Return steps as a numbered list; what follows a step's first line is indented under it."""
    return "\n".join(f"{number}. " + _indented(step) for number, step in enumerate(steps, start=1))


def _indented(step: str) -> str:
    first, *rest = step.strip().split("\n")
    return "\n".join([first, *(" " * STEP_INDENT + line if line.strip() else "" for line in rest)])
