"""Export records for other programs: one row a record, plain values under names that stay.

The columns are described in docs/reference.md. What looks like personal data is masked, and who
reported something is left out: rows leave the repository.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import Any

from manualsmith.layout import CATEGORIES, RECORDS
from manualsmith.records.models.confirmation import Confirmation
from manualsmith.records.models.environment import Environment
from manualsmith.records.models.incident import Incident
from manualsmith.records.models.moments import as_moment, in_zone, instant
from manualsmith.records.models.request import Request
from manualsmith.records.models.walkthrough import Walkthrough
from manualsmith.records.privacy import masked
from manualsmith.workflow.queue.summaries import Account
from manualsmith.workflow.reports.all_records import Ledger, read_ledger
from manualsmith.workflow.reports.trace import linked_names, read_links
from manualsmith.workflow.workspace.open_workspace import Workspace

Row = dict[str, Any]
# by the kind of record, which states there are
EXPORTED: Mapping[str, tuple[str, ...]] = {
    "request": ("new", "open", "waiting", "escalated", "resolved", "explained", "closed"),
    "incident": ("open", "waiting", "escalated", "resolved", "explained"),
    "confirmation": ("draft", "final"),
    "walkthrough": ("unfinished", "as-written", "corrected", "failed"),
    "suggestion": ("open", "accepted", "rejected", "withdrawn", "superseded", "reverted"),
}
# the column of linked records of a kind, by the prefix of their ids
_LINKED = {prefix: kind.name for prefix, kind in RECORDS.items()}

# what rows of a kind hold, in their order, and then what they are linked with
_COLUMNS: Mapping[str, str] = {
    "request": "id state product at source severity symptom detail category item impact channel "
    "unit page staff assignee closed reason resolved explained explanation environment",
    "incident": "id state product at severity due symptom category item impact assignee waiting_on "
    "minutes resolved explained explanation entry worked cause resolution sources environment",
    "confirmation": "id state product at release staff reported conclusion confirmed findings "
    "environment",
    "walkthrough": "id state product at release occasion staff place steps differing failed "
    "environment",
    "suggestion": "id state product at manual kind summary reason proposer turn decided decided_by "
    "decision_reason fact pages",
}


def columns_of(kind: str) -> list[str]:
    """Return the names of a kind's columns."""
    linked = (*_LINKED.values(), "suggestions")
    return [*_COLUMNS[kind].split(), *(one for one in linked if one != f"{kind}s")]


@dataclass(frozen=True)
class RowFilter:
    """Which rows are wanted: from a moment on, of a product, in some of the states."""

    since: datetime | None = None
    product: str | None = None
    states: tuple[str, ...] = ()

    def takes(self, row: Row) -> bool:
        """Tell whether a row is wanted."""
        return (
            (self.since is None or instant(row["at"]) >= in_zone(self.since))
            and self.product in (None, row["product"])
            and (not self.states or row["state"] in self.states)
        )


def exported_rows(workspace: Workspace, kind: str, wanted: RowFilter) -> list[Row]:
    """Return the rows of a kind of record of `EXPORTED`, the oldest first.

    ``at`` and other moments are ISO 8601 with the offset, days are days. Values are texts, whole
    numbers, lists of them, and None. Records that cannot be read are left out, for `audit` to name.
    """
    reading = _Reading(workspace)
    rows = [row for row in reading.rows(kind) if wanted.takes(row)]
    rows.sort(key=lambda row: (instant(row["at"]), row["id"]))
    allow = workspace.settings.allow_personal
    clean = cache(lambda text: masked(text, allow))  # most texts of a table are there many times
    return [_cleaned(row, clean) for row in rows]


def _cleaned(value: Any, clean: Callable[[str], str]) -> Any:  # noqa: ANN401 - any plain value
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {name: _cleaned(one, clean) for name, one in value.items()}
    return [_cleaned(one, clean) for one in value] if isinstance(value, list) else value


