"""What the desk knows of a repository, kept in memory: read again only where a ref has moved.

Every answer is of a moment after it was asked for. Those who ask while git is looking share its
next look, so that fifty at once cost what two do.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

from markupsafe import Markup

from manualsmith.git.blobs import BlobReader
from manualsmith.git.refs import RefStamp, ref_stamp
from manualsmith.layout import KINDS, MANUALS
from manualsmith.markdown.reading.page_title import page_title
from manualsmith.records.models.incident import EntryRef
from manualsmith.settings.read_settings import Settings
from manualsmith.text import Language, language
from manualsmith.workflow.landing.adopt import try_to_adopt
from manualsmith.workflow.queue.branch import suggestion_refs
from manualsmith.workflow.queue.followed_queue import FollowedQueue, follow
from manualsmith.workflow.queue.list_queue import QueueFilter, QueueItem
from manualsmith.workflow.queue.show_suggestion import Read
from manualsmith.workflow.reports.due import (
    Kept,
    PageKey,
    PlaceToConfirm,
    asked_at,
    dated,
    in_order,
)
from manualsmith.workflow.service.resolving import places
from manualsmith.workflow.service.service_records import Desk, read_desk, records_of
from manualsmith.workflow.suggest.bound_facts import documented_facts
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.snapshot import main_snapshot

Value = TypeVar("Value")
# values by product, then by category and fact
Documented = Mapping[str, Mapping[tuple[str, str], tuple[str, ...]]]


@dataclass(frozen=True)
class Board:
    """All suggestions, open and decided, as main and the branches are at one moment.

    orders, lists: what pages have made of them, in which order and how shown, by what was asked.
    """

    workspace: Workspace
    items: tuple[QueueItem, ...]
    read: Read
    orders: dict[frozenset[tuple[str, str]], list[QueueItem]] = field(default_factory=dict)
    lists: dict[tuple[object, ...], Markup] = field(default_factory=dict)

    @cached_property
    def products(self) -> list[str]:
        """The products that open suggestions are for, by name."""
        return sorted({item.account.product for item in self.chosen(QueueFilter())} - {""})

    @cached_property
    def asked_of_authors(self) -> int:
        """How many open suggestions wait for their authors, out of the reviewers' way."""
        return sum(item.account.turn == "author" for item in self.chosen(QueueFilter()))

    def chosen(self, wanted: QueueFilter) -> list[QueueItem]:
        """Return the suggestions that are wanted, in the queue's order."""
        return [item for item in self.items if wanted.takes(item.account)]


class _Shared(Generic[Value]):
    """A value that is read when it is asked for, once for all who are waiting for it."""

    def __init__(self, read: Callable[[Value | None], Value]) -> None:
        self._read = read
        self._value: Value | None = None
        self._asked = self._answered = 0
        self._counting, self._reading = Lock(), Lock()

    def now(self) -> Value:
        """Return the value as it is after this was called."""
        with self._counting:
            self._asked += 1
            mine = self._asked
        with self._reading:
            if self._value is None or self._answered < mine:
                with self._counting:
                    covered = self._asked
                self._value = self._read(self._value)
                self._answered = covered
            return self._value


class _AtTip(Generic[Value]):
    """A value that follows from main's tip, read again only where that has moved."""

    def __init__(self, making: Lock, read: Callable[[Workspace], Value]) -> None:
        self._making = making
        self._read = read
        self._known: tuple[str, Value] | None = None

    def of(self, workspace: Workspace) -> Value:
        """Return the value at the workspace's main."""
        with self._making:
            if self._known is None or self._known[0] != workspace.main.tip:
                self._known = workspace.main.tip, self._read(workspace)
            return self._known[1]


@dataclass(frozen=True)
class Moment:
    """Main and the branches as one look at git has found them; *print* is all of it."""

    print: bytes
    workspace: Workspace
    boards: dict[Language, Board]
    stamp: RefStamp | None


