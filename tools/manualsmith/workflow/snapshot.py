"""The manuals as one commit has them: which pages there are, and what they say."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from manualsmith.errors import Place, Problem, UserError
from manualsmith.layout import MANUALS, Manual
from manualsmith.markdown.locate import find_section, near
from manualsmith.markdown.page import Page
from manualsmith.records.blob import blob_id
from manualsmith.store.blobs import BlobReader
from manualsmith.store.repository import Repository
from manualsmith.store.trees import TreeEntry, list_tree
from manualsmith.text import t
from manualsmith.workflow.opening import Workspace

FOLDERS = ("manuals", "suggestions", "records/confirmations")
SYMLINK = "120000"
GITLINK = "160000"
KEPT_CHARACTERS = 16_000_000


@dataclass(frozen=True)
class PageBlob:
    """A page of a manual as stored: its path in the manual, its blob and its text."""

    page: str
    oid: str
    text: str


class Snapshot:
    """A commit's files, read through one ``git cat-file`` process that the caller owns."""

    def __init__(self, reader: BlobReader, commit: str, entries: Iterable[TreeEntry]) -> None:
        self.reader = reader
        self.commit = commit
        self.entries = {entry.path: entry for entry in entries}
        self._kept: dict[str, str] = {}
        self._written: dict[str, bytes] = {}
        self._room = KEPT_CHARACTERS

    @cached_property
    def pages(self) -> dict[str, list[str]]:
        """The pages of each manual, by its name: paths within the manual's folder."""
        found: dict[str, list[str]] = {name: [] for name in MANUALS}
        for path, entry in self.entries.items():
            for manual in MANUALS.values():
                inside = path.startswith(manual.folder + "/")
                if inside and path.endswith(".md") and entry.mode not in (SYMLINK, GITLINK):
                    found[manual.name].append(path[len(manual.folder) + 1 :])
        return found

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes, or None where the commit has no such file."""
        entry = self.entries.get(path)
        return self.object(entry.oid) if entry else None

    def object(self, oid: str) -> bytes | None:
        """Return the bytes of a blob that the repository holds, or that was `put` here."""
        if oid in self._written:
            return self._written[oid]
        blob = self.reader.get(oid)
        return blob.data if blob else None

    def put(self, path: str, data: bytes) -> None:
        """Take a file as changed: from here on this is what the commit holds at *path*."""
        oid = blob_id(data)
        self.entries[path] = TreeEntry("100644", oid, path)
        self._written[oid] = data
        self.__dict__.pop("pages", None)

    def page(self, manual: Manual, page: str) -> PageBlob | None:
        """Return a page, or None where there is none.

        Raises UserError where the path leads over a symbolic link, or the file is no UTF-8 text.
        """
        path = f"{manual.folder}/{page}"
        self._refuse_links(path)
        entry = self.entries.get(path)
        if entry is None:
            return None
        text = self._kept.get(entry.oid)
        return PageBlob(page, entry.oid, text or decode(self.read(path) or b"", path))

    def page_id(self, manual: Manual, page: str) -> str | None:
        """Return a page's blob id without reading it, None where there is no such page."""
        entry = self.entries.get(f"{manual.folder}/{page}")
        return entry.oid if entry else None

    def require(self, manual: Manual, page: str, section: Sequence[str] | None) -> None:
        """Raise UserError where the manual has no such page, or the page no such section."""
        blob = self.page(manual, page)
        if blob is None:
            raise self.missing_page(manual, page)
        if section:
            find_section(Page(blob.text), section)

    def _refuse_links(self, path: str) -> None:
        parts = path.split("/")
        for depth in range(1, len(parts) + 1):
            above = self.entries.get("/".join(parts[:depth]))
            if above and above.mode in (SYMLINK, GITLINK):
                raise UserError(
                    t(
                        "{path} is a symbolic link; a page must be a file of the manual",
                        path=above.path,
                    )
                )

    def texts(self, manual: Manual) -> Iterator[PageBlob]:
        """Yield the manual's pages in order of path; a page that is no UTF-8 text is left out."""
        pages = self.pages[manual.name]
        entries = [self.entries[f"{manual.folder}/{page}"] for page in pages]
        blobs = self.reader.get_many([entry.oid for entry in entries])
        for page, entry, blob in zip(pages, entries, blobs, strict=True):
            if blob is None:
                continue
            try:
                text = blob.data.decode("utf-8")
            except UnicodeDecodeError:
                continue
            self._keep(entry.oid, text)
            yield PageBlob(page, entry.oid, text)

    def _keep(self, oid: str, text: str) -> None:
        """Keep a page that was read with all others: it is often the one to be edited."""
        if self._room >= len(text) and "\0" not in text:
            self._room -= len(text)
            self._kept[oid] = text

    def missing_page(self, manual: Manual, page: str) -> UserError:
        """Return the error for a page that is not there, with the nearest names."""
        close = near(page, self.pages[manual.name])
        hint = t("to make a new page, use the action add-page")
        if close:
            hint = t("nearest: {names}", names=", ".join(close))
        message = t("{manual} has no page {page}", manual=manual.title, page=page)
        return UserError([Problem(message, hint=hint, field="page")])


def main_snapshot(workspace: Workspace, reader: BlobReader) -> Snapshot:
    """Return main as it was when *workspace* was opened: manuals, suggestions, confirmations."""
    return snapshot_of(workspace.repository, reader, workspace.main.tip)


def snapshot_of(repository: Repository, reader: BlobReader, commit: str) -> Snapshot:
    """Return a commit's manuals, suggestions and confirmations."""
    entries = [entry for folder in FOLDERS for entry in list_tree(repository, commit, folder)]
    return Snapshot(reader, commit, entries)


def decode(data: bytes, path: str) -> str:
    """Return a page's text. Raises UserError with the place of the first byte that is no UTF-8."""
    if b"\0" in data[:8000]:
        raise UserError(t("not a text file"), Place(path))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        raise UserError(
            t("not UTF-8 text: byte {byte}", byte=f"0x{data[error.start]:02X}"),
            Place(path, line, column),
            t("save the file as UTF-8"),
        ) from error
