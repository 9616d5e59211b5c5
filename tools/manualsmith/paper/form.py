"""The content of a form: its title and number, fields, tables and lines to sign on.

The forms are the six outputs of the standard IIS3512-001v1, in Traditional Chinese unless another
language is named: they are handed in and filed.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from manualsmith.layout import MANUALS, RECORDS, manuals_language
from manualsmith.naming import show_path
from manualsmith.records.models.confirmation import Confirmation
from manualsmith.records.models.environment import Environment
from manualsmith.records.models.incident import Incident, level_name, move_name
from manualsmith.records.models.moments import shown
from manualsmith.records.models.output_names import (
    category_name,
    manual_title,
    output_title,
    worked_name,
)
from manualsmith.records.models.request import Request, severity_name
from manualsmith.records.models.suggestion import Suggestion
from manualsmith.records.models.walkthrough import Walkthrough, result_name
from manualsmith.text import Language, paper_language, speaking, t
from manualsmith.workflow.queue.decision_words import state_name

Record = Confirmation | Suggestion | Walkthrough | Request | Incident


@dataclass(frozen=True)
class FormTable:
    """A table on a form."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Form:
    """One form; ``fields`` are pairs of a label and what stands there."""

    title: str
    output: str
    number: str
    fields: tuple[tuple[str, str], ...]
    tables: tuple[FormTable, ...]
    signatures: tuple[str, ...]
    language: Language


def form_of(record: Record) -> Form:
    """Return the form that a record is on paper, in `paper_language`."""
    if isinstance(record, Suggestion):
        output = MANUALS[record.manual].output
    else:
        output = RECORDS[record.id[:3]].output
    language = paper_language(manuals_language())
    with speaking(language):
        fields, tables = _parts(record)
        kept = tuple((label, text) for label, text in fields if text)
        filled = tuple(table for table in tables if table.rows)
        signed = (t("Handled by"), t("Checked by"), t("Supervisor"))
        return Form(output_title(output), output, record.id, kept, filled, signed, language)


def _parts(record: Record) -> tuple[Iterator[tuple[str, str]], Iterator[FormTable]]:
    if isinstance(record, Confirmation):
        return _confirmation(record), _confirmation_tables(record)
    if isinstance(record, Suggestion):
        return _suggestion(record), _suggestion_tables(record)
    if isinstance(record, Walkthrough):
        return _walkthrough(record), _walkthrough_tables(record)
    if isinstance(record, Request):
        return _request(record), iter((_environment(record.environment),))
    return _incident(record), _incident_tables(record)


def _environment(environment: Environment) -> FormTable:
    rows = tuple(
        (category_name(category), one.fact, one.documented or "", one.observed, one.note or "")
        for category, facts in environment
        for one in facts
    )
    return FormTable(
        t("System environment"),
        (t("Category"), t("Item"), t("In the manual"), t("Observed"), t("Remarks")),
        rows,
    )


def _confirmation(record: Confirmation) -> Iterator[tuple[str, str]]:
    yield t("Confirmed on"), record.date.isoformat()
    yield t("Product"), record.product
    yield t("Release of the manual"), record.release or ""
    yield t("Confirmed by"), record.staff or ""
    yield t("Source"), record.request or ""
    yield t("Reported by the user"), record.reported


def _confirmation_tables(record: Confirmation) -> Iterator[FormTable]:
    yield _environment(record.environment)
    held = tuple(
        (manual_title(one.manual), one.page, show_path(one.section or ()))
        for one in record.confirmed
    )
    yield FormTable(t("Held as written"), (t("Manual"), t("Page"), t("Section")), held)
    found = tuple(
        (str(one.id), manual_title(one.manual), one.page, one.summary, one.reason)
        for one in record.findings
    )
    yield FormTable(
        t("What the manual should say otherwise"),
        (t("No."), t("Manual"), t("Page"), t("Summary"), t("Reason")),
        found,
    )


