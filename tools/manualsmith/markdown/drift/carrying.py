"""Carry text edits from the page that they were made against to the page as it is today.

Where an edit's lines stand unchanged, and it is told which of their copies they are, the edit is
made there. Where its line has other words now, the three texts are merged word by word. Lines that
moved within their section are found by their own text, if that stands once in both pages.
"""

from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz, process

from manualsmith.markdown.actions.lowered import already
from manualsmith.markdown.drift.alignment import Alignment, occurrences
from manualsmith.markdown.drift.staying import stays
from manualsmith.markdown.locating.locate import (
    candidate,
    is_telling,
    place_of,
    resembling,
    shorten,
    stands,
)
from manualsmith.markdown.lost_target import Candidate, TargetLost
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.source import Source, Span, TextEdit, apply_edits
from manualsmith.markdown.word_merge import Changed, Done, merge
from manualsmith.text import t

# Lines of both pages among which a line's counterpart is looked for, and how many pairs of
# characters that may compare: with each other line, as many as both are long, multiplied.
# Chosen by time alone, about a second each; a page beyond them is refused.
_MOST_LINES = 1000
_MOST_PAIRS = 1_000_000_000
# How alike, of 100, a line must be to its counterpart, and by how much more than to any other.
# Chosen on mined histories (benchmarks/drift.py): there no edit landed wrong, and few were lost.
_LIKE = 60.0
_CLEAR = 15.0


def carry(base: Page, page: Page, edits: Sequence[TextEdit]) -> list[TextEdit]:
    """Return *edits* of *base* as edits of *page*.

    Raises TargetLost where one has no certain place, or the page says all of it already.
    """
    alignment = Alignment(base.source, page.source)
    carried: list[TextEdit] = []
    done: list[int] = []
    for edit in edits:
        try:
            made = _carried(base, page, alignment, edit)
        except TargetLost as lost:
            if lost.reason != "already":
                raise
            done.append(lost.problems[0].place.line or 1)
        else:
            _refuse_other_section(base, page, alignment, edit, made)
            carried += made
    if not carried:
        start = page.source.starts[done[0] - 1] if done else 0
        raise already(page, start)
    return carried


def _carried(base: Page, page: Page, alignment: Alignment, edit: TextEdit) -> list[TextEdit]:
    source = base.source
    first, last = touched_lines(source, edit.start, edit.end)
    text = page.source.with_newlines(edit.text)
    if _stands_together(alignment, first, last):
        if not alignment.trusted(first, last):
            raise _ambiguous(page, alignment, first, last)
        if _same_blanks(base, page, alignment, first, last):
            return [_shifted(base, page, alignment, edit, text)]
        return _merged(base, page, alignment, edit, text)
    moved = _moved(base, page, alignment, first, last)
    if moved is not None:
        start = page.source.starts[moved] + edit.start - source.starts[first]
        return [TextEdit(start, start + edit.end - edit.start, text)]
    return _merged(base, page, alignment, edit, text)


def _refuse_other_section(
    base: Page, page: Page, alignment: Alignment, edit: TextEdit, made: Sequence[TextEdit]
) -> None:
    """Raise where an edit would be made in another section than its own."""
    lines = touched_lines(base.source, edit.start, edit.end)
    for one in made:
        now, _ = touched_lines(page.source, one.start, one.end)
        if not stays(base, page, alignment, lines, now):
            raise _gone(base, page, edit)


def touched_lines(source: Source, start: int, end: int) -> tuple[int, int]:
    """Return the first and last line that ``[start, end)`` touches.

    An insertion between two lines touches both, and past blank lines those that say something.
    """
    first = source.line_of(start)
    if start == end and source.starts[first] == start and first > 0:
        last, first = first, first - 1
        while first > 0 and source.is_blank(first):
            first -= 1
        while last + 1 < source.line_count and source.is_blank(last):
            last += 1
        return first, last
    return first, source.line_of(max(start, end - 1))


