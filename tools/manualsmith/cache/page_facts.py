"""An index of the facts that pages state, brought up to date by git's diff of trees.

A commit that changed ten pages costs ten pages, whatever the manual's size. Any machine can build
the index anew; where its file cannot be used it is built in memory.
"""

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from manualsmith import __version__
from manualsmith.cache.database import DatabaseLayout
from manualsmith.cache.following import STATE, Following, manual_pages
from manualsmith.git.blobs import BlobReader
from manualsmith.git.repository import Repository

_SCHEMA = 5
WAIT_SECONDS = 30.0
_TABLES = {
    **STATE,
    # kept: the facts and numbers of the page, so that they are found again when it goes
    "page": "CREATE TABLE page (id INTEGER PRIMARY KEY, path TEXT UNIQUE, product TEXT, kept TEXT)",
    "faulty": "CREATE TABLE faulty (id INTEGER PRIMARY KEY)",
    "fact": "CREATE TABLE fact (product TEXT, category TEXT, fact TEXT, id INTEGER, value TEXT,"
    " PRIMARY KEY (product, category, fact, id)) WITHOUT ROWID",
    "number": "CREATE TABLE number (number TEXT, id INTEGER, PRIMARY KEY (number, id))"
    " WITHOUT ROWID",
}


@dataclass(frozen=True)
class PageFacts:
    """What the index keeps of a page.

    facts: product, category, fact and value. product: empty where it is of none, or unknown.
    numbers: those in its text, such as ``3.13``.
    faulty: whether its front matter, or the file, cannot be read as it should.
    """

    facts: tuple[tuple[str, str, str, str], ...] = ()
    numbers: frozenset[str] = frozenset()
    faulty: bool = False
    product: str = ""


class PageIndex:
    """The pages of one commit, as one read transaction sees them."""

    def __init__(self, following: Following) -> None:
        self._following = following

    @classmethod
    def of(
        cls,
        repository: Repository,
        reader: BlobReader,
        commit: str,
        extract: Callable[[str, bytes], PageFacts],
    ) -> "PageIndex":
        """Return the index of the manuals' pages of *commit*, brought up to date.

        *extract* says what to keep of a page, from its path and its bytes.
        """
        layout = DatabaseLayout(_TABLES, (_SCHEMA, __version__), wait_seconds=WAIT_SECONDS)
        file = repository.common_dir / "manualsmith" / "pages.sqlite"
        followed = manual_pages(repository, reader, commit)
        return cls(Following(file, layout, [followed], _Pages(extract)))

    def close(self) -> None:
        """Let go of the file."""
        self._following.close()

    def stating(self, product: str, category: str, fact: str) -> list[tuple[str, str]]:
        """Return the pages that state a fact, by path, and the value each states."""
        query = (
            "SELECT path, value FROM fact JOIN page USING (id)"
            " WHERE fact.product = ? AND category = ? AND fact = ? ORDER BY path"
        )
        return self._following.rows(query, (product, category, fact))

    def stated(self) -> list[tuple[str, str, str, str, int]]:
        """Return each product, category, fact and value that pages state, and how many do."""
        query = (
            "SELECT product, category, fact, value, count(*) FROM fact"
            " GROUP BY product, category, fact, value ORDER BY 1, 2, 3, 5 DESC, 4"
        )
        return self._following.rows(query)

    def products(self) -> list[tuple[str, str]]:
        """Return the pages that are of a product, by path, and the product of each."""
        query = "SELECT path, product FROM page WHERE product != '' ORDER BY path"
        return self._following.rows(query)

    def faulty(self) -> list[str]:
        """Return the pages in which something is wrong, by path."""
        query = "SELECT path FROM faulty JOIN page USING (id) ORDER BY path"
        return [path for (path,) in self._following.rows(query)]

    def with_number(self, number: str) -> list[str]:
        """Return the pages whose text has a number, by path."""
        query = "SELECT path FROM number JOIN page USING (id) WHERE number = ? ORDER BY path"
        return [path for (path,) in self._following.rows(query, (number,))]


class _Pages:
    """What the index does with pages that changed."""

    def __init__(self, extract: Callable[[str, bytes], PageFacts]) -> None:
        self._extract = extract

    def forget(self, connection: sqlite3.Connection, source: str, paths: Sequence[str]) -> None:
        """Take out pages."""
        _forget(connection, paths)

    def add(self, connection: sqlite3.Connection, source: str, path: str, data: bytes) -> None:
        """Put in a page."""
        kept = self._extract(path, data)
        keys = json.dumps([[fact[:3] for fact in kept.facts], sorted(kept.numbers)])
        row = "INSERT INTO page (path, product, kept) VALUES (?, ?, ?)"
        number = connection.execute(row, (path, kept.product, keys)).lastrowid
        connection.executemany(
            "INSERT OR REPLACE INTO fact VALUES (?, ?, ?, ?, ?)",
            [(product, category, fact, number, v) for product, category, fact, v in kept.facts],
        )
        connection.executemany(
            "INSERT INTO number VALUES (?, ?)", [(n, number) for n in kept.numbers]
        )
        if kept.faulty:
            connection.execute("INSERT INTO faulty VALUES (?)", (number,))


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
        connection.execute("DELETE FROM faulty WHERE id = ?", (number,))
        connection.execute("DELETE FROM page WHERE id = ?", (number,))
