"""The figures of a period: counts, times, escalations, entries used, symptoms without an entry.

For each staff number: which behaviour indicators of the standard IIS3512-001v1 have evidence.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from statistics import median

from manualsmith.errors import Problem
from manualsmith.records.models.confirmation import Confirmation
from manualsmith.records.models.incident import OVER, Incident
from manualsmith.records.models.moments import instant
from manualsmith.records.models.request import Request
from manualsmith.workflow.queue.summaries import Account
from manualsmith.workflow.reports.all_records import read_ledger
from manualsmith.workflow.workspace.open_workspace import Workspace

MOST = 10
INDICATORS = (
    "P1.1.1",
    "P1.1.2",
    "P1.2.1",
    "P1.2.2",
    "P2.1.1",
    "P2.1.2",
    "P2.2.1",
    "P2.2.2",
    "P2.2.3",
    "P2.2.4",
)
_OF_MANUAL = {"operation": "P1.2.1", "troubleshooting": "P1.2.2"}


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
class Figures:
    """The figures of a period. ``months``: the counts of each kind, by month (2026-11).

    ``problems`` are of the records that cannot be read, and are not counted.
    """

    counts: Mapping[str, int]
    months: Mapping[str, Mapping[str, int]]
    to_resolved: Times
    to_published: Times
    escalations: tuple[tuple[Incident, str], ...]
    used: tuple[Use, ...]
    missing: tuple[Missing, ...]
    problems: tuple[Problem, ...]
    evidence: Mapping[str, Mapping[str, tuple[str, ...]]]


def figures(workspace: Workspace, wanted: ReportPeriod) -> Figures:
    """Return the figures of what *wanted* says."""
    ledger = read_ledger(workspace)
    desk, suggestions = ledger.desk, ledger.suggestions
    requests = [
        one for one in desk.requests.values() if wanted.has(_day(one.at), one.product, (one.staff,))
    ]
    incidents = [
        one
        for one in desk.incidents.values()
        if wanted.has(_day(one.opened), one.product, (move.by for move in one.log))
    ]
    walks = [
        one for one in desk.walkthroughs.values() if wanted.has(one.date, one.product, (one.staff,))
    ]
    confirmations = [
        one for one in ledger.confirmations if wanted.has(one.date, one.product, (one.staff,))
    ]
    by_id = {one.id: one for one in ledger.confirmations}
    dated = [(one, by_id.get(one.sources[0].id) if one.sources else None) for one in suggestions]
    kept = [
        (one, found)
        for one, found in dated
        if found and wanted.has(found.date, one.product, (one.proposer,))
    ]
    days: dict[str, list[date]] = {
        "request": [_day(one.at) for one in requests],
        "incident": [_day(one.opened) for one in incidents],
        "walkthrough": [one.date for one in walks],
        "confirmation": [one.date for one in confirmations],
        "suggestion": [found.date for _, found in kept],
    }
    evidence: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for staff, indicator, name in (
        *_of_requests(requests),
        *_of_incidents(incidents),
        *((one.staff, "P2.1.1", one.id) for one in walks if one.told),
        *((one.staff, "P2.1.2", one.id) for one in walks if one.confirmation),
        *((one.staff, p, one.id) for one in confirmations for p in ("P1.1.1", "P1.1.2")),
        *((one.proposer, _OF_MANUAL[one.manual], one.id) for one, _ in kept),
    ):
        if staff and wanted.staff in (None, staff) and name not in evidence[staff][indicator]:
            evidence[staff][indicator].append(name)
    states = Counter(one.state for one, _ in kept)
    return Figures(
        counts={
            **{kind: len(found) for kind, found in days.items()},
            "open": states["open"],
            "accepted": states["accepted"],
        },
        months=_months(days),
        to_resolved=_times(_hours_to_resolved(incidents, desk.requests)),
        to_published=_times(_hours_to_published(kept)),
        escalations=tuple(
            (one, one.waiting_on or "")
            for one in sorted(incidents, key=lambda one: instant(one.due))
            if one.state == "escalated"
        ),
        used=tuple(_used(incidents))[:MOST],
        problems=desk.problems,
        missing=tuple(_missing(incidents, _published(suggestions)))[:MOST],
        evidence={
            staff: {p: tuple(sorted(found[p])) for p in INDICATORS if found.get(p)}
            for staff, found in sorted(evidence.items())
        },
    )


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
