"""A page before and after an edit."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from manualsmith.records.models.suggestion import EditRecord

if TYPE_CHECKING:  # reading Markdown takes a while to import
    from manualsmith.markdown.apply_edit import Applied


@dataclass(frozen=True)
class NewPicture:
    """A picture that comes with a page: the name it is kept by, its blob, and its bytes.

    held: as the repository has them, a pointer where Git LFS keeps it. shown: as people see them,
    empty where the object that the pointer is to is not here.
    """

    name: str
    oid: str
    held: bytes
    shown: bytes


@dataclass(frozen=True)
class ChangedPage:
    """A page before and after: its path in the repository, its old text and its new.

    ``before`` is None for a new page, ``after`` for one that is removed. ``moved_from`` is the path
    that a page had before. Of a ``picture`` that is new there is no text.
    """

    path: str
    before: str | None
    after: str | None
    moved_from: str | None = None
    picture: NewPicture | None = None

    @property
    def data(self) -> bytes | None:
        """The bytes of the file, None where it is gone."""
        text = None if self.after is None else self.after.encode()
        return text if self.picture is None else self.picture.held

    @property
    def named(self) -> str:
        """The path, with the one before it where the page moves."""
        return f"{self.moved_from} → {self.path}" if self.moved_from else self.path


@dataclass(frozen=True)
class Made:
    """One page's edit as it was made: the record of it, the pages, and what a person should know.

    The page that was asked for comes first.
    """

    record: EditRecord
    pages: tuple[ChangedPage, ...]
    applied: "Applied"


def new_pages(pages: Iterable[ChangedPage]) -> dict[str, bytes | None]:
    """Return the bytes that changed pages have now, by path; None where there is no page then."""
    found: dict[str, bytes | None] = {}
    for page in pages:
        if page.moved_from:
            found[page.moved_from] = None
        found[page.path] = page.data
    return found


def text_of(data: bytes | None) -> str | None:
    """Return the text of a file to be shown; None where there is no file."""
    return data.decode("utf-8", "replace") if data is not None else None
