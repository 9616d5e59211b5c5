"""Sections: replace, rename, append to, insert, delete."""

import re
from collections.abc import Sequence

from manualsmith.layout import layout
from manualsmith.markdown.actions.lowered import (
    Lowered,
    already,
    block,
    delete_lines,
    insert_block,
)
from manualsmith.markdown.edit_models import (
    AppendToSection,
    DeleteSection,
    InsertSection,
    RenameSection,
    ReplaceSection,
)
from manualsmith.markdown.locating.locate import find_section, place_of
from manualsmith.markdown.lost_target import TargetLost
from manualsmith.markdown.reading.outline import Section, heading_attributes, heading_text
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.source import Span, TextEdit
from manualsmith.naming import fold
from manualsmith.text import t

_ATX = re.compile(r"^#{1,6}(?!#)[ \t]*(.*)$")
_LIST_ITEM = re.compile(r"^(?:(?P<bullet>[-+*])|(?P<number>\d{1,9})\.)[ \t]+")
_ANY_MARKER = re.compile(r"^(?:[-+*]|\d{1,9}\.)[ \t]+", re.MULTILINE)
_TABLE_ROW = re.compile(r"^\|")


def replace_section(page: Page, edit: ReplaceSection) -> Lowered:
    """Put the text in place of all that a heading holds; rename the heading where asked to."""
    section = find_section(page, edit.section)
    _refuse_others(page, section)
    text = _without_own_heading(block(page, edit.text), section, edit.heading)
    _refuse_shallow_headings(page, text, section.level)
    edits = rename(page, section, edit.heading) + _new_body(page, section, text)
    if not edits:
        raise already(page, page.source.starts[section.line])
    return Lowered(tuple(edits), section.span(page.source))


def rename_section(page: Page, edit: RenameSection) -> Lowered:
    """Give a section another heading, which no other section beside it has."""
    section = find_section(page, edit.section)
    edits = rename(page, section, edit.heading)
    if not edits:
        raise already(page, page.source.starts[section.line])
    title = heading_text(edit.heading)
    others = [one for one in page.sections if one is not section]
    _refuse_taken(page, others, (*section.path[:-1], title), "")
    return Lowered(tuple(edits), page.source.lines(section.line, section.body))


def _new_body(page: Page, section: Section, text: str) -> list[TextEdit]:
    source = page.source
    end = source.trim_blank(section.body, section.end)
    if end == section.body:
        return [insert_block(page, section.body, text)] if text else []
    first = section.body
    while source.is_blank(first):
        first += 1
    span = Span(source.starts[first], source.end_of_line(end - 1))
    return [] if span.of(page.text) == text else [TextEdit(span.start, span.end, text)]


def rename(page: Page, section: Section, heading: str | None) -> list[TextEdit]:
    """Return the edit that gives a section another heading; its id and its style stay."""
    if heading is None or heading_text(heading) == section.title:
        return []
    _refuse_lost_id(page, section, heading)
    line = page.source.line_text(section.line)
    attributes = heading_attributes(section.raw)
    words = section.raw[: section.raw.rindex(attributes)].rstrip() if attributes else section.raw
    start = page.source.starts[section.line] + line.index(words)
    return [TextEdit(start, start + len(words), heading.strip())]


def _refuse_lost_id(page: Page, section: Section, heading: str) -> None:
    """Raise TargetLost where the site has no way to keep the id of a heading that is renamed."""
    dialect = page.dialect
    if dialect.reads_attributes:
        return
    was, name = (
        dialect.slugify(one, dialect.separator) for one in (section.title, heading_text(heading))
    )
    if was != name:
        raise TargetLost(
            "structure",
            t("links to the heading {heading} would lead nowhere", heading=section.title),
            hint=t(
                "so that it keeps its id, add attr_list to markdown_extensions in {path}",
                path=layout().site,
            ),
        )


def _without_own_heading(text: str, section: Section, heading: str | None) -> str:
    """Return *text* without a first line that is the section's own heading."""
    first, _, rest = text.partition("\n")
    match = _ATX.match(first.rstrip("\r"))
    names = {fold(section.title), fold(heading or section.title)}
    if match and fold(heading_text(match[1])) in names:
        return rest.lstrip("\r\n")
    return text


def _refuse_shallow_headings(page: Page, text: str, level: int) -> None:
    for inner in Page(text).sections:
        if inner.level <= level:
            raise TargetLost(
                "structure",
                t(
                    "a heading of level {found} cannot stand under one of level {level}",
                    found=inner.level,
                    level=level,
                ),
                hint=t(
                    "write it with more #: {heading}", heading="#" * (level + 1) + " " + inner.title
                ),
            )


def append_to_section(page: Page, edit: AppendToSection) -> Lowered:
    """Add the text at the end of a section's own text; a list or table there takes it in."""
    section = find_section(page, edit.section)
    _refuse_among(section.others)
    text = block(page, edit.text)
    _refuse_shallow_headings(page, text, section.level)
    _refuse_repeated_block(page, section, text)
    source = page.source
    end = source.trim_blank(section.body, section.own_end)
    joined = _joined(page, section, end, text)
    offset = source.end_of_line(max(end, section.body) - 1)
    made = TextEdit(offset, offset, joined) if joined else insert_block(page, section.own_end, text)
    line = source.line_of(offset)
    return Lowered((made,), Span(source.starts[line], offset))


