"""Standard output and error that outlive a closed pipe: what nobody reads any more is dropped."""

import io
import os
import sys
from typing import BinaryIO, TextIO, cast


class Sink(io.RawIOBase):
    """A file descriptor to write to. What can no longer be written is dropped, and does no harm.

    A reader that has gone, as ``head`` has, wants no more: the command does what it was to do and
    ends as it would have. ``error`` is what else kept it from being written, such as a full disk.
    """

    def __init__(self, number: int) -> None:
        self._number = number
        self.error: OSError | None = None

    def fileno(self) -> int:
        """Return the file descriptor."""
        return self._number

    def isatty(self) -> bool:
        """Return whether it is a terminal."""
        return os.isatty(self._number)

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def write(self, data: "memoryview | bytes", /) -> int:  # type: ignore[override]
        """Write *data*, or drop it, and return how much of it is done with."""
        try:
            return os.write(self._number, data)
        except BlockingIOError:
            raise
        except OSError as error:
            if not isinstance(error, BrokenPipeError):
                self.error = error
        _to_nowhere(self._number)
        return len(data)


def open_streams() -> tuple[Sink, Sink]:
    """Put sinks in the place of standard output and error, and return them.

    One that was closed before we began leads nowhere: else the next file that is opened would be
    it. What a terminal's encoding does not have is shown as its code, not as a bug.
    """
    if sys.stdin is None:
        _to_nowhere(0)
        sys.stdin = os.fdopen(0, encoding="utf-8")
    out, err = Sink(1), Sink(2)
    sys.stdout, sys.stderr = _text(out, sys.stdout), _text(err, sys.stderr)
    return out, err


def _text(sink: Sink, old: TextIO | None) -> io.TextIOWrapper:
    if old is None:
        _to_nowhere(sink.fileno())
    by_lines = sink.fileno() == 2 or sink.isatty()
    buffer = io.BufferedWriter(cast(BinaryIO, sink))
    encoding = old.encoding if old else "utf-8"
    return io.TextIOWrapper(buffer, encoding, "backslashreplace", line_buffering=by_lines)


def _to_nowhere(number: int) -> None:
    """Have a file descriptor lead nowhere."""
    opened = os.open(os.devnull, os.O_RDWR)
    if opened != number:
        os.dup2(opened, number)
        os.close(opened)
