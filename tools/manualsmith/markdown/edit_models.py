"""The models of the edit actions: the fields that each one takes.

A target names a page's section by its heading path and, where needed, a quote, a step, a table cell
or an entry. Quotes follow the W3C Web Annotation TextQuoteSelector (exact, prefix, suffix).
"""

import re
import unicodedata
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from manualsmith.naming import PICTURE_NAME
from manualsmith.text import t

_PICTURE = re.compile(PICTURE_NAME)
_ALT_LENGTH = 300


def _one_item_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _quote_from_text(value: object) -> object:
    return {"exact": value} if isinstance(value, str) else value


def _scalar_text(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


def _wrong(message: str) -> PydanticCustomError:
    return PydanticCustomError("value_error", "{error}", {"error": message})


def _picture_name(name: str) -> str:
    if not _PICTURE.fullmatch(name):
        raise _wrong(
            t(
                "a picture's name as it is kept, such as {name}, or the name of a file beside the "
                "confirmation that suggest is given",
                name="0123456789abcdef.png",
            )
        )
    return name


def _alternative(text: str) -> str:
    """Return a picture's text for those who do not see it, if it is one line of words."""
    if not text.strip():
        raise _wrong(t("say in a few words what the picture shows, for those who do not see it"))
    if len(text) > _ALT_LENGTH or any(unicodedata.category(one) in _BREAKING for one in text):
        raise _wrong(t("one line of at most {count} characters", count=_ALT_LENGTH))
    return " ".join(text.split())


# control characters, and what breaks a line
_BREAKING = ("Cc", "Zl", "Zp")

Words = Annotated[str, StringConstraints(min_length=1, pattern=r"\S")]
OneLine = Annotated[str, StringConstraints(min_length=1, pattern=r"^[^\r\n]*\S[^\r\n]*$")]
HeadingPath = Annotated[
    tuple[OneLine, ...],
    BeforeValidator(_one_item_list),
    Field(
        min_length=1,
        description="標題路徑：由外到內的標題文字；外層的標題可以省略，只要還能分辨是哪一節",
    ),
]
Ordinal = Annotated[int, Field(ge=1, le=100_000)]
StepNumber = Annotated[
    str,
    BeforeValidator(lambda value: str(value) if type(value) is int else value),
    StringConstraints(pattern=r"^[1-9]\d{0,4}(\.[1-9]\d{0,4}){0,5}$"),
    Field(description="步驟編號，例如 3；子步驟寫成 3.2"),
]
Side = Literal["before", "after"]


class Model(BaseModel):
    """A frozen value in which an unknown field is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Quote(Model):
    """Words on a page, with those just before and after them where needed to tell them apart."""

    exact: str = ""
    prefix: str = ""
    suffix: str = ""

    @model_validator(mode="after")
    def _something_to_find(self) -> Self:
        if not (self.exact or self.prefix or self.suffix):
            raise ValueError(t("a quote needs words: exact, or prefix and suffix for an insertion"))
        return self


QuoteField = Annotated[Quote, BeforeValidator(_quote_from_text)]


class EditPicture(Model):
    """A picture that an edit brings to its page: its name as it is kept, and what it shows."""

    file: Annotated[
        str,
        AfterValidator(_picture_name),
        Field(description="圖檔：和確認書放在一起的檔名，或 confirm picture 給的名稱"),
    ]
    alt: Annotated[
        str,
        AfterValidator(_alternative),
        Field(description="替代文字：看不到圖片的人聽到或看到的一句話"),
    ]


PictureField = Annotated[
    EditPicture | None,
    Field(description="放在文字後面的圖片；文字裡有 {picture} 就放在那裡"),
]


class EditAction(Model):
    """What is to be done at one place of a page."""

    if TYPE_CHECKING:  # each action names its own, in its own place among its fields
        action: str


class _InSection(EditAction):
    section: HeadingPath | None = None


class ReplaceText(_InSection):
    """Put *text* where the quote stands."""

    action: Literal["replace-text"]
    quote: QuoteField
    text: str
    picture: PictureField = None


class DeleteText(_InSection):
    """Remove the quoted words."""

    action: Literal["delete-text"]
    quote: QuoteField


class InsertText(_InSection):
    """Put *text* right before or after the quoted words."""

    action: Literal["insert-text"]
    quote: QuoteField
    position: Side = "after"
    text: Words
    picture: PictureField = None


class _Step(_InSection):
    step: StepNumber
    list: Annotated[Ordinal | None, Field(description="同一節有好幾份步驟時，第幾份")] = None
    quote: Annotated[Words | None, Field(description="該步驟裡的文字，用來確認沒有找錯")] = None


class ReplaceStep(_Step):
    """Put *text*, without its number, in place of a numbered step and what it holds."""

    action: Literal["replace-step"]
    text: Words
    picture: PictureField = None


class InsertStep(_Step):
    """Add a step before or after a numbered one; what follows is numbered anew."""

    action: Literal["insert-step"]
    position: Side = "after"
    text: Words
    picture: PictureField = None


class DeleteStep(_Step):
    """Remove a numbered step; what follows is numbered anew."""

    action: Literal["delete-step"]


class MoveStep(_Step):
    """Put a numbered step, with all it holds, before or after another one of its list."""

    action: Literal["move-step"]
    to: Annotated[StepNumber, Field(description="移到同一份步驟的哪一步旁邊")]
    position: Side = "after"


class ReplaceSection(EditAction):
    """Put *text* in place of all that a heading holds; *heading* renames it."""

    action: Literal["replace-section"]
    section: HeadingPath
    text: Words
    heading: OneLine | None = None
    picture: PictureField = None


class RenameSection(EditAction):
    """Give a section another heading; its text, its id and what links to it stay."""

    action: Literal["rename-section"]
    section: HeadingPath
    heading: OneLine


class AppendToSection(EditAction):
    """Add *text* at the end of a section's own text, before its subsections."""

    action: Literal["append-to-section"]
    section: HeadingPath
    text: Words
    picture: PictureField = None


class InsertSection(EditAction):
    """Add a section beside another one, or as its last subsection (*inside*)."""

    action: Literal["insert-section"]
    section: HeadingPath
    position: Literal["before", "after", "inside"] = "after"
    heading: OneLine
    text: Words
    picture: PictureField = None


class DeleteSection(EditAction):
    """Remove a heading and all that it holds."""

    action: Literal["delete-section"]
    section: HeadingPath


class _Table(_InSection):
    table: Annotated[Ordinal | None, Field(description="同一節有好幾張表格時，第幾張")] = None


# A YAML plain scalar reaches us as text, so a row is named by text: digits count rows.
CellName = Annotated[
    OneLine,
    BeforeValidator(lambda value: str(value) if type(value) is int else value),
    Field(description="第幾列（不含標題列）或第幾欄，或該列第一格、該欄標題的文字"),
]


class SetCell(_Table):
    """Put *text* in one cell of a table."""

    action: Literal["set-cell"]
    row: CellName
    column: CellName
    text: str
    picture: PictureField = None


class AddRow(_Table):
    """Add a row, at the table's end or beside *row*."""

    action: Literal["add-row"]
    cells: tuple[str, ...] | dict[str, str]
    row: CellName | None = None
    position: Side = "after"


class DeleteRow(_Table):
    """Remove one row."""

    action: Literal["delete-row"]
    row: CellName


class Entry(Model):
    """A troubleshooting entry: the symptom is its heading."""

    symptom: OneLine
    environment: Words | None = None
    cause: Words | None = None
    resolution: Annotated[tuple[Words, ...], BeforeValidator(_one_item_list), Field(min_length=1)]


class EntryChange(Model):
    """The parts of an entry that change."""

    symptom: OneLine | None = None
    environment: Words | None = None
    cause: Words | None = None
    resolution: Annotated[
        tuple[Words, ...] | None, BeforeValidator(_one_item_list), Field(min_length=1)
    ] = None

    @model_validator(mode="after")
    def _something_changes(self) -> Self:
        if not self.model_fields_set:
            raise ValueError(t("an entry's change needs symptom, environment, cause or resolution"))
        return self


class AddEntry(_InSection):
    """Add a troubleshooting entry at the end of the page, or inside *section*."""

    action: Literal["add-entry"]
    entry: Entry
    picture: PictureField = None


class ReplaceEntry(EditAction):
    """Change parts of the entry that *section* names; what is not named stays."""

    action: Literal["replace-entry"]
    section: HeadingPath
    entry: EntryChange
    picture: PictureField = None


class AddPage(EditAction):
    """Make a page; its place in the nav follows from its folder, *title* and *order*."""

    action: Literal["add-page"]
    title: OneLine
    text: Words
    order: int | None = None
    product: OneLine | None = None
    environment: dict[str, dict[str, str]] | None = None
    picture: PictureField = None


class MovePage(EditAction):
    """Give a page another path in its manual; its address leads there, and links to it follow."""

    action: Literal["move-page"]
    to: Annotated[OneLine, Field(description="新的路徑，相對於手冊的資料夾")]


class RemovePage(EditAction):
    """Take a page away; its address, and links to it, lead to the page that takes its place."""

    action: Literal["remove-page"]
    replaced_by: Annotated[OneLine, Field(description="接替它的頁面，相對於手冊的資料夾")]


class SetFrontMatter(EditAction):
    """Set one value of a page's front matter; *key* is the path to it."""

    action: Literal["set-front-matter"]
    key: Annotated[
        tuple[Words, ...], BeforeValidator(_one_item_list), Field(min_length=1, max_length=8)
    ]
    value: Annotated[str, BeforeValidator(_scalar_text), StringConstraints(pattern=r"^[^\r\n]*$")]


class ReplaceFact(EditAction):
    """Give a page's fact another value: in its front matter, and where the old value stands.

    settings: the facts, by category, that the settings bind to the page with the old value.
    """

    action: Literal["replace-fact"]
    category: OneLine
    fact: OneLine
    documented: OneLine
    observed: OneLine
    settings: dict[str, dict[str, str]] = {}


# what an edit puts onto the page; its other fields say where
WORDING = {"text", "heading", "title", "cells", "entry"}


def same_place(one: EditAction, other: EditAction) -> bool:
    """Return whether two edits do the same at the same place, whatever words they put there."""
    return one.model_dump(exclude=WORDING) == other.model_dump(exclude=WORDING)
