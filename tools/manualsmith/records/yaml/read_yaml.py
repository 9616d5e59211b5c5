"""YAML text as plain values, each with the place where it stands.

Every plain scalar stays the text that it was written as: an unquoted ``observed: 3.10`` is the text
``3.10``, ``on`` is ``on`` and ``2026-11-20`` is no date yet. Only a plain empty value, ``~`` and
``null`` are None. What a text means is told by the type of the field that takes it, so a version
never turns into a number on its way. This holds for values without a type of their own too.

The text is bounded (size, depth, count) and read from parser events, so nothing in it is built
before it was looked at: tags, anchors and aliases are refused, and so are duplicate keys.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NoReturn

from ruamel.yaml import events as yaml_events
from ruamel.yaml.error import YAMLError

from manualsmith.errors import Place, Problem, UserError
from manualsmith.records.yaml.decode import decode, line_starts, place_in
from manualsmith.records.yaml.slips import explain, slip_near
from manualsmith.text import t
from manualsmith.yaml_parser import parsed

MAX_BYTES = 1 << 20
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_ODD_SPACES = ("\u3000", "\xa0")

Path = tuple[str | int, ...]


class _Key(str):
    """A key whose value has not been read yet."""

    __slots__ = ()


@dataclass(frozen=True)
class Limits:
    """How large a text may be: bytes, levels of nesting, and values in all."""

    max_bytes: int = MAX_BYTES
    depth: int = 32
    nodes: int = 50_000


class Node:
    """One value and where it stands: ``start`` and ``end`` are indexes into the document's text.

    ``style`` is ``'``, ``"``, ``|``, ``>`` or empty for a scalar, and for a collection ``flow`` or
    ``block``. ``keys`` are a mapping's key nodes, ``children`` what a collection holds.
    """

    __slots__ = ("children", "end", "keys", "start", "style", "value")

    def __init__(self, value: object, start: int, end: int, style: str) -> None:
        self.value: Any = value
        self.start = start
        self.end = end
        self.style = style
        self.children: dict[str, Node] | list[Node] = []
        self.keys: dict[str, Node] = {}

    def child(self, part: str | int) -> "Node | None":
        """Return the value at a key or index, or None where there is none."""
        if isinstance(self.children, dict):
            return self.children.get(part) if isinstance(part, str) else None
        inside = isinstance(part, int) and 0 <= part < len(self.children)
        return self.children[int(part)] if inside else None


@dataclass(frozen=True)
class Document:
    """A YAML mapping: ``value`` is plain dicts, lists, texts and None.

    ``problems`` are those that did not keep the text from being read, ``broken`` the paths of the
    values they are about.
    """

    file: str
    text: str
    root: Node
    problems: tuple[Problem, ...] = ()
    broken: frozenset[Path] = frozenset()

    @property
    def value(self) -> dict[str, Any]:
        """The whole document as plain values."""
        value: dict[str, Any] = self.root.value
        return value

    @cached_property
    def _starts(self) -> list[int]:
        return line_starts(self.text)

    def place_at(self, index: int) -> Place:
        """Return the place of a character of the text."""
        return place_in(self._starts, index, self.file)

    def node(self, path: Path) -> Node | None:
        """Return the value at a path of keys and indexes (from 0), or None."""
        node: Node | None = self.root
        for part in path:
            node = node.child(part) if node else None
        return node

    def place(self, path: Path) -> Place:
        """Return where a value stands; an empty one stands at its key.

        For a path that is not there, this is the place of the deepest value on the way to it.
        """
        at, node = self.root.start, self.root
        for part in path:
            child = node.child(part)
            if child is None:
                break
            key = node.keys.get(str(part)) if child.start == child.end else None
            at, node = (key or child).start, child
        return self.place_at(at)

    def key_place(self, path: Path) -> Place:
        """Return where the key of a mapping's value stands, or the value where it has no key."""
        above = self.node(path[:-1]) if path else None
        key = above.keys.get(str(path[-1])) if above else None
        return self.place_at(key.start) if key else self.place(path)

    def scalars(self) -> Iterator[tuple[Path, Node]]:
        """Yield each text of the document with its path, the keys too (with their value's path)."""
        todo: list[tuple[Path, Node]] = [((), self.root)]
        while todo:
            path, node = todo.pop()
            if isinstance(node.value, str):
                yield path, node
            yield from (((*path, name), key) for name, key in node.keys.items())
            children = node.children
            pairs = children.items() if isinstance(children, dict) else enumerate(children)
            todo += [((*path, part), child) for part, child in pairs]


def load(text: bytes | str, file: str, limits: Limits = Limits()) -> Document:
    """Return a YAML text's document. Raises UserError with all that is wrong with the YAML."""
    document = read(text, file, limits)
    if document.problems:
        raise UserError(document.problems)
    return document


def read(text: bytes | str, file: str, limits: Limits = Limits()) -> Document:
    """Return a YAML text's document, with the problems that leave the rest of it readable.

    Raises UserError where the text cannot be read as a whole.
    """
    whole = decode(text, file, limits.max_bytes)
    return parsed(whole, lambda events: _Reader(whole, file, limits).read(events))


@dataclass(slots=True)
class _Open:
    """A collection that is being read; ``part`` is the key or index of what is read in it."""

    node: Node
    part: str | int | None


