"""What is added to a site for its readers: a home page, descriptions, notices."""

from collections.abc import Callable
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from manualsmith.layout import manual_of
from manualsmith.settings.read_settings import read_settings_in
from manualsmith.site.build.build_cache import BuildCache
from manualsmith.site.build.shortcuts import is_material
from manualsmith.site.build.site_files import add_once
from manualsmith.site.pages.html_headings import beneath_first
from manualsmith.site.readers.description import description_of
from manualsmith.site.readers.entry_list import entry_list
from manualsmith.site.readers.from_records import FromRecords, from_records
from manualsmith.site.readers.page_figures import with_figures
from manualsmith.site.readers.site_home import (
    as_home,
    asked_list,
    completed,
    notice_box,
    read_icons,
)
from manualsmith.text import t

_log = get_plugin_logger("manualsmith")
_STYLES = "assets/manualsmith/readers.css"
_SCRIPT = "assets/manualsmith/readers.js"


def configure(config: MkDocsConfig) -> None:
    """Add our styles and script; say once where the site's address is not set."""
    add_once(config.extra_css, _STYLES, first=True)
    add_once(config.extra_javascript, _SCRIPT, first=True)
    if not config.site_url:
        _log.info(t("site_url is not set: pages have no canonical address, the sitemap is empty"))


class ForReaders:
    """What the readers of one site get beside its text.

    *roots*: of the repositories that hold the records, where they can be looked at.
    """

    def __init__(self, config: MkDocsConfig, roots: list[Path], kept: BuildCache) -> None:
        self._config = config
        allow = read_settings_in(roots[0]).allow_personal
        self._places: dict[str, str | None] | None = None
        self._known: FromRecords = from_records(roots, kept, allow)

    def described(self, html: str, page: Page, path: str, *, home: bool) -> None:
        """Give a page that has no description one, made of its own *html*.

        A troubleshooting page, other than its manual's first, is about its entries. *path* is its
        source's.
        """
        if page.meta.get("description") or (home and self._config.site_description):
            return
        manual = manual_of(path)
        entries = manual and manual.kind.name == "troubleshooting" and not page.is_index
        title = str(page.title or page.file.name)
        page.meta["description"] = description_of("" if entries else html, title, page.toc.items)

    def home(self, html: str, page: Page, path: str) -> str:
        """Return the *html* of a home page, its parts in their places; *path* is its source's."""
        # its cards are the way on, and what is beside them would be empty
        page.meta.setdefault("hide", ["navigation", "toc"])
        icons = read_icons(page.meta.get("icons"), self._config.theme.dirs, path)
        return as_home(html, self._config.site_name, icons)

    def complete_home(self, html: str, page: Page, find: Callable[[str], File | None]) -> str:
        """Return a home page with what needs all pages to be read; *find* is by path."""
        asked = asked_list(self._known.asked, page.url, find)
        return completed(html, self._known.notices, asked)

    def with_figures(self, html: str, page: Page, files: Files) -> str:
        """Return a page's *html* with its pictures as figures; *files* are the site's."""
        if self._places is None:
            media = (file for file in files if not file.is_documentation_page())
            self._places = {file.url: file.abs_src_path for file in media}
        places = self._places

        def find(address: str) -> Path | None:
            found = places.get(address)
            return Path(found) if found else None

        return with_figures(html, page.url, find, dark=is_material(self._config))

    def with_top(self, html: str, page: Page, path: str) -> str:
        """Return a page's *html* with the notices, and its entries, under its first heading."""
        box = notice_box(self._known.notices) + entry_list(path, page.toc.items)
        return beneath_first(html, box) if box else html
