"""Write files whole or not at all, and tell what the machine refused from a bug of ours."""

import errno
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from manualsmith.errors import Place, UserError
from manualsmith.text import t

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NOT_ALLOWED = {errno.EACCES, errno.EPERM, errno.EROFS}
_OTHERS = {errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM}


def refused(error: OSError) -> UserError | None:
    """Return what the machine refused, for the user to mend; None for what may be a bug of ours."""
    if error.errno not in _NO_ROOM | _NOT_ALLOWED | _OTHERS:
        return None
    hint = t("what was not finished is not kept; mend it, then run the command again")
    if error.errno in _NO_ROOM:
        hint = t("what was not finished is not kept; make room, then run the command again")
    place = Place(str(error.filename)) if error.filename is not None else Place()
    message = t("the system refused it: {reason}", reason=error.strerror or error)
    return UserError(message, place, hint)


def refuse_links(path: Path, root: Path | None = None) -> None:
    """Raise UserError where a symbolic link stands on the way from *root* to *path*, or is it.

    Whoever made the link would have a command write where nobody looks. Without *root* it is the
    repository that *path* is in, if any.
    """
    path = path.absolute()
    if root is None:
        root = next((one for one in path.parents if (one / ".git").exists()), None)
    if root is None:
        return
    root = root.absolute()
    for one in (path, *path.parents):
        if one == root or not one.is_relative_to(root):
            return
        if one.is_symlink():
            raise UserError(
                t("a symbolic link leads away from here, and nothing is written through one"),
                Place(str(one)),
                t("put the file or the folder itself there"),
            )


@contextmanager
def replacing(path: Path, mode: int | None = None) -> Iterator[Path]:
    """Yield a new file's path to write to, beside *path*, whose place it takes at the end.

    Where the block raises, it goes again, and *path* is as it was. What is no plain file, such as
    ``/dev/stdout``, is written to itself. *mode* is the file's; without it, it keeps its own.
    Raises OSError.
    """
    file = path.resolve()
    if file.exists() and not file.is_file():
        yield path
        return
    made = file.with_name(f".{file.name}.{secrets.token_hex(4)}.new")
    try:
        yield made
        if mode is not None or file.exists():
            made.chmod(file.stat().st_mode & 0o7777 if mode is None else mode)
        made.replace(file)
    except BaseException:
        with suppress(OSError):
            made.unlink(missing_ok=True)
        raise


@contextmanager
def putting_back(file: Path) -> Iterator[Callable[[bytes], None]]:
    """Yield what writes *file*, which is there; where the block raises, it is as it was before.

    It is moved away and back: to write it a second time takes room that there may not be.
    """
    aside = file.with_name(f".{file.name}.{secrets.token_hex(4)}.old")

    def write(data: bytes) -> None:
        if not aside.exists():
            file.replace(aside)
        file.write_bytes(data)

    try:
        yield write
    except BaseException:
        if aside.exists():
            aside.replace(file)
        raise
    aside.unlink(missing_ok=True)
