"""The Markdown of a repository's site: the extensions that its ``mkdocs.yml`` names at a commit."""

import os
import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import Constructor
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import Node, ScalarNode, SequenceNode

from manualsmith.errors import Place, UserError
from manualsmith.git.repository import Repository
from manualsmith.layout import layout
from manualsmith.markdown.dialect import BUILT_IN, COMMON_MARK, DEFAULT, Dialect
from manualsmith.text import t

_DEEPEST = 8
_PYTHON = "tag:yaml.org,2002:python/"
# Where sites take the functions from that make ids, symbols and formulas. None of these opens a
# file, starts a process or reaches the network.
_KNOWN_MODULES = (
    "manualsmith.site.slugs",
    "manualsmith.markdown.heading_ids",
    "markdown.extensions.toc",
    "material.extensions.emoji",
    "pymdownx.arithmatex",
    "pymdownx.emoji",
    "pymdownx.slugs",
    "pymdownx.superfences",
)
_KNOWN_PACKAGES = ("manualsmith", "markdown", "material", "pymdownx")
# Extensions that put other files, or what an address gives, on a page: they are made to find none.
_NO_FILES: Mapping[str, Mapping[str, Any]] = {
    "pymdownx.snippets": {
        "base_path": [], "auto_append": [], "check_paths": False, "url_download": False,
    },
    "pymdownx.b64": {"base_path": os.devnull},
    "pymdownx.pathconverter": {"base_path": os.devnull},
}  # fmt: skip

_made: dict[str, Dialect] = {}


def dialect_of(
    read: Callable[[str], bytes | None], trusts: Callable[[], bool] = lambda: False
) -> Dialect:
    """Return the Markdown that the site of a commit renders pages with.

    *read* returns a file of the commit by its path. Where there is no ``mkdocs.yml`` it is that of
    this project's own site. Whoever may push may have written the settings, and a hook reads them
    on the server: nothing that they name is run beside what is known to make ids and symbols, and
    no extension reads files, unless *trusts* says so, which is asked where it matters alone. Raises
    UserError where they cannot be read.
    """
    if layout().markdown == "commonmark":
        return COMMON_MARK
    settings = layout().site
    values = _settings(read, settings, _DEEPEST, _Settings)
    if values is None:
        return DEFAULT
    extensions = _extensions(values)
    odd = next(_unknown(extensions), None)
    if (odd or not _NO_FILES.keys().isdisjoint(extensions)) and trusts():
        extensions = _extensions(_settings(read, settings, _DEEPEST, _Trusting) or {})
    elif odd:
        raise UserError(
            t("the site's settings would run {name}, which is not known", name=odd.name),
            Place(settings, odd.line, odd.column),
            t("if you trust this repository: git config manualsmith.trustCode true"),
        )
    else:
        extensions = _without_files(extensions)
    key = repr(sorted(extensions.items(), key=str))
    if key not in _made:
        _made[key] = Dialect(tuple(dict.fromkeys((*BUILT_IN, *extensions))), extensions)
    return _made[key]


def plugin_settings(read: Callable[[str], bytes | None]) -> Mapping[str, Any]:
    """Return what the site's settings say of our plugin, none where they do not name it.

    *read* as in `dialect_of`. Raises UserError where the settings cannot be read.
    """
    values = _settings(read, layout().site, _DEEPEST, _Settings) or {}
    return _named(values.get("plugins")).get("manualsmith") or {}


def _extensions(values: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return _named(values.get("markdown_extensions") or [])


def _settings(
    read: Callable[[str], bytes | None], path: str, deepest: int, constructor: type[Constructor]
) -> dict[str, Any] | None:
    """Return the settings in a file, those that it inherits among them."""
    data = read(path)
    if data is None:
        return None
    values = _yaml(data, path, constructor)
    above = values.pop("INHERIT", None)
    if above and deepest:
        other = posixpath.normpath(posixpath.join(posixpath.dirname(path), str(above)))
        import mergedeep

        merged: dict[str, Any] = mergedeep.merge(
            _settings(read, other, deepest - 1, constructor) or {}, values
        )
        return merged
    return values


@dataclass(frozen=True)
class _Code:
    """What settings would have run: its dotted name, and where it stands, from 1, if known."""

    name: str
    line: int | None = None
    column: int | None = None


class _Settings(Constructor):
    """Makes what MkDocs makes of settings, but for code that is not known: that is a `_Code`."""

    trusts = False

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

    def code(self, prefix: str, suffix: str, node: Node) -> object:
        """Return what a tag for Python names or calls, where that is known."""
        known = suffix.rpartition(".")[0] in _KNOWN_MODULES
        if self.trusts or (known and prefix in ("name:", "object/apply:")):
            return Constructor.yaml_multi_constructors[f"{_PYTHON}{prefix}"](self, suffix, node)
        return _Code(suffix, node.start_mark.line + 1, node.start_mark.column + 1)


class _Trusting(_Settings):
    """Makes all that MkDocs makes."""

    trusts = True


for _prefix in ("name:", "module:", "object:", "object/apply:", "object/new:"):
    _Settings.add_multi_constructor(
        f"{_PYTHON}{_prefix}",
        lambda self, suffix, node, prefix=_prefix: self.code(prefix, suffix, node),
    )
_Settings.add_constructor("!ENV", _Settings.from_environment)
_Settings.add_constructor("!relative", lambda _self, _node: os.curdir)


def _yaml(data: bytes, path: str, constructor: type[Constructor]) -> dict[str, Any]:
    yaml = YAML(typ="safe", pure=True)
    yaml.version = "1.1"
    yaml.Constructor = constructor
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


def trusts_code(repository: Repository) -> bool:
    """Return whether git's configuration says that this repository's site may run its code."""
    return repository.is_on("manualsmith.trustCode")


def _unknown(extensions: Mapping[str, Mapping[str, Any]]) -> Iterator[_Code]:
    """Yield what extensions would run that is not known: Markdown calls whatever they name."""
    yield from _code_in(extensions)
    yield from (_Code(name) for name in extensions if not _is_known(name))


@cache
def _is_known(name: str) -> bool:
    """Return whether an extension is an installed one, or a class of a package that is known."""
    module, _, named = name.partition(":")
    if "." not in module and not named:
        return bool(entry_points(group="markdown.extensions", name=name))
    return module.partition(".")[0] in _KNOWN_PACKAGES and _is_extension(module, named)


def _is_extension(module: str, named: str) -> bool:
    from markdown.extensions import Extension

    try:
        found = import_module(module)
    except ImportError:
        return True  # told by Markdown as what it is: not installed
    made = getattr(found, named, None) if named else None
    return isinstance(made, type) and issubclass(made, Extension) if named else True


def _code_in(value: object) -> Iterator[_Code]:
    if isinstance(value, _Code):
        yield value
    elif isinstance(value, Mapping):
        for one in (*value.keys(), *value.values()):
            yield from _code_in(one)
    elif isinstance(value, list | tuple | set):
        for one in value:
            yield from _code_in(one)


def _without_files(
    extensions: Mapping[str, Mapping[str, Any]],
) -> dict[str, Mapping[str, Any]]:
    return {
        name: {**settings, **_NO_FILES[name]} if name in _NO_FILES else settings
        for name, settings in extensions.items()
    }
