"""The links of a page within the repository, and the ids of its headings."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote

from manualsmith.markdown.dialect import NotRendered
from manualsmith.markdown.reading.outline import heading_attributes, heading_text
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.prose import without_code
from manualsmith.markdown.reading.source import TextEdit, apply_edits

_LINK = re.compile(r"\]\(\s*(?:<(?P<braced>[^>\n]*)>|(?P<plain>[^\s)]+))", re.MULTILINE)
_DEFINED = re.compile(r"^ {0,3}\[[^\]\n]+\]:[ \t]*<?(?P<target>[^\s>]+)", re.MULTILINE)
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|/|$")
_ID = re.compile(r"#([^\s}]+)")
_BRACES = re.compile(r"\{([^{}\n]*)\}")
_ATTRIBUTE = re.compile(r"""\b(?:id|name)=["']([^"']+)["']""")


@dataclass(frozen=True)
class Link:
    """A link within the repository: a path as it is written, empty for the page itself, and an id.

    Both without percent signs.
    """

    path: str
    anchor: str

    def __str__(self) -> str:
        """Return it as a page has it."""
        return f"{self.path}#{self.anchor}" if self.anchor else self.path


def link_of(target: str) -> Link | None:
    """Return a link's target taken apart, None where it leads out of the repository."""
    if _ELSEWHERE.match(target):
        return None
    path, _, anchor = target.partition("#")
    return Link(unquote(path.partition("?")[0]), unquote(anchor))


def links(text: str) -> Iterator[tuple[int, Link]]:
    """Yield the links within the repository, and where each stands, code left out."""
    if "](" not in text and "]:" not in text:
        return
    prose = without_code(text)
    for found in (*_LINK.finditer(prose), *_DEFINED.finditer(prose)):
        link = link_of(next((target for target in found.groups() if target), ""))
        if link:
            yield found.start(), link


def relink(text: str, change: Callable[[Link], str | None]) -> str:
    """Return *text* with the paths of links within the repository changed; None leaves one."""
    prose = without_code(text)
    edits = []
    for found in (*_LINK.finditer(prose), *_DEFINED.finditer(prose)):
        name = next(name for name, target in found.groupdict().items() if target)
        link = link_of(found[name])
        path = change(link) if link and link.path else None
        if path is not None:
            start = found.start(name)
            end = start + len(found[name].partition("#")[0].partition("?")[0])
            edits.append(TextEdit(start, end, quote(path, safe="/.")))
    return apply_edits(text, edits)


def added_links(old: str, new: str) -> list[Link]:
    """Return the links within the repository that *new* has more often than *old*, in order."""
    found = Counter(link for _, link in links(new))
    before = Counter(link for _, link in links(old)) if found else found
    return [link for link, count in found.items() if count > before[link]]


def section_ids(page: Page) -> list[str]:
    """Return the id of each of a page's sections, in their order."""
    return _ids(page)[0]


def anchors(page: Page) -> set[str]:
    """Return the ids on a page: those of its headings, and those that it gives by itself."""
    return _ids(page)[1]


def _ids(page: Page) -> tuple[list[str], set[str]]:
    """Return the sections' ids and all ids, as the site makes them."""
    if page.is_odd or _ATTRIBUTE.search(page.text):
        try:
            return [heading.id or "" for heading in page.headings], set(page.leaves.ids)
        except NotRendered:
            return [""] * len(page.headings), set()
    from markdown.extensions.toc import unique

    dialect = page.dialect
    attributes = dialect.reads_attributes
    own: list[str] = []
    ids: set[str] = set()
    if attributes:
        ids |= {one[1] for held in _BRACES.findall(page.text) if (one := _ID.search(held))}
    for heading in page.headings:
        given = _ID.search(heading_attributes(heading.raw) or "") if attributes else None
        words = heading_text(heading.raw)
        name = given[1] if given else unique(dialect.slugify(words, dialect.separator), ids)
        ids.add(name)
        own.append(name)
    return own, ids
