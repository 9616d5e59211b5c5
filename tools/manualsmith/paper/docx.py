"""A form as a Word file: the same fields, tables and lines to sign on, to be filled in further."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from manualsmith.paper.extra import needed
from manualsmith.paper.form import Form, FormTable

if TYPE_CHECKING:
    from docx.document import Document

_LATIN, _CHINESE = "Times New Roman", "新細明體"


def write_docx(form: Form, file: Path) -> None:
    """Write a form. Raises UserError where the extra ``office`` is not installed."""
    docx = needed("docx")
    from docx.enum.text import WD_ALIGN_PARAGRAPH
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
    document.add_paragraph(f"編號：{form.number}\t{form.output}")
    fields = document.add_table(rows=0, cols=2, style="Table Grid")
    for label, text in form.fields:
        cells = fields.add_row().cells
        cells[0].text, cells[1].text = label, text
        cells[0].width, cells[1].width = Mm(30), Mm(148)
        cells[0].paragraphs[0].runs[0].bold = True
    for table in form.tables:
        _table(document, table)
    document.add_paragraph()
    signatures = document.add_table(rows=1, cols=len(form.signatures))
    for cell, who in zip(signatures.rows[0].cells, form.signatures, strict=True):
        cell.text = f"{who}：________________"
    _page_numbers(section.footer.paragraphs[0])
    document.core_properties.title = f"{form.title} {form.number}"
    document.core_properties.author = ""
    document.save(str(file))


def _chinese(properties: Any) -> None:  # noqa: ANN401 - an lxml element
    """Set the font of Chinese characters, which Word keeps apart from that of letters."""
    from docx.oxml.ns import qn

    properties.get_or_add_rFonts().set(qn("w:eastAsia"), _CHINESE)


def _table(document: "Document", table: FormTable) -> None:
    heading = document.add_paragraph()
    heading.paragraph_format.keep_with_next = True
    heading.add_run(table.title).bold = True
    made = document.add_table(rows=1, cols=len(table.headings), style="Table Grid")
    for cell, text in zip(made.rows[0].cells, table.headings, strict=True):
        cell.text = text
        cell.paragraphs[0].runs[0].bold = True
    for row in table.rows:
        for cell, text in zip(made.add_row().cells, row, strict=True):
            cell.text = text


def _page_numbers(paragraph: Any) -> None:  # noqa: ANN401 - python-docx's own type
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for before, field, after in (("第 ", "PAGE", " 頁，共 "), ("", "NUMPAGES", " 頁")):
        paragraph.add_run(before)
        code = OxmlElement("w:fldSimple")
        code.set(qn("w:instr"), field)
        paragraph._p.append(code)
        paragraph.add_run(after)
