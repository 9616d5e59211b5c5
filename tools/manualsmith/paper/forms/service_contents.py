"""What stands on the forms of the service desk: requests (O2.2.1) and incidents (O2.2.2)."""

from manualsmith.naming import show_path, within
from manualsmith.paper.forms.environment_rows import environment_table
from manualsmith.paper.forms.form import Fields, FormTable, Row
from manualsmith.paper.forms.form_sources import FormSources
from manualsmith.paper.rich_text import Cell, Rich
from manualsmith.records.models.incident import Incident, Move, level_name, move_name, state_name
from manualsmith.records.models.moments import instant, with_offset
from manualsmith.records.models.output_names import worked_name
from manualsmith.records.models.request import Request, severity_name
from manualsmith.text import t


def request_fields(record: Request, sources: FormSources) -> Fields:
    """Return the fields of a request."""
    incident = sources.record(record.incident) if record.incident else None
    return (
        (t("Reported at"), with_offset(record.at)),
        (t("How it came in"), record.channel or ""),
        (t("Unit"), record.unit or ""),
        (t("Requester"), record.requester or ""),
        (t("Product"), record.product),
        (t("Device or service"), record.item or ""),
        (t("Category of trouble"), record.category or ""),
        (t("Number in another system"), record.source or ""),
        (t("Severity"), severity_name(record.severity)),
        (t("Impact"), record.impact or ""),
        (t("Problem"), record.symptom),
        (t("Description"), record.detail or ""),
        (t("Page of the manual"), _page(record.page, sources)),
        (t("Taken by"), record.staff or ""),
        (t("Assignee"), record.assignee or ""),
        (t("Incident record"), record.incident or ""),
        *_course(record, incident if isinstance(incident, Incident) else None),
    )


def _page(page: str | None, sources: FormSources) -> str:
    """Return the title of a page that a request names by its manual and path."""
    manual, _, path = (page or "").partition("/")
    return sources.page_title(manual, path) if path else page or ""


def _course(record: Request, incident: Incident | None) -> Fields:
    """Return what became of a request: when it was taken up, finished and closed."""
    closed = record.closed
    taken = incident.opened if incident else ""
    done = (incident.resolved or "") if incident else closed.at if closed else ""
    ended = (incident.closed or "") if incident else closed.at if closed else ""
    return (
        (t("Taken up at"), _at(taken)),
        (t("Finished at"), _at(done)),
        (t("Closed at"), _at(ended)),
        (t("Result"), closed.reason if closed else (incident.explained or "") if incident else ""),
    )


def _at(moment: str | None) -> str:
    return with_offset(moment) if moment else ""


def request_tables(record: Request, _sources: FormSources) -> tuple[FormTable, ...]:
    """Return the tables of a request."""
    return (environment_table(record.environment),)


def incident_fields(record: Incident, sources: FormSources) -> Fields:
    """Return the fields of an incident."""
    entry = record.entry
    followed = within(sources.page_title(entry.manual, entry.page), entry.section) if entry else ()
    return (
        (t("Taken up at"), with_offset(record.opened)),
        (t("Due at"), with_offset(record.due)),
        (t("Finished at"), _at(record.resolved)),
        (t("Closed at"), _at(record.closed)),
        (t("Hours from taking up to finishing"), _hours(record)),
        (t("Hours of work"), f"{record.minutes / 60:.1f}" if record.minutes else ""),
        (t("State"), state_name(record.state)),
        (t("Assignee"), record.assignee or ""),
        (t("Product"), record.product),
        (t("Category of trouble"), record.category or ""),
        (t("Device or service"), record.item or ""),
        (t("Severity"), severity_name(record.severity)),
        (t("Impact"), record.impact or ""),
        (t("Symptom"), record.symptom),
        (t("Cause"), Rich(record.cause or "")),
        (t("Entry followed"), show_path(followed)),
        (t("Did the manual help"), worked_name(record.worked) if record.worked else ""),
        (t("Resolution"), _steps(record.resolution)),
        (t("Told to the user"), record.explained or ""),
        *([(t("Notice to readers"), record.notice)] if record.notice else []),
        (t("Confirmation"), record.confirmation or ""),
    )


def _hours(record: Incident) -> str:
    if not record.resolved:
        return ""
    gone = instant(record.resolved) - instant(record.opened)
    return f"{gone.total_seconds() / 3600:.1f}"


def _steps(resolution: tuple[str, ...]) -> Cell:
    return Rich("\n".join(f"{n}. {step}" for n, step in enumerate(resolution, start=1)))


def incident_tables(record: Incident, sources: FormSources) -> tuple[FormTable, ...]:
    """Return the tables of an incident: the requests, the environment, what was done."""
    requests = tuple(map(_request, sources.requests(record.requests)))
    moves = tuple(_move(one) for one in record.log)
    return (
        FormTable(
            t("Requests"),
            (t("No."), t("Reported at"), t("How it came in"), t("Unit"), t("Description")),
            requests,
        ),
        environment_table(record.environment),
        FormTable(
            t("Course of the incident"),
            (t("Time"), t("Staff"), t("Move"), t("Minutes"), t("Description")),
            moves,
        ),
    )


def _request(one: Request) -> Row:
    unit = t(", ").join(filter(None, (one.unit, one.requester)))
    told = (one.symptom, one.detail or "")
    return one.id, with_offset(one.at), one.channel or "", unit, told


def _move(move: Move) -> Row:
    done = move_name(move.move) + (t(" ({level})", level=level_name(move.to)) if move.to else "")
    minutes = str(move.minutes) if move.minutes else ""
    return with_offset(move.at), move.by, done, minutes, move.note or ""
