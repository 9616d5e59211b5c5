"""Find a step of the base again on the page: in its own list, by its words and its neighbours.

Its number is not what tells it, and no step of another list is taken for it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal

from rapidfuzz import fuzz

from manualsmith.markdown.action_table import Action
from manualsmith.markdown.actions import lower
from manualsmith.markdown.actions.lowered import Lowered, already
from manualsmith.markdown.drift.likeness import changed, key, same
from manualsmith.markdown.drift.same_block import Block, labels, lead, owned
from manualsmith.markdown.drift.same_section import same_section
from manualsmith.markdown.drift.slots import Slots, base_keys, items_of, slots_of
from manualsmith.markdown.edit_models import DeleteStep, InsertStep, MoveStep, ReplaceStep
from manualsmith.markdown.locating.counted import FoundStep, find_step, lists_in
from manualsmith.markdown.locating.locate import candidate, find_section, shorten
from manualsmith.markdown.lost_target import TargetLost
from manualsmith.markdown.reading.numbered_lists import Item, NumberedList
from manualsmith.markdown.reading.page import Page
from manualsmith.text import t

StepAction = ReplaceStep | InsertStep | DeleteStep | MoveStep
Beside = Callable[[], Sequence[Action]]

# How alike, of 100, a step between the same neighbours must be to be the same step.
_LIKE = 50.0
_BOTH = 2


@dataclass(frozen=True)
class _List:
    """A list: how an edit names it, and what comes before a step's number in it; what it is in."""

    steps: NumberedList
    which: int
    above: str
    block: Block

    def stands(self) -> Iterator["_Stand"]:
        for index in range(len(self.steps.items)):
            yield _Stand(self, index)


@dataclass(frozen=True)
class _Stand:
    """A step of the page: its list, and its place there from 0."""

    list: _List
    index: int

    @property
    def item(self) -> Item:
        return self.list.steps.items[self.index]

    @property
    def number(self) -> str:
        return f"{self.list.above}{self.index + 1}"


def step_edit(base: Page, page: Page, edit: StepAction, beside: Beside = tuple) -> Lowered:
    """Return what a step's edit comes down to on the page. Raises TargetLost.

    *beside* returns the edits of the same base that the page has already; it is asked where the
    list has changed.
    """
    then = find_step(base, edit.section, edit.step, edit.list)
    unquoted = edit.quote and edit.quote not in then.item.content.of(base.text)
    if unquoted or isinstance(edit, MoveStep):
        lower(base, edit)  # which says what is wrong with it there
    path = edit.section
    if path:
        path = same_section(base, page, find_section(base, path)).path
    old, new = list(_lists(base, edit.section)), list(_lists(page, path))
    wanted = next(n for n, one in enumerate(old) if one.steps == then.list)
    known: Sequence[Action] = ()
    lists = _own(base, old, new, wanted, known)
    if [one.block.items for one in lists] != [old[wanted].block.items]:
        known = beside()
        lists = _own(base, old, new, wanted, known)
    here = edit.model_copy(update={"section": path})
    anchor = None
    if isinstance(edit, MoveStep):
        anchor = find_step(base, edit.section, edit.to, edit.list).index
    return _made(page, here, lists, slots_of(base, then, known), anchor)


def _made(
    page: Page, edit: StepAction, lists: Sequence[_List], slots: Slots, anchor: int | None
) -> Lowered:
    """Return the edit made in one of the lists that its list is now.

    *anchor* is the step, from 0, beside which the edit puts its own.
    """
    stands = [stand for one in lists for stand in one.stands()]
    found = _same_step(page, stands, slots)
    if found and edit.quote and not slots.says(slots.target, _said(page, found)):
        _refuse_without_quote(page, found, edit.quote)
    if isinstance(edit, InsertStep):
        return _inserted(page, edit.model_copy(update={"quote": None}), stands, slots, found)
    target = slots.words[slots.target]
    if found is None:
        if isinstance(edit, ReplaceStep):
            _refuse_repeat(page, stands, edit.text)
        raise _gone(page, stands, slots)
    here = {"quote": None, "list": found.list.which, "step": found.number}
    if anchor is not None:
        beside = replace(slots, target=anchor)
        here["to"] = _same_anchor(page, stands, beside, found).number
    made = lower(page, edit.model_copy(update=here))
    if not same(found.item.content.of(page.text), target):
        raise changed(page, found.item.content.start, target)
    return made


