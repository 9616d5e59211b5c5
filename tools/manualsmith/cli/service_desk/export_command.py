"""``manualsmith export``: a record as a form, a whole manual, or records as rows for programs."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from manualsmith.cli.group import OK
from manualsmith.cli.output.output_file import writing
from manualsmith.text import t

if TYPE_CHECKING:
    from manualsmith.workflow.workspace.open_workspace import Workspace

_PRINTED = ("html", "pdf", "docx")
_ROWS = ("csv", "json")
_KINDS = ("request", "incident", "confirmation", "walkthrough", "suggestion")


@click.command(
    help=t(
        "Write a record as a form: title, number, fields in a table, lines to sign on, page "
        "numbers. It is in the manuals' language, unless --lang names another one. PDF is made by "
        "Chrome, Edge or Chromium, its fonts embedded. Whose form it is, its number and edition, "
        "who signs, and templates of your own are set in [tool.manualsmith.organisation]. With a "
        "manual's name in place of an id: that manual of main, whole, as HTML or PDF, with "
        "contents, bookmarks and page numbers. With --kind in place of an id: all records of a "
        "kind as rows for other programs, CSV (which Excel opens) or JSON; what looks like "
        "personal data is masked, and who reported it is left out."
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
  manualsmith export --kind incident --since 2026-11-01 --state explained
  manualsmith export --kind suggestion --format json --out -
"""
    ),
)
@click.argument("name", metavar="ID|MANUAL", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice([*_PRINTED, *_ROWS]),
    help=t("Of a form or manual html, which is usual, pdf, docx; of --kind csv, which is, json."),
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help=t("The file, - to print it; without it, ID.FORMAT or KIND.FORMAT."),
)
@click.option("--force", is_flag=True, help=t("Write over a file that is there."))
@click.option(
    "--template",
    is_flag=True,
    help=t("Print the template of forms, to begin your own with."),
)
@click.option("--kind", type=click.Choice(_KINDS), help=t("Write the records of a kind as rows."))
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    help=t("With --kind: only what was made, or decided, from this day on."),
)
@click.option("--product", help=t("With --kind: only what is of this product."))
@click.option(
    "--state",
    "states",
    multiple=True,
    help=t("With --kind: only what is in this state, such as open; once for each."),
)
@click.pass_obj
def export(
    folder: Path,
    name: str | None,
    form: str | None,
    out: Path | None,
    force: bool,
    template: bool,
    kind: str | None,
    since: datetime | None,
    product: str | None,
    states: tuple[str, ...],
) -> int:
    """Write the form, the manual, or the rows."""
    from manualsmith.cli.output.terminal import out as console
    from manualsmith.cli.workspace_option import workspace_of
    from manualsmith.errors import UserError
    from manualsmith.layout import MANUALS
    from manualsmith.paper.html import TEMPLATE

    if template:
        sys.stdout.write(TEMPLATE.read_text(encoding="utf-8"))
        return OK
    if (name is None) == (kind is None):
        raise click.UsageError(t("which record, manual or --kind? Give one: its id or its name"))
    allowed = _ROWS if kind else _PRINTED
    form = form or allowed[0]
    if form not in allowed:
        raise click.UsageError(t("--format can be {names} here", names=", ".join(allowed)))
    if kind is None and (since or product or states):
        raise click.UsageError(t("--since, --product and --state are for --kind"))
    if str(out) == "-" and form in ("pdf", "docx"):
        raise click.UsageError(t("only HTML can be printed: name a file"))
    workspace = workspace_of(folder)
    if kind:
        printed = _rows(workspace, kind, form, since, product, states)
    else:
        printed = (_manual if name in MANUALS else _record)(workspace, str(name), form)
    if str(out) == "-":
        click.echo(printed.text().encode("utf-8"), nl=False)
        return OK
    file = out or Path(f"{printed.name}.{form}")
    if file.exists() and not force:
        raise UserError(t("{file} is there already", file=file), hint=t("write over it: --force"))
    with writing(file) as new:
        if printed.write and form != "html":
            printed.write(new)
        else:
            new.write_text(printed.text(), encoding="utf-8", newline="")
    console().print(str(file), style="bold")
    return OK


@dataclass(frozen=True)
class _Printed:
    """What is written: the name of its file, its text, and what writes it as PDF or Word."""

    name: str
    text: Callable[[], str]
    write: Callable[[Path], None] | None = None


def _rows(
    workspace: "Workspace",
    kind: str,
    form: str,
    since: datetime | None,
    product: str | None,
    states: tuple[str, ...],
) -> _Printed:
    from manualsmith.paper.sheets import rows_as_csv
    from manualsmith.workflow.reports.exported_records import (
        EXPORTED,
        RowFilter,
        columns_of,
        exported_rows,
    )

    for state in states:
        if state not in EXPORTED[kind]:
            names = ", ".join(EXPORTED[kind])
            raise click.UsageError(t("--state can be {names} here", names=names))
    rows = exported_rows(workspace, kind, RowFilter(since, product, states))
    if form == "json":
        value = {"schema": f"manualsmith/export-{kind}/v1", "records": rows}
        return _Printed(kind, lambda: json.dumps(value, ensure_ascii=False, indent=2) + "\n")
    columns = columns_of(kind)
    cells = [[_cell(row[column]) for column in columns] for row in rows]
    return _Printed(kind, lambda: rows_as_csv([columns, *cells]))


def _cell(value: Any) -> str | int:  # noqa: ANN401 - any plain value
    """Return a value as a cell: lists and tables as JSON, nothing as an empty one."""
    if value is None or value == []:
        return ""
    return value if isinstance(value, str | int) else json.dumps(value, ensure_ascii=False)


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
