"""The rows of a list of objects in JSON, as ticket systems' programs and interfaces write them."""

import json
from typing import Any

from manualsmith.errors import Place, UserError
from manualsmith.text import t

_DEEPEST = 5


def is_json(text: str) -> bool:
    """Tell whether a text is a list or an object of JSON, by how it begins."""
    return text.lstrip()[:1] in ("[", "{")


def json_rows(text: str, place: Place) -> list[list[str]]:
    """Return a row of names, then one for each object; what is inside another is ``author.login``.

    The list may be the only one in an object, as in ``{"issues": [...], "total_count": 1}``.
    Raises UserError with the place of what is no JSON, and where there is no list of objects.
    """
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        at = Place(place.file, error.lineno, error.colno)
        raise UserError(t("not JSON: {reason}", reason=error.msg), at) from error
    except RecursionError as error:
        raise UserError(t("not JSON: {reason}", reason="nesting"), place) from error
    return table_of(value, place)


def table_of(value: object, place: Place) -> list[list[str]]:
    """Return the rows of a list of objects that was read, as `json_rows` does."""
    inner = value.values() if isinstance(value, dict) else ()
    lists = [one for one in inner if isinstance(one, list)]
    found = value if isinstance(value, list) else lists[0] if len(lists) == 1 else None
    if found is None or not all(isinstance(one, dict) for one in found):
        hint = t("such as {example}", example='[{"number": 1, "title": "…"}]')
        raise UserError(t("no list of objects"), place, hint)
    flat = [_flat(one) for one in found]
    names = list(dict.fromkeys(name for one in flat for name in one))
    return [names, *([one.get(name, "") for name in names] for one in flat)]


def _flat(value: dict[str, Any], before: str = "", depth: int = 0) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, inner in value.items():
        if isinstance(inner, dict) and depth < _DEEPEST:
            found.update(_flat(inner, f"{before}{key}.", depth + 1))
        else:
            found[before + key] = _as_text(inner)
    return found


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
