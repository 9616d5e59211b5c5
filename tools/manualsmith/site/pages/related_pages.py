"""Related pages: what troubleshooting belongs to an operation page, and the other way round.

They follow from the links that pages of one manual have to the other, and from the front matter
(``related: [../troubleshooting/sign-in.md#login-loop]``). Each counts for both ends.
"""

import posixpath
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape, unescape

from mkdocs.structure.files import File
from mkdocs.structure.toc import AnchorLink
from mkdocs.utils import get_relative_url

from manualsmith.layout import MANUALS, is_page, page_of
from manualsmith.markdown.dialect import Dialect
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.page_links import Link, link_of, links, section_ids
from manualsmith.site.pages.html_headings import every
from manualsmith.text import t


@dataclass(frozen=True)
class RelatedPlace:
    """A page by its path in the repository, and the id of a heading on it, empty for all of it."""

    path: str
    anchor: str = ""


class Related:
    """The links between the manuals, gathered page by page."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._links: dict[str, dict[RelatedPlace, None]] = {}
        self._tocs: dict[str, Sequence[AnchorLink]] = {}
        self._titles: dict[str, str] = {}

    def add(
        self, path: str, title: str, toc: Sequence[AnchorLink], text: str, meta: object
    ) -> None:
        """Take in the links of a page; *text* is its source, *meta* its front matter's values."""
        self._tocs[path], self._titles[path] = toc, title
        leading = ((offset, _place(path, link)) for offset, link in links(text))
        across = [(offset, there) for offset, there in leading if _leads_across(path, there)]
        if across:  # a page that leads nowhere else need not be read
            for anchor, there in _from(Page(text, self._dialect), across):
                self._join(RelatedPlace(path, anchor), there)
        for target in meta if isinstance(meta, list) else ():
            if named := link_of(str(target)):
                self._join(RelatedPlace(path), _place(path, named))

    def _join(self, here: RelatedPlace, there: RelatedPlace) -> None:
        if _leads_across(here.path, there):
            self._links.setdefault(here.path, {})[there] = None
            self._links.setdefault(there.path, {})[here] = None

    def of(self, path: str) -> list[tuple[RelatedPlace, str]]:
        """Return the places of the other manual that belong to a page, each with its title."""
        found = {}
        for place in self._links.get(path, {}):
            if place.path in self._titles:
                known = _title(self._tocs[place.path], place.anchor)
                found[place] = known or self._titles[place.path]
        return sorted(found.items(), key=lambda pair: (pair[0].path, pair[1]))


def shown(
    related: Sequence[tuple[RelatedPlace, str]], url: str, find: Callable[[str], File | None]
) -> str:
    """Return the list of related places for the page at *url*; empty where there is none.

    *find* returns the site's file that is at a path in the repository.
    """
    items = []
    for place, title in related:
        file = find(place.path)
        if file is not None:
            anchor = f"#{place.anchor}" if place.anchor else ""
            href = escape(get_relative_url(file.url, url) + anchor)
            items.append(f'<li><a href="{href}">{escape(title)}</a></li>')
    if not items:
        return ""
    label = escape(_heading(_manual(related[0][0].path)))
    return (
        f'<nav class="ms-related" aria-label="{label}" data-search-exclude>'
        f"<p><strong>{label}</strong></p><ul>{''.join(items)}</ul></nav>\n"
    )


def _heading(manual: str | None) -> str:
    """Return what stands above the places of a *manual*."""
    if manual is None:
        return ""
    is_operation = MANUALS[manual].kind.name == "operation"
    return t("How it is done") if is_operation else t("Where something is wrong")


def _from(
    page: Page, leading: Iterable[tuple[int, RelatedPlace]]
) -> Iterator[tuple[str, RelatedPlace]]:
    """Yield where each link leads, with the id of the subheading that it stands under."""
    ids = dict(zip(page.sections, section_ids(page), strict=True))
    for offset, there in leading:
        section = page.section_at(page.source.line_of(offset))
        yield ids[section] if section and section.level > 1 else "", there


def _leads_across(path: str, there: RelatedPlace) -> bool:
    """Return whether a link from the page at *path* leads to a page of another manual."""
    manual, other = _manual(path), _manual(there.path)
    names = posixpath.basename(path), posixpath.basename(there.path)
    return bool(manual and other) and manual != other and "index.md" not in names


def _place(path: str, link: Link) -> RelatedPlace:
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), link.path))
    return RelatedPlace(target, link.anchor)


def _manual(path: str) -> str | None:
    named = page_of(path) if is_page(path) else None
    return named[0].name if named else None


def _title(toc: Sequence[AnchorLink], anchor: str) -> str | None:
    return next((unescape(h.title) for h in every(toc) if anchor and h.id == anchor), None)
