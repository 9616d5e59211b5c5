"""sqlite files under the git directory that any machine can rebuild, safe with several processes.

One that is damaged, or of another version, is made anew; one that cannot be written is not used.
What is kept as bytes has a seal beside it: bytes that are not those that were kept are not there.
"""

import hashlib
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

# A file with which these happen is damaged, or not of this program's making. Any other outcome
# (a lock, a full or read-only disk) is the machine's, and the file is left as it is.
_NO_USE = {
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_ERROR,
    sqlite3.SQLITE_CONSTRAINT,
    sqlite3.SQLITE_MISMATCH,
}
# sqlite does not wait by itself while another process turns the file to WAL.
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
_TRIES = 20


@dataclass(frozen=True)
class DatabaseLayout:
    """What a file holds: its tables by name, each with what creates it, and who made it so.

    made_by: a number that changes with the tables, and the program's version.
    """

    tables: Mapping[str, str]
    made_by: tuple[int, str]
    wait_seconds: float = 5.0


def seal(*parts: bytes) -> bytes:
    """Return what tells whether *parts* are still as they were kept."""
    found = hashlib.blake2b(digest_size=16)
    for part in parts:
        found.update(len(part).to_bytes(8, "big") + part)
    return found.digest()


def connect(file: Path, layout: DatabaseLayout) -> sqlite3.Connection | None:
    """Return a connection to *file*, made anew where it is no use; None where that cannot be."""
    try:
        file.parent.mkdir(exist_ok=True)
    except OSError:
        return None
    end = time.monotonic() + layout.wait_seconds
    for _ in range(_TRIES):
        try:
            return _connected(file, layout)
        except sqlite3.DatabaseError as error:
            if _code(error) in _BUSY and time.monotonic() < end:
                time.sleep(0.05)
            elif not (_code(error) in _NO_USE and _remove(file)):
                break
    return None


def in_memory(layout: DatabaseLayout) -> sqlite3.Connection:
    """Return a connection to the same tables, empty, in memory."""
    connection = sqlite3.connect(":memory:")
    for statement in layout.tables.values():
        connection.execute(statement)
    return connection


def give_up(connection: sqlite3.Connection, file: Path, error: Exception) -> None:
    """Close *connection* after *error*; the file goes where it is damaged."""
    connection.close()
    if not isinstance(error, sqlite3.DatabaseError) or _code(error) in _NO_USE:
        _remove(file)


def _connected(file: Path, layout: DatabaseLayout) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=layout.wait_seconds)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        if _made_by(connection, layout) != layout.made_by:
            _rebuild(connection, layout)
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def _made_by(connection: sqlite3.Connection, layout: DatabaseLayout) -> tuple[int, str] | None:
    names = (*layout.tables, "made_by")
    places = ",".join("?" * len(names))
    tables = f"SELECT count(*) FROM sqlite_master WHERE name IN ({places})"  # noqa: S608
    if connection.execute(tables, names).fetchone() != (len(names),):
        return None
    row: tuple[int, str] | None = connection.execute("SELECT * FROM made_by").fetchone()
    return row


def _rebuild(connection: sqlite3.Connection, layout: DatabaseLayout) -> None:
    """Empty the file in one transaction: other processes may have it open."""
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        if _made_by(connection, layout) == layout.made_by:
            return  # another process was faster
        for name in (*layout.tables, "made_by"):
            connection.execute(f"DROP TABLE IF EXISTS {name}")
        for statement in layout.tables.values():
            connection.execute(statement)
        connection.execute("CREATE TABLE made_by (schema INTEGER, version TEXT)")
        connection.execute("INSERT INTO made_by VALUES (?, ?)", layout.made_by)


def _code(error: sqlite3.DatabaseError) -> int:
    """Return sqlite's primary result code, 0 where the error has none."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _remove(file: Path) -> bool:
    """Delete a damaged file with its side files; return whether that worked."""
    try:
        for end in ("", "-wal", "-shm"):
            file.with_name(file.name + end).unlink(missing_ok=True)
    except OSError:
        return False
    return True
