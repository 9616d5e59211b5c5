"""The steps of a list of the base, with what other edits of the same confirmation did to them.

Edits that one confirmation asks for are made against one base. What those that are made already
did to the list is known, not guessed: which step has which words now, which are new, which gone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from manualsmith.markdown.action_table import Action
from manualsmith.markdown.drift.likeness import key
from manualsmith.markdown.edit_models import DeleteStep, InsertStep, ReplaceStep
from manualsmith.markdown.locating.counted import FoundStep, find_step
from manualsmith.markdown.lost_target import TargetLost
from manualsmith.markdown.reading.page import Page


@dataclass(frozen=True)
class Slots:
    """The steps of the base, each by what it may say now, and the edit's own step from 0.

    ``gone`` are steps that were taken out; ``new`` are steps that were put in, each with the
    number of the base's steps before it.
    """

    words: tuple[str, ...]
    target: int
    said: tuple[frozenset[str], ...]
    gone: frozenset[int]
    new: dict[str, int]

    def says(self, index: int, text: str | None) -> bool:
        """Return whether a step of the page, None where there is none, is the base's *index*."""
        if not 0 <= index < len(self.words):
            return text is None
        return text in self.said[index]

    def beside(self, index: int, step: int) -> int:
        """Return the next step of the base in a direction that was not taken out."""
        index += step
        while index in self.gone:
            index += step
        return index

    def is_new(self, text: str) -> bool:
        """Return whether a step of the page is one that was put in."""
        return text in self.new and not any(text in said for said in self.said)


def slots_of(base: Page, then: FoundStep, beside: Iterable[Action] = ()) -> Slots:
    """Return the steps of a list of *base* with what the edits *beside* have made of them."""
    words = tuple(item.content.of(base.text) for item in then.list.items)
    said = [{key(text)} for text in words]
    gone: set[int] = set()
    new: dict[str, int] = {}
    for edit in beside:
        at = _index(base, then, edit)
        if at is None:
            continue
        if isinstance(edit, InsertStep):
            new[key(edit.text)] = at + (edit.position == "after")
        elif isinstance(edit, ReplaceStep):
            said[at].add(key(edit.text))
        else:
            gone.add(at)
    kept = gone - {then.index} if len(gone) == len(words) else gone
    return Slots(words, then.index, tuple(map(frozenset, said)), frozenset(kept), new)


def _index(base: Page, then: FoundStep, edit: Action) -> int | None:
    """Return which step of the list an edit is about, None where it is about something else."""
    if not isinstance(edit, ReplaceStep | InsertStep | DeleteStep):
        return None
    try:
        found = find_step(base, edit.section, edit.step, edit.list)
    except TargetLost:
        return None
    return found.index if found.list == then.list else None


def items_of(slots: Slots) -> tuple[str, ...]:
    """Return all that the list's steps may say."""
    return tuple(text for said in slots.said for text in said) + tuple(slots.new)


def base_keys(slots: Slots, page: Sequence[str]) -> list[str]:
    """Return what each step of the base that is still there says on the page, else on the base."""
    there = set(page)
    return [
        next((text for text in sorted(said) if text in there), key(slots.words[n]))
        for n, said in enumerate(slots.said)
        if n not in slots.gone
    ]
