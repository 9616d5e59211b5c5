"""A cache by key, for site builds: a key is a digest of all that a value was made from.

It never makes a command fail: where it cannot be read or written, the work is done again.
"""

import hashlib
import sqlite3
import time
import zlib
from collections.abc import Iterable
from pathlib import Path

from manualsmith.cache.database import Layout, connect, give_up, seal

_LAYOUT = Layout(
    {
        "piece": "CREATE TABLE piece (key BLOB PRIMARY KEY, value BLOB, used INTEGER, seal BLOB)"
        " WITHOUT ROWID"
    },
    (2, ""),
)
_DAY = 86_400
_KEPT_DAYS = 30
_AT_ONCE = 500


def digest(*parts: bytes) -> bytes:
    """Return a key for what follows from *parts*."""
    found = hashlib.blake2b(digest_size=20)
    for part in parts:
        found.update(len(part).to_bytes(8, "big") + part)
    return found.digest()


class Kept:
    """Bytes by key: in *file* where there is one, else for as long as this object lives."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._connection = connect(file, _LAYOUT) if file else None
        self._known: dict[bytes, bytes] = {}
        self._new: dict[bytes, bytes] = {}
        self._read: set[bytes] = set()

    def get(self, key: bytes) -> bytes | None:
        """Return what is kept under *key*."""
        found = self._packed(key)
        return None if found is None else zlib.decompress(found)

    def _packed(self, key: bytes) -> bytes | None:
        if key in self._known or self._connection is None:
            return self._known.get(key)
        query = "SELECT value, seal FROM piece WHERE key = ?"
        try:
            row = self._connection.execute(query, [key]).fetchone()
        except sqlite3.DatabaseError as error:
            self._give_up(error)
            return None
        value, sealed = row or (None, None)
        if not isinstance(value, bytes) or sealed != seal(key, value):
            return None
        self._read.add(key)
        return value

    def put(self, key: bytes, value: bytes) -> None:
        """Keep *value* under *key*."""
        self._take({key: zlib.compress(value, 1)})

    def __contains__(self, key: bytes) -> bool:
        return self._packed(key) is not None

    def branch(self) -> "Kept":
        """Return an empty one for another process to fill: a connection is one process's own."""
        return Kept()

    def packed(self) -> dict[bytes, bytes]:
        """Return what was put here, to be taken in elsewhere."""
        return self._new

    def take(self, packed: dict[bytes, bytes]) -> None:
        """Take in what another one has `packed`."""
        self._take(packed)

    def save(self) -> None:
        """Write what is new to the file, and drop what nobody has wanted for a month."""
        new, read = self._new, self._read
        self._new, self._read = {}, set()
        if self._connection is None:
            return
        self._known = {}
        today = int(time.time()) // _DAY
        rows = [(key, value, today, seal(key, value)) for key, value in new.items()]
        try:
            with self._connection as transaction:
                transaction.executemany("INSERT OR REPLACE INTO piece VALUES (?, ?, ?, ?)", rows)
                for some in _parts(read):
                    places = ",".join("?" * len(some))
                    wanted = f"UPDATE piece SET used = ? WHERE used < ? AND key IN ({places})"  # noqa: S608
                    transaction.execute(wanted, [today, today, *some])
                transaction.execute("DELETE FROM piece WHERE used < ?", [today - _KEPT_DAYS])
        except sqlite3.DatabaseError as error:
            self._give_up(error)

    def _take(self, packed: dict[bytes, bytes]) -> None:
        self._known |= packed
        self._new |= packed

    def _give_up(self, error: sqlite3.DatabaseError) -> None:
        connection, self._connection = self._connection, None
        if connection is not None and self._file is not None:
            give_up(connection, self._file, error)


def _parts(keys: Iterable[bytes]) -> Iterable[list[bytes]]:
    wanted = list(keys)
    return (wanted[start : start + _AT_ONCE] for start in range(0, len(wanted), _AT_ONCE))