def _suggestion(record: Suggestion) -> Iterator[tuple[str, str]]:
    decision = record.decision
    yield t("Summary"), record.summary
    yield t("Product"), record.product
    yield t("Release of the manual"), record.release
    yield t("Reason"), record.reason
    yield t("Rests on"), t(", ").join(one.id for one in (record.confirmation, *record.evidence))
    yield t("Proposed by"), record.proposer
    yield t("Behaviour indicators"), t(", ").join(record.indicators)
    if decision:
        yield t("Decision"), state_name(decision.state)
        yield t("Decided by"), decision.by
        yield t("Decided at"), shown(decision.at)
        yield t("Reason of the decision"), decision.reason


def _suggestion_tables(record: Suggestion) -> Iterator[FormTable]:
    rows = tuple(
        (edit.page, show_path(change.section), str(change.line), change.before, change.after)
        for edit in record.edits
        for change in edit.changes
    )
    yield FormTable(
        t("Changes"), (t("Page"), t("Section"), t("Line"), t("Before"), t("After")), rows
    )


def _walkthrough(record: Walkthrough) -> Iterator[tuple[str, str]]:
    yield t("Date"), record.date.isoformat()
    yield t("Product"), record.product
    yield t("Page of the manual"), f"{manual_title(record.manual)} {record.page}"
    yield t("Section"), show_path(record.section or ())
    yield t("Led by"), record.staff or ""
    yield t("User"), record.requester or ""
    yield t("Requests"), record.request or ""
    yield t("Confirmation"), record.confirmation or ""


def _walkthrough_tables(record: Walkthrough) -> Iterator[FormTable]:
    yield _environment(record.environment)
    rows = tuple(
        (
            one.section[-1] + (f"（{one.tab}）" if one.tab else ""),
            one.step,
            one.text,
            result_name(one.result) if one.result else "",
            "\n".join(text for text in (one.before, one.seen, one.note) if text),
        )
        for one in record.steps
    )
    yield FormTable(
        t("Steps"),
        (t("Section"), t("Step"), t("As the manual has it"), t("Result"), t("What was seen")),
        rows,
    )


def _request(record: Request) -> Iterator[tuple[str, str]]:
    yield t("Reported at"), shown(record.at)
    yield t("Product"), record.product
    yield t("Severity"), severity_name(record.severity)
    yield t("Requester"), record.requester or ""
    yield t("Taken by"), record.staff or ""
    yield t("Problem"), record.symptom
    yield t("Description"), record.detail or ""
    yield t("Page of the manual"), record.page or ""
    yield t("Number in another system"), record.source or ""
    yield t("Incident record"), record.incident or ""
    yield t("Closed"), record.closed.reason if record.closed else ""


def _incident(record: Incident) -> Iterator[tuple[str, str]]:
    yield t("Opened at"), shown(record.opened)
    yield t("Due at"), shown(record.due)
    yield t("Resolved at"), shown(record.resolved) if record.resolved else ""
    yield t("Product"), record.product
    yield t("Severity"), severity_name(record.severity)
    yield t("Requests"), t(", ").join(record.requests)
    yield t("Symptom"), record.symptom
    yield t("Cause"), record.cause or ""
    entry = record.entry
    yield t("Entry followed"), f"{entry.page} {show_path(entry.section)}" if entry else ""
    yield t("Did the manual help"), worked_name(record.worked) if record.worked else ""
    yield (
        t("Resolution"),
        "\n".join(f"{n}. {step}" for n, step in enumerate(record.resolution, start=1)),
    )
    yield t("Told to the user"), record.explained or ""
    yield t("Confirmation"), record.confirmation or ""


def _incident_tables(record: Incident) -> Iterator[FormTable]:
    yield _environment(record.environment)
    rows = tuple(
        (
            shown(move.at),
            move.by,
            move_name(move.move) + (t(" ({level})", level=level_name(move.to)) if move.to else ""),
            move.note or "",
        )
        for move in record.log
    )
    yield FormTable(
        t("Course of the incident"), (t("Time"), t("Staff"), t("Move"), t("Description")), rows
    )
