"""Read objects: any number of them through one ``cat-file``."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from manualsmith.errors import UserError
from manualsmith.git import process
from manualsmith.git.repository import Repository
from manualsmith.text import t

if TYPE_CHECKING:
    from git.cmd import Git

# The smallest pipe that POSIX allows: with no more than this unanswered, a write never waits
# for git, which may itself be waiting for us to read.
_UNANSWERED = 4096


@dataclass(frozen=True)
class Header:
    """What an object is: its id, type (blob, tree, commit, tag) and size in bytes."""

    oid: str
    type: str
    size: int


@dataclass(frozen=True)
class Blob:
    """An object and its content."""

    oid: str
    type: str
    data: bytes


def headers(repository: Repository, specs: Iterable[str]) -> list[Header | None]:
    """Return what each of *specs* names, None where there is nothing; no content is read.

    A spec is what git takes as an object: an id, ``main:manuals/operation/sign-in.md``.
    Raises UserError for a spec with a line break.
    """
    asked = b"".join(_request(spec) for spec in specs)
    if not asked:
        return []
    answer = repository.output("cat-file", "--batch-check", data=asked)
    return [_header(line) for line in answer.split(b"\n")[:-1]]


class BlobReader:
    """One ``git cat-file --batch``, open as long as the ``with`` block; specs as in `headers`."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._process: Git.AutoInterrupt | None = None
        self._unanswered = 0

    def __enter__(self) -> "BlobReader":
        self._process = process.start(self._repository.folder, "cat-file", "--batch")
        return self

    def __exit__(self, *_: object) -> None:
        running, self._process = self._process, None
        if running is not None:
            process.end(running)

    def get(self, spec: str) -> Blob | None:
        """Return the object that *spec* names, None where there is none. Raises UserError."""
        [blob] = self.get_many([spec])
        return blob

    def get_many(self, specs: Iterable[str]) -> Iterator[Blob | None]:
        """Yield what each of *specs* names, in order, None where there is nothing.

        Requests go ahead of the answers; take them all before the next question, or close the
        iterator. Raises UserError for a spec with a line break.
        """
        for requests in _batches(map(_request, specs)):
            self._ask(requests)
            try:
                while self._unanswered:
                    yield self._receive()
            finally:
                # Answers that nobody took would be read as those to the next question.
                while self._unanswered:
                    self._receive()

    def _ask(self, requests: list[bytes]) -> None:
        if self._unanswered:
            raise RuntimeError("another get_many() still waits for its answers")
        running = self._running()
        try:
            running.stdin.write(b"".join(requests))
            running.stdin.flush()
        except BrokenPipeError:
            raise self._lost(running) from None
        self._unanswered = len(requests)

    def _receive(self) -> Blob | None:
        self._unanswered -= 1
        running = self._running()
        line = running.stdout.readline()
        if not line:
            raise self._lost(running)
        header = _header(line.removesuffix(b"\n"))
        if header is None:
            return None
        data = running.stdout.read(header.size + 1)
        if len(data) != header.size + 1:
            raise self._lost(running)
        return Blob(header.oid, header.type, data[:-1])

    def _running(self) -> "Git.AutoInterrupt":
        if self._process is None:
            raise RuntimeError("the reader is not open")
        return self._process

    def _lost(self, running: "Git.AutoInterrupt") -> process.GitFailed:
        self._process, self._unanswered = None, 0
        return process.said_at_its_end(running, "cat-file")


def _request(spec: str) -> bytes:
    if "\n" in spec or "\0" in spec:
        raise UserError(t("a name with a line break cannot be read: {name}", name=repr(spec)))
    return spec.encode("utf-8", "surrogateescape") + b"\n"


def _header(line: bytes) -> Header | None:
    """Read ``oid type size``; anything else, such as ``spec missing``, is no object."""
    fields = line.split(b" ")
    if len(fields) != 3 or not fields[2].isdigit():
        return None
    return Header(fields[0].decode(), fields[1].decode(), int(fields[2]))


def _batches(requests: Iterable[bytes]) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    size = 0
    for request in requests:
        if batch and size + len(request) > _UNANSWERED:
            yield batch
            batch, size = [], 0
        batch.append(request)
        size += len(request)
    if batch:
        yield batch
