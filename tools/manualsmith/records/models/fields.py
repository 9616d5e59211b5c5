"""The field types that records share, each with what is allowed in words."""

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    GetJsonSchemaHandler,
    StringConstraints,
)
from pydantic_core import CoreSchema, PydanticCustomError

from manualsmith.layout import CATEGORIES, MANUALS, PAGE_SUFFIXES, layout, set_labels
from manualsmith.naming import FACT_NAME, PICTURE_NAME, fold, is_fact_name
from manualsmith.organisation import ROLE_NAME
from manualsmith.records.ids import (
    CONFIRMATION_ID,
    INCIDENT_ID,
    RELEASE,
    REQUEST_ID,
    SOURCE_ID,
    SUGGESTION_ID,
    WALKTHROUGH_ID,
)
from manualsmith.text import t

_OBJECT_ID = r"[0-9a-f]{40}(?:[0-9a-f]{24})?"
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_MOMENT = _DATE + r"(?:T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z|[+-][0-9]{2}:[0-9]{2}))?"
# what cannot be in a file's name on Windows, or has a meaning to git there
_BAD_IN_PATH = re.compile('[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029\\\\<>:"|?*]')
_PAGE_LENGTH = 200
_SETTINGS = (".yml", ".yaml")
_PICTURES = (".png", ".jpg")


def wanted(allowed: str) -> PydanticCustomError:
    """Return the error of a validator that takes nothing but *allowed*."""
    return PydanticCustomError("wanted", "{wanted}", {"wanted": allowed})


def _matching(pattern: str, allowed: Callable[[], str]) -> AfterValidator:
    whole = re.compile(pattern)

    def check(value: str) -> str:
        if not whole.fullmatch(value):
            raise wanted(allowed())
        return value

    return AfterValidator(check)


def _none_is_a_list(value: object) -> object:
    return () if value is None else value


def _none_is_a_mapping(value: object) -> object:
    return {} if value is None else value


def _real_date(value: object) -> object:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value if re.fullmatch(_DATE, value) else "")
        except ValueError:
            pass
    if isinstance(value, date):
        return value
    raise wanted(t("a day of the calendar, such as 2026-11-20"))


def _page(path: str) -> str:
    if not (path.endswith(PAGE_SUFFIXES) and _may_be_a_file(path)):
        raise wanted(_page_words())
    return path


def _file(path: str) -> str:
    if not (path.endswith((*PAGE_SUFFIXES, *_SETTINGS, *_PICTURES)) and _may_be_a_file(path)):
        raise wanted(
            t("the path in the repository of a page, a picture, or the settings of the site")
        )
    return path


def _may_be_a_file(path: str) -> bool:
    if len(path) > _PAGE_LENGTH or _BAD_IN_PATH.search(path):
        return False
    return not any(
        not part or part[0] in ". -" or part[-1] in ". " or part.lower().startswith("git~")
        for part in path.split("/")
    )


def _manual(name: str) -> str:
    if name not in MANUALS:
        known = " or ".join(f"'{one}'" for one in MANUALS)
        raise PydanticCustomError("literal_error", "one of {expected}", {"expected": known})
    return name


def _category(name: str) -> str:
    if name not in CATEGORIES:
        raise wanted(t("one of: {names}", names=", ".join(CATEGORIES)))
    return name


class _Manuals:
    """Has a JSON Schema name the manuals of the layout that is in force when it is made."""

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(schema), "enum": list(MANUALS)}


def _page_words() -> str:
    return t("a page's path within its manual, such as sign-in.md or mobile/sign-in.md")


def _fact_name(name: str) -> str:
    if not is_fact_name(name):
        called = (one for one in layout().facts if fold(name) in map(fold, set_labels(one)))
        if known := next(called, None):
            raise wanted(t("the fact's name: {name}", name=known))
        raise wanted(t("small letters and digits, joined by . or -, such as server.version"))
    return name


def _schema_pattern(pattern: str) -> Any:  # noqa: ANN401 - what pydantic.Field returns
    return Field(json_schema_extra={"pattern": f"^(?:{pattern})$"})


OneLine = Annotated[
    str,
    StringConstraints(max_length=300),
    _matching(r"[^\r\n]*\S[^\r\n]*", lambda: t("one line of text that is not blank")),
]
Text = Annotated[
    str,
    StringConstraints(max_length=10_000),
    _matching(r"[\s\S]*\S[\s\S]*", lambda: t("a text that is not blank")),
]
Day = Annotated[date, BeforeValidator(_real_date)]
Moment = Annotated[
    str,
    _matching(_MOMENT, lambda: t("a day or a moment, such as 2026-11-20T09:30:00+08:00")),
]
PagePath = Annotated[str, AfterValidator(_page), _schema_pattern(r"[^/\\\\].*\.mdx?")]
FilePath = Annotated[str, AfterValidator(_file)]
ManualName = Annotated[str, AfterValidator(_manual), _Manuals()]
"""The name of a manual of the layout in force."""
FactName = Annotated[str, AfterValidator(_fact_name), _schema_pattern(FACT_NAME)]
CategoryName = Annotated[
    str,
    AfterValidator(_category),
    Field(json_schema_extra={"enum": list(CATEGORIES)}),
]
RoleName = Annotated[
    str,
    _matching(
        ROLE_NAME, lambda: t("small letters, digits and hyphens, such as {name}", name="vendor")
    ),
]
"""To whom an incident is escalated: a name that `organisation.Organisation` has a label for."""
PictureName = Annotated[
    str,
    _matching(
        PICTURE_NAME,
        lambda: t("a picture's name, as the command that took it said"),
    ),
]
"""A file of `layout.picture_path`."""
ObjectId = Annotated[str, _matching(_OBJECT_ID, lambda: t("a git object id"))]
ConfirmationId = Annotated[
    str,
    _matching(CONFIRMATION_ID, lambda: t("an id such as {id}", id="ENV-2026-0007")),
    _schema_pattern(CONFIRMATION_ID),
]
SourceId = Annotated[
    str,
    _matching(SOURCE_ID, lambda: t("an id such as {id}", id="REQ-2026-0012")),
    _schema_pattern(SOURCE_ID),
]
RequestId = Annotated[
    str, _matching(REQUEST_ID, lambda: t("an id such as {id}", id="REQ-2026-0012"))
]
IncidentId = Annotated[
    str, _matching(INCIDENT_ID, lambda: t("an id such as {id}", id="INC-2026-0004"))
]
WalkthroughId = Annotated[
    str, _matching(WALKTHROUGH_ID, lambda: t("an id such as {id}", id="WLK-2026-0003"))
]
SuggestionId = Annotated[
    str, _matching(SUGGESTION_ID, lambda: t("an id such as {id}", id="ENV-2026-0007-1"))
]
Release = Annotated[
    str,
    _matching(RELEASE, lambda: t("a release such as {id}", id="30")),
    _schema_pattern(RELEASE),
]
# a list or a mapping whose lines were all deleted
NoneIsNoList = BeforeValidator(_none_is_a_list)
NoneIsNoMapping = BeforeValidator(_none_is_a_mapping)
