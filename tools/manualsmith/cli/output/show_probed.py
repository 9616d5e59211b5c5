"""Print what probes read, and the confirmations and suggestions that were made of it."""

from collections.abc import Sequence
from typing import Any

from rich.text import Text

from manualsmith.cli.output.show_outcomes import show_report
from manualsmith.cli.output.terminal import err, out, show_problems
from manualsmith.layout import fact_label
from manualsmith.text import marked, t
from manualsmith.workflow.probing.probe_confirmations import ProbeConfirmation, ProbeReport
from manualsmith.workflow.probing.readings import Reading
from manualsmith.workflow.queue.outcomes import problem_json

MARKS = {
    "same": ("=", "green", marked("as the manuals say")),
    "differs": ("~", "yellow", marked("otherwise than the manuals say")),
    "unstated": ("·", "dim", marked("no page states it")),
    "left": ("!", "yellow", marked("left to a person")),
    "failed": ("×", "red", marked("not read")),
}


def show_readings(readings: Sequence[Reading]) -> None:
    """Print a line for each probe, and what was wrong."""
    for one in readings:
        mark, style, word = MARKS[one.status]
        line = Text(f"{mark} {one.probe.name}", style=style)
        line.append(f"  {one.probe.product} {fact_label(one.probe.fact)}", style="default")
        if one.observed:
            values = [one.documented, one.observed] if one.status == "differs" else [one.observed]
            line.append(f"  {' → '.join(filter(None, values))}", style="bold")
        line.append(f"  {t(word)}", style=style)
        out().print(line)
    show_problems([one.problem for one in readings if one.problem])


def show_probed(made: ProbeReport, *, dry_run: bool) -> None:
    """Print the confirmations, the outcomes of their suggestions, and the next command."""
    for report in made.reports:
        show_report(report, dry_run=dry_run)
    show_problems(made.problems)
    for one in made.confirmations:
        name = one.confirmation.id
        if one.report:
            continue
        if dry_run and not one.is_known:
            err().print(t("would draft a confirmation:"), style="bold")
            out().print(Text(one.confirmation.reported), style="dim")
        else:
            err().print(_where(one), style="bold")
        if one.confirmation.draft and not dry_run:
            hint = t("look it through, then: manualsmith confirm finish {id}", id=name)
            err().print(hint, style="dim")


def _where(one: ProbeConfirmation) -> str:
    if not one.is_known:
        return t("draft: {path}", path=one.path)
    if one.confirmation.draft:
        return t("drafted already: {path}", path=one.path)
    return t("said already: {path}", path=one.path)


def probed_json(readings: Sequence[Reading], made: ProbeReport) -> dict[str, Any]:
    """Return plain values for ``--json``."""
    reports = [report.as_json() for report in made.reports]
    return {
        "probes": [one.as_json() for one in readings],
        "confirmations": [
            {
                "id": one.confirmation.id,
                "path": one.path,
                "draft": one.confirmation.draft,
                "known": one.is_known,
            }
            for one in made.confirmations
        ],
        "suggestions": [outcome for report in reports for outcome in report["suggestions"]],
        "problems": [
            *(problem for report in reports for problem in report["problems"]),
            *map(problem_json, made.problems),
        ],
    }
