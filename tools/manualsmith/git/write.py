"""Write commits: any number of them through one ``fast-import``, and not one visible ref."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from manualsmith.errors import UserError
from manualsmith.git import process
from manualsmith.git.history import signatures_of
from manualsmith.git.repository import Repository, Signature
from manualsmith.text import t

if TYPE_CHECKING:
    from git.cmd import Git

# fast-import commits to a ref and writes refs when its stream ends. This one is emptied before
# that, and an empty one is not written; a stream that breaks off writes none at all.
_NO_REF = b"refs/manualsmith/import"

# Ids asked for at once: their answers must fit the smallest pipe, as in `blobs`.
_ANSWERS = 60

# git flushes a pack to the disk, and not the loose objects that few of a stream become: a power cut
# would leave a ref that leads nowhere. One flush for all of them.
_DURABLE = ("-c", "core.fsync=committed", "-c", "core.fsyncMethod=batch")

_END = b"reset %s\ndone\n" % _NO_REF

_COMMIT = re.compile(r":[1-9][0-9]*|[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True)
class FileChange:
    """A file and its new content, None to delete it."""

    path: str
    data: bytes | None


@dataclass(frozen=True)
class NewCommit:
    """A commit to write: the tree of its first parent (none: an empty one) with *changes*.

    parents: commit ids, or marks that `BranchWriter.add` returned.
    """

    parents: tuple[str, ...]
    message: str
    author: Signature
    committer: Signature
    changes: tuple[FileChange, ...]


class BranchWriter:
    """One ``git fast-import``, from the first commit on and no longer than the ``with`` block.

    Commits are in the repository after `finish`, and nothing leads to them until refs are moved.
    """

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._process: Git.AutoInterrupt | None = None
        self._is_open = False
        self._marks = 0
        self._blobs: dict[bytes, bytes] = {}
        self._commits: list[bytes] = []

    def __enter__(self) -> "BranchWriter":
        self._is_open = True
        return self

    def __exit__(self, *_: object) -> None:
        """Where `finish` was not reached, end the stream well: that leaves no broken pack."""
        self._is_open = False
        running, self._process = self._process, None
        if running is not None:
            running.communicate(_END)

    def add(self, commit: NewCommit) -> str:
        """Write *commit* and return its mark, which later commits may have as a parent.

        Raises UserError for a path that git would not check out, or when git fails.
        """
        changes = [self._change(change) for change in commit.changes]
        mark = self._next_mark()
        self._write(_commit_lines(commit, mark) + b"".join(changes) + b"\n")
        self._commits.append(mark)
        return mark.decode()

    def finish(self) -> list[str]:
        """End the stream and return the ids of all commits, in the order they were added.

        Without any, git is not asked. Raises UserError when git fails; then nothing was written.
        """
        if not self._commits:
            return []
        oids = [oid for start in range(0, len(self._commits), _ANSWERS) for oid in self._ask(start)]
        running, self._process, self._is_open = self._running(), None, False
        _, stderr = running.communicate(_END)
        said = stderr.decode("utf-8", "replace")
        process.checked(process.Finished(running.returncode, b"", said), "fast-import")
        return oids

    def _change(self, change: FileChange) -> bytes:
        path = _quoted(change.path)
        if change.data is None:
            return b"D %s\n" % path
        return b"M 100644 %s %s\n" % (self._blob(change.data), path)

    def _blob(self, data: bytes) -> bytes:
        digest = hashlib.sha256(data).digest()
        if digest not in self._blobs:
            mark = self._blobs[digest] = self._next_mark()
            self._write(b"blob\nmark %s\n%s" % (mark, _data(data)))
        return self._blobs[digest]

    def _ask(self, start: int) -> list[str]:
        marks = self._commits[start : start + _ANSWERS]
        self._write(b"".join(b"get-mark %s\n" % mark for mark in marks))
        running = self._running()
        try:
            running.stdin.flush()
        except BrokenPipeError:
            raise self._lost(running) from None
        oids = [running.stdout.readline().decode().strip() for _ in marks]
        if not all(oids):
            raise self._lost(running)
        return oids

    def _next_mark(self) -> bytes:
        self._marks += 1
        return b":%d" % self._marks

    def _write(self, data: bytes) -> None:
        running = self._running()
        try:
            running.stdin.write(data)
        except BrokenPipeError:
            raise self._lost(running) from None

    def _running(self) -> "Git.AutoInterrupt":
        if not self._is_open:
            raise RuntimeError("the writer is not open")
        if self._process is None:
            options = ["--done", "--quiet", "--date-format=raw"]
            command = [*_DURABLE, "fast-import", *options]
            self._process = process.start(self._repository.folder, *command)
        return self._process

    def _lost(self, running: "Git.AutoInterrupt") -> process.GitFailed:
        self._process, self._is_open = None, False
        return process.said_at_its_end(running, "fast-import")


def _commit_lines(commit: NewCommit, mark: bytes) -> bytes:
    for parent in commit.parents:
        if not _COMMIT.fullmatch(parent):
            raise ValueError(f"neither a commit id nor a mark: {parent!r}")
    lines = [
        # Without this, a commit with no parent would take the one before as its own.
        b"reset %s\n\n" % _NO_REF if not commit.parents else b"",
        b"commit %s\nmark %s\n" % (_NO_REF, mark),
        b"author %s\n" % _signed(commit.author),
        b"committer %s\n" % _signed(commit.committer),
        _data(commit.message.encode("utf-8", "replace")),
    ]
    parents = [f"merge {parent}\n".encode() for parent in commit.parents[1:]]
    if commit.parents:
        parents.insert(0, f"from {commit.parents[0]}\n".encode())
    return b"".join([*lines, *parents])


def _data(data: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(data), data)


def _signed(signature: Signature) -> bytes:
    name, email = (
        re.sub(r"[<>\n\0]", "", text).strip() for text in (signature.name, signature.email)
    )
    text = f"{name} <{email}> {signature.seconds} {signature.offset}"
    return text.encode("utf-8", "surrogateescape")


def _quoted(path: str) -> bytes:
    """Return *path* as fast-import reads it: quoted, but not beyond what must be escaped."""
    parts = path.split("/")
    if "\0" in path or any(part in ("", ".", "..") or part.lower() == ".git" for part in parts):
        raise UserError(t("{path} is not a path of a file in a repository", path=repr(path)))
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return b'"%s"' % escaped.encode("utf-8", "surrogateescape")


def signed_again(repository: Repository, commits: Sequence[str]) -> list[str]:
    """Return the same commits with the signature that git is set to make, one on the other.

    They are in the order in which they were written. Raises GitFailed where git cannot sign.
    """
    made: dict[str, str] = {}
    for commit in commits:
        raw = repository.output("cat-file", "commit", commit)
        author, committer = signatures_of(raw)
        head = [line.split(b" ") for line in raw.partition(b"\n\n")[0].splitlines()]
        tree, *parents = [line[1].decode() for line in head if line[0] in (b"tree", b"parent")]
        heads = [word for one in parents for word in ("-p", made.get(one, one))]
        names = {**_as_environment("AUTHOR", author), **_as_environment("COMMITTER", committer)}
        message = raw.partition(b"\n\n")[2]
        command = [*_DURABLE, "commit-tree", "-S", tree, *heads, "-F", "-"]
        done = process.run(repository.folder, *command, data=message, env=names)
        made[commit] = process.checked(done, "commit-tree -S").stdout.decode().strip()
    return list(made.values())


def _as_environment(role: str, who: Signature) -> dict[str, str]:
    when = f"{who.seconds} {who.offset}"
    values = {"NAME": who.name, "EMAIL": who.email, "DATE": when}
    return {f"GIT_{role}_{name}": value for name, value in values.items()}
