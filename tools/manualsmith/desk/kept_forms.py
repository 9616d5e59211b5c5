"""Forms as they stand while somebody types, kept on disk until they are sent or thrown away.

Each form that is opened has an id of its own; its key is the address that it is sent to. One that
was not sent is there again when its page is opened: after a menu link, another language, a closed
browser or a killed server. It is no record, and lies under the git directory.
"""

import json
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from manualsmith.files import replacing

MOST = 200
_ENDED = 500
_ID = re.compile(r"[A-Za-z0-9_-]{22}")
_LONGEST_TITLE = 200
Values = Mapping[str, str | list[str]]


@dataclass(frozen=True)
class KeptForm:
    """One form: its id, the address that it is sent to, its title and page, and what was typed.

    changed: seconds since 1970; 0 for one that nothing was typed into yet.
    """

    id: str
    key: str
    title: str = ""
    page: str = ""
    changed: float = 0
    values: Values = field(default_factory=dict)

    @property
    def is_kept(self) -> bool:
        """Whether it holds what was typed before."""
        return self.changed > 0

    def text(self, name: str, default: str = "") -> str:
        """Return what was typed into a field; *default* where nothing was kept of it."""
        value = self.values.get(name, default)
        return value if isinstance(value, str) else default

    def texts(self, name: str) -> list[str]:
        """Return the values of a field that may have several."""
        value = self.values.get(name, [])
        return [value] if isinstance(value, str) else list(value)


def new_form(key: str) -> KeptForm:
    """Return a form that nothing was typed into."""
    return KeptForm(secrets.token_urlsafe(16), key)


class KeptForms:
    """The forms of one person."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, form: KeptForm) -> bool:
        """Keep a form; return whether it is: one that was sent already is not kept again."""
        if not _ID.fullmatch(form.id) or self.is_ended(form.id):
            return False
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        told = {
            "key": form.key,
            "title": form.title[:_LONGEST_TITLE],
            "page": form.page if _is_here(form.page) else "/",
            "values": dict(form.values),
        }
        with replacing(self._file(form.id)) as beside:
            beside.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        for old in self._files()[MOST:]:
            old.unlink(missing_ok=True)
        return True

    def get(self, form_id: str) -> KeptForm | None:
        """Return a form by its id; None where none is kept."""
        if not _ID.fullmatch(form_id):
            return None
        file = self._file(form_id)
        try:
            told = json.loads(file.read_text("utf-8"))
            changed = file.stat().st_mtime
            return KeptForm(form_id, told["key"], told["title"], told["page"], changed,
                            told["values"])  # fmt: skip
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def latest(self, key: str) -> KeptForm | None:
        """Return the form of an address that was changed last; None where none is kept."""
        return next((one for one in self.all() if one.key == key), None)

    def under(self, key: str) -> list[KeptForm]:
        """Return the forms whose address begins with *key*, the last changed first."""
        return [one for one in self.all() if one.key.startswith(key)]

    def all(self) -> Iterator[KeptForm]:
        """Yield the forms, the last changed first, each read when it is asked for."""
        yield from filter(None, (self.get(file.stem) for file in self._files()))

    def _files(self) -> list[Path]:
        """Return the files of the forms, the last changed first; their texts are not read."""
        found = ((_changed(file), file) for file in self._folder.glob("*.json"))
        kept = [one for one in found if one[0] and _ID.fullmatch(one[1].stem)]
        return [file for _, file in sorted(kept, key=lambda one: one[0], reverse=True)]

    def end(self, form_id: str) -> None:
        """Forget a form: it was sent, or thrown away. What still comes of it is not kept."""
        if not _ID.fullmatch(form_id):
            return
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        ended = [*self._ended(), form_id][-_ENDED:]
        with replacing(self._folder / "ended") as beside:
            beside.write_text("\n".join(ended), encoding="utf-8")
        self._file(form_id).unlink(missing_ok=True)

    def is_ended(self, form_id: str) -> bool:
        """Return whether a form was sent or thrown away."""
        return form_id in self._ended()

    def _ended(self) -> list[str]:
        try:
            return (self._folder / "ended").read_text("utf-8").split()
        except OSError:
            return []

    def _file(self, form_id: str) -> Path:
        return self._folder / f"{form_id}.json"


def _changed(file: Path) -> float:
    """Return when a file was changed; 0 where another request took it away just now."""
    try:
        return file.stat().st_mtime
    except OSError:
        return 0


def _is_here(page: str) -> bool:
    """Return whether an address is one of the desk's own pages."""
    return page.startswith("/") and not page.startswith("//") and "\\" not in page
