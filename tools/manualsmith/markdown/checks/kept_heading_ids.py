"""Keep the ids of headings, so that links and bookmarks still lead there.

A heading's id follows from its words, and from which headings above it have the same ones. So an
edit that renames a heading, or adds one of the same words before it, would move the id elsewhere.
"""

from collections.abc import Sequence

from manualsmith.markdown.reading.outline import Section, heading_attributes
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.page_links import section_ids
from manualsmith.markdown.reading.source import TextEdit, apply_edits

_SETEXT = ("=", "-")


def pinned(page: Page, edits: Sequence[TextEdit], after: Page | None = None) -> list[TextEdit]:
    """Return *edits* with what gives each heading that stays the id that it had.

    *after* is the page with the edits made, where it has been read. On a site that reads no
    attributes an id cannot be written: whoever edits sees then that it would change.
    """
    if not page.dialect.reads_attributes:
        return list(edits)
    if after is None:
        if not any(_in_heading(page, edit) for edit in edits):
            return list(edits)
        after = Page(apply_edits(page.text, edits), page.dialect)
    if not page.sections:
        return list(edits)
    ids = dict(zip(after.sections, section_ids(after), strict=True))
    starts = {after.source.starts[section.line]: section for section in after.sections}
    lost = []
    for section, name in zip(page.sections, section_ids(page), strict=True):
        now = starts.get(_moved(page.source.starts[section.line], edits))
        moves = now and name and now.level == section.level and ids[now] != name
        if now and moves and _stays(page, section, edits):
            lost.append((*id_place(after, now), name))
    made = sorted(edits)
    for offset, form, name in reversed(lost):  # so that the places before it stay where they are
        made = _with_text(made, offset, form.format(name))
    return made


def _in_heading(page: Page, edit: TextEdit) -> bool:
    if edit.end < page.body.start:
        return False  # what stands over the front matter's end is no heading
    line = page.source.line_of(edit.start)
    if page.source.line_text(line).lstrip(" ").startswith("#"):
        return True
    below = page.source.line_text(line + 1) if line + 1 < page.source.line_count else ""
    return below.lstrip(" ").startswith(_SETEXT) and not below.strip("=- \t\r\n")


def _stays(page: Page, section: Section, edits: Sequence[TextEdit]) -> bool:
    """Return whether the heading is still there, with other words at most."""
    start, end = page.source.starts[section.line], page.source.end_of_line(section.line)
    return not any(edit.start <= start and end < edit.end for edit in edits)


def _moved(offset: int, edits: Sequence[TextEdit]) -> int:
    """Return where a place of the page is after the edits before it."""
    before = (edit for edit in edits if edit.end <= offset)
    return offset + sum(len(edit.text) - (edit.end - edit.start) for edit in before)


def id_place(page: Page, section: Section) -> tuple[int, str]:
    """Return where an id is to be written in a heading, and how."""
    line = page.source.starts[section.line]
    end = line + page.source.line_text(section.line).rindex(section.raw) + len(section.raw)
    attributes = heading_attributes(section.raw)
    return (end - 1, " #{}") if attributes else (end, " {{#{}}}")


def _with_text(edits: list[TextEdit], offset: int, text: str) -> list[TextEdit]:
    """Return *edits* with *text* put in at *offset* of the text that they make."""
    grown = 0
    for number, edit in enumerate(edits):
        first = edit.start + grown
        if first <= offset <= first + len(edit.text) and edit.text:
            at = offset - first
            longer = TextEdit(edit.start, edit.end, edit.text[:at] + text + edit.text[at:])
            return [*edits[:number], longer, *edits[number + 1 :]]
        if offset < first:
            break
        grown += len(edit.text) - (edit.end - edit.start)
    at = offset - grown
    return sorted([*edits, TextEdit(at, at, text)])
