"""The environment confirmation (系統環境確認書, O1.1.1): what was seen beside what the manual says.

The five categories of an environment are note 1 of the standard IIS3512-001v1.
"""

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import ConfigDict, Field, ValidationError

from manualsmith.errors import Problem, UserError
from manualsmith.layout import first_manual
from manualsmith.markdown.action_table import ACTIONS, Edit, one_of
from manualsmith.markdown.edit_models import HeadingPath, Model
from manualsmith.records.models.environment import Environment
from manualsmith.records.models.fields import (
    CategoryName,
    ConfirmationId,
    Day,
    ManualName,
    NoneIsNoList,
    NoneIsNoMapping,
    OneLine,
    PagePath,
    PictureName,
    Release,
    SourceId,
    Text,
)
from manualsmith.records.problems import (
    control_characters,
    field_name,
    in_order,
    problems_of,
)
from manualsmith.records.yaml.read_yaml import Document, Path, read
from manualsmith.records.yaml.swallowed_text import swallowed
from manualsmith.records.yaml.write_yaml import emit
from manualsmith.text import t

if TYPE_CHECKING:
    FindingEdit = Edit
else:  # a fact's edit follows from the environment; nobody writes it as a finding
    FindingEdit = one_of(kind for kind in ACTIONS.values() if kind.finding)


class Confirmed(Model):
    """A page, or a section of it, that was followed and held."""

    model_config = ConfigDict(title="照手冊操作無誤")

    page: Annotated[PagePath, Field(description="頁面，相對於手冊的資料夾")]
    section: HeadingPath | None = None
    manual: Annotated[ManualName, Field(description="哪一本手冊")] = Field(
        default_factory=lambda: first_manual("operation").name
    )


class Finding(Model):
    """One thing that the manual should say otherwise, and the edit that mends it."""

    model_config = ConfigDict(title="發現")

    id: Annotated[int, Field(ge=1, le=999_999, description="編號，同一份確認書內不重複")]
    summary: Annotated[OneLine, Field(description="一句話說明改了什麼")]
    manual: Annotated[
        ManualName, Field(description="operation 操作手冊；troubleshooting 障礙排除手冊")
    ]
    page: Annotated[PagePath, Field(description="頁面，相對於手冊的資料夾")]
    reason: Annotated[Text, Field(description="為什麼要改")]
    edit: Annotated[FindingEdit, Field(description="怎麼改")]
    pictures: Annotated[
        tuple[PictureName, ...],
        NoneIsNoList,
        Field(description="畫面的圖檔，名稱由 confirm picture 給"),
    ] = ()


class Confirmation(Model):
    """One environment confirmation."""

    model_config = ConfigDict(title="系統環境確認書（O1.1.1）")

    schema_: Annotated[Literal["manualsmith/confirmation/v1"], Field(alias="schema")]
    id: Annotated[ConfirmationId, Field(description="編號", examples=["ENV-2026-0007"])]
    date: Annotated[Day, Field(description="確認日期", examples=["2026-11-20"])]
    product: Annotated[OneLine, Field(description="產品", examples=["nextcloud"])]
    release: Annotated[
        Release | None,
        Field(description="手冊屬於產品的哪一個舊版；照目前的手冊就省略", examples=["30"]),
    ] = None
    draft: Annotated[bool, Field(description="程式起草的，還沒有人看過；看過之後刪掉這一行")] = (
        False
    )
    staff: Annotated[
        OneLine | None,
        Field(description="確認人員的員工編號或職務，不寫姓名", examples=["S-0412"]),
    ] = None
    reported: Annotated[Text, Field(description="使用者反映的情形")]
    request: Annotated[SourceId | None, Field(description="由哪一份申請單而來")] = None
    environment: Annotated[Environment, NoneIsNoMapping, Field(description="觀察到的環境")]
    checked: Annotated[
        tuple[CategoryName, ...],
        NoneIsNoList,
        Field(description="檢視過、沒有要記錄的環境類別"),
    ] = ()
    confirmed: Annotated[
        tuple[Confirmed, ...], NoneIsNoList, Field(description="照著做而且無誤的頁面或章節")
    ] = ()
    findings: Annotated[
        tuple[Finding, ...], NoneIsNoList, Field(description="手冊應該修正的地方")
    ] = ()
    conclusion: Annotated[Text | None, Field(description="結論；省略時由上面的內容得出")] = None


def dump_confirmation(confirmation: Confirmation) -> str:
    """Return a confirmation as YAML text, in the model's order; what is empty is left out."""
    values = confirmation.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    written = {"schema": confirmation.schema_, **values}
    for finding, one in zip(written.get("findings", ()), confirmation.findings, strict=True):
        finding["edit"] = one.edit.model_dump(mode="json", exclude_unset=True)
    written.setdefault("environment", {})
    head = "# yaml-language-server: $schema=../schema/confirmation.json\n"
    return head + emit(written)


def parse_confirmation(data: bytes, file: str) -> Confirmation:
    """Return the confirmation in a file's bytes. Raises UserError with all that is wrong."""
    return read_confirmation(data, file)[0]


@lru_cache(maxsize=1024)
def read_confirmation(data: bytes, file: str) -> tuple[Confirmation, Document]:
    """Return a file's confirmation, and where each of its values stands.

    *file* is the name that problems show. Raises UserError with all that is wrong with the file.
    """
    document = read(data, file)
    problems = [*document.problems, *control_characters(document), *_twice(document)]
    problems += swallowed(document, Confirmation)
    confirmation = None
    try:
        confirmation = Confirmation.model_validate(document.value)
    except ValidationError as error:
        problems += problems_of(error, document, Confirmation)
    if confirmation is None or problems:
        raise UserError(in_order(problems))
    return confirmation, document


def _twice(document: Document) -> Iterator[Problem]:
    """Yield a problem for each finding's id and each fact's name that is there already."""
    value = document.value
    numbered = [(("findings", i, "id"), item.get("id")) for i, item in _items(value, "findings")]
    environment = value.get("environment")
    named = [
        (("environment", category, i, "fact"), item.get("fact"))
        for category in (environment if isinstance(environment, dict) else ())
        for i, item in _items(environment, category)
    ]
    for entries in (numbered, named):
        yield from _repeated(document, entries)


def _items(above: object, name: str) -> list[tuple[int, dict[str, Any]]]:
    items = above.get(name) if isinstance(above, dict) else None
    listed = items if isinstance(items, list) else []
    return [(number, item) for number, item in enumerate(listed) if isinstance(item, dict)]


def _repeated(document: Document, entries: list[tuple[Any, Any]]) -> Iterator[Problem]:
    first: dict[str, Path] = {}
    used: dict[str, list[Path]] = defaultdict(list)
    for path, name in entries:
        if isinstance(name, str) and first.setdefault(name, path) is not path:
            used[name].append(path)
    for name, paths in used.items():
        for path in paths:
            yield Problem(
                t(
                    "{field} is {name}, which stands already at {place}",
                    field=field_name(path),
                    name=name,
                    place=document.place(first[name]),
                ),
                document.place(path),
                t("give it another one"),
            )