class _Reading:
    """The records of a repository, and what each is linked with."""

    def __init__(self, workspace: Workspace) -> None:
        self._ledger: Ledger = read_ledger(workspace)
        self._links = read_links(workspace)
        self._suggestions = frozenset(one.id for one in self._ledger.suggestions)

    def rows(self, kind: str) -> Iterator[Row]:
        """Yield the rows of a kind of record."""
        desk = self._ledger.desk
        drafts = [one for one in desk.confirmations.values() if one.draft]
        records: Mapping[str, Sequence[Any]] = {
            "request": [*desk.requests.values()],
            "incident": [*desk.incidents.values()],
            "confirmation": [*self._ledger.confirmations, *drafts],
            "walkthrough": [*desk.walkthroughs.values()],
            "suggestion": self._ledger.suggestions,
        }
        row: Mapping[str, Callable[[Any], Row]] = {
            "request": self._request,
            "incident": self._incident,
            "confirmation": _confirmation,
            "walkthrough": _walkthrough,
            "suggestion": self._suggestion,
        }
        for one in records[kind]:
            yield {**row[kind](one), **self._linked(one.id, kind)}

    def _linked(self, name: str, kind: str) -> Row:
        """Return the columns of what led to a record, and of what came of it."""
        found: dict[str, list[str]] = {one: [] for one in (*_LINKED.values(), "suggestions")}
        for other in sorted(linked_names(self._links, self._before, name)):
            if other in self._suggestions:
                found["suggestions"].append(other)
            elif other[:3] in _LINKED and "/" not in other:
                found[_LINKED[other[:3]]].append(other)
        return {column: names for column, names in found.items() if column != f"{kind}s"}

    @cached_property
    def _before(self) -> Mapping[str, Sequence[str]]:
        return self._links.before

    @cached_property
    def _dates(self) -> Mapping[str, str]:
        return {one.id: str(one.date) for one in self._ledger.confirmations}

    def _request(self, one: Request) -> Row:
        incident = self._ledger.desk.incidents.get(one.incident or "")
        state = "closed" if one.closed else incident.state if incident else "new"
        return {
            "id": one.id, "state": state, "product": one.product, "at": one.at,
            "source": one.source, "severity": one.severity,
            "symptom": one.symptom, "detail": one.detail,
            **one.sorted_as,
            "channel": one.channel, "unit": one.unit, "page": one.page,
            "staff": one.staff, "assignee": one.assignee,
            "closed": one.closed.at if one.closed else None,
            "reason": one.closed.reason if one.closed else None,
            "resolved": incident.resolved if incident else None,
            "explained": incident.closed if incident else None,
            "explanation": incident.explained if incident else None,
            "environment": _facts(one.environment),
        }  # fmt: skip

    def _incident(self, one: Incident) -> Row:
        sources = (self._ledger.desk.requests.get(name) for name in one.requests)
        return {
            "id": one.id, "state": one.state, "product": one.product, "at": one.opened,
            "severity": one.severity, "due": one.due, "symptom": one.symptom,
            "category": one.category, "item": one.item, "impact": one.impact,
            "assignee": one.assignee, "waiting_on": one.waiting_on, "minutes": one.minutes,
            "resolved": one.resolved, "explained": one.closed, "explanation": one.explained,
            "entry": _place(one.entry.manual, one.entry.page, one.entry.section)
            if one.entry
            else None,
            "worked": one.worked, "cause": one.cause, "resolution": [*one.resolution],
            "sources": [source.source for source in sources if source and source.source],
            "environment": _facts(one.environment),
        }  # fmt: skip

    def _suggestion(self, one: Account) -> Row:
        first = self._dates.get(one.sources[0].id if one.sources else "", "")
        made = as_moment(in_zone(datetime.fromtimestamp(one.at, UTC))) if one.at else first
        verdict = one.verdict
        return {
            "id": one.id, "state": one.state, "product": one.product,
            "at": verdict.at if verdict else made,
            "manual": one.manual, "kind": one.kind, "summary": one.summary, "reason": one.reason,
            "proposer": one.proposer, "turn": None if verdict else one.turn,
            "decided": verdict.at if verdict else None,
            "decided_by": verdict.by if verdict else None,
            "decision_reason": (verdict.reason or None) if verdict else None,
            "fact": dict(zip(("category", "fact", "observed"), one.fact, strict=True))
            if one.fact
            else None,
            "pages": [edit.page for edit in one.edits],
        }  # fmt: skip


def _confirmation(one: Confirmation) -> Row:
    return {
        "id": one.id, "state": "draft" if one.draft else "final", "product": one.product,
        "at": str(one.date), "release": one.release, "staff": one.staff, "reported": one.reported,
        "conclusion": one.conclusion,
        "confirmed": [_place(o.manual, o.page, o.section or ()) for o in one.confirmed],
        "findings": [finding.summary for finding in one.findings],
        "environment": _facts(one.environment),
    }  # fmt: skip


def _walkthrough(one: Walkthrough) -> Row:
    return {
        "id": one.id, "state": one.overall, "product": one.product, "at": str(one.date),
        "release": one.release, "occasion": one.occasion, "staff": one.staff,
        "place": _place(one.manual, one.page, one.section or ()),
        "steps": len(one.steps),
        "differing": sum(step.result == "differs" for step in one.steps),
        "failed": sum(step.result == "failed" for step in one.steps),
        "environment": _facts(one.environment),
    }  # fmt: skip


def _place(manual: str, page: str, section: Sequence[str]) -> str:
    return " > ".join([f"{manual}/{page}", *section])


def _facts(environment: Environment) -> list[Row]:
    return [
        {"category": category, **fact.model_dump(mode="json", exclude_none=True)}
        for category in CATEGORIES
        for fact in getattr(environment, category)
    ]
