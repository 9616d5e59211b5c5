"""ASGI middleware before every page: host name, sign-in, size of a request, security headers.

Nothing below is reached by anybody who is not let in; `HEALTH` is not below.
"""

import logging
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, cookie_parser
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from manualsmith.desk.access import (
    Door,
    Person,
    ProxyDoor,
    Refused,
    Sessions,
    without_port,
)
from manualsmith.text import Language, language, speaking, t

_LOG = logging.getLogger("uvicorn.error")
MAX_BODY = 1 << 20
MAX_UPLOAD = 24 << 20  # of a form with pictures
HEALTH = "/health"  # whoever runs the desk asks here whether it answers; it says nothing else
LANGUAGE_COOKIE = "manualsmith-language"
_IMPLIED_PORT = {"http": 80, "https": 443}
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class Visit:
    """Who asks, and the token against forged forms that a form must bring back."""

    person: Person
    csrf: str


class Guard:
    """ASGI middleware: lets in who may, and puts a `Visit` into ``scope["visit"]``."""

    def __init__(self, app: ASGIApp, door: Door, sessions: Sessions, cookie: str) -> None:
        self._app = app
        self._door = door
        self._sessions = sessions
        self._cookie = cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass it on."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        if "visit" in scope:  # another process of this desk has let them in
            with speaking(scope["language"]):
                await self._app(scope, receive, send)
            return
        if scope["path"] == HEALTH and scope["method"] in ("GET", "HEAD"):
            await PlainTextResponse("ok\n")(scope, receive, _with_headers(send, None))
            return
        headers = Headers(scope=scope)
        cookies = cookie_parser(headers.get("cookie", ""))
        with speaking(language_of(headers, cookies)):
            number = self._sessions.valid(cookies.get(self._cookie))
            found = self._let_in(scope, headers, number)
            if isinstance(found, Refused):
                page = refusal_page(found)
                await page(scope, receive, _with_headers(send, None))
                return
            begun = None
            if number is None:
                begun = self._sessions.begin()
                number = begun.partition(".")[0]
            # a team's proxy says who it is, whatever the session: a link from another site, which
            # brings no cookie, makes no form that is open useless
            form = "" if isinstance(self._door, ProxyDoor) else number
            scope["visit"] = Visit(found, self._sessions.csrf(form, found.name))
            scope["language"] = language()
            secure = scope.get("scheme") == "https" or _forwarded_https(headers)
            cookie = f"{self._cookie}={begun}; {_attributes(secure=secure)}" if begun else None
            limited = _Limited(receive, _most(headers))
            try:
                await self._app(scope, limited.receive, _with_headers(send, cookie))
            except _TooLarge:
                page = refusal_page(Refused(413, "large"))
                await page(scope, receive, _with_headers(send, None))
            except ClientDisconnect:
                return  # in the middle of a form: there is nobody to answer
            except Exception:  # noqa: BLE001 - a page has nothing half done to keep: it is told, and looked into
                _LOG.exception("%s %s", scope["method"], scope["path"])
                page = refusal_page(Refused(500, "fault"))
                await page(scope, receive, _with_headers(send, None))

    def _let_in(self, scope: Scope, headers: Headers, number: str | None) -> Person | Refused:
        if scope["method"] not in ("GET", "HEAD", "POST"):
            return Refused(405, "method")
        if len(headers.getlist("host")) != 1 or not self._door.allows_host(headers["host"]):
            return Refused(421, "host")
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > _most(headers):
            return Refused(413, "large")
        if scope["method"] == "POST" and (why := _foreign(headers)):
            return Refused(403, why)
        query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
        token = query.get("token", [None])[0]
        peer = (scope.get("client") or ("", 0))[0]
        # of a header that is there twice, one may be somebody's own: then it says nothing
        single = {name: headers[name] for name in headers if len(headers.getlist(name)) == 1}
        return self._door.person(single, peer, token, number)


def _most(headers: Mapping[str, str]) -> int:
    """Return how many bytes a body may have: a form with files more than others."""
    is_upload = headers.get("content-type", "").lower().startswith("multipart/form-data")
    return MAX_UPLOAD if is_upload else MAX_BODY


def _foreign(headers: Mapping[str, str]) -> Literal["origin", "port"] | None:
    """Return why a form is not from a page of ours; None where it is, or no browser says.

    ``port``: the browser names our host with another port than the proxy does.
    """
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return "origin"
    scheme, _, named = headers.get("origin", "").partition("://")
    host = headers["host"]
    # a browser leaves out the port that the scheme implies, a proxy may name it
    if "origin" not in headers or host in (named, f"{named}:{_IMPLIED_PORT.get(scheme)}"):
        return None
    return "port" if without_port(named) == without_port(host) else "origin"


def _forwarded_https(headers: Mapping[str, str]) -> bool:
    return headers.get("x-forwarded-proto", "") == "https"


def _attributes(*, secure: bool) -> str:
    return "Path=/; HttpOnly; SameSite=Strict" + ("; Secure" if secure else "")


def language_of(headers: Mapping[str, str], cookies: Mapping[str, str]) -> Language:
    """Return the language that somebody chose, else the first of ours that the browser asks for."""
    chosen = cookies.get(LANGUAGE_COOKIE)
    if chosen in ("zh_TW", "en"):
        return "en" if chosen == "en" else "zh_TW"
    for one in headers.get("accept-language", "").split(","):
        name = one.partition(";")[0].strip().lower()
        if name.startswith(("zh", "en")):
            return "en" if name.startswith("en") else "zh_TW"
    return "zh_TW"


class _TooLarge(Exception):
    """More was sent than a page takes."""


class _Limited:
    """A request's body, counted as it comes: a length that is not said is no way around."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._most = most
        self._taken = 0

    async def receive(self) -> Message:
        """Return the next message. Raises _TooLarge."""
        message = await self._receive()
        self._taken += len(message.get("body", b""))
        if self._taken > self._most:
            raise _TooLarge
        return message


def _with_headers(send: Send, cookie: str | None) -> Send:
    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            if cookie:
                headers.append("set-cookie", cookie)
        await send(message)

    return sending


def refusal_page(refused: Refused) -> HTMLResponse:
    """Return the page for somebody who is not let in; it says nothing of what is inside."""
    told = {
        "token": t("Open the address that manualsmith desk printed: it holds your token."),
        "address": t("This desk does not answer to your address."),
        "secret": t("This desk answers to its proxy alone, which adds a secret."),
        "nobody": t("Nobody says who you are: come in through the desk's own address."),
        "role": t("You have no role at this desk: ask who leads it."),
        "host": t("This desk does not go by that name."),
        "origin": t("This was sent from another site, and nothing was done."),
        "port": t(
            "The proxy says another port than your browser, and nothing was done: it is to pass "
            "Host as it came (nginx: $http_host, Apache: ProxyPreserveHost On)."
        ),
        "large": t("That is more than this desk takes at once."),
        "fault": t("Something is wrong with this desk. What was in a draft is kept: go back."),
        "email": t(
            "Records name people by staff number: the proxy is to send that, not an address."
        ),
        "method": t("This desk is asked by GET and POST alone."),
    }[refused.why]
    body = (
        f'<!doctype html><html lang="zh-Hant"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>manualsmith</title>'
        f"<main><h1>manualsmith</h1><p>{told}</p></main></html>"
    )
    return HTMLResponse(body, refused.status)
