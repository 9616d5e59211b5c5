"""The list of everything that can go wrong, by what the reader sees: each entry's heading."""

from collections.abc import Callable, Sequence
from html import escape

from mkdocs.structure.files import File
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from manualsmith.layout import manuals_of
from manualsmith.text import t


def symptom_list(nav: Navigation, url: str, path: str, path_of: Callable[[File], str]) -> str:
    """Return the entries of a troubleshooting manual, page by page in the order of the nav.

    *url* is the address of the page that shows them, *path* its path in the repository, *path_of*
    tells that of a file. Empty where it is not the manual's first page, or there is none.
    """
    of = [one for one in manuals_of("troubleshooting") if path == one.path("index.md")]
    if not of:
        return ""
    pages = [p for p in nav.pages if of[0].holds(path_of(p.file)) and not p.is_index]
    groups = [_group(page, url) for page in pages if _entries(page)]
    if not groups:
        return ""
    title = escape(t("By what you see"))
    return (
        f'<nav class="ms-symptoms" aria-label="{title}" data-search-exclude>'
        f"<h2>{title}</h2>{''.join(groups)}</nav>\n"
    )


def _entries(page: Page) -> Sequence[tuple[str, str]]:
    top = page.toc.items
    entries = top[0].children if len(top) == 1 and top[0].level == 1 else top
    return [(one.id, one.title) for one in entries]


def _group(page: Page, url: str) -> str:
    href = escape(get_relative_url(page.url or ".", url))
    items = "".join(
        f'<li><a href="{href}#{escape(name)}">{title}</a></li>' for name, title in _entries(page)
    )
    return f"<p><strong>{escape(str(page.title))}</strong></p><ul>{items}</ul>"
