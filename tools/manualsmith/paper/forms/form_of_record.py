"""The form that a record is on paper."""

from collections.abc import Callable
from typing import Any

from manualsmith.layout import MANUALS, RECORDS, manuals_language, organisation
from manualsmith.paper.forms.confirmation_contents import confirmation_fields, confirmation_tables
from manualsmith.paper.forms.form import Fields, Form, FormTable, signatures_of, whose
from manualsmith.paper.forms.form_sources import FormSources
from manualsmith.paper.forms.picture_captions import pictures_of
from manualsmith.paper.forms.service_contents import (
    incident_fields,
    incident_tables,
    request_fields,
    request_tables,
)
from manualsmith.paper.forms.suggestion_contents import suggestion_fields, suggestion_tables
from manualsmith.paper.forms.walkthrough_contents import walkthrough_fields, walkthrough_tables
from manualsmith.records.models.confirmation import Confirmation
from manualsmith.records.models.incident import Incident
from manualsmith.records.models.output_names import output_title
from manualsmith.records.models.request import Request
from manualsmith.records.models.suggestion import Suggestion
from manualsmith.records.models.walkthrough import Walkthrough
from manualsmith.text import paper_language, speaking

Record = Confirmation | Suggestion | Walkthrough | Request | Incident
_CONTENTS: dict[
    type,
    tuple[
        Callable[[Any, FormSources], Fields], Callable[[Any, FormSources], tuple[FormTable, ...]]
    ],
] = {
    Confirmation: (confirmation_fields, confirmation_tables),
    Suggestion: (suggestion_fields, suggestion_tables),
    Walkthrough: (walkthrough_fields, walkthrough_tables),
    Request: (request_fields, request_tables),
    Incident: (incident_fields, incident_tables),
}


def output_of(record: Record) -> str:
    """Return the standard's number of the form that a record is."""
    if isinstance(record, Suggestion):
        return MANUALS[record.manual].output
    return RECORDS[record.id[:3]].output


def form_of(record: Record, sources: FormSources) -> Form:
    """Return the form that a record is on paper, in `paper_language`, without a mark."""
    output = output_of(record)
    fields, tables = _CONTENTS[type(record)]
    language = paper_language(manuals_language())
    with speaking(language):
        return Form(
            title=output_title(output),
            output=output,
            number=record.id,
            fields=fields(record, sources),
            tables=tables(record, sources),
            signatures=signatures_of(output),
            language=language,
            whose=whose(output),
            organisation=organisation().name,
            pictures=tuple(pictures_of(record)),
        )
