"""The Markdown of a repository's site: the extensions that its ``mkdocs.yml`` names at a commit."""

import os
import posixpath
from collections.abc import Callable, Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import Constructor
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import Node, ScalarNode, SequenceNode

from manualsmith.errors import Place, UserError
from manualsmith.markdown.dialect import BUILT_IN, DEFAULT, Dialect
from manualsmith.text import t

SETTINGS = "mkdocs.yml"
_DEEPEST = 8

_made: dict[str, Dialect] = {}


def dialect_of(read: Callable[[str], bytes | None]) -> Dialect:
    """Return the Markdown that the site of a commit renders pages with.

    *read* returns a file of the commit by its path. Where there is no ``mkdocs.yml`` it is that of
    this project's own site. Raises UserError where the settings cannot be read.
    """
    values = _settings(read, SETTINGS, _DEEPEST)
    if values is None:
        return DEFAULT
    extensions = _named(values.get("markdown_extensions") or [])
    key = repr(sorted(extensions.items(), key=str))
    if key not in _made:
        _made[key] = Dialect(tuple(dict.fromkeys((*BUILT_IN, *extensions))), extensions)
    return _made[key]


def _settings(
    read: Callable[[str], bytes | None], path: str, deepest: int
) -> dict[str, Any] | None:
    """Return the settings in a file, those that it inherits among them."""
    data = read(path)
    if data is None:
        return None
    values = _yaml(data, path)
    above = values.pop("INHERIT", None)
    if above and deepest:
        other = posixpath.normpath(posixpath.join(posixpath.dirname(path), str(above)))
        import mergedeep

        merged: dict[str, Any] = mergedeep.merge(_settings(read, other, deepest - 1) or {}, values)
        return merged
    return values


class _Settings(Constructor):
    """Makes what MkDocs makes of main's own settings, which a build runs in any case."""

    def check_mapping_key(self, *_: object) -> bool:
        """Let the last of two settings of one name count, as MkDocs does."""
        return True

    def from_environment(self, node: Node) -> object:
        """Return the first variable that is set of those named, else the last of several."""
        nodes = node.value if isinstance(node, SequenceNode) else [node]
        for name in nodes[:-1] or nodes:
            text = os.environ.get(self.construct_scalar(name))
            if text is not None:
                tag = self.resolver.resolve(ScalarNode, text, (True, False))
                return self.construct_object(ScalarNode(tag, text))
        return self.construct_object(nodes[-1]) if len(nodes) > 1 else None


_Settings.add_constructor("!ENV", _Settings.from_environment)
_Settings.add_constructor("!relative", lambda _self, _node: os.curdir)


def _yaml(data: bytes, path: str) -> dict[str, Any]:
    yaml = YAML(typ="safe", pure=True)
    yaml.version = "1.1"
    yaml.Constructor = _Settings
    try:
        values = yaml.load(data)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = Place(path, mark.line + 1, mark.column + 1) if mark else Place(path)
        reason = getattr(error, "problem", None) or error
        message = t("the site's settings cannot be read: {reason}", reason=reason)
        raise UserError(message, place) from error
    return values if isinstance(values, dict) else {}


def _named(listed: object) -> dict[str, Mapping[str, Any]]:
    """Return the extensions by name, each with its settings; MkDocs takes a list or a mapping."""
    if isinstance(listed, Mapping):
        return {str(name): settings or {} for name, settings in listed.items()}
    found: dict[str, Mapping[str, Any]] = {}
    for one in listed if isinstance(listed, list) else ():
        found |= _named(one if isinstance(one, Mapping) else {str(one): {}})
    return found
