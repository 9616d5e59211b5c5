"""Hand what is sent by a form over to the one process that writes, which answers it.

The processes that serve reads let people in and read the form; the writer gets who asks with it.
The way between them is a Unix socket that no other account reaches: a head, as JSON, and a body,
each behind its length; the answer comes back alike.
"""

import asyncio
import json
import logging
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from manualsmith.desk.access import Person
from manualsmith.desk.guard import Visit
from manualsmith.git.repository import Identity

_LOG = logging.getLogger("uvicorn.error")
Head = dict[str, Any]
_LENGTH = 4  # bytes
_PLAIN = ("method", "path", "scheme", "http_version", "root_path", "language")


class HandingOver:
    """ASGI middleware behind the guard: what only looks is answered here, a form by the writer."""

    def __init__(self, app: ASGIApp, writer: Path) -> None:
        self._app = app
        self._writer = writer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or have it answered. Raises OSError where the writer is gone."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        body = await _whole(receive)
        if body is None:
            return
        reading, writing = await asyncio.open_unix_connection(str(self._writer))
        try:
            await _put(writing, _as_head(scope), body)
            head, answer = await _get(reading)
        finally:
            writing.close()
        headers = _encoded(head["headers"])
        await send({"type": "http.response.start", "status": head["status"], "headers": headers})
        await send({"type": "http.response.body", "body": answer})


def answering(app: ASGIApp) -> Callable[[StreamReader, StreamWriter], Any]:
    """Return what answers each connection of `HandingOver` by *app*."""

    async def answer(reading: StreamReader, writing: StreamWriter) -> None:
        try:
            head, body = await _get(reading)
            await _put(writing, *await _answered(app, head, body))
        except asyncio.IncompleteReadError:
            pass  # who asked is gone, before all was said
        except Exception:  # noqa: BLE001 - the other side says that something is wrong
            _LOG.exception("a form that was handed over")
        finally:
            writing.close()

    return answer


async def _answered(app: ASGIApp, head: Head, body: bytes) -> tuple[Head, bytes]:
    """Return the head and body of what *app* answers."""
    told: Head = {}
    parts: list[bytes] = []
    given = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return given.pop() if given else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            told.update(status=message["status"], headers=_decoded(message["headers"]))
        else:
            parts.append(message.get("body", b""))

    await app(_as_scope(head), receive, send)
    return told, b"".join(parts)


async def _whole(receive: Receive) -> bytes | None:
    """Return the body of a request, None where not all of it came; the guard has limited it."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


def _as_head(scope: Scope) -> Head:
    visit: Visit = scope["visit"]
    acting = visit.person.acting
    return {
        **{name: scope[name] for name in _PLAIN},
        "query": scope["query_string"].decode("latin-1"),
        "headers": _decoded(scope["headers"]),
        "client": scope.get("client"),
        "server": scope.get("server"),
        "csrf": visit.csrf,
        "person": [visit.person.name, sorted(visit.person.roles), sorted(visit.person.groups)],
        "acting": [acting.name, acting.email] if acting else None,
    }


def _as_scope(head: Head) -> Scope:
    name, roles, groups = head["person"]
    acting = Identity(*head["acting"]) if head["acting"] else None
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        **{name: head[name] for name in _PLAIN},
        "raw_path": head["path"].encode(),
        "query_string": head["query"].encode("latin-1"),
        "headers": _encoded(head["headers"]),
        "client": head["client"] and tuple(head["client"]),
        "server": head["server"] and tuple(head["server"]),
        "visit": Visit(Person(name, frozenset(roles), acting, frozenset(groups)), head["csrf"]),
    }


def _decoded(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]


def _encoded(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]


async def _put(writing: StreamWriter, head: Head, body: bytes) -> None:
    for part in (json.dumps(head).encode(), body):
        writing.write(len(part).to_bytes(_LENGTH, "big") + part)
    await writing.drain()


async def _get(reading: StreamReader) -> tuple[Head, bytes]:
    return json.loads(await _part(reading)), await _part(reading)


async def _part(reading: StreamReader) -> bytes:
    length = await reading.readexactly(_LENGTH)
    return await reading.readexactly(int.from_bytes(length, "big"))
