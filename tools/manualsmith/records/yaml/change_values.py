"""Change values in a YAML file that a person wrote, and nothing else in it.

Only the characters of a value are replaced, at the places that the parser reports. A round trip
through ruamel.yaml keeps comments and order too, but it writes the whole file anew: other
indentation, other line ends and folded long lines would show up as changes that nobody made.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from manualsmith.records.yaml import write_yaml as emit
from manualsmith.records.yaml.decode import BOM
from manualsmith.records.yaml.read_yaml import Document, Node, Path, load
from manualsmith.records.yaml.write_yaml import Plain

_FILE = "text"
# what YAML readers agree on where it stands without quotes
_PLAIN = re.compile(r"\w(?:[\w./+ -]*\w)?")
_LINE_END = re.compile(r"[\r\n]|\Z")
_BLOCK_MARK = re.compile(r"[|>][-+0-9]*")
_BODY_INDENT = re.compile(r"[\r\n]+( *)")


@dataclass(frozen=True)
class _Edit:
    start: int
    end: int
    text: str


def rewrite(text: str, changes: Iterable[tuple[Path, Plain]]) -> str:
    """Return a YAML text with values set: each change is a path and what stands there after.

    A key that is not there is added at the end of its mapping, an item at the index after the last
    one is appended; mappings and lists on the way are made. Comments, order, quotes, line ends and
    a byte order mark stay. Raises UserError where the text cannot be read, and ValueError for a
    path that cannot be set, or a value in place of a mapping or list over several lines.
    """
    bom = BOM if text.startswith(BOM) else ""
    document = load(text, _FILE)
    for path, value in changes:
        document = _set(document, path, value)
    return bom + document.text


def _set(document: Document, path: Path, value: Plain) -> Document:
    expected = _with(document.value, path, _as_read(value))
    if expected == document.value:
        return document
    while path and document.node(path[:-1]) is None:
        value = [value] if isinstance(path[-1], int) else {path[-1]: value}
        path = path[:-1]
    edit = _edit(document, path, value)
    newline = "\r\n" if "\r\n" in document.text else "\n"
    new = edit.text.replace("\n", newline)
    changed = load(document.text[: edit.start] + new + document.text[edit.end :], _FILE)
    if changed.value != expected:
        raise ValueError(f"{path} cannot be set without changing what stands around it")
    return changed


def _as_read(value: Plain) -> object:
    if isinstance(value, dict):
        return {str(name): _as_read(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_as_read(inner) for inner in value]
    return value if value is None else str(value)


def _with(above: object, path: Path, value: object) -> object:
    """Return plain values with one set, as the rewritten text must read."""
    if not path:
        return value
    part, *rest = path
    if isinstance(part, int):
        items = list(above) if isinstance(above, list) else []
        if part > len(items) or not (above is None or isinstance(above, list)):
            raise ValueError(f"there is no item {part}")
        inner = items[part] if part < len(items) else None
        return [*items[:part], _with(inner, tuple(rest), value), *items[part + 1 :]]
    if not (above is None or isinstance(above, dict)):
        raise ValueError(f"there is no mapping for {part}")
    return {**(above or {}), part: _with((above or {}).get(part), tuple(rest), value)}


def _edit(document: Document, path: Path, value: Plain) -> _Edit:
    node, above = document.node(path), document.node(path[:-1])
    if above is None:
        raise ValueError("the whole text cannot be replaced")
    if node is not None:
        return _replaced(document, path, node, value)
    inner: Plain = [value] if isinstance(path[-1], int) else {path[-1]: value}
    if not above.children:
        return _replaced(document, path[:-1], above, inner)
    return _added(document, above, inner)


def _replaced(document: Document, path: Path, node: Node, value: Plain) -> _Edit:
    if node.style == "block":
        raise ValueError(f"{path} is a mapping or list over several lines")
    if node.style in ("|", ">"):
        return _replaced_block(document, node, value)
    fresh = node.value in (None, [], {})
    if fresh and emit.on_own_lines(value) and not _in_flow(document, path):
        return _filled(document, path, node, value)
    new = emit.flow(value) if not isinstance(value, str) else _restyled(document, node, value)
    if node.start < node.end:
        return _Edit(node.start, node.end, new)
    after = _after_mark(document, path, node)
    return _Edit(after, after, f" {new}")


def _restyled(document: Document, node: Node, value: str) -> str:
    """Return a text in the quotes that the old one had; plain where both can do without."""
    if node.style == "'" and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    if node.style == "" and node.value is not None and _reads_as_itself(value):
        return value
    return emit.quoted(value) if node.style == '"' else emit.scalar(value)


def _reads_as_itself(value: str) -> bool:
    return bool(_PLAIN.fullmatch(value)) and load(f"k: {value}", _FILE).value == {"k": value}


def _replaced_block(document: Document, node: Node, value: Plain) -> _Edit:
    """Return the edit of a ``|`` or ``>`` block; a comment beside its mark stays."""
    text = document.text
    end = _end(document, node)
    mark = _BLOCK_MARK.match(text, node.start)
    after_mark = mark.end() if mark else node.start
    first, line_end = after_mark, _line_end(text, after_mark)
    block = emit.literal(value) if isinstance(value, str) else None
    if not block or "+" in block[0]:
        return _Edit(node.start, end, emit.flow(value) + text[first:line_end])
    width = _BODY_INDENT.match(text, line_end)
    body = emit.indented(block[1:], len(width[1]) if width else 2)
    return _Edit(node.start, end, "\n".join([block[0] + text[first:line_end], *body]))


def _filled(document: Document, path: Path, node: Node, value: Plain) -> _Edit:
    """Return the edit that puts lines under a key that holds nothing yet."""
    text = document.text
    start = _after_mark(document, path, node)
    end = max(start, node.end)
    line_end = _line_end(text, end)
    column = _column(document, _key(document, path).start)
    offset = 2 if isinstance(value, dict) else _list_indent(document)
    below = emit.indented(_lines(document, value), column + offset)
    return _Edit(start, line_end, text[end:line_end].rstrip() + "\n" + "\n".join(below))


def _added(document: Document, above: Node, inner: Plain) -> _Edit:
    end = _end(document, above)
    if above.style == "flow":
        last = _end(document, _last(above))
        return _Edit(last, last, f", {emit.flow(inner)[1:-1]}")
    below = emit.indented(_lines(document, inner), _column(document, above.start))
    new = "\n".join(below)
    at_line_start = end > 0 and document.text[end - 1] in "\r\n"
    return _Edit(end, end, f"{new}\n") if at_line_start else _added_after(document, end, new)


def _added_after(document: Document, index: int, new: str) -> _Edit:
    end = _line_end(document.text, index)
    return _Edit(end, end, f"\n{new}")


def _lines(document: Document, value: Plain) -> list[str]:
    width = _list_indent(document)
    return emit.items(value, width) if isinstance(value, list) else emit.lines(value, width)


def _end(document: Document, node: Node) -> int:
    """Return where a value's text ends: the parser counts blank lines and comments after it too."""
    if node.style == "block":
        return _end(document, _last(node))
    if node.style in ("|", ">"):
        mark = _BLOCK_MARK.match(document.text, node.start)
        if mark and "+" in mark[0]:
            return node.end
        return node.start + len(document.text[node.start : node.end].rstrip())
    return node.end


