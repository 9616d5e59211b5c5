"""The list of everything that can go wrong, by what the reader sees: each entry's heading."""

from collections.abc import Sequence
from html import escape

from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from manualsmith.layout import MANUALS
from manualsmith.text import t

INDEX = f"{MANUALS['troubleshooting'].folder}/index.md"
_FOLDER = f"{MANUALS['troubleshooting'].folder}/"


def symptom_list(nav: Navigation, url: str) -> str:
    """Return the entries of the troubleshooting manual, page by page in the order of the nav.

    *url* is the address of the page that shows them. Empty where there is none.
    """
    pages = [p for p in nav.pages if p.file.src_uri.startswith(_FOLDER) and not p.is_index]
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
