"""``manualsmith translated``: say that a page and its translation agree as they are."""

from pathlib import Path

import click

from manualsmith.cli.group import OK
from manualsmith.errors import Place, UserError
from manualsmith.text import t


@click.command(
    help=t(
        "Note in each translation (sign-in.en.md beside sign-in.md) that it and its page agree as "
        "they are now. From then on the site marks whichever of the two has not followed the "
        "other, and audit lists it."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith translated manuals/operation/sign-in.en.md
\b
Exit codes: 0 noted, 1 a file is no translation, 2 wrong usage.
"""
    ),
)
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE..."
)
def translated(files: tuple[Path, ...]) -> int:
    """Note that the texts agree; all files are looked at before any is written."""
    from manualsmith.cli.output.output_file import writing
    from manualsmith.files import refuse_links

    made = [(file, _agreed(file)) for file in files]
    for file, _ in made:
        refuse_links(file)
    for file, text in made:
        with writing(file) as new:
            new.write_bytes(text.encode())
        click.echo(str(file))
    return OK


def _agreed(file: Path) -> str:
    from manualsmith.markdown.reading.front_matter import BadFrontMatter
    from manualsmith.markdown.translation import agreed, translation_at

    beside = {path.name for path in file.parent.glob("*.md")} if file.parent.is_dir() else set()
    found = translation_at(file.name, beside)
    if found is None or not file.is_file():
        raise UserError(
            t("no page that this is a translation of"),
            Place(str(file)),
            t("sign-in.en.md is the English translation of sign-in.md beside it"),
        )
    original = file.with_name(found.original)
    try:
        return agreed(original.read_bytes().decode(), file.read_bytes().decode())
    except (BadFrontMatter, UnicodeDecodeError) as error:
        raise UserError(
            t("the front matter cannot be read: {reason}", reason=error), Place(str(file))
        ) from error
