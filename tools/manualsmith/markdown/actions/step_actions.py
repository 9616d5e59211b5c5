"""Numbered steps: replace, insert, move, delete. Numbering follows the list's own style."""

from collections.abc import Iterator, Sequence

from manualsmith.markdown.actions.lowered import Lowered, already, block
from manualsmith.markdown.edit_models import DeleteStep, InsertStep, MoveStep, ReplaceStep
from manualsmith.markdown.locating.counted import FoundStep, find_step
from manualsmith.markdown.lost_target import TargetLost
from manualsmith.markdown.reading.numbered_lists import STEP_INDENT, Item, NumberedList
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.source import Span, TextEdit
from manualsmith.text import t


def replace_step(page: Page, edit: ReplaceStep) -> Lowered:
    """Put the text in place of a step and what it holds; its marker stays."""
    step = _find(page, edit)
    found = step.item.content
    text = _indented(page, edit.text, step.item)
    if found.of(page.text) == text:
        raise already(page, found.start)
    notes: tuple[str, ...] = ()
    if _holds_more(page, step.item):
        notes = (t("what step {number} held besides its words is replaced too", number=edit.step),)
    made = TextEdit(found.start, found.end, text + _after(page, text, step.item))
    return Lowered((made,), found, notes)


def insert_step(page: Page, edit: InsertStep) -> Lowered:
    """Add a step before or after another; the ones that follow are numbered anew."""
    step = _find(page, edit)
    steps, index = step.list, step.index + (edit.position == "after")
    text = _indented(page, edit.text, step.item)
    for near in steps.items[max(0, index - 1) : index + 1]:
        if near.content.of(page.text) == text:
            raise already(page, near.content.start)
    numbers = steps.numbers(page.source)
    step_by = _increment(numbers)
    number = numbers[index - 1] + step_by if index else numbers[0]
    marker = _marker(page, step.item).replace(step.item.number.of(page.text), str(number), 1)
    made = _placed(page, steps, index, marker + text)
    moved = _renumber(page, steps, index, number + step_by) if step_by else ()
    return Lowered((made, *moved), _from(page, steps, index))


def delete_step(page: Page, edit: DeleteStep) -> Lowered:
    """Remove a step and what it holds; the ones that follow are numbered anew."""
    step = _find(page, edit)
    steps = step.list
    if len(steps.items) == 1:
        raise TargetLost(
            "structure",
            t("this is the list's only step"),
            hint=t("delete or replace the section instead"),
        )
    gone = _without(page, steps, step.index)
    numbers = steps.numbers(page.source)
    moved: Sequence[TextEdit] = ()
    if _increment(numbers):
        moved = list(_renumber(page, steps, step.index + 1, numbers[step.index]))
    return Lowered((gone, *moved), _from(page, steps, step.index))


def move_step(page: Page, edit: MoveStep) -> Lowered:
    """Put a step beside another of its list; those between are numbered anew."""
    step, beside = _find(page, edit), find_step(page, edit.section, edit.to, edit.list)
    steps, item = step.list, step.item
    if beside.list != steps:
        raise TargetLost(
            "structure",
            t("step {to} is not in the list of step {number}", to=edit.to, number=edit.step),
            field="to",
            hint=t("name a step of the same list: delete the step and insert it elsewhere"),
        )
    index = beside.index + (edit.position == "after")
    if index in (step.index, step.index + 1):
        raise already(page, item.content.start)
    gone = _without(page, steps, step.index)
    numbers = steps.numbers(page.source)
    at = index - (index > step.index)
    marker = _marker(page, item).replace(item.number.of(page.text), str(numbers[at]), 1)
    words = item.content.of(page.text).rstrip()
    made = _placed(page, steps, index, marker + words)
    between = range(index, step.index) if index < step.index else range(step.index + 1, index)
    shift = 1 if index < step.index else -1
    moved = (
        _numbered(steps.items[n], numbers[n + shift])
        for n in between
        if numbers[n + shift] != numbers[n]
    )
    return Lowered((gone, made, *moved), _from(page, steps, min(index, step.index)))


def _without(page: Page, steps: NumberedList, index: int) -> TextEdit:
    """Return the edit that takes a step out of its list, with the blank lines that parted it."""
    source, item = page.source, steps.items[index]
    if index < len(steps.items) - 1:
        following = _marker_start(page, steps.items[index + 1])
        return TextEdit(_marker_start(page, item), following, "")
    before = source.trim_blank(0, item.line)
    return TextEdit(source.end_of_line(before - 1), source.end_of_line(item.end - 1), "")


