"""``manualsmith find``: search manuals, incidents and decisions together (P2.2.2)."""

from pathlib import Path

import click

from manualsmith.cli.group import OK, REFUSED
from manualsmith.cli.record_options import as_json, show_found
from manualsmith.text import t

KINDS = ("entry", "section", "incident", "request", "confirmation", "decision")


@click.command(
    help=t(
        "Search the manuals, incidents, requests, confirmations and decisions, the best first. "
        "Words are as the user said them: no operators, half or full width, 臺 or 台."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith find 手機收不到驗證碼
  manualsmith find "412 Precondition Failed" --kind entry
  manualsmith find 大檔案 --json
\b
Exit codes: 0 found, 1 nothing found, 2 wrong usage.
"""
    ),
)
@click.argument("words", nargs=-1, required=True)
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), help=t("Only these."))
@click.option("--most", default=10, show_default=True, type=click.IntRange(1, 100))
@as_json
@click.pass_obj
def find(
    folder: Path, words: tuple[str, ...], kinds: tuple[str, ...], most: int, as_json: bool
) -> int:
    """Search, and print what was found."""
    from manualsmith.cli.output.terminal import show_json
    from manualsmith.cli.workspace_option import workspace_of
    from manualsmith.workflow.service import search_all

    found = search_all.find(
        workspace_of(folder),
        " ".join(words),
        kinds=kinds or search_all.KINDS,  # type: ignore[arg-type]
        most=most,
    )
    if as_json:
        show_json({"found": [one.as_json() for one in found]})
    else:
        show_found(found, empty=t("nothing found"))
    return OK if found else REFUSED
