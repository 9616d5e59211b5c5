"""A cache that all worktrees of a repository share, that any machine can rebuild.

It never makes a command fail: where it cannot be read or written, it is simply empty, and an entry
that does not read (damaged, of an older shape) is not there.
"""

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from manualsmith import __version__
from manualsmith.cache.database import Layout, connect, give_up, seal

_SCHEMA = 2
Value = TypeVar("Value")

_AT_ONCE = 500
_TABLES = {
    "entry": "CREATE TABLE entry (kind TEXT, key TEXT, value BLOB, seal BLOB,"
    " PRIMARY KEY (kind, key))"
    " WITHOUT ROWID"
}


class Cache:
    """Bytes by kind and key, in ``manualsmith/cache.sqlite`` of the common git directory."""

    def __init__(self, file: Path, connection: sqlite3.Connection | None) -> None:
        self._file = file
        self._connection = connection

    @classmethod
    def open(cls, common_dir: Path) -> "Cache":
        """Open the cache of the repository with *common_dir*, made anew where it is no use."""
        file = common_dir / "manualsmith" / "cache.sqlite"
        return cls(file, connect(file, Layout(_TABLES, (_SCHEMA, __version__))))

    def __enter__(self) -> "Cache":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; nothing is found any more."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def decoded(
        self, kind: str, keys: Iterable[str], decode: Callable[[bytes], Value]
    ) -> dict[str, Value]:
        """Return what *decode* makes of what is stored, as `get_many` finds it.

        What it fails at, in whatever way, is left out: the caller makes it anew.
        """
        found: dict[str, Value] = {}
        for key, data in self.get_many(kind, keys).items():
            try:
                found[key] = decode(data)
            except Exception:  # noqa: BLE001, S112 - a cache fails no command
                continue
        return found

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
                query = f"SELECT key, value, seal FROM entry WHERE kind = ? AND key IN ({places})"  # noqa: S608
                for key, value, sealed in self._connection.execute(query, [kind, *some]):
                    if isinstance(value, bytes) and sealed == _sealed(kind, key, value):
                        found[key] = value
        except sqlite3.DatabaseError as error:
            self._give_up(error)
            return {}
        return found

    def put_many(self, kind: str, values: Mapping[str, bytes]) -> None:
        """Store *values* by key under *kind*, over those that are there."""
        if self._connection is None or not values:
            return
        rows = [(kind, key, v, _sealed(kind, key, v)) for key, v in values.items()]
        try:
            with self._connection as transaction:
                transaction.executemany("INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?)", rows)
        except sqlite3.DatabaseError as error:
            self._give_up(error)

    def _give_up(self, error: sqlite3.DatabaseError) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            give_up(connection, self._file, error)


def _sealed(kind: str, key: str, value: bytes) -> bytes:
    names = (name.encode("utf-8", "surrogateescape") for name in (kind, key))
    return seal(*names, value)
