"""Check that an edit of words stays in its section, and is not made in one that is like it."""

from rapidfuzz import fuzz

from manualsmith.markdown.drift.alignment import Alignment, occurrences
from manualsmith.markdown.locating.locate import is_telling
from manualsmith.markdown.reading.outline import Section
from manualsmith.markdown.reading.page import Page

# How alike, of 100, a line must be to be what became of another.
_LIKE = 60.0
# Pairs of characters that may be compared for that; chosen by time alone, about a second.
_MOST_PAIRS = 1_000_000_000


def stays(base: Page, page: Page, alignment: Alignment, lines: tuple[int, int], now: int) -> bool:
    """Return whether an edit of the base's *lines* may be made at the page's line *now*.

    It may in the same section, and in another one where the lines moved there: they are gone from
    theirs, nothing like them took their place, and the other one did not have them before.
    """
    then, there = base.section_at(lines[0]), page.section_at(now)
    old, new = base.sections, page.sections
    if _is(base, page, alignment, then, there):
        return True
    left = next((s for s in new if _is(base, page, alignment, then, s)), None)
    known = next((s for s in old if _is(base, page, alignment, s, there)), None)
    wanted = alignment.old[lines[0] : lines[1] + 1]
    if known and _has_like(alignment.old, known, wanted):
        return False
    if left is None:
        return True
    moved = alignment.new[now : now + len(wanted)] == wanted
    if not moved or (known and not is_telling("\n".join(wanted))):
        return False
    return not _has(alignment.new, left, wanted) and not _replaced(alignment, then, left, wanted)


def _is(
    base: Page, page: Page, alignment: Alignment, then: Section | None, now: Section | None
) -> bool:
    """Return whether a section of the page is that of the base: by its path, or its heading's line.

    What stands before any heading is a section as well. Of several of one path the line decides,
    or their order where there are as many.
    """
    if then is None or now is None:
        return then is now
    if alignment.line(then.line) == now.line:
        return True
    if then.path != now.path:
        return False
    old = [s for s in base.sections if s.path == then.path]
    new = [s for s in page.sections if s.path == now.path]
    return len(old) == len(new) and old.index(then) == new.index(now)


def _has(lines: list[str], section: Section, wanted: list[str]) -> bool:
    return bool(occurrences(lines, wanted, section.line, section.own_end))


def _has_like(lines: list[str], section: Section, wanted: list[str]) -> bool:
    """Return whether a section has one of the *wanted* lines that say something, or its like."""
    return _any_like(wanted, lines[section.line : section.own_end])


def _replaced(alignment: Alignment, then: Section | None, left: Section, wanted: list[str]) -> bool:
    """Return whether a section has a line that it did not have, and one of *wanted* is like it."""
    before = set(alignment.old[then.line : then.own_end]) if then else set()
    now = alignment.new[left.line : left.own_end]
    return _any_like(wanted, [line for line in now if line not in before])


def _any_like(wanted: list[str], lines: list[str]) -> bool:
    """Return whether any two lines are alike; where that takes too long to say, they are."""
    if sum(map(len, wanted)) * sum(map(len, lines)) > _MOST_PAIRS:
        return True
    return any(
        fuzz.ratio(one, line, score_cutoff=_LIKE) > 0 for one in wanted if one for line in lines
    )
