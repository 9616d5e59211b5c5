"""What is to be confirmed again, by whom and by when: owners and dates of pages and sections.

A page names them in its front matter (``owner``, ``confirm_every: 90d``), a section in a comment
below its heading; what neither says, the settings say for the product, the manual, or all.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

from manualsmith.errors import Place, Problem
from manualsmith.git.blobs import BlobReader
from manualsmith.layout import MANUALS, Manual
from manualsmith.markdown.reading.front_matter import BadFrontMatter, KeyPath, read_entries
from manualsmith.markdown.reading.front_matter import FrontMatterEntry as Entry
from manualsmith.markdown.reading.outline import Section
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.page_environment import product_of
from manualsmith.markdown.reading.page_title import page_title
from manualsmith.markdown.redirect_addresses import FIELD, old_paths
from manualsmith.naming import fold, show_path
from manualsmith.records.models.confirmation import Confirmation
from manualsmith.settings import Settings, Upkeep, days_of, not_a_time
from manualsmith.workflow.reports.confirmed_places import Held, evidence_of, placed
from manualsmith.workflow.service.service_records import read_desk, records_of
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.snapshot import PageBlob, Snapshot, main_snapshot

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


def kept_places(workspace: Workspace) -> list[Kept]:
    """Return all places of main that are to be confirmed, those that wait longest first."""
    with BlobReader(workspace.repository) as reader:
        snapshot = main_snapshot(workspace, reader)
        confirmations = [*read_desk(workspace).final]
        records = records_of(workspace)
        if records is not workspace:
            confirmations += read_desk(records).final
        known = {one.id: one for one in confirmations}
        return in_order(kept_in(snapshot, workspace.settings, [*known.values()]))


def in_order(places: Iterable[Kept]) -> list[Kept]:
    """Return places as they are due: what was never confirmed comes first."""
    return sorted(places, key=lambda one: (one.day or date.min, one.manual, one.page, one.section))


def due_by(places: Iterable[Kept], today: date, within: int = 0) -> list[Kept]:
    """Return what is due by so many days after *today*, that day included."""
    last = today + timedelta(days=within)
    return [one for one in places if one.day is None or one.day <= last]


def where(one: Kept) -> str:
    """Return a place as people read it: manual, page and section."""
    section = one.section[1:] if one.section[:1] == (one.title,) else one.section
    named = dict.fromkeys((MANUALS[one.manual].title, one.title))  # a manual's first page is it
    return show_path((*named, *section))


def trusted(places: Sequence[Kept], today: date) -> float | None:
    """Return the share of places that were confirmed in time, 0 to 1; None where there are none."""
    if not places:
        return None
    return sum(one.state(today) == "confirmed" for one in places) / len(places)


def kept_in(
    snapshot: Snapshot, settings: Settings, confirmations: Sequence[Confirmation]
) -> Iterator[Kept]:
    """Yield the places of a snapshot that are to be confirmed, as *confirmations* have them."""
    blobs = [(manual, blob) for manual in MANUALS.values() for blob in snapshot.texts(manual)]
    moved: dict[str, str] = {}
    for manual, blob in blobs:
        path = manual.path(blob.page)
        moved.update((old, path) for old in old_paths(blob.text, path) if FIELD in blob.text)
    pages, sections = evidence_of(confirmations, moved)
    for manual, blob in blobs:
        path = manual.path(blob.page)
        yield from _of_page(
            manual, blob, settings, snapshot, pages.get(path), sections.get(path, {})
        )


def _of_page(
    manual: Manual,
    blob: PageBlob,
    settings: Settings,
    snapshot: Snapshot,
    whole: Held | None,
    parts: Mapping[tuple[str, ...], Held],
) -> Iterator[Kept]:
    """Yield the page where it is to be confirmed, then each section that says so itself."""
    try:
        entries = read_entries(blob.text)
    except BadFrontMatter:
        return
    product = product_of(manual.path(blob.page), entries)
    upkeep = _own(entries).over(settings.confirm.of(manual.name, product))
    says = EVERY in blob.text or OWNER in blob.text
    if not upkeep.every and not says:
        return
    page = Page(blob.text, snapshot.dialect_for(manual))
    paths = {one: tuple(map(fold, one.path)) for one in page.sections}
    dates = {one: held.date for one, held in placed(paths, parts)}
    own = {one: said for one in page.sections if (said := said_below(page, one)) != Upkeep()}
    title = page_title(blob.text) or blob.page
    at = Kept(manual.name, blob.page, title, (), product, upkeep.owner or "", 0, None)
    if upkeep.every:
        yield replace(at, every=upkeep.every, last=_last(page.sections, whole, dates))
    for section, said in own.items():
        if every := said.over(upkeep).every:
            days = [one for one in (dates.get(section), whole and whole.date) if one]
            yield replace(
                at,
                section=section.path,
                owner=said.owner or at.owner,
                every=every,
                last=max(days, default=None),
            )


def _last(
    sections: Sequence[Section], whole: Held | None, dates: Mapping[Section, date]
) -> date | None:
    """Return when a page was confirmed: as a whole, or the last of all the parts that it has."""
    top = [one for one in sections if one.level == 2]
    parts = [dates[one] for one in top if one in dates]
    each = min(parts) if top and len(parts) == len(top) else None
    return max((one for one in (whole and whole.date, each) if one), default=None)


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
