"""Edits drawn at random from what readers have of a page, and what they must have afterwards.

Each is drawn from the page's HTML: the third step of the second list under a heading, a cell by its
row and column. After it, the HTML must be the same but for that step or that cell.
"""

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from adopting_shown import ShownItem, ShownList, ShownSection, ShownTable

NEW = "Another one, 另一個。"
_QUOTE = re.compile(r"\w[^\W_]*(?: [\w-]+){0,4}")

Shown = Sequence[ShownSection]
Where = dict[str, Any]
Check = Callable[[Shown, Shown], bool]
Make = Callable[[list[Any]], list[Any]]


@dataclass(frozen=True)
class Drawn:
    """An edit, and whether a page's sections are what they must be after it, by those before."""

    edit: Mapping[str, Any]
    right: Check

    def is_right(self, before: Shown, after: Shown) -> bool:
        """Return whether a page's sections are what they must be."""
        try:
            return self.right(before, after)
        except IndexError:  # a list or a table that was there is gone
            return False


def draw(shown: Shown, dice: random.Random) -> Iterator[Drawn]:
    """Yield edits at places of a page, drawn at random; there may be none."""
    paths = list(_paths(shown))
    for at in dice.sample(range(1, len(shown)), min(2, len(shown) - 1)):
        where = {"section": list(paths[at])}
        yield from _words(shown[at], at, where, dice)
        yield from _sections(shown, at, where)
    for at in _some([n for n, one in enumerate(shown) if one.lists and n], dice):
        yield from _steps(shown[at], at, {"section": list(paths[at])}, dice)
    for at in _some([n for n, one in enumerate(shown) if one.tables and n], dice):
        yield from _cells(shown[at], at, {"section": list(paths[at])}, dice)


def _some(places: Sequence[int], dice: random.Random) -> Sequence[int]:
    return dice.sample(places, min(1, len(places)))


def _paths(shown: Shown) -> Iterator[tuple[str, ...]]:
    above: list[tuple[int, str]] = []
    for one in shown:
        above = [(level, title) for level, title in above if level < one.level]
        above.append((one.level, _title(one)))
        yield tuple(title for level, title in above if level)


def _title(one: ShownSection) -> str:
    return " ".join(one.title.split())


def _words(one: ShownSection, at: int, where: Where, dice: random.Random) -> Iterator[Drawn]:
    """Yield edits of words that stand once under a heading."""
    text = " \n ".join(words for _, words in one.blocks)
    said = [found[0] for found in _QUOTE.finditer(text) if len(found[0]) > 5]
    for quote in islice((q for q in dice.sample(said, len(said)) if text.count(q) == 1), 1):
        asked = {**where, "quote": quote}
        for action, new in (("replace", f"{quote}X"), ("insert", f"{quote} {NEW}"), ("delete", "")):
            more = {"replace": {"text": new}, "insert": {"text": f" {NEW}"}}.get(action, {})
            edit = {"action": f"{action}-text", **asked, **more}
            yield Drawn(edit, _one_block(at, quote, new))


def _one_block(at: int, quote: str, new: str) -> Check:
    def right(before: Shown, after: Shown) -> bool:
        gone, come = _between(_blocks(before[at]), _blocks(after[at]))
        wanted = [(path, _dense(text.replace(quote, new))) for path, text in before[at].blocks]
        return _others_stay(before, after, at) and (
            _blocks(after[at]) == [one for one in wanted if one[1]]
            and len(gone) <= 1
            and len(come) <= 1
        )

    return right


def _sections(shown: Shown, at: int, where: Where) -> Iterator[Drawn]:
    """Yield edits of a heading and what it holds."""
    level = shown[at].level
    after = at + 1
    while after < len(shown) and shown[after].level > level:
        after += 1
    yield Drawn({"action": "rename-section", **where, "heading": NEW}, _renamed(at))
    yield Drawn({"action": "append-to-section", **where, "text": NEW}, _appended(at))
    insert = {"action": "insert-section", **where, "heading": "Added 新增", "text": NEW}
    yield Drawn(insert, _spliced(after, after, [(level, "Added 新增", [NEW])]))
    replace = {"action": "replace-section", **where, "text": NEW}
    yield Drawn(replace, _spliced(at, after, [(level, _title(shown[at]), [NEW])]))
    yield Drawn({"action": "delete-section", **where}, _spliced(at, after, []))


