"""Commit messages that a reviewer can read in ``git log``, with trailers that a machine can.

They are in the manuals' language, not the reader's: the same input gives the same message.
"""

import unicodedata
from collections.abc import Callable, Iterator, Sequence

from manualsmith.layout import MANUALS, writing
from manualsmith.naming import one_line
from manualsmith.records.models.confirmation import Confirmation
from manualsmith.records.models.suggestion import Suggestion
from manualsmith.text import LANGUAGES, speaking, t
from manualsmith.workflow.queue.decision_words import way_name

SUBJECT_WIDTH = 68
_LONGEST = 500  # characters of a comment


def decided_name(state: str) -> str:
    """Return what was done to a suggestion, as a commit's subject has it."""
    names = {
        "accepted": t("Accepted"),
        "rejected": t("Rejected"),
        "withdrawn": t("Withdrawn"),
        "superseded": t("Covered by others"),
        "reverted": t("Taken back"),
    }
    return names[state]


def suggestion_message(record: Suggestion, confirmations: Sequence[Confirmation]) -> str:
    """Return the message of a suggestion's commit: what, why, from which confirmations."""
    with writing(record.manual):
        return _suggested(record, confirmations)


def is_suggestion_message(
    text: str, record: Suggestion, confirmations: Sequence[Confirmation]
) -> bool:
    """Return whether *text* is that, in a language that the manual may have had then."""
    return any(text.strip() == one.strip() for one in _in_each(_suggested, record, confirmations))


def is_decision_message(text: str, record: Suggestion) -> bool:
    """Return whether *text* is `decision_message`'s, in a language as above."""
    return any(text.strip() == one.strip() for one in _in_each(_decided, record))


def _in_each(make: Callable[..., str], *of: object) -> Iterator[str]:
    for language in LANGUAGES:
        with speaking(language):
            made = make(*of)
        yield made


def _suggested(record: Suggestion, confirmations: Sequence[Confirmation]) -> str:
    title, colon = t(MANUALS[record.manual].label), t(": ")
    reported = one_line(confirmations[0].reported or "")
    body = [
        t("Reason: {reason}", reason=one_line(record.reason)),
        *(t("Rests on: {source}", source=_source(one)) for one in confirmations),
        t("Reported: {words}", words=reported) if reported else "",
        *(
            t("Before: {state} ({reason})", state=decided_name(old.state),
              reason=one_line(old.reason))
            for old in record.history
        ),
    ]  # fmt: skip
    said = [
        f"Comment: {one_line(f'{one.by}, {one.at}: {one.text}')[:_LONGEST]}"
        for one in record.comments
        if one.text
    ]
    return _message(f"{title}{colon}{one_line(record.summary)}", record, body, said)


def decision_message(record: Suggestion) -> str:
    """Return the message of the commit that puts a decided suggestion on main."""
    with writing(record.manual):
        return _decided(record)


def _decided(record: Suggestion) -> str:
    decision = record.decision
    if decision is None:
        raise ValueError(f"{record.id} is not decided")
    title, colon = t(MANUALS[record.manual].label), t(": ")
    state = decided_name(decision.state)
    subject = f"{state}{colon}{title}{colon}{one_line(record.summary)}"
    way = way_name(decision.how) if decision.how else ""
    body = [
        t("Decision: {state}, {by}, {at}", state=state, by=decision.by, at=decision.at),
        t("Through: {way}, {commit}", way=way, commit=decision.commit) if way else "",
        t("Note: {reason}", reason=one_line(decision.reason)) if decision.reason else "",
    ]
    return _message(subject, record, body, [f"Decision: {decision.state}"])


def _message(subject: str, record: Suggestion, body: list[str], trailers: list[str]) -> str:
    sources = (record.confirmation, *record.evidence)
    known = [
        f"Suggestion: {record.id}",
        f"Output: {record.output}",
        *(f"Indicator: {indicator}" for indicator in record.indicators),
        *(line for one in sources for line in _trailers(one.id, one.blob)),
    ]
    parts = [
        _cut(subject, SUBJECT_WIDTH),
        "\n".join(line for line in body if line),
        "\n".join([t("Changes:"), *_pages(record)]),
        "\n".join([*known, *trailers]),
    ]
    return "\n\n".join(parts) + "\n"


def _trailers(confirmation: str, blob: str) -> list[str]:
    return [f"Confirmation: {confirmation}", f"Confirmation-Blob: {blob}"]


def _source(confirmation: Confirmation) -> str:
    source = t(
        "environment confirmation {id} ({date}, {product})",
        id=confirmation.id,
        date=confirmation.date,
        product=confirmation.product,
    )
    who = confirmation.staff
    return t("{source}, {staff}", source=source, staff=who) if who else source


def _pages(record: Suggestion) -> list[str]:
    manual = MANUALS[record.manual]
    return [
        f"- {manual.path(edit.page)}"
        + "".join(f" › {title}" for title in (edit.changes[0].section if edit.changes else ()))
        + t(" ({action})", action=edit.edit.action)
        for edit in record.edits
    ]


def width(text: str) -> int:
    """Return how many terminal columns *text* takes: a full-width character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _cut(text: str, columns: int) -> str:
    if width(text) <= columns:
        return text
    while width(text) > columns - 1:
        text = text[:-1]
    return text.rstrip() + "…"
