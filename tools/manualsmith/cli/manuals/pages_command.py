"""``manualsmith pages``: the same pages as plain Markdown, for another site builder."""

from pathlib import Path

import click

from manualsmith.cli.group import OK
from manualsmith.errors import Place, UserError
from manualsmith.text import t


@click.command(
    help=t(
        "Lay the site's pages out as plain Markdown in one folder, with an mkdocs.yml that needs "
        "no plugin: environment, dates, ids and nav are written out, and links lead between the "
        "pages where they lie. For a builder that reads mkdocs.yml and does not run our plugin."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith pages --out build/pages
  cd build/pages && zensical build
\b
Exit codes: 0 done, 1 there is no site here or the folder is not empty, 2 wrong usage.
"""
    ),
)
@click.option(
    "--out",
    metavar="DIR",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help=t("The folder to write to; it is new or empty."),
)
@click.pass_obj
def pages(folder: Path, out: Path) -> int:
    """Write the pages."""
    from manualsmith.cli.output.output_file import make_folder, writing
    from manualsmith.site.plain_pages import plain_pages

    if out.is_dir() and any(out.iterdir()):
        raise UserError(t("the folder is not empty"), Place(str(out)), t("name a new folder"))
    made = plain_pages(folder)
    for path, data in made.items():
        file = out / path
        make_folder(file.parent)
        with writing(file) as new:
            new.write_bytes(data)
    click.echo(t("{count} files in {folder}", count=len(made), folder=out))
    return OK
