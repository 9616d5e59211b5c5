"""``manualsmith export``: a record as the form that the standard's users know."""

import sys
from pathlib import Path

import click

from manualsmith.cli.group import OK
from manualsmith.cli.output.output_file import writing
from manualsmith.text import t


@click.command(
    help=t(
        "Write a record as a form: title, number, fields in a table, lines to sign on, page "
        "numbers. It is in Traditional Chinese, unless --lang names another language. PDF is made "
        "by Chrome, Edge or Chromium, its fonts embedded."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith export INC-2026-0004 --format pdf
  manualsmith export ENV-2026-0007-1 --format docx --out 修正紀錄.docx
  manualsmith export REQ-2026-0012 --format html --out -
  manualsmith --lang en export REQ-2026-0012
"""
    ),
)
@click.argument("record_id", metavar="ID")
@click.option("--format", "form", type=click.Choice(["html", "pdf", "docx"]), default="html")
@click.option("--out", type=click.Path(path_type=Path), help=t("The file; without it, ID.FORMAT."))
@click.option("--force", is_flag=True, help=t("Write over a file that is there."))
@click.pass_obj
def export(folder: Path, record_id: str, form: str, out: Path | None, force: bool) -> int:
    """Write the form."""
    from manualsmith.cli.output.terminal import out as console
    from manualsmith.cli.workspace_option import workspace_of
    from manualsmith.errors import UserError
    from manualsmith.paper.form import form_of
    from manualsmith.paper.html import form_html
    from manualsmith.workflow.service.lookup import record_named

    made = form_of(record_named(workspace_of(folder), record_id))
    if out and str(out) == "-" and form == "html":
        sys.stdout.write(form_html(made))
        return OK
    if out and str(out) == "-":
        raise click.UsageError(t("only HTML can be printed: name a file"))
    file = out or Path(f"{made.number}.{form}")
    if file.exists() and not force:
        raise UserError(t("{file} is there already", file=file), hint=t("write over it: --force"))
    with writing(file) as new:
        if form == "html":
            new.write_text(form_html(made), encoding="utf-8", newline="\n")
        elif form == "pdf":
            from manualsmith.paper.pdf import write_pdf

            write_pdf(form_html(made), new)
        else:
            from manualsmith.paper.docx import write_docx

            write_docx(made, new)
    console().print(str(file), style="bold")
    return OK
