"""Tell where files went: what commits moved, as git's own rename detection has it."""

from collections.abc import Sequence
from dataclasses import dataclass

from manualsmith.git.process import argument
from manualsmith.git.repository import Repository

_CLEARLY = 20  # by how much a file must be more like another one than the next best


@dataclass(frozen=True)
class FileMove:
    """A file that a commit moved, or a copy that it made: the old path, the new, how alike (100).

    ``copy``: git takes another path for the one that the file has from then on.
    """

    old: str
    new: str
    alike: int
    copy: bool


def moves(
    repository: Repository, since: str, until: str, folders: Sequence[str]
) -> list[list[FileMove]]:
    """Return what commits of *until*'s first-parent line after *since* moved under *folders*.

    A list for each commit that did, the oldest first. Git's own rename detection tells, as each
    commit left the files: what was written into them later does not count. None where *since* is
    no commit that is here.
    """
    options = ["--first-parent", "--diff-merges=first-parent", "--no-show-signature", "--reverse"]
    options += ["-z", "--name-status", "--find-copies=50%", "-l1000", "--diff-filter=RC"]
    span = f"{argument(since)}..{argument(until)}"
    command = ("--literal-pathspecs", "log", *options, "--format=%x01", span, "--", *folders)
    done = repository.run(*command)
    if done.code:
        return []
    found: list[list[FileMove]] = []
    fields = iter(done.stdout.decode("utf-8", "surrogateescape").split("\0"))
    for field in fields:
        status = field.removeprefix("\n")
        if status == "\x01":
            found.append([])
        elif status:
            old, new = next(fields), next(fields)
            found[-1].append(FileMove(old, new, int(status[1:]), status[0] == "C"))
    return found


def moved_to(path: str, made: Sequence[Sequence[FileMove]]) -> tuple[str, ...]:
    """Return where the file at *path* is after *made*, the moves of each commit in their order.

    Several paths where it may be any of them, for two files are about as much like it; *path* alone
    where it was not moved.
    """
    for moved in made:
        found = [one for one in moved if one.old == path]
        if all(one.copy for one in found):
            continue
        best = max(one.alike for one in found)
        close = [one.new for one in found if one.alike > best - _CLEARLY]
        if len(close) > 1:
            return tuple(close)
        [path] = close
    return (path,)
