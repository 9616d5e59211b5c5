"""Pages of the manuals as the desk shows them: side by side, and to be pointed at."""

from collections.abc import Callable, Sequence
from urllib.parse import quote

from manualsmith.markdown.checks.sanitizer import sanitize
from manualsmith.markdown.dialect import Dialect
from manualsmith.site.pages.image_addresses import with_images
from manualsmith.site.pages.render_page import render_body
from manualsmith.site.preview.review_page import Stretch, compared
from manualsmith.workflow.workspace.changed_page import ChangedPage


def compared_pages(
    pages: Sequence[ChangedPage], dialect: Dialect
) -> list[tuple[ChangedPage, list[Stretch]]]:
    """Return pages before and after, in rows side by side."""
    address = _addresses(pages)
    return [(page, compared(page, dialect, address)) for page in pages]


def only_changed(
    pages: Sequence[ChangedPage], dialect: Dialect
) -> list[tuple[ChangedPage, list[Stretch]]]:
    """Return the rows of pages that change, and what is right beside them."""
    return [
        (page, [one for one in rows if not one.folded])
        for page, rows in compared_pages(pages, dialect)
    ]


def _addresses(pages: Sequence[ChangedPage]) -> Callable[[str], str]:
    """Return what gives the address in the desk of an image, also of one that is new with pages."""
    new = {
        page.path: f"/pictures/{page.picture.name}?of={page.picture.oid}"
        for page in pages
        if page.picture
    }
    return lambda path: new.get(path) or f"/files/{quote(path)}"


def to_point_at(text: str, path: str, dialect: Dialect) -> str:
    """Return a page's HTML for the desk: nothing in it runs, and its images come from the desk."""
    html = sanitize(render_body(text, dialect))
    return with_images(html, path, _addresses(()))
