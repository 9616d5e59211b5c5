"""The JSON Schema of a confirmation, for editors that complete and check YAML as it is typed."""

import json
from typing import Any

from manualsmith.layout import CATEGORIES
from manualsmith.records.models.confirmation import Confirmation

DIALECT = "https://json-schema.org/draft/2020-12/schema"
# what a YAML reader of an editor may take a plain scalar for; here each of them is its text
_SCALARS = ["string", "number", "boolean"]
_ONE_OR_MANY = ("section", "key", "resolution")
_MAY_BE_EMPTY = (
    *CATEGORIES,
    "checked",
    "confirmed",
    "findings",
    "pictures",
    "environment",
)

Schema = dict[str, Any]


def confirmation_schema() -> Schema:
    """Return the JSON Schema of ``manualsmith/confirmation/v1``: what the parser takes."""
    schema = Confirmation.model_json_schema(by_alias=True)
    for model in (schema, *schema["$defs"].values()):
        model["properties"] = {
            name: _named(name, _scalars(inner)) for name, inner in model["properties"].items()
        }
        _without_prose_for_programmers(model)
    return {"$schema": DIALECT, **schema}


def schema_text() -> str:
    """Return the schema as the file that editors read."""
    return json.dumps(confirmation_schema(), ensure_ascii=False, indent=2) + "\n"


def _scalars(schema: Schema) -> Schema:
    """Return a schema in which a text may be what an editor takes for a number."""
    if schema.get("type") == "string" and not {"const", "enum", "format"} & set(schema):
        return {**schema, "type": _SCALARS}
    changed = dict(schema)
    for name in ("anyOf", "oneOf", "prefixItems"):
        if name in schema:
            changed[name] = [_scalars(inner) for inner in schema[name]]
    for name in ("items", "additionalProperties"):
        if isinstance(schema.get(name), dict):
            changed[name] = _scalars(schema[name])
    return changed


def _named(name: str, schema: Schema) -> Schema:
    """Return a property's schema with the short forms that its field takes."""
    schema = {inner: value for inner, value in schema.items() if inner != "title"}
    if name in _ONE_OR_MANY:
        return _or(schema, {"type": _SCALARS})
    if name == "quote" and "$ref" in schema:
        return _or(schema, {"type": _SCALARS})
    return (
        _or(schema, {"type": "null"}) if name in _MAY_BE_EMPTY and "anyOf" not in schema else schema
    )


def _or(schema: Schema, other: Schema) -> Schema:
    about: Schema = {
        name: schema[name] for name in ("description", "default", "examples") if name in schema
    }
    rest = {name: value for name, value in schema.items() if name not in about}
    choices = rest["anyOf"] if list(rest) == ["anyOf"] else [rest]
    return {**about, "anyOf": [*choices, other]}


def _without_prose_for_programmers(model: Schema) -> None:
    """Take out a model's docstring where its title says in the reader's language what it is."""
    if any(ord(char) > 0x2E80 for char in model.get("title", "")):
        model.pop("description", None)
