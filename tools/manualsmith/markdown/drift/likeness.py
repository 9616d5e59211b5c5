"""Compare two passages by their words: white space and line wraps say nothing."""

from manualsmith.markdown.locating.locate import place_of, shorten
from manualsmith.markdown.lost_target import TargetLost
from manualsmith.markdown.reading.page import Page
from manualsmith.text import t


def same(first: str, second: str) -> bool:
    """Return whether two passages are the same words, in the same case and marks."""
    return key(first) == key(second)


def key(text: str) -> str:
    """Return a passage without its white space: what is compared, and what additions go by."""
    return "".join(text.split())


def changed(page: Page, offset: int, name: str) -> TargetLost:
    """Return the error for a target that says something else now."""
    line = page.source.line_text(page.source.line_of(offset)).strip()
    return TargetLost(
        "changed",
        t("“{words}” was changed since", words=shorten(name)),
        place=place_of(page, offset),
        hint=t("there it says now: {text}", text=shorten(line, 80)),
    )
