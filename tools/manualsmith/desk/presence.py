"""Who looks at which record just now: said to whoever opens it, before they type."""

import hashlib
from contextlib import suppress
from pathlib import Path
from time import time

from manualsmith.files import replacing
from manualsmith.records.models.moments import clock

_MINUTES = 15
_LETTERS = 32


class Presence:
    """The people at a desk, by the record that each has open; soon forgotten.

    On disk, a file for each under a folder of the record: several processes serve one desk.
    """

    def __init__(self, git_dir: Path) -> None:
        self._folder = git_dir / "manualsmith" / "presence"

    def others(self, person: str, record: str) -> list[tuple[str, str]]:
        """Note that a person has a record open; return who else has, and since when."""
        folder = self._folder / _file_name(record)
        own = folder / _file_name(person)
        with suppress(OSError):  # a disk that is full keeps nobody from looking
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with replacing(own) as beside:
                beside.write_text(person, encoding="utf-8")
        found = []
        for file in folder.glob("?" * _LETTERS):
            with suppress(OSError):  # another request took it away just now
                at = file.stat().st_mtime
                if time() - at > _MINUTES * 60:
                    file.unlink()
                elif file != own:
                    found.append((at, file.read_text("utf-8")))
        return [(name, clock(at)) for at, name in sorted(found)]


def _file_name(text: str) -> str:
    """Return a name for a file of what may hold anything."""
    return hashlib.sha256(text.encode()).hexdigest()[:_LETTERS]
