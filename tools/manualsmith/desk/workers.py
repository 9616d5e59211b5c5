"""Serve the desk by several processes: some that read, and one that writes.

A process holds none of what people see but caches: what is decided is in the repository, drafts
and who looks at what lie under the git directory. So any of those that listen answers any page;
forms go to the writer (`handover`), where decisions that come together land together. This process
only watches them: one that ends is started again, and where this one is killed they all end.
"""

import asyncio
import os
import signal
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.types import ASGIApp

from manualsmith.desk.handover import answering
from manualsmith.errors import UserError
from manualsmith.text import t

_SIGNALS = {signal.SIGINT, signal.SIGTERM, signal.SIGCHLD}
# how a process makes its desk; a reader is told where the writer is
Making = Callable[[Path | None], ASGIApp]
_BACKLOG = 256
_PAUSE = 1.0  # seconds before one that ended is started again


def refuse_without_fork() -> None:
    """Raise UserError on a system that cannot do this."""
    if not hasattr(os, "fork") or not hasattr(socket, "AF_UNIX"):
        raise UserError(t("this system cannot serve by several processes: leave --workers out"))


def serve_by(workers: int, make: Making, serve: Callable[[ASGIApp], None]) -> None:
    """Serve by *workers* processes that read and one that writes, until this one is interrupted.

    serve: serves an application on the listening socket, in a reader. Call it before any thread is
    started.
    """
    with _handover() as (at, listening):
        reading = [lambda: serve(make(at))] * workers
        _Processes([lambda: _write(make(None), listening), *reading]).run()


@contextmanager
def _handover() -> Iterator[tuple[Path, socket.socket]]:
    """Yield the file of a Unix socket in a folder that is ours alone, and the socket, listening."""
    with TemporaryDirectory(prefix="manualsmith-") as folder:
        at = Path(folder, "writer.sock")
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
            listening.bind(str(at))
            listening.listen(_BACKLOG)
            yield at, listening


def _write(app: ASGIApp, listening: socket.socket) -> None:
    """Answer what is handed over until SIGTERM; what was begun is answered first."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the readers end first

    async def run() -> None:
        ended = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
        busy: set[asyncio.Task[None]] = set()
        answer = answering(app)

        def begin(reading: asyncio.StreamReader, writing: asyncio.StreamWriter) -> None:
            task = asyncio.ensure_future(answer(reading, writing))
            busy.add(task)
            task.add_done_callback(busy.discard)

        async with await asyncio.start_unix_server(begin, sock=listening):
            await ended.wait()
        await asyncio.gather(*busy)

    asyncio.run(run())


class _Processes:
    """Child processes, of which the first is ended last."""

    def __init__(self, works: Sequence[Callable[[], None]]) -> None:
        self._works = works
        self._running: dict[int, int] = {}
        # nothing is written into this pipe: it ends when this process does
        self._ending, self._held = os.pipe()

    def run(self) -> None:
        """Keep them all running until SIGINT or SIGTERM."""
        signal.signal(signal.SIGCHLD, lambda *_: None)  # one that is ignored is not waited for
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        for number in range(len(self._works)):
            self._start(number)
        while signal.sigwait(_SIGNALS) == signal.SIGCHLD:
            for number in self._ended():
                time.sleep(_PAUSE)
                self._start(number)
        self._end(lambda number: number > 0)
        self._end(lambda number: number == 0)

    def _ended(self) -> list[int]:
        """Return those that have ended."""
        ended = [pid for pid in self._running if os.waitpid(pid, os.WNOHANG)[0]]
        return [self._running.pop(pid) for pid in ended]

    def _end(self, those: Callable[[int], bool]) -> None:
        pids = [pid for pid, number in self._running.items() if those(number)]
        for pid in pids:
            os.kill(pid, signal.SIGTERM)
        for pid in pids:
            os.waitpid(pid, 0)

    def _start(self, number: int) -> None:
        pid = os.fork()
        if pid:
            self._running[pid] = number
            return
        code = 1
        try:
            os.close(self._held)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
            threading.Thread(target=_end_with, args=(self._ending,), daemon=True).start()
            self._works[number]()
            code = 0
        except Exception:  # noqa: BLE001 - it is told, and the process is started again
            traceback.print_exc()
        finally:
            os._exit(code)


def _end_with(pipe: int) -> None:
    """End this process when the one that watches it is gone."""
    os.read(pipe, 1)
    os.kill(os.getpid(), signal.SIGTERM)