def _same_anchor(page: Page, stands: Sequence[_Stand], slots: Slots, found: _Stand) -> _Stand:
    """Return the step beside which another is put, in the list that it is moved in."""
    anchor = _same_step(page, [one for one in stands if one.list == found.list], slots)
    if anchor is None:
        raise _gone(page, stands, slots)
    return anchor


def _refuse_without_quote(page: Page, found: _Stand, quote: str) -> None:
    """Raise where a step that was worded anew does not hold the words that the edit names."""
    if quote not in found.item.content.of(page.text):
        raise changed(page, found.item.content.start, quote)


def _own(
    base: Page, old: Sequence[_List], new: Sequence[_List], wanted: int, beside: Sequence[Action]
) -> list[_List]:
    """Return the lists of the page that a list of the base is now; none where it is not certain."""
    blocks = [_grown(base, one, beside) for one in old]
    return [new[n] for n in owned(blocks, [one.block for one in new], wanted)]


def _grown(base: Page, one: _List, beside: Sequence[Action]) -> Block:
    """Return what tells a list, with what the edits beside may have made of its steps."""
    slots = slots_of(base, FoundStep(one.steps, 0), beside)
    items = items_of(slots)
    return one.block if len(items) == len(one.block.items) else replace(one.block, items=items)


def _lists(page: Page, path: tuple[str, ...] | None) -> Iterator[_List]:
    for number, steps in enumerate(lists_in(page, path), 1):
        label, above = labels(page, steps.line), lead(page, steps.line)
        yield from _within(page, _List(steps, number, "", _block(page, steps, label, above)))


def _within(page: Page, one: _List) -> Iterator[_List]:
    """Yield a list and the lists in its steps; the step is the line before such a list."""
    yield one
    for stand in one.stands():
        if len(stand.item.lists) == 1:
            [inner] = stand.item.lists
            above = key(page.text[stand.item.content.start : page.source.starts[inner.line]])
            block = _block(page, inner, (*one.block.label, ""), above)
            yield from _within(page, _List(inner, one.which, f"{stand.number}.", block))


def _block(page: Page, steps: NumberedList, label: tuple[str, ...], above: str) -> Block:
    return Block(label, above, tuple(key(item.content.of(page.text)) for item in steps.items))


def _same_step(page: Page, stands: Sequence[_Stand], slots: Slots) -> _Stand | None:
    """Return the step that says the same, else the like one between the same neighbours.

    Raises TargetLost where several are it.
    """
    if slots.target in slots.gone:
        return None
    equal = [s for s in stands if slots.says(slots.target, _said(page, s))]
    if len(equal) > 1:
        equal = [s for s in equal if _neighbours(page, s, slots) == _BOTH] or equal
    if len(equal) > 1:
        raise TargetLost(
            "ambiguous",
            t("{count} steps say “{words}”", count=len(equal), words=_words(slots)),
            field="step",
            candidates=(candidate(page, s.item.content) for s in equal[:5]),
        )
    if equal:
        return equal[0]
    wanted = key(slots.words[slots.target])
    like = [
        s
        for s in stands
        if _neighbours(page, s, slots) == _BOTH and fuzz.ratio(_said(page, s), wanted) >= _LIKE
    ]
    return like[0] if len(like) == 1 else None


def _neighbours(page: Page, stand: _Stand, slots: Slots) -> int:
    """Return how many of a step's two neighbours are the base's; an end is one as well."""
    return sum(
        slots.says(slots.beside(slots.target, step), _next(page, stand, slots, step))
        for step in (-1, 1)
    )


def _next(page: Page, stand: _Stand, slots: Slots, step: int) -> str | None:
    """Return what the next step in a direction says that the edits beside did not put in."""
    items, index = stand.list.steps.items, stand.index + step
    while 0 <= index < len(items):
        said = key(items[index].content.of(page.text))
        if not slots.is_new(said):
            return said
        index += step
    return None


def _said(page: Page, stand: _Stand) -> str:
    return key(stand.item.content.of(page.text))


def _words(slots: Slots) -> str:
    return shorten(slots.words[slots.target])


@dataclass(frozen=True)
class _Gap:
    """Where a step goes in: before item *at* of a list, among the new items up to *after*."""

    list: _List
    at: int
    after: int