def _renamed(at: int) -> Check:
    def right(before: Shown, after: Shown) -> bool:
        return (
            _others_stay(before, after, at, title=False)
            and _dense(_title(after[at])) == _dense(NEW)
            and _blocks(before[at]) == _blocks(after[at])
        )

    return right


def _appended(at: int) -> Check:
    def right(before: Shown, after: Shown) -> bool:
        was, now = _blocks(before[at]), _blocks(after[at])
        return _others_stay(before, after, at) and (
            now[:-1] == was and now[-1][1].endswith(_dense(NEW))
        )

    return right


def _spliced(first: int, after: int, made: Sequence[tuple[int, str, list[str]]]) -> Check:
    """Return the check that sections ``[first, after)`` gave way to *made* and nothing else did."""

    def right(before: Shown, now: Shown) -> bool:
        new = now[first : first + len(made)]
        return (
            _all_same(before[:first], now[:first])
            and _all_same(before[after:], now[first + len(made) :])
            and [(one.level, _title(one), [_dense(t) for _, t in one.blocks]) for one in new]
            == [(level, title, [_dense(text) for text in texts]) for level, title, texts in made]
        )

    return right


def _steps(one: ShownSection, at: int, where: Where, dice: random.Random) -> Iterator[Drawn]:
    """Yield edits of the steps of one of a section's lists."""
    which = dice.randrange(len(one.lists))
    count = len(one.lists[which])
    n, to = dice.randrange(count), dice.randrange(count)
    asked = {**where, "step": n + 1} | ({"list": which + 1} if len(one.lists) > 1 else {})
    for action, more, make in _of_steps(n, to):
        yield Drawn({"action": action, **asked, **more}, _list_made(at, which, make))
    inner = one.lists[which][n].lists
    if len(inner) == 1:
        edit = {"action": "replace-step", **asked, "step": f"{n + 1}.{len(inner[0])}", "text": NEW}
        yield Drawn(edit, _inner_made(at, which, n))


def _of_steps(n: int, to: int) -> Iterator[tuple[str, dict[str, Any], Make]]:
    """Yield actions on step *n* of a list, from 0, and what they make of its items."""
    text, new = {"text": NEW}, ShownItem(NEW, ())
    yield "replace-step", text, lambda items: [*items[:n], new, *items[n + 1 :]]
    yield "insert-step", text, lambda items: [*items[: n + 1], new, *items[n + 1 :]]
    yield "insert-step", {**text, "position": "before"}, lambda items: [*items[:n], new, *items[n:]]
    yield "delete-step", {}, lambda items: [*items[:n], *items[n + 1 :]]
    yield "move-step", {"to": to + 1}, lambda items: _moved(items, n, to)


def _moved(items: list[Any], n: int, to: int) -> list[Any]:
    """Return *items* with number *n* after number *to*."""
    rest = [*items[:n], *items[n + 1 :]]
    place = to + (to < n)
    return [*rest[:place], items[n], *rest[place:]]


def _list_made(at: int, which: int, make: Make) -> Check:
    """Return the check that one list's items are what *make* makes of them, and all else stays."""

    def right(before: Shown, after: Shown) -> bool:
        was, now = before[at], after[at]
        wanted = [list(one) for one in was.lists]
        wanted[which] = make(wanted[which])
        held = {
            _dense(text) for one in (*was.lists[which], *now.lists[which]) for text in [one.text]
        }
        return _others_stay(before, after, at) and (
            [_items(one) for one in wanted] == [_items(one) for one in now.lists]
            and _within(was, now, held)
        )

    return right