def _stands_together(alignment: Alignment, first: int, last: int) -> bool:
    """Return whether the base's lines stand on the page as one run."""
    return alignment.line(first) is not None and all(
        alignment.line(line) is not None and alignment.follows(line)
        for line in range(first + 1, last + 1)
    )


def _same_blanks(base: Page, page: Page, alignment: Alignment, first: int, last: int) -> bool:
    """Return whether aligned lines are alike in the blanks at their ends, too."""
    to = alignment.line(first)
    return to is not None and all(
        base.source.line_text(first + n) == page.source.line_text(to + n)
        for n in range(last - first + 1)
    )


def _shifted(base: Page, page: Page, alignment: Alignment, edit: TextEdit, text: str) -> TextEdit:
    """Return the edit at the same columns of the same lines."""
    start = _moved_offset(base.source, page.source, alignment, edit.start)
    end = _moved_offset(base.source, page.source, alignment, edit.end, start)
    return TextEdit(start, end, text)


def _moved_offset(
    old: Source, new: Source, alignment: Alignment, offset: int, least: int = 0
) -> int:
    """Return where an offset of the base is on the page; at a line's start, after the line before.

    The line before is the one that is known to stand where the edit is.
    """
    line = old.line_of(offset)
    column = offset - old.starts[line]
    if column == 0 and line > 0 and (least or alignment.line(line) is None):
        before = alignment.line(line - 1)
        if before is not None:
            return max(least, new.starts[before + 1])
    to = alignment.line(line)
    if to is None:
        return len(new.text)
    # What is left out of a line's key, its end and the blanks before that, may have changed.
    return max(least, min(new.starts[to] + column, new.starts[to + 1]))


def _moved(base: Page, page: Page, alignment: Alignment, first: int, last: int) -> int | None:
    """Return the line to which whole lines moved within their section, None where they did not."""
    wanted = alignment.old[first : last + 1]
    if not is_telling("\n".join(wanted)):
        return None
    places = occurrences(alignment.new, wanted, 0, len(alignment.new))
    if len(places) != 1 or len(occurrences(alignment.old, wanted, 0, len(alignment.old))) != 1:
        return None
    if page.source.newline != base.source.newline or _title(base, first) != _title(page, places[0]):
        return None
    here = base.source.lines(first, last + 1)
    there = page.source.lines(places[0], places[0] + len(wanted))
    return places[0] if here.of(base.text) == there.of(page.text) else None


def _title(page: Page, line: int) -> str | None:
    section = page.section_at(line)
    return section.title if section else None


def _merged(
    base: Page, page: Page, alignment: Alignment, edit: TextEdit, text: str
) -> list[TextEdit]:
    """Return the edit merged word by word into what its lines are on the page now."""
    was, now = _stretch(base, page, alignment, edit)
    if now.start < now.end:
        try:
            made = merge(*_before_and_after(base, page, edit, was), now.of(page.text))
        except Done:
            raise already(page, now.start) from None
        except Changed:
            closest = _closest(base, page, edit, was, now)
            if closest:
                return closest
            if (
                is_telling(text)
                and stands(page, text, now)
                and not stands(page, base.text[edit.start : edit.end], now)
            ):
                raise already(page, now.start) from None
            raise _changed(base, page, edit, now) from None
        return _placed(now, made)
    if not text.strip():
        raise already(page, now.start)
    raise _gone(base, page, edit)


def _before_and_after(base: Page, page: Page, edit: TextEdit, within: Span) -> tuple[str, str]:
    """Return a stretch of the base as it is and with the edit made, with the page's line ends."""
    before = within.of(base.text)
    shifted = TextEdit(edit.start - within.start, edit.end - within.start, edit.text)
    after = apply_edits(before, [shifted])
    return page.source.with_newlines(before), page.source.with_newlines(after)


def _placed(now: Span, edits: Sequence[TextEdit]) -> list[TextEdit]:
    return [TextEdit(now.start + e.start, now.start + e.end, e.text) for e in edits]


