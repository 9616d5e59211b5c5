"""A change of main that nobody suggested, explained after the fact."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, ValidationError

from manualsmith.errors import UserError
from manualsmith.layout import writing
from manualsmith.markdown.edit_models import Model
from manualsmith.records.models.fields import Moment, ObjectId, OneLine, Text
from manualsmith.records.models.suggestion import TextChange
from manualsmith.records.problems import in_order, problems_of
from manualsmith.records.yaml.read_yaml import read
from manualsmith.records.yaml.write_yaml import emit
from manualsmith.text import t

TITLE = "手冊直接修改紀錄"


class HandEditPage(Model):
    """A file of a manual that the commit changed: its path in the repository, and what it says."""

    model_config = ConfigDict(title="頁面")

    path: OneLine
    changes: tuple[TextChange, ...] = ()


class HandEdit(Model):
    """Who changed the manual with which commit, and who says since when, and why, that is right."""

    model_config = ConfigDict(title=TITLE)

    schema_: Annotated[Literal["manualsmith/hand-edit/v1"], Field(alias="schema")] = (
        "manualsmith/hand-edit/v1"
    )
    commit: ObjectId
    subject: str
    author: OneLine
    at: Moment
    adopted_by: OneLine
    adopted_at: Moment
    reason: Text
    pages: tuple[HandEditPage, ...]


def dump_hand_edit(record: HandEdit) -> bytes:
    """Return a record's bytes: YAML in the model's order; what is empty is left out."""
    values = record.model_dump(mode="json", exclude_defaults=True, exclude={"schema_"})
    with writing():
        title = t("Record of a change by hand")
    return f"# {title}\n{emit({'schema': record.schema_, **values})}".encode()


def parse_hand_edit(data: bytes, file: str) -> HandEdit:
    """Return the record in a file's bytes. Raises UserError with all that is wrong with it."""
    document = read(data, file)
    problems = [*document.problems]
    try:
        record = HandEdit.model_validate(document.value)
    except ValidationError as error:
        raise UserError(in_order([*problems, *problems_of(error, document, HandEdit)])) from error
    if problems:
        raise UserError(in_order(problems))
    return record
