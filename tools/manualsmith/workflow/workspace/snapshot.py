"""The manuals as one commit has them: which pages there are, and what they say."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

from manualsmith.errors import Problem, UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.git.lfs.large_objects import content, with_pointers
from manualsmith.git.renames import FileMove, moved_to, moves
from manualsmith.git.repository import Repository
from manualsmith.git.trees import GITLINK, SYMLINK, TreeEntry, TreeReader, list_tree, paths_with
from manualsmith.layout import MANUALS, Manual, is_page, manual_folders, outermost_folder
from manualsmith.markdown.reading.source import decode
from manualsmith.markdown.redirect_addresses import FIELD, old_paths
from manualsmith.naming import near
from manualsmith.records.blob_id import blob_id
from manualsmith.text import t
from manualsmith.workflow.workspace.open_workspace import Workspace

if TYPE_CHECKING:  # reading Markdown takes a while to import
    from manualsmith.markdown.dialect import Dialect


@dataclass(frozen=True)
class PageBlob:
    """A page of a manual as stored: its path in the manual, its blob and its text."""

    page: str
    oid: str
    text: str


class Snapshot:
    """A commit's files, read through one ``git cat-file`` process that the caller owns.

    A file that is asked for costs the folders on its way, not the manual.
    """

    def __init__(self, repository: Repository, reader: BlobReader, commit: str) -> None:
        self.reader = reader
        self.commit = commit
        self._repository = repository
        self._tree = TreeReader(reader, commit)
        self._listed: dict[str, dict[str, TreeEntry]] = {}
        self._put: dict[str, TreeEntry | None] = {}
        self._written: dict[str, bytes] = {}
        self._ahead: dict[str, bytes] = {}
        self._moves: dict[str, list[list[FileMove]]] = {}

    @cached_property
    def pages(self) -> dict[str, list[str]]:
        """The pages of each manual, by its name: paths within the manual's folder."""
        return {
            manual.name: [manual.page(entry.path) for entry in self.page_files(manual)]
            for manual in MANUALS.values()
        }

    @cached_property
    def dialect(self) -> "Dialect":
        """The Markdown of the site that this commit makes. Raises UserError where it is unknown."""
        from manualsmith.workflow.workspace.site_dialect import dialect_of, trusts_code

        return dialect_of(self.read, partial(trusts_code, self._repository))

    def dialect_for(self, manual: Manual) -> "Dialect":
        """Return the same, with the form that the manual's entries have."""
        return self.dialect.for_manual(manual)

    def page_files(self, manual: Manual) -> list[TreeEntry]:
        """Return the files of a manual's pages, in order of their paths."""
        found = (e for e in self.files(manual.folder) if is_page(e.path) and manual.holds(e.path))
        return [entry for entry in found if entry.mode not in (SYMLINK, GITLINK)]

    def entry(self, path: str) -> TreeEntry | None:
        """Return what the commit has at *path*, None where there is no file."""
        return self._put[path] if path in self._put else self._tree.entry(path)

    def in_the_way(self, path: str) -> str | None:
        """Return a file that keeps a new one from being at *path*, None where it may be there.

        It stands where *path* needs a folder, or the other way round, or differs from *path* in
        the case of its letters alone, which some people's disks take for the same.
        """
        wanted = path.casefold()
        for entry in self.files(outermost_folder(path)):
            there = entry.path.casefold()
            if there == wanted or there.startswith(f"{wanted}/") or wanted.startswith(f"{there}/"):
                return entry.path
        return None

    def files(self, folder: str) -> list[TreeEntry]:
        """Return the files under *folder*, in order of their paths but for those that were put."""
        if folder not in self._listed:
            listed = list_tree(self._repository, self.commit, folder)
            self._listed[folder] = {entry.path: entry for entry in listed}
        put = {path: e for path, e in self._put.items() if path.startswith(f"{folder}/")}
        return [entry for entry in {**self._listed[folder], **put}.values() if entry]

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes, or None where the commit has no such file."""
        entry = self.entry(path)
        return self.object(entry.oid) if entry else None

    def object(self, oid: str) -> bytes | None:
        """Return the bytes of a blob that the repository holds, or that was `put` here."""
        for known in (self._written, self._ahead):
            if oid in known:
                return known[oid]
        blob = self.reader.get(oid)
        return blob.data if blob else None

    def read_ahead(self, paths: Iterable[str]) -> None:
        """Read files that will be asked for next in one go; they take the place of earlier ones."""
        entries = [entry for path in dict.fromkeys(paths) if (entry := self.entry(path))]
        wanted = [entry.oid for entry in entries if entry.oid not in self._written]
        blobs = self.reader.get_many(wanted)
        self._ahead = {blob.oid: blob.data for blob in blobs if blob is not None}

    def blob_id(self, data: bytes) -> str:
        """Return the id that the repository gives a file with these bytes."""
        return blob_id(data, self._repository.object_format)

    def content(self, data: bytes) -> bytes | None:
        """Return the bytes that a file stands for, as `large_objects.content` does."""
        return content(self._repository, data)

    def has_pointer(self, path: str) -> bool:
        """Return whether a file at *path* is one that Git LFS keeps."""
        return bool(with_pointers(self._repository, self.reader, self.commit, [path]))

    def hold(self, data: bytes) -> str:
        """Take bytes as an object that the repository has, and return its id."""
        oid = self.blob_id(data)
        self._written[oid] = data
        return oid

    def put(self, path: str, data: bytes | None) -> None:
        """Take a file as changed: from here on the commit holds *data* there, None: no file."""
        if data is None:
            self._put[path] = None
        else:
            self._put[path] = TreeEntry("100644", self.hold(data), path)
        for known in ("pages", "_takers"):
            self.__dict__.pop(known, None)

    def page(self, manual: Manual, page: str) -> PageBlob | None:
        """Return a page, or None where there is none.

        Raises UserError where the path leads over a symbolic link, or the file is no UTF-8 text.
        """
        path = manual.path(page)
        if not manual.holds(path):
            return None
        self._refuse_links(path)
        entry = self.entry(path)
        if entry is None:
            return None
        return PageBlob(page, entry.oid, decode(self.read(path) or b"", path))

    def page_id(self, manual: Manual, page: str) -> str | None:
        """Return a page's blob id without reading it, None where there is no such page."""
        path = manual.path(page)
        entry = self.entry(path) if manual.holds(path) else None
        return entry.oid if entry else None

    def require(self, manual: Manual, page: str, section: Sequence[str] | None) -> None:
        """Raise UserError where the manual has no such page, or the page no such section.

        A page that another took over was there.
        """
        blob = self.page(manual, page)
        if blob is None:
            if self.took_over(manual.path(page)):
                return
            raise self.missing_page(manual, page)
        if section:
            from manualsmith.markdown.locating.locate import find_place
            from manualsmith.markdown.reading.page import Page

            find_place(Page(blob.text, self.dialect_for(manual)), section)

    def _refuse_links(self, path: str) -> None:
        parts = path.split("/")
        for depth in range(1, len(parts) + 1):
            above = self.entry("/".join(parts[:depth]))
            if above and above.mode in (SYMLINK, GITLINK):
                raise UserError(
                    t(
                        "{path} is a symbolic link; a page must be a file of the manual",
                        path=above.path,
                    )
                )

    def texts(self, manual: Manual) -> Iterator[PageBlob]:
        """Yield the manual's pages in order of path; a page that is no UTF-8 text is left out."""
        entries = self.page_files(manual)
        stored = self.reader.get_many([e.oid for e in entries if e.oid not in self._written])
        for entry in entries:
            data = self._written.get(entry.oid)
            if data is None:
                blob = next(stored)
                if blob is None:
                    continue
                data = blob.data
            try:
                text = data.decode("utf-8")
            except UnicodeDecodeError:
                continue
            yield PageBlob(manual.page(entry.path), entry.oid, text)

    def took_over(self, path: str) -> str | None:
        """Return the path of the page that has the address of one that was moved or removed."""
        return self._takers.get(path)

    @cached_property
    def _takers(self) -> dict[str, str]:
        """The pages that have further addresses, by the paths that had those."""
        found: dict[str, str] = {}
        for manual in MANUALS.values():
            for blob in self.texts(manual):
                here = manual.path(blob.page)
                for old in old_paths(blob.text, here) if FIELD in blob.text else ():
                    found.setdefault(old, here)
        return found

    def moved_to(self, path: str, since: str) -> tuple[str, ...]:
        """Return where commits after *since* have moved a page that was at *path* then.

        Several paths where it may be any of them, *path* alone where none has moved it. What was
        `put` moves nothing.
        """
        if since not in self._moves:
            self._moves[since] = moves(self._repository, since, self.commit, manual_folders())
        return moved_to(path, self._moves[since])

    def holding(self, manual: Manual, words: str) -> list[str]:
        """Return the pages of the manual, as the commit has them, with *words* in one line."""
        found = paths_with(self._repository, self.commit, words, [manual.folder])
        return [path for path in found if is_page(path) and manual.holds(path)]

    def missing_page(self, manual: Manual, page: str, likely: Sequence[str] = ()) -> UserError:
        """Return the error for a page that is not there.

        It names the page that took its place, else the *likely* ones, else those of nearest names.
        """
        hint = t("to make a new page, use the action add-page")
        if moved := self.took_over(manual.path(page)):
            hint = t("{path} took its place", path=moved)
        elif likely:
            hint = likely_hint(likely)
        elif close := near(page, self.pages[manual.name]):
            hint = t("nearest: {names}", names=", ".join(close))
        message = t("{manual} has no page {page}", manual=manual.title, page=page)
        return UserError([Problem(message, hint=hint, field="page")])


def likely_hint(paths: Sequence[str]) -> str:
    """Return what a person may do where an edit's place is on other pages by now."""
    return t(
        "now probably in {paths}: if so, reject this and write the finding anew for that page",
        paths=", ".join(paths),
    )


def main_snapshot(workspace: Workspace, reader: BlobReader) -> Snapshot:
    """Return main as it was when *workspace* was opened: manuals, suggestions, confirmations."""
    return snapshot_of(workspace.repository, reader, workspace.main.tip)


def snapshot_of(repository: Repository, reader: BlobReader, commit: str) -> Snapshot:
    """Return a commit's manuals, suggestions and confirmations."""
    return Snapshot(repository, reader, commit)
