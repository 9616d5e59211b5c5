"""Tickets read from a system's REST interface instead of its export."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import Request

from manualsmith.errors import Place, UserError
from manualsmith.records.models.moments import in_zone
from manualsmith.text import t
from manualsmith.workflow.sharing.token_requests import opened, refuse_unencrypted
from manualsmith.workflow.tickets.json_rows import table_of
from manualsmith.workflow.tickets.ticket_map import ColumnMap, read_map, ready_maps
from manualsmith.workflow.tickets.ticket_table import TicketTable, table_below
from manualsmith.workflow.tickets.ticket_times import read_time

SECONDS = 30
A_PAGE = 100
MOST_PAGES = 100
MAX_BYTES = 16 << 20


@dataclass(frozen=True)
class _System:
    """How a system is asked: where, with which token, and in which of its fields ours are.

    *address* makes the list's address of the one that people know; *query* what is asked of a page
    from 0, of tickets since a time.
    """

    tokens: tuple[str, ...]
    header: Callable[[str], tuple[str, str]]
    address: Callable[[str], str]
    query: Callable[[int, datetime], Mapping[str, object]]
    columns: Mapping[str, tuple[str, ...]]


def _parts(url: str) -> tuple[str, str]:
    """Return the server of an address, with its scheme, and the path without slashes around it."""
    to = urlsplit(url)
    return f"{to.scheme}://{to.netloc}", to.path.strip("/").removesuffix(".git")


def _github(url: str) -> str:
    server, path = _parts(url)
    api = "https://api.github.com" if server == "https://github.com" else f"{server}/api/v3"
    return f"{api}/repos/{quote(path)}/issues"


def _gitlab(url: str) -> str:
    server, path = _parts(url)
    return f"{server}/api/v4/projects/{quote(path, safe='')}/issues"


_ISSUE = {"at": ("created_at",), "symptom": ("title",)}
SYSTEMS: Mapping[str, _System] = {
    "redmine": _System(
        ("REDMINE_API_KEY",),
        lambda token: ("X-Redmine-API-Key", token),
        lambda url: f"{url.rstrip('/')}/issues.json",
        lambda page, since: {
            "status_id": "*",
            "created_on": f">={since:%Y-%m-%d}",
            "sort": "created_on,id",
            "limit": A_PAGE,
            "offset": page * A_PAGE,
        },
        {
            "source": ("id",),
            "at": ("created_on",),
            "symptom": ("subject",),
            "detail": ("description",),
            "severity": ("priority.name",),
        },
    ),
    "gitlab": _System(
        ("GITLAB_TOKEN",),
        lambda token: ("PRIVATE-TOKEN", token),
        _gitlab,
        lambda page, since: {
            "created_after": f"{since:%Y-%m-%dT%H:%M:%SZ}",
            "scope": "all",
            "order_by": "created_at",
            "sort": "asc",
            "per_page": A_PAGE,
            "page": page + 1,
        },
        {**_ISSUE, "source": ("iid",), "detail": ("description",)},
    ),
    "github": _System(
        ("GITHUB_TOKEN", "GH_TOKEN"),
        lambda token: ("Authorization", f"Bearer {token}"),
        _github,
        lambda page, since: {
            "since": f"{since:%Y-%m-%dT%H:%M:%SZ}",
            "state": "all",
            "sort": "created",
            "direction": "asc",
            "per_page": A_PAGE,
            "page": page + 1,
        },
        {**_ISSUE, "source": ("number",), "detail": ("body",)},
    ),
    "zammad": _System(
        ("ZAMMAD_TOKEN",),
        lambda token: ("Authorization", f"Token token={token}"),
        lambda url: f"{url.rstrip('/')}/api/v1/tickets/search",
        lambda page, since: {
            "query": f"created_at:[{since:%Y-%m-%dT%H:%M:%SZ} TO *]",
            "expand": "true",
            "sort_by": "created_at",
            "order_by": "asc",
            "per_page": A_PAGE,
            "page": page + 1,
        },
        {**_ISSUE, "source": ("number",), "severity": ("priority",)},
    ),
}
_ZAMMAD_PRIORITIES = {"1 low": "low", "2 normal": "normal", "3 high": "high"}


def read_live(system: str, url: str, since: datetime) -> tuple[TicketTable | None, ColumnMap]:
    """Return the tickets that a system has since a time, and the map of them; None for no ticket.

    A ticket's number is that of an export, so that either adds nothing to the other twice. The
    token is in the environment. Raises UserError for no token, an address that is not https, no
    answer, a refusal, and where there are more than MOST_PAGES pages.
    """
    asked = SYSTEMS[system]
    since = in_zone(since)
    tickets = [one for page in _pages(asked, url, since) for one in page if _wanted(one)]
    place = Place(url)
    at = asked.columns["at"][0]
    new = [one for one in tickets if any(when >= since for when in read_time(str(one.get(at))))]
    values = read_map(ready_maps()[system]).values if system in ready_maps() else {}
    if system == "zammad":
        values = {"severity": _ZAMMAD_PRIORITIES}
    needless = frozenset(("detail", "severity"))
    mapped = ColumnMap(asked.columns, values, optional=needless)
    return table_below(table_of(new, place), url) if new else None, mapped


def _wanted(ticket: object) -> bool:
    """Tell whether it is a ticket; GitHub lists pull requests among them."""
    return isinstance(ticket, dict) and not ticket.get("pull_request")


def _pages(asked: _System, url: str, since: datetime) -> Iterator[list[Any]]:
    name, value = asked.header(_token(asked, url))
    address = asked.address(url)
    refuse_unencrypted(address, url)
    for number in range(MOST_PAGES):
        query = urlencode(asked.query(number, since.astimezone(UTC)))
        headers = {name: value, "Accept": "application/json", "User-Agent": "manualsmith"}
        page = _listed(_answer(Request(f"{address}?{query}", headers=headers)), url)  # noqa: S310
        if not page:
            return
        yield page
    hint = t("give a later --since")
    raise UserError(t("more than {count} tickets", count=MOST_PAGES * A_PAGE), Place(url), hint)


def _token(asked: _System, url: str) -> str:
    found = next((os.environ[name] for name in asked.tokens if os.environ.get(name)), None)
    if found is None:
        hint = t("put one into the environment: {names}", names=", ".join(asked.tokens))
        raise UserError(t("there is no token to read tickets with"), Place(url), hint)
    return found


def _listed(answer: object, url: str) -> list[Any]:
    found = answer.get("issues") if isinstance(answer, dict) else answer
    if not isinstance(found, list):
        hint = t("is it the address of the system, or of a project in it?")
        raise UserError(t("the answer is no list of tickets"), Place(url), hint)
    return found


def _answer(request: Request) -> object:
    """Return what is answered. Raises UserError for a refusal, or no answer that can be read."""
    place = Place(request.full_url.partition("?")[0])
    try:
        with opened(request, SECONDS) as answer:
            data = answer.read(MAX_BYTES + 1)
    except HTTPError as error:
        error.close()
        hint = t("look at the address, and at what the token may read")
        message = t("refused: {reason}", reason=f"{error.code} {error.reason}".strip())
        raise UserError(message, place, hint) from error
    except (URLError, OSError, HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise UserError(t("cannot be reached: {reason}", reason=reason), place) from error
    if len(data) > MAX_BYTES:
        raise UserError(t("larger than {limit} bytes", limit=MAX_BYTES), place)
    try:
        found: object = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UserError(t("not JSON: {reason}", reason=error), place) from error
    return found
