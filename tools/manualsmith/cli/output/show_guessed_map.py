"""Print the draft of a map, and the first rows as they would be read by it."""

from dataclasses import replace
from pathlib import Path

from manualsmith.cli.group import OK, REFUSED
from manualsmith.cli.output.output_file import writing
from manualsmith.cli.output.terminal import listing, out, show_json, show_problems
from manualsmith.cli.record_options import record_json
from manualsmith.errors import Place, Problem, UserError
from manualsmith.records.models.moments import shown
from manualsmith.records.models.request import Request
from manualsmith.text import t
from manualsmith.workflow.queue.outcomes import problem_json
from manualsmith.workflow.tickets.guessed_map import GuessedMap, guess_map
from manualsmith.workflow.tickets.import_tickets import preview
from manualsmith.workflow.workspace.open_workspace import Workspace

_ROWS = 5
# who takes a row that is only shown
_NOBODY = "desk"
_Rows = list[tuple[int, Request | tuple[Problem, ...]]]


def guess_and_show(
    records: Workspace,
    file: Path,
    product: str | None,
    write_to: Path | None,
    staff: str | None,
    as_json: bool,
) -> int:
    """Print the map that a file seems to need, write it where asked to, and return the exit code.

    Raises UserError where the file is no table, and where the map to write is there already.
    """
    if write_to and write_to.exists():
        hint = t("give another name, or take it away first")
        raise UserError(t("{file} is there already", file=write_to), Place(str(write_to)), hint)
    guessed = guess_map(file, product)
    rows, problems = _read(records, guessed, staff or _NOBODY, product)
    if write_to:
        with writing(write_to) as part:
            part.write_text(guessed.text, "utf-8")
    if as_json:
        _show_json(guessed, rows, problems)
    else:
        out().print(guessed.text, highlight=False, markup=False, soft_wrap=True)
        _show_rows(rows)
        show_problems(problems)
    return REFUSED if problems or guessed.mapped is None else OK


def _read(
    records: Workspace, guessed: GuessedMap, by: str, product: str | None
) -> tuple[_Rows, tuple[Problem, ...]]:
    """Return the first rows as they would be, and what keeps all of them out."""
    if guessed.mapped is None:
        return [], ()
    always = {"product": product or "…"}
    try:
        rows = preview(records, guessed.table, replace(guessed.mapped, always=always), by, _ROWS)
    except UserError as error:
        return [], error.problems
    faults = [one for _, found in rows if not isinstance(found, Request) for one in found]
    return rows, tuple(faults)


def _show_json(guessed: GuessedMap, rows: _Rows, problems: tuple[Problem, ...]) -> None:
    requests = [record_json(found) for _, found in rows if isinstance(found, Request)]
    told = [problem_json(problem) for problem in problems]
    show_json({"map": guessed.text, "request": requests, "problems": told})


def _show_rows(rows: _Rows) -> None:
    table = listing([t("row"), t("number"), t("time"), t("severity"), t("symptom")])
    for number, found in rows:
        if isinstance(found, Request):
            severity, symptom = t(found.severity), found.symptom
            table.add_row(str(number), found.source, shown(found.at), severity, symptom)
    if table.rows:
        out().print(table)
