"""Tables of figures as Markdown, CSV, Excel and HTML; one with bars as a chart."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from manualsmith.extras import needed
from manualsmith.paper.html import FONTS
from manualsmith.text import language

Cell = str | int | float


@dataclass(frozen=True)
class Sheet:
    """One table; with *bars* the columns after the first are drawn, a group of bars a row.

    most: what the tallest bar that there may be stands for; without it, the largest figure.
    """

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    bars: bool = False
    most: float | None = None


_NOT_IN_TITLES = re.compile(r"[\\\\/*?:\[\]]")  # of Excel's sheets
# what spreadsheets begin a formula with; East Asian ones take the wide forms, too
_FORMULA = "=+-@\t\r\n＝＋－＠"
# what Markdown would take for markup
_MARKS = re.compile(r"[\\|<>&*_`\[\]]")


def _text(cell: Cell) -> str:
    return f"{cell:.1f}" if isinstance(cell, float) else str(cell)


def as_markdown(title: str, sheets: Sequence[Sheet]) -> str:
    """Return the tables as Markdown."""
    parts = [f"# {title}\n"]
    for sheet in sheets:
        lines = [_row(sheet.headings), "|" + "---|" * len(sheet.headings)]
        lines += [_row(row) for row in sheet.rows]
        parts.append(f"## {sheet.title}\n\n" + "\n".join(lines) + "\n")
    return "\n".join(parts)


def _row(cells: Sequence[Cell]) -> str:
    texts = (_MARKS.sub(r"\\\g<0>", _text(cell)).replace("\n", " ") for cell in cells)
    return "| " + " | ".join(texts) + " |"


def as_csv(sheets: Sequence[Sheet]) -> str:
    """Return the tables as one CSV text, each under its title, as `rows_as_csv` does."""
    rows: list[Sequence[Cell]] = []
    for sheet in sheets:
        rows += [[]] if rows else []
        rows += [[sheet.title], sheet.headings, *sheet.rows]
    return rows_as_csv(rows)


def rows_as_csv(rows: Iterable[Sequence[Cell]]) -> str:
    """Return rows as CSV for Excel: with a byte order mark, so that Chinese is read as it is.

    A text that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    out = io.StringIO()
    csv.writer(out).writerows([_harmless(cell) for cell in row] for row in rows)
    return "\ufeff" + out.getvalue()


def _harmless(cell: Cell) -> Cell:
    if isinstance(cell, float):
        return round(cell, 1)
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in _FORMULA and cell else cell


def write_xlsx(sheets: Sequence[Sheet], file: Path) -> None:
    """Write the tables as an Excel file. Raises UserError without the extra ``office``."""
    openpyxl = needed("openpyxl")
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = openpyxl.Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(_NOT_IN_TITLES.sub("", sheet.title)[:31])
        page.freeze_panes = "A2"
        for number in range(len(sheet.headings)):
            page.column_dimensions[chr(ord("A") + number)].width = 24
        for number, row in enumerate((sheet.headings, *sheet.rows)):
            cells = []
            for value in row:
                cell = WriteOnlyCell(page, value=value)
                if isinstance(value, str):
                    cell.data_type = "s"  # never a formula
                if number == 0:
                    cell.font = Font(bold=True)
                cells.append(cell)
            page.append(cells)
    book.save(file)


_STYLE = f"""
body {{ font: 16px/1.6 "Noto Sans CJK TC", "PingFang TC", "Microsoft JhengHei", {FONTS};
  color: #1a1a1a; background: #fff; max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem; }}
h1 {{ font-size: 1.5rem; }} h2 {{ font-size: 1.15rem; margin-top: 2rem; }}
.scroll {{ overflow-x: auto; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ border-bottom: 1px solid #ccc; padding: .35rem .6rem; text-align: left;
  vertical-align: top; }}
svg {{ width: 100%; height: auto; }} svg text {{ font-size: 12px; fill: #1a1a1a; }}
.key {{ display: flex; gap: 1rem; flex-wrap: wrap; padding: 0; list-style: none; }}
.key span {{ display: inline-block; width: .8rem; height: .8rem; margin-right: .4rem; }}
.colour-0 {{ background: #3f51b5; fill: #3f51b5; }}
.colour-1 {{ background: #c2571a; fill: #c2571a; }}
.colour-2 {{ background: #2e7d32; fill: #2e7d32; }}
.colour-3 {{ background: #7b1fa2; fill: #7b1fa2; }}
.colour-4 {{ background: #00838f; fill: #00838f; }} svg line {{ stroke: #ccc; }}
@media (prefers-color-scheme: dark) {{
  body {{ color: #eee; background: #1c1c1c; }} th, td {{ border-color: #444; }}
  svg text {{ fill: #eee; }} }}
"""
_COLOURS = 5  # the classes colour-0 to colour-4, here and in the desk's style


def as_html(title: str, sheets: Sequence[Sheet]) -> str:
    """Return the tables as one HTML file that loads nothing from anywhere."""
    parts = "".join(
        f"<h2>{escape(sheet.title)}</h2>{chart_svg(sheet) if sheet.bars else ''}{_table(sheet)}"
        for sheet in sheets
    )
    return f"""<!doctype html>
<html lang="{language().replace("_", "-")}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{escape(title)}</title>
<style>{_STYLE}</style>
</head>
<body><main><h1>{escape(title)}</h1>{parts}</main></body>
</html>
"""


def _table(sheet: Sheet) -> str:
    head = "".join(f"<th scope=col>{escape(heading)}</th>" for heading in sheet.headings)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(_text(cell))}</td>" for cell in row) + "</tr>"
        for row in sheet.rows
    )
    return (
        f"<div class=scroll tabindex=0><table><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def chart_svg(sheet: Sheet) -> str:
    """Return groups of bars, 640 units wide; the table under it says the same in figures."""
    width, height, foot = 640, 180, 24
    values = [[float(cell) for cell in row[1:] if not isinstance(cell, str)] for row in sheet.rows]
    most = sheet.most or max((value for row in values for value in row), default=0) or 1
    group = width / max(1, len(values))
    bars = [f'<line x1="0" y1="{height}" x2="{width}" y2="{height}"/>']
    for number, row in enumerate(values):
        each = group * 0.8 / max(1, len(row))
        for place, value in enumerate(row):
            tall = (height - 20) * value / most
            x = number * group + group * 0.1 + place * each
            bars.append(
                f'<rect x="{x:.1f}" y="{height - tall:.1f}" width="{each * 0.9:.1f}"'
                f' height="{tall:.1f}" rx="2" class="colour-{place % _COLOURS}"/>'
            )
            if value:
                bars.append(
                    f'<text x="{x + each * 0.45:.1f}" y="{height - tall - 4:.1f}"'
                    f' text-anchor="middle">{value:g}</text>'
                )
        bars.append(
            f'<text x="{(number + 0.5) * group:.1f}" y="{height + 16}" text-anchor="middle">'
            f"{escape(_text(sheet.rows[number][0]))}</text>"
        )
    key = "".join(
        f'<li><span class="colour-{place % _COLOURS}"></span>{escape(heading)}</li>'
        for place, heading in enumerate(sheet.headings[1:])
    )
    return (
        f'<svg viewBox="0 0 {width} {height + foot}" role="img"'
        f' aria-label="{escape(sheet.title)}">{"".join(bars)}</svg><ul class="key">{key}</ul>'
    )
