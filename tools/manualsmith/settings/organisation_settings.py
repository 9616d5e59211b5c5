"""Read whose manuals they are, and what facts are called.

``[tool.manualsmith.organisation]`` with its tables ``roles`` and ``forms``, and
``[tool.manualsmith.facts]``.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any
from zoneinfo import available_timezones

from manualsmith.errors import Problem, UserError
from manualsmith.layout import KINDS, RECORDS
from manualsmith.naming import FACT_NAME, near
from manualsmith.organisation import ROLE_NAME, ROLES, Label, Organisation, PaperForm
from manualsmith.settings.layout_settings import (
    Fault,
    SettingsText,
    must_be,
    path_fault,
    setting_faults,
    unknown,
)
from manualsmith.text import t

ORGANISATION_TABLE, FACTS_TABLE = "organisation", "facts"
_LONGEST = 200
_MARKS = (".png", ".jpg", ".jpeg")
_FACT = re.compile(FACT_NAME)
_LANGUAGES = ("zh-TW", "en")


def read_organisation(table: object, source: SettingsText) -> Organisation:
    """Return the organisation that settings name. Raises UserError with all that is wrong."""
    if not isinstance(table, dict):
        raise UserError([must_be(ORGANISATION_TABLE, t("a table"), source.place("organisation"))])
    flat = {name: value for name, value in table.items() if name not in ("roles", "forms")}
    path = (ORGANISATION_TABLE,)
    known = tuple(one.name for one in fields(Organisation))
    problems = [*setting_faults(flat, path, _OF_ORGANISATION, source, known)]
    roles = table.get("roles", {})
    problems += _labels((*path, "roles"), roles, re.compile(ROLE_NAME), _role_words(), source)
    forms = table.get("forms", {})
    problems += _form_problems(forms, source)
    if problems:
        raise UserError(problems)
    read = {output: _form(values) for output, values in forms.items()}
    return Organisation(**flat, roles={**ROLES, **roles}, forms=read)


def _form(values: Mapping[str, Any]) -> PaperForm:
    texts: dict[str, Any] = {name: str(value) for name, value in values.items()}
    return PaperForm(**{**texts, "signatures": tuple(values.get("signatures", ()))})


def read_fact_labels(table: object, source: SettingsText) -> Mapping[str, Label]:
    """Return what people read for the names of facts. Raises UserError with all that is wrong."""
    said = t("small letters and digits, joined by . or -, such as server.version")
    problems = [*_labels((FACTS_TABLE,), table, _FACT, said, source)]
    if problems:
        raise UserError(problems)
    return table  # type: ignore[return-value]  # each of its values was looked at


def _role_words() -> str:
    return t("small letters, digits and hyphens, such as {name}", name="vendor")


def _text(value: object) -> str | None:
    right = isinstance(value, str) and value.strip() and len(value.splitlines()) == 1
    return None if right and len(str(value)) <= _LONGEST else t("a text")


def _mark(value: object) -> str | None:
    if path_fault(value) is None and str(value).lower().endswith(_MARKS):
        return None
    return t("a picture in the repository, from its root: {kinds}", kinds=", ".join(_MARKS))


def _zone(value: object) -> str | None:
    known = available_timezones()
    if value in known:
        return None
    closest = ", ".join(near(str(value), known)) or "Asia/Taipei"
    return t("a zone of time, such as {names}", names=closest)


def _number(value: object) -> str | None:
    return None if type(value) in (int, float) else _text(value)


def _texts(value: object) -> str | None:
    right = isinstance(value, list) and value and not any(map(_text, value))
    return None if right else t("a list of texts")


_OF_ORGANISATION: Mapping[str, Fault] = {
    "name": _text,
    "mark": _mark,
    "timezone": _zone,
    "retention": _text,
    "templates": path_fault,
}
_OF_FORM: Mapping[str, Fault] = {
    "number": _text,
    "edition": _number,  # people write 1.2 without quotes
    "retention": _text,
    "signatures": _texts,
}


def _form_problems(forms: object, source: SettingsText) -> Iterator[Problem]:
    path = (ORGANISATION_TABLE, "forms")
    if not isinstance(forms, dict):
        yield must_be(".".join(path), t("a table"), source.place(*path))
        return
    outputs = sorted(
        {*(one.output for one in RECORDS.values()), *(one.output for one in KINDS.values())}
    )
    for output, values in forms.items():
        place = source.place(*path, output)
        if output not in outputs:
            yield unknown(".".join((*path, output)), tuple(outputs), place)
        elif not isinstance(values, dict):
            yield must_be(".".join((*path, output)), t("a table"), place)
        else:
            yield from setting_faults(values, (*path, output), _OF_FORM, source)


def _labels(
    path: tuple[str, ...], table: object, name_of: re.Pattern[str], words: str, source: SettingsText
) -> Iterator[Problem]:
    """Yield what is wrong with a table of names and their labels."""
    if not isinstance(table, dict):
        yield must_be(".".join(path), t("a table"), source.place(*path))
        return
    for name, value in table.items():
        dotted, place = ".".join((*path, name)), source.place(*path, name)
        if not name_of.fullmatch(name):
            yield must_be(dotted, words, place)
        elif not _is_label(value):
            said = t("a text, or a text for each of: {names}", names=", ".join(_LANGUAGES))
            yield must_be(dotted, said, place)


def _is_label(value: object) -> bool:
    if isinstance(value, dict):
        return bool(value) and {*value} <= {*_LANGUAGES} and not any(map(_text, value.values()))
    return _text(value) is None
