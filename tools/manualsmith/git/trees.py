"""Read trees: the files of one, the differences of two."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from manualsmith.git import process
from manualsmith.git.blobs import BlobReader
from manualsmith.git.process import argument
from manualsmith.git.repository import Repository

FOLDER = "040000"
PLAIN_FILE = "100644"
SYMLINK = "120000"
GITLINK = "160000"
GONE = "000000"  # the mode of the side where a path is not


@dataclass(frozen=True)
class TreeEntry:
    """A file in a tree: its mode (``120000`` is a symbolic link), object id and path."""

    mode: str
    oid: str
    path: str


@dataclass(frozen=True)
class TreeChange:
    """A path whose entry differs between two trees; the side where it is not has zeros.

    status: git's letter: A added, D deleted, M modified, T turned into another type.
    """

    path: str
    status: str
    old_mode: str
    new_mode: str
    old_oid: str
    new_oid: str


class TreeReader:
    """The files of one commit by path; only the folders on the way are read, each once."""

    def __init__(self, reader: BlobReader, commit: str) -> None:
        self._reader = reader
        self._folders: dict[str, dict[str, TreeEntry]] = {}
        self._root = f"{argument(commit)}^{{tree}}"

    def entry(self, path: str) -> TreeEntry | None:
        """Return the file, or link, at *path*; None for a folder and where nothing is."""
        folder, _, name = path.rpartition("/")
        found = self._folder(folder).get(name)
        return None if found is None or found.mode == FOLDER else found

    def _folder(self, path: str) -> dict[str, TreeEntry]:
        if path not in self._folders:
            spec: str | None = self._root
            if path:
                above, _, name = path.rpartition("/")
                found = self._folder(above).get(name)
                spec = found.oid if found and found.mode == FOLDER else None
            blob = self._reader.get(spec) if spec else None
            entries = _parsed(blob.data, len(blob.oid) // 2, path) if blob else ()
            self._folders[path] = {entry.path.rpartition("/")[2]: entry for entry in entries}
        return self._folders[path]


def _parsed(data: bytes, oid_bytes: int, folder: str) -> Iterator[TreeEntry]:
    """Yield the entries of a tree object: mode, blank, name, NUL, and the id's bytes."""
    at = 0
    while at < len(data):
        blank, end = data.index(b" ", at), data.index(b"\0", at)
        name = data[blank + 1 : end].decode("utf-8", "surrogateescape")
        path = f"{folder}/{name}" if folder else name
        oid = data[end + 1 : end + 1 + oid_bytes].hex()
        yield TreeEntry(data[at:blank].decode().zfill(6), oid, path)
        at = end + 1 + oid_bytes


def list_tree(repository: Repository, revision: str, prefix: str = "") -> list[TreeEntry]:
    """Return all files of *revision* under the folder or file *prefix*, in git's order.

    Nothing there is an empty list. Raises UserError for a revision that does not exist.
    """
    paths = ["--", prefix.rstrip("/")] if prefix else []
    command = ["ls-tree", "-r", "-z", "--full-tree", argument(revision), *paths]
    return [_tree_entry(record) for record in _records(repository.output(*command))]


def folders_ending(repository: Repository, revision: str, *ends: str) -> list[str]:
    """Return the folders of *revision* whose paths end so, each a whole name or several."""
    listed = repository.output(
        "ls-tree", "-r", "-d", "-z", "--full-tree", "--name-only", argument(revision)
    )
    wanted = tuple(f"/{end}" for end in ends)
    return [path for path in _records(listed) if f"/{path}".endswith(wanted)]


def changed_paths(repository: Repository, old: str, new: str) -> list[TreeChange]:
    """Return how the tree of *new* differs from that of *old*, by path. Raises UserError."""
    options = ["-r", "-z", "--raw", "--no-renames", "--ignore-submodules=none"]
    command = ["diff-tree", *options, argument(old), argument(new), "--"]
    fields = iter(_records(repository.output(*command)))
    return [raw_change(meta, next(fields)) for meta in fields]


def commit_changes(repository: Repository, commits: Sequence[str]) -> dict[str, list[TreeChange]]:
    """Return how each commit differs from its only parent, by commit, in one ``diff-tree``.

    A merge, or a commit that changes nothing, is left out. Raises UserError.
    """
    if not commits:
        return {}
    options = ["-r", "-z", "--raw", "--no-renames", "--ignore-submodules=none", "--root"]
    data = "".join(f"{argument(commit)}\n" for commit in commits).encode()
    fields = iter(_records(repository.output("diff-tree", "--stdin", *options, data=data)))
    found: dict[str, list[TreeChange]] = {}
    changes: list[TreeChange] = []
    for record in fields:
        if record.startswith(":"):
            changes.append(raw_change(record, next(fields)))
        else:
            changes = found.setdefault(record, [])
    return found


def not_reachable(repository: Repository, commits: Iterable[str], tip: str) -> set[str]:
    """Return those of *commits* that are not in the history of *tip*. Raises UserError."""
    asked = {argument(commit) for commit in commits}
    if not asked:
        return set()
    data = "".join(f"{commit}\n" for commit in (*sorted(asked), f"^{argument(tip)}")).encode()
    listed = repository.output("rev-list", "--stdin", data=data)
    return asked.intersection(listed.decode().split())


def paths_with(repository: Repository, commit: str, text: str, folders: Sequence[str]) -> list[str]:
    """Return the files under *folders* of *commit* that hold *text*, one line or a part of one."""
    command = ["grep", "-z", "-l", "-F", "--no-color", "--full-name", "-e", text, argument(commit)]
    found = repository.run("--literal-pathspecs", *command, "--", *folders)
    if found.code == 1:
        return []
    listed = _records(process.checked(found, "grep").stdout)
    return [path.removeprefix(f"{commit}:") for path in listed]


def is_ancestor(repository: Repository, older: str, newer: str) -> bool:
    """Return whether *older* is in the history of *newer*, or is it. Raises UserError."""
    return older not in not_reachable(repository, [older], newer)


def forked_at(repository: Repository, one: str, other: str) -> str | None:
    """Return the newest commit that is in both histories, None where they share none."""
    found = repository.run("merge-base", argument(one), argument(other))
    return found.stdout.decode().strip() or None


def _records(raw: bytes) -> list[str]:
    return raw.decode("utf-8", "surrogateescape").split("\0")[:-1]


def _tree_entry(record: str) -> TreeEntry:
    meta, path = record.split("\t", 1)
    mode, _, oid = meta.split(" ")
    return TreeEntry(mode, oid, path)


def raw_change(meta: str, path: str) -> TreeChange:
    """Return the change that a line of git's raw format tells, ``:mode mode id id status``."""
    old_mode, new_mode, old_oid, new_oid, status = meta.removeprefix(":").split(" ")
    return TreeChange(path, status, old_mode, new_mode, old_oid, new_oid)
