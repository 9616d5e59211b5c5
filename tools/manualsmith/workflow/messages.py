"""Commit messages that a reviewer can read in ``git log``, with trailers that a machine can.

They are in the manuals' language, not the reader's: the same input gives the same message.
"""

import unicodedata

from manualsmith.records.confirmation import Confirmation
from manualsmith.workflow.deriving import Draft

SUBJECT_WIDTH = 68


def suggestion_message(draft: Draft, confirmation: Confirmation) -> str:
    """Return the message of a suggestion's commit: what, why, from which confirmation."""
    record, manual = draft.record, draft.proposal.manual
    subject = _cut(f"{manual.title}：{_one_line(record.summary)}", SUBJECT_WIDTH)
    source = f"系統環境確認書 {confirmation.id}（{confirmation.date}，{confirmation.product}）"
    body = [
        f"理由：{_one_line(record.reason)}",
        f"依據：{source}" + (f"，{confirmation.staff}" if confirmation.staff else ""),
        f"反映：{_one_line(confirmation.reported)}" if confirmation.reported else "",
    ]
    pages = ["修正："] + [
        f"- {manual.folder}/{edit.page}"
        + "".join(f" › {title}" for title in (edit.changes[0].section if edit.changes else ()))
        + f"（{edit.edit.action}）"
        for edit in record.edits
    ]
    trailers = [
        f"Suggestion: {record.id}",
        f"Output: {record.output}",
        *(f"Indicator: {indicator}" for indicator in record.indicators),
        f"Confirmation: {record.confirmation.id}",
        f"Confirmation-Blob: {record.confirmation.blob}",
    ]
    parts = ["\n".join(line for line in body if line), "\n".join(pages), "\n".join(trailers)]
    return "\n\n".join([subject, *parts]) + "\n"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def width(text: str) -> int:
    """Return how many terminal columns *text* takes: a full-width character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _cut(text: str, columns: int) -> str:
    if width(text) <= columns:
        return text
    while width(text) > columns - 1:
        text = text[:-1]
    return text.rstrip() + "…"
