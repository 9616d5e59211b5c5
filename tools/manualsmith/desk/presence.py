"""Who looks at which record just now: said to whoever opens it, before they type."""

from collections import defaultdict
from threading import Lock
from time import time

from manualsmith.records.models.moments import clock

_MINUTES = 15


class Presence:
    """The people at a desk, by the record that each has open; in memory, and soon forgotten."""

    def __init__(self) -> None:
        self._seen: dict[str, dict[str, float]] = defaultdict(dict)
        self._changing = Lock()

    def others(self, person: str, record: str) -> list[tuple[str, str]]:
        """Note that a person has a record open; return who else has, and since when."""
        now = time()
        with self._changing:
            here = self._seen[record]
            for name in [n for n, at in here.items() if now - at > _MINUTES * 60]:
                del here[name]
            here[person] = now
            return [(name, clock(at)) for name, at in here.items() if name != person]
