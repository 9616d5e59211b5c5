"""Pages of the manuals as the desk shows them: side by side, and to be pointed at."""

import posixpath
import re
from collections.abc import Sequence
from html import escape, unescape
from urllib.parse import quote, unquote

from manualsmith.markdown.checks.sanitizer import sanitize
from manualsmith.markdown.dialect import Dialect
from manualsmith.site.pages.render_page import render_body
from manualsmith.site.preview.review_page import Stretch, compared
from manualsmith.workflow.workspace.changed_page import ChangedPage

_IMAGE = re.compile(r'(<img [^>]*?src=")([^"]*)"')


def compared_pages(
    pages: Sequence[ChangedPage], dialect: Dialect
) -> list[tuple[ChangedPage, list[Stretch]]]:
    """Return pages before and after, in rows side by side."""
    return [(page, compared(page, dialect)) for page in pages]


def only_changed(page: ChangedPage, dialect: Dialect) -> list[Stretch]:
    """Return the rows of a page that change, and what is right beside them."""
    return [one for one in compared(page, dialect) if not one.folded]


def to_point_at(text: str, path: str, dialect: Dialect) -> str:
    """Return a page's HTML for the desk: nothing in it runs, and its images come from the desk."""
    folder = posixpath.dirname(path)

    def image(found: re.Match[str]) -> str:
        source = unescape(found[2])
        if ":" in source or source.startswith("/"):
            return f'{found[1]}"'
        target = posixpath.normpath(posixpath.join(folder, unquote(source)))
        return f'{found[1]}/files/{escape(quote(target))}"'

    return _IMAGE.sub(image, sanitize(render_body(text, dialect)))
