"""The words of a suggestion's edit: fields to word them otherwise, and others' words beside."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from manualsmith.desk.manual_view import compared_pages
from manualsmith.desk.page_request import Ask
from manualsmith.errors import UserError
from manualsmith.markdown.action_table import EDIT_ADAPTER, Action
from manualsmith.markdown.dialect import Dialect
from manualsmith.markdown.edit_models import WORDING
from manualsmith.markdown.entries.troubleshooting_entry import bare_step
from manualsmith.records.models.suggestion import Suggestion, as_proposed
from manualsmith.records.problems import told
from manualsmith.site.preview.review_page import Stretch
from manualsmith.text import t
from manualsmith.workflow.workspace.changed_page import ChangedPage

_ONE_A_LINE = ("cells", "entry.resolution")


@dataclass(frozen=True)
class Field:
    """A text of an edit that a reviewer may word otherwise; ``rows`` is how tall its field is."""

    name: str
    label: str
    text: str
    rows: int


def fields_of(record: Suggestion) -> list[Field]:
    """Return the texts of a suggestion's edit; none where they follow from a fact."""
    if record.fact or len(record.edits) != 1:
        return []
    return fields_of_edit(record.edits[0].made)


def fields_of_edit(edit: Action) -> list[Field]:
    """Return the texts of an edit."""
    values = edit.model_dump(mode="json", exclude_unset=True)
    found = []
    for name in ("heading", "title", "text", "cells"):
        if name in values and isinstance(values[name], str | list):
            text = "\n".join(values[name]) if isinstance(values[name], list) else values[name]
            found.append(_field(name, text))
    for name, value in values.get("entry", {}).items():
        if value is not None:
            text = "\n".join(value) if isinstance(value, list) else value
            found.append(_field(f"entry.{name}", text))
    return found


def _field(name: str, text: str) -> Field:
    label = {
        "heading": t("Heading"),
        "title": t("Title"),
        "text": t("Text"),
        "cells": t("Cells, one a line"),
        "entry.symptom": t("Symptom"),
        "entry.environment": t("Environment"),
        "entry.cause": t("Cause"),
        "entry.resolution": t("Steps, one a line"),
    }[name]
    return Field(name, label, text, min(12, max(2, text.count("\n") + 1 + len(text) // 60)))


@dataclass(frozen=True)
class Beside:
    """One text of an edit as it was proposed beside what somebody made of it, as readers see it."""

    label: str
    stretches: list[Stretch]


def words_beside(record: Suggestion, dialect: Dialect) -> list[Beside]:
    """Return the texts that a record has other than proposed; none where it has none."""
    return list(_beside(fields_of(as_proposed(record)), fields_of(record), dialect))


def since_asked(record: Suggestion, dialect: Dialect) -> list[Beside]:
    """Return the texts that a record has other than when a change was asked for; else none."""
    asked = record.since_asked[:1]
    if not asked or record.fact or len(asked[0].stood) != 1 or len(record.edits) != 1:
        return []
    return list(_beside(fields_of_edit(asked[0].stood[0]), fields_of(record), dialect))


def _beside(before: Sequence[Field], now: Sequence[Field], dialect: Dialect) -> Iterator[Beside]:
    proposed = {one.name: one.text for one in before}
    for field in now:
        old = proposed.get(field.name, "")
        if old == field.text:
            continue
        gap = "\n\n" if field.name in _ONE_A_LINE else "\n"
        page = ChangedPage(field.name, old.replace("\n", gap), field.text.replace("\n", gap))
        [(_, stretches)] = compared_pages([page], dialect)
        yield Beside(field.label, stretches)


def worded(ask: Ask, record: Suggestion) -> Action | None:
    """Return the edit as it was worded in the form, None where nothing was changed.

    Raises UserError for words that the edit cannot have.
    """
    fields = fields_of(record)
    if not fields or ask.typed("worded") != "1":
        return None
    edit = record.edits[0].made
    made = in_other_words(ask, edit, fields)
    return None if made == edit else made


def in_other_words(ask: Ask, edit: Action, fields: Sequence[Field]) -> Action:
    """Return an edit with the texts that were typed for it. Raises UserError for what cannot be."""
    values = edit.model_dump(mode="json", exclude_unset=True)
    for one in fields:
        typed = ask.typed(f"wording.{one.name}", one.text).strip()
        if edit.action.endswith("step"):
            typed = bare_step(typed)
        above, _, part = one.name.partition(".")
        if above not in WORDING:
            continue
        place, key = (values[above], part) if part else (values, above)
        place[key] = (
            [x for x in typed.split("\n") if x.strip()] if isinstance(place[key], list) else typed
        )
    try:
        return EDIT_ADAPTER.validate_python(values)
    except ValidationError as error:
        raise UserError(told(error)) from error
