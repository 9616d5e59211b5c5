"""A gate that somebody at the server has opened for a while, and the book of what went through."""

import getpass
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from manualsmith.files import replacing
from manualsmith.git.repository import Repository


@dataclass(frozen=True)
class Unlocked:
    """Who opened the gate, why, and until when, in ISO 8601."""

    by: str
    reason: str
    until: str


def unlock(repository: Repository, reason: str, minutes: int) -> Unlocked:
    """Let every push through for some *minutes*, and write that into the book. Raises OSError."""
    until = datetime.now(UTC) + timedelta(minutes=minutes)
    opened = Unlocked(getpass.getuser(), reason, until.isoformat(timespec="seconds"))
    _folder(repository).mkdir(exist_ok=True)
    with replacing(_state(repository)) as made:
        made.write_text(json.dumps(asdict(opened), ensure_ascii=False), "utf-8")
    _write(repository, {"what": "unlocked", **asdict(opened)})
    return opened


def lock(repository: Repository) -> bool:
    """Close the gate again; return whether it was open. Raises OSError."""
    was_open = unlocked(repository) is not None
    _state(repository).unlink(missing_ok=True)
    if was_open:
        _write(repository, {"what": "locked", "by": getpass.getuser()})
    return was_open


def unlocked(repository: Repository) -> Unlocked | None:
    """Return how the gate was opened, None where it is closed, or the time is over."""
    try:
        found = Unlocked(**json.loads(_state(repository).read_text("utf-8")))
        over = datetime.fromisoformat(found.until) < datetime.now(UTC)
    except (OSError, ValueError, TypeError):
        return None
    return None if over else found


def note_pushed(repository: Repository, opened: Unlocked, pushed: Sequence[str]) -> None:
    """Write into the book what went through an open gate: the refs, from where to where."""
    said = {"what": "let through", "opened_by": opened.by, "reason": opened.reason}
    _write(repository, {**said, "pushed": list(pushed)})


def book(repository: Repository) -> list[dict[str, Any]]:
    """Return what the book says, the oldest first."""
    file = _folder(repository) / "gate.log"
    lines = file.read_text("utf-8").splitlines() if file.is_file() else []
    return [json.loads(line) for line in lines]


def _write(repository: Repository, entry: dict[str, Any]) -> None:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    line = json.dumps({"at": at, **entry}, ensure_ascii=False)
    with (_folder(repository) / "gate.log").open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")


def _folder(repository: Repository) -> Path:
    return repository.common_dir / "manualsmith"


def _state(repository: Repository) -> Path:
    return _folder(repository) / "unlocked.json"