def _closest(base: Page, page: Page, edit: TextEdit, was: Span, now: Span) -> list[TextEdit] | None:
    """Return the edit merged into the one line that its line has become, None where that is open.

    Among the lines that changed with it, that line and the edit's must be each other's likest by
    far; which words may be edited in it, the merge decides.
    """
    source, target = base.source, base.source.line_of(edit.start)
    if edit.start == edit.end or target != source.line_of(edit.end - 1):
        return None
    old = {n: source.line_text(n) for n in _lines(source, was)}
    new = {n: page.source.line_text(n) for n in _lines(page.source, now)}
    longest = max(map(len, (*old.values(), *new.values())), default=0)
    length = was.end - was.start + now.end - now.start
    if len(old) + len(new) > _MOST_LINES or longest * length > _MOST_PAIRS:
        return None
    found = _likest(old[target], new)
    if found is None or _likest(new[found], old) != target:
        return None
    here, there = source.lines(target, target + 1), page.source.lines(found, found + 1)
    texts = _before_and_after(base, page, edit, here)
    try:
        return _placed(there, merge(*texts, there.of(page.text)))
    except Done:
        raise already(page, there.start) from None
    except Changed:
        return None


def _lines(source: Source, span: Span) -> range:
    return range(source.line_of(span.start), source.line_of(span.end - 1) + 1)


def _likest(line: str, lines: Mapping[int, str]) -> int | None:
    """Return the line that is like *line* far above all others, None where there is none."""
    found = process.extract(line, lines, scorer=fuzz.ratio, limit=2, score_cutoff=_LIKE)
    if not found or (len(found) > 1 and found[1][1] > found[0][1] - _CLEAR):
        return None
    return int(found[0][2])


def _stretch(base: Page, page: Page, alignment: Alignment, edit: TextEdit) -> tuple[Span, Span]:
    """Return the edit's lines with all that changed beside them, and what they are on the page.

    Raises TargetLost where the lines around them do not tell.
    """
    first, last = touched_lines(base.source, edit.start, edit.end)
    while first > 0 and alignment.line(first - 1) is None:
        first -= 1
    after = last + 1
    while after < base.source.line_count and alignment.line(after) is None:
        after += 1
    above = alignment.line(first - 1) if first else -1
    below = alignment.line(after) if after < base.source.line_count else page.source.line_count
    told = (first > 0 and alignment.trusted(first - 1, first - 1)) or (
        after < base.source.line_count and alignment.trusted(after, after)
    )
    whole = first == 0 and after == base.source.line_count
    if above is None or below is None or below <= above or not (told or whole):
        raise _gone(base, page, edit)
    return base.source.lines(first, after), page.source.lines(above + 1, below)


def _ambiguous(page: Page, alignment: Alignment, first: int, last: int) -> TargetLost:
    size = last - first + 1
    wanted = alignment.old[first : last + 1]
    places = [n for n in range(len(alignment.new)) if alignment.new[n : n + size] == wanted]
    return TargetLost(
        "ambiguous",
        t("it is not certain which of {count} like places is meant", count=len(places)),
        field="quote",
        candidates=(candidate(page, page.source.lines(n, n + size)) for n in places[:5]),
    )


def _changed(base: Page, page: Page, edit: TextEdit, now: Span) -> TargetLost:
    words = base.text[edit.start : edit.end]
    return TargetLost(
        "changed",
        t("the words “{words}” were changed since", words=shorten(words or edit.text)),
        field="quote",
        place=place_of(page, now.start),
        hint=t("there it says now: {text}", text=shorten(now.of(page.text), 80)),
        candidates=[candidate(page, now, 0.5)],
    )


def _gone(base: Page, page: Page, edit: TextEdit) -> TargetLost:
    words = base.text[edit.start : edit.end] or base.text[max(0, edit.start - 40) : edit.end]
    close: list[Candidate] = resembling(page, words, page.body)
    return TargetLost(
        "missing",
        t("the words “{words}” are gone", words=shorten(words)),
        field="quote",
        hint=t("nearest, line {line}: {text}", line=close[0].line, text=shorten(close[0].text, 80))
        if close
        else None,
        candidates=close,
    )
