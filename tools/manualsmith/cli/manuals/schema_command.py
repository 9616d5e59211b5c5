"""``manualsmith schema``: the JSON Schema of a record."""

from contextlib import suppress
from pathlib import Path

import click

from manualsmith.text import t


@click.command(
    help=t("Print the JSON Schema of a record, for editors that complete and check YAML."),
    epilog=t(
        """\b
Example:
  manualsmith schema confirmation > docs/schema/confirmation.json
"""
    ),
)
@click.argument("record", type=click.Choice(["confirmation"]))
@click.pass_obj
def schema(folder: Path, record: str) -> None:
    """Print the schema."""
    from manualsmith.cli.output.terminal import show_json
    from manualsmith.errors import UserError
    from manualsmith.records.models.json_schema import confirmation_schema
    from manualsmith.workflow.workspace.open_workspace import open_workspace

    with suppress(UserError):  # outside of a repository it is that of the default layout
        open_workspace(folder)
    show_json(confirmation_schema())
