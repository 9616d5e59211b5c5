"""Find a section of the base again on the page: by its heading path, else by what it holds."""

from collections import Counter

from manualsmith.markdown.actions.lowered import Lowered, insert_block
from manualsmith.markdown.drift.alignment import Alignment
from manualsmith.markdown.drift.likeness import key
from manualsmith.markdown.locating.locate import candidate
from manualsmith.markdown.lost_target import TargetLost
from manualsmith.markdown.reading.outline import Section
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.source import Span, TextEdit
from manualsmith.naming import fold, show_path
from manualsmith.text import t


def same_section(base: Page, page: Page, then: Section) -> Section:
    """Return the page's section that a section of the base is.

    Raises TargetLost where it is gone, or several may be it.
    """
    named = [section for section in page.sections if section.path == then.path]
    if len(named) == 1:
        return named[0]
    alignment = Alignment(base.source, page.source)
    found = _aligned(base, page, alignment, then)
    if found is None or (named and found not in named):
        raise TargetLost(
            "ambiguous" if named else "missing",
            t("the section {path} is not certain any more", path=show_path(then.path)),
            field="section",
            candidates=[candidate(page, section.span(page.source)) for section in named[:5]],
        )
    return found


def _aligned(base: Page, page: Page, alignment: Alignment, then: Section) -> Section | None:
    """Return the section at the aligned heading, else the one that holds most of its lines.

    A section that the base has under that name is another one.
    """
    known = {section.path for section in base.sections if section is not then}
    to = alignment.line(then.line)
    if to is not None and alignment.trusted(then.line, then.line):
        there = next((section for section in page.sections if section.line == to), None)
        return None if there and there.path in known - {then.path} else there
    votes: Counter[int] = Counter()
    for line in range(then.body, then.own_end):
        at = alignment.line(line)
        if at is not None and alignment.old[line] and alignment.trusted(line, line):
            votes[at] += 1
    holding = Counter(
        number
        for number, section in enumerate(page.sections)
        for at in votes
        if section.line < at < section.own_end
    )
    best = holding.most_common(1)
    if not best or best[0][1] * 2 <= sum(holding.values()):
        return None
    found = page.sections[best[0][0]]
    return found if found.path not in known and found.level == then.level else None


def beside_siblings(base: Page, page: Page, made: Lowered, title: str) -> Lowered:
    """Return a new section's edit moved among the new sections beside it, in order of titles.

    Those are the ones that the page has there and the base has not.
    """
    [edit] = made.edits
    known = {(section.path[:-1], fold(section.title)) for section in base.sections}
    new = [s for s in page.sections if (s.path[:-1], fold(s.title)) not in known]
    run = _touching(page, new, edit)
    later = [section for section in run if key(section.title) > key(title)]
    if not run or (later and later[0] is not run[0] and not _in_order(run)):
        return made
    line = later[0].line if later else run[-1].end
    return _moved(page, made, edit, line)


def _in_order(run: list[Section]) -> bool:
    titles = [key(section.title) for section in run]
    return titles == sorted(titles)


def _touching(page: Page, new: list[Section], edit: TextEdit) -> list[Section]:
    """Return the new sections of one level that stand right before or after an insertion."""
    source = page.source
    line = source.line_of(edit.start) + 1
    while line < source.line_count and source.is_blank(line):
        line += 1
    run: list[Section] = []
    ends = {s.end if s.end < source.line_count else source.line_count: s for s in new}
    at: int = line
    while at in ends and (not run or ends[at].level == run[0].level):
        run.insert(0, ends[at])
        at = ends[at].line
    starts = {s.line: s for s in reversed(new)}
    at = line
    while at in starts and (not run or starts[at].level == run[0].level):
        run.append(starts[at])
        at = starts[at].end
    return run


def _moved(page: Page, made: Lowered, edit: TextEdit, line: int) -> Lowered:
    """Return an inserted block put before *line* instead, with a blank line on either side."""
    there = insert_block(page, line, edit.text.strip("\r\n"))
    return Lowered((there,), Span(there.start, there.end), made.notes)
