"""A cache that all worktrees of a repository share, that any machine can rebuild.

It never makes a command fail: where it cannot be read or written, it is simply empty.
"""

import sqlite3
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from manualsmith import __version__

_SCHEMA = 1

# A file with which these happen is damaged, or not of this program's making. Any other outcome
# (a lock, a full or read-only disk) is the machine's, and the file is left as it is.
_NO_USE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}
# sqlite does not wait by itself while another process turns the file to WAL.
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
_TRIES = 20
_AT_ONCE = 500


class Cache:
    """Bytes by kind and key, in ``manualsmith/cache.sqlite`` of the common git directory."""

    def __init__(self, file: Path, connection: sqlite3.Connection | None) -> None:
        self._file = file
        self._connection = connection

    @classmethod
    def open(cls, common_dir: Path) -> "Cache":
        """Open the cache of the repository with *common_dir*, made anew where it is no use."""
        file = common_dir / "manualsmith" / "cache.sqlite"
        try:
            file.parent.mkdir(exist_ok=True)
        except OSError:
            return cls(file, None)
        for _ in range(_TRIES):
            try:
                return cls(file, _connect(file))
            except sqlite3.DatabaseError as error:
                if _code(error) in _BUSY:
                    time.sleep(0.05)
                elif not (_code(error) in _NO_USE and _remove(file)):
                    break
        return cls(file, None)

    def __enter__(self) -> "Cache":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; nothing is found any more."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def get_many(self, kind: str, keys: Iterable[str]) -> dict[str, bytes]:
        """Return what is stored of *kind* under *keys*; what is not there is left out."""
        wanted = list(keys)
        found: dict[str, bytes] = {}
        if self._connection is None:
            return found
        try:
            for start in range(0, len(wanted), _AT_ONCE):
                some = wanted[start : start + _AT_ONCE]
                places = ",".join("?" * len(some))
                query = f"SELECT key, value FROM entry WHERE kind = ? AND key IN ({places})"  # noqa: S608
                found.update(self._connection.execute(query, [kind, *some]))
        except sqlite3.DatabaseError as error:
            self._give_up(error)
            return {}
        return found

    def put_many(self, kind: str, values: Mapping[str, bytes]) -> None:
        """Store *values* by key under *kind*, over those that are there."""
        if self._connection is None or not values:
            return
        rows = [(kind, key, value) for key, value in values.items()]
        try:
            with self._connection as transaction:
                transaction.executemany("INSERT OR REPLACE INTO entry VALUES (?, ?, ?)", rows)
        except sqlite3.DatabaseError as error:
            self._give_up(error)

    def _give_up(self, error: sqlite3.DatabaseError) -> None:
        self.close()
        if _code(error) in _NO_USE:
            _remove(self._file)


def _connect(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=5)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        if _made_by(connection) != (_SCHEMA, __version__):
            _rebuild(connection)
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def _made_by(connection: sqlite3.Connection) -> tuple[int, str] | None:
    tables = "SELECT count(*) FROM sqlite_master WHERE name IN ('entry', 'made_by')"
    if connection.execute(tables).fetchone() != (2,):
        return None
    row: tuple[int, str] | None = connection.execute("SELECT * FROM made_by").fetchone()
    return row


def _rebuild(connection: sqlite3.Connection) -> None:
    """Empty the file in one transaction: other processes may have it open."""
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        if _made_by(connection) == (_SCHEMA, __version__):
            return  # another process was faster
        connection.execute("DROP TABLE IF EXISTS entry")
        connection.execute("DROP TABLE IF EXISTS made_by")
        connection.execute(
            "CREATE TABLE entry (kind TEXT, key TEXT, value BLOB, PRIMARY KEY (kind, key))"
            " WITHOUT ROWID"
        )
        connection.execute("CREATE TABLE made_by (schema INTEGER, version TEXT)")
        connection.execute("INSERT INTO made_by VALUES (?, ?)", (_SCHEMA, __version__))


def _code(error: sqlite3.DatabaseError) -> int:
    """Return sqlite's primary result code, 0 where the error has none."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _remove(file: Path) -> bool:
    """Delete a damaged cache with its side files; return whether that worked."""
    try:
        for end in ("", "-wal", "-shm"):
            file.with_name(file.name + end).unlink(missing_ok=True)
    except OSError:
        return False
    return True
