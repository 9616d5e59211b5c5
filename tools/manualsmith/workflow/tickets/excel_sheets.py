"""The sheets of an Excel file as texts, as a person sees them: a format's zeros are kept."""

import io
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from manualsmith.errors import Place, UserError
from manualsmith.extras import needed
from manualsmith.text import t

# 00000, "T-"00000 or \T00000: a number with zeros before it, between texts
_LITERAL = r"""((?:"[^"]*"|\\.|[-])*)"""
_ZEROS = re.compile(_LITERAL + r"(0{2,})" + _LITERAL)
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_WEB_PAGE = re.compile(rb"\s*<(!doctype|html|table|meta|\?xml)", re.IGNORECASE)


def is_excel(data: bytes) -> bool:
    """Tell whether a file is of Excel's kind (.xlsx), by how it begins."""
    return data[:2] == b"PK"


def refuse_lookalikes(data: bytes, place: Place) -> None:
    """Raise UserError for what ticket systems call .xls: Excel's old format, and web pages."""
    hint = t("open it and save it as .xlsx or as CSV UTF-8")
    if data.startswith(_OLD_EXCEL):
        raise UserError(t("Excel's format before 2007"), place, hint)
    if _WEB_PAGE.match(data.removeprefix(b"\xef\xbb\xbf")):
        raise UserError(t("a web page or XML, and no table"), place, hint)


def excel_sheets(data: bytes, place: Place) -> dict[str, list[list[str]]]:
    """Return each sheet's rows by its name. Raises UserError where it is no Excel file."""
    openpyxl = needed("openpyxl")
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        return {sheet.title: list(_rows(sheet)) for sheet in book.worksheets}
    except Exception as error:  # openpyxl raises whatever a damaged file leads it to
        raise UserError(t("not an Excel file: {reason}", reason=error), place) from error


def _rows(sheet: Any) -> Iterator[list[str]]:  # noqa: ANN401 - openpyxl's
    sheet.reset_dimensions()  # other programs write wrong ones
    for row in sheet.iter_rows():
        yield [_as_seen(cell.value, cell.number_format) for cell in row]


def _as_seen(value: object, number_format: str) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    zeros = _ZEROS.fullmatch(number_format.split(";")[0])
    if zeros and isinstance(value, int) and value >= 0:
        before, after = (re.sub(r'"|\\(.)', r"\1", part) for part in (zeros[1], zeros[3]))
        return f"{before}{value:0{len(zeros[2])}}{after}"
    return str(value)
