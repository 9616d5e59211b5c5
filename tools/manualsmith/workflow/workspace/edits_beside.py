"""Find the other edits of the same confirmation that a page has already."""

from collections.abc import Iterator

from manualsmith.errors import UserError
from manualsmith.layout import MANUALS, suggestion_path
from manualsmith.markdown.action_table import Action
from manualsmith.records.ids import finding_suggestion_id
from manualsmith.records.models.confirmation import parse_confirmation
from manualsmith.records.models.suggestion import EditRecord, Suggestion, parse_suggestion
from manualsmith.workflow.workspace.snapshot import Snapshot

_MADE = ("accepted", "superseded")


def made_beside(record: Suggestion, edit: EditRecord, snapshot: Snapshot) -> list[Action]:
    """Return the edits of the same confirmation, page and base that *snapshot* has already.

    In the order of the findings, as they were made: a reviewer may have worded one otherwise. A
    record that cannot be read says nothing.
    """
    return [
        one.written
        for other in _records(record, snapshot)
        for one in other.edits
        if one.blob == edit.blob and one.as_asked[0] == edit.as_asked[0]
    ]


def _records(record: Suggestion, snapshot: Snapshot) -> Iterator[Suggestion]:
    """Yield the records of a confirmation's other findings that are in the manual."""
    for finding in _findings(record, snapshot):
        name = finding_suggestion_id(record.confirmation.id, finding)
        path = suggestion_path(MANUALS[record.manual], name)
        data = snapshot.read(path) if name != record.id else None
        if data is None:
            continue
        try:
            other = parse_suggestion(data, path)
        except UserError:
            continue
        if other.decision is None or other.decision.state in _MADE:
            yield other


def _findings(record: Suggestion, snapshot: Snapshot) -> list[int]:
    data = snapshot.object(record.confirmation.blob)
    if data is None:
        return []
    try:
        confirmation = parse_confirmation(data, record.confirmation.id)
    except UserError:
        return []
    return sorted(finding.id for finding in confirmation.findings)
