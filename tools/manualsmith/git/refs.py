"""Move refs, all or none, each only from where it was last seen."""

import os
import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from manualsmith.errors import Problem, UserError
from manualsmith.git import process
from manualsmith.git.repository import Repository
from manualsmith.text import t

_SETTLED = 50_000_000  # ns
_LOCK_FILE = re.compile(r"'([^']+\.lock)': File exists")
_CANNOT_LOCK = re.compile(r"cannot lock ref '([^']+)'")


@dataclass(frozen=True)
class RefUpdate:
    """One ref to move from *old* to *new*.

    old None: it must not exist yet. new None: delete it. new == old: it must still stand there.
    """

    ref: str
    new: str | None
    old: str | None


class RefsMoved(UserError):
    """Somebody else moved refs after they were read; nothing was changed."""

    def __init__(self, refs: Sequence[str]) -> None:
        self.refs = tuple(refs)
        super().__init__(
            Problem(
                t("{ref} was moved by somebody else in the meantime", ref=ref),
                hint=t("nothing was changed; run the command again"),
            )
            for ref in refs
        )


class RefsBusy(process.GitFailed):
    """Another git holds the lock of a ref, now or since it was killed; nothing was changed."""

    def __init__(self, message: str) -> None:
        file = _LOCK_FILE.search(message)
        super().__init__(message, hint=left_lock(Path(file[1])) if file else None)


def left_lock(file: Path) -> str:
    """Return what to do with a lock of git's, by its age."""
    try:
        minutes = max(0, int((time.time() - file.stat().st_mtime) / 60))
    except OSError:
        return t("run the command again")
    return t(
        "it has been there for {minutes} minutes; when no git is running here any more, delete "
        "{file}",
        minutes=minutes,
        file=file,
    )


def update_refs(
    repository: Repository,
    updates: Sequence[RefUpdate],
    message: str,
    *,
    taken_along: str | None = None,
    durable: bool = False,
) -> None:
    """Do all *updates* in one transaction, with *message* in the reflog of refs that move.

    durable: have git flush each ref that moves to the disk before this returns; it does not by
    itself.

    Raises RefsMoved where a ref is no longer where *old* says, RefsBusy where it is locked,
    UserError where a branch is checked out in a worktree (its files would no longer be those of
    its commit), or git refuses. *taken_along* is a branch whose worktree the caller sees to.
    """
    if not updates:
        return
    _refuse_checked_out(repository, [u for u in updates if u.ref != taken_along])
    commands = [b"start", *(_command(update) for update in updates), b"prepare", b"commit"]
    data = b"\0".join(commands) + b"\0"
    # A new ref's log would hold its creation alone, and a file for each costs more than the ref.
    # git begins the log when the ref first moves, with where it stood before.
    made = all(update.old is None or update.new == update.old for update in updates)
    unlogged = ["-c", "core.logAllRefUpdates=false"] if made else []
    flushed = ["-c", "core.fsync=committed"] if durable else []
    done = repository.run(
        *unlogged, *flushed, "update-ref", "-m", message, "--stdin", "-z", data=data
    )
    if done.code == 0:
        return
    if moved := _moved(repository, updates, done.stderr):
        raise RefsMoved(moved)
    if ".lock': File exists" in done.stderr:
        raise RefsBusy(done.message)
    process.checked(done, "update-ref")


def resolve_refs(repository: Repository, refs: Iterable[str]) -> dict[str, str]:
    """Return where each of *refs* stands; those that do not exist are left out."""
    wanted = {process.argument(ref) for ref in refs}
    return {ref: tip for ref, tip in refs_under(repository, *_few(wanted)).items() if ref in wanted}


def refs_under(repository: Repository, *patterns: str) -> dict[str, str]:
    """Return where the refs under *patterns*, such as ``refs/heads/suggest/``, stand."""
    listed = repository.output("for-each-ref", "--format=%(refname)%00%(objectname)", *patterns)
    pairs = (line.split("\0") for line in listed.decode("utf-8", "surrogateescape").splitlines())
    return dict(pairs)


