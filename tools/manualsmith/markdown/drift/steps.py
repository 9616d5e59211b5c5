"""A step of the base on the page: by what it says and by its neighbours, not by its number."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from rapidfuzz import fuzz

from manualsmith.markdown.actions import ACTIONS
from manualsmith.markdown.actions.lowered import Lowered, already
from manualsmith.markdown.counted import find_step, lists_in
from manualsmith.markdown.drift.likeness import changed, key, same
from manualsmith.markdown.drift.sections import same_section
from manualsmith.markdown.edit import DeleteStep, InsertStep, ReplaceStep
from manualsmith.markdown.lists import Item, NumberedList
from manualsmith.markdown.locate import candidate, find_section, shorten
from manualsmith.markdown.lost import TargetLost
from manualsmith.markdown.page import Page
from manualsmith.text import t

# How alike, of 100, a step between the same neighbours must be to be the same step.
_LIKE = 50.0
_BOTH = 2


@dataclass(frozen=True)
class _Stand:
    """A step of the page: its list, its place there from 0, and how an edit names the two."""

    steps: NumberedList
    index: int
    which: int
    number: str

    @property
    def item(self) -> Item:
        return self.steps.items[self.index]


def step_edit(base: Page, page: Page, edit: ReplaceStep | InsertStep | DeleteStep) -> Lowered:
    """Return what a step's edit comes down to on the page. Raises TargetLost."""
    then = find_step(base, edit.section, edit.step, edit.list)
    path = edit.section
    if path:
        path = same_section(base, page, find_section(base, path)).path
    stands = list(_stands(page, path))
    words = [item.content.of(base.text) for item in then.list.items]
    target = words[then.index]
    found = _same_step(page, stands, words, then.index)
    if found is None:
        if isinstance(edit, ReplaceStep):
            _refuse_repeat(page, stands, edit.text)
        between = [s for s in stands if _neighbours(page, s, words, then.index) == _BOTH]
        if len(between) == 1:
            raise changed(page, between[0].item.content.start, target)
        raise _gone(page, stands, target)
    here = {"section": path, "list": found.which, "quote": None}
    if isinstance(edit, InsertStep):
        return _inserted(page, edit.model_copy(update=here), found, words, then.index)
    made = ACTIONS[edit.action](page, edit.model_copy(update={**here, "step": found.number}))
    if not same(found.item.content.of(page.text), target):
        raise changed(page, found.item.content.start, target)
    return made


def _stands(page: Page, path: tuple[str, ...] | None) -> Iterator[_Stand]:
    for number, steps in enumerate(lists_in(page, path)):
        yield from _within(steps, number + 1, "")


def _within(steps: NumberedList, which: int, above: str) -> Iterator[_Stand]:
    for index, item in enumerate(steps.items):
        name = f"{above}{index + 1}"
        yield _Stand(steps, index, which, name)
        if len(item.lists) == 1:
            yield from _within(item.lists[0], which, f"{name}.")


def _same_step(
    page: Page, stands: Sequence[_Stand], words: Sequence[str], index: int
) -> _Stand | None:
    """Return the step that says the same, else the like one between the same neighbours.

    Raises TargetLost where several are it.
    """
    equal = [s for s in stands if same(s.item.content.of(page.text), words[index])]
    if len(equal) > 1:
        equal = [s for s in equal if _neighbours(page, s, words, index) == _BOTH] or equal
    if len(equal) > 1:
        raise TargetLost(
            "ambiguous",
            t("{count} steps say “{words}”", count=len(equal), words=shorten(words[index])),
            field="step",
            candidates=(candidate(page, s.item.content) for s in equal[:5]),
        )
    if equal:
        return equal[0]
    like = [
        s
        for s in stands
        if _neighbours(page, s, words, index) == _BOTH
        and fuzz.ratio(key(s.item.content.of(page.text)), key(words[index])) >= _LIKE
    ]
    return like[0] if len(like) == 1 else None


def _neighbours(page: Page, stand: _Stand, words: Sequence[str], index: int) -> int:
    """Return how many of a step's two neighbours are the base's; an end is one as well."""
    items = stand.steps.items
    return sum(
        _said(page, items, stand.index + step) == _word(words, index + step) for step in (-1, 1)
    )


def _said(page: Page, items: Sequence[Item], index: int) -> str | None:
    return key(items[index].content.of(page.text)) if 0 <= index < len(items) else None


def _word(words: Sequence[str], index: int) -> str | None:
    return key(words[index]) if 0 <= index < len(words) else None


def _inserted(
    page: Page, edit: InsertStep, found: _Stand, words: Sequence[str], index: int
) -> Lowered:
    """Return the insertion among the new steps at its place, in the order of their texts."""
    items = found.steps.items
    said = [key(item.content.of(page.text)) for item in items]
    new = _new(said, [key(word) for word in words])
    first = found.index + (edit.position == "after")
    after = first
    while edit.position == "after" and after < len(items) and after in new:
        after += 1
    while edit.position == "before" and first > 0 and first - 1 in new:
        first -= 1
    if key(edit.text) in said[first:after]:
        raise already(page, items[first + said[first:after].index(key(edit.text))].content.start)
    later = [n for n in range(first, after) if said[n] > key(edit.text)]
    at = later[0] if later else after
    above = found.number.rpartition(".")[0]
    side, number = ("before", at + 1) if at < len(items) else ("after", at)
    name = f"{above}.{number}" if above else str(number)
    return ACTIONS[edit.action](page, edit.model_copy(update={"step": name, "position": side}))


def _new(said: Sequence[str], words: Sequence[str]) -> set[int]:
    """Return the places of the page's steps that the base does not have.

    Between two steps of the base a step may be new, or one of the base that was worded anew: as
    many are taken for those as the base's steps are missing there, the most alike ones first.
    """
    blocks = SequenceMatcher(None, words, said, autojunk=False).get_matching_blocks()
    new: set[int] = set()
    then = now = 0
    for block in blocks:
        gap, missing = list(range(now, block.b)), list(words[then : block.a])
        pairs = sorted(
            ((fuzz.ratio(said[at], word), -at, -n) for at in gap for n, word in enumerate(missing)),
            reverse=True,
        )
        reworded: dict[int, int] = {}
        for score, at, n in pairs:
            if score >= _LIKE and -at not in reworded and -n not in reworded.values():
                reworded[-at] = -n
        rest = [at for at in gap if at not in reworded]
        new.update(rest[max(0, len(missing) - len(reworded)) :])
        then, now = block.a + block.size, block.b + block.size
    return new


def _refuse_repeat(page: Page, stands: Sequence[_Stand], text: str) -> None:
    """Raise where a step says *text* already."""
    for stand in stands:
        if same(stand.item.content.of(page.text), text):
            raise already(page, stand.item.content.start)


def _gone(page: Page, stands: Sequence[_Stand], words: str) -> TargetLost:
    wanted = key(words)
    close = sorted(
        ((fuzz.ratio(key(s.item.content.of(page.text)), wanted), s) for s in stands[:500]),
        key=lambda pair: -pair[0],
    )
    return TargetLost(
        "missing",
        t("the step “{words}” is gone", words=shorten(words)),
        field="step",
        candidates=(
            candidate(page, stand.item.content, score / 100)
            for score, stand in close[:5]
            if score >= _LIKE
        ),
    )
