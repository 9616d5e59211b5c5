"""Decisions in words: the names of states, and a decision in one line."""

from collections.abc import Sequence

from manualsmith.layout import writing
from manualsmith.records.models.moments import shown
from manualsmith.records.models.suggestion import Comment, Decision, How, Saying, Turn
from manualsmith.text import t

_PLACES = 3


def state_name(state: str) -> str:
    """Return a state's name in the reader's language."""
    names = {
        "open": t("open"),
        "accepted": t("accepted"),
        "rejected": t("rejected"),
        "withdrawn": t("withdrawn"),
        "superseded": t("superseded"),
        "reverted": t("reverted"),
    }
    return names[state]


STANDINGS = ("applies", "moved", "already", "conflict", "edited")


def standing_name(kind: str) -> str:
    """Return whether a suggestion applies to main as it is, in the reader's language."""
    names = {
        "applies": t("applies"),
        "moved": t("applies, the page moved"),
        "already": t("already in the manual"),
        "conflict": t("conflict"),
        "edited": t("edited by hand"),
    }
    return names[kind]


def way_name(how: How) -> str:
    """Return what git did to bring a suggestion to main, or to take it back."""
    names: dict[How, str] = {
        "merge": t("merged with git"),
        "commit": t("its commit came to main"),
        "squash": t("squashed"),
        "revert": t("git revert"),
    }
    return names[how]


def verdict_told(verdict: Decision) -> str:
    """Return a decision in one line."""
    who, at = verdict.by, shown(verdict.at)
    told = t("{state} by {by}, {at}", state=state_name(verdict.state), by=who, at=at)
    if verdict.how and verdict.commit:
        way = t(" ({way}, {commit})", way=way_name(verdict.how), commit=verdict.commit[:9])
        told = f"{told}{way}"
    return f"{told}{t(': ')}{verdict.reason}" if verdict.reason else told


def turn_name(turn: Turn) -> str:
    """Return whose turn an open suggestion is, where that is to be told; else nothing."""
    names: dict[Turn, str] = {
        "reviewer": "",
        "author": t("a change is asked for"),
        "again": t("answered: look at it again"),
    }
    return names[turn]


def saying_name(kind: Saying) -> str:
    """Return what a comment does."""
    names: dict[Saying, str] = {
        "comment": t("comment"),
        "ask": t("asks for a change"),
        "amend": t("in other words"),
    }
    return names[kind]


def comment_told(one: Comment) -> str:
    """Return what somebody said of a suggestion, in one line."""
    names: dict[Saying, str] = {
        "comment": t("{by}, {at}", by=one.by, at=shown(one.at)),
        "ask": t("{by} asked for a change, {at}", by=one.by, at=shown(one.at)),
        "amend": t("{by} put it in other words, {at}", by=one.by, at=shown(one.at)),
    }
    told = names[one.kind]
    return f"{told}{t(': ')}{one.text}" if one.text else told


def said_already(manual: str, places: Sequence[str]) -> str:
    """Return where a manual says already what a suggestion asks for, in the manual's language."""
    with writing(manual):
        named = t(", ").join(places[:_PLACES])
        return t("the manual says so already: {places}", places=named)
