"""What a field offers while somebody types: pages, places of manuals and facts, by half a name."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from starlette.responses import Response

from manualsmith.desk.page_request import Ask
from manualsmith.errors import UserError
from manualsmith.layout import MANUALS
from manualsmith.naming import fold
from manualsmith.records.models.output_names import category_name, manual_title
from manualsmith.text import t
from manualsmith.workflow.queue.named_pages import pages_like
from manualsmith.workflow.service.fact_names import NamedFact, facts_like

_MOST = 8


@dataclass(frozen=True)
class Offer:
    """One thing that a field may be filled with: what stands beside it, and its category."""

    value: str
    about: str
    category: str = ""


def offers(ask: Ask) -> Response:
    """Show what is offered for what was typed so far."""
    kind = _KINDS.get(ask.path("kind"))
    if kind is None:
        raise UserError(t("there is no such page"))
    asked = ask.query("q")
    found = list(islice(kind(ask, asked), _MOST)) if asked else []
    return ask.page("part_offers.html", offers=found)


def page_offers(ask: Ask, kind: str = "") -> list[Offer]:
    """Return all pages, or those of the manuals of a kind, for a list that needs no script."""
    titles = ask.rooms.watch.titles(ask.workspace)
    wanted = (path for path in titles if kind in ("", MANUALS[path.partition("/")[0]].kind.name))
    counts = Counter(map(fold, titles.values()))
    return [_page(path, titles[path], alone=counts[fold(titles[path])] == 1) for path in wanted]


def _pages(ask: Ask, asked: str) -> Iterator[Offer]:
    titles = ask.rooms.watch.titles(ask.workspace)
    counts = Counter(map(fold, titles.values()))
    for path in pages_like(asked, titles):
        yield _page(path, titles[path], alone=counts[fold(titles[path])] == 1)


def _page(path: str, title: str, *, alone: bool) -> Offer:
    """Return a page by its title, by its path where others have that too."""
    manual = manual_title(path.partition("/")[0])
    return Offer(title, manual) if alone else Offer(path, f"{manual} › {title}")


def _entries(ask: Ask, asked: str) -> Iterator[Offer]:
    return _places(ask, asked, "troubleshooting")


def _sections(ask: Ask, asked: str) -> Iterator[Offer]:
    return _places(ask, asked, "operation")


def _places(ask: Ask, asked: str, kind: str) -> Iterator[Offer]:
    """Yield the places whose heading, then those whose page's title, has what was typed."""
    wanted = fold(asked.partition("#")[2] or asked)
    titles = ask.rooms.watch.titles(ask.workspace)
    counts = Counter(map(fold, titles.values()))
    known: list[tuple[str, str]] = []
    for one in ask.rooms.watch.places(ask.workspace, kind):
        path = f"{one.manual}/{one.page}"
        alone = counts[fold(titles.get(path, path))] == 1
        known.append((titles.get(path, path) if alone else path, one.section[-1]))
    found = (place for at in (1, 0) for place in known if wanted in fold(place[at]))
    return (Offer("#".join(place), "") for place in dict.fromkeys(found))


def fact_offers(ask: Ask) -> list[Offer]:
    """Return all known facts, for a list that needs no script."""
    return [*map(_fact, ask.facts)]


def _facts(ask: Ask, asked: str) -> Iterator[Offer]:
    return map(_fact, facts_like(asked, ask.facts))


def _fact(one: NamedFact) -> Offer:
    return Offer(one.label, category_name(one.category) if one.category else "", one.category)


_KINDS: Mapping[str, Callable[[Ask, str], Iterator[Offer]]] = {
    "pages": _pages,
    "entries": _entries,
    "places": _sections,
    "facts": _facts,
}
