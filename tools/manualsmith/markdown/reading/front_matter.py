"""A page's front matter: reading its values with where they stand, and setting one.

Values are read as the text they were written as, so that ``3.10`` is not the number 3.1.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from manualsmith import yaml_parser
from manualsmith.markdown.reading.source import BOM, Source, Span, TextEdit
from manualsmith.text import t
from manualsmith.yaml_quoting import bare, quoted, restyled, scalar

_FENCE = re.compile(r"-{3}[ \t]*(?:\r\n|\n|\r)")
_TOML = re.compile(r"\+{3}[ \t]*(?:\r\n|\n|\r)")
_CLOSE = re.compile(r"^(?:-{3}|\.{3})[ \t]*(?:\r\n|\n|\r|\Z)", re.MULTILINE)

KeyPath = tuple[str, ...]


class BadFrontMatter(ValueError):
    """Front matter that is no YAML mapping; ``line`` and ``column`` count from 0 in the page."""

    def __init__(self, message: str, line: int, column: int = 0) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


@dataclass(frozen=True)
class FrontMatter:
    """The front matter block: ``block`` with its fences, ``body`` the YAML between them."""

    block: Span
    body: Span


def find_front_matter(text: str) -> FrontMatter | None:
    """Return where the front matter stands, or None; the YAML itself is not read."""
    start = len(BOM) if text.startswith(BOM) else 0
    fence = _FENCE.match(text, start)
    if not fence:
        return None
    # MkDocs has a line of front matter before it looks for the end, whatever the line says.
    first = text.find("\n", fence.end()) + 1
    close = _CLOSE.search(text, first) if first else None
    if not close:
        return None
    return FrontMatter(Span(start, close.end()), Span(fence.end(), close.start()))


@dataclass(frozen=True)
class FrontMatterEntry:
    """One scalar of the front matter: its key path, its text, and the span of its value."""

    key: KeyPath
    value: str
    span: Span


def read_entries(text: str) -> dict[KeyPath, FrontMatterEntry]:
    """Return each scalar of the front matter by its key path.

    Raises BadFrontMatter where it is no YAML mapping, or uses an anchor.
    """
    front = find_front_matter(text)
    root = compose(text, front) if front else None
    if front is None or root is None:
        return {}
    return {entry.key: entry for entry in _scalars(root, (), front.body.start)}


def compose(text: str, front: FrontMatter) -> MappingNode | None:
    """Return the front matter's mapping as nodes, None where it is empty.

    Their marks count from the body. Raises BadFrontMatter where it is no YAML mapping, or uses
    an anchor.
    """
    body = front.body.of(text)
    line = text.count("\n", 0, front.body.start)
    try:
        root = yaml_parser.compose(body)
    except MarkedYAMLError as error:
        mark = error.problem_mark
        raise BadFrontMatter(error.problem or "", line + mark.line, mark.column) from error
    except (YAMLError, RecursionError) as error:
        before = body[: error.position] if isinstance(error, ReaderError) else ""
        at = line + before.count("\n"), len(before) - before.rfind("\n") - 1
        raise BadFrontMatter(str(error).split("\n")[0], *at) from error
    if root is None or isinstance(root, MappingNode):
        return root
    raise BadFrontMatter("not a mapping", line)


def _scalars(node: MappingNode, path: KeyPath, offset: int) -> Iterator[FrontMatterEntry]:
    for key, value in node.value:
        if not isinstance(key, ScalarNode):
            continue
        here = (*path, key.value)
        if isinstance(value, ScalarNode):
            span = Span(offset + value.start_mark.index, offset + value.end_mark.index)
            yield FrontMatterEntry(here, value.value, span)
        elif isinstance(value, MappingNode):
            yield from _scalars(value, here, offset)


def list_entries(text: str, key: str) -> list[FrontMatterEntry]:
    """Return the scalars that a key of the front matter lists; one scalar is a list of one.

    Raises BadFrontMatter where the front matter cannot be read.
    """
    front = find_front_matter(text)
    node = _value_node(text, front, key) if front else None
    if front is None or node is None:
        return []
    items = node.value if isinstance(node, SequenceNode) else [node]
    offset = front.body.start
    return [
        FrontMatterEntry(
            (key,), n.value, Span(offset + n.start_mark.index, offset + n.end_mark.index)
        )
        for n in items
        if isinstance(n, ScalarNode)
    ]


def append_value(text: str, key: str, value: str) -> list[TextEdit]:
    """Return the edit that adds *value* to what *key* lists, in the style of what is there.

    None where it is listed. Raises BadFrontMatter where the key holds no list of scalars.
    """
    front = find_front_matter(text)
    node = _value_node(text, front, key) if front else None
    listed = list_entries(text, key)
    if front is None or node is None:
        return set_value(text, (key,), value)
    if any(entry.value == value for entry in listed):
        return []
    start, written = front.body.start, _value((key,), value)
    if isinstance(node, ScalarNode):
        span = listed[0].span
        return [TextEdit(span.start, span.end, f"[{span.of(text)}, {written}]")]
    if not isinstance(node, SequenceNode):
        raise BadFrontMatter(f"{key} is no list", Source(text).line_of(start))
    last = start + (_last_index(node.value[-1]) if node.value else node.end_mark.index - 1)
    if node.flow_style:
        return [TextEdit(last, last, (", " if node.value else "") + written)]
    source = Source(text)
    after = source.starts[source.line_of(last - 1) + 1]
    indent = " " * node.start_mark.column
    return [_line_edit(source, after, f"{indent}- {written}\n")]


def _value_node(text: str, front: FrontMatter, key: str) -> Node | None:
    root = compose(text, front)
    return next((v for k, v in root.value if k.value == key), None) if root else None


def set_value(text: str, key: KeyPath, value: str) -> list[TextEdit]:
    """Return the edits that give *key* the scalar *value*; none where it has that value already.

    What is there keeps its quotes; a missing key is added under the deepest mapping that exists,
    and a page without front matter gets one. Raises BadFrontMatter where the place is no mapping.
    """
    front = find_front_matter(text)
    if front is None and _TOML.match(text.removeprefix(BOM)):
        raise BadFrontMatter(
            t("it is TOML (+++), which is left as it is: write it as YAML (---)"), 0
        )
    if front is None:
        return [_new_block(text, key, value)]
    root = compose(text, front)
    entries = _scalars(root, (), front.body.start) if root else ()
    entry = next((entry for entry in entries if entry.key == key), None)
    if entry:
        return [] if entry.value == value else [rewritten(text, entry, value)]
    if root is None:
        return [_line_edit(Source(text), front.body.end, _nested(key, value, 0))]
    return [_added(Source(text), root, front, key, value)]


def rewritten(text: str, entry: FrontMatterEntry, value: str) -> TextEdit:
    """Return the edit that gives a scalar that is there another value, in the style it has."""
    return TextEdit(entry.span.start, entry.span.end, restyled(entry.span.of(text), value))


def _value(key: Sequence[str], value: str) -> str:
    """Return *value* as YAML for a key that is new; an environment's values are always quoted."""
    return quoted(value) if key[0] == "environment" else bare(value)


