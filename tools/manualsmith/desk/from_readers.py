"""The one address of the desk that readers of the site may send to: a count, and nothing else.

Nobody signs in there, so it takes little and tells nothing: from the site's own origin alone, one
page that there is or a few words, so many a minute, and what it keeps is bounded by pages and days.
"""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Lock
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from manualsmith.desk.access import NOBODY, Door, Person
from manualsmith.desk.guard import Visit
from manualsmith.desk.handover import HandingOver
from manualsmith.desk.watched_repository import Watch
from manualsmith.errors import UserError
from manualsmith.layout import page_of
from manualsmith.text import language
from manualsmith.workflow.service.reader_answers import (
    commit_answers,
    count_answer,
    count_question,
)
from manualsmith.workflow.service.service_records import records_of

_LOG = logging.getLogger("uvicorn.error")
ADDRESS = "/from-readers"
_KIND = "application/x-www-form-urlencoded"
_LONGEST = 2048
# of all readers together: who sends more is not asked who it is
PER_MINUTE = 120


class FromReaders:
    """ASGI middleware before the sign-in: answers `ADDRESS`, and passes all else on.

    writer: the one process of several that counts, as it is the one that commits.
    """

    def __init__(self, app: ASGIApp, watch: Watch, door: Door, writer: Path | None) -> None:
        self._app = app
        self._writer = HandingOver(app, writer) if writer else None
        self._watch = watch
        self._door = door
        self._sites = frozenset(watch.settings.desk.sites)
        self._pace = Pace(PER_MINUTE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count one answer, or pass the request on."""
        if scope["type"] != "http" or scope["path"] != ADDRESS or not self._sites:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        status = self._refused(scope, headers)
        if status == 0 and self._writer:
            scope.update(visit=Visit(Person(NOBODY, frozenset()), ""), language=language())
            await self._writer(scope, receive, send)
            return
        if status == 0:
            with suppress(ClientDisconnect):
                status = await self._taken(Request(scope, receive)) if self._pace.allows() else 429
        answer = Response(status_code=status or 400, headers=self._told(headers))
        await answer(scope, receive, send)

    def _refused(self, scope: Scope, headers: Headers) -> int:
        """Return the status of HTTP that a request is refused with, 0 where it is not."""
        single = {name: headers[name] for name in headers if len(headers.getlist(name)) == 1}
        peer = (scope.get("client") or ("", 0))[0]
        length = single.get("content-length", "")
        if not self._door.allows_host(single.get("host", "")):
            return 421
        if self._door.bars(single, peer) or single.get("origin") not in self._sites:
            return 403
        if scope["method"] != "POST":
            return 405
        if single.get("content-type", "").partition(";")[0].strip().lower() != _KIND:
            return 415
        if not length.isdigit() or int(length) > _LONGEST:
            return 413
        return 0

    async def _taken(self, request: Request) -> int:
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > _LONGEST:
                return 413
        try:
            fields = parse_qs(body.decode("utf-8"), max_num_fields=4)
        except ValueError:
            return 400
        values = {name: found[0] for name, found in fields.items() if len(found) == 1}
        return await run_in_threadpool(self._count, values)

    def _count(self, values: dict[str, str]) -> int:
        """Count what was sent, and return the status of HTTP."""
        today, git_dir = datetime.now(UTC).astimezone().date(), self._watch.git_dir
        allow = self._watch.workspace().settings.allow_personal
        try:
            self._commit_earlier(today)
            if words := values.get("searched"):
                return 204 if count_question(git_dir, words, allow, today) else 422
            page, answer = values.get("page", ""), values.get("answer")
            if answer not in ("yes", "no") or not self._is_page(page):
                return 422
            count_answer(git_dir, page, "yes" if answer == "yes" else "no", today)
        except OSError as error:
            _LOG.warning("%s", error)
            return 503
        return 204

    def _is_page(self, path: str) -> bool:
        found = page_of(path)
        titles = self._watch.titles(self._watch.workspace())
        return found is not None and f"{found[0].name}/{found[1]}" in titles

    def _commit_earlier(self, today: date) -> None:
        try:
            commit_answers(records_of(self._watch.workspace()), self._watch.git_dir, today)
        except UserError as error:  # they stay where they are, and are tried again
            _LOG.warning("%s", error)

    def _told(self, headers: Headers) -> dict[str, str]:
        origin = headers.get("origin", "")
        allowed = {"Access-Control-Allow-Origin": origin} if origin in self._sites else {}
        return {**allowed, "Vary": "Origin", "Cache-Control": "no-store"}


class Pace:
    """So many a minute, whoever asks: what is not used up is not saved beyond a minute."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = float(per_minute)
        self._left, self._clock = self._most, clock
        self._last = clock()
        self._lock = Lock()

    def allows(self) -> bool:
        """Return whether one more is within the pace, and count it."""
        with self._lock:
            now = self._clock()
            self._left = min(self._most, self._left + (now - self._last) * self._most / 60)
            self._last = now
            if self._left < 1:
                return False
            self._left -= 1
            return True