@dataclass
class _Reader:
    text: str
    file: str
    limits: Limits
    stack: list[_Open] = field(default_factory=list)
    root: Node | None = None
    count: int = 0
    documents: int = 0
    problems: list[Problem] = field(default_factory=list)
    broken: set[Path] = field(default_factory=set)

    def read(self, events: Iterator[yaml_events.Event]) -> Document:
        try:
            for event in events:
                self._take(event)
        except YAMLError as error:
            opened = [o.node.start for o in self.stack if o.node.style == "flow"]
            self._stop(*explain(error, self.text, opened[-1] if opened else None))
        if self.root is None or self.root.value is None:
            raise UserError(t("the file is empty"), Place(self.file))
        if not isinstance(self.root.value, dict):
            index, hint = slip_near(self.text, 0) or (self.root.start, None)
            self._stop(t("the file must be a mapping: lines of the form name: value"), index, hint)
        return Document(
            self.file, self.text, self.root, tuple(self.problems), frozenset(self.broken)
        )

    @cached_property
    def _starts(self) -> list[int]:
        return line_starts(self.text)

    def _take(self, event: yaml_events.Event) -> None:
        if isinstance(event, yaml_events.ScalarEvent):
            plain_null = not event.style and event.value in _NULLS
            self._attach(event, None if plain_null else event.value, event.style or "")
        elif isinstance(event, yaml_events.MappingStartEvent):
            self._open(event, {}, {})
        elif isinstance(event, yaml_events.CollectionStartEvent):
            self._open(event, [], [])
        elif isinstance(event, yaml_events.CollectionEndEvent):
            self.stack.pop().node.end = event.end_mark.index
        elif isinstance(event, yaml_events.AliasEvent):
            self._attach(event, None, "*")
        elif isinstance(event, yaml_events.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                message = t("a second document starts here; a record is one document")
                self._stop(message, event.start_mark.index, t("take out the line ---"))

    def _open(
        self,
        event: yaml_events.CollectionStartEvent,
        value: dict[str, object] | list[object],
        children: dict[str, Node] | list[Node],
    ) -> None:
        node = self._attach(event, value, "flow" if event.flow_style else "block")
        node.children = children
        self.stack.append(_Open(node, None))
        if len(self.stack) > self.limits.depth:
            self._stop(t("nested deeper than {limit} levels", limit=self.limits.depth), node.start)

    def _attach(self, event: yaml_events.NodeEvent, value: object, style: str) -> Node:
        node = Node(value, event.start_mark.index, event.end_mark.index, style)
        self.count += 1
        if self.count > self.limits.nodes:
            self._stop(t("more than {limit} values", limit=self.limits.nodes), node.start)
        above = self.stack[-1] if self.stack else None
        if above is None:
            self.root = self.root or node
        elif isinstance(above.node.children, list):
            above.part = len(above.node.children)
            above.node.children.append(node)
            above.node.value.append(value)
        elif not isinstance(above.part, _Key):
            self._take_key(above, node)
        else:
            above.part = name = str(above.part)
            if name not in above.node.children:
                above.node.children[name] = node
                above.node.value[name] = value
        if event.anchor or getattr(event, "ctag", None):
            self._refuse_decorated(event)
        return node

    def _take_key(self, above: _Open, node: Node) -> None:
        raw = self.text[node.start : node.end]
        if isinstance(node.value, dict | list) or node.style == "*" or not raw:
            hint = t("text that begins with {char} needs quotes", char=raw[:1]) if raw else None
            self._stop(t("a field's name must be a plain text"), node.start, hint)
        name = raw if node.value is None else node.value
        node.value = name
        above.part = _Key(name)
        first = above.node.keys.setdefault(name, node)
        if first is not node:
            where = place_in(self._starts, first.start, self.file)
            self._add(
                t("{name} stands twice, first at {place}", name=name, place=where),
                node.start,
                t("keep one of the two"),
            )
        elif not node.style and name.startswith(_ODD_SPACES):
            self.broken.add(self._path())
            message = t("the line is indented with full-width or no-break spaces")
            self._add(message, node.start, t("indent with ordinary spaces"))

    def _refuse_decorated(self, event: yaml_events.NodeEvent) -> None:
        tag = getattr(event, "tag", None)
        if isinstance(event, yaml_events.AliasEvent):
            char, message = "*", t("an alias (*{name}) is not allowed here", name=event.anchor)
        elif tag:
            char, message = "!", t("a tag ({name}) is not allowed here", name=tag)
        else:
            char, message = "&", t("an anchor (&{name}) is not allowed here", name=event.anchor)
        self.broken.add(self._path())
        hint = t("text that begins with {char} needs quotes", char=char)
        self._add(message, event.start_mark.index, hint)

    def _path(self) -> Path:
        return tuple(str(o.part) if isinstance(o.part, str) else o.part or 0 for o in self.stack)

    def _add(self, message: str, index: int, hint: str | None = None) -> None:
        self.problems.append(Problem(message, place_in(self._starts, index, self.file), hint))

    def _stop(self, message: str, index: int, hint: str | None = None) -> NoReturn:
        self._add(message, index, hint)
        raise UserError(self.problems)
