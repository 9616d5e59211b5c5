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


def replace_file(path: Path, data: bytes, mode: int) -> None:
    """Write *path* in one step, so that nobody meets half of it. Raises UserError."""
    made = path.with_name(f".{path.name}.new")
    with writing(path):
        made.write_bytes(data)
        made.chmod(mode)
        made.replace(path)
