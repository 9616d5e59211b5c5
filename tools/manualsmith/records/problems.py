"""Turn what pydantic found wrong into problems that say where, what, and what is allowed.

A field is named by its dotted path with list items counted from 1: ``findings[2].edit.step`` is a
field of the second finding.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from manualsmith.errors import Problem
from manualsmith.records.yaml.read_yaml import Document, Path
from manualsmith.text import t

_NEAR = 55
_SHOWN = 40
_QUOTED = re.compile(r"'([^']*)'")
_TYPE_MISMATCH = re.compile(r"(?:dict|tuple|list|model|model_attributes|string)_type")
_CHOICES = ("literal_error", "union_tag_invalid")

Context = Mapping[str, Any]


def problems_of(
    error: ValidationError, document: Document, model: type[BaseModel]
) -> tuple[Problem, ...]:
    """Return a problem for each thing that is wrong with *document*, in the order of the file.

    What is about a value that the reading of the YAML refused already is left out.
    """
    found: dict[Path, list[_Fault]] = {}
    for details in error.errors(include_url=False):
        fault = _Fault(_path(details, document.value), details)
        above = (fault.path[:depth] for depth in range(len(fault.path) + 1))
        if not any(path in document.broken for path in above):
            found.setdefault(fault.path, []).append(fault)
    return in_order(_problem(faults, document, model) for faults in _deepest(found).values())


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return problems of one file in the order of their places."""
    return tuple(sorted(problems, key=lambda p: (p.place.line or 0, p.place.column or 0)))