def _refuse_others(page: Page, section: Section) -> None:
    """Raise TargetLost where readers have another section within what the source gives this one."""
    held = (one for one in page.sections if section.line <= one.line < section.end)
    _refuse_among([other for one in held for other in one.others if other[0] <= section.level])


def _refuse_among(others: Sequence[tuple[int, str]]) -> None:
    if others:
        raise TargetLost(
            "structure",
            t("readers have a heading here that the source does not tell: {words}",
              words=others[0][1]),
            hint=t("name the place by its words: insert-text, replace-text"),
        )  # fmt: skip


def _refuse_repeated_block(page: Page, section: Section, text: str) -> None:
    own = page.source.lines(section.body, section.own_end)
    newline = page.source.newline
    body = newline + _unmarked(own.of(page.text).rstrip()) + newline
    if newline + _unmarked(text) + newline in body:
        raise already(page, own.start)


def _unmarked(text: str) -> str:
    """Return *text* with all list markers alike: an item that joins a list takes its marker."""
    return _ANY_MARKER.sub("- ", text)


def _joined(page: Page, section: Section, end: int, text: str) -> str | None:
    """Return *text* as a continuation of the list or table that ends at line *end*, or None."""
    item = _LIST_ITEM.match(text)
    if not (item or _TABLE_ROW.match(text)):
        return None
    newline = page.source.newline
    last = next(
        (
            token
            for token in page.tokens(section.line, section.own_end - 1)
            if token.level == 0
            and token.nesting == 1
            and token.map
            and token.map[0] < end
            and page.source.trim_blank(*token.map) == end
        ),
        None,
    )
    if last is None:
        return None
    if last.type == "table_open" and _TABLE_ROW.match(text):
        return newline + text
    if last.type == "bullet_list_open" and item and item["bullet"]:
        gap = newline * (2 if _is_loose(page, (last.map[0], end)) else 1)  # type: ignore[index]
        return gap + _bulleted(text, last.markup, newline)
    if last.type == "ordered_list_open" and last.markup == "." and item and item["number"]:
        steps = next(found for found in page.lists(section) if found.end == end)
        gap = newline * (2 if _is_loose(page, (steps.line, end)) else 1)
        return gap + _numbered(text, steps.numbers(page.source)[-1] + 1, newline)
    return None


def _is_loose(page: Page, lines: tuple[int, int]) -> bool:
    """Return whether blank lines stand between the items of the list on those lines."""
    first, end = lines
    starts = [
        token.map[0]
        for token in page.tokens(first, end - 1)
        if token.type == "list_item_open" and token.level == 1 and token.map
    ]
    return any(page.source.is_blank(line - 1) for line in starts if first < line < end)


def _bulleted(text: str, marker: str, newline: str) -> str:
    return newline.join(re.sub(r"^[-+*](?=[ \t])", marker, line) for line in text.split(newline))


def _numbered(text: str, number: int, newline: str) -> str:
    lines = text.split(newline)
    for index, line in enumerate(lines):
        if re.match(r"\d{1,9}\.[ \t]", line):
            lines[index] = f"{number}{line[line.index('.') :]}"
            number += 1
    return newline.join(lines)


def insert_section(page: Page, edit: InsertSection) -> Lowered:
    """Add a section before or after another one, or as its last subsection."""
    beside = find_section(page, edit.section)
    level = beside.level + (edit.position == "inside")
    parent = beside.path if edit.position == "inside" else beside.path[:-1]
    if level > 6:
        raise TargetLost("structure", t("headings go down to level 6"))
    if edit.position != "before":
        _refuse_others(page, beside)
    line = beside.line if edit.position == "before" else beside.end
    return section_edit(page, line, level, parent, edit.heading, block(page, edit.text))


def section_edit(
    page: Page, line: int, level: int, parent: tuple[str, ...], heading: str, text: str
) -> Lowered:
    """Return the edit that adds a section before *line*; refused where its name is taken."""
    _refuse_shallow_headings(page, text, level)
    made = f"{'#' * level} {heading.strip()}{page.source.newline * 2}{text}"
    _refuse_taken(page, page.sections, (*parent, heading_text(heading.strip())), made)
    edit = insert_block(page, line, made)
    return Lowered((edit,), Span(edit.start, edit.end))


def _refuse_taken(
    page: Page, sections: Sequence[Section], path: tuple[str, ...], made: str
) -> None:
    """Raise where one of *sections* has that path; as done where it says what is *made*, too."""
    for section in sections:
        if section.path[:-1] == path[:-1] and fold(section.title) == fold(path[-1]):
            span = section.span(page.source)
            if span.of(page.text).strip() == made:
                raise already(page, span.start)
            raise TargetLost(
                "structure",
                t("there is a section {heading} here already", heading=section.title),
                place=place_of(page, span.start),
                hint=t("give it another heading, or use replace-section or append-to-section"),
            )


def delete_section(page: Page, edit: DeleteSection) -> Lowered:
    """Remove a heading and all that it holds."""
    section = find_section(page, edit.section)
    _refuse_others(page, section)
    if section.level == 1 and len([s for s in page.sections if s.level == 1]) == 1:
        raise TargetLost("structure", t("this section is the whole page"))
    return Lowered((delete_lines(page, section.line, section.end),), section.span(page.source))
