"""A form as it is printed: title and number, fields, tables and lines to sign on.

The forms are the six outputs of the standard IIS3512-001v1. They are in the manuals' language
unless another one is named: they are handed in and filed.
"""

from dataclasses import dataclass

from rich.cells import cell_len

from manualsmith.layout import organisation
from manualsmith.paper.rich_text import Cell
from manualsmith.text import Language, t

# half-width characters that the narrower place of a field has room for
_SHORT = 26
Row = tuple[Cell, ...]
Fields = tuple[tuple[str, Cell], ...]


@dataclass(frozen=True)
class FormTable:
    """A table on a form; the last cell of a row that is shorter than the headings spans the rest.

    One without rows says that there is nothing. headings: empty for one row that says it all.
    """

    title: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class FormPicture:
    """A picture on a form: what it is of, its name, and its bytes where it is to be printed.

    blob: of one that a suggestion brings to a page, and that is not among the records.
    """

    caption: str
    name: str
    data: bytes = b""
    blob: str = ""


@dataclass(frozen=True)
class Form:
    """One form; ``fields`` are pairs of a label and what stands there, which may be nothing yet.

    output: the standard's number. number: the record's. whose: the organisation's name, form number
    and the like, pairs as well; mark: its picture, as bytes.
    """

    title: str
    output: str
    number: str
    fields: Fields
    tables: tuple[FormTable, ...]
    signatures: tuple[str, ...]
    language: Language
    whose: tuple[tuple[str, str], ...] = ()
    organisation: str = ""
    mark: bytes = b""
    pictures: tuple[FormPicture, ...] = ()

    @property
    def field_rows(self) -> list[Fields]:
        """The fields, two in a row where both are short."""
        rows: list[Fields] = []
        for field in self.fields:
            if rows and len(rows[-1]) == 1 and _is_short(rows[-1][0]) and _is_short(field):
                rows[-1] = (*rows[-1], field)
            else:
                rows.append((field,))
        return rows


def _is_short(field: tuple[str, Cell]) -> bool:
    text = field[1]
    return isinstance(text, str) and "\n" not in text and cell_len(text) <= _SHORT


def signatures_of(output: str) -> tuple[str, ...]:
    """Return who signs a form: as set, else staff and supervisor, and the user where one is."""
    if own := organisation().form(output).signatures:
        return own
    second = t("Confirmed by the user") if output.startswith("O2") else t("Checked by")
    return t("Handled by"), second, t("Supervisor")


def whose(output: str) -> tuple[tuple[str, str], ...]:
    """Return the number and edition of a form, and how long it is kept; what is set of them."""
    own = organisation().form(output)
    number = f"{own.number} ({output})" if own.number else output
    pairs = (
        (t("Form"), number),
        (t("Edition"), own.edition),
        (t("Kept for"), own.retention or organisation().retention),
    )
    return tuple((label, text) for label, text in pairs if text)
