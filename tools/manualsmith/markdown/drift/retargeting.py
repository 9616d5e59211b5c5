"""Find a counted or named target again: the section, step or row that an edit meant on its base.

A step's number and a row's are those of the base. What they named there is looked for on the page
by what it says, and the action is done to that. Where an edit replaces or removes something, it
must still say what it said; where two edits add something at one place, they are put in the order
of their texts, so that it does not matter which came first.
"""

from collections.abc import Callable, Mapping
from typing import Any

from manualsmith.markdown.actions import ACTIONS
from manualsmith.markdown.actions.lowered import Lowered
from manualsmith.markdown.drift.appending import append
from manualsmith.markdown.drift.likeness import changed, same
from manualsmith.markdown.drift.same_row import row_edit
from manualsmith.markdown.drift.same_section import beside_siblings, same_section
from manualsmith.markdown.drift.same_step import Beside, step_edit
from manualsmith.markdown.edit_models import (
    Action,
    AddEntry,
    AddPage,
    AddRow,
    AppendToSection,
    DeleteRow,
    DeleteSection,
    DeleteStep,
    InsertSection,
    InsertStep,
    ReplaceEntry,
    ReplaceFact,
    ReplaceSection,
    ReplaceStep,
    SetCell,
    SetFrontMatter,
)
from manualsmith.markdown.locating.locate import find_section
from manualsmith.markdown.reading.front_matter import BadFrontMatter, read_entries
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.troubleshooting_entry import read_parts

Retarget = Callable[[Page, Page, Any], Lowered]


def retarget(base: Page, page: Page, edit: Action, beside: Beside = tuple) -> Lowered | None:
    """Return what an edit of *base* comes down to on *page*, None for one of words in a line.

    *beside* returns the edits of the same base that the page has already, where they are known.
    Raises TargetLost where its target is gone, changed or not certain, or nothing is to do.
    """
    if isinstance(edit, ReplaceStep | InsertStep | DeleteStep):
        return step_edit(base, page, edit, beside)
    way = _WAYS.get(type(edit))
    return way(base, page, edit) if way else None


def _replace_section(base: Page, page: Page, edit: ReplaceSection) -> Lowered:
    then = find_section(base, edit.section)
    now = same_section(base, page, then)
    made = ACTIONS[edit.action](page, edit.model_copy(update={"section": now.path}))
    was, there = then.span(base.source), now.span(page.source)
    if not same(_body(was.of(base.text)), _body(there.of(page.text))):
        raise changed(page, there.start, then.title)
    return made


def _body(section: str) -> str:
    return section.partition("\n")[2]


def _delete_section(base: Page, page: Page, edit: DeleteSection) -> Lowered:
    then = find_section(base, edit.section)
    now = same_section(base, page, then)
    was, there = then.span(base.source), now.span(page.source)
    if not same(was.of(base.text), there.of(page.text)):
        raise changed(page, there.start, then.title)
    return ACTIONS[edit.action](page, edit.model_copy(update={"section": now.path}))


def _in_section(base: Page, page: Page, edit: Action) -> Action:
    """Return the edit with its section as the page names it."""
    path = getattr(edit, "section", None)
    if not path:
        return edit
    now = same_section(base, page, find_section(base, path))
    return edit.model_copy(update={"section": now.path})


def _append(base: Page, page: Page, edit: AppendToSection) -> Lowered:
    then = find_section(base, edit.section)
    return append(base, page, then, same_section(base, page, then), edit)


def _new_section(base: Page, page: Page, edit: InsertSection | AddEntry) -> Lowered:
    ACTIONS[edit.action](base, edit)
    made = ACTIONS[edit.action](page, _in_section(base, page, edit))
    title = edit.heading if isinstance(edit, InsertSection) else edit.entry.symptom
    return beside_siblings(base, page, made, title)


def _replace_entry(base: Page, page: Page, edit: ReplaceEntry) -> Lowered:
    then = find_section(base, edit.section)
    now = same_section(base, page, then)
    made = ACTIONS[edit.action](page, edit.model_copy(update={"section": now.path}))
    was, there = read_parts(base, then), read_parts(page, now)
    touched = {(one.start, one.end) for one in made.edits}
    for name, part in there.items():
        if (part.value.start, part.value.end) in touched and (
            name not in was or not same(was[name].value.of(base.text), part.value.of(page.text))
        ):
            raise changed(page, part.value.start, name)
    return made


def _front_matter(base: Page, page: Page, edit: SetFrontMatter) -> Lowered:
    made = ACTIONS[edit.action](page, edit)
    was, there = _value(base, edit.key), _value(page, edit.key)
    if was != there:
        raise changed(page, made.edits[0].start, ".".join(edit.key))
    return made


def _value(page: Page, key: tuple[str, ...]) -> str | None:
    try:
        entry = read_entries(page.text).get(key)
    except BadFrontMatter:
        return None
    return entry.value if entry else None


def _on_the_page(_base: Page, page: Page, edit: Action) -> Lowered:
    return ACTIONS[edit.action](page, edit)


_WAYS: Mapping[type, Retarget] = {
    ReplaceSection: _replace_section,
    DeleteSection: _delete_section,
    AppendToSection: _append,
    InsertSection: _new_section,
    AddEntry: _new_section,
    ReplaceEntry: _replace_entry,
    SetCell: row_edit,
    AddRow: row_edit,
    DeleteRow: row_edit,
    SetFrontMatter: _front_matter,
    ReplaceFact: _on_the_page,
    AddPage: _on_the_page,
}
