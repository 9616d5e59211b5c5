"""``manualsmith report``: what was done in a period, as evidence of the standard's indicators."""

import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from manualsmith.cli.group import OK
from manualsmith.cli.output.output_file import writing
from manualsmith.cli.record_options import as_json
from manualsmith.text import t

if TYPE_CHECKING:
    from manualsmith.paper.sheets import Sheet

FORMATS = ("md", "html", "csv", "xlsx")


@click.command(
    help=t(
        "Count what was done in a period: records, times, escalations, the entries most used, the "
        "symptoms with no entry, and for each staff number the behaviour indicators (P1.1.1 to "
        "P2.2.4) that have evidence."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith report --since 2026-11-01
  manualsmith report --staff S-0412 --format md
  manualsmith report --format html --out report.html
  manualsmith report --format xlsx --out report.xlsx
"""
    ),
)
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help=t("The first day."))
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help=t("The last day."))
@click.option("--product", help=t("Only this product."))
@click.option("--staff", help=t("Only this staff number or role."))
@click.option("--format", "form", type=click.Choice(FORMATS), help=t("Without it, as --out ends."))
@click.option("--out", type=click.Path(path_type=Path), help=t("The file to write."))
@as_json
@click.pass_obj
def report(
    folder: Path,
    since: datetime | None,
    until: datetime | None,
    product: str | None,
    staff: str | None,
    form: str | None,
    out: Path | None,
    as_json: bool,
) -> int:
    """Print or write the figures."""
    from manualsmith.cli.output.terminal import show_json, show_problems
    from manualsmith.cli.workspace_option import workspace_to_look_at
    from manualsmith.paper import sheets
    from manualsmith.paper.figures import sheets_of
    from manualsmith.workflow.reports.due import asked_at
    from manualsmith.workflow.reports.period_report import ReportPeriod, figures

    ending = out.suffix.removeprefix(".") if out else ""
    form = form or (ending if ending in FORMATS else "md" if out else None)
    if form == "xlsx" and (out is None or str(out) == "-"):
        raise click.UsageError(t("an Excel file needs a name: --out report.xlsx"))
    first = since.date() if since else date.min
    last = until.date() if until else date.max
    workspace, wanted = workspace_to_look_at(folder), ReportPeriod(first, last, product, staff)
    counted = figures(workspace, wanted, asked_at(workspace))
    show_problems(counted.problems)
    found = sheets_of(counted)
    title = _title(since, until, product, staff)
    if as_json:
        show_json(
            {s.title: [dict(zip(s.headings, row, strict=True)) for row in s.rows] for s in found}
        )
    elif form is None:
        _show(title, found)
    elif form == "xlsx" and out:
        with writing(out) as file:
            sheets.write_xlsx(found, file)
        _written(out)
    else:
        made = {
            "md": lambda: sheets.as_markdown(title, found),
            "html": lambda: sheets.as_html(title, found),
            "csv": lambda: sheets.as_csv(found),
        }[form or "md"]()
        _give(made, out)
    return OK


def _title(
    since: datetime | None, until: datetime | None, product: str | None, staff: str | None
) -> str:
    first, last = (f"{day:%Y-%m-%d}" if day else "" for day in (since, until))
    days = f"{first} – {last}" if first and last else ""
    days = days or (t("from {day} on", day=first) if first else "")
    days = days or (t("up to {day}", day=last) if last else "")
    told = [t("service desk report"), days, product or "", staff or ""]
    return "  ".join(part for part in told if part)


def _give(text: str, out: Path | None) -> None:
    if out is None or str(out) == "-":
        sys.stdout.write(text)
        return
    with writing(out) as file:
        file.write_text(text, encoding="utf-8", newline="")
    _written(out)


def _written(out: Path) -> None:
    from manualsmith.cli.output.terminal import err

    err().print(str(out), style="bold")


def _show(title: str, found: "list[Sheet]") -> None:
    from rich.table import Table

    from manualsmith.cli.output.terminal import out

    console = out()
    console.print(title, style="bold")
    for sheet in found:
        console.print(f"\n{sheet.title}", style="bold cyan")
        if not sheet.rows:
            console.print(t("none"), style="dim")
            continue
        table = Table(box=None, pad_edge=False)
        for heading in sheet.headings:
            table.add_column(heading, header_style="dim", overflow="fold")
        for row in sheet.rows:
            table.add_row(*(f"{c:.1f}" if isinstance(c, float) else str(c) for c in row))
        console.print(table)
