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
        "numbers. It is in the manuals' language, unless --lang names another one. PDF is made by "
        "Chrome, Edge or Chromium, its fonts embedded. Whose form it is, its number and edition, "
        "who signs, and templates of your own are set in [tool.manualsmith.organisation]."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith export INC-2026-0004 --format pdf
  manualsmith export ENV-2026-0007-1 --format docx --out 修正紀錄.docx
  manualsmith export REQ-2026-0012 --format html --out -
  manualsmith --lang en export REQ-2026-0012
  manualsmith export --template > forms/O2.2.1.html
"""
    ),
)
@click.argument("record_id", metavar="ID", required=False)
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
    folder: Path, record_id: str | None, form: str, out: Path | None, force: bool, template: bool
) -> int:
    """Write the form."""
    from manualsmith.cli.output.terminal import out as console
    from manualsmith.cli.workspace_option import workspace_of
    from manualsmith.errors import UserError
    from manualsmith.paper.forms.form_of_record import form_of
    from manualsmith.paper.forms.form_sources import FormSources
    from manualsmith.paper.html import TEMPLATE, form_html
    from manualsmith.workflow.service.lookup import record_named

    if template:
        sys.stdout.write(TEMPLATE.read_text(encoding="utf-8"))
        return OK
    if record_id is None:
        raise click.UsageError(t("which record? Give its id"))
    workspace = workspace_of(folder)
    sources = FormSources(workspace)
    made = sources.filled(form_of(record_named(workspace, record_id), sources))
    own = sources.template(made.output, "docx" if form == "docx" else "html")
    if out and str(out) == "-" and form == "html":
        sys.stdout.write(form_html(made, own))
        return OK
    if out and str(out) == "-":
        raise click.UsageError(t("only HTML can be printed: name a file"))
    file = out or Path(f"{made.number}.{form}")
    if file.exists() and not force:
        raise UserError(t("{file} is there already", file=file), hint=t("write over it: --force"))
    with writing(file) as new:
        if form == "html":
            new.write_text(form_html(made, own), encoding="utf-8", newline="\n")
        elif form == "pdf":
            from manualsmith.paper.pdf import write_pdf

            write_pdf(form_html(made, own), new)
        else:
            from manualsmith.paper.docx import write_docx

            write_docx(made, new, own)
    console().print(str(file), style="bold")
    return OK
