"""Plain values as YAML text, the same bytes on every machine.

PyYAML writes an emoji one way with libyaml and another without, and folds by versions of its own;
a record's bytes are compared, so they must not depend on what is installed. What is written here is
a small part of YAML: block mappings and lists, lists of short texts in one line, literal blocks,
JSON's double quotes for whatever is not plain beyond doubt.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

Plain: TypeAlias = "Mapping[str, Plain] | Sequence[Plain] | str | int | None"

# a letter first: what begins with a digit is a number or a date to some YAML reader
_PLAIN = re.compile(
    r"[^\W\d_](?:[\w./+() 「」『』，。、；：？！（）％～—…·›-]*[\w.)」』，。；：？！（）％…])?"
)
_RESERVED = frozenset(("true", "false", "yes", "no", "on", "off", "null", "y", "n"))
# what no editor shows, or shows in another order than it stands in, is escaped
_HIDDEN = "\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff"
_ESCAPED = re.compile(f"[{_HIDDEN}]")
_NOT_LITERAL = re.compile(f"[\x00-\x08\x0b-\x1f{_HIDDEN}]")


def emit(value: Mapping[str, Plain]) -> str:
    """Return a mapping of texts, whole numbers, None, lists and mappings as YAML text."""
    return "".join(f"{line}\n" for line in lines(value))


@lru_cache(maxsize=4096, typed=True)
def scalar(value: str | int | None) -> str:
    """Return a value that is no collection on one line, safe within brackets and braces too."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    return value if is_plain(value) else quoted(value)


def is_plain(text: str) -> bool:
    """Return whether every YAML reader takes *text* without quotes as this same text."""
    return bool(_PLAIN.fullmatch(text)) and text.lower() not in _RESERVED


def quoted(text: str) -> str:
    """Return *text* in double quotes."""
    return _ESCAPED.sub(lambda m: f"\\u{ord(m[0]):04x}", json.dumps(text, ensure_ascii=False))


def flow(value: Plain) -> str:
    """Return any value on one line."""
    if isinstance(value, dict):
        pairs = (f"{scalar(name)}: {flow(inner)}" for name, inner in value.items())
        return "{" + ", ".join(pairs) + "}"
    if value is None or isinstance(value, str | int):
        return scalar(value)
    return "[" + ", ".join(flow(inner) for inner in value) + "]"


def literal(text: str) -> list[str] | None:
    """Return *text* as a literal block's lines, its header first; None where none can hold it."""
    if "\n" not in text or text[0] in " \t\n" or _NOT_LITERAL.search(text):
        return None
    body = text.removesuffix("\n")
    keep = "-" if body == text else "+" if body.endswith("\n") else ""
    return [f"|{keep}", *body.split("\n")]


def lines(value: Plain, list_indent: int = 2) -> list[str]:
    """Return a value as lines, without indentation: one for what fits on the line of its key.

    *list_indent* is by how much a list stands further in than its key.
    """
    if isinstance(value, dict) and value:
        return list(_mapping(value, list_indent))
    if isinstance(value, list | tuple) and on_own_lines(value):
        return items(value, list_indent)
    return (literal(value) if isinstance(value, str) else None) or [flow(value)]


def on_own_lines(value: Plain) -> bool:
    """Return whether a value's lines start under its key, not beside it."""
    if value is None or isinstance(value, str | int):
        return False
    return not _short(value) if isinstance(value, list | tuple) else bool(value)


def items(values: Sequence[Plain], list_indent: int = 2) -> list[str]:
    """Return a list's values as lines that begin with a dash."""
    below: list[str] = []
    for value in values:
        first, *rest = lines(value, list_indent)
        below += [f"- {first}", *indented(rest, 2)]
    return below


def _mapping(value: Mapping[str, Plain], list_indent: int) -> Iterator[str]:
    for name, inner in value.items():
        first, *rest = lines(inner, list_indent)
        if on_own_lines(inner):
            yield f"{scalar(name)}:"
            width = 2 if isinstance(inner, dict) else list_indent
            yield from indented([first, *rest], width)
        else:
            yield f"{scalar(name)}: {first}"
            yield from indented(rest, 2)


def indented(below: Sequence[str], width: int) -> list[str]:
    """Return lines further in by *width*; an empty one stays empty."""
    return [" " * width + line if line else line for line in below]


def _short(items: Sequence[Plain]) -> bool:
    return all(isinstance(item, str | int) and "\n" not in str(item) for item in items)
