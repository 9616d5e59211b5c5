"""Decisions in words: the names of states, and a decision in one line."""

from manualsmith.records.models.moments import shown
from manualsmith.records.models.suggestion import Decision
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
    who, at = verdict.by, shown(verdict.at)
    told = t("{state} by {by}, {at}", state=state_name(verdict.state), by=who, at=at)
    return f"{told}{t(': ')}{verdict.reason}" if verdict.reason else told
