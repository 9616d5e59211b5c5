"""When pages and sections were last followed and found right, as confirmations say it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TypeVar

from manualsmith.layout import page_path
from manualsmith.naming import fold
from manualsmith.records.models.confirmation import Confirmation

Place = TypeVar("Place")
Known = TypeVar("Known")


@dataclass(frozen=True)
class Held:
    """A page or section was followed and held: when, and what the environment was."""

    date: date
    facts: tuple[tuple[str, str], ...]


def evidence_of(
    confirmations: Iterable[Confirmation],
    moved: Mapping[str, str] = MappingProxyType({}),
) -> tuple[dict[str, Held], dict[str, dict[tuple[str, ...], Held]]]:
    """Return the latest time that each page, and each section, was followed and held.

    *moved*: the path that a page has now, by one that it had.
    """
    pages: dict[str, Held] = {}
    sections: dict[str, dict[tuple[str, ...], Held]] = {}
    for one in sorted(confirmations, key=lambda one: (one.date, one.id)):
        facts = tuple((f.fact, f.observed) for _, found in one.environment for f in found)
        held = Held(one.date, facts)
        for place in one.confirmed:
            path = page_path(place.manual, place.page)
            path = moved.get(path, path)
            if place.section:
                key = tuple(fold(title) for title in place.section)
                sections.setdefault(path, {})[key] = held
            else:
                pages[path] = held
    return pages, sections


def placed(
    paths: Mapping[Place, tuple[str, ...]], sections: Mapping[tuple[str, ...], Known]
) -> list[tuple[Place, Known]]:
    """Return the headings that sections name, with what is known of each.

    A name that several have is left out.

    *paths* are the folded heading paths of a page, by whatever names a heading.
    """
    found = []
    for wanted, held in sections.items():
        names = [name for name, path in paths.items() if path[-len(wanted) :] == wanted]
        if len(names) == 1:
            found.append((names[0], held))
    return found