class Watch:
    """One repository, read for everybody who uses the desk."""

    def __init__(self, workspace: Workspace) -> None:
        self._start = workspace
        self._refs = _Shared(self._look)
        self._desk = _Shared(self._records)
        self._queues: dict[Language, FollowedQueue] = {}
        self._titled: dict[str, str] = {}
        self._making = Lock()
        self._titles = _AtTip(self._making, self._read_titles)
        self._places = {kind: _AtTip(self._making, partial(_read_places, kind)) for kind in KINDS}
        self._asked_by_page: dict[PageKey, list[PlaceToConfirm]] = {}
        self._asked = _AtTip(self._making, self._read_asked)
        self._documented = _AtTip(self._making, _read_documented)

    @property
    def git_dir(self) -> Path:
        """The git directory that all worktrees of the repository share."""
        return self._start.repository.common_dir

    @property
    def settings(self) -> Settings:
        """The settings that the desk was started with."""
        return self._start.settings

    def now(self) -> Moment:
        """Return main and the branches as they are now."""
        return self._refs.now()

    def workspace(self) -> Workspace:
        """Return the workspace at main's tip of now."""
        return self.now().workspace

    def board(self, seen: Moment) -> Board:
        """Return the queue as it was at a moment, its messages in the language that is spoken."""
        with self._making:
            if language() not in seen.boards:
                seen.boards[language()] = self._board(seen.workspace)
            return seen.boards[language()]

    def _board(self, workspace: Workspace) -> Board:
        workspace = try_to_adopt(workspace)
        refs = suggestion_refs(workspace)
        found = self._queues[language()] = follow(workspace, refs, self._queues.get(language()))
        items = found.items()
        opened = {item.account.ref: item for item in items if item.account.ref}
        there = {ref: info for ref, info in refs.items() if ref in opened}
        return Board(workspace, tuple(items), Read(there, opened))

    def desk(self) -> Desk:
        """Return the service desk's records as they are now."""
        return self._desk.now()

    def titles(self, workspace: Workspace) -> Mapping[str, str]:
        """Return the title of each page, by its manual and path; what is new is read."""
        return self._titles.of(workspace)

    def places(self, workspace: Workspace, kind: str) -> Sequence[EntryRef]:
        """Return the places of the manuals of a kind: entries, or sections."""
        return self._places[kind].of(workspace)

    def documented(self, workspace: Workspace) -> Documented:
        """Return what pages state of their environments at the workspace's main."""
        return self._documented.of(workspace)

    def kept(self, workspace: Workspace, desk: Desk) -> list[Kept]:
        """Return the places of the manuals that are to be confirmed, what waits longest first."""
        return in_order(dated(self.to_confirm(workspace), desk.final))

    def to_confirm(self, workspace: Workspace) -> Sequence[PlaceToConfirm]:
        """Return the places of the manuals that are to be confirmed, whenever they were."""
        return self._asked.of(workspace)

    def _read_titles(self, workspace: Workspace) -> Mapping[str, str]:
        with BlobReader(workspace.repository) as reader:
            snapshot = main_snapshot(workspace, reader)
            pages = {
                f"{manual.name}/{manual.page(entry.path)}": entry.oid
                for manual in MANUALS.values()
                for entry in snapshot.page_files(manual)
            }
            fresh = [oid for oid in pages.values() if oid not in self._titled]
            for oid, blob in zip(fresh, reader.get_many(fresh), strict=True):
                text = blob.data.decode("utf-8", "replace") if blob else ""
                self._titled[oid] = page_title(text)
        return {path: self._titled.get(oid) or path for path, oid in pages.items()}

    def _read_asked(self, workspace: Workspace) -> Sequence[PlaceToConfirm]:
        return asked_at(workspace, self._asked_by_page)

    def _look(self, before: Moment | None) -> Moment:
        if before and before.stamp and before.stamp.still_holds():
            return before
        repository = self._start.repository
        # before they are read: what moves meanwhile is seen the next time
        stamp = ref_stamp(repository)
        found = repository.output("for-each-ref", "--format=%(objectname) %(refname)", "refs/heads")
        if before and before.print == found:
            return replace(before, stamp=stamp)
        now = before.workspace if before else self._start.refreshed()
        tips = {ref: oid for oid, _, ref in (line.partition(b" ") for line in found.splitlines())}
        tip = tips.get(now.main.ref.encode("utf-8", "surrogateescape"))
        return Moment(found, now.at(tip.decode()) if tip else now.refreshed(), {}, stamp)

    def _records(self, before: Desk | None) -> Desk:
        records = records_of(self._refs.now().workspace)
        if before and before.workspace.main.tip == records.main.tip:
            return before
        return read_desk(records)


def _read_places(kind: str, workspace: Workspace) -> Sequence[EntryRef]:
    with BlobReader(workspace.repository) as reader:
        return places(main_snapshot(workspace, reader), kind)


def _read_documented(workspace: Workspace) -> Documented:
    return documented_facts(workspace)
