"""Merge three versions of a file as git does."""

from pathlib import Path
from tempfile import TemporaryDirectory

from manualsmith.git.process import checked
from manualsmith.git.repository import Repository


def merge_file(repository: Repository, ours: bytes, base: bytes, theirs: bytes) -> bytes | None:
    """Return *ours* with what *theirs* changed of *base*, None where the two meet.

    Raises UserError where git cannot tell, as for what is no text.
    """
    with TemporaryDirectory(prefix="manualsmith-") as name:
        files = [Path(name, side) for side in ("ours", "base", "theirs")]
        for file, data in zip(files, (ours, base, theirs), strict=True):
            file.write_bytes(data)
        done = repository.run("merge-file", "-p", "-q", *map(str, files))
    if 0 < done.code < 128:
        return None
    return checked(done, "merge-file").stdout
