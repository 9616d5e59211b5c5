"""Commit messages that a reviewer can read in ``git log``, with trailers that a machine can.

They are in the manuals' language, not the reader's: the same input gives the same message.
"""

import unicodedata
from collections.abc import Sequence

from manualsmith.layout import MANUALS
from manualsmith.naming import one_line
from manualsmith.records.models.confirmation import Confirmation
from manualsmith.records.models.suggestion import How, Suggestion

SUBJECT_WIDTH = 68
DECIDED = {
    "accepted": "接受",
    "rejected": "不採用",
    "withdrawn": "撤回",
    "superseded": "已由其他修正涵蓋",
    "reverted": "復原",
}
WAYS: dict[How, str] = {
    "merge": "以 git 合併",
    "commit": "修正的 commit 進入主線",
    "squash": "壓縮成一個 commit",
    "revert": "git revert",
}


def suggestion_message(record: Suggestion, confirmations: Sequence[Confirmation]) -> str:
    """Return the message of a suggestion's commit: what, why, from which confirmations."""
    title = MANUALS[record.manual].title
    first = confirmations[0]
    body = [
        f"理由：{one_line(record.reason)}",
        *(f"依據：{_source(confirmation)}" for confirmation in confirmations),
        f"反映：{one_line(first.reported)}" if first.reported else "",
        *(f"先前：{DECIDED[old.state]}（{one_line(old.reason)}）" for old in record.history),
    ]
    return _message(f"{title}：{one_line(record.summary)}", record, body, [])


def decision_message(record: Suggestion) -> str:
    """Return the message of the commit that puts a decided suggestion on main."""
    decision = record.decision
    if decision is None:
        raise ValueError(f"{record.id} is not decided")
    title = MANUALS[record.manual].title
    subject = f"{DECIDED[decision.state]}：{title}：{one_line(record.summary)}"
    body = [
        f"決定：{DECIDED[decision.state]}，{decision.by}，{decision.at}",
        f"經由：{WAYS[decision.how]}，{decision.commit}" if decision.how else "",
        f"說明：{one_line(decision.reason)}" if decision.reason else "",
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
        "\n".join(["修正：", *_pages(record)]),
        "\n".join([*known, *trailers]),
    ]
    return "\n\n".join(parts) + "\n"


def _trailers(confirmation: str, blob: str) -> list[str]:
    return [f"Confirmation: {confirmation}", f"Confirmation-Blob: {blob}"]


def _source(confirmation: Confirmation) -> str:
    source = f"系統環境確認書 {confirmation.id}（{confirmation.date}，{confirmation.product}）"
    return source + (f"，{confirmation.staff}" if confirmation.staff else "")


def _pages(record: Suggestion) -> list[str]:
    manual = MANUALS[record.manual]
    return [
        f"- {manual.path(edit.page)}"
        + "".join(f" › {title}" for title in (edit.changes[0].section if edit.changes else ()))
        + f"（{edit.edit.action}）"
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