def field_name(path: Path) -> str:
    """Return a path as a person reads it; list items are counted from 1."""
    parts = (f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(parts).removeprefix(".")


def told(error: ValidationError) -> list[Problem]:
    """Return what is wrong with values that were typed, and are in no file."""
    return [
        Problem(_not_allowed(field_name(fault["loc"]), fault["input"], wanted))
        if (wanted := allowed_by(fault["type"], fault.get("ctx", {})))
        else Problem(f"{field_name(fault['loc'])}: {fault['msg']}")
        for fault in error.errors()
    ]


def nearest(wanted: str, names: Iterable[str]) -> str | None:
    """Return a hint with the name that resembles *wanted* most, or None."""
    close = _most_like(wanted, names)
    return t("nearest: {names}", names=close) if close else None


def _most_like(wanted: str, names: Iterable[str]) -> str | None:
    from rapidfuzz import fuzz, process, utils

    plain = utils.default_process
    close = process.extractOne(
        wanted, list(names), scorer=fuzz.ratio, processor=plain, score_cutoff=_NEAR
    )
    return close[0] if close else None


def shown(value: object) -> str:
    """Return what was found as a message tells it: a text in quotes and cut, or its kind."""
    if value is None:
        return t("empty")
    if isinstance(value, str):
        line = " ".join(value.split()) or value
        cut = line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
        return t('"{text}"', text=cut)
    if isinstance(value, Mapping):
        return t("a mapping")
    if isinstance(value, Sequence):
        return t("a list") if value else t("an empty list")
    return str(value)


class _Fault:
    """One of pydantic's errors, at a path of the document."""

    def __init__(self, path: Path, details: ErrorDetails) -> None:
        self.path = path
        self.type: str = details["type"]
        self.ctx: Context = details.get("ctx", {})
        self.input: object = details["input"]
        self.message: str = details["msg"]


def _path(details: ErrorDetails, value: object) -> Path:
    """Return an error's path without pydantic's own words (an action's tag, a union's member)."""
    path: list[str | int] = []
    tagged = False
    *way, last = details["loc"] or ("",)
    for part in way:
        if not tagged and isinstance(value, dict) and value.get("action") == part:
            tagged = True
        elif (inner := _inside(value, part)) is not _NOWHERE:
            path.append(part)
            value, tagged = inner, False
    missing = details["type"] in ("missing", "extra_forbidden")
    is_tag = not tagged and isinstance(value, dict) and value.get("action") == last
    if missing or (_inside(value, last) is not _NOWHERE and not is_tag):
        path.append(last)
    if details["type"] == "union_tag_not_found":
        path.append("action")
    return tuple(path)


_NOWHERE = object()


def _inside(value: object, part: str | int) -> object:
    if isinstance(value, dict):
        return value.get(part, _NOWHERE)
    if isinstance(value, list) and isinstance(part, int) and part < len(value):
        return value[part]
    return _NOWHERE


def _deepest(found: dict[Path, list[_Fault]]) -> dict[Path, list[_Fault]]:
    """Leave out that a union's other member wants another type, where one was read further in."""
    above = {path[:depth] for path in found for depth in range(len(path))}
    return {
        path: faults
        for path, faults in found.items()
        if path not in above or not all(_TYPE_MISMATCH.fullmatch(fault.type) for fault in faults)
    }


def _problem(faults: list[_Fault], document: Document, model: type[BaseModel]) -> Problem:
    fault = faults[0]
    path, name = fault.path, field_name(fault.path)
    if fault.type in ("missing", "union_tag_not_found"):
        return _missing(path, document)
    if fault.type == "extra_forbidden":
        return _unknown(path, document, model)
    place = document.place(path)
    if fault.type == "value_error":
        return Problem(f"{name}: {fault.ctx['error']}", place)
    if fault.type in _CHOICES:
        allowed = _QUOTED.findall(str(fault.ctx.get("expected_tags") or fault.ctx["expected"]))
        if fault.type == "union_tag_invalid":
            path, fault.input = (*path, "action"), fault.ctx["tag"]
            name, place = field_name(path), document.place(path)
        hint = nearest(str(fault.input), allowed)
        return Problem(_not_allowed(name, fault.input, ", ".join(allowed)), place, hint)
    wanted = dict.fromkeys(allowed_by(fault.type, fault.ctx) or fault.message for fault in faults)
    return Problem(_not_allowed(name, fault.input, t(" or ").join(wanted)), place)


def _missing(path: Path, document: Document) -> Problem:
    above = document.node(path[:-1])
    names = [name for name in (above.keys if above else ()) if name != path[-1]]
    close = _most_like(str(path[-1]), names)
    hint = t("is {name} meant for it?", name=close) if close else None
    return Problem(t("{field} is missing", field=field_name(path)), document.place(path[:-1]), hint)


def _not_allowed(name: str, found: object, allowed: str) -> str:
    return t(
        "{field} is {found}; allowed: {allowed}",
        field=name or t("the file"),
        found=shown(found),
        allowed=allowed,
    )


def _unknown(path: Path, document: Document, model: type[BaseModel]) -> Problem:
    name, above = str(path[-1]), field_name(path[:-1])
    names = _field_names(model, document.value, path[:-1])
    allowed = ", ".join(names)
    message = (
        t(
            "{above} has no field {name}; allowed: {allowed}",
            above=above,
            name=name,
            allowed=allowed,
        )
        if above
        else t("there is no field {name}; allowed: {allowed}", name=name, allowed=allowed)
    )
    hint = nearest(name, names)
    if "：" in name or re.match(r"[\w.-]+:\S", name):
        hint = t("write : and a space between a name and its value")
    return Problem(message, document.key_place(path), hint)


def _field_names(model: type[BaseModel], value: object, path: Path) -> list[str]:
    """Return the names that a mapping of the document may hold."""
    models = [model]
    for part in path:
        value = _inside(value, part)
        if isinstance(part, str):
            inner = [field for m in models for name, field in _fields(m).items() if name == part]
            models = [m for annotation in inner for m in _models(annotation)]
        if isinstance(value, dict) and len(models) > 1:
            models = [m for m in models if value.get("action") in _actions(m)]
    names = dict.fromkeys(name for m in models for name in _fields(m))
    return sorted(names, key=lambda name: name != "action")


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _models(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if get_origin(annotation) is Literal:
        return []
    return [model for inner in get_args(annotation) for model in _models(inner)]


def _actions(model: type[BaseModel]) -> tuple[Any, ...]:
    return get_args(_fields(model).get("action"))


_TEXT = "string_type"
_ALLOWED: dict[str, Callable[[Context], str]] = {
    _TEXT: lambda _: t("a text"),
    "int_type": lambda _: t("a whole number"),
    "int_parsing": lambda _: t("a whole number"),
    "int_parsing_size": lambda _: t("a smaller number"),
    "list_type": lambda _: t("a list"),
    "tuple_type": lambda _: t("a list"),
    "dict_type": lambda _: t("a mapping"),
    "model_type": lambda _: t("a mapping"),
    "model_attributes_type": lambda _: t("a mapping"),
    "greater_than_equal": lambda c: t("a number of at least {limit}", limit=c["ge"]),
    "less_than_equal": lambda c: t("a number of at most {limit}", limit=c["le"]),
    "string_too_short": lambda c: t("at least {limit} characters", limit=c["min_length"]),
    "string_too_long": lambda c: t("at most {limit} characters", limit=c["max_length"]),
    "too_short": lambda c: t("at least {limit} items", limit=c["min_length"]),
    "too_long": lambda c: t("at most {limit} items", limit=c["max_length"]),
    "string_pattern_mismatch": lambda c: _pattern(c["pattern"]),
    "wanted": lambda c: str(c["wanted"]),
}


def allowed_by(error_type: str, context: Context) -> str | None:
    """Return in words what one of pydantic's error types allows, or None for one not known here."""
    words = _ALLOWED.get(error_type)
    return words(context) if words else None


def _pattern(pattern: str) -> str:
    """Return in words what the patterns of the edit actions ask for."""
    known = {
        r"\S": t("a text that is not blank"),
        r"^[^\r\n]*\S[^\r\n]*$": t("one line of text that is not blank"),
        r"^[^\r\n]*$": t("one line of text"),
        r"^[1-9]\d{0,4}(\.[1-9]\d{0,4}){0,5}$": t("a step's number, such as 3 or 3.2"),
    }
    return known.get(pattern) or t("a text of the form {pattern}", pattern=pattern)


_CONTROL = frozenset(
    map(
        chr,
        (
            *range(9),
            *range(11, 32),
            *range(127, 160),
            *range(0x202A, 0x202F),
            *range(0x2066, 0x206A),
            0x2028,
            0x2029,
        ),
    )
)


def control_characters(document: Document) -> Iterator[Problem]:
    """Yield a problem for each text in which an escape made a control character."""
    for path, node in document.scalars():
        bad = [char for char in node.value if char in _CONTROL]
        if bad:
            message = t(
                "{field} holds the control character {code}",
                field=field_name(path),
                code=f"U+{ord(bad[0]):04X}",
            )
            yield Problem(message, document.place_at(node.start), t("delete it"))
