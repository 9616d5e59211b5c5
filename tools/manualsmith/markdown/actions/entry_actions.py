"""Troubleshooting entries: add one, or change parts of one."""

from manualsmith.layout import ENTRY_PARTS
from manualsmith.markdown.actions import entry_rows
from manualsmith.markdown.actions.entry_text import unread, written_block, written_symptom
from manualsmith.markdown.actions.lowered import Lowered, already, block, insert_block
from manualsmith.markdown.actions.section_actions import rename, section_edit
from manualsmith.markdown.edit_models import AddEntry, Entry, EntryChange, ReplaceEntry
from manualsmith.markdown.entries.entry_blocks import (
    EntryBlock,
    entry_blocks,
    inner_page,
    outer_edit,
)
from manualsmith.markdown.entries.troubleshooting_entry import (
    Part,
    bare_step,
    is_entry,
    labelled,
    numbered,
    read_parts,
)
from manualsmith.markdown.locating.locate import find_entry, find_section
from manualsmith.markdown.lost_target import TargetLost
from manualsmith.markdown.reading.outline import Section
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.source import Span, TextEdit
from manualsmith.naming import fold
from manualsmith.text import t


def add_entry(page: Page, edit: AddEntry) -> Lowered:
    """Add an entry at the end of the page, or of the section that is named."""
    shape = page.dialect.entries.shape
    if shape == "table":
        return entry_rows.add(page, edit)
    if shape == "details":
        return _add_block(page, edit)
    if edit.section:
        section = find_section(page, edit.section)
        line, level, parent = section.end, section.level + 1, section.path
    else:
        line, level, parent = page.source.line_count, *_entry_level(page)
    parts = [labelled(page, *part, level) for part in parts_of(edit.entry).items()]
    return section_edit(
        page, line, level, parent, edit.entry.symptom, block(page, "\n\n".join(parts))
    )


def _entry_level(page: Page) -> tuple[int, tuple[str, ...]]:
    """Return the level and the parent path of the page's last entry, else of a first one."""
    entries = [s for s in page.sections if is_entry(page, s)]
    if entries:
        return entries[-1].level, entries[-1].path[:-1]
    titles = [s for s in page.sections if s.level == 1]
    return 2, titles[-1].path if titles else ()


def parts_of(entry: Entry | EntryChange) -> dict[str, str]:
    """Return what an edit says of an entry, by part; steps are numbered."""
    values = (entry.environment, entry.cause, numbered(entry.resolution or ()))
    return {name: value.strip() for name, value in zip(ENTRY_PARTS, values, strict=True) if value}


def replace_entry(page: Page, edit: ReplaceEntry) -> Lowered:
    """Change the parts of an entry that the edit names, and leave the others as they are."""
    shape = page.dialect.entries.shape
    if shape == "table":
        return entry_rows.replace(page, edit)
    if shape == "details":
        return _replace_in_block(page, edit)
    section = find_section(page, edit.section)
    if not is_entry(page, section):
        label = labelled(page, "resolution", "", section.level).strip()
        raise TargetLost(
            "structure",
            t("the section {heading} is no troubleshooting entry", heading=section.title),
            hint=t(
                "an entry has a line that begins with {label}",
                label=label,
            ),
        )
    edits = [*rename(page, section, edit.entry.symptom), *_changes(page, section, edit.entry)]
    if not edits:
        raise already(page, page.source.starts[section.line])
    return Lowered(tuple(edits), section.span(page.source))


def _changes(page: Page, section: Section, entry: EntryChange) -> list[TextEdit]:
    """Return the edits of an entry's parts, those that it has not yet added."""
    there = read_parts(page, section)
    edits: list[TextEdit] = []
    for name, value in parts_of(entry).items():
        if name in there:
            edits += _replaced(page, there[name], block(page, value))
        else:
            text = block(page, labelled(page, name, value, section.level))
            edits.append(insert_block(page, _place_for(page, name, section, there), text))
    return edits


def _replaced(page: Page, part: Part, text: str) -> list[TextEdit]:
    value = part.value
    in_a_line = value.start > page.source.starts[page.source.line_of(value.start)]
    if part.name == "resolution" and in_a_line:
        # a list that began on the label's own line would be none
        several = len(text.splitlines()) > 1
        text = page.source.newline * 2 + text if several else bare_step(text)
    if value.of(page.text) == text:
        return []
    if value.start == value.end and page.dialect.entries.shape == "headings":
        text = page.source.newline * 2 + text
    return [TextEdit(value.start, value.end, text)]


def _place_for(page: Page, name: str, section: Section, there: dict[str, Part]) -> int:
    """Return the line before which a part belongs: ahead of the first later part."""
    after = ENTRY_PARTS[ENTRY_PARTS.index(name) + 1 :]
    later = [there[part].line for part in after if part in there]
    under_headings = page.dialect.entries.shape == "headings"
    return min(later, default=section.end if under_headings else section.own_end)


def _add_block(page: Page, edit: AddEntry) -> Lowered:
    """Add an entry that unfolds, written as the last one of the page, or of the section."""
    section = find_section(page, edit.section) if edit.section else None
    end = section.own_end if section else page.source.line_count
    blocks = [
        one for one in entry_blocks(page) if not section or section.line < one.section.line < end
    ]
    made = block(page, written_block(page, edit.entry.symptom, parts_of(edit.entry)))
    for one in blocks:
        if fold(one.section.title) == fold(edit.entry.symptom):
            raise _taken(page, one, made)
    line = blocks[-1].section.end if blocks else end
    place = insert_block(page, line, made)
    return Lowered((place,), Span(place.start, place.end))


def _taken(page: Page, there: EntryBlock, made: str) -> TargetLost:
    """Return why an entry is not added: it is there, or another of its symptom is."""
    span = there.section.span(page.source)
    if span.of(page.text).strip() == made.strip():
        return already(page, span.start)
    return entry_rows.taken(page, span.start, there.section.title)


def _replace_in_block(page: Page, edit: ReplaceEntry) -> Lowered:
    """Change the parts of an entry that unfolds."""
    section = find_entry(page, edit.section)
    one = next(one for one in entry_blocks(page) if one.section == section)
    if not one.is_read:
        raise unread(page, page.source.starts[section.line])
    inner = inner_page(page, one)
    edits = [
        outer_edit(page, one, inner, made)
        for made in _changes(inner.page, inner.section, edit.entry)
    ]
    symptom = edit.entry.symptom
    if symptom is not None and fold(symptom) != fold(section.title):
        words = written_symptom(symptom, one.kind)
        edits.append(TextEdit(one.symptom.start, one.symptom.end, words))
    if not edits:
        raise already(page, page.source.starts[section.line])
    return Lowered(tuple(edits), section.span(page.source))
