"""Take up a request, open an incident for it, and carry out its moves (P2.2.1 to P2.2.4)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from manualsmith.errors import UserError
from manualsmith.layout import filed_as, organisation
from manualsmith.records.models.environment import Environment
from manualsmith.records.models.incident import (
    OVER,
    Incident,
    Move,
    MoveName,
    moved,
)
from manualsmith.records.models.moments import as_moment, instant, now, shown
from manualsmith.records.models.request import SEVERITIES, SORTED_BY, Closing, Request, Severity
from manualsmith.records.pictures import Picture
from manualsmith.text import t
from manualsmith.workflow.service.service_records import (
    Committed,
    Desk,
    change,
    change_with_id,
    read_desk,
)
from manualsmith.workflow.workspace.open_workspace import Workspace


@dataclass(frozen=True)
class ReportedProblem:
    """What a user reported, before it has a number."""

    product: str
    symptom: str
    severity: Severity = "normal"
    detail: str | None = None
    page: str | None = None
    requester: str | None = None
    environment: Environment = Environment()
    source: str | None = None
    unit: str | None = None
    channel: str | None = None
    category: str | None = None
    item: str | None = None
    impact: str | None = None
    pictures: tuple[Picture, ...] = ()


def new_request(
    records: Workspace,
    reported: ReportedProblem,
    staff: str,
    when: datetime,
    *,
    dry_run: bool = False,
) -> Request:
    """Write a request (O2.2.1) and return it. Raises UserError with nothing written."""

    def work(_desk: Desk, kept: Committed, name: str) -> Request:
        request = as_request(name, reported, staff, _moment(when))
        kept.put(request)
        kept.put_pictures(reported.pictures)
        return request

    return change_with_id(records, "REQ", when.year, work, _told, dry_run=dry_run)


def as_request(name: str, reported: ReportedProblem, staff: str, at: str) -> Request:
    """Return the record of what was reported."""
    told: dict[str, Any] = {one.name: getattr(reported, one.name) for one in fields(reported)}
    told["pictures"] = tuple(one.name for one in reported.pictures)
    return Request(id=name, at=at, staff=staff, **told)


def close_request(
    records: Workspace,
    request_id: str,
    reason: str,
    staff: str,
    when: datetime,
    *,
    dry_run: bool = False,
) -> Request:
    """Close a request that needs no incident, and return it.

    Raises UserError where it has one, or is closed.
    """

    def work(desk: Desk, kept: Committed) -> Request:
        request = _free(desk, request_id)
        if when < instant(request.at):
            raise UserError(
                t("{id} is from {at}", id=request.id, at=shown(request.at)),
                hint=t("give the time it happened: --at"),
            )
        closing = Closing(at=_moment(when), by=staff, reason=reason)
        request = request.model_copy(update={"closed": closing})
        kept.put(request)
        return request

    return change(records, work, _told, dry_run=dry_run)


def _free(desk: Desk, request_id: str) -> Request:
    request = desk.one(Request, request_id)
    if request.incident:
        raise UserError(
            t("{id} belongs to {incident} already", id=request_id, incident=request.incident),
            hint=f"manualsmith incident show {request.incident}",
        )
    if request.closed:
        raise UserError(t("{id} is closed: {reason}", id=request_id, reason=request.closed.reason))
    return request


def open_incident(
    records: Workspace,
    request_ids: Sequence[str],
    staff: str,
    when: datetime,
    *,
    symptom: str | None = None,
    severity: Severity | None = None,
    dry_run: bool = False,
) -> Incident:
    """Open an incident (O2.2.2) for requests and return it.

    Its severity is the gravest of theirs, its symptom the first one's, unless they are given.
    Raises UserError where a request has one already, or they are of several products.
    """

    def work(desk: Desk, kept: Committed, name: str) -> Incident:
        requests = [_free(desk, request_id) for request_id in dict.fromkeys(request_ids)]
        products = dict.fromkeys(request.product for request in requests)
        if len(products) != 1:
            raise UserError(t("requests of several products: {names}", names=", ".join(products)))
        reported: Severity = min((one.severity for one in requests), key=SEVERITIES.index)
        gravest = severity or reported
        _moment(when)
        hours = records.settings.due_hours[gravest]
        incident = Incident(
            id=name,
            product=requests[0].product,
            severity=gravest,
            due=as_moment(when + timedelta(hours=hours)),
            symptom=symptom or requests[0].symptom,
            requests=tuple(request.id for request in requests),
            environment=requests[0].environment,
            assignee=next((one.assignee for one in requests if one.assignee), staff),
            **_sorted_as(requests),
            log=(Move(at=_moment(when), by=staff, move="open"),),
        )
        kept.put(incident, *(r.model_copy(update={"incident": name}) for r in requests))
        return incident

    return change_with_id(records, "INC", when.year, work, _told, dry_run=dry_run)


def _sorted_as(requests: Sequence[Request]) -> dict[str, Any]:
    """Return what an incident is sorted by: for each the first that its requests say."""
    said = [request.sorted_as for request in requests]
    return {name: next((s[name] for s in said if s[name]), None) for name in SORTED_BY}


def join_incident(
    records: Workspace,
    incident_id: str,
    request_ids: Sequence[str],
    staff: str,
    when: datetime | None,
    *,
    dry_run: bool = False,
) -> Incident:
    """Add further requests of the same trouble to an incident and return it.

    *when*: see `make_move`.
    """

    def work(desk: Desk, kept: Committed) -> Incident:
        incident = desk.one(Incident, incident_id)
        requests = [_free(desk, request_id) for request_id in dict.fromkeys(request_ids)]
        ids = tuple(request.id for request in requests)
        move = Move(at=_moment(when), by=staff, move="join", note="、".join(ids))
        incident = moved(incident, move, requests=(*incident.requests, *ids))
        kept.put(incident, *(r.model_copy(update={"incident": incident.id}) for r in requests))
        return incident

    return change(records, work, _told, dry_run=dry_run)


@dataclass(frozen=True)
class PlannedMove:
    """A move to be made: what, with what note; *fields* of the record that it sets.

    to: the role that it is escalated to. minutes: the work that it took.
    """

    move: MoveName
    note: str | None = None
    to: str | None = None
    minutes: int | None = None
    pictures: tuple[Picture, ...] = ()
    fields: tuple[tuple[str, object], ...] = ()


# clocks may differ
_AHEAD = timedelta(minutes=10)
# what resolving and explaining have set does not hold once it is taken up again
_UNDONE: dict[str, object] = {
    "entry": None,
    "worked": None,
    "cause": None,
    "resolution": (),
    "explained": None,
    "confirmation": None,
    "notice": None,
}


def make_move(
    records: Workspace,
    incident_id: str,
    step: PlannedMove,
    staff: str,
    when: datetime | None,
    *,
    dry_run: bool = False,
) -> Incident:
    """Carry out one move of an incident and return the incident.

    Without *when* it happens now: after what others are noting at the same time.
    Raises UserError where its state does not allow it, naming those that it does.
    """

    def work(desk: Desk, kept: Committed) -> Incident:
        incident = desk.one(Incident, incident_id)
        move = Move(at=_moment(when), by=staff, **_as_move(step))
        incident = moved(
            incident, move, **(_UNDONE if step.move == "reopen" else dict(step.fields))
        )
        kept.put(incident)
        kept.put_pictures(step.pictures)
        return incident

    return change(records, work, _told, dry_run=dry_run)


def announce(
    records: Workspace,
    incident_id: str,
    notice: str | None,
    staff: str,
    when: datetime | None,
    *,
    dry_run: bool = False,
) -> Incident:
    """Have the site tell readers of a widespread trouble, in words of its own; None ends that.

    *when*: see `make_move`. Raises UserError for an incident that is over, and for words that hold
    personal data.
    """
    if notice is None and read_desk(records).one(Incident, incident_id).notice is None:
        raise UserError(t("{id}: readers are told nothing of it", id=incident_id))
    name: MoveName = "unannounce" if notice is None else "announce"
    step = PlannedMove(name, notice, fields=(("notice", notice),))
    return make_move(records, incident_id, step, staff, when, dry_run=dry_run)


def _as_move(step: PlannedMove) -> dict[str, Any]:
    """Return what a move says of itself. Raises UserError for a role that is not set."""
    roles = organisation().roles
    if step.to and step.to not in roles:
        raise UserError(
            t("there is no role {name}", name=step.to),
            hint=t(
                "roles: {names}; others are set in [tool.manualsmith.organisation.roles]",
                names=", ".join(roles),
            ),
        )
    pictures = tuple(one.name for one in step.pictures)
    said = {"move": step.move, "to": step.to, "minutes": step.minutes, "note": step.note}
    return {**said, "pictures": pictures}


def _moment(when: datetime | None) -> str:
    """Return when a move happens: now, or as given. Raises UserError for what is still to come."""
    present = now()
    if when and when > present + _AHEAD:
        raise UserError(
            t("{at} is still to come", at=shown(as_moment(when))),
            hint=t("give the time it happened: --at"),
        )
    return as_moment(when or present)


def assign_request(
    records: Workspace, request_id: str, assignee: str, *, dry_run: bool = False
) -> Request:
    """Say whose work a request is, and return it. Raises UserError where it is closed."""

    def work(desk: Desk, kept: Committed) -> Request:
        request = _free(desk, request_id).model_copy(update={"assignee": assignee})
        kept.put(request)
        return request

    return change(records, work, _told, dry_run=dry_run)


def in_order_of_work(incidents: Iterable[Incident]) -> list[Incident]:
    """Return incidents as they are worked on: the gravest first, then what is due first.

    Those that are over come last.
    """

    def key(one: Incident) -> tuple[bool, int, datetime]:
        over = one.state in OVER
        return over, 0 if over else SEVERITIES.index(one.severity), instant(one.due)

    return sorted(incidents, key=key)


def is_overdue(incident: Incident, now: datetime) -> bool:
    """Return whether an incident should have been resolved by *now* and is not."""
    return incident.state not in OVER and instant(incident.due) < now


def _told(record: Request | Incident) -> str:
    """Return the commit message of a change: the same whatever the reader's language."""
    subject = f"{filed_as(record.id)} {record.symptom}"
    trailers = [f"Record: {record.id}"]
    if isinstance(record, Incident):
        last = record.log[-1]
        trailers += [f"Move: {last.move}", f"By: {last.by}"]
    return subject + "\n\n" + "\n".join(trailers) + "\n"
