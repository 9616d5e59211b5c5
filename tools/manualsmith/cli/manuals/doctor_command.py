"""``manualsmith doctor``: what is missing or odd on this machine and in this repository."""

from collections.abc import Callable
from pathlib import Path

import click

from manualsmith.cli.group import OK, REFUSED
from manualsmith.text import t

_MARKS = {"right": ("✓", "green"), "odd": ("!", "yellow"), "missing": ("×", "red")}


@click.command(
    help=t(
        "Look at this machine and this repository: what is missing for the tool to work, and what "
        "is odd. Nothing is written, and no network is asked."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith doctor
  manualsmith -C /srv/git/manuals.git doctor --json
\b
Exit codes: 0 it can work, 1 something is missing, 2 wrong usage.
"""
    ),
)
@click.option("--json", "as_json", is_flag=True, help=t("Print what was found as JSON."))
@click.pass_obj
def doctor(folder: Path, as_json: bool) -> int:
    """Print what was looked at."""
    from rich.text import Text

    from manualsmith.cli.output.terminal import out, show_json
    from manualsmith.workflow.reports.checkup import check_all

    found = list(check_all(folder, _extras()))
    if as_json:
        show_json([one.as_json() for one in found])
    for one in found if not as_json else ():
        mark, style = _MARKS[one.state]
        line = Text(f"{mark} {one.what}: ", style=style)
        line.append(one.message, style="")
        if one.hint:
            line.append("\n  " + t("hint: {hint}", hint=one.hint), style="dim")
        out().print(line)
    return REFUSED if any(one.state == "missing" for one in found) else OK


def _extras() -> dict[str, Callable[[], str]]:
    """Return how to find what some commands need, by what it is for."""
    from manualsmith.extras import needed
    from manualsmith.paper.pdf import find_browser

    return {
        t("the desk in a browser"): lambda: str(needed("starlette", "desk").__name__),
        t("Word files"): lambda: str(needed("docx").__name__),
        t("Excel files"): lambda: str(needed("openpyxl").__name__),
        t("PDF forms"): find_browser,
    }
