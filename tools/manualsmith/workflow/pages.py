"""A page before and after."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class ChangedPage:
    """A page before and after: its path in the repository, its old text (None: new) and its new."""

    path: str
    before: str | None
    after: str


def new_pages(pages: Iterable[ChangedPage]) -> dict[str, bytes]:
    """Return the bytes that changed pages have now, by path."""
    return {page.path: page.after.encode() for page in pages}
