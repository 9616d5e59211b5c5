"""What is to be confirmed again, by whom and by when: owners and dates of pages and sections.

A page names them in its front matter (``owner``, ``confirm_every: 90d``), a section in a comment
below its heading; what neither says, the settings say for the product, the manual, or all.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from manualsmith.errors import Place, Problem
from manualsmith.git.blobs import BlobReader
from manualsmith.layout import MANUALS, Manual, page_path
from manualsmith.markdown.reading.front_matter import BadFrontMatter, KeyPath, read_entries
from manualsmith.markdown.reading.front_matter import FrontMatterEntry as Entry
from manualsmith.markdown.reading.outline import Section
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.page_environment import product_of
from manualsmith.markdown.reading.page_title import page_title
from manualsmith.markdown.redirect_addresses import FIELD, old_paths
from manualsmith.naming import fold, show_path, within
from manualsmith.records.models.confirmation import Confirmation
from manualsmith.records.models.incident import Incident
from manualsmith.records.models.request import Request
from manualsmith.settings.read_settings import Settings, Upkeep, days_of, not_a_time
from manualsmith.text import t
from manualsmith.workflow.reports.confirmed_places import Held, evidence_of, placed
from manualsmith.workflow.service.service_records import final_of, read_desk, records_of
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.snapshot import Snapshot, main_snapshot

if TYPE_CHECKING:
    from manualsmith.markdown.dialect import Dialect

_TOP = 2  # the level of the sections that a page is made of
State = Literal["never", "due", "confirmed"]
OWNER, EVERY = "owner", "confirm_every"
_COMMENT = re.compile(r"<!--((?:(?!-->)[\s\S])*)-->")
_SAID = re.compile(rf"[ \t]*({OWNER}|{EVERY})[ \t]*:[ \t]*([^\n]*?)[ \t]*", re.ASCII)


@dataclass(frozen=True)
class Kept:
    """A page, or a section of one, that is to be confirmed every so many days.

    *page* is its path in the manual, *product* the one that it is of, empty for none; *last* the
    day it was followed and found right, None for never.
    """

    manual: str
    page: str
    title: str
    section: tuple[str, ...]
    product: str
    owner: str
    every: int
    last: date | None

    @property
    def day(self) -> date | None:
        """The day by which it is to be confirmed; None where it never was: at once."""
        return self.last + timedelta(days=self.every) if self.last else None

    def state(self, today: date) -> State:
        """Return whether it was confirmed in time, as of *today*."""
        if self.day is None:
            return "never"
        return "confirmed" if today <= self.day else "due"

    def as_json(self, today: date) -> dict[str, Any]:
        """Return plain values for ``--json``."""
        return {
            "manual": self.manual,
            "page": self.page,
            "title": self.title,
            "section": list(self.section),
            "product": self.product,
            "owner": self.owner,
            "every_days": self.every,
            "last": self.last.isoformat() if self.last else None,
            "due": self.day.isoformat() if self.day else None,
            "state": self.state(today),
        }


# a page as it was: its manual, its path in it, its blob
PageKey = tuple[str, str, str]


@dataclass(frozen=True)
class PlaceToConfirm:
    """A place that is to be confirmed, before it is known when it was.

    *headings* are the page's, folded, each with its level; *heading* is the place's own, None for
    a page as a whole.
    """

    kept: Kept
    headings: tuple[tuple[tuple[str, ...], int], ...]
    heading: tuple[str, ...] | None
    was_at: tuple[str, ...] = ()


def kept_places(workspace: Workspace) -> list[Kept]:
    """Return all places of main that are to be confirmed, those that wait longest first."""
    records = records_of(workspace)
    desks = [read_desk(workspace), *([read_desk(records)] if records is not workspace else [])]
    return in_order(dated(asked_at(workspace), final_of(desks)))


def in_order(places: Iterable[Kept]) -> list[Kept]:
    """Return places as they are due: what was never confirmed comes first."""
    return sorted(places, key=lambda one: (one.day or date.min, one.manual, one.page, one.section))


def due_by(places: Iterable[Kept], today: date, within: int = 0) -> list[Kept]:
    """Return what is due by so many days after *today*, that day included."""
    last = today + timedelta(days=within)
    return [one for one in places if one.day is None or one.day <= last]


def where(one: Kept) -> str:
    """Return a place as people read it: manual, page and section."""
    title = MANUALS[one.manual].title
    inside = within(one.title, one.section)
    return show_path(inside if one.title == title else (title, *inside))  # its first page is it


def said_of(one: Kept, today: date) -> str:
    """Return in words by when a place is to be confirmed."""
    if one.day is None:
        return t("never confirmed")
    if one.state(today) == "due":
        return t("since {date}", date=one.day)
    return t("by {date}", date=one.day)


def trusted(
    places: Sequence[Kept], today: date, used: Mapping[str, int] = MappingProxyType({})
) -> float | None:
    """Return the share of places that were confirmed in time, 0 to 1; None where there are none.

    used: how often people asked about a page, by its path in the repository: a place weighs one
    more than that.
    """
    weights = [1 + used.get(page_path(one.manual, one.page), 0) for one in places]
    held = [one.state(today) == "confirmed" for one in places]
    whole = sum(weights)
    return sum(w for w, good in zip(weights, held, strict=True) if good) / whole if whole else None


def times_used(requests: Iterable[Request], incidents: Iterable[Incident]) -> Counter[str]:
    """Return how often people asked about a page, or were helped by it, by its path."""
    named = [one.page.partition("/") for one in requests if one.page]
    paths = [page_path(manual, page) for manual, _, page in named if manual in MANUALS]
    entries = [one.entry for one in incidents if one.entry and one.entry.manual in MANUALS]
    return Counter([*paths, *(page_path(one.manual, one.page) for one in entries)])


def trust_by_month(
    asked: Sequence[PlaceToConfirm],
    confirmations: Sequence[Confirmation],
    today: date,
    used: Mapping[str, int],
    months: int = 12,
) -> list[tuple[date, float | None]]:
    """Return the same at the end of each of the last months, and today, the oldest first.

    The places are those of now: what is written of the past is when they were confirmed.
    """
    ends = [today]
    while len(ends) < months:
        ends.append(ends[-1].replace(day=1) - timedelta(days=1))
    return [
        (day, trusted(dated(asked, [c for c in confirmations if c.date <= day]), day, used))
        for day in reversed(ends)
    ]


def kept_in(
    snapshot: Snapshot, settings: Settings, confirmations: Sequence[Confirmation]
) -> list[Kept]:
    """Return the places of a snapshot that are to be confirmed, as *confirmations* have them."""
    return dated(asked_in(snapshot, settings), confirmations)


def asked_at(
    workspace: Workspace, known: dict[PageKey, list[PlaceToConfirm]] | None = None
) -> list[PlaceToConfirm]:
    """Return the places of main that are to be confirmed, as `asked_in` does."""
    with BlobReader(workspace.repository) as reader:
        return asked_in(main_snapshot(workspace, reader), workspace.settings, known)


def asked_in(
    snapshot: Snapshot, settings: Settings, known: dict[PageKey, list[PlaceToConfirm]] | None = None
) -> list[PlaceToConfirm]:
    """Return the places of a snapshot that are to be confirmed: pages, and sections after theirs.

    known: what was found by page before, with the same settings; it becomes what is found now.
    """
    found: dict[PageKey, list[PlaceToConfirm]] = {}
    for manual in MANUALS.values():
        for blob in list(snapshot.texts(manual)):  # all of them: a page may need the settings read
            key = manual.name, blob.page, blob.oid
            if known and key in known:
                found[key] = known[key]
            else:
                asked = asked_of(manual, blob.page, blob.text, settings, snapshot.dialect_for)
                found[key] = list(asked)
    if known is not None:
        known.clear()
        known.update(found)
    return [one for places in found.values() for one in places]


def dated(asked: Sequence[PlaceToConfirm], confirmations: Sequence[Confirmation]) -> list[Kept]:
    """Return places with the day that each was last confirmed."""
    if not asked:
        return []
    moved = {old: page_path(one.kept.manual, one.kept.page) for one in asked for old in one.was_at}
    pages, sections = evidence_of(confirmations, moved)
    return [at_last(one, pages, sections) for one in asked]


def at_last(
    asked: PlaceToConfirm,
    pages: Mapping[str, Held],
    sections: Mapping[str, Mapping[tuple[str, ...], Held]],
) -> Kept:
    """Return a place with the day that it was last confirmed, of `evidence_of`."""
    path = page_path(asked.kept.manual, asked.kept.page)
    whole = pages[path].date if path in pages else None
    own = _own_day(asked, sections.get(path, {}))
    return replace(asked.kept, last=max((day for day in (whole, own) if day), default=None))


def _own_day(asked: PlaceToConfirm, held: Mapping[tuple[str, ...], Held]) -> date | None:
    """Return when a section was confirmed, or of a page the last of all the parts that it has."""
    names = {number: heading for number, (heading, _) in enumerate(asked.headings)}
    days = {number: one.date for number, one in placed(names, held)}
    if asked.heading is None:
        parts = {number for number, (_, level) in enumerate(asked.headings) if level == _TOP}
        return min(days[number] for number in parts) if parts and days.keys() >= parts else None
    return next((day for number, day in days.items() if names[number] == asked.heading), None)


def asked_of(
    manual: Manual,
    name: str,
    text: str,
    settings: Settings,
    dialect_for: "Callable[[Manual], Dialect]",
    *,
    by_section: bool = True,
) -> Iterator[PlaceToConfirm]:
    """Yield a page where it is to be confirmed, then each section that says so itself.

    name: its path in the manual. dialect_for: the Markdown of a manual's pages. by_section: whether
    confirmations may name its sections; where none does, its headings are not looked for.
    """
    path = manual.path(name)
    try:
        entries = read_entries(text)
    except BadFrontMatter:
        return
    product = product_of(path, entries)
    upkeep = _own(entries).over(settings.confirm.of(manual.name, product))
    says_more = EVERY in text and any(EVERY in one[1] for one in _COMMENT.finditer(text))
    if not upkeep.every and not says_more:
        return
    page = Page(text, dialect_for(manual)) if says_more or by_section else None
    sections = page.sections if page else ()
    headings = tuple((tuple(map(fold, one.path)), one.level) for one in sections)
    title = page_title(text) or name
    was_at = tuple(old_paths(text, path)) if FIELD in text else ()
    kept = Kept(manual.name, name, title, (), product, upkeep.owner or "", 0, None)
    if upkeep.every:
        yield PlaceToConfirm(replace(kept, every=upkeep.every), headings, None, was_at)
    for section, (heading, _) in zip(sections, headings, strict=True):
        said = said_below(page, section) if page and says_more else Upkeep()
        if said != Upkeep() and (every := said.over(upkeep).every):
            own = replace(kept, section=section.path, owner=said.owner or kept.owner, every=every)
            yield PlaceToConfirm(own, headings, heading, was_at)


def _own(entries: Mapping[KeyPath, Entry]) -> Upkeep:
    return _said({name: entries[(name,)].value for name in (OWNER, EVERY) if (name,) in entries})


def said_below(page: Page, section: Section) -> Upkeep:
    """Return what the comments right below a section's heading say."""
    text = page.source.lines(section.body, section.own_end).of(page.text)
    said: dict[str, str] = {}
    while found := _COMMENT.match(text := text.lstrip()):
        for line in found[1].split("\n"):
            if named := _SAID.fullmatch(line):
                said[named[1]] = named[2]
        text = text[found.end() :]
    return _said(said)


def _said(values: Mapping[str, str]) -> Upkeep:
    try:
        every = days_of(values[EVERY]) if EVERY in values else None
    except ValueError:  # `wrong_times` tells it
        every = None
    return Upkeep(values.get(OWNER) or None, every)


def wrong_times(text: str, path: str) -> Iterator[Problem]:
    """Yield the times in comments of a page that are none."""
    for comment in _COMMENT.finditer(text) if EVERY in text else ():
        for line in re.finditer(r"[^\n]+", comment[1]):
            named = _SAID.fullmatch(line[0])
            if named and named[1] == EVERY and _said({EVERY: named[2]}).every is None:
                number = text.count("\n", 0, comment.start(1) + line.start()) + 1
                yield Problem(not_a_time(named[2]), Place(path, number))
