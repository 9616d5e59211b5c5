"""The figures of a period: counts, times, escalations, entries used, symptoms without an entry.

For each staff number: which behaviour indicators of the standard IIS3512-001v1 have evidence.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

from manualsmith.errors import Problem
from manualsmith.layout import MANUALS
from manualsmith.naming import is_probe
from manualsmith.records.models.confirmation import Confirmation
from manualsmith.records.models.incident import OVER, Incident
from manualsmith.records.models.moments import instant, now
from manualsmith.records.models.request import Request
from manualsmith.records.models.walkthrough import Walkthrough
from manualsmith.workflow.queue.summaries import Account
from manualsmith.workflow.reports.all_records import Ledger, read_ledger
from manualsmith.workflow.reports.competences import INDICATORS
from manualsmith.workflow.reports.due import PlaceToConfirm, times_used, trust_by_month
from manualsmith.workflow.service.reader_answers import read_answers
from manualsmith.workflow.service.service_records import records_of
from manualsmith.workflow.workspace.open_workspace import Workspace

MOST = 10
_MONTHS = 12


@dataclass(frozen=True)
class ReportPeriod:
    """Which records count: those of a period, both days included, a product and a staff number."""

    since: date = date.min
    until: date = date.max
    product: str | None = None
    staff: str | None = None

    def has(self, day: date, product: str, staff: Iterable[str | None]) -> bool:
        """Return whether a record counts."""
        return (
            self.since <= day <= self.until
            and self.product in (None, product)
            and (self.staff is None or self.staff in staff)
        )


@dataclass(frozen=True)
class Times:
    """How long something took: how many there are, and the median and longest, in hours."""

    count: int
    median: float
    longest: float


@dataclass(frozen=True)
class Use:
    """A troubleshooting entry: how often it was followed, and how often it worked as written."""

    entry: str
    used: int
    worked: int


@dataclass(frozen=True)
class Missing:
    """A symptom that no entry resolved: how many requests, and the incidents."""

    symptom: str
    requests: int
    incidents: tuple[str, ...]


@dataclass(frozen=True)
class Helped:
    """A page of the site: how many of its readers said that it was of help, and that it was not."""

    page: str
    yes: int
    no: int


@dataclass(frozen=True)
class Figures:
    """The figures of a period. ``months``: the counts of each kind, by month (2026-11).

    ``helped`` and ``searched`` are what readers of the site said, the worst first: of pages, and of
    words that nothing was found for. ``trust``: the share of the manuals that was confirmed in
    time, 0 to 1, at the end of each of the period's last months, a year of them at most.
    ``problems`` are of the records that cannot be read, and are not counted.
    """

    counts: Mapping[str, int]
    months: Mapping[str, Mapping[str, int]]
    to_resolved: Times
    to_published: Times
    escalations: tuple[tuple[Incident, str], ...]
    used: tuple[Use, ...]
    missing: tuple[Missing, ...]
    helped: tuple[Helped, ...]
    searched: tuple[tuple[str, int], ...]
    problems: tuple[Problem, ...]
    evidence: Mapping[str, Mapping[str, tuple[str, ...]]]
    trust: tuple[tuple[date, float], ...]


@dataclass(frozen=True)
class _Counted:
    """The records that count; a suggestion stands beside the confirmation that it began with."""

    requests: Sequence[Request]
    incidents: Sequence[Incident]
    walks: Sequence[Walkthrough]
    confirmations: Sequence[Confirmation]
    suggestions: Sequence[tuple[Account, Confirmation]]

    def days(self) -> dict[str, list[date]]:
        """Return the day of each record, by what it is."""
        return {
            "request": [_day(one.at) for one in self.requests],
            "incident": [_day(one.opened) for one in self.incidents],
            "walkthrough": [one.date for one in self.walks],
            "confirmation": [one.date for one in self.confirmations],
            "suggestion": [found.date for _, found in self.suggestions],
        }

    def shown(self) -> Iterator[tuple[str | None, str, str]]:
        """Yield who showed which behaviour indicator by which record."""
        yield from _of_requests(self.requests)
        yield from _of_incidents(self.incidents)
        yield from ((one.staff, "P2.1.1", one.id) for one in self.walks if one.told)
        yield from ((one.staff, "P2.1.2", one.id) for one in self.walks if one.adjusted)
        for indicator in ("P1.1.1", "P1.1.2"):
            yield from ((one.staff, indicator, one.id) for one in self.confirmations)
        yield from (
            (one.proposer, MANUALS[one.manual].kind.indicator, one.id)
            for one, _ in self.suggestions
        )


def _counted(ledger: Ledger, wanted: ReportPeriod) -> _Counted:
    desk, by_id = ledger.desk, {one.id: one for one in ledger.confirmations}
    dated = (
        (one, by_id.get(one.sources[0].id) if one.sources else None) for one in ledger.suggestions
    )
    return _Counted(
        [o for o in desk.requests.values() if wanted.has(_day(o.at), o.product, (o.staff,))],
        [
            one
            for one in desk.incidents.values()
            if wanted.has(_day(one.opened), one.product, (move.by for move in one.log))
        ],
        [o for o in desk.walkthroughs.values() if wanted.has(o.date, o.product, (o.staff,))],
        [o for o in ledger.confirmations if wanted.has(o.date, o.product, (o.staff,))],
        [
            (one, found)
            for one, found in dated
            if found and wanted.has(found.date, one.product, (one.proposer,))
        ],
    )


def figures(
    workspace: Workspace, wanted: ReportPeriod, asked: Sequence[PlaceToConfirm] = ()
) -> Figures:
    """Return the figures of what *wanted* says; *asked* are the places that are to be confirmed."""
    ledger = read_ledger(workspace)
    counted = _counted(ledger, wanted)
    days, incidents = counted.days(), counted.incidents
    states = Counter(one.state for one, _ in counted.suggestions)
    counts = {kind: len(found) for kind, found in days.items()}
    return Figures(
        counts={**counts, "open": states["open"], "accepted": states["accepted"]},
        months=_months(days),
        to_resolved=_times(_hours_to_resolved(incidents, ledger.desk.requests)),
        to_published=_times(_hours_to_published(counted.suggestions)),
        escalations=tuple(
            (one, one.waiting_on or "")
            for one in sorted(incidents, key=lambda one: instant(one.due))
            if one.state == "escalated"
        ),
        used=tuple(_used(incidents))[:MOST],
        **_said_by_readers(workspace, wanted),
        problems=ledger.desk.problems,
        missing=tuple(_missing(incidents, _published(ledger.suggestions)))[:MOST],
        evidence=_evidence(counted, wanted.staff),
        trust=tuple(_trust(ledger, wanted, asked)),
    )


def _trust(
    ledger: Ledger, wanted: ReportPeriod, asked: Sequence[PlaceToConfirm]
) -> Iterator[tuple[date, float]]:
    """Yield how much was confirmed in time, month by month; of one person nothing is known.

    What people ask about weighs more.
    """
    first, last = wanted.since, min(wanted.until, now().date())
    months = min(_MONTHS, 12 * (last.year - first.year) + last.month - first.month + 1)
    if wanted.staff or first > last:
        return
    of_product = [one for one in asked if wanted.product in (None, one.kept.product)]
    used = times_used(ledger.desk.requests.values(), ledger.desk.incidents.values())
    for day, share in trust_by_month(of_product, ledger.desk.final, last, used, months):
        if share is not None:
            yield day, share


def _said_by_readers(workspace: Workspace, wanted: ReportPeriod) -> dict[str, Any]:
    """Return what readers said in the period; of one product or person nothing is known."""
    if wanted.product or wanted.staff:
        return {"helped": (), "searched": ()}
    said = read_answers(records_of(workspace), workspace.repository.common_dir)
    pages = said.helped(wanted.since, wanted.until)
    words = said.not_found(wanted.since, wanted.until)
    helped = (Helped(page, yes, no) for page, (yes, no) in pages.items())
    return {
        "helped": tuple(sorted(helped, key=lambda one: (-one.no, one.yes, one.page))),
        "searched": tuple(sorted(words.items(), key=lambda one: (-one[1], one[0]))[:MOST]),
    }


def _evidence(counted: _Counted, wanted: str | None) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return the ids of the records that show each indicator, by staff number."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for staff, indicator, name in counted.shown():
        if staff and not is_probe(staff) and wanted in (None, staff):
            found[staff][indicator].add(name)
    return {
        staff: {p: tuple(sorted(by[p])) for p in INDICATORS if by.get(p)}
        for staff, by in sorted(found.items())
    }


def _day(moment: str) -> date:
    return instant(moment).date()


def _of_requests(requests: Iterable[Request]) -> Iterator[tuple[str | None, str, str]]:
    for one in requests:
        yield one.staff, "P2.2.1", one.id


_BY_MOVE = {
    "open": "P2.2.2",
    "log": "P2.2.2",
    "wait": "P2.2.2",
    "resolve": "P2.2.3",
    "explain": "P2.2.3",
    "escalate": "P2.2.4",
}


def _of_incidents(incidents: Iterable[Incident]) -> Iterator[tuple[str | None, str, str]]:
    for one in incidents:
        for move in one.log:
            if move.move in _BY_MOVE:
                yield move.by, _BY_MOVE[move.move], one.id


def _months(days: Mapping[str, list[date]]) -> dict[str, dict[str, int]]:
    months: dict[str, dict[str, int]] = {}
    for kind, found in days.items():
        for day in found:
            month = months.setdefault(f"{day:%Y-%m}", dict.fromkeys(days, 0))
            month[kind] += 1
    return dict(sorted(months.items()))


def _hours_to_resolved(
    incidents: Iterable[Incident], requests: Mapping[str, Request]
) -> Iterator[float]:
    """Yield for each request of a resolved incident the hours until that."""
    for one in incidents:
        for name in one.requests:
            if one.resolved and name in requests:
                gone = instant(one.resolved) - instant(requests[name].at)
                yield gone.total_seconds() / 3600


def _hours_to_published(kept: Iterable[tuple[Account, Confirmation]]) -> Iterator[float]:
    """Yield for each accepted suggestion the hours from the day of the finding on."""
    for one, found in kept:
        if one.verdict and one.verdict.state == "accepted":
            gone = instant(one.verdict.at) - instant(found.date.isoformat())
            yield max(0.0, gone.total_seconds() / 3600)


def _times(hours: Iterable[float]) -> Times:
    found = list(hours)
    return Times(len(found), median(found), max(found)) if found else Times(0, 0.0, 0.0)


def _used(incidents: Iterable[Incident]) -> Iterator[Use]:
    """Yield the entries that were followed, the most used first."""
    used, worked = Counter[str](), Counter[str]()
    for one in incidents:
        if one.entry and one.worked and one.state in OVER:
            name = f"{one.entry.page}#{one.entry.section[-1]}"
            used[name] += 1
            worked[name] += one.worked == "as-written"
    for name, count in sorted(used.items(), key=lambda item: (-item[1], item[0])):
        yield Use(name, count, worked[name])


def _published(suggestions: Iterable[Account]) -> frozenset[str]:
    """Return the confirmations that the manuals follow by now."""
    accepted = [one for one in suggestions if one.state in ("accepted", "superseded")]
    return frozenset(source.id for one in accepted for source in one.sources)


def _missing(incidents: Iterable[Incident], published: frozenset[str]) -> Iterator[Missing]:
    """Yield the symptoms that no entry answers, those that most requests report first.

    One that is still worked on is not known to have none, and one whose entry was written has one.
    """
    without = [
        one for one in incidents if one.worked == "no-entry" and one.confirmation not in published
    ]
    for one in sorted(without, key=lambda one: (-len(one.requests), one.id)):
        yield Missing(one.symptom, len(one.requests), (one.id,))
