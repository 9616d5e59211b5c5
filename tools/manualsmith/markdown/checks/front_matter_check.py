"""Check a page's front matter: each problem with its place, for all who read pages.

MkDocs passes over front matter that it cannot read, and publishes it as text; a field of a shape
that nobody expects is passed over too. Where the page and its facts are used, they would be gone
without a word.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ruamel.yaml.loader import SafeLoader
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from manualsmith.errors import Place, Problem, UserError
from manualsmith.layout import CATEGORIES, is_page
from manualsmith.markdown.reading.front_matter import BadFrontMatter, compose, find_front_matter
from manualsmith.markdown.reading.page_links import link_of
from manualsmith.markdown.reading.source import BOM, Source, decode
from manualsmith.settings.label_settings import FIELD, marks_fault
from manualsmith.settings.read_settings import days_of, not_a_time
from manualsmith.text import t

# of an environment: note 1 of the standard IIS3512-001v1
_FIELD = r"-{3}[ \t]*(?:\r\n|\n|\r)[\w.-]+[ \t]*[:：]"
_OPENED = re.compile(_FIELD)
_BELOW = re.compile(rf"(?:[ \t]*(?:\r\n|\n|\r))+(?={_FIELD})")
_TAG = "tag:yaml.org,2002:"
# what cannot fail to be made a value of; the others are tried
_SURE = frozenset(_TAG + name for name in ["str", "map", "seq", "null", "bool", "float", "merge"])


def page_problems(data: bytes, path: str) -> list[Problem]:
    """Return what is wrong with the front matter of the page at *path*, or with its bytes."""
    try:
        text = decode(data, path)
    except UserError as error:
        return list(error.problems)
    return front_problems(text, path)


def front_problems(text: str, path: str) -> list[Problem]:
    """Return what is wrong with the front matter of a page, in the order of the page."""
    front = find_front_matter(text)
    if front is None:
        return list(_no_front(text, path))
    check = _Check(path, text.count("\n", 0, front.body.start))
    if not text[: front.block.end].endswith(("\n", "\r")):
        place = Place(path, Source(text).line_of(front.body.end) + 1, 4)
        return [Problem(t("a line break must follow the front matter"), place)]
    try:
        root = compose(text, front)
    except BadFrontMatter as error:
        return [_unreadable(error, path)]
    found = [*check.nodes(root), *check.fields(root)] if root else []
    return sorted(found, key=lambda one: (one.place.line or 0, one.place.column or 0))


def _no_front(text: str, path: str) -> Iterator[Problem]:
    """Yield what was meant as front matter, and is none: it is not closed, or not at the top."""
    start = len(BOM) if text.startswith(BOM) else 0
    if _OPENED.match(text, start):
        hint = t("end it with a line of its own: ---")
        yield Problem(t("the front matter that opens here is not closed"), Place(path, 1, 1), hint)
    elif (found := _BELOW.match(text, start)) and find_front_matter(text[found.end() :]):
        message = t("front matter must begin on the first line")
        place = Place(path, Source(text).line_of(found.end()) + 1, 1)
        yield Problem(message, place, t("delete the lines above"))


def _unreadable(error: BadFrontMatter, path: str) -> Problem:
    hint = None
    if "mapping values" in str(error):
        hint = t("put text that holds a colon and a space in quotes, or mend the indentation")
    place = Place(path, error.line + 1, error.column + 1)
    return Problem(t("the front matter cannot be read: {reason}", reason=error), place, hint)


@dataclass(frozen=True)
class _Check:
    """The checks of one page's front matter, whose first line is *line*, counted from 0."""

    path: str
    line: int

    def _told(self, node: Node, message: str, hint: str | None = None) -> Problem:
        return Problem(message, self._place(node), hint)

    def _place(self, node: Node) -> Place:
        mark = node.start_mark
        return Place(self.path, self.line + mark.line + 1, mark.column + 1)

    def nodes(self, root: Node) -> Iterator[Problem]:
        """Yield names that stand twice, and values that MkDocs could not make anything of."""
        todo = [root]
        while todo:
            node = todo.pop()
            if isinstance(node, MappingNode):
                yield from self._names(node)
                todo += [part for pair in node.value for part in pair]
            elif isinstance(node, SequenceNode):
                todo += node.value
            if node.tag not in _SURE and (reason := _cannot_be_made(node)):
                yield self._told(
                    node, t("the front matter cannot be read: {reason}", reason=reason)
                )

    def _names(self, node: MappingNode) -> Iterator[Problem]:
        first: dict[str, Node] = {}
        for key, _ in node.value:
            if not isinstance(key, ScalarNode):
                yield self._told(key, t("a field's name must be a plain text"))
            elif first.setdefault(key.value, key) is not key:
                where = self._place(first[key.value])
                message = t("{name} stands twice, first at {place}", name=key.value, place=where)
                yield self._told(key, message, t("keep one of the two"))

    def fields(self, root: MappingNode) -> Iterator[Problem]:
        """Yield what is wrong with the fields that we know."""
        named = {key.value: (key, value) for key, value in root.value if _is_text(key)}
        checks: dict[str, Callable[[Node], Iterator[Problem]]] = {
            "title": lambda node: self._text("title", node),
            "product": lambda node: self._text("product", node),
            "environment": self._environment,
            "keywords": lambda node: self._texts("keywords", node),
            "owner": lambda node: self._text("owner", node),
            "confirm_every": self._time,
            "related": self._related,
            FIELD: self._marks,
        }
        for name, check in checks.items():
            if name in named:
                yield from check(named[name][1])

    def _text(self, name: str, node: Node) -> Iterator[Problem]:
        if not isinstance(node, ScalarNode) or not node.value.strip():
            yield self._told(node, t("{field} must be a text", field=name))

    def _texts(self, name: str, node: Node) -> Iterator[Problem]:
        if isinstance(node, MappingNode):
            yield self._told(node, _no_list(name), f"{name}: [… , …]")
        for item in node.value if isinstance(node, SequenceNode) else ():
            yield from self._text(name, item)

    def _time(self, node: Node) -> Iterator[Problem]:
        try:
            days_of(node.value if isinstance(node, ScalarNode) else "")
        except ValueError:
            yield self._told(node, not_a_time(node.value if _is_text(node) else ""))

    def _marks(self, node: Node) -> Iterator[Problem]:
        items = node.value if isinstance(node, SequenceNode) else [node]
        named = [one.value if _is_text(one) else None for one in items]
        if wanted := marks_fault(named):
            yield self._told(node, t("{field} must be {wanted}", field=FIELD, wanted=wanted))

    def _related(self, node: Node) -> Iterator[Problem]:
        hint = "related: [../troubleshooting/sign-in.md#login-loop]"
        if not isinstance(node, SequenceNode):
            if not _is_empty(node):
                yield self._told(node, _no_list("related"), hint)
            return
        for item in node.value:
            link = link_of(item.value) if _is_text(item) else None
            if link is None or not is_page(link.path):
                yield self._told(item, t("this is no link to a page of the manuals"), hint)

    def _environment(self, node: Node) -> Iterator[Problem]:
        if no_mapping := self._no_mapping(node, "environment"):
            yield no_mapping
        for category, facts in _pairs(node):
            where = f"environment.{category.value}"
            if category.value not in CATEGORIES:
                message = t("there is no field {name}", name=where)
                allowed = t("allowed: {names}", names=", ".join(CATEGORIES))
                yield self._told(category, message, allowed)
            elif no_mapping := self._no_mapping(facts, where):
                yield no_mapping
            for name, value in _pairs(facts):
                yield from self._text(f"{where}.{name.value}", value)

    def _no_mapping(self, node: Node, name: str) -> Problem | None:
        if isinstance(node, MappingNode) or _is_empty(node):
            return None
        hint = 'environment: {software: {client.version: "3.13"}}'
        return self._told(node, t("{field} must be a mapping", field=name), hint)


def _pairs(node: Node) -> list[tuple[Node, Node]]:
    pairs = node.value if isinstance(node, MappingNode) else []
    return [(key, value) for key, value in pairs if _is_text(key)]


def _no_list(name: str) -> str:
    return t("{field} must be a list of texts", field=name)


def _is_text(node: Node) -> bool:
    return isinstance(node, ScalarNode)


def _is_empty(node: Node) -> bool:
    return bool(node.tag == f"{_TAG}null")


def _cannot_be_made(node: Node) -> str | None:
    """Return why MkDocs cannot make a value of a node, such as 2026-02-30; None where it can."""
    try:
        SafeLoader("", version=(1, 1)).construct_object(node, deep=True)
    except Exception as error:  # noqa: BLE001 - whatever it raises, MkDocs passes over it too
        return str(getattr(error, "problem", None) or error)
    return None
