"""Claim new ids for records, of every kind and from every command: none that anybody has used.

A number is in use where a file has it (the working tree, main, any branch of this repository or of
a remote as it was last fetched), where a suggestion is named after it, open or decided, or where
somebody claimed it (`git.claimed_ids`). Records may be in a repository of their own, and the
confirmations that suggestions brought along in that of the manuals: both are looked through.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from manualsmith.git.blobs import BlobReader
from manualsmith.git.claimed_ids import Claim, claim_ids
from manualsmith.git.history import added_anywhere
from manualsmith.git.refs import refs_under
from manualsmith.git.trees import list_tree
from manualsmith.layout import MANUALS, RECORDS
from manualsmith.workflow.workspace.open_workspace import Workspace


def claim(records: Workspace, prefix: str, year: int, count: int = 1) -> list[Claim]:
    """Claim the next *count* ids of a kind of record and year; *records* holds the records.

    Raises UserError where none can be claimed.
    """
    known = known_ids(records, prefix)
    remote = records.settings.remote
    return claim_ids(records.repository, prefix, year, known, remote, count=count)


def known_ids(records: Workspace, prefix: str) -> set[str]:
    """Return the ids of a kind that are in use, each without the letters of one made offline."""
    number = re.compile(rf"{prefix}-[0-9]{{4}}-[0-9]{{4,9}}(?![0-9])")
    spaces = [records, *([records.manuals] if records.manuals else [])]
    texts = (text for space in spaces for text in _naming(space, prefix))
    return {found[0] for text in texts if (found := number.match(text))}


def _naming(space: Workspace, prefix: str) -> Iterator[str]:
    """Yield the names of all that may be named after an id, and the ids that files hold."""
    repository, folder = space.repository, RECORDS[prefix].folder
    folders = [folder, *(manual.suggestions for manual in MANUALS.values() if prefix == "ENV")]
    paths = added_anywhere(repository, space.main.tip, folders)
    paths += [e.path for name in folders for e in list_tree(repository, space.main.tip, name)]
    paths += list(refs_under(repository, "refs/"))
    in_worktree = _in_worktree(space, folder)
    yield from (path.rpartition("/")[2] for path in (*paths, *map(str, in_worktree)))
    if prefix == "ENV":  # a confirmation's file may have any name
        yield from _held(_committed(space, folder))
        yield from _held(_read(in_worktree))


def _in_worktree(space: Workspace, folder: str) -> list[Path]:
    root = space.repository.worktree
    return list((root / folder).glob("*.yaml")) if root else []


def _read(files: Iterable[Path]) -> Iterator[bytes]:
    for file in files:
        with suppress(OSError):
            yield file.read_bytes()


def _committed(space: Workspace, folder: str) -> Iterator[bytes]:
    entries = list_tree(space.repository, space.main.tip, folder)
    with BlobReader(space.repository) as reader:
        yield from (b.data for b in reader.get_many([e.oid for e in entries]) if b)


_ID = re.compile(rb"""^\xef?\xbb?\xbf?id[ \t]*:[ \t]*["']?([A-Z]+-[0-9]+-[0-9]+)""", re.MULTILINE)


def _held(files: Iterable[bytes]) -> Iterator[str]:
    """Yield the id that each file holds, whatever its own name."""
    for data in files:
        if found := _ID.search(data):
            yield found[1].decode()
