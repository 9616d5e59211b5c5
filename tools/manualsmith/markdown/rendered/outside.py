"""Check on the rendered page that an edit keeps what readers see beside its target.

The leaves of the page before and after have a beginning and an end in common. What lies between is
what changed, and each word of it must be a word that the edit took out or put in: a word that is
neither is one beside the target that now stands in another heading, link, item or cell, or nowhere.
"""

import re
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from manualsmith.errors import Place
from manualsmith.markdown.dialect import Dialect, NotRendered
from manualsmith.markdown.lost_target import TargetLost
from manualsmith.markdown.reading.leaves import Leaf, Leaves, atoms, read_leaves
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.source import Span, TextEdit
from manualsmith.markdown.rendered.views import Views
from manualsmith.text import t

_LATIN = re.compile(r"[A-Za-z0-9_]")
_LINK = re.compile(r"!?\[[^\]\n]*\]\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)")
_BLOCK_MARKS = re.compile(r"[\n|#>*:=!?+-]|\d\.|<|^[ \t]+", re.MULTILINE)
_LIST_MARKS = re.compile(r"(?:^|[\s>])(?:[-+*]|\d{1,9}[.)])(?=\s)|\||^[ \t]*:[ \t]|<", re.MULTILINE)
_SHOWN = 40


@dataclass(frozen=True)
class Outside:
    """Something beside the target that readers would see otherwise: its words, and where it is."""

    words: str
    line: int


def check_beside(page: Page, views: Views, edits: Sequence[TextEdit]) -> None:
    """Raise TargetLost where *edits* of *page* change what readers see beside their target."""
    try:
        after = views.leaves_after
    except NotRendered as error:
        raise _broken(t("the site could not render the page: {reason}", reason=error)) from error
    try:
        before = views.leaves_before
    except NotRendered:
        return  # there was nothing that readers saw
    found = changed_beside(page, views.dialect, before, after, edits)
    if found:
        raise _broken(
            t("the edit would change what readers see beside it: {words}", words=found.words),
            found.line,
        )


def changed_beside(
    page: Page, dialect: Dialect, before: Leaves, after: Leaves, edits: Sequence[TextEdit]
) -> Outside | None:
    """Return the first leaf beside the target that *edits* change, None where there is none."""
    edits = [edit for edit in sorted(edits) if edit.end >= page.body.start]
    if not edits:
        return None
    gone, come = _Allowed(dialect), _Allowed(dialect)
    spans = [_target(page.text, edit) for edit in edits]
    hull = Span(min(span.start for span in spans), max(span.end for span in spans))
    gone.add(hull.of(page.text))
    come.add(_made(page.text, hull, edits))
    for old, new in _runs(before, after):
        first, second = _between(old, new)
        if strange := gone.without(first, come) or come.without(second, gone):
            return _told(page, strange, first if strange in first else second)
    if len(edits) < 2 or (_moves(page.text, edits) and _has_same_items(before, after)):
        return None
    return _within(page, dialect, before, after, edits)


def _moves(text: str, edits: Sequence[TextEdit]) -> bool:
    """Return whether edits put in the words that they take out, but for numbers: a step moves."""
    gone = Counter(atoms("\n".join(text[edit.start : edit.end] for edit in edits)))
    come = Counter(atoms("\n".join(edit.text for edit in edits)))
    return all(atom.isdigit() for atom in (gone - come) + (come - gone))


def _has_same_items(before: Leaves, after: Leaves) -> bool:
    """Return whether readers see the same list items and what is beside them, in any order."""
    return _items(before.page) == _items(after.page) and before.notes == after.notes


def _items(leaves: Sequence[Leaf]) -> Counter[tuple[Leaf, ...]]:
    starts = [
        n
        for n, leaf in enumerate(leaves)
        if leaf.kind == "block" and (leaf.text == "li" or "li" not in leaf.path)
    ]
    bounds = zip([0, *starts], [*starts, len(leaves)], strict=True)
    return Counter(tuple(leaves[first:last]) for first, last in bounds)


def _within(
    page: Page, dialect: Dialect, before: Leaves, after: Leaves, edits: Sequence[TextEdit]
) -> Outside | None:
    """Return what changes between several edits that is none of theirs."""
    from rapidfuzz.distance import Indel

    gone, come = _Allowed(dialect), _Allowed(dialect)
    for edit in edits:
        span = _target(page.text, edit)
        gone.add(span.of(page.text))
        come.add(_made(page.text, span, [edit]))
    for old, new in _runs(before, after):
        first, second = _between(old, new)
        lost: list[Leaf] = []
        made: list[Leaf] = []
        for step in Indel.opcodes(first, second):
            if step.tag != "equal":
                lost += first[step.src_start : step.src_end]
                made += second[step.dest_start : step.dest_end]
        if strange := gone.without(lost, come) or come.without(made, gone):
            return _told(page, strange, lost if strange in lost else made)
    return None


def _runs(before: Leaves, after: Leaves) -> Iterator[tuple[Sequence[Leaf], Sequence[Leaf]]]:
    yield before.page, after.page
    for name in {**before.notes, **after.notes}:
        yield before.notes.get(name, ()), after.notes.get(name, ())


