"""Files of main that a push may not change, and those that pass for a manual's and are none."""

from collections.abc import Collection, Iterator, Sequence
from fnmatch import fnmatchcase

from manualsmith.git.trees import GONE, TreeChange
from manualsmith.layout import in_right_case
from manualsmith.text import t


def path_faults(
    changes: Sequence[TreeChange], protected: Sequence[str], explained: Collection[str]
) -> Iterator[str]:
    """Yield what is wrong with the paths that a step of main changes, whatever is in the files.

    protected: the setting ``protect_paths``. explained: the paths of pages that an accepted
    suggestion says are changed.
    """
    for change in changes:
        right = None if change.new_mode == GONE else in_right_case(change.path)
        if right:
            yield t(
                "{path} differs from a manual's folder in the case of its letters alone: name it "
                "{right}",
                path=change.path,
                right=right,
            )
        if change.path not in explained and any(_covers(one, change.path) for one in protected):
            yield t(
                "{path} is under protect_paths: leave it out of the push, and ask those who run "
                "the shared repository to fetch it there",
                path=change.path,
            )


def _covers(pattern: str, path: str) -> bool:
    """Return whether *pattern* names a file, a folder that it is in, or one that it would be.

    Letters of either case are the same, as they are on some people's disks.
    """
    wanted, parts = pattern.strip("/").casefold(), path.casefold().split("/")
    upwards = ("/".join(parts[:depth]) for depth in range(len(parts), 0, -1))
    return wanted.startswith(f"{path.casefold()}/") or any(fnmatchcase(p, wanted) for p in upwards)
