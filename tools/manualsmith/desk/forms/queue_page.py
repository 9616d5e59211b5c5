"""The queue: what waits to be decided, filtered, in an order, a page at a time."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

from markupsafe import Markup
from starlette.responses import Response

from manualsmith.desk.page_request import Ask, whole_number
from manualsmith.layout import MANUALS, STATES
from manualsmith.text import t
from manualsmith.workflow.queue.decision_words import STANDINGS, standing_name, state_name
from manualsmith.workflow.queue.list_queue import QueueFilter, QueueItem, days_open
from manualsmith.workflow.queue.named_pages import is_like, pages_like
from manualsmith.workflow.queue.summaries import Account

Key = TypeVar("Key")
Value = TypeVar("Value")

PER_PAGE = 50
_MOST = 200  # of orders and of lists that one board keeps
_MINUTE = 60  # how long a list may be shown again: it says how many days something waits
TIP = 12  # letters of a branch's tip, which tell that it is still what was listed
_FILTERS = (
    *("manual", "page", "state", "standing", "from", "q"),
    *("product", "by", "days", "meets", "sort", "turn"),
)


@dataclass(frozen=True)
class Line:
    """One suggestion in the queue."""

    item: QueueItem
    days: int | None
    standing: str
    attention: bool


def queue(ask: Ask) -> Response:
    """Show the queue, filtered as the address says, a page at a time."""
    found = matching(ask)
    number = max(1, whole_number(ask.query("n"), 1))
    last = max(1, -(-len(found) // PER_PAGE))
    return ask.page(
        "queue.html",
        listed=_listed(ask, found, number),
        sorts=sort_names(),
        products=ask.board.products,
        count=len(found),
        number=number,
        last=last,
        filters=asked_filters(ask),
        kept=kept(ask),
        nearest=_nearest_pages(ask),
        states=STATES,
        standings={kind: standing_name(kind) for kind in STANDINGS},
        turns=_turn_names(),
        elsewhere=0 if ask.query("turn") else ask.board.asked_of_authors,
        tips=" ".join(item.account.tip[:TIP] for item in found) if last > 1 else "",
    )


def _listed(ask: Ask, found: Sequence[QueueItem], number: int) -> Markup:
    """Return the list of one page; everybody who may decide has the same, and it is made once."""
    if not found:
        return Markup()
    start = (number - 1) * PER_PAGE
    decides = ask.person.may("reviewer")
    asked = frozenset(asked_filters(ask).items())
    key = (asked, number, decides, int(time.time()) // _MINUTE)
    return _once(ask.board.lists, key, lambda: _list(ask, found[start : start + PER_PAGE], start))


def _list(ask: Ask, found: Sequence[QueueItem], start: int) -> Markup:
    lines = [line_of(item) for item in found]
    return ask.part(
        "part_queue.html",
        lines=lines,
        heads=_heads(lines),
        titles=ask.rooms.watch.titles(ask.workspace),
        kept=kept(ask),
        first=start + 1,
    )


def _once(known: dict[Key, Value], key: Key, make: Callable[[], Value]) -> Value:
    """Return what is known of a board by *key*; it is made where it is not."""
    if key not in known:
        if len(known) >= _MOST:
            known.clear()
        known[key] = make()
    return known[key]


def _turn_names() -> dict[str, str]:
    """Return whose turn the queue can be narrowed down to, as people say it."""
    return {
        "": t("reviewers"),
        "again": t("reviewers, and it was answered"),
        "author": t("its author"),
        "any": t("anybody"),
    }


def sort_names() -> dict[str, str]:
    """Return the ways that the queue can be sorted in, as people say them."""
    return {
        "": t("what belongs together"),
        "old": t("the oldest first"),
        "new": t("the newest first"),
        "page": t("by page"),
    }


def asked_filters(ask: Ask) -> dict[str, str]:
    """Return what the address narrows the queue down to, and the order that it asks for."""
    return {name: ask.query(name) for name in _FILTERS}


def kept(ask: Ask) -> dict[str, str]:
    """Return the queue's filters, which stay as they are from one suggestion to the next."""
    return {name: value for name, value in asked_filters(ask).items() if value}


def _wanted(ask: Ask) -> QueueFilter:
    state = ask.query("state") or "open"
    states = STATES if state == "all" else (state,) if state in STATES else ("open",)
    manual = ask.query("manual")
    return QueueFilter(manual if manual in MANUALS else None, (), states, ask.query("from") or None)


