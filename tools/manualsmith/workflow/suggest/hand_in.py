"""Hand in a confirmation that was filled in as a form: its record on main, and its suggestions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from manualsmith.errors import Place, Problem, UserError
from manualsmith.layout import confirmation_path, filed_as
from manualsmith.records.models.confirmation import (
    Confirmation,
    dump_confirmation,
    parse_confirmation,
)
from manualsmith.records.pictures import Picture
from manualsmith.text import t
from manualsmith.workflow.queue.outcomes import Report
from manualsmith.workflow.service.draft_confirmation import UNNUMBERED
from manualsmith.workflow.service.read_confirmations import RecordFile
from manualsmith.workflow.service.service_records import Committed, Desk, change, change_with_id
from manualsmith.workflow.suggest.run import suggest
from manualsmith.workflow.workspace.open_workspace import Workspace


@dataclass(frozen=True)
class Filed:
    """A confirmation that is on main, and what was made of it."""

    confirmation: Confirmation
    report: Report


def file_confirmation(
    workspace: Workspace,
    records: Workspace,
    make: Callable[[str], Confirmation],
    day: date,
    known: str | None = None,
    pictures: Sequence[Picture] = (),
) -> Filed:
    """Put a confirmation on main and make its suggestions.

    What fails once the record is on main is in the report's problems.

    *make* returns the confirmation of an id: *known*, a draft's that is handed in, or a new one's.
    *pictures* are those of its findings, and those that its edits bring.
    Raises UserError, with nothing written, where anything that it asks for cannot be done.
    """
    _refuse_what_cannot_be_done(workspace, _file(make(known or UNNUMBERED), pictures))

    def work(desk: Desk, kept: Committed, name: str) -> Confirmation:
        if known and not desk.one(Confirmation, known).draft:
            raise UserError(t("{id} is no draft", id=known))
        made = make(name)
        text = dump_confirmation(made)
        parse_confirmation(text.encode(), confirmation_path(name))
        kept.files[confirmation_path(name)] = text
        kept.put_pictures(pictures)
        return made

    if known:
        made = change(records, lambda desk, kept: work(desk, kept, known), _told)
    else:
        made = change_with_id(records, "ENV", day.year, work, _told)
    try:
        report = suggest(workspace.refreshed(), [_file(made, pictures)], [])
    except UserError as error:  # the record is on main already: it is not to be written again
        report = Report(workspace.main.ref, workspace.main.tip, (), tuple(error.problems))
    return Filed(made, report)


def _refuse_what_cannot_be_done(workspace: Workspace, tried: RecordFile) -> None:
    """Raise UserError where a finding has no place, or says what the manual says."""
    report = suggest(workspace, [tried], [], dry_run=True)
    problems = [_unplaced(problem) for problem in report.problems]
    for outcome in report.outcomes:
        number = outcome.id.rpartition("-")[2]
        where = t("finding {number}", number=number) if number.isdigit() else outcome.summary
        found = list(outcome.problems)
        if outcome.status == "already":
            found = [Problem(outcome.message or t("the manual says so already"))]
        problems += [
            replace(_unplaced(one), message=f"{where}{t(': ')}{one.message}") for one in found
        ]
    if problems:
        raise UserError(problems)


def _unplaced(problem: Problem) -> Problem:
    """Return a problem without its place in a file that nobody sees."""
    return replace(problem, place=Place())


def _file(made: Confirmation, pictures: Sequence[Picture]) -> RecordFile:
    data = dump_confirmation(made).encode()
    return RecordFile(
        confirmation_path(made.id), data, pictures={one.name: one for one in pictures}
    )


def _told(made: Confirmation) -> str:
    return f"{filed_as(made.id)} {made.reported}\n\nRecord: {made.id}\n"
