"""``manualsmith trace``: the whole chain that a record or page belongs to."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from manualsmith.cli.group import OK
from manualsmith.cli.record_options import as_json
from manualsmith.text import t

if TYPE_CHECKING:
    from rich.text import Text

    from manualsmith.workflow.reports.trace import ChainLink


@click.command(
    help=t(
        "Show the chain that a record, a suggestion or a page belongs to: request, incident, "
        "confirmation, suggestion, page, from whichever end."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith trace REQ-2026-0012
  manualsmith trace troubleshooting/sign-in.md
  manualsmith trace ENV-2026-0007-1 --json
"""
    ),
)
@click.argument("name", metavar="ID|PAGE")
@as_json
@click.pass_obj
def trace(folder: Path, name: str, as_json: bool) -> int:
    """Print the chain of each record or page that is named."""
    from manualsmith.cli.output.terminal import out, show_json
    from manualsmith.cli.workspace_option import workspace_to_look_at
    from manualsmith.workflow.reports import trace

    found = trace.trace(workspace_to_look_at(folder), name)
    if as_json:
        show_json({"chains": [one.as_json() for one in found]})
        return OK
    for one in found:
        for line in _lines(one):
            out().print(line)
    return OK


def _lines(node: "ChainLink", first: str = "", rest: str = "") -> "Iterator[Text]":
    """Yield the lines of a tree; a long one is the terminal's to wrap."""
    from rich.text import Text

    yield Text(first, style="dim").append_text(_line(node))
    for one in node.after:
        last = one is node.after[-1]
        joint, under = ("└── ", "    ") if last else ("├── ", "│   ")
        yield from _lines(one, rest + joint, rest + under)


def _line(node: "ChainLink") -> "Text":
    from rich.text import Text

    line = Text(node.name, style="bold reverse" if node.asked else "bold")
    line.append(f"  {node.told}", style="not bold not reverse")
    if node.state:
        line.append(f"  {node.state}", style="cyan not bold not reverse")
    return line