def matching(ask: Ask) -> list[QueueItem]:
    """Return the suggestions that the address asks for, in the order that it asks for."""
    if ask.query("days"):  # that depends on the time
        return _in_order(ask)
    asked = frozenset(asked_filters(ask).items())
    return _once(ask.board.orders, asked, lambda: _in_order(ask))


def _in_order(ask: Ask) -> list[QueueItem]:
    titles = ask.rooms.watch.titles(ask.workspace)
    tests = list(_tests(asked_filters(ask), titles, time.time()))
    found = [
        one for one in ask.board.chosen(_wanted(ask)) if all(test(one.account) for test in tests)
    ]
    if ask.query("meets"):
        found = [one for one in found if one.meets]
    if standing := ask.query("standing"):
        found = [one for one in found if one.standing and one.standing.kind == standing]
    how = ask.query("sort")
    if how == "new":
        return sorted(found, key=lambda item: item.account.at, reverse=True)
    if how == "page":
        return sorted(found, key=lambda item: [*_pages(item.account), item.account.id])
    return found if how == "old" else _together(found)


def _tests(
    asked: Mapping[str, str], titles: Mapping[str, str], now: float
) -> Iterator[Callable[[Account], bool]]:
    """Yield what a suggestion must be for the filters that are set; the others cost nothing."""
    names = ("page", "product", "by", "q", "turn")
    page, product, by, words, turn = (asked[name].casefold() for name in names)
    at_least = whole_number(asked["days"])
    if turn == "":
        yield lambda one: one.state != "open" or one.turn != "author"
    elif turn != "any":
        yield lambda one: turn == (one.turn if one.state == "open" else "reviewer")
    if page:
        yield lambda one: any(is_like(page, path, titles.get(path, "")) for path in _pages(one))
    if product:
        yield lambda one: one.product.casefold() == product
    if by:
        yield lambda one: by in one.proposer.casefold()
    if at_least:
        yield lambda one: one.state == "open" and days_open(one.at, now) >= at_least
    if words:
        yield lambda one: _says(one, words.split())


def _says(one: Account, words: Sequence[str]) -> bool:
    text = f"{one.id} {one.summary} {one.reason} {one.proposer}".casefold()
    return all(word in text for word in words)


def _together(found: Sequence[QueueItem]) -> list[QueueItem]:
    """Return suggestions with those of one confirmation, or of one place, side by side.

    The oldest of each group says where it stands.
    """
    by_id = {item.account.id: item for item in found}
    by_source: dict[str, list[QueueItem]] = defaultdict(list)
    for item in found:
        by_source[_source_of(item)].append(item)
    placed: dict[str, QueueItem] = {}
    for item in found:
        waiting = [item]
        while waiting:
            one = waiting.pop(0)
            if one.account.id in placed:
                continue
            placed[one.account.id] = one
            waiting += [*by_source[_source_of(one)], *filter(None, map(by_id.get, one.meets))]
    return list(placed.values())


def _source_of(item: QueueItem) -> str:
    sources = item.account.sources
    return sources[0].id if sources else item.account.id


def _heads(lines: Sequence[Line]) -> dict[str, tuple[str, int]]:
    """Return, by the first suggestion of each confirmation that has several in a row, its id and
    how many follow."""
    heads: dict[str, tuple[str, int]] = {}
    for source, of in groupby(lines, key=lambda line: _source_of(line.item)):
        group = list(of)
        if len(group) > 1:
            heads[group[0].item.account.id] = (source, len(group))
    return heads


def _pages(one: Account) -> list[str]:
    return [f"{one.manual}/{edit.page}" for edit in one.edits]


def _nearest_pages(ask: Ask) -> list[tuple[str, str]]:
    """Return the path and the title of those nearest to a page that no page is called like."""
    titles, said = ask.rooms.watch.titles(ask.workspace), ask.query("page")
    if not said or any(is_like(said, path, title) for path, title in titles.items()):
        return []
    return [(path, titles[path]) for path in pages_like(said, titles)]


def line_of(item: QueueItem) -> Line:
    """Return a suggestion as the queue shows it."""
    one, standing = item.account, item.standing
    days = days_open(one.at, time.time()) if one.state == "open" else None
    if standing is None:
        return Line(item, days, state_name(one.state), attention=False)
    attention = standing.kind in ("conflict", "edited") or bool(item.meets)
    return Line(item, days, standing_name(standing.kind), attention)
