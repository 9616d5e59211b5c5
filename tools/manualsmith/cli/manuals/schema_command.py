"""``manualsmith schema``: the JSON Schema of a record."""

import sys
from pathlib import Path

import click

from manualsmith.text import t


@click.command(
    help=t("Print the JSON Schema of a record, for editors that complete and check YAML."),
    epilog=t(
        """\b
Example:
  manualsmith schema confirmation > records/schema/confirmation.json
"""
    ),
)
@click.argument("record", type=click.Choice(["confirmation"]))
@click.pass_obj
def schema(folder: Path, record: str) -> None:
    """Print the schema."""
    from manualsmith.layout import use
    from manualsmith.records.models.json_schema import schema_text
    from manualsmith.settings.read_settings import PYPROJECT, read_settings_in

    here = folder.resolve()
    around = (one for one in (here, *here.parents) if (one / PYPROJECT).is_file())
    if found := next(around, None):
        use(read_settings_in(found).layout)  # it names this one's manuals
    sys.stdout.write(schema_text())
