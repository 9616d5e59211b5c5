"""What readers of the site answer: was a page of help, and what did they look for in vain.

Counts alone, by page and day: no address, no cookie, no time. Those of today are in a file of the
git directory; once a day they are committed beside the records, ``records/answers/2026-11.yaml``:
whoever backs up the repository has them. A day is written as it was counted, not added up, so that
writing it again changes nothing.
"""

import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from filelock import FileLock
from pydantic import AfterValidator, TypeAdapter

from manualsmith.errors import UserError
from manualsmith.files import replacing
from manualsmith.git.blobs import BlobReader
from manualsmith.git.trees import list_tree
from manualsmith.layout import layout, writing
from manualsmith.records.privacy import unallowed
from manualsmith.records.yaml.read_yaml import read
from manualsmith.records.yaml.write_yaml import emit
from manualsmith.text import t
from manualsmith.workflow.service.service_records import Committed, Desk, change
from manualsmith.workflow.workspace.open_workspace import Workspace

Answer = Literal["yes", "no"]
SCHEMA = "manualsmith/answers/v1"
# what one day may hold, whoever asks: a page's count, different questions, letters of one
MOST_ANSWERS, MOST_QUESTIONS, LONGEST_QUESTION = 10_000, 200, 80

Day = Annotated[str, AfterValidator(lambda day: date.fromisoformat(day).isoformat())]
_LONGEST_WAIT = 10  # seconds
# by page, or by question, then by day
Counts = dict[str, dict[Day, Any]]


@dataclass
class ReaderAnswers:
    """pages: by path, then by day, how many said yes and no. searched: by words, then by day."""

    pages: dict[str, dict[Day, dict[Answer, int]]] = field(default_factory=dict)
    searched: dict[str, dict[Day, int]] = field(default_factory=dict)

    def helped(self, since: date, until: date) -> dict[str, tuple[int, int]]:
        """Return how many said yes and no of each page in a period, both days included."""
        found = {}
        for page, days in self.pages.items():
            counted = [of for day, of in days.items() if since <= date.fromisoformat(day) <= until]
            total = (sum(o.get("yes", 0) for o in counted), sum(o.get("no", 0) for o in counted))
            if any(total):
                found[page] = total
        return found

    def not_found(self, since: date, until: date) -> dict[str, int]:
        """Return how often words were looked for in vain in a period."""
        counted = {
            words: sum(n for day, n in days.items() if since <= date.fromisoformat(day) <= until)
            for words, days in self.searched.items()
        }
        return {words: count for words, count in counted.items() if count}

    def take(self, other: "ReaderAnswers") -> None:
        """Take in the days of *other*, which go before those of the same name here."""
        for page, days in other.pages.items():
            self.pages.setdefault(page, {}).update(days)
        for words, counts in other.searched.items():
            self.searched.setdefault(words, {}).update(counts)

    def of(self, days: Iterable[str]) -> "ReaderAnswers":
        """Return what was answered on *days*."""
        wanted = frozenset(days)
        return ReaderAnswers(_of(self.pages, wanted), _of(self.searched, wanted))

    @property
    def days(self) -> set[str]:
        """The days that something was answered on."""
        counts: tuple[Counts, Counts] = (self.pages, self.searched)
        return {day for of in counts for days in of.values() for day in days}


_SHAPE = TypeAdapter(ReaderAnswers)


def _of(counts: Mapping[str, Mapping[str, Any]], wanted: frozenset[str]) -> Counts:
    kept = {
        name: {day: value for day, value in days.items() if day in wanted}
        for name, days in counts.items()
    }
    return {name: days for name, days in kept.items() if days}


def count_answer(git_dir: Path, page: str, answer: Answer, today: date) -> None:
    """Count one answer about the page at *page*, which there is. Raises OSError."""
    with _alone(git_dir):
        kept = _buffer(git_dir)
        of = kept.pages.setdefault(page, {}).setdefault(today.isoformat(), {"yes": 0, "no": 0})
        of[answer] = min(of[answer] + 1, MOST_ANSWERS)
        _keep(git_dir, kept)


