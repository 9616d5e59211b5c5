"""Open a session: one process at a time, on main as it is now, with what the remote has."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import TypeVar

from manualsmith.git.blobs import BlobReader
from manualsmith.git.refs import RefsBusy, RefsMoved
from manualsmith.git.worktree import one_at_a_time
from manualsmith.git.write import BranchWriter
from manualsmith.workflow.landing.adopt import adopt_under_lock, as_adopted
from manualsmith.workflow.landing.land_on_main import Landing
from manualsmith.workflow.landing.session import Session
from manualsmith.workflow.queue.branch import suggestion_refs
from manualsmith.workflow.queue.leftovers import without_leftovers
from manualsmith.workflow.sharing.sync import Sharing
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.snapshot import main_snapshot

Result = TypeVar("Result")
Progress = Callable[[int, int], None]
TRIES = 40
_WAIT = 0.05


@contextmanager
def session(
    workspace: Workspace, command: str, *, dry_run: bool, sharing: Sharing | None = None
) -> Iterator[Session]:
    """Open a sitting on main's tip of now; a dry run waits for nobody and writes nothing.

    With *sharing* it begins with what the remote has, and ends with the remote having it all.
    """
    if dry_run:
        sharing = None
    repository = workspace.repository
    lock = nullcontext() if dry_run else one_at_a_time(repository)
    with lock, BlobReader(repository) as reader, BranchWriter(repository) as writer:
        workspace = _ready(workspace, sharing, dry_run)
        snapshot, refs = main_snapshot(workspace, reader), suggestion_refs(workspace)
        refs = without_leftovers(workspace, refs, snapshot, only_told=dry_run)
        yield Session(
            workspace,
            reader,
            refs,
            snapshot,
            Landing(workspace, writer, command, sharing.land if sharing else None),
            dry_run,
            sharing.clashes if sharing else {},
        )
        if sharing:
            sharing.give(workspace)


def _ready(workspace: Workspace, sharing: Sharing | None, dry_run: bool) -> Workspace:
    """Return the workspace at main of now, with what the remote has and what git decided."""
    if sharing:
        return sharing.take(workspace)
    adopting = as_adopted if dry_run else adopt_under_lock
    return adopting(workspace.refreshed())


def again(work: Callable[[], Result]) -> Result:
    """Return what *work* returns, doing it again where somebody else moved a ref meanwhile."""
    for attempt in range(TRIES):
        try:
            return work()
        except (RefsMoved, RefsBusy):
            time.sleep(random.uniform(0, _WAIT * min(attempt + 1, 20)))  # noqa: S311
    return work()
