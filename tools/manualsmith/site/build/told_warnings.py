"""Keep the warnings of a page, and give them again when the page is taken from the cache.

They are heard whatever ``-q`` keeps silent, and given at their own level: a page that is taken over
is told of, counted and fails ``--strict`` as one that is made.
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

Said = tuple[str, int, str]
"""The logger's name, the level, and the words."""

_LOG = "mkdocs"


class _Hearing(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[Said] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append((record.name, record.levelno, record.getMessage()))


@contextmanager
def heard() -> Iterator[list[Said]]:
    """Give the list of what MkDocs says from here on; nobody else hears it until `say`."""
    log, hearing = logging.getLogger(_LOG), _Hearing()
    before = log.handlers, log.propagate, log.level
    log.handlers, log.propagate = [hearing], False
    log.setLevel(min(log.getEffectiveLevel(), logging.INFO))
    try:
        yield hearing.said
    finally:
        log.handlers, log.propagate = before[:2]
        log.setLevel(before[2])


def say(said: Iterable[Said]) -> None:
    """Say what was heard, at its own levels."""
    for name, level, words in said:
        log = logging.getLogger(name)
        if log.isEnabledFor(level):
            log.handle(log.makeRecord(name, level, __file__, 0, words, (), None))
