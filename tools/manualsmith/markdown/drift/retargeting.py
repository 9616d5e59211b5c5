"""Find a counted or named target again: the section, step or row that an edit meant on its base.

A step's number and a row's are those of the base. What they named there is looked for on the page
by what it says, and the action is done to that. Where an edit replaces or removes something, it
must still say what it said; where two edits add something at one place, they are put in the order
of their texts, so that it does not matter which came first.
"""

from manualsmith.markdown.action_table import ACTIONS, Action
from manualsmith.markdown.actions import lower
from manualsmith.markdown.actions.lowered import Lowered
from manualsmith.markdown.drift import same_entry
from manualsmith.markdown.drift.appending import append
from manualsmith.markdown.drift.likeness import changed, same
from manualsmith.markdown.drift.same_section import beside_siblings, same_section
from manualsmith.markdown.drift.same_step import Beside
from manualsmith.markdown.edit_models import (
    AddEntry,
    AppendToSection,
    DeleteSection,
    InsertSection,
    RenameSection,
    ReplaceEntry,
    ReplaceSection,
    SetFrontMatter,
)
from manualsmith.markdown.entries.troubleshooting_entry import read_parts
from manualsmith.markdown.locating.locate import find_section
from manualsmith.markdown.reading.front_matter import BadFrontMatter, read_entries
from manualsmith.markdown.reading.page import Page


def retarget(base: Page, page: Page, edit: Action, beside: Beside = tuple) -> Lowered | None:
    """Return what an edit of *base* comes down to on *page*, None for one of words in a line.

    *beside* returns the edits of the same base that the page has already, where they are known.
    Raises TargetLost where its target is gone, changed or not certain, or nothing is to do.
    """
    again = ACTIONS[edit.action].again_function
    made: Lowered | None = again(base, page, edit, beside) if again else None
    return made


def replace_section(
    base: Page, page: Page, edit: ReplaceSection, _beside: Beside = tuple
) -> Lowered:
    """Replace a section that still holds what it held."""
    then = find_section(base, edit.section)
    now = same_section(base, page, then)
    made = lower(page, edit.model_copy(update={"section": now.path}))
    was, there = then.span(base.source), now.span(page.source)
    if not same(_body(was.of(base.text)), _body(there.of(page.text))):
        raise changed(page, there.start, then.title)
    return made


def _body(section: str) -> str:
    return section.partition("\n")[2]


def rename_section(base: Page, page: Page, edit: RenameSection, _beside: Beside = tuple) -> Lowered:
    """Give a section that still has its heading another one."""
    then = find_section(base, edit.section)
    now = same_section(base, page, then)
    made = lower(page, edit.model_copy(update={"section": now.path}))
    if not same(then.title, now.title):
        raise changed(page, now.span(page.source).start, then.title)
    return made


def delete_section(base: Page, page: Page, edit: DeleteSection, _beside: Beside = tuple) -> Lowered:
    """Take out a section that still says what it said."""
    then = find_section(base, edit.section)
    now = same_section(base, page, then)
    was, there = then.span(base.source), now.span(page.source)
    if not same(was.of(base.text), there.of(page.text)):
        raise changed(page, there.start, then.title)
    return lower(page, edit.model_copy(update={"section": now.path}))


def _in_section(base: Page, page: Page, edit: Action) -> Action:
    """Return the edit with its section as the page names it."""
    path = getattr(edit, "section", None)
    if not path:
        return edit
    now = same_section(base, page, find_section(base, path))
    return edit.model_copy(update={"section": now.path})


def append_to_section(
    base: Page, page: Page, edit: AppendToSection, _beside: Beside = tuple
) -> Lowered:
    """Add to a section, in the order of the texts that were added since."""
    then = find_section(base, edit.section)
    return append(base, page, then, same_section(base, page, then), edit)


def new_section(
    base: Page, page: Page, edit: InsertSection | AddEntry, _beside: Beside = tuple
) -> Lowered:
    """Add a section among those that were added beside it, in the order of their headings."""
    if isinstance(edit, AddEntry) and page.dialect.entries.is_apart:
        return same_entry.add(base, page, edit)
    lower(base, edit)
    made = lower(page, _in_section(base, page, edit))
    title = edit.heading if isinstance(edit, InsertSection) else edit.entry.symptom
    return beside_siblings(base, page, made, title)


def replace_entry(base: Page, page: Page, edit: ReplaceEntry, _beside: Beside = tuple) -> Lowered:
    """Change the parts of an entry that still say what they said."""
    if page.dialect.entries.is_apart:
        return same_entry.replace(base, page, edit)
    then = find_section(base, edit.section)
    now = same_section(base, page, then)
    made = lower(page, edit.model_copy(update={"section": now.path}))
    was, there = read_parts(base, then), read_parts(page, now)
    touched = {(one.start, one.end) for one in made.edits}
    for name, part in there.items():
        if (part.value.start, part.value.end) in touched and (
            name not in was or not same(was[name].value.of(base.text), part.value.of(page.text))
        ):
            raise changed(page, part.value.start, name)
    return made


def set_front_matter(
    base: Page, page: Page, edit: SetFrontMatter, _beside: Beside = tuple
) -> Lowered:
    """Set a value that is still what it was."""
    made = lower(page, edit)
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


def on_the_page(_base: Page, page: Page, edit: Action, _beside: Beside = tuple) -> Lowered:
    """Make the edit on the page as it is: what it is about is not told by a place."""
    return lower(page, edit)
