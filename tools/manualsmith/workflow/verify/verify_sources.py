"""Read the confirmations that a suggestion's record rests on, as its commit has them."""

from manualsmith.errors import UserError
from manualsmith.layout import confirmation_path
from manualsmith.records.models.confirmation import Confirmation, parse_confirmation
from manualsmith.records.models.suggestion import Suggestion
from manualsmith.text import t
from manualsmith.workflow.suggest.agreement import agrees
from manualsmith.workflow.verify.rederive import Rederiver


def sources_of(
    again: Rederiver, commit: str, record: Suggestion
) -> tuple[dict[str, Confirmation], list[str]]:
    """Return the confirmations that a record rests on, by id, and what is wrong with them."""
    found: dict[str, Confirmation] = {}
    faults = []
    for one in (record.confirmation, *record.evidence):
        path = confirmation_path(one.id)
        blob = again.reader.get(f"{commit}:{path}")
        if one.id in found:
            faults.append(t("its record names {id} twice", id=one.id))
        elif blob is None:
            faults.append(t("{path} is missing", path=path))
        elif blob.oid != one.blob:
            faults.append(t("{path} is not as its record says", path=path))
        else:
            try:
                found[one.id] = parse_confirmation(blob.data, path)
            except UserError as error:
                faults += [str(problem) for problem in error.problems]
    for voice in record.evidence:
        said, snapshot = found.get(voice.id), again.snapshot(commit)
        if said and not (said.id == voice.id and agrees(record, voice, said, snapshot)):
            path = confirmation_path(voice.id)
            faults.append(t("{path} does not report the same", path=path))
    return found, faults
