"""``manualsmith export``: a record as the form that the standard's users know; a whole manual."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from manualsmith.cli.group import OK
from manualsmith.cli.output.output_file import writing
from manualsmith.text import t

if TYPE_CHECKING:
    from manualsmith.workflow.workspace.open_workspace import Workspace


@click.command(
    help=t(
        "Write a record as a form: title, number, fields in a table, lines to sign on, page "
        "numbers. It is in the manuals' language, unless --lang names another one. PDF is made by "
        "Chrome, Edge or Chromium, its fonts embedded. Whose form it is, its number and edition, "
        "who signs, and templates of your own are set in [tool.manualsmith.organisation]. With a "
        "manual's name in place of an id: that manual of main, whole, as HTML or PDF, with "
        "contents, bookmarks and page numbers."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith export INC-2026-0004 --format pdf
  manualsmith export ENV-2026-0007-1 --format docx --out 修正紀錄.docx
  manualsmith export REQ-2026-0012 --format html --out -
  manualsmith --lang en export REQ-2026-0012
  manualsmith export operation --format pdf
  manualsmith export --template > forms/O2.2.1.html
"""
    ),
)
@click.argument("name", metavar="ID|MANUAL", required=False)
@click.option("--format", "form", type=click.Choice(["html", "pdf", "docx"]), default="html")
@click.option("--out", type=click.Path(path_type=Path), help=t("The file; without it, ID.FORMAT."))
@click.option("--force", is_flag=True, help=t("Write over a file that is there."))
@click.option(
    "--template",
    is_flag=True,
    help=t("Print the template of forms, to begin your own with."),
)
@click.pass_obj
def export(
    folder: Path, name: str | None, form: str, out: Path | None, force: bool, template: bool
) -> int:
    """Write the form, or the manual."""
    from manualsmith.cli.output.terminal import out as console
    from manualsmith.cli.workspace_option import workspace_of
    from manualsmith.errors import UserError
    from manualsmith.layout import MANUALS
    from manualsmith.paper.html import TEMPLATE

    if template:
        sys.stdout.write(TEMPLATE.read_text(encoding="utf-8"))
        return OK
    if name is None:
        raise click.UsageError(t("which record or manual? Give its id or name"))
    if str(out) == "-" and form != "html":
        raise click.UsageError(t("only HTML can be printed: name a file"))
    workspace = workspace_of(folder)
    printed = (_manual if name in MANUALS else _record)(workspace, name, form)
    if str(out) == "-":
        sys.stdout.write(printed.html())
        return OK
    file = out or Path(f"{printed.name}.{form}")
    if file.exists() and not force:
        raise UserError(t("{file} is there already", file=file), hint=t("write over it: --force"))
    with writing(file) as new:
        if form == "html":
            new.write_text(printed.html(), encoding="utf-8", newline="\n")
        else:
            printed.write(new)
    console().print(str(file), style="bold")
    return OK


@dataclass(frozen=True)
class _Printed:
    """What is written: the name of its file, its HTML, and what writes it as PDF or Word."""

    name: str
    html: Callable[[], str]
    write: Callable[[Path], None]


def _record(workspace: "Workspace", record_id: str, form: str) -> _Printed:
    from manualsmith.paper.forms.form_of_record import form_of
    from manualsmith.paper.forms.form_sources import FormSources
    from manualsmith.paper.html import form_html
    from manualsmith.workflow.service.lookup import record_named

    sources = FormSources(workspace)
    made = sources.filled(form_of(record_named(workspace, record_id), sources))
    own = sources.template(made.output, "docx" if form == "docx" else "html")

    def write(file: Path) -> None:
        if form == "pdf":
            from manualsmith.paper.pdf import write_pdf

            write_pdf(form_html(made, own), file)
        else:
            from manualsmith.paper.docx import write_docx

            write_docx(made, file, own)

    return _Printed(made.number, lambda: form_html(made, own), write)


def _manual(workspace: "Workspace", name: str, form: str) -> _Printed:
    from manualsmith.paper.book import book_html
    from manualsmith.paper.book_pdf import write_book
    from manualsmith.site.build_commit import read_book

    if form == "docx":
        raise click.UsageError(t("a manual is written as HTML or PDF: --format html, pdf"))
    book = read_book(workspace, name)
    return _Printed(name, lambda: book_html(book), lambda file: write_book(book, file))
