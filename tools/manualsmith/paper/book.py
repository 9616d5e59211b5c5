"""A whole manual as one HTML file that prints on A4, and loads nothing from anywhere.

Page numbers of the contents are known once it was printed: see `book_pdf`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from manualsmith.paper.html import FONTS, POLICY, page_rule, picture_address, sandbox
from manualsmith.text import html_language, speaking, t

TEMPLATE = Path(__file__).with_name("templates") / "book.html"
_STYLE = Path(__file__).with_name("templates") / "book.css"


@dataclass(frozen=True)
class BookHeading:
    """A heading that the contents name: the id of where it is, its depth from 1, its words."""

    id: str
    depth: int
    title: str


@dataclass(frozen=True)
class Chapter:
    """A page of a manual: its path in the repository, its headings for the contents, its HTML.

    The HTML is safe, loads nothing, and has ids that no other chapter has.
    """

    path: str
    headings: tuple[BookHeading, ...]
    html: str


@dataclass(frozen=True)
class Book:
    """A manual: its title, whose it is, and its chapters in the order that they are read in.

    mark: the organisation's picture as bytes. about: HTML of what holds for the whole manual, its
    environment and dates.
    """

    title: str
    language: str
    organisation: str
    mark: bytes
    about: str
    chapters: tuple[Chapter, ...]


def book_html(book: Book, pages: Mapping[str, int] | None = None) -> str:
    """Return the HTML of a book; *pages* are the numbers for its contents, by a heading's id."""
    with speaking(book.language):
        style = f":root {{ --font: {FONTS}; }}\n{_STYLE.read_text('utf-8')}{page_rule()}"
        values = {
            "book": book,
            "language": html_language(),
            # ours, or made safe by whoever made the book
            "policy": Markup(POLICY),  # noqa: S704
            "style": Markup(style),  # noqa: S704
            "about": Markup(book.about),  # noqa: S704
            "chapters": [Markup(one.html) for one in book.chapters],  # noqa: S704
            "mark": picture_address(book.mark),
            "headings": [heading for one in book.chapters for heading in one.headings],
            "pages": pages or {},
            "contents": t("Contents"),
        }
    return sandbox().from_string(TEMPLATE.read_text("utf-8")).render(values)
