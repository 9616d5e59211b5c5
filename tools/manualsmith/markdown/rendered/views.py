"""Render the part of a page that an edit can change, before and after the edit.

A page that is plain enough is looked at from one heading to the next; any other as a whole.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from manualsmith.markdown.dialect import Dialect
from manualsmith.markdown.reading.chunks import chunks_between
from manualsmith.markdown.reading.leaves import Leaves, read_leaves
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.source import Span, TextEdit

# Extensions that read a page heading by heading, but for what `_FAR` finds.
_LOCAL = frozenset(
    [
        "abbr",
        "admonition",
        "attr_list",
        "def_list",
        "extra",
        "fenced_code",
        "footnotes",
        "md_in_html",
        "meta",
        "nl2br",
        "sane_lists",
        "smarty",
        "tables",
        "toc",
        "pymdownx.arithmatex",
        "pymdownx.betterem",
        "pymdownx.caret",
        "pymdownx.details",
        "pymdownx.emoji",
        "pymdownx.extra",
        "pymdownx.highlight",
        "pymdownx.inlinehilite",
        "pymdownx.keys",
        "pymdownx.magiclink",
        "pymdownx.mark",
        "pymdownx.smartsymbols",
        "pymdownx.superfences",
        "pymdownx.tabbed",
        "pymdownx.tasklist",
        "pymdownx.tilde",
    ]
)
# What reaches over a heading: HTML, definitions, blocks of formulas and of other kinds.
_FAR = re.compile(
    r"^[ \t>]*<(?!https?:|mailto:)[A-Za-z!?/]|<[!?]|`{3}|~{3}|^[ \t>]*\*?\[[^\]\n]+\]:|\$\$"
    r"|^[ \t]*///",
    re.MULTILINE,
)
_FENCE = re.compile(
    r"^(?P<indent>[ \t]*)(?P<mark>`{3,}|~{3,})[\w-]*[ \t]*\r?\n"
    r"(?:(?!(?P=indent)(?P=mark))(?>(?P=indent).*|[ \t]*\r?)\n)*+"  # each line in one way
    r"(?P=indent)(?P=mark)[ \t]*\r?$",
    re.MULTILINE,
)
_MARKS_HEADING = re.compile(r"#|^[ \t]*(?:=+|-+)[ \t]*\r?$", re.MULTILINE)


@dataclass(frozen=True)
class Views:
    """The same part of a page before and after an edit: its Markdown, and what readers get."""

    before: str
    after: str
    dialect: Dialect

    @cached_property
    def html_before(self) -> str:
        """The HTML that readers have. Raises NotRendered."""
        return self.dialect.html(self.before)

    @cached_property
    def html_after(self) -> str:
        """The HTML that readers would get. Raises NotRendered."""
        return self.dialect.html(self.after)

    @property
    def leaves_before(self) -> Leaves:
        """What readers see."""
        return read_leaves(self.html_before)

    @property
    def leaves_after(self) -> Leaves:
        """What readers would see."""
        return read_leaves(self.html_after)


def views(before: Page, after: Page, edits: Sequence[TextEdit]) -> Views:
    """Return the part of a page that *edits* can change, before and after them."""
    body = before.body.of(before.text), after.body.of(after.text)
    in_body = [edit for edit in edits if edit.end >= before.body.start]
    part = _part(before, in_body) if in_body else None
    if part is None or not _local(before.dialect, body):
        return Views(*body, before.dialect)
    if any(
        _MARKS_HEADING.search(t) for e in in_body for t in (e.text, before.text[e.start : e.end])
    ):
        return Views(*body, before.dialect)
    grown = len(after.text) - len(before.text)
    earlier = sum(len(e.text) - (e.end - e.start) for e in edits if e.end < before.body.start)
    start = part.start + earlier
    return Views(part.of(before.text), after.text[start : part.end + grown], before.dialect)


def _part(page: Page, edits: Sequence[TextEdit]) -> Span | None:
    """Return the chunks that the edits lie in; None where that is the whole page."""
    first = page.source.line_of(min(edit.start for edit in edits))
    last = page.source.line_of(max(edit.end for edit in edits))
    held = chunks_between(page.chunks, first, last)
    if not held or len(held) == len(page.chunks):
        return None
    span = page.source.lines(held[0].line, held[-1].end)
    inside = span.start <= min(e.start for e in edits) and max(e.end for e in edits) < span.end
    return span if inside else None


def _local(dialect: Dialect, texts: Sequence[str]) -> bool:
    names = {name.removeprefix("markdown.extensions.") for name in dialect.extensions}
    return names <= _LOCAL and not any(_reaches_far(text) for text in texts)


@lru_cache(maxsize=8)
def _reaches_far(text: str) -> bool:
    return bool(_FAR.search(_FENCE.sub("", text) if "```" in text or "~~~" in text else text))
