"""Find one record of any kind by its id."""

from pathlib import Path

from manualsmith.errors import UserError
from manualsmith.records.models.confirmation import Confirmation
from manualsmith.records.models.incident import Incident
from manualsmith.records.models.request import Request
from manualsmith.records.models.suggestion import Suggestion
from manualsmith.records.models.walkthrough import Walkthrough
from manualsmith.workflow.queue.show_suggestion import show
from manualsmith.workflow.service.service_records import missing, read_desk, records_of
from manualsmith.workflow.workspace.open_workspace import Workspace


def record_named(
    workspace: Workspace, record_id: str
) -> Confirmation | Suggestion | Walkthrough | Request | Incident:
    """Return the record of that id; a suggestion open or decided.

    A confirmation that only a suggestion's branch has is found there. Raises UserError where there
    is none, with the nearest ids.
    """
    desk = read_desk(records_of(workspace))
    if record_id in desk.by_id:
        return desk.by_id[record_id]
    try:
        return show(workspace, record_id).record
    except UserError as error:
        own = [one for one in desk.problems if Path(one.place.file or "").stem == record_id]
        raise (UserError(own) if own else missing(record_id, list(desk.by_id))) from error
