"""A form as a Word file: the same fields, tables and lines to sign on, to be filled in further."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len

from manualsmith.extras import needed
from manualsmith.paper.form import Form, FormTable
from manualsmith.paper.html import page_number
from manualsmith.text import speaking, t

if TYPE_CHECKING:
    from docx.document import Document

# of a page between its margins, and of the labels, in millimetres
_WIDTH, _LABEL = 178.0, 34.0
_NARROWEST, _WIDEST = 10, 44  # half-width characters that a column's width is reckoned from
_LATIN, _CHINESE = "Times New Roman", "新細明體"


def write_docx(form: Form, file: Path) -> None:
    """Write a form. Raises UserError where the extra ``office`` is not installed."""
    docx = needed("docx")
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
    from docx.shared import Mm, Pt

    document: Document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(16)
    section.top_margin, section.bottom_margin = Mm(18), Mm(20)
    style: Any = document.styles["Normal"]
    style.font.name, style.font.size = _LATIN, Pt(11)
    _chinese(style.element.get_or_add_rPr())
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = title.add_run(form.title)
    run.bold, run.font.size = True, Pt(18)
    with speaking(form.language):
        label, colon, footer = t("No."), t(": "), page_number()
    number = document.add_paragraph(f"{label}{colon}{form.number}\t{form.output}")
    number.paragraph_format.tab_stops.add_tab_stop(Mm(_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    fields = document.add_table(rows=0, cols=2, style="Table Grid")
    for label, text in form.fields:
        cells = fields.add_row().cells
        cells[0].text, cells[1].text = label, text
        cells[0].paragraphs[0].runs[0].bold = True
    _widths(fields, (_LABEL, _WIDTH - _LABEL))
    for table in form.tables:
        _table(document, table)
    document.add_paragraph()
    signatures = document.add_table(rows=1, cols=len(form.signatures))
    for cell, who in zip(signatures.rows[0].cells, form.signatures, strict=True):
        cell.text = f"{who}{colon}________________"
    _page_numbers(section.footer.paragraphs[0], footer)
    document.core_properties.title = f"{form.title} {form.number}"
    document.core_properties.author = ""
    document.save(str(file))


def _chinese(properties: Any) -> None:  # noqa: ANN401 - an lxml element
    """Set the font of Chinese characters, which Word keeps apart from that of letters."""
    from docx.oxml.ns import qn

    properties.get_or_add_rFonts().set(qn("w:eastAsia"), _CHINESE)


def _table(document: "Document", table: FormTable) -> None:
    from docx.shared import Pt

    heading = document.add_paragraph()
    heading.paragraph_format.keep_with_next = True
    heading.paragraph_format.space_before = Pt(12)
    heading.paragraph_format.space_after = Pt(4)
    heading.add_run(table.title).bold = True
    made = document.add_table(rows=1, cols=len(table.headings), style="Table Grid")
    for cell, text in zip(made.rows[0].cells, table.headings, strict=True):
        cell.text = text
        cell.paragraphs[0].runs[0].bold = True
    for row in table.rows:
        for cell, text in zip(made.add_row().cells, row, strict=True):
            cell.text = text

    longest = [
        max(cell_len(line) for row in (table.headings, *table.rows) for line in row[at].split("\n"))
        for at in range(len(table.headings))
    ]
    shares = [min(max(length, _NARROWEST), _WIDEST) for length in longest]
    _widths(made, [_WIDTH * share / sum(shares) for share in shares])


def _widths(table: Any, widths: Sequence[float]) -> None:  # noqa: ANN401 - python-docx's own type
    """Give the columns of a table their widths in millimetres; Word reads them of each cell."""
    from docx.shared import Mm, Pt

    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.space_before = Pt(2)
                paragraph.paragraph_format.space_after = Pt(2)


def _page_numbers(
    paragraph: Any,  # noqa: ANN401 - python-docx's own type
    words: tuple[str, str, str],
) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    before, between, after = words
    paragraph.add_run(before)
    for field, text in (("PAGE", between), ("NUMPAGES", after)):
        code = OxmlElement("w:fldSimple")
        code.set(qn("w:instr"), field)
        paragraph._p.append(code)
        paragraph.add_run(text)
