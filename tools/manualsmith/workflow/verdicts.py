"""Decisions as people read them."""

from manualsmith.records.suggestion import Decision
from manualsmith.text import t


def state_name(state: str) -> str:
    """Return a state's name in the reader's language."""
    names = {
        "open": t("open"),
        "accepted": t("accepted"),
        "rejected": t("rejected"),
        "withdrawn": t("withdrawn"),
        "superseded": t("superseded"),
    }
    return names[state]


def verdict_told(verdict: Decision) -> str:
    """Return a decision in one line."""
    return t(
        "{state} by {by}, {at}: {reason}",
        state=state_name(verdict.state),
        by=verdict.by,
        at=verdict.at,
        reason=verdict.reason or "–",
    )
