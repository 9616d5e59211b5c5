"""Drafts of forms, kept on disk while somebody is typing and until they are handed in.

A draft is one JSON file under the git directory, in a folder of its person. It is no record: it is
never committed, and goes when it is handed in or thrown away.
"""

import hashlib
import json
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

from manualsmith.desk.kept_forms import KeptForms
from manualsmith.errors import UserError
from manualsmith.files import replacing
from manualsmith.records.pictures import Picture, is_picture
from manualsmith.text import t

MOST = 50
_LOCKS = tuple(Lock() for _ in range(64))
_FORGOTTEN = 30 * 24 * 3600  # seconds
_KEY = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True)
class TypedDraft:
    """A draft: its key, when it was last changed (seconds since 1970), and what was typed."""

    key: str
    changed: float
    values: dict[str, Any]


class Drafts:
    """The drafts of one person."""

    def __init__(self, git_dir: Path, person: str) -> None:
        # a person's name may hold anything: the folder's name is a digest of it
        name = hashlib.sha256(person.encode()).hexdigest()[:32]
        self._folder = git_dir / "manualsmith" / "drafts" / name

    @cached_property
    def forms(self) -> KeptForms:
        """The other forms that were begun."""
        return KeptForms(self._folder / "forms")

    def new(self, values: dict[str, Any]) -> TypedDraft:
        """Keep a new draft and return it. Raises UserError where there are too many."""
        if sum(1 for _ in self.all()) >= MOST:
            raise UserError(t("you have {count} drafts: hand some in, or drop them", count=MOST))
        return self.put(secrets.token_urlsafe(16), values)

    def put(self, key: str, values: dict[str, Any]) -> TypedDraft:
        """Keep a draft: written beside, then moved into its place."""
        file = self._file(key)
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with replacing(file) as beside:
            beside.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")
        return TypedDraft(key, time.time(), values)

    def get(self, key: str) -> TypedDraft:
        """Return a draft. Raises UserError where there is none."""
        file = self._file(key)
        try:
            return TypedDraft(key, file.stat().st_mtime, json.loads(file.read_text("utf-8")))
        except (OSError, ValueError) as error:
            raise UserError(t("there is no such draft: it was handed in, or dropped")) from error

    def drop(self, key: str) -> None:
        """Throw a draft away; one that is not there is fine."""
        self._file(key).unlink(missing_ok=True)

    @contextmanager
    def alone(self, key: str) -> Iterator[None]:
        """Hold a draft while it is read and written: two at once are one after the other."""
        with _LOCKS[hash(key) % len(_LOCKS)]:
            yield

    def all(self) -> Iterator[TypedDraft]:
        """Yield the drafts, the last changed first."""
        files = self._folder.glob("*.json") if self._folder.is_dir() else ()
        for file in sorted(files, key=lambda one: one.stat().st_mtime, reverse=True):
            try:
                yield self.get(file.stem)
            except UserError:
                continue

    def keep_picture(self, picture: Picture) -> None:
        """Keep a picture until its form is handed in; those of weeks ago go."""
        folder = self._folder / "pictures"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for file in folder.iterdir():
            if time.time() - file.stat().st_mtime > _FORGOTTEN:
                file.unlink(missing_ok=True)
        with replacing(folder / picture.name) as beside:
            beside.write_bytes(picture.data)

    def picture(self, name: str) -> Picture | None:
        """Return a picture that is kept, by its name; None for none."""
        file = self._folder / "pictures" / name
        if not is_picture(name) or not file.is_file():
            return None
        return Picture(name, file.read_bytes())

    def _file(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise UserError(t("there is no such draft: it was handed in, or dropped"))
        return self._folder / f"{key}.json"
