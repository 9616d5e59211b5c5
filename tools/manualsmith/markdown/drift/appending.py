"""Append to a section that somebody else has appended to: in the order of the texts."""

import re

from manualsmith.markdown.actions import lower
from manualsmith.markdown.actions.lowered import Lowered
from manualsmith.markdown.drift.alignment import Alignment
from manualsmith.markdown.drift.likeness import key
from manualsmith.markdown.drift.same_step import step_edit
from manualsmith.markdown.edit_models import AppendToSection, InsertStep
from manualsmith.markdown.reading.outline import Section
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.source import Span

_ITEM = re.compile(r"[-+*] |\d{1,9}\. |\|")
_NUMBERED = re.compile(r"\d{1,9}\.[ \t]+")


def append(base: Page, page: Page, then: Section, now: Section, edit: AppendToSection) -> Lowered:
    """Return the edit that appends a text to the section *now*, which was *then* on the base.

    What others have appended since stands after the text where it sorts after it.
    """
    wanted = edit.model_copy(update={"section": now.path})
    made = lower(page, wanted)
    last = base.source.trim_blank(then.body, then.own_end) - 1
    stands = Alignment(base.source, page.source).line(last) if last >= then.body else None
    end = page.source.trim_blank(now.body, now.own_end)
    if stands is None or not now.body <= stands < end - 1:
        return made
    step = _as_step(base, then, edit)
    if step:
        return step_edit(base, page, step)
    line = _before(page, stands + 1, end, edit.text)
    if line is None:
        return made
    shorter = Page(
        page.text[: page.source.starts[line]] + page.text[page.source.end_of_line(end - 1) :],
        page.dialect,
    )
    [first] = lower(shorter, wanted).edits
    return Lowered((first,), Span(first.start, first.end), made.notes)


def _before(page: Page, first: int, end: int, text: str) -> int | None:
    """Return the line of the first appended block that sorts after *text*, None for none."""
    source = page.source
    for line in range(first, end):
        blank = source.is_blank(line)
        begins = source.is_blank(line - 1) or _ITEM.match(source.line_text(line))
        if not blank and (line == first or begins):
            rest = source.lines(line, end).of(page.text)
            if key(text) < key(rest):
                return line
    return None


def _as_step(base: Page, then: Section, edit: AppendToSection) -> InsertStep | None:
    """Return the append of one numbered item to a numbered list as what it is: a new step."""
    lines = edit.text.strip().splitlines()
    if not _NUMBERED.match(lines[0]) or any(_NUMBERED.match(line) for line in lines[1:]):
        return None
    end = base.source.trim_blank(then.body, then.own_end)
    lists = [n for n in base.lists(then) if then.line <= n.line < then.own_end]
    if not lists or lists[-1].end != end:
        return None
    if base.text[lists[-1].items[-1].number.end] != ".":
        return None
    text = _NUMBERED.sub("", edit.text.strip(), count=1)
    return InsertStep(
        action="insert-step",
        section=then.path,
        step=str(len(lists[-1].items)),
        list=len(lists),
        text=text,
    )
