"""What pages say, kept beside the repository and in step with a commit by git's diff of trees.

A commit that changed ten pages costs ten pages, whatever the manual's size. Any machine can build
the index anew; where its file cannot be used it is built in memory.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from manualsmith import __version__
from manualsmith.store.blobs import BlobReader, headers
from manualsmith.store.database import Layout, connect, give_up, in_memory
from manualsmith.store.repository import Repository
from manualsmith.store.trees import changed_paths, list_tree

_SCHEMA = 1
_TRIES = 3
_AT_ONCE = 500
WAIT_SECONDS = 30.0
_LINK_MODES = ("120000", "160000", "000000")
_TABLES = {
    "state": "CREATE TABLE state (commit_id TEXT)",
    # kept: the facts and numbers of the page, so that they are found again when it goes
    "page": "CREATE TABLE page (id INTEGER PRIMARY KEY, path TEXT UNIQUE, kept TEXT)",
    "fact": "CREATE TABLE fact (product TEXT, category TEXT, fact TEXT, id INTEGER, value TEXT,"
    " PRIMARY KEY (product, category, fact, id)) WITHOUT ROWID",
    "number": "CREATE TABLE number (number TEXT, id INTEGER, PRIMARY KEY (number, id))"
    " WITHOUT ROWID",
}


@dataclass(frozen=True)
class PageFacts:
    """What the index keeps of a page.

    facts: product, category, fact and value. numbers: those in its text, such as ``3.13``.
    """

    facts: tuple[tuple[str, str, str, str], ...] = ()
    numbers: frozenset[str] = frozenset()


class PageIndex:
    """The pages of one commit, as a connection's one read transaction sees them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @classmethod
    def of(
        cls,
        repository: Repository,
        reader: BlobReader,
        commit: str,
        folders: Sequence[str],
        extract: Callable[[str], PageFacts],
    ) -> "PageIndex":
        """Return the index of the Markdown under *folders* of *commit*, brought up to date.

        *extract* says what to keep of a page's text.
        """
        layout = Layout(_TABLES, (_SCHEMA, __version__), wait_seconds=WAIT_SECONDS)
        file = repository.common_dir / "manualsmith" / "pages.sqlite"
        update = _Update(repository, reader, commit, tuple(folders), extract)
        connection = connect(file, layout)
        if connection is not None:
            try:
                if update.bring(connection):
                    return cls(connection)
                connection.close()
            except sqlite3.DatabaseError as error:
                give_up(connection, file, error)
        connection = in_memory(layout)
        update.bring(connection)
        return cls(connection)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def stating(self, product: str, category: str, fact: str) -> list[tuple[str, str]]:
        """Return the pages that state a fact, by path, and the value each states."""
        query = (
            "SELECT path, value FROM fact JOIN page USING (id)"
            " WHERE product = ? AND category = ? AND fact = ? ORDER BY path"
        )
        return self._connection.execute(query, (product, category, fact)).fetchall()

    def with_number(self, number: str) -> list[str]:
        """Return the pages whose text has a number, by path."""
        query = "SELECT path FROM number JOIN page USING (id) WHERE number = ? ORDER BY path"
        return [path for (path,) in self._connection.execute(query, (number,))]


@dataclass(frozen=True)
class _Update:
    """How an index gets to a commit."""

    repository: Repository
    reader: BlobReader
    commit: str
    folders: tuple[str, ...]
    extract: Callable[[str], PageFacts]

    def bring(self, connection: sqlite3.Connection) -> bool:
        """Bring the index to the commit, and stay in a transaction that sees it so.

        Returns False where other processes bring it elsewhere again and again.
        """
        connection.isolation_level = None
        for _ in range(_TRIES):
            connection.execute("BEGIN")
            if _state(connection) == self.commit:
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

    def _write(self, connection: sqlite3.Connection, old: str | None) -> None:
        if old == self.commit:
            return
        if old and headers(self.repository, [old]) != [None]:
            changes = changed_paths(self.repository, old, self.commit)
            found = [(c.path, c.new_oid, c.new_mode) for c in changes]
        else:
            for table in _TABLES:
                connection.execute(f"DELETE FROM {table}")  # noqa: S608 - a name of ours
            listed = (list_tree(self.repository, self.commit, f) for f in self.folders)
            found = [(e.path, e.oid, e.mode) for entries in listed for e in entries]
        pages = [(path, oid, mode) for path, oid, mode in found if self._is_page(path)]
        for start in range(0, len(pages), _AT_ONCE):
            some = pages[start : start + _AT_ONCE]
            if old:
                _forget(connection, [path for path, _, _ in some])
            self._add(connection, [(p, oid) for p, oid, mode in some if mode not in _LINK_MODES])
        connection.execute("DELETE FROM state")
        connection.execute("INSERT INTO state VALUES (?)", (self.commit,))

    def _is_page(self, path: str) -> bool:
        return path.endswith(".md") and path.startswith(tuple(f"{f}/" for f in self.folders))

    def _add(self, connection: sqlite3.Connection, pages: Sequence[tuple[str, str]]) -> None:
        texts = self._texts([oid for _, oid in pages])
        for (path, _), text in zip(pages, texts, strict=True):
            if text is None:
                continue
            kept = self.extract(text)
            keys = json.dumps([[fact[:3] for fact in kept.facts], sorted(kept.numbers)])
            row = "INSERT INTO page (path, kept) VALUES (?, ?)"
            number = connection.execute(row, (path, keys)).lastrowid
            connection.executemany(
                "INSERT OR REPLACE INTO fact VALUES (?, ?, ?, ?, ?)",
                [(product, category, fact, number, v) for product, category, fact, v in kept.facts],
            )
            connection.executemany(
                "INSERT INTO number VALUES (?, ?)", [(n, number) for n in kept.numbers]
            )

    def _texts(self, oids: Sequence[str]) -> Iterator[str | None]:
        """Yield each page's text, None where it is none."""
        for blob in self.reader.get_many(oids):
            try:
                yield blob.data.decode("utf-8") if blob else None
            except UnicodeDecodeError:
                yield None


def _state(connection: sqlite3.Connection) -> str | None:
    row = connection.execute("SELECT commit_id FROM state").fetchone()
    return row[0] if row else None


def _forget(connection: sqlite3.Connection, paths: Sequence[str]) -> None:
    places = ",".join("?" * len(paths))
    query = f"SELECT id, kept FROM page WHERE path IN ({places})"  # noqa: S608 - question marks
    for number, kept in connection.execute(query, paths).fetchall():
        facts, numbers = json.loads(kept)
        connection.executemany(
            "DELETE FROM fact WHERE product = ? AND category = ? AND fact = ? AND id = ?",
            [(*fact, number) for fact in facts],
        )
        connection.executemany(
            "DELETE FROM number WHERE number = ? AND id = ?", [(n, number) for n in numbers]
        )
        connection.execute("DELETE FROM page WHERE id = ?", (number,))
