"""What readers can take along of a site: its manuals as PDF, and what they opened, offline."""

from collections.abc import Callable
from html import escape
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File
from mkdocs.utils import get_relative_url

from manualsmith.errors import UserError
from manualsmith.layout import MANUALS, Manual
from manualsmith.paper.book import Book
from manualsmith.site.offline.service_worker import (
    OFFLINE_PAGE,
    SCRIPT,
    offline_file,
    offline_html,
    write_farewell,
    write_worker,
)
from manualsmith.site.pages.html_headings import beneath_first
from manualsmith.site.site_language import site_language
from manualsmith.text import speaking, t

_log = get_plugin_logger("manualsmith")


class TakeAlong:
    """What one build of a site offers: *pdf* of each manual; *offline*, None for no word of it."""

    def __init__(self, config: MkDocsConfig, *, pdf: bool, offline: bool | None) -> None:
        served = is_served(config)
        self._pdf = pdf and not served
        self._offline = None if served else offline
        self._books: dict[str, Book] = {}
        self._page: File | None = None
        self.scripts = [SCRIPT] if self._offline else []

    def new_files(self, config: MkDocsConfig) -> list[File]:
        """Return the pages that no source is of."""
        self._page = offline_file(config) if self._offline else None
        return [self._page] if self._page else []

    def html(self, path: str, config: MkDocsConfig) -> str | None:
        """Return the body of a page of these; None where it is none."""
        return offline_html(config.site_name) if self._page and path == OFFLINE_PAGE else None

    def read(self, book_of: Callable[[Manual], Book]) -> None:
        """Read the manuals, all pages having been read."""
        for name, manual in MANUALS.items() if self._pdf else ():
            try:
                self._books[name] = book_of(manual)
            except UserError as error:
                _tell(error)

    def with_link(self, html: str, path: str, url: str) -> str:
        """Return the HTML of the page at *path* with where its manual is to be had, on its first.

        url: the page's on the site.
        """
        for name, book in self._books.items():
            if book.chapters[0].path == path:
                href = escape(get_relative_url(f"{name}.pdf", url))
                told = escape(t("Take this manual along (PDF)"))
                link = f'<a href="{href}" download="{escape(book.title)}.pdf">{told}</a>'
                html = beneath_first(html, f'<p class="ms-take" data-search-exclude>{link}</p>')
        return html

    def write(self, config: MkDocsConfig) -> None:
        """Write what there is beside the pages, all of which were written."""
        site = Path(config.site_dir)
        for name, book in self._books.items():
            from manualsmith.paper.book_pdf import write_book

            file = site / f"{name}.pdf"
            if file.exists():
                continue  # i18n builds one language after the other, the site's own first
            try:
                write_book(book, file)
            except UserError as error:
                _tell(error)
        with speaking(site_language(config)):
            if self._page:
                write_worker(site, self._page, site_language(config) or "en")
            elif self._offline is False:
                write_farewell(site)


def _tell(error: UserError) -> None:
    for one in error.problems:
        _log.warning("%s", f"{one} ({one.hint})" if one.hint else one)


def is_served(config: MkDocsConfig) -> bool:
    """Return whether `mkdocs serve` builds the site: it has the address that it serves at."""
    host, port = config.dev_addr
    return (config.site_url or "").startswith(f"http://{host}:{port}/")
