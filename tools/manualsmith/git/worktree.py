"""Take a worktree along when the branch that it has checked out moves: no edit of anybody is lost.

The files go first, the ref follows: what a killed command leaves staged is what it was about to
bring, never its reversal. A note of what is under way lies beside the lock, and whatever command is
run next brings the files to where the ref is.
"""

import json
import threading
from collections import defaultdict, deque
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from manualsmith.errors import Problem, UserError
from manualsmith.files import refuse_links, replacing
from manualsmith.git import process
from manualsmith.git.refs import checked_out_branches, left_lock, resolve_refs
from manualsmith.git.repository import Repository
from manualsmith.git.trees import SYMLINK, TreeChange, changed_paths
from manualsmith.text import t

WAIT_SECONDS = 600
_UNFINISHED = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply")


@dataclass(frozen=True)
class Worktree:
    """A folder that has a branch checked out, and its own git directory."""

    folder: Path
    git_dir: Path


class _Turns:
    """A lock among threads that is given in the order in which it was asked for."""

    def __init__(self) -> None:
        self._changing = threading.Lock()
        self._waiting: deque[threading.Event] = deque()

    def __enter__(self) -> None:
        turn = threading.Event()
        with self._changing:
            self._waiting.append(turn)
            if len(self._waiting) == 1:
                turn.set()
        turn.wait()

    def __exit__(self, *_: object) -> None:
        with self._changing:
            self._waiting.popleft()
            if self._waiting:
                self._waiting[0].set()


# the file's lock is polled, which would be slow and unfair among the threads of one server
_turns: defaultdict[Path, _Turns] = defaultdict(_Turns)


@contextmanager
def one_at_a_time(repository: Repository) -> Iterator[None]:
    """Let one process of this repository at a time decide, and finish what a killed one began.

    Other machines, and whoever pushes, are met by the refs' own locks and old values.
    Raises UserError where the lock cannot be written, or is held for ten minutes.
    """
    lock = _lock_file(repository)
    with _turns[lock]:
        yield from _locked(repository, lock)


def _lock_file(repository: Repository) -> Path:
    return repository.common_dir / "manualsmith" / "lock"


