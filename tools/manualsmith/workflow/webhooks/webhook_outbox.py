"""The messages that are still to be sent from this machine, and those that were given up.

A file of the git directory has them, beside the commits that were told last: whatever moved main,
and however often it is looked, an event is put there once.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter

from manualsmith.errors import UserError
from manualsmith.files import replacing
from manualsmith.git.repository import Repository
from manualsmith.settings.webhook_settings import Webhook
from manualsmith.text import t
from manualsmith.workflow.webhooks.webhook_events import WebhookEvent, events_between, is_there
from manualsmith.workflow.workspace.open_workspace import Workspace

# seconds from one try to the next; after the last one a message is given up
PAUSES = (60, 300, 1_800, 7_200, 18_000, 36_000, 86_400)
_MOST_WAITING = 1_000  # messages for one receiver
_MOST_GIVEN_UP = 100


@dataclass(frozen=True)
class Message:
    """An event for one receiver, how often it was tried, and from when on it is to be tried again.

    due: seconds since 1970. reason: why the last try failed.
    """

    webhook: str
    event: WebhookEvent
    tries: int = 0
    due: float = 0
    reason: str = ""

    def failed(self, reason: str, at: float) -> "Message":
        """Return it after a try that failed *at* a time."""
        pause = PAUSES[min(self.tries, len(PAUSES) - 1)]
        return replace(self, tries=self.tries + 1, due=at + pause, reason=reason)

    @property
    def spent(self) -> bool:
        """Whether it was tried as often as it may be."""
        return self.tries > len(PAUSES)


@dataclass(frozen=True)
class Outbox:
    """The messages that wait and those that were given up, oldest first.

    main, records: the commits of the two mains that were told last; empty before the first look.
    """

    main: str = ""
    records: str = ""
    waiting: tuple[Message, ...] = ()
    given_up: tuple[Message, ...] = ()

    def without(self, message: Message) -> "Outbox":
        """Return it without a message that was sent."""
        return replace(self, waiting=tuple(one for one in self.waiting if one is not message))

    def after_failure(self, message: Message, failed: Message, *, for_good: bool) -> "Outbox":
        """Return it with a message as it is after a try; given up where that was the last."""
        if for_good or failed.spent:
            left = self.without(message)
            return replace(left, given_up=(*left.given_up, failed)[-_MOST_GIVEN_UP:])
        waiting = tuple(failed if one is message else one for one in self.waiting)
        return replace(self, waiting=waiting)

    def with_given_up_again(self) -> "Outbox":
        """Return it with what was given up to be tried again."""
        again = tuple(replace(one, tries=0, due=0) for one in self.given_up)
        return replace(self, waiting=(*again, *self.waiting), given_up=())


_SHAPE = TypeAdapter(Outbox)


@contextmanager
def sending_alone(repository: Repository, seconds: float) -> Iterator[bool]:
    """Let one process at a time send; yield False where another one does, for so many seconds."""
    from filelock import FileLock, Timeout

    file = _file(repository).with_suffix(".lock")
    file.parent.mkdir(exist_ok=True)
    lock = FileLock(file, timeout=seconds)
    try:
        lock.acquire()
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


def collected(workspace: Workspace, records: Workspace, outbox: Outbox) -> Outbox:
    """Return the outbox with what has happened since it was last looked.

    What was before the first look is not told, nor what led to a commit that is no more here.
    """
    settings = workspace.settings.webhooks.webhooks
    waiting = [one for one in outbox.waiting if one.webhook in settings]
    there = bool(outbox.main) and is_there(workspace, outbox.main)
    if there and is_there(records, outbox.records):
        events = events_between(workspace, records, outbox.main, outbox.records)
        waiting += _messages(events, [*settings.values()])
    found = Outbox(workspace.main.tip, records.main.tip, tuple(waiting), outbox.given_up)
    return _bounded(found)


def _messages(events: Sequence[WebhookEvent], to: Sequence[Webhook]) -> Iterator[Message]:
    for event in events:
        yield from (Message(one.name, event) for one in to if event.kind in one.events)


def _bounded(outbox: Outbox) -> Outbox:
    """Return it with the oldest messages given up where too many wait for one receiver."""
    for name in {one.webhook for one in outbox.waiting}:
        waiting = [one for one in outbox.waiting if one.webhook == name]
        for one in waiting[: max(0, len(waiting) - _MOST_WAITING)]:
            full = replace(one, reason=one.reason or t("too many messages wait"))
            outbox = outbox.after_failure(one, full, for_good=True)
    return outbox


def read_outbox(repository: Repository) -> Outbox:
    """Return what waits. Raises UserError where the file is damaged, and says how to go on."""
    file = _file(repository)
    try:
        return _SHAPE.validate_json(file.read_bytes())
    except FileNotFoundError:
        return Outbox()
    except (OSError, ValueError) as error:
        said = t("{file} cannot be read: {reason}", file=file, reason=type(error).__name__)
        hint = t("delete it: what has happened since is then not told")
        raise UserError(said, hint=hint) from error


def write_outbox(repository: Repository, outbox: Outbox) -> None:
    """Keep what waits."""
    file = _file(repository)
    file.parent.mkdir(exist_ok=True)
    with replacing(file) as made:
        made.write_bytes(_SHAPE.dump_json(outbox))


def given_up(workspace: Workspace) -> tuple[Message, ...]:
    """Return the messages that were given up, to receivers that the settings still have."""
    known = workspace.settings.webhooks.webhooks
    with suppress(UserError):
        return tuple(o for o in read_outbox(workspace.repository).given_up if o.webhook in known)
    return ()


def _file(repository: Repository) -> Path:
    return repository.common_dir / "manualsmith" / "webhooks.json"
