"""Write a file that a person asked for."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from manualsmith.errors import Place, UserError
from manualsmith.files import replacing
from manualsmith.text import t


@contextmanager
def writing(path: Path, mode: int | None = None) -> Iterator[Path]:
    """Yield where to write *path*: it is there whole when the block ends, or as it was before.

    Raises UserError with its place where that cannot be.
    """
    with told_at(path), replacing(path, mode) as made:
        yield made


@contextmanager
def told_at(path: Path) -> Iterator[None]:
    """Raise UserError with the place *path* for what the system refuses inside the block."""
    try:
        yield
    except OSError as error:
        raise UserError(
            t("cannot be written: {reason}", reason=error.strerror or error), Place(str(path))
        ) from error


def make_folder(path: Path) -> None:
    """Make a folder where there is none. Raises UserError."""
    with told_at(path):
        path.mkdir(parents=True, exist_ok=True)
