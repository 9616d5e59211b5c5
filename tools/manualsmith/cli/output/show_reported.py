"""Show what reports of a machine say, beside what the manuals do."""

from typing import Any

from manualsmith.cli.output.terminal import err, listing, problem_text, show_problems
from manualsmith.layout import fact_label
from manualsmith.records.environment_reports.report_table import REPORTS
from manualsmith.records.environment_reports.reported_environment import ReportedEnvironment
from manualsmith.records.models.output_names import category_name
from manualsmith.text import t
from manualsmith.workflow.queue.outcomes import problem_json


def show_reported(read: ReportedEnvironment) -> None:
    """Print the kinds of the reports, their facts, what is left to a person and what is wrong."""
    console = err()
    for name, kind in read.kinds.items():
        console.print(f"{name}{t(': ')}{REPORTS[kind].label}", style="dim")
    table = listing((t("category"), t("fact"), t("documented"), t("observed")))
    for one in read.facts:
        differs = one.documented not in (None, one.observed)
        style = "yellow" if differs else ""
        cells = (category_name(one.category), fact_label(one.fact), one.documented or "–")
        table.add_row(*cells, one.told or one.observed, style=style)
    if read.facts:
        console.print(table)
    for problem in read.left:
        console.print(problem_text(problem))
    show_problems(read.problems)
    if read.problems:
        console.print(t("nothing was written: leave out what is no report"), style="bold")


def reported_json(read: ReportedEnvironment) -> dict[str, Any]:
    """Return what was read as plain values."""
    facts = [{"category": one.category, **one.row, "from": [*one.sources]} for one in read.facts]
    return {
        "reports": dict(read.kinds),
        "facts": facts,
        "left": [*map(problem_json, read.left)],
        "problems": [*map(problem_json, read.problems)],
    }
