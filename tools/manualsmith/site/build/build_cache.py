"""The cache of site builds: read as it is asked for, written when the build ends."""

from pathlib import Path

from manualsmith.cache.by_key import Cache

_KIND = "site"


class BuildCache:
    """Bytes by key: in *file* where there is one, else for as long as this object lives."""

    def __init__(self, file: Path | None = None) -> None:
        self._cache = Cache(file)
        self._has_file = file is not None
        self._known: dict[bytes, bytes] = {}
        self._new: dict[bytes, bytes] = {}
        self._used: set[str] = set()

    def get(self, key: bytes) -> bytes | None:
        """Return what is kept under *key*."""
        if key in self._known:
            return self._known[key]
        name = key.hex()
        found = self._cache.get_many(_KIND, [name]).get(name)
        if found is not None:
            self._used.add(name)
        return found

    def put(self, key: bytes, value: bytes) -> None:
        """Keep *value* under *key*."""
        self.take({key: value})

    def __contains__(self, key: bytes) -> bool:
        return self.get(key) is not None

    def branch(self) -> "BuildCache":
        """Return an empty one for another process to fill: a connection is one process's own."""
        return BuildCache()

    def new(self) -> dict[bytes, bytes]:
        """Return what was put here, to be taken in elsewhere."""
        return self._new

    def take(self, new: dict[bytes, bytes]) -> None:
        """Take in what another one has that is `new`."""
        self._known |= new
        self._new |= new

    def save(self) -> None:
        """Write what is new to the file, and drop what nobody has wanted for a month."""
        new, used = self._new, self._used
        self._new, self._used = {}, set()
        if self._has_file:
            self._known = {}
        self._cache.put_many(_KIND, {key.hex(): value for key, value in new.items()}, used)
