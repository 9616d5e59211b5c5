"""Write a file that a person asked for."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from manualsmith.errors import Place, UserError
from manualsmith.text import t


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Write *path* inside the block. Raises UserError with its place where that cannot be."""
    try:
        yield
    except OSError as error:
        raise UserError(
            t("cannot be written: {reason}", reason=error.strerror), Place(str(path))
        ) from error
