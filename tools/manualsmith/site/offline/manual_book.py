"""A manual as a book: its pages in the order of the nav, as readers have them on the site."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path
from urllib.parse import unquote

from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page

from manualsmith.errors import UserError
from manualsmith.layout import Manual, organisation
from manualsmith.markdown.checks.sanitizer import sanitize
from manualsmith.markdown.reading.front_matter import BadFrontMatter
from manualsmith.markdown.reading.page_environment import facts_of
from manualsmith.paper.book import Book, BookHeading, Chapter
from manualsmith.site.offline.printed_page import PrintedIn, printed
from manualsmith.site.pages.environment_table import environment_of
from manualsmith.site.pages.last_confirmed import PageEvidence, dates_of
from manualsmith.text import speaking, t

# A mark is a PNG or a JPEG, as on the forms.
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


@dataclass(frozen=True)
class BookSources:
    """What a site that was read knows: its nav and files, and what a file is called in the
    repository at *root*; the dates of its pages; the wording of facts; where it is, if it says so.
    """

    nav: Navigation
    files: Files
    path_of: Callable[[File], str]
    root: Path
    evidence: PageEvidence
    fact_names: Mapping[str, str]
    online: str


@dataclass(frozen=True)
class _Part:
    """A page in its order, under the titles of sections that begin with it, each at its depth."""

    page: Page
    depth: int
    sections: tuple[tuple[int, str], ...]


def manual_book(manual: Manual, sources: BookSources) -> Book:
    """Return a manual as a book. Raises UserError where the site's nav has no page of it."""
    nav = sources.nav.items
    parts = list(_narrowed(nav, lambda page: manual.holds(sources.path_of(page.file))))
    if not parts:
        raise UserError(
            t("the site has no page of the manual {name}", name=manual.name),
            hint=t("a manual is printed in the order of the site's nav"),
        )
    with speaking(manual.language):
        ids = _Ids([part.page for part in parts])
        into = PrintedIn(ids.named, _by_address(sources.files).get, sources.online)
        chapters = tuple(
            _chapter(part, sources.path_of(part.page.file), ids, into) for part in parts
        )
        about = _about([part.page for part in parts], sources)
    return Book(
        title=manual.title,
        language=manual.language,
        organisation=organisation().name,
        mark=_mark(sources.root),
        about=about,
        chapters=chapters,
    )


class _Ids:
    """The names in print of the ids of a book's pages."""

    def __init__(self, pages: Iterable[Page]) -> None:
        self._pages = {_address(page.file): number for number, page in enumerate(pages, 1)}
        self._named: dict[tuple[str, str], str] = {}

    def named(self, address: str, name: str) -> str | None:
        """Return what an id of the page at an address is called, as `PrintedIn` has it."""
        number = self._pages.get(_plain(address))
        if number is None or not name:
            return f"p{number}" if number else None
        return self._named.setdefault((_plain(address), name), f"p{number}-{len(self._named)}")


def _narrowed(items: Sequence[object], holds: Callable[[Page], bool]) -> Iterator[_Part]:
    """Yield the pages of a nav that *holds* is true of, from the section that has all of them."""
    having = [item for item in items if any(map(holds, _pages(item)))]
    if len(having) == 1 and isinstance(having[0], Section):
        return _narrowed(having[0].children, holds)
    return _parts(having, holds, 1, ())


def _parts(
    items: Sequence[object],
    holds: Callable[[Page], bool],
    depth: int,
    sections: tuple[tuple[int, str], ...],
) -> Iterator[_Part]:
    for item in items:
        found = [page for page in _pages(item) if holds(page)]
        if isinstance(item, Section) and found:
            index = item.children[0] if found[0] in item.children[:1] else None
            if isinstance(index, Page) and index.is_index:
                yield _Part(index, depth, sections)
                yield from _parts(item.children[1:], holds, depth + 1, ())
            else:
                above = (*sections, (depth, str(item.title)))
                yield from _parts(item.children, holds, depth + 1, above)
        elif found:
            yield _Part(found[0], depth, sections)
        sections = () if found else sections


def _pages(item: object) -> Iterator[Page]:
    if isinstance(item, Page):
        yield item
    elif isinstance(item, Section):
        for child in item.children:
            yield from _pages(child)


def _chapter(part: _Part, path: str, ids: _Ids, into: PrintedIn) -> Chapter:
    page, address = part.page, _address(part.page.file)
    own = ids.named(address, "") or ""
    top = page.toc.items
    has_title = len(top) == 1 and top[0].level == 1
    title = unescape(top[0].title) if has_title else str(page.title or page.file.name)
    headings = [BookHeading(f"{own}-s{n}", n, name) for n, name in part.sections]
    above = "".join(_heading(one) for one in headings)
    headings.append(BookHeading(own, part.depth, title))
    for one in top[0].children if has_title else top:
        name = ids.named(address, one.id) or own
        headings.append(BookHeading(name, part.depth + 1, unescape(one.title)))
    html = printed(page.content or "", address, part.depth - 1, into)
    if not has_title:
        above += f"<h{min(part.depth, 6)}>{escape(title)}</h{min(part.depth, 6)}>"
    section = f'<section class="chapter" id="{own}">{above}{html}</section>'
    return Chapter(path, tuple(headings), section)


def _heading(one: BookHeading) -> str:
    level = min(one.depth, 6)
    return f'<h{level} id="{one.id}">{escape(one.title)}</h{level}>'


def _about(pages: Sequence[Page], sources: BookSources) -> str:
    """Return the HTML of the dates and the environment of a whole manual."""
    paths = [sources.path_of(page.file) for page in pages]
    found: dict[tuple[str, str], list[str]] = {}
    for path, page in zip(paths, pages, strict=True):
        try:
            facts = facts_of(path, page.file.content_string)
        except BadFrontMatter:
            continue
        for fact, value in facts.items():
            found.setdefault(fact, []).append(value)
    joined = {fact: t(", ").join(dict.fromkeys(values)) for fact, values in found.items()}
    title = t("The environment this manual is for")
    table = environment_of(joined, sources.fact_names, title)
    return sanitize(dates_of(paths, sources.evidence, sources.fact_names) + table)


def _mark(root: Path) -> bytes:
    file = root / organisation().mark
    data = file.read_bytes() if organisation().mark and file.is_file() else b""
    return data if data.startswith(_PICTURES) else b""


def _by_address(files: Files) -> dict[str, File]:
    return {_address(file): file for file in files}


def _address(file: File) -> str:
    return _plain(unquote(file.url))


def _plain(address: str) -> str:
    """Return an address of the site without what names an index, or the folder itself."""
    return address.removeprefix("./").removesuffix("index.html")