@dataclass(frozen=True)
class RefStamp:
    """When the files of the branches changed last, by path: inode, time in ns, size.

    Git moves a ref by renaming a file into its folder, or by writing ``packed-refs`` anew: where
    folders and that file are as they were, so are the branches. *settled*: the last change is far
    enough back that the next one has another time; file systems count in steps of up to 10 ms.
    """

    files: tuple[tuple[Path, tuple[int, int, int] | None], ...]
    settled: bool

    def still_holds(self) -> bool:
        """Return whether no branch can have moved since; it costs a look at a handful of files."""
        return self.settled and all(_changed_at(path) == then for path, then in self.files)


def ref_stamp(repository: Repository) -> RefStamp | None:
    """Return the stamp of the branches as they are now; None where their files do not tell."""
    if os.name != "posix" or (repository.common_dir / "reftable").exists():
        return None
    heads = repository.common_dir / "refs" / "heads"
    folders = [Path(folder) for folder, _, _ in os.walk(heads)]
    paths = [repository.common_dir / "packed-refs", *folders]
    files = tuple((path, _changed_at(path)) for path in paths)
    last = max((then[1] for _, then in files if then), default=0)
    return RefStamp(files, last < time.time_ns() - _SETTLED)


def _changed_at(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def checked_out_branches(repository: Repository) -> dict[str, Path]:
    """Return the full refs of the branches that worktrees have checked out, with the worktree."""
    listed = repository.output("worktree", "list", "--porcelain", "-z")
    found: dict[str, Path] = {}
    folder = Path()
    for field in listed.decode("utf-8", "surrogateescape").split("\0"):
        name, _, value = field.partition(" ")
        if name == "worktree":
            folder = Path(value)
        elif name == "branch":
            found[value] = folder
    return found


def _command(update: RefUpdate) -> bytes:
    if "\0" in update.ref or not update.ref.startswith("refs/"):
        raise UserError(t("{ref} is not the full name of a ref", ref=repr(update.ref)))
    if update.old is None and update.new is None:
        raise ValueError(f"nothing to do for {update.ref}")
    if update.old is None:
        parts = [f"create {update.ref}", update.new]
    elif update.new is None:
        parts = [f"delete {update.ref}", update.old]
    elif update.new == update.old:
        parts = [f"verify {update.ref}", update.old]
    else:
        parts = [f"update {update.ref}", update.new, update.old]
    return b"\0".join((part or "").encode("utf-8", "surrogateescape") for part in parts)


def _refuse_checked_out(repository: Repository, updates: Sequence[RefUpdate]) -> None:
    moving = [update.ref for update in updates if update.old and update.new != update.old]
    if not moving:
        return
    worktrees = checked_out_branches(repository)
    problems = [
        Problem(
            t("branch {ref} is checked out in {folder}", ref=ref, folder=worktrees[ref]),
            hint=t("switch that worktree to another branch first: git switch main"),
        )
        for ref in moving
        if ref in worktrees
    ]
    if problems:
        raise UserError(problems)


def _moved(repository: Repository, updates: Sequence[RefUpdate], stderr: str) -> list[str]:
    """Return the refs that are not where they were said to be.

    The transaction names one; it may have moved back, or its lock been let go, since.
    """
    tips = resolve_refs(repository, (update.ref for update in updates))
    moved = [update.ref for update in updates if tips.get(update.ref) != update.old]
    named = _CANNOT_LOCK.search(stderr)
    if (
        not moved
        and named
        and re.search(r"but expected|already exists|reference is missing", stderr)
    ):
        moved = [named[1]]
    return moved


def _few(refs: set[str]) -> list[str]:
    """Return *refs* as patterns, or none, which lists all refs, where they would be too many."""
    return sorted(refs) if len(refs) <= 100 else ["refs/"]