def _numbered(item: Item, number: int) -> TextEdit:
    return TextEdit(item.number.start, item.number.end, str(number))


def _find(page: Page, edit: ReplaceStep | InsertStep | DeleteStep | MoveStep) -> FoundStep:
    step = find_step(page, edit.section, edit.step, edit.list)
    words = edit.quote
    if words and words not in step.item.content.of(page.text):
        raise TargetLost(
            "changed",
            t("step {number} does not hold the words “{words}”", number=edit.step, words=words),
            hint=t("it says: {text}", text=step.item.content.of(page.text)[:80]),
        )
    return step


def _from(page: Page, steps: NumberedList, index: int) -> Span:
    source = page.source
    line = steps.items[index].line if index < len(steps.items) else steps.end
    return Span(source.lines(min(line, steps.end), line).start, source.lines(0, steps.end).end)


def _holds_more(page: Page, item: Item) -> bool:
    source = page.source
    inner = range(item.line + 1, item.end)
    return bool(item.lists) or any(source.is_blank(line) for line in inner)


def _indented(page: Page, text: str, item: Item) -> str:
    """Return a step's text with what follows its first line indented under the marker."""
    width = max(STEP_INDENT, item.number.end - item.number.start + 2)
    inset = _line_prefix(page, item)
    first, *rest = block(page, text).split(page.source.newline)
    lines = [inset + " " * width + line if line.strip() else inset.rstrip() for line in rest]
    return page.source.newline.join([first.lstrip(), *lines])


def _line_prefix(page: Page, item: Item) -> str:
    """Return what stands before an item's marker on its line, other markers as spaces."""
    prefix = page.text[page.source.starts[item.line] : item.number.start]
    return "".join(char if char in "> \t" else " " for char in prefix)


def _marker_start(page: Page, item: Item) -> int:
    """Return where an item starts on its line, its indent included."""
    prefix = page.text[page.source.starts[item.line] : item.number.start]
    return page.source.starts[item.line] if not prefix.strip("> \t") else item.number.start


def _marker(page: Page, item: Item) -> str:
    """Return an item's marker with the indent before it and the space after it."""
    end = item.content.start
    text = page.text[item.number.start : end]
    return _line_prefix(page, item) + (text if text.endswith((" ", "\t")) else text + " ")


def _placed(page: Page, steps: NumberedList, index: int, text: str) -> TextEdit:
    source = page.source
    first = steps.items[0]
    newline = source.newline
    gap = newline + (_blank_line(page, first) if _is_loose(page, steps) else "")
    if index == 0:
        start = _marker_start(page, first)
        if start != source.starts[first.line]:
            raise TargetLost("structure", t("the list starts within another marker's line"))
        blank = _blank_line(page, first) if _has_blocks(page, text) else ""
        return TextEdit(start, start, text + max(gap, newline + blank, key=len))
    end = source.end_of_line(steps.items[index - 1].end - 1)
    return TextEdit(end, end, gap + text + _after(page, text, steps.items[index - 1]))


def _after(page: Page, text: str, item: Item) -> str:
    """Return a blank line where *text* has several blocks and a line comes right after *item*.

    Python-Markdown takes a marker right under a step's second block for text of that block.
    """
    source = page.source
    follows = item.end < source.line_count and not source.is_blank(item.end)
    return _blank_line(page, item) if follows and _has_blocks(page, text) else ""


def _has_blocks(page: Page, text: str) -> bool:
    return any(not line.strip(" \t>") for line in text.split(page.source.newline))


def _blank_line(page: Page, item: Item) -> str:
    """Return a line end and what a blank line has before it: a quotation's mark, or nothing."""
    return page.source.newline + _line_prefix(page, item).rstrip()


def _is_loose(page: Page, steps: NumberedList) -> bool:
    """Return whether blank lines stand between the list's items."""
    return any(page.source.is_blank(item.line - 1) for item in steps.items[1:])


def _increment(numbers: Sequence[int]) -> int:
    """Return by how much the list counts: 0 where each marker is the same, as in ``1. 1. 1.``."""
    return 0 if len(numbers) > 1 and len(set(numbers)) == 1 else 1


def _renumber(page: Page, steps: NumberedList, index: int, number: int) -> Iterator[TextEdit]:
    for position, item in enumerate(steps.items[index:]):
        digits = str(number + position)
        if item.number.of(page.text) != digits:
            yield TextEdit(item.number.start, item.number.end, digits)
