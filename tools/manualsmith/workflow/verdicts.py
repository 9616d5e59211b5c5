"""Decisions as people read them."""

from typing import Protocol

from manualsmith.text import t


class Verdict(Protocol):
    """A decision of a record, or of an account of one."""

    @property
    def state(self) -> str:
        """What was decided."""

    @property
    def by(self) -> str:
        """Who decided."""

    @property
    def at(self) -> str:
        """When, in ISO 8601."""

    @property
    def reason(self) -> str:
        """Why; empty where nobody said."""


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


def verdict_told(verdict: Verdict) -> str:
    """Return a decision in one line."""
    return t(
        "{state} by {by}, {at}: {reason}",
        state=state_name(verdict.state),
        by=verdict.by,
        at=verdict.at,
        reason=verdict.reason or "–",
    )
