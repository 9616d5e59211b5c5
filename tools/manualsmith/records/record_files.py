"""Records of the service desk as YAML files: which kinds there are, reading and writing one."""

from importlib import import_module
from typing import TypeVar

from pydantic import ValidationError

from manualsmith.errors import UserError
from manualsmith.layout import RECORDS, writing
from manualsmith.records.models.confirmation import Confirmation
from manualsmith.records.models.incident import Incident
from manualsmith.records.models.request import Request
from manualsmith.records.models.walkthrough import Walkthrough
from manualsmith.records.problems import control_characters, in_order, problems_of
from manualsmith.records.yaml.read_yaml import Document, read
from manualsmith.records.yaml.swallowed_text import swallowed
from manualsmith.records.yaml.write_yaml import emit
from manualsmith.text import t

DeskRecord = Request | Incident | Walkthrough
Record = TypeVar("Record", Request, Incident, Walkthrough)
AnyRecord = TypeVar("AnyRecord", Request, Incident, Walkthrough, Confirmation)

AnyModel = type[Request] | type[Incident] | type[Walkthrough] | type[Confirmation]


def model_of(prefix: str) -> AnyModel:
    """Return the model of the records whose ids begin with *prefix*."""
    module, _, name = RECORDS[prefix].model.partition(".")
    found: AnyModel = getattr(import_module(f"manualsmith.records.models.{module}"), name)
    return found


def dump_record(record: DeskRecord) -> str:
    """Return a record's YAML text, in its model's order; what is None or empty is left out."""
    values = record.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    kind = RECORDS[record.id[:3]]
    with writing():
        title = t(kind.label)
    return f"# {title} ({kind.output})\n" + emit({"schema": record.schema_, **values})


def parse_record(kind: type[Record], data: bytes, file: str) -> Record:
    """Return the record in a file's bytes. Raises UserError with all that is wrong with it."""
    return read_record(kind, data, file)[0]


def read_record(kind: type[Record], data: bytes, file: str) -> tuple[Record, Document]:
    """Return a file's record, and where each of its values stands. Raises as `parse_record`."""
    document = read(data, file)
    problems = list(document.problems)
    problems += control_characters(document)
    problems += swallowed(document, kind)
    record = None
    try:
        record = kind.model_validate(document.value)
    except ValidationError as error:
        problems += problems_of(error, document, kind)
    if record is None or problems:
        raise UserError(in_order(problems))
    return record, document