def _inserted(
    page: Page, edit: InsertStep, stands: Sequence[_Stand], slots: Slots, found: _Stand | None
) -> Lowered:
    """Return the insertion among the new steps at its place, in the order of their texts.

    Of those that were put in beside, the ones before a step that was taken out come first.
    """
    gap = _gap(page, edit.position, stands, slots, found)
    said = [key(item.content.of(page.text)) for item in gap.list.steps.items]
    text, own = key(edit.text), slots.target + (edit.position == "after")
    between = range(gap.at, gap.after)
    if text in said[gap.at : gap.after]:
        item = gap.list.steps.items[said.index(text, gap.at)]
        raise already(page, item.content.start)
    later = [n for n in between if (slots.new.get(said[n], own), said[n]) > (own, text)]
    at = later[0] if later else gap.after
    side, number = ("before", at + 1) if at < len(said) else ("after", at)
    here = {"list": gap.list.which, "step": f"{gap.list.above}{number}", "position": side}
    return lower(page, edit.model_copy(update=here))


def _gap(
    page: Page, side: str, stands: Sequence[_Stand], slots: Slots, found: _Stand | None
) -> _Gap:
    """Return the place beside the step that was found, or that was between two others."""
    if found is None and slots.target in slots.gone:
        found, side = _left_by_it(page, stands, slots)
    if found is None:
        raise _gone(page, stands, slots)
    said = [_said(page, stand) for stand in found.list.stands()]
    new = _new(said, slots)
    first = after = found.index + (side == "after")
    while side == "after" and after in new:
        after += 1
    while side == "before" and first - 1 in new:
        first -= 1
    return _Gap(found.list, first, after)


def _left_by_it(
    page: Page, stands: Sequence[_Stand], slots: Slots
) -> tuple[_Stand | None, Literal["before", "after"]]:
    """Return the step beside one that an edit beside took out, and on which side that was."""
    sides: tuple[tuple[int, Literal["before", "after"]], ...] = ((-1, "after"), (1, "before"))
    for step, side in sides:
        index = slots.beside(slots.target, step)
        if 0 <= index < len(slots.words):
            found = [s for s in stands if slots.says(index, _said(page, s))]
            return (found[0] if len(found) == 1 else None), side
    return None, "after"


def _new(said: Sequence[str], slots: Slots) -> set[int]:
    """Return the places of the page's steps that the base does not have.

    Between two steps of the base a step may be new, or one of the base that was worded anew: as
    many are taken for those as the base's steps are missing there, the most alike ones first.
    """
    new = {n for n, text in enumerate(said) if slots.is_new(text)}
    rest = [n for n in range(len(said)) if n not in new]
    there, words = [said[n] for n in rest], base_keys(slots, said)
    blocks = SequenceMatcher(None, words, there, autojunk=False).get_matching_blocks()
    then = now = 0
    for block in blocks:
        gap, missing = range(now, block.b), words[then : block.a]
        reworded = _reworded([there[n] for n in gap], missing)
        left = [n for n in gap if n - now not in reworded]
        new.update(rest[n] for n in left[max(0, len(missing) - len(reworded)) :])
        then, now = block.a + block.size, block.b + block.size
    return new


def _reworded(said: Sequence[str], missing: Sequence[str]) -> set[int]:
    """Return which of the steps in a gap are like one of those that are missing there."""
    pairs = sorted(
        (
            (fuzz.ratio(text, word), -at, -n)
            for at, text in enumerate(said)
            for n, word in enumerate(missing)
        ),
        reverse=True,
    )
    found: dict[int, int] = {}
    for score, at, n in pairs:
        if score >= _LIKE and -at not in found and -n not in found.values():
            found[-at] = -n
    return set(found)


def _refuse_repeat(page: Page, stands: Sequence[_Stand], text: str) -> None:
    """Raise where a step of the list says *text* already."""
    for stand in stands:
        if same(stand.item.content.of(page.text), text):
            raise already(page, stand.item.content.start)


def _gone(page: Page, stands: Sequence[_Stand], slots: Slots) -> TargetLost:
    """Return the error for a step that is gone, or was changed where it stood."""
    between = [s for s in stands if _neighbours(page, s, slots) == _BOTH]
    if len(between) == 1 and slots.target not in slots.gone:
        return changed(page, between[0].item.content.start, slots.words[slots.target])
    wanted = key(slots.words[slots.target])
    close = sorted(
        ((fuzz.ratio(_said(page, s), wanted), s) for s in stands[:500]),
        key=lambda pair: -pair[0],
    )
    return TargetLost(
        "missing",
        t("the step “{words}” is gone", words=_words(slots)),
        field="step",
        candidates=(
            candidate(page, stand.item.content, score / 100)
            for score, stand in close[:5]
            if score >= _LIKE
        ),
    )