def count_question(git_dir: Path, words: str, allow: tuple[str, ...], today: date) -> bool:
    """Count what a reader looked for in vain; return False for what is not kept.

    That is what is long, or looks like personal data, and more than a day's worth. Raises OSError.
    """
    words = " ".join(unicodedata.normalize("NFKC", words).casefold().split())
    fine = words.isprintable() and 0 < len(words) <= LONGEST_QUESTION
    if not fine or any(unallowed(words, allow)):
        return False
    with _alone(git_dir):
        kept, day = _buffer(git_dir), today.isoformat()
        asked = sum(day in days for days in kept.searched.values())
        days = kept.searched.setdefault(words, {})
        if day not in days and asked >= MOST_QUESTIONS:
            return False
        days[day] = min(days.get(day, 0) + 1, MOST_ANSWERS)
        _keep(git_dir, kept)
    return True


def read_answers(records: Workspace, git_dir: Path) -> ReaderAnswers:
    """Return all that readers answered: what main of *records* has, and what *git_dir* still has.

    A file that cannot be read has none.
    """
    found = ReaderAnswers()
    with BlobReader(records.repository) as reader:
        for entry in list_tree(records.repository, records.main.tip, _folder()):
            if entry.path.endswith(".yaml") and (blob := reader.get(entry.oid)):
                found.take(_parsed(blob.data, entry.path))
    found.take(_buffer(git_dir))
    return found


def commit_answers(records: Workspace, git_dir: Path, today: date) -> None:
    """Commit what was answered before *today*, and let it go from the file of the git directory.

    Nothing is done where there is nothing. Raises UserError.
    """
    with _alone(git_dir):
        kept = _buffer(git_dir)
        past = {day for day in kept.days if day < today.isoformat()}
        if past:
            _commit(records, kept, past)
            _keep(git_dir, kept.of(kept.days - past))


def _commit(records: Workspace, kept: ReaderAnswers, past: set[str]) -> None:
    def work(desk: Desk, committed: Committed) -> str:
        with BlobReader(desk.workspace.repository) as reader:
            for month in sorted({day[:7] for day in past}):
                path = f"{_folder()}/{month}.yaml"
                blob = reader.get(f"{desk.workspace.main.tip}:{path}")
                whole = _parsed(blob.data, path) if blob else ReaderAnswers()
                whole.take(kept.of(day for day in past if day.startswith(month)))
                committed.files[path] = _dumped(whole)
        return max(past)

    def message(last: str) -> str:
        with writing():
            return t("What readers answered, up to {day}", day=last) + "\n"

    change(records, work, message)


def _folder() -> str:
    return f"{layout().records}/answers"


def _file(git_dir: Path) -> Path:
    return git_dir / "manualsmith" / "answers.json"


@contextmanager
def _alone(git_dir: Path) -> Iterator[None]:
    """Let one process at a time count: several may serve a desk. Raises OSError."""
    file = _file(git_dir).with_suffix(".lock")
    file.parent.mkdir(exist_ok=True)
    with FileLock(file, timeout=_LONGEST_WAIT):  # its Timeout is an OSError
        yield


def _buffer(git_dir: Path) -> ReaderAnswers:
    """Return what the git directory has; nothing where its file is damaged."""
    with suppress(OSError, ValueError):
        return _SHAPE.validate_json(_file(git_dir).read_bytes())
    return ReaderAnswers()


def _keep(git_dir: Path, kept: ReaderAnswers) -> None:
    file = _file(git_dir)
    with replacing(file) as made:
        made.write_text(json.dumps({"pages": kept.pages, "searched": kept.searched}), "utf-8")


def _dumped(answers: ReaderAnswers) -> str:
    with writing():
        title = t("What readers of the site answered")
    values = {"pages": _in_order(answers.pages), "searched": _in_order(answers.searched)}
    return f"# {title}\n" + emit({"schema": SCHEMA, **values})


def _in_order(counts: Counts) -> Counts:
    return {name: dict(sorted(days.items())) for name, days in sorted(counts.items())}


def _parsed(data: bytes, path: str) -> ReaderAnswers:
    with suppress(UserError, ValueError):
        return _SHAPE.validate_python(read(data, path).value)
    return ReaderAnswers()
