"""A form as a Word file: the same fields, tables and lines to sign on, to be filled in further."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from rich.cells import cell_len

from manualsmith.extras import needed
from manualsmith.paper.forms.form import Form, FormTable
from manualsmith.paper.html import (
    form_words,
    page_number,
    sandbox,
    template_values,
    told_as_template,
)
from manualsmith.paper.rich_text import Cell, Run, paragraphs
from manualsmith.text import speaking, t

if TYPE_CHECKING:
    from docx.document import Document

# of a page between its margins, and of the labels, in millimetres
_WIDTH, _LABEL = 178.0, 34.0
_TALLEST = 120.0  # of a picture, in millimetres
_NARROWEST, _WIDEST = 10, 44  # half-width characters that a column's width is reckoned from
_LATIN, _CHINESE, _CODE = "Times New Roman", "新細明體", "Consolas"


def write_docx(form: Form, file: Path, own: tuple[str, bytes] | None = None) -> None:
    """Write a form, by a Word template of one's own where there is one: its path and bytes.

    Raises UserError where the extra ``office`` is not installed, or the template is none.
    """
    if own:
        _fill_template(form, file, *own)
        return
    document: Document = needed("docx").Document()
    _sheet(document)
    with speaking(form.language):
        words, footer = form_words(), page_number()
    _head(document, form, words)
    _fields(document, form)
    for table in form.tables:
        _table(document, table, words["none"])
    _pictures(document, form, words)
    document.add_paragraph()
    signatures = document.add_table(rows=1, cols=len(form.signatures), style="Table Grid")
    for cell, who in zip(signatures.rows[0].cells, form.signatures, strict=True):
        cell.text = f"{who}{words['colon']}\n\n\n{words['signed']}"
    _page_numbers(document.sections[0].footer.paragraphs[0], footer)
    document.core_properties.title = f"{form.title} {form.number}"
    document.core_properties.author = ""
    document.save(str(file))


def _fill_template(form: Form, file: Path, path: str, data: bytes) -> None:
    docxtpl = needed("docxtpl")
    from docx.opc.exceptions import PackageNotFoundError

    with told_as_template(path):
        try:
            template = docxtpl.DocxTemplate(BytesIO(data))
            template.render(template_values(form), sandbox(), autoescape=True)
        except (PackageNotFoundError, BadZipFile, KeyError) as error:
            raise ValueError(t("not a Word file")) from error
    template.save(str(file))


def _fields(document: "Document", form: Form) -> None:
    """Write the fields: label and text, and again beside them where both are short."""
    made = document.add_table(rows=0, cols=4, style="Table Grid")
    rows = [(made.add_row().cells, row) for row in form.field_rows]
    _widths(made, (_LABEL, _WIDTH / 2 - _LABEL) * 2)
    for cells, row in rows:
        for number, (label, text) in enumerate(row):
            _fill(cells[2 * number], label, bold=True)
            _fill(cells[2 * number + 1], text)
        if len(row) == 1:
            cells[1].merge(cells[3])


def _pictures(document: "Document", form: Form, words: Mapping[str, str]) -> None:
    """Write the pictures of the record, each with what it is of."""
    from docx.shared import Mm

    if form.pictures:
        document.add_paragraph().add_run(words["pictures"]).bold = True
    for number, one in enumerate(form.pictures, start=1):
        if one.data:
            shape = document.add_picture(BytesIO(one.data))
            scale = min(Mm(_WIDTH) / shape.width, Mm(_TALLEST) / shape.height, 1)
            shape.width, shape.height = int(shape.width * scale), int(shape.height * scale)
        else:
            document.add_paragraph(words["gone"])
        document.add_paragraph(f"{number}. {one.caption}")


def _sheet(document: "Document") -> None:
    """Make the paper A4, its letters those that forms are typed in."""
    from docx.shared import Mm, Pt

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(16)
    section.top_margin, section.bottom_margin = Mm(18), Mm(20)
    style: Any = document.styles["Normal"]
    style.font.name, style.font.size = _LATIN, Pt(11)
    _chinese(style.element.get_or_add_rPr())


def _head(document: "Document", form: Form, words: Mapping[str, str]) -> None:
    """Write whose form it is, its title and its numbers."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt

    if form.mark or form.organisation:
        own = document.add_paragraph()
        if form.mark:
            own.add_run().add_picture(BytesIO(form.mark), height=Mm(12))
        own.add_run(f" {form.organisation}".rstrip())
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = title.add_run(form.title)
    run.bold, run.font.size = True, Pt(18)
    told = [f"{label}{words['colon']}{text}" for label, text in form.whose]
    number = document.add_paragraph("    ".join([f"{words['number']}{form.number}", *told]))
    number.paragraph_format.space_after = Pt(4)


def _fill(cell: Any, text: Cell, *, bold: bool = False) -> None:  # noqa: ANN401 - python-docx's own
    """Write into a cell of a table what stands there: its paragraphs, with their looks."""
    from docx.shared import Mm

    for number, one in enumerate(paragraphs(text)):
        made = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        if one.depth:
            made.paragraph_format.left_indent = Mm(5 * one.depth)
            made.paragraph_format.first_line_indent = Mm(-5 if one.mark else 0)
        for run in (Run(one.mark), *one.runs):
            written = made.add_run(run.text)
            written.bold, written.italic = (bold or run.bold) or None, run.italic or None
            if run.code:
                written.font.name = _CODE


def _chinese(properties: Any) -> None:  # noqa: ANN401 - an lxml element
    """Set the font of Chinese characters, which Word keeps apart from that of letters."""
    from docx.oxml.ns import qn

    properties.get_or_add_rFonts().set(qn("w:eastAsia"), _CHINESE)


def _table(document: "Document", table: FormTable, none: str) -> None:
    from docx.shared import Pt

    heading = document.add_paragraph()
    heading.paragraph_format.keep_with_next = True
    heading.paragraph_format.space_before = Pt(12)
    heading.paragraph_format.space_after = Pt(4)
    heading.add_run(table.title).bold = True
    made = document.add_table(rows=1, cols=len(table.headings), style="Table Grid")
    for cell, text in zip(made.rows[0].cells, table.headings, strict=True):
        _fill(cell, text, bold=True)
    for row in table.rows or ((none,),):
        cells = made.add_row().cells
        for cell, said in zip(cells, row, strict=False):
            _fill(cell, said)
        if len(row) < len(cells):
            cells[len(row) - 1].merge(cells[-1])

    whole = [row for row in table.rows if len(row) == len(table.headings)]
    longest = [
        max(cell_len(one.text) for row in (table.headings, *whole) for one in paragraphs(row[at]))
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