def _last(node: Node) -> Node:
    """Return the last thing in a mapping or list; its key where the value is empty."""
    if isinstance(node.children, list):
        return node.children[-1]
    name, child = list(node.children.items())[-1]
    return child if child.start < child.end else node.keys[name]


def _key(document: Document, path: Path) -> Node:
    above = document.node(path[:-1])
    key = above.keys.get(str(path[-1])) if above else None
    if key is None:
        raise ValueError(f"{path} has no key")
    return key


def _after_mark(document: Document, path: Path, node: Node) -> int:
    """Return the index after the ``:`` or ``-`` that a value follows."""
    if isinstance(path[-1], int):
        return document.text.rindex("-", 0, node.start) + 1
    return document.text.index(":", _key(document, path).end) + 1


def _in_flow(document: Document, path: Path) -> bool:
    above = (document.node(path[:depth]) for depth in range(len(path)))
    return isinstance(path[-1], int) or any(node and node.style == "flow" for node in above)


def _list_indent(document: Document) -> int:
    """Return by how much the file's lists stand further in than their keys; 2 where it has none."""
    todo = [document.root]
    while todo:
        node = todo.pop(0)
        children = node.children
        for name, child in children.items() if isinstance(children, dict) else ():
            if isinstance(child.value, list) and child.style == "block":
                key = node.keys[name]
                return _column(document, child.start) - _column(document, key.start)
        todo += children.values() if isinstance(children, dict) else children
    return 2


def _column(document: Document, index: int) -> int:
    return (document.place_at(index).column or 1) - 1


def _line_end(text: str, index: int) -> int:
    found = _LINE_END.search(text, index)
    return found.start() if found else len(text)