def _locked(repository: Repository, lock: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout

    try:
        lock.parent.mkdir(exist_ok=True)
        held = FileLock(lock, timeout=WAIT_SECONDS)
        held.acquire()
    except Timeout as error:
        raise UserError(
            t("another manualsmith has been at work here for ten minutes"),
            hint=t("wait for it, or end it; then run the command again"),
        ) from error
    except OSError as error:
        raise UserError(
            t("{file} cannot be written: {reason}", file=lock, reason=error.strerror)
        ) from error
    try:
        _finish(repository)
        yield
    finally:
        held.release()


def worktree_of(repository: Repository, ref: str) -> Worktree | None:
    """Return the worktree that has the branch *ref* checked out, None where there is none."""
    folder = checked_out_branches(repository).get(ref)
    if folder is None or not folder.is_dir():
        return None
    found = process.output(folder, "rev-parse", "--absolute-git-dir").decode("utf-8").rstrip("\n")
    if found == str(repository.common_dir) and repository.is_bare:
        return None
    return Worktree(folder, Path(found))


def refuse_obstacles(
    worktree: Worktree, repository: Repository, changes: Sequence[TreeChange]
) -> None:
    """Raise UserError where the files of *changes* have changes of their own here.

    So does a merge or rebase that is under way, and an index that another git has locked.
    """
    for name in _UNFINISHED:
        if (worktree.git_dir / name).exists():
            raise UserError(
                t("a merge or rebase is under way in {folder}", folder=worktree.folder),
                hint=t("finish it or stop it (git merge --abort), then run the command again"),
            )
    lock = worktree.git_dir / "index.lock"
    if lock.exists():
        raise UserError(
            t("another git is at work in {folder}, or was killed there", folder=worktree.folder),
            hint=left_lock(lock),
        )
    for change in changes:
        path = worktree.folder / change.path
        refuse_links(path.parent if change.old_mode == SYMLINK else path, worktree.folder)
    touched = _touched(worktree, repository, changes)
    if touched:
        raise UserError(
            Problem(
                t(
                    "{path} has changes in {folder} that are not committed",
                    path=path,
                    folder=worktree.folder,
                ),
                hint=t("commit them or put them aside (git stash), then run the command again"),
            )
            for path in touched
        )


def _note_move(worktree: Worktree, repository: Repository, ref: str, old: str, new: str) -> None:
    """Write down that *ref* is about to move and the worktree's files with it."""
    note = {"folder": str(worktree.folder), "ref": ref, "old": old, "new": new}
    with replacing(repository.moving) as made:
        made.write_text(json.dumps(note), "utf-8")


@contextmanager
def bringing_along(
    worktree: Worktree,
    repository: Repository,
    ref: str,
    old: str,
    new: str,
    changes: Sequence[TreeChange],
) -> Iterator[None]:
    """Give the worktree *new*'s files, for the block to move *ref* there from *old*.

    Where the block raises they are *old*'s again. *changes* lead from one to the other: call
    `refuse_obstacles` with them first. Raises GitFailed where git cannot write the files.
    """
    _note_move(worktree, repository, ref, old, new)
    try:
        _bring(worktree, changes, new)
        yield
    except BaseException:
        with suppress(UserError):  # the note is still there for the next command
            _bring(worktree, changed_paths(repository, new, old), old)
            repository.moving.unlink(missing_ok=True)
        raise
    repository.moving.unlink(missing_ok=True)


def _bring(worktree: Worktree, changes: Sequence[TreeChange], new: str) -> None:
    """Give the worktree's files and index the *changes* that lead to *new*, and nothing else."""
    kept = [change.path for change in changes if change.status != "D"]
    gone = [change.path for change in changes if change.status == "D"]
    paths = ["--pathspec-from-file=-", "--pathspec-file-nul"]
    if kept:
        _run(worktree, ["checkout", "--quiet", new, *paths], kept)
    if gone:
        _run(worktree, ["rm", "--quiet", "--ignore-unmatch", "--force", *paths], gone)


def finish_what_was_begun(repository: Repository) -> None:
    """Bring the files to where main is, if a command was killed while it moved it.

    Where another one is at work it is left to that. Raises UserError where they cannot be brought.
    """
    if not repository.moving.is_file():
        return
    from filelock import FileLock, Timeout

    with suppress(Timeout, OSError), FileLock(_lock_file(repository), timeout=0):
        _finish(repository)


def _finish(repository: Repository) -> None:
    """Give a worktree the files of where its ref is, if a killed process was about to move it."""
    file = repository.moving
    if not file.is_file():
        return
    try:
        note = json.loads(file.read_text("utf-8"))
        worktree = worktree_of(repository, note["ref"])
    except (ValueError, KeyError, TypeError):
        worktree = None
    if worktree and str(worktree.folder) == note["folder"]:
        old, new = note["old"], note["new"]
        tip = resolve_refs(repository, [note["ref"]]).get(note["ref"])
        if tip == old:
            old, new = new, old
        if tip == old or _is_in(repository, new, note["ref"]):
            changes = changed_paths(repository, old, new)
            refuse_obstacles(worktree, repository, changes)
            _bring(worktree, changes, new)
    file.unlink(missing_ok=True)


def _is_in(repository: Repository, commit: str, ref: str) -> bool:
    return repository.run("merge-base", "--is-ancestor", commit, ref).code == 0


def _touched(
    worktree: Worktree, repository: Repository, changes: Sequence[TreeChange]
) -> list[str]:
    """Return the paths whose file or index entry is neither the old nor the new one."""
    paths, nothing = [change.path for change in changes], repository.no_oid
    staged, files = _staged(worktree, paths), file_ids(worktree.folder, paths)
    either = {change.path: (change.old_oid, change.new_oid) for change in changes}
    other = [one for one in changes if files.get(one.path, nothing) not in either[one.path]]
    touched = {one.path for one in other} - _as_written(worktree, other)
    return [
        path for path in paths if path in touched or staged.get(path, nothing) not in either[path]
    ]


def _as_written(worktree: Worktree, changes: Sequence[TreeChange]) -> set[str]:
    """Return the paths whose file is, byte for byte, what git would write of either side.

    What blob a file would be, were it added, does not tell that nobody touched it: where line ends
    are converted (``core.autocrlf``, ``text``) it would have LF, and the blob may have CRLF.
    """
    old = {one.path: (one.old_mode, one.old_oid) for one in changes}
    new = {one.path: (one.new_mode, one.new_oid) for one in changes}
    found: set[str] = set()
    for side in (old, new):
        plain = {path: entry for path, entry in side.items() if entry[0].startswith("100")}
        found |= _written(worktree, plain) if plain else set()
    return found


def _written(worktree: Worktree, entries: Mapping[str, tuple[str, str]]) -> set[str]:
    """Return the paths whose file is what git writes for an entry: its mode and blob id."""
    listed = "".join(f"{mode} {oid}\t{path}\0" for path, (mode, oid) in entries.items())
    with TemporaryDirectory() as name:
        out, env = Path(name, "files"), {"GIT_INDEX_FILE": str(Path(name, "index"))}

        def git(*command: str, data: bytes) -> None:
            process.checked(process.run(worktree.folder, *command, data=data, env=env), command[0])

        git("update-index", "-z", "--index-info", data=listed.encode("utf-8", "surrogateescape"))
        git("checkout-index", "-z", "--stdin", f"--prefix={out}/", data=_lines(entries))
        return {path for path in entries if _same(worktree.folder / path, out / path)}


def _same(file: Path, other: Path) -> bool:
    return file.is_file() and not file.is_symlink() and file.read_bytes() == other.read_bytes()


def _staged(worktree: Worktree, paths: Container[str]) -> dict[str, str]:
    listed = process.output(worktree.folder, "ls-files", "--stage", "-z", "--full-name")
    entries = (record.split("\t", 1) for record in _records(listed))
    return {path: meta.split(" ")[1] for meta, path in entries if path in paths}


def file_ids(folder: Path, paths: Iterable[str]) -> dict[str, str]:
    """Return the blob id that git would give each path's file under *folder*, if it were new.

    A path without a file is left out.
    """
    there = [path for path in paths if (folder / path).is_file()]
    data = "".join(f"{path}\n" for path in there).encode("utf-8", "surrogateescape")
    oids = process.output(folder, "hash-object", "--stdin-paths", data=data)
    return dict(zip(there, oids.decode().split(), strict=True))


def _run(worktree: Worktree, command: Sequence[str], paths: Sequence[str]) -> None:
    done = process.run(worktree.folder, "--literal-pathspecs", *command, data=_lines(paths))
    process.checked(done, command[0])


def _lines(paths: Iterable[str]) -> bytes:
    """Return *paths* as git reads them with ``-z``."""
    return b"".join(path.encode("utf-8", "surrogateescape") + b"\0" for path in paths)


def _records(raw: bytes) -> list[str]:
    return raw.decode("utf-8", "surrogateescape").split("\0")[:-1]