def _nested(key: Sequence[str], value: str, indent: int, whole: Sequence[str] = ()) -> str:
    whole = whole or key
    lines = [" " * (indent + 2 * depth) + f"{scalar(name)}:" for depth, name in enumerate(key)]
    return "\n".join(lines) + f" {_value(whole, value)}\n"


def _new_block(text: str, key: KeyPath, value: str) -> TextEdit:
    start = len(BOM) if text.startswith(BOM) else 0
    block = f"---\n{_nested(key, value, 0)}---\n\n"
    return _line_edit(Source(text), start, block)


def _line_edit(source: Source, offset: int, text: str) -> TextEdit:
    return TextEdit(offset, offset, source.with_newlines(text))


def _added(
    source: Source, root: MappingNode, front: FrontMatter, key: KeyPath, value: str
) -> TextEdit:
    node, depth = root, 0
    while depth < len(key) - 1:
        child = next((v for k, v in node.value if k.value == key[depth]), None)
        if child is None:
            break
        if not isinstance(child, MappingNode):
            line = source.line_of(front.body.start + child.start_mark.index)
            raise BadFrontMatter(f"{'.'.join(key[: depth + 1])} holds no values of its own", line)
        node, depth = child, depth + 1
    if any(k.value == key[depth] for k, _ in node.value):
        line = source.line_of(front.body.start + node.start_mark.index)
        raise BadFrontMatter(f"{'.'.join(key)} is not one value", line)
    start = front.body.start
    if node.flow_style:
        inner = _value(key, value)
        for name in reversed(key[depth + 1 :]):
            inner = f"{{{scalar(name)}: {inner}}}"
        end = start + node.end_mark.index - 1
        last = start + node.value[-1][1].end_mark.index if node.value else end
        return TextEdit(last, last, f"{', ' if node.value else ''}{scalar(key[depth])}: {inner}")
    last_line = source.line_of(start + _last_index(node) - 1)
    after = source.starts[last_line + 1]
    return _line_edit(source, after, _nested(key[depth:], value, node.start_mark.column, key))


def _last_index(node: Node) -> int:
    """Return the end of what a block mapping holds: its own end mark runs on over blank lines."""
    if isinstance(node, MappingNode) and not node.flow_style and node.value:
        key, value = node.value[-1]
        return max(int(key.end_mark.index), _last_index(value))
    if isinstance(node, SequenceNode) and not node.flow_style and node.value:
        return _last_index(node.value[-1])
    return int(node.end_mark.index)
