"""Build pages in several processes before MkDocs does it page by page in one.

A process of ours goes through some of the pages as MkDocs will, and what it made is kept; MkDocs
then finds it there. Where processes cannot be forked, or one fails, MkDocs does the work itself.
"""

import gc
import multiprocessing
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from logging import getLogger
from multiprocessing.connection import Connection

from mkdocs.structure.pages import Page

from manualsmith.site.build.build_cache import BuildCache

# Fewer pages are done before the processes have begun.
_WORTH_IT = 60


def work_ahead(
    pages: Sequence[Page], kept: BuildCache, work: Callable[[Page, BuildCache], None]
) -> None:
    """Do *work* on *pages* in several processes, and put what they kept into *kept*."""
    count = _cores()
    if count < 2 or len(pages) < _WORTH_IT or not hasattr(os, "fork") or sys.platform == "darwin":
        return
    context = multiprocessing.get_context("fork")
    gc.freeze()  # so that a process does not copy what it only looks at
    running = []
    for number in range(count):
        ours, theirs = context.Pipe(duplex=False)
        share = pages[number::count]
        process = context.Process(target=_share, args=(share, kept.branch(), work, theirs))
        process.start()
        theirs.close()
        running.append((process, ours))
    for process, ours in running:
        with suppress(EOFError, OSError):
            kept.take(ours.recv())
        ours.close()
        process.join()


def _share(
    pages: Sequence[Page],
    kept: BuildCache,
    work: Callable[[Page, BuildCache], None],
    answer: Connection,
) -> None:
    # What there is to tell, MkDocs will tell when it comes to the page.
    gc.disable()  # this process ends before it would pay
    log = getLogger("mkdocs")
    log.handlers, log.propagate = [], False
    sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    for page in pages:
        with suppress(Exception):
            work(page, kept)
    answer.send(kept.new())


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
