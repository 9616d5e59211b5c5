"""Sign-in and roles: one person by a token, a team by what an authenticating proxy says.

Roles: *staff* write records and confirmations, *reviewer* decide suggestions, *lead* see audit and
report and may do all of it. Whoever has any role may look at records and the queue.
"""

import hmac
import ipaddress
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

from manualsmith.git.repository import Identity
from manualsmith.naming import fold
from manualsmith.settings.read_settings import DeskSettings

Role = Literal["staff", "reviewer", "lead"]
ROLES: tuple[Role, ...] = ("staff", "reviewer", "lead")
_LONGEST_NAME = 64


@dataclass(frozen=True)
class Person:
    """Who asks: the staff number or role that records show, an address for git, and the roles.

    ``acting`` is whom git is to name; None leaves that to git's configuration. ``groups`` are those
    that a team's proxy names.
    """

    name: str
    roles: frozenset[Role]
    acting: Identity | None = None
    groups: frozenset[str] = frozenset()

    def keeps(self, owner: str) -> bool:
        """Return whether the person is the *owner* of a page: a staff number, a role or a group."""
        mine = map(fold, (self.name, *self.roles, *self.groups))
        return bool(owner) and fold(owner) in mine

    def may(self, *roles: Role) -> bool:
        """Return whether the person has one of *roles*; a lead has each of them."""
        return "lead" in self.roles or bool(self.roles & set(roles))


@dataclass(frozen=True)
class Refused:
    """Why somebody is not let in: the status of HTTP, and what to say."""

    status: int
    why: Literal[
        "token",
        "address",
        "secret",
        "nobody",
        "role",
        "host",
        "origin",
        "port",
        "large",
        "method",
        "fault",
        "email",
    ]


class Door(Protocol):
    """How people sign in: `LocalDoor` for one person, `ProxyDoor` for a team."""

    def allows_host(self, host: str) -> bool:
        """Return whether the desk goes by this name, so that no other site can speak for it."""

    def bars(self, headers: Mapping[str, str], peer: str) -> Refused | None:
        """Return why a request does not come the right way, whoever asks; None where it does."""

    def person(
        self, headers: Mapping[str, str], peer: str, token: str | None, session: str | None
    ) -> Person | Refused:
        """Return who asks, by a request's headers, its address, token and valid session."""


# Whoever works alone and has named no staff number: the role that records have.
NOBODY = "服務人員"


@dataclass
class LocalDoor:
    """One person on one machine: whoever holds the token that was printed at the start."""

    me: Person
    token: str
    port: int

    def named(self, name: str) -> None:
        """Have the person go by another name from now on."""
        self.me = replace(self.me, name=name)

    def allows_host(self, host: str) -> bool:
        """Return whether *host* is a name of the loopback interface, at our port."""
        return host in {f"{name}:{self.port}" for name in ("127.0.0.1", "localhost", "[::1]")}

    def bars(self, headers: Mapping[str, str], peer: str) -> Refused | None:
        """Return why what comes from another machine is not let in."""
        del headers
        return None if _is_loopback(peer) else Refused(403, "address")

    def person(
        self, headers: Mapping[str, str], peer: str, token: str | None, session: str | None
    ) -> Person | Refused:
        """Return the one person there is. No header makes anybody another."""
        if barred := self.bars(headers, peer):
            return barred
        if session or (
            token is not None and hmac.compare_digest(token.encode(), self.token.encode())
        ):
            return self.me
        return Refused(401 if token is None else 403, "token")


@dataclass(frozen=True)
class ProxyDoor:
    """A team behind a proxy that has asked who they are, and says so in headers.

    by_socket: the proxy comes by a Unix socket, whose file says who may; then no address counts.
    secret: what the proxy adds to each request, where it is asked for.
    """

    settings: DeskSettings
    by_socket: bool = False
    secret: bytes | None = field(default=None, repr=False)

    def allows_host(self, host: str) -> bool:
        """Return whether *host* is one of the names in the settings; without any, every name is."""
        hosts = self.settings.hosts
        return not hosts or host in hosts or without_port(host) in hosts

    def bars(self, headers: Mapping[str, str], peer: str) -> Refused | None:
        """Return why what does not come by the proxy is not let in."""
        if not self._trusts(peer):
            return Refused(403, "address")
        return None if self._knows_secret(headers) else Refused(403, "secret")

    def person(
        self, headers: Mapping[str, str], peer: str, token: str | None, session: str | None
    ) -> Person | Refused:
        """Return whom the proxy names; what comes from elsewhere is believed nothing."""
        del token, session
        if barred := self.bars(headers, peer):
            return barred
        name = _header(headers, self.settings.user_header)
        if not name:
            return Refused(401, "nobody")
        named = _header(headers, self.settings.group_header).split(",")
        groups = frozenset(one.strip() for one in named)
        roles = frozenset(role for role in ROLES if groups & set(self.settings.roles.get(role, ())))
        if not roles:
            return Refused(403, "role")
        if "@" in name:  # records hold no mail addresses, and would be refused one by one
            return Refused(403, "email")
        host = without_port(next(iter(self.settings.hosts), "desk.invalid"))
        email = _header(headers, self.settings.email_header) or f"{name}@{host}"
        return Person(name, roles, Identity(name, email), groups)

    def _trusts(self, peer: str) -> bool:
        """Return whether a request comes from the proxy; one by a Unix socket has no address."""
        if self.by_socket:
            return peer == ""
        trusted = self.settings.trusted
        return peer in trusted or _within(peer, trusted)

    def _knows_secret(self, headers: Mapping[str, str]) -> bool:
        if self.secret is None:
            return True
        told = headers.get("x-proxy-secret", "").encode("latin-1")
        return hmac.compare_digest(told, self.secret)


def without_port(host: str) -> str:
    """Return a host's name of ``name:port``."""
    name, _, port = host.rpartition(":")
    return name if port.isdigit() else host


def _header(headers: Mapping[str, str], name: str) -> str:
    """Return a header's value as one line of text that git and records may hold, or nothing."""
    raw = headers.get(name.lower(), "") if name else ""
    try:
        value = raw.encode("latin-1").decode("utf-8").strip()
    except UnicodeError:
        return ""
    fine = value.isprintable() and not set(value) & set("<>\n\r\0")
    return value if fine and len(value) <= _LONGEST_NAME * 4 else ""


def _is_loopback(peer: str) -> bool:
    try:
        return ipaddress.ip_address(peer).is_loopback
    except ValueError:
        return False


def _within(peer: str, trusted: tuple[str, ...]) -> bool:
    try:
        address = ipaddress.ip_address(peer)
        return any(address in ipaddress.ip_network(one, strict=False) for one in trusted)
    except ValueError:
        return False


@dataclass(frozen=True)
class Sessions:
    """Session cookies: a number signed with *key*, so that the server keeps no list of them."""

    key: bytes

    def begin(self) -> str:
        """Return a new session's cookie."""
        number = secrets.token_urlsafe(18)
        return f"{number}.{self._sign('session', number)}"

    def valid(self, cookie: str | None) -> str | None:
        """Return the session's number, None for a cookie that this desk did not give."""
        number, _, signature = (cookie or "").partition(".")
        right = number and hmac.compare_digest(signature, self._sign("session", number))
        return number if right else None

    def csrf(self, number: str, person: str) -> str:
        """Return the token against forged forms, of this session and this person."""
        return self._sign("form", f"{number}\0{person}")

    def _sign(self, use: str, text: str) -> str:
        return hmac.new(self.key, f"{use}\0{text}".encode(), "sha256").hexdigest()
