"""Plain values as YAML text, the same bytes on every machine.

A record's bytes are compared, and hashed. ruamel.yaml's emitter writes the records that we have in
the same bytes (in 8 ms each; this one in 0.3), but not each text that may come: it closes a text
that ends in an empty line with ``...``, names a control character ``\\e`` where ``\\u001b`` stands
now, and leaves U+202E, which turns a line around, as it is. What is written here is a small part
of YAML: block mappings and lists, lists of short texts in one line, literal blocks, JSON's double
quotes for whatever is not plain beyond doubt.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from manualsmith.yaml_quoting import HIDDEN, scalar

Plain: TypeAlias = "Mapping[str, Plain] | Sequence[Plain] | str | int | None"

_NOT_LITERAL = re.compile(f"[\x00-\x08\x0b-\x1f{HIDDEN}]")


def emit(value: Mapping[str, Plain]) -> str:
    """Return a mapping of texts, whole numbers, None, lists and mappings as YAML text."""
    return "".join(f"{line}\n" for line in _lines(value))


def _lines(value: Plain) -> list[str]:
    """Return a value as lines, without indentation: one for what fits on the line of its key."""
    if isinstance(value, dict) and value:
        return list(_mapping(value))
    if isinstance(value, list | tuple) and _on_own_lines(value):
        return list(_items(value))
    return (_literal(value) if isinstance(value, str) else None) or [_flow(value)]


def _mapping(value: Mapping[str, Plain]) -> Iterator[str]:
    for name, inner in value.items():
        first, *rest = _lines(inner)
        if _on_own_lines(inner):
            yield f"{scalar(name)}:"
            yield from _indented([first])
        else:
            yield f"{scalar(name)}: {first}"
        yield from _indented(rest)


def _items(values: Sequence[Plain]) -> Iterator[str]:
    for value in values:
        first, *rest = _lines(value)
        yield f"- {first}"
        yield from _indented(rest)


def _on_own_lines(value: Plain) -> bool:
    """Return whether a value's lines start under its key, not beside it."""
    if isinstance(value, list | tuple):
        return not _short(value)
    return isinstance(value, dict) and bool(value)


def _short(items: Sequence[Plain]) -> bool:
    return all(isinstance(item, str | int) and "\n" not in str(item) for item in items)


def _literal(text: str) -> list[str] | None:
    """Return *text* as a literal block's lines, its header first; None where none can hold it."""
    if "\n" not in text or text[0] in " \t\n" or _NOT_LITERAL.search(text):
        return None
    body = text.removesuffix("\n")
    keep = "-" if body == text else "+" if body.endswith("\n") else ""
    return [f"|{keep}", *body.split("\n")]


def _flow(value: Plain) -> str:
    if isinstance(value, dict):
        pairs = (f"{scalar(name)}: {_flow(inner)}" for name, inner in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(inner) for inner in value) + "]"
    return scalar(value)


def _indented(lines: Sequence[str]) -> Iterator[str]:
    """Yield lines further in; an empty one stays empty."""
    return (f"  {line}" if line else line for line in lines)
