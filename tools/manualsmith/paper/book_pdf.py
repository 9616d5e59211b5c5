"""Print a manual as PDF, with bookmarks, and a contents that names the numbers of pages.

It is printed twice: the contents name the pages that the first printing put the headings on.
"""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pypdf import PdfReader, PdfWriter
from pypdf.generic import Fit, IndirectObject

from manualsmith.paper.book import Book, book_html
from manualsmith.paper.pdf import write_pdf

# A number may change how long the contents are, and so where all else is: once more then.
_PRINTINGS = 4


@dataclass(frozen=True)
class PrintedPlace:
    """Where something is in a PDF: the page from 1, and how far from its foot, in points."""

    page: int
    top: float


def write_book(book: Book, file: Path) -> None:
    """Write a book as PDF. Raises UserError where no browser is there, or it fails."""
    pages: Mapping[str, int] = {}
    with tempfile.TemporaryDirectory(prefix="manualsmith-") as folder:
        made = Path(folder, "book.pdf")
        for _ in range(_PRINTINGS):
            write_pdf(book_html(book, pages), made)
            places = places_of_ids(made)
            before, pages = pages, {name: place.page for name, place in places.items()}
            if pages == before:
                break
        _write_with_bookmarks(made, book, places, file)


def places_of_ids(file: Path) -> dict[str, PrintedPlace]:
    """Return where each id is that something in a PDF leads to."""
    reader = PdfReader(file)
    found = {}
    for name, place in reader.named_destinations.items():
        page = reader.get_destination_page_number(place)
        if page is not None:
            found[name.lstrip("/")] = PrintedPlace(page + 1, float(place.top or 0))
    return found


def _write_with_bookmarks(
    made: Path, book: Book, places: Mapping[str, PrintedPlace], file: Path
) -> None:
    """Write a printed book with a bookmark for each heading of its contents."""
    writer = PdfWriter(clone_from=PdfReader(made))
    above: dict[int, IndirectObject] = {}  # the last bookmark of each depth
    for one in (heading for chapter in book.chapters for heading in chapter.headings):
        if place := places.get(one.id):
            parent = above.get(max((depth for depth in above if depth < one.depth), default=0))
            top = Fit.xyz(top=place.top)
            mark = writer.add_outline_item(
                title=one.title, page_number=place.page - 1, parent=parent, fit=top
            )
            above = {depth: other for depth, other in above.items() if depth < one.depth}
            above[one.depth] = mark
    writer.write(file)
