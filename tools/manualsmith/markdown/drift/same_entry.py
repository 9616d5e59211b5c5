"""Find an entry that is no section again: a row by its cells, a block by its symptom."""

from manualsmith.markdown.actions import entry_rows, lower
from manualsmith.markdown.actions.lowered import Lowered, insert_block
from manualsmith.markdown.drift.likeness import changed, key, same
from manualsmith.markdown.drift.same_row import row_edit
from manualsmith.markdown.drift.same_section import same_section
from manualsmith.markdown.edit_models import AddEntry, ReplaceEntry
from manualsmith.markdown.entries.entry_blocks import EntryBlock, entry_blocks, inner_page
from manualsmith.markdown.entries.troubleshooting_entry import read_parts
from manualsmith.markdown.locating.locate import candidate, find_entry, find_section
from manualsmith.markdown.lost_target import TargetLost
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.source import Span
from manualsmith.naming import fold
from manualsmith.text import t


def add(base: Page, page: Page, edit: AddEntry) -> Lowered:
    """Add an entry among those that were added since, in the order of their texts."""
    if edit.section:
        path = same_section(base, page, find_section(base, edit.section)).path
        here = edit.model_copy(update={"section": path})
    else:
        here = edit
    lower(base, edit)
    made = lower(page, here)
    if page.dialect.entries.shape == "details":
        return _among_new(base, page, here, made)
    row = entry_rows.as_row(base, edit)
    again = row_edit(base, page, row) if row else made
    return Lowered(again.edits, again.scope, made.notes)


def replace(base: Page, page: Page, edit: ReplaceEntry) -> Lowered:
    """Change the parts of an entry that still say what they said."""
    if page.dialect.entries.shape == "details":
        return _in_block(base, page, edit)
    made = []
    for cell in entry_rows.as_cells(base, edit):
        try:
            made.append(row_edit(base, page, cell))
        except TargetLost as lost:
            if lost.reason != "already":
                raise
    return entry_rows.together(base, edit, made)


def _in_block(base: Page, page: Page, edit: ReplaceEntry) -> Lowered:
    then = _block(base, edit.section)
    now = _same_block(base, page, then)
    made = lower(page, edit.model_copy(update={"section": now.section.path}))
    old, new = inner_page(base, then), inner_page(page, now)
    was, there = read_parts(old.page, old.section), read_parts(new.page, new.section)
    for name in edit.entry.model_fields_set & there.keys():
        value = there[name].value.of(new.page.text)
        if name not in was or not same(was[name].value.of(old.page.text), value):
            raise changed(page, page.source.starts[now.first], name)
    return made


def _block(page: Page, path: tuple[str, ...]) -> EntryBlock:
    section = find_entry(page, path)
    return next(one for one in entry_blocks(page) if one.section == section)


def _same_block(base: Page, page: Page, then: EntryBlock) -> EntryBlock:
    """Return the page's entry of the same symptom: under the same headings, else the only one."""
    named = [one for one in entry_blocks(page) if one.section.title == then.section.title]
    found = [one for one in named if one.section.path == then.section.path] or named
    others = [one for one in entry_blocks(base) if one.section.title == then.section.title]
    if len(found) == 1 and (found[0].section.path == then.section.path or len(others) == 1):
        return found[0]
    raise TargetLost(
        "ambiguous" if found else "missing",
        t("the entry {symptom} is gone, or there are several", symptom=then.section.title),
        field="section",
        candidates=[candidate(page, one.section.span(page.source)) for one in found[:5]],
    )


def _among_new(base: Page, page: Page, edit: AddEntry, made: Lowered) -> Lowered:
    """Return a new entry's edit moved among the new ones right before it, in order of symptoms."""
    [put] = made.edits
    known = {fold(one.section.title) for one in entry_blocks(base)}
    before = [one for one in entry_blocks(page) if page.source.starts[one.section.line] < put.start]
    run: list[EntryBlock] = []
    while before and fold(before[-1].section.title) not in known:
        run.insert(0, before.pop())
    later = [one for one in run if key(one.section.title) > key(edit.entry.symptom)]
    if not later:
        return made
    there = insert_block(page, later[0].section.line, put.text.strip("\r\n"))
    return Lowered((there,), Span(there.start, there.end), made.notes)
