"""A troubleshooting entry on a page: the symptom is the heading, labels name the other parts.

## 登入後又回到登入畫面

**環境**：網頁版

**原因**：瀏覽器擋下了 Cookie。

**處理步驟**：

1. …
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from manualsmith.markdown.reading.numbered_lists import STEP_INDENT
from manualsmith.markdown.reading.outline import Section
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.source import Span

LABELS: Mapping[str, Sequence[str]] = {
    "environment": ("環境", "適用環境", "Environment"),
    "cause": ("原因", "Cause"),
    "resolution": ("處理步驟", "處理方式", "解決方法", "Resolution"),
}
_PART_OF = {label: part for part, labels in LABELS.items() for label in labels}
_LABEL = re.compile(r"\*\*(?P<label>[^*\r\n]+?)(?:[：:]\*\*|\*\*[：:])[ \t]*")


@dataclass(frozen=True)
class Part:
    """A part of an entry: the lines from its label on, and the span of what the label names."""

    name: str
    line: int
    end: int
    value: Span


def read_parts(page: Page, section: Section) -> dict[str, Part]:
    """Return the labelled parts of an entry, by name, the first of each."""
    source = page.source
    labels: list[tuple[int, int, str]] = []
    for line in range(section.body, section.own_end):
        match = _LABEL.match(page.text, source.starts[line])
        if match and match["label"] in _PART_OF:
            labels.append((line, match.end(), _PART_OF[match["label"]]))
    parts: dict[str, Part] = {}
    for number, (line, start, name) in enumerate(labels):
        after = labels[number + 1][0] if number + 1 < len(labels) else section.own_end
        parts.setdefault(name, _part(page, section, name, (line, start, after)))
    return parts


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


def is_entry(page: Page, section: Section) -> bool:
    """Return whether a section is a troubleshooting entry: it says how to resolve something."""
    return "resolution" in read_parts(page, section)


def labelled(name: str, text: str) -> str:
    """Return a part with its label, lines ended by ``\\n``."""
    gap = "\n\n" if name == "resolution" else ""
    return f"**{LABELS[name][0]}**：{gap}{text}"


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