def _between(old: Sequence[Leaf], new: Sequence[Leaf]) -> tuple[Sequence[Leaf], Sequence[Leaf]]:
    """Return what is left of two runs without the beginning and the end that they share."""
    if old == new:
        return (), ()
    start, most = 0, min(len(old), len(new))
    while start < most and old[start] == new[start]:
        start += 1
    end = 0
    while end < most - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return old[start : len(old) - end], new[start : len(new) - end]


class _Allowed:
    """The words and marks of some source: what may come or go with it."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._sources: list[str] = []
        self._words: Counter[str] = Counter()
        self._rendered = False

    def add(self, source: str) -> None:
        """Allow what *source* holds."""
        self._sources.append(source)
        self._words += Counter(atoms(source))

    def without(self, leaves: Sequence[Leaf], other: "_Allowed") -> Leaf | None:
        """Return the first of *leaves* that is not of this source, None where all are.

        Blocks may be empty ones that the *other* source, of the other side, fills.
        """
        wanted = Counter(atom for leaf in leaves for atom in _words(leaf))
        if not wanted <= self._words:
            self._render()
        over = wanted - self._words
        if over:
            rare = [leaf for leaf in leaves if any(a not in self._words for a in _words(leaf))]
            often = [leaf for leaf in leaves if any(a in over for a in _words(leaf))]
            return (rare or often)[0]
        return self._other_blocks(leaves, other)

    def _other_blocks(self, leaves: Sequence[Leaf], other: "_Allowed") -> Leaf | None:
        blocks = [leaf for leaf in leaves if leaf.kind == "block" or leaf.text in _MARKED]
        lists = [leaf for leaf in leaves if leaf.kind == "list"]
        if len(blocks) > 2 * (self._count(_BLOCK_MARKS) + other._count(_BLOCK_MARKS)):
            return blocks[0]
        if lists and not (self._count(_LIST_MARKS) + other._count(_LIST_MARKS)):
            return lists[0]
        return None

    def _count(self, marks: re.Pattern[str]) -> int:
        return sum(len(marks.findall(source)) for source in self._sources)

    def _render(self) -> None:
        """Allow the words that the source has on its own as well: ``&amp;`` is one character."""
        if self._rendered:
            return
        self._rendered = True
        shown: Counter[str] = Counter()
        for source in self._sources:
            for one in {source, textwrap.dedent(source)}:
                try:
                    leaves = read_leaves(self._dialect.html(one))
                except NotRendered:
                    continue
                runs = (leaves.page, *leaves.notes.values())
                shown |= Counter(atom for run in runs for leaf in run for atom in _words(leaf))
        self._words |= shown


_MARKED = frozenset(("checked", "unchecked", "⏎"))


def _words(leaf: Leaf) -> Iterator[str]:
    if leaf.kind == "id" or (leaf.kind == "word" and leaf.text not in _MARKED):
        yield from atoms(leaf.text.removeprefix("note "))


def _target(text: str, edit: TextEdit) -> Span:
    """Return what an edit changes: with the whole of the words and the link that it begins in.

    Where only white space changes, that is of the lines beside it.
    """
    start, end = edit.start, edit.end
    while start > 0 and _LATIN.match(text[start - 1]):
        start -= 1
    while end < len(text) and _LATIN.match(text[end]):
        end += 1
    first, last = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    last = len(text) if last < 0 else last
    if not text[edit.start : edit.end].strip() and not edit.text.strip():
        return Span(first, last)
    for link in _LINK.finditer(text, first, last):
        if any(link.start() < at < link.end() for at in (edit.start, edit.end)):
            start, end = min(start, link.start()), max(end, link.end())
    return Span(start, end)


def _made(text: str, span: Span, edits: Sequence[TextEdit]) -> str:
    """Return what stands in the place of *span* after *edits*, which lie in it."""
    parts: list[str] = []
    at = span.start
    for edit in edits:
        parts += (text[at : edit.start], edit.text)
        at = edit.end
    return "".join((*parts, text[at : span.end]))


def _told(page: Page, strange: Leaf, leaves: Sequence[Leaf]) -> Outside:
    """Return the words around a leaf that stand in the same element."""
    at = leaves.index(strange)
    first = last = at
    while first > 0 and leaves[first - 1].path == strange.path and leaves[first - 1].kind == "word":
        first -= 1
    while last + 1 < len(leaves) and leaves[last + 1].path == strange.path:
        if leaves[last + 1].kind != "word":
            break
        last += 1
    run = [leaf.text for leaf in leaves[first : last + 1] if leaf.kind == "word"]
    words = _joined(run) or (strange.path[-1] if strange.path else strange.text)
    offset = page.text.find(words)
    line = page.source.line_of(offset) if offset >= 0 else page.source.line_of(page.body.start)
    return Outside(words[:_SHOWN], line)


def _joined(words: Sequence[str]) -> str:
    text = ""
    for word in words:
        gap = " " if text and _LATIN.match(text[-1]) and _LATIN.match(word[0]) else ""
        text += gap + word
    return text


def _broken(message: str, line: int = 0) -> TargetLost:
    return TargetLost("structure", message, place=Place(None, line + 1))
