"""The pictures that a record has, and what each of them is of."""

from collections.abc import Iterable, Iterator

from manualsmith.markdown.actions.picture_words import picture_of
from manualsmith.paper.forms.form import FormPicture
from manualsmith.records.models.confirmation import Confirmation
from manualsmith.records.models.incident import Incident, move_name
from manualsmith.records.models.moments import with_offset
from manualsmith.records.models.request import Request
from manualsmith.records.models.suggestion import Suggestion
from manualsmith.records.models.walkthrough import Walkthrough
from manualsmith.text import t


def pictures_of(
    record: Confirmation | Suggestion | Walkthrough | Request | Incident,
) -> Iterator[FormPicture]:
    """Yield the pictures of a record, in its order."""
    if isinstance(record, Suggestion):
        for edit in record.edits:
            if (brought := picture_of(edit.edit)) and edit.picture:
                yield FormPicture(brought.alt, brought.file, blob=edit.picture)
    for caption, names in _captioned(record):
        for name in names:
            yield FormPicture(caption, name)


def _captioned(record: object) -> Iterable[tuple[str, tuple[str, ...]]]:
    if isinstance(record, Request):
        return [(t("the user's screen"), record.pictures)]
    if isinstance(record, Incident):
        moves = record.log
        return [(f"{with_offset(one.at)} {move_name(one.move)}", one.pictures) for one in moves]
    if isinstance(record, Walkthrough):
        return [
            (f"{(one.tab or one.section[-1])} {t('step {number}', number=one.step)}", one.pictures)
            for one in record.steps
        ]
    if isinstance(record, Confirmation):
        return [
            (f"{t('finding {number}', number=one.id)}{t(': ')}{one.summary}", one.pictures)
            for one in record.findings
        ]
    return []
