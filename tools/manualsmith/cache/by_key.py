"""The cache: values in sqlite, each under a key that names all it was worked out from.

It never makes a command fail: where it cannot be read or written, it is simply empty, and an entry
that does not read (damaged, of an older shape) is not there. What nobody has wanted for a month
goes.
"""

import hashlib
import sqlite3
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from manualsmith import __version__
from manualsmith.cache.database import DatabaseLayout, connect, give_up, seal

Value = TypeVar("Value")

_TABLES = {
    "entry": "CREATE TABLE entry (kind TEXT, key TEXT, value BLOB, used INTEGER, seal BLOB,"
    " PRIMARY KEY (kind, key))"
    " WITHOUT ROWID"
}
_SCHEMA = 3
_DAY = 86_400
_KEPT_DAYS = 30
_AT_ONCE = 500


def digest(*parts: bytes) -> bytes:
    """Return a key for what follows from *parts*, 20 bytes."""
    found = hashlib.blake2b(digest_size=20)
    for part in parts:
        found.update(len(part).to_bytes(8, "big") + part)
    return found.digest()


class Cache:
    """Bytes by kind and key in one file, which all worktrees of a repository share."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._connection = (
            connect(file, DatabaseLayout(_TABLES, (_SCHEMA, __version__))) if file else None
        )

    @classmethod
    def open(cls, common_dir: Path) -> "Cache":
        """Open the cache of the repository with *common_dir*, made anew where it is no use."""
        return cls(common_dir / "manualsmith" / "cache.sqlite")

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
        found: dict[str, bytes] = {}
        if self._connection is None:
            return found
        query = "SELECT key, value, seal FROM entry WHERE kind = ? AND key IN ({})"
        try:
            for some in _parts(keys):
                rows = self._connection.execute(query.format(_places(some)), [kind, *some])
                for key, value, sealed in rows:
                    if isinstance(value, bytes) and sealed == _sealed(kind, key, value):
                        found[key] = zlib.decompress(value)
        except (sqlite3.DatabaseError, zlib.error) as error:
            self._give_up(error)
            return {}
        return found

    def put_many(self, kind: str, values: Mapping[str, bytes], wanted: Iterable[str] = ()) -> None:
        """Store *values* by key under *kind*, over those that are there.

        *wanted* are keys that were found and used: they stay for another month.
        """
        if self._connection is None or not (values or wanted):
            return
        today = int(time.time()) // _DAY
        packed = {key: zlib.compress(value, 1) for key, value in values.items()}
        rows = [(kind, key, v, today, _sealed(kind, key, v)) for key, v in packed.items()]
        use = "UPDATE entry SET used = ? WHERE used < ? AND kind = ? AND key IN ({})"
        try:
            with self._connection as transaction:
                insert = "INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?)"
                transaction.executemany(insert, rows)
                for some in _parts(wanted):
                    transaction.execute(use.format(_places(some)), [today, today, kind, *some])
                transaction.execute("DELETE FROM entry WHERE used < ?", [today - _KEPT_DAYS])
        except sqlite3.DatabaseError as error:
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        connection, self._connection = self._connection, None
        if connection is not None and self._file is not None:
            give_up(connection, self._file, error)


def _sealed(kind: str, key: str, value: bytes) -> bytes:
    names = (name.encode("utf-8", "surrogateescape") for name in (kind, key))
    return seal(*names, value)


def _parts(keys: Iterable[str]) -> Iterator[list[str]]:
    wanted = list(keys)
    return (wanted[start : start + _AT_ONCE] for start in range(0, len(wanted), _AT_ONCE))


def _places(some: list[str]) -> str:
    return ",".join("?" * len(some))
