"""A comment that may have been meant as text: ``text: 撥 # 轉客服`` reads as ``撥`` alone.

YAML takes `` #`` after a value without quotes for a comment. Where the field would have taken the
whole line as well, nobody can tell which was meant, so that it is refused. After a number, a day,
an id or the name of an action it can only be a comment, and stays one.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from manualsmith.errors import Problem
from manualsmith.records.yaml.read_yaml import Document, Node, Path
from manualsmith.text import t
from manualsmith.yaml_quoting import quoted

# cheap: few files have any
_ANYWHERE = re.compile(r"(?<=\S)[ \t]+#")
_AFTER = re.compile(r"[ \t]+#[^\r\n]*")


def swallowed(document: Document, model: type[BaseModel] | None = None) -> Iterator[Problem]:
    """Yield a problem for each comment that *model* would have taken as part of a text.

    Without a model every value is a text.
    """
    if not _ANYWHERE.search(document.text):
        return
    for path, node in _plain(document.root):
        found = _AFTER.match(document.text, node.end)
        if found is None or (node.value is None and node.start != node.end):
            continue
        whole = ((node.value or "") + found[0]).strip()
        if model is None or _takes(model, document.value, path, whole):
            at = document.text.index("#", found.start())
            yield Problem(
                t("from the # on this is a comment, and no part of the text"),
                document.place_at(at),
                t(
                    "put the whole text in quotes: {text}; a comment goes on a line of its own",
                    text=quoted(whole),
                ),
            )


def _plain(root: Node) -> Iterator[tuple[Path, Node]]:
    """Yield the values without quotes, with their paths."""
    todo: list[tuple[Path, Node]] = [((), root)]
    while todo:
        path, node = todo.pop()
        if not node.style:
            yield path, node
        children = node.children
        pairs = children.items() if isinstance(children, dict) else enumerate(children)
        todo += [((*path, part), child) for part, child in pairs]


def _takes(model: type[BaseModel], values: dict[str, Any], path: Path, text: str) -> bool:
    """Return whether *model* finds no more to say where *text* stands at *path*."""
    before = {(one["loc"], one["type"]) for one in _faults(model, values)}
    return not any(
        (one["loc"], one["type"]) not in before or one["input"] == text
        for one in _faults(model, _with(values, path, text))
    )


def _faults(model: type[BaseModel], values: object) -> list[ErrorDetails]:
    try:
        model.model_validate(values)
    except ValidationError as error:
        return error.errors(include_url=False)
    return []


def _with(values: dict[str, Any], path: Path, text: str) -> object:
    changed: Any = deepcopy(values)
    above = changed
    for part in path[:-1]:
        above = above[part]
    above[path[-1]] = text
    return changed
