"""Lay a commit's files out in a folder, with no worktree of the repository's own."""

from collections.abc import Sequence
from pathlib import Path

from manualsmith.git import process
from manualsmith.git.process import argument
from manualsmith.git.repository import Repository


def export(repository: Repository, commit: str, folder: Path, without: Sequence[str] = ()) -> None:
    """Write the files of *commit* into *folder*, which is empty; not those under *without*.

    Raises UserError where git cannot.
    """
    index = folder.with_name(f"{folder.name}.index")
    env = {"GIT_INDEX_FILE": str(index)}
    places = ("--git-dir", str(repository.git_dir), "--work-tree", str(folder))

    def git(*arguments: str, data: bytes = b"") -> bytes:
        done = process.run(folder, *places, *arguments, data=data, env=env)
        return process.checked(done, arguments[0]).stdout

    try:
        git("read-tree", argument(commit))
        left_out = [f":(exclude,literal){path}" for path in without]
        listed = git("ls-files", "-z", "--", ".", *left_out)
        git("checkout-index", "-z", "--stdin", data=listed)
    finally:
        index.unlink(missing_ok=True)
