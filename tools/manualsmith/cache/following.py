"""A sqlite index of a commit's files, brought up to date by git's diff of trees.

A commit that changed ten files costs ten files, however many there are.
"""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from manualsmith.cache.database import DatabaseLayout, connect, give_up, in_memory
from manualsmith.git.blobs import BlobReader, headers
from manualsmith.git.repository import Repository
from manualsmith.git.trees import changed_paths, list_tree
from manualsmith.layout import PAGE_SUFFIXES, manual_folders, manual_of, pages_rule

# source: the repository and what is followed in it; an index may follow several
STATE = {"state": "CREATE TABLE state (source TEXT PRIMARY KEY, commit_id TEXT)"}
_TRIES = 3
_AT_ONCE = 500
_LINK_MODES = ("120000", "160000", "000000")


class Index(Protocol):
    """What is done with files that changed."""

    def forget(self, connection: sqlite3.Connection, source: str, paths: Sequence[str]) -> None:
        """Take out the files of a source at *paths*, which need not be there."""

    def add(self, connection: sqlite3.Connection, source: str, path: str, data: bytes) -> None:
        """Put in one file, whatever it holds."""


@dataclass(frozen=True)
class Followed:
    """The files of one commit that an index follows: those under *folders* with one ending.

    takes: which of them, by path. rule: what tells that another state of *takes* takes others.
    """

    repository: Repository
    reader: BlobReader
    commit: str
    folders: Sequence[str]
    ending: str | tuple[str, ...]
    takes: Callable[[str], bool] = lambda _: True
    rule: str = ""

    @property
    def source(self) -> str:
        """What names it in the index."""
        return f"{self.repository.common_dir}:{self.ending}:{' '.join(self.folders)}:{self.rule}"

    def has(self, path: str) -> bool:
        """Return whether a file of that path is followed."""
        inside = path.startswith(tuple(f"{folder}/" for folder in self.folders))
        return inside and path.endswith(self.ending) and self.takes(path)


def manual_pages(repository: Repository, reader: BlobReader, commit: str) -> Followed:
    """Return the manuals' pages of a commit, to be followed."""
    return Followed(
        repository,
        reader,
        commit,
        manual_folders(),
        PAGE_SUFFIXES,
        takes=lambda path: manual_of(path) is not None,
        rule=pages_rule(),
    )


class Following:
    """An index that is in step with commits, for reading; a file that is no use costs time alone.

    Where the file cannot be used, or turns out to be damaged, the index is built in memory.
    """

    def __init__(
        self, file: Path, layout: DatabaseLayout, followed: Sequence[Followed], index: Index
    ) -> None:
        self._file, self._layout = file, layout
        self._update = _Update(tuple(followed), index, tuple(layout.tables))
        self._connection = self._from_file() or self._in_memory()

    def rows(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        """Return what a query finds, in the one transaction that sees the commits."""
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.DatabaseError as error:
            give_up(self._connection, self._file, error)
            self._connection = self._in_memory()
            return self._connection.execute(query, values).fetchall()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _from_file(self) -> sqlite3.Connection | None:
        connection = connect(self._file, self._layout)
        if connection is None:
            return None
        try:
            if self._update.bring(connection):
                return connection
            connection.close()
        except Exception as error:  # noqa: BLE001 - what is wrong with the commits is told below
            give_up(connection, self._file, error)
        return None

    def _in_memory(self) -> sqlite3.Connection:
        connection = in_memory(self._layout)
        with ExitStack() as opened:  # those that there were may be closed by now
            followed = [
                replace(one, reader=opened.enter_context(BlobReader(one.repository)))
                for one in self._update.followed
            ]
            replace(self._update, followed=tuple(followed)).bring(connection)
        return connection


@dataclass(frozen=True)
class _Update:
    """How an index gets to its commits."""

    followed: tuple[Followed, ...]
    index: Index
    tables: tuple[str, ...]

    def bring(self, connection: sqlite3.Connection) -> bool:
        """Bring the index to the commits, and stay in a transaction that sees it so.

        Returns False where other processes bring it elsewhere again and again.
        """
        connection.isolation_level = None
        wanted = {one.source: one.commit for one in self.followed}
        for _ in range(_TRIES):
            connection.execute("BEGIN")
            if _state(connection) == wanted:
                return True
            connection.execute("ROLLBACK")
            connection.execute("BEGIN IMMEDIATE")
            try:
                self._write(connection, _state(connection))
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
        return False

    def _write(self, connection: sqlite3.Connection, old: dict[str, str]) -> None:
        known = all(
            one.source in old and headers(one.repository, [old[one.source]]) != [None]
            for one in self.followed
        )
        if not known or len(old) != len(self.followed):
            for table in self.tables:
                connection.execute(f"DELETE FROM {table}")  # noqa: S608 - a name of ours
            old = {}
        for one in self.followed:
            if old.get(one.source) != one.commit:
                self._bring_one(connection, one, old.get(one.source))
            connection.execute(
                "INSERT OR REPLACE INTO state VALUES (?, ?)", (one.source, one.commit)
            )

    def _bring_one(self, connection: sqlite3.Connection, one: Followed, old: str | None) -> None:
        if old:
            changes = changed_paths(one.repository, old, one.commit)
            found = [(c.path, c.new_oid, c.new_mode) for c in changes]
        else:
            listed = (list_tree(one.repository, one.commit, folder) for folder in one.folders)
            found = [(e.path, e.oid, e.mode) for entries in listed for e in entries]
        files = [item for item in found if one.has(item[0])]
        for start in range(0, len(files), _AT_ONCE):
            some = files[start : start + _AT_ONCE]
            if old:
                self.index.forget(connection, one.source, [path for path, _, _ in some])
            there = [(path, oid) for path, oid, mode in some if mode not in _LINK_MODES]
            blobs = one.reader.get_many([oid for _, oid in there])
            for (path, _), blob in zip(there, blobs, strict=True):
                if blob is not None:
                    self.index.add(connection, one.source, path, blob.data)


def _state(connection: sqlite3.Connection) -> dict[str, str]:
    return dict(connection.execute("SELECT source, commit_id FROM state").fetchall())
