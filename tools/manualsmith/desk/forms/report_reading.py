"""Read reports of a user's machine into a confirmation's rows; nothing of a report is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from starlette.datastructures import UploadFile

from manualsmith.desk.page_request import Ask, whole_number
from manualsmith.errors import Problem, UserError
from manualsmith.layout import CATEGORIES
from manualsmith.records.environment_reports.report_table import REPORTS
from manualsmith.records.environment_reports.report_text import MAX_BYTES
from manualsmith.records.environment_reports.reported_environment import (
    ReportedEnvironment,
    read_environment,
)
from manualsmith.text import t

_MOST = 200
_ROW = ("category", "fact", "observed", "note")
Row = Mapping[str, str]


@dataclass(frozen=True)
class ReadRows:
    """What reports say as rows for a confirmation's form, what was read, and what was not.

    typed: of each row what stands in the form otherwise, empty where nothing does.
    """

    environment: ReportedEnvironment
    rows: Sequence[Row]
    typed: Sequence[str]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The reports that were not read, and the facts that are left to a person."""
        return (*self.environment.problems, *self.environment.left)


def read_reports(ask: Ask, values: Mapping[str, Any]) -> ReadRows:
    """Return what was pasted, dropped or chosen, for the draft of *values*.

    Raises UserError where none of it can be read, and for nothing.
    """
    given = [*_given(ask)]
    if not given:
        raise UserError(t("paste a report, or choose its file"))
    documented = ask.rooms.watch.documented(ask.workspace).get(values["product"], {})
    settings = ask.workspace.settings
    found = read_environment(given, documented, settings.reported_facts, settings.allow_personal)
    if not found.facts:
        raise UserError((*found.problems, *found.left))
    seen = {row["fact"]: row["observed"] for row in values["facts"]}
    rows = [
        {"note": "", "documented": "", "category": one.category, **one.row} for one in found.facts
    ]
    typed = [said if (said := seen.get(row["fact"], "")) != row["observed"] else "" for row in rows]
    return ReadRows(found, rows, typed)


def _given(ask: Ask) -> list[tuple[str, bytes]]:
    """Return the reports that came with a form, each with its name."""
    text = ask.typed("report")
    pasted = [(t("what was pasted"), text.encode("utf-8", "replace"))] if text.strip() else []
    files = [
        (PurePath(sent.filename or "?").name, sent.file.read(MAX_BYTES + 1))
        for sent in ask.form.getlist("report-file")
        if isinstance(sent, UploadFile) and sent.size
    ]
    return [*pasted, *files]


def kinds_taken() -> list[str]:
    """Return what people call the reports that can be read."""
    return [kind.label for kind in REPORTS.values()]


def filled(ask: Ask, rows: Sequence[Row]) -> list[dict[str, str]]:
    """Return a draft's rows with what was read in them, as far as it is ticked.

    What the manual says stays as the row has it: a report says nothing of that.
    """
    made = {row["fact"]: dict(row) for row in rows}
    for number in range(min(whole_number(ask.typed("read")), _MOST)):
        row = {name: ask.typed(f"read-{number}-{name}").strip() for name in _ROW}
        if not ask.typed(f"read-{number}") or row["category"] not in CATEGORIES:
            continue
        blank = {"category": row["category"], "documented": "", "last": "", "own": ""}
        made[row["fact"]] = {**blank, **made.get(row["fact"], {}), **row}
    order = {name: number for number, name in enumerate(CATEGORIES)}
    return sorted(made.values(), key=lambda row: order.get(row["category"], len(order)))
