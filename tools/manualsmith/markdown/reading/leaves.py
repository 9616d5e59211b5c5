"""A page's HTML as a run of leaves: words, images and where blocks begin, each with what it is in.

What the site makes by itself (permalinks, a table of contents, the numbers of footnotes, the ids of
tabs) is no leaf: it follows from what is. So is the ``p`` in a list item: whether items are spaced
is how the list looks, not what it says.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from typing import Any, NamedTuple

from manualsmith.markdown.dialect import NotRendered

VOID = frozenset(("br", "hr", "img", "input", "col", "wbr", "area", "embed", "source", "link"))
_BLOCKS = frozenset(
    (
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "td",
        "th",
        "pre",
        "dt",
        "dd",
        "summary",
        "p",
        "br",
        "hr",
    )
)
_LISTS = frozenset(("ol", "ul", "table", "dl"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
# Elements that say nothing of what they hold, or that say it by their blocks.
_SILENT = frozenset(("span", "tbody", "thead", "tr", "colgroup", "label", "input", "button"))
_OTHER_ELEMENTS = """
a abbr address aside audio b blockquote button canvas caption cite code dd del dfn dl dt em
fieldset figcaption figure form h1 h2 h3 h4 h5 h6 header i iframe ins kbd label legend li math
nav noscript object ol option p pre q s samp script select small strong style sub summary sup
svg table tbody td template textarea tfoot th thead tr u ul var video
"""
_HOLD_OTHERWISE = frozenset(_OTHER_ELEMENTS.split())
# What Markdown makes of lines that are not at the margin, or of none.
_MADE = frozenset(
    ("admonition", "tabbed-set", "tabbed-content", "tabbed-block", "footnote", "highlight", "toc")
)
_GENERATED = re.compile(r"__|fn(?:ref\d*)?:")
_ATOM = re.compile(r"[A-Za-z0-9_]+|\S")
_NAMED = ("src", "alt", "title", "href", "data", "action", "poster")


class Leaf(NamedTuple):
    """A piece of what readers see: what it is in, outermost first, and a word or a block's kind.

    ``kind`` is ``word``, ``block`` (a paragraph, an item, a cell begins) or ``list`` (a list or a
    table begins). Of a numbered list that does not begin with 1, *text* is where it does.
    """

    path: tuple[str, ...]
    kind: str
    text: str


class SeenHeading(NamedTuple):
    """A heading as readers have it: its level, words and id, and whether it stands in nothing."""

    level: int
    text: str
    id: str
    at_top: bool


@dataclass(frozen=True)
class Leaves:
    """A page's leaves in reading order; those of each footnote apart, by its name.

    ``ids`` are all the ids and names that a link can lead to, ``lists`` what each numbered list's
    items say, ``tables`` what the cells of each table's rows say, the header's first.
    """

    page: tuple[Leaf, ...]
    notes: Mapping[str, tuple[Leaf, ...]]
    headings: tuple[SeenHeading, ...]
    ids: frozenset[str]
    lists: tuple[tuple[str, ...], ...]
    tables: tuple[tuple[tuple[str, ...], ...], ...]


@dataclass
class _Open:
    """An element that is open: what it adds to the path, and the blocks that end with it."""

    tag: str
    step: str | None
    skipped: bool = False
    labels: list[list[Leaf]] = field(default_factory=list)


def read_leaves(html: str) -> Leaves:
    """Return the leaves of a page's HTML, as a site's Markdown made it.

    Raises NotRendered for HTML that Python cannot read, as MkDocs then cannot.
    """
    try:
        return _read(html)
    except AssertionError as error:
        raise NotRendered(str(error)) from error


@lru_cache(maxsize=8)
def _read(html: str) -> Leaves:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    headings = tuple(reader.headings())
    ids = {leaf.text for leaf in reader.page if leaf.kind == "id"}
    ids |= {one.id for one in headings if one.id}
    notes = {name: tuple(run) for name, run in reader.notes.items()}
    return Leaves(
        tuple(reader.page),
        notes,
        headings,
        frozenset(ids),
        tuple(tuple("".join(item) for item in one) for one in reader.lists),
        tuple(tuple(tuple("".join(cell) for cell in row) for row in one) for one in reader.tables),
    )


def atoms(text: str) -> list[str]:
    """Return the words of a text: runs of Latin letters and digits, every other character alone."""
    return _ATOM.findall(text)


class _Reader(HTMLParser):
    """Reads HTML into leaves."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page: list[Leaf] = []
        self.notes: dict[str, list[Leaf]] = {}
        self.lists: list[list[list[str]]] = []
        self.tables: list[list[list[list[str]]]] = []
        self._saying: list[tuple[str, list[str]]] = []
        self._in: list[tuple[str, list[Any]]] = []
        self._out = self.page
        self._open: list[_Open] = []
        self._path: tuple[str, ...] = ()
        self._skipping = 0
        self._tabs: list[list[list[Leaf]]] = []
        self._headings: list[tuple[int, str, bool, list[str]]] = []
        self._in_heading = 0

    def headings(self) -> Iterator[SeenHeading]:
        """Yield the headings in order."""
        for level, name, at_top, parts in self._headings:
            yield SeenHeading(level, " ".join("".join(parts).split()), name, at_top)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element's start."""
        held = {name: value or "" for name, value in attrs}
        classes = held.get("class", "").split()
        step = _step(tag, held, classes)
        opened = _Open(tag, step)
        if "headerlink" in classes or "footnote-backref" in classes or "toc" in classes:
            opened.skipped = True
        if "footnote-ref" in classes:
            self._add("word", "note " + held.get("href", "").rpartition(":")[2])
            opened.skipped = True
        if tag not in VOID:
            self._open.append(opened)
            self._skipping += opened.skipped
            self._path = self._path if step is None else (*self._path, step)
            if tag in _HEADINGS and not self._skipping:
                self._in_heading += 1
                at_top = all(map(_only_holds, self._path[:-1]))
                self._headings.append((int(tag[1]), held.get("id", ""), at_top, []))
        self._count(tag)
        self._begin(tag, held, classes)

    def _count(self, tag: str) -> None:
        """Take note of a list's item, or a table's cell, that begins."""
        if tag in ("ol", "ul", "table"):
            self._in.append((tag, []))
            if tag == "ol":
                self.lists.append(self._in[-1][1])
            elif tag == "table":
                self.tables.append(self._in[-1][1])
        elif tag == "tr" and self._in and self._in[-1][0] == "table":
            self._in[-1][1].append([])
        elif tag in ("li", "td", "th") and self._in:
            kind, held = self._in[-1]
            held = held[-1] if kind == "table" and held else held
            held.append([])
            self._saying.append((tag, held[-1]))

    def _begin(self, tag: str, held: Mapping[str, str], classes: Sequence[str]) -> None:
        """Add what an element's start shows by itself."""
        if tag == "li" and held.get("id", "").startswith("fn:"):
            self._out = self.notes.setdefault(held["id"][3:], [])
        if "tabbed-labels" in classes:
            self._tabs.append([])
            self._out = []
        elif tag == "label" and self._tabs and _holds(self._open, "tabbed-labels"):
            self._out = []
            self._tabs[-1].append(self._out)
        elif "tabbed-block" in classes and self._tabs and self._tabs[-1]:
            self._out += self._tabs[-1].pop(0)
        if self._skipping:
            return
        name = held.get("id") or (held.get("name", "") if tag == "a" else "")
        if name and tag not in _HEADINGS and not _GENERATED.match(name):
            self._add("id", name)
        if self._path and self._path[-1] == "div footnote":
            return
        if tag in _LISTS and not (tag == "ol" and self._path[-2:-1] == ("div footnote",)):
            self._add("list", held.get("start", "") if tag == "ol" else "")
        elif tag in _BLOCKS and not (tag == "p" and self._at_start_of_item()):
            self._add("block", tag)
        elif tag == "input" and held.get("type") == "checkbox":
            self._add("word", "checked" if "checked" in held else "unchecked")
        for attribute in _NAMED if tag != "a" else ():
            if held.get(attribute):
                path = (*self._path, f"{tag} {attribute}")
                self._out += [Leaf(path, "word", atom) for atom in atoms(held[attribute])]

    def handle_endtag(self, tag: str) -> None:
        """Take an element's end; one that closes nothing is left out."""
        if tag in VOID or not any(one.tag == tag for one in self._open):
            return
        while True:
            one = self._open.pop()
            self._skipping -= one.skipped
            self._in_heading -= one.tag in _HEADINGS and not self._skipping
            if one.step is not None:
                self._path = self._path[:-1]
            self._end(one)
            if one.tag == tag:
                return

    def _end(self, one: _Open) -> None:
        if self._in and self._in[-1][0] == one.tag:
            self._in.pop()
        elif self._saying and self._saying[-1][0] == one.tag:
            self._saying.pop()
        if (one.tag == "div" and one.step == "div tabbed-labels") or (
            one.tag == "li" and self._out is not self.page and "div footnote" in self._path
        ):
            self._out = self.page

    def handle_data(self, data: str) -> None:
        """Take text, word by word; in code, where lines end too."""
        if self._skipping:
            return
        path = self._path
        if self._in_heading:
            self._headings[-1][3].append(data)
        for _, said in self._saying:
            said.append(data)
        if "pre" in path:
            data = data.replace("\n", " ⏎ ")
        self._out += [Leaf(path, "word", atom) for atom in _ATOM.findall(data)]

    def _at_start_of_item(self) -> bool:
        """Return whether nothing of an item was seen yet: a ``p`` there only spaces the list."""
        last = self._out[-1] if self._out else None
        return last is not None and last.kind == "block" and last.text == "li"

    def _add(self, kind: str, text: str) -> None:
        self._out.append(Leaf(self._path, kind, text))


def _holds(opened: Sequence[_Open], kind: str) -> bool:
    return any(one.step == f"div {kind}" for one in opened)


def _only_holds(step: str) -> bool:
    """Return whether what stands in an element stands for readers as if there were none around."""
    tag, _, classes = step.partition(" ")
    if tag == "details":  # with a class it is made of lines that are not at the margin
        return not classes
    # what is no element of HTML is a component
    return tag not in _HOLD_OTHERWISE and not _MADE.intersection(classes.split())


def _step(tag: str, held: Mapping[str, str], classes: Sequence[str]) -> str | None:
    """Return what an element adds to the path of what it holds, None for nothing."""
    if tag == "p" or tag in _SILENT:
        return None
    if tag == "a":
        return f"a {held.get('href', '')}"
    if tag in _HEADINGS:
        return f"{tag} {held.get('id', '')}"
    if tag == "abbr":
        return f"abbr {held.get('title', '')}"
    if tag in ("div", "details"):
        return " ".join((tag, *classes[:2])) if classes else tag
    return tag