def _inner_made(at: int, which: int, n: int) -> Check:
    """Return the check that the last step in a step is another one, and all else stays."""

    def right(before: Shown, after: Shown) -> bool:
        was, now = before[at].lists, after[at].lists
        old, new = was[which][n].lists[0], now[which][n].lists[0]
        return _others_stay(before, after, at) and (
            [_items(one) for one in (*was[:which], *was[which + 1 :], old[:-1])]
            == [_items(one) for one in (*now[:which], *now[which + 1 :], new[:-1])]
            and _dense(new[-1].text) == _dense(NEW)
            and _dense(now[which][n].text)
            == _dense(was[which][n].text).replace(_dense(old[-1].text), _dense(NEW), 1)
        )

    return right


def _within(was: ShownSection, now: ShownSection, held: set[str]) -> bool:
    """Return whether what changed of a section's blocks is said by one of some items."""
    gone, come = _between(_blocks(was), _blocks(now))
    return all(any(text in one for one in held) for _, text in (*gone, *come))


def _cells(one: ShownSection, at: int, where: Where, dice: random.Random) -> Iterator[Drawn]:
    """Yield edits of one of a section's tables."""
    which = dice.randrange(len(one.tables))
    table = one.tables[which]
    if len(table) < 2 or not table[0]:
        return
    row, column = dice.randrange(1, len(table)), dice.randrange(len(table[0]))
    asked = {**where, **({"table": which + 1} if len(one.tables) > 1 else {}), "row": str(row)}
    for action, more, make in _of_rows(row, column, len(table[0])):
        yield Drawn({"action": action, **asked, **more}, _table_made(at, which, make))


def _of_rows(row: int, column: int, width: int) -> Iterator[tuple[str, dict[str, Any], Make]]:
    """Yield actions on a row of a table, the header's being 0, and what they make of its rows."""
    made = tuple(f"{NEW}{n}" for n in range(width))

    def with_cell(rows: list[Any]) -> list[Any]:
        cells = (*rows[row][:column], NEW, *rows[row][column + 1 :])
        return [*rows[:row], cells, *rows[row + 1 :]]

    yield "set-cell", {"column": str(column + 1), "text": NEW}, with_cell
    yield "add-row", {"cells": list(made)}, lambda r: [*r[: row + 1], made, *r[row + 1 :]]
    yield "delete-row", {}, lambda rows: [*rows[:row], *rows[row + 1 :]]


def _table_made(at: int, which: int, make: Make) -> Check:
    """Return the check that one table's rows are what *make* makes of them, and all else stays."""

    def right(before: Shown, after: Shown) -> bool:
        was, now = before[at], after[at]
        wanted = [list(one) for one in was.tables]
        wanted[which] = make(wanted[which])
        held = {_dense(cell) for one in (was, now) for row in one.tables[which] for cell in row}
        return _others_stay(before, after, at) and (
            [_rows(one) for one in wanted] == [_rows(one) for one in now.tables]
            and _within(was, now, held)
        )

    return right


def _items(one: ShownList | Sequence[ShownItem]) -> list[Any]:
    return [(_dense(item.text), [_items(inner) for inner in item.lists]) for item in one]


def _rows(one: ShownTable | Sequence[tuple[str, ...]]) -> list[list[str]]:
    return [[_dense(cell) for cell in row] for row in one]


def _blocks(one: ShownSection) -> list[tuple[str, str]]:
    return [(path, _dense(text)) for path, text in one.blocks if text.strip()]


def _dense(text: str) -> str:
    return "".join(text.split())


def _others_stay(before: Shown, after: Shown, at: int, *, title: bool = True) -> bool:
    """Return whether all sections but one are the same, and that one is where it was."""
    if len(before) != len(after) or before[at].level != after[at].level:
        return False
    if title and _title(before[at]) != _title(after[at]):
        return False
    return _all_same(before[:at], after[:at]) and _all_same(before[at + 1 :], after[at + 1 :])


def _all_same(before: Shown, after: Shown) -> bool:
    was = [(one.level, _title(one), _blocks(one)) for one in before]
    return was == [(one.level, _title(one), _blocks(one)) for one in after]


def _between(old: list[Any], new: list[Any]) -> tuple[list[Any], list[Any]]:
    """Return what is left of two runs without the beginning and the end that they share."""
    start, most = 0, min(len(old), len(new))
    while start < most and old[start] == new[start]:
        start += 1
    end = 0
    while end < most - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return old[start : len(old) - end], new[start : len(new) - end]
