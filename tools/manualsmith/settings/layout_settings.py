"""Read what a repository says of its layout: ``[tool.manualsmith.manuals]`` and ``….folders]``."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from manualsmith.errors import Place, Problem, UserError
from manualsmith.layout import (
    CATEGORIES,
    DEFAULT,
    ENTRY_PARTS,
    KINDS,
    MANUAL_NAME,
    MARKDOWNS,
    SHAPES,
    SYMPTOM,
    BoundFacts,
    Layout,
    Manual,
    pattern_fault,
)
from manualsmith.naming import is_fact_name
from manualsmith.text import t

MANUALS_TABLE, FOLDERS_TABLE, MARKDOWN = "manuals", "folders", "markdown"
_FOLDERS = ("records", "suggestions", "docs")
# Of a manual: the key, the field of `Manual`, and whether it is a list.
_KEYS = {
    "folder": ("folder", False),
    "kind": ("kind", False),
    "title": ("own_title", False),
    "language": ("language", False),
    "product": ("product", False),
    "pages": ("chosen", True),
    "leave_out": ("left_out", True),
}
_BARE = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""
_KEY = re.compile(rf"\s*({_BARE}(?:\s*\.\s*{_BARE})*)\s*=")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_LONGEST = 40
_FACTS = ("pages", *CATEGORIES)
# What a value has to be, None where it is.
Fault = Callable[[object], str | None]
# Whoever may write there could make a branch or a record look like another manual's.
_TAKEN = ("by-hand",)


class SettingsText:
    """A settings file's text, to tell where in it something stands."""

    def __init__(self, text: str, file: str) -> None:
        self._lines, self._file = text.splitlines(), file

    def place(self, *path: str) -> Place:
        """Return where the key, or the table, of a path below ``[tool.manualsmith]`` stands.

        Of a table that is one of several (``[[…]]``) its number is a part of the path, from 1.
        """
        wanted = ["tool", "manualsmith", *_names(".".join(path))]  # a name may have dots in it
        table: list[str] = []
        counted: dict[tuple[str, ...], int] = {}
        inside = around = None
        depth = 2
        for number, line in enumerate(self._lines, start=1):
            if header := re.match(r"\s*(\[+)([^\]]+)\]", line):
                table = _counted(_names(header[2]), counted, is_new=header[1] == "[[")
                here = table
            elif key := _KEY.match(line):
                here = [*table, *_names(key[1])]
            else:
                continue
            if here == wanted:
                return Place(self._file, number)
            if inside is None and here[: len(wanted)] == wanted:
                inside = number
            # an inline table, or one whose parts are named: the line that it begins at
            if depth < len(here) and wanted[: len(here)] == here:
                around, depth = number, len(here)
        return Place(self._file, inside or around)


def _names(dotted: str) -> list[str]:
    return [one.strip().strip("\"'") for one in dotted.split(".")]


def _counted(
    names: Sequence[str], counted: dict[tuple[str, ...], int], *, is_new: bool
) -> list[str]:
    """Return a table's path with the numbers of those in it that there are several of."""
    path: list[str] = []
    for at, name in enumerate(names, start=1):
        path.append(name)
        key = tuple(path)
        if is_new and at == len(names):
            counted[key] = counted.get(key, 0) + 1
        if key in counted:
            path.append(str(counted[key]))
    return path


def read_layout(tables: Mapping[str, Any], source: SettingsText) -> Layout:
    """Return the layout that settings name. Raises UserError with all that is wrong with it."""
    problems: list[Problem] = []
    folders = _folders(tables.get(FOLDERS_TABLE, {}), source, problems)
    manuals = DEFAULT.manuals
    if MANUALS_TABLE in tables:
        manuals = _manuals(tables[MANUALS_TABLE], source, problems)
    markdown = tables.get(MARKDOWN, DEFAULT.markdown)
    if not isinstance(markdown, str) or markdown not in MARKDOWNS:
        said = t("one of: {names}", names=", ".join(MARKDOWNS))
        problems.append(must_be(MARKDOWN, said, source.place(MARKDOWN)))
    made = Layout(manuals, **folders, markdown=markdown)
    if not problems:
        problems += _overlapping(made, source)
    if problems:
        raise UserError(problems)
    return made


def _folders(table: object, source: SettingsText, problems: list[Problem]) -> dict[str, Any]:
    """Return the folders of records and the like, and the file of the site's settings."""
    known = (*_FOLDERS, "site")
    if not isinstance(table, dict):
        problems.append(must_be(FOLDERS_TABLE, t("a table"), source.place(FOLDERS_TABLE)))
        return {}
    found = {}
    for key, value in table.items():
        place = source.place(FOLDERS_TABLE, key)
        if key not in known:
            problems.append(unknown(f"{FOLDERS_TABLE}.{key}", known, place))
        elif not (said := path_fault(value)):
            found[key] = value.rstrip("/")
        else:
            problems.append(must_be(f"{FOLDERS_TABLE}.{key}", said, place))
    return found


def _manuals(table: object, source: SettingsText, problems: list[Problem]) -> dict[str, Manual]:
    if not isinstance(table, dict) or not table:
        place = source.place(MANUALS_TABLE)
        problems.append(must_be(MANUALS_TABLE, t("a table with a table for each manual"), place))
        return {}
    found = {}
    for name, values in table.items():
        place = source.place(MANUALS_TABLE, name)
        if not re.fullmatch(MANUAL_NAME, name) or len(name) > _LONGEST or name in _TAKEN:
            said = t("small letters, digits and hyphens, such as guide")
            problems.append(must_be(t("the name of a manual"), said, place))
        elif not isinstance(values, dict):
            problems.append(must_be(f"{MANUALS_TABLE}.{name}", t("a table"), place))
        elif other := next((one for one in table if _is_longer(name, one)), None):
            said = t("its suggestions would be named as those of {other}", other=other)
            problems.append(Problem(f"{MANUALS_TABLE}.{name}: {said}", place))
        else:
            wrong = list(_manual_problems(name, values, source))
            problems += wrong
            if not wrong:
                found[name] = _manual(name, values)
    return found


def _is_longer(name: str, other: str) -> bool:
    """Return whether a manual's name begins with another's: ids would not tell them apart."""
    return name.startswith(f"{other}-")


def _manual(name: str, values: Mapping[str, Any]) -> Manual:
    kind = values.get("kind") or name
    set_: dict[str, Any] = {
        _KEYS[key][0]: tuple(value) if _KEYS[key][1] else value
        for key, value in values.items()
        if key in _KEYS and key != "kind"
    }
    set_["bound"] = tuple(map(_bound, values.get("facts", ())))
    entries = dict(values.get("entries", {}))
    set_["entry_shape"] = entries.pop("shape", "labels")
    set_["entry_words"] = {part: tuple(words) for part, words in entries.items()}
    set_["folder"] = values.get("folder", f"manuals/{name}").rstrip("/")
    return Manual(name, KINDS[kind], **set_)


def _manual_problems(
    name: str, values: Mapping[str, Any], source: SettingsText
) -> Iterator[Problem]:
    at = f"{MANUALS_TABLE}.{name}"
    for key, value in values.items():
        place = source.place(MANUALS_TABLE, name, key)
        if key in ("entries", "facts"):
            continue
        if key not in _KEYS:
            yield unknown(f"{at}.{key}", (*_KEYS, "entries", "facts"), place)
        elif said := _value_fault(key, value):
            yield must_be(f"{at}.{key}", said, place)
    if "entries" in values:
        yield from _entry_problems(name, values["entries"], source)
    if "facts" in values:
        yield from _facts_problems(name, values["facts"], source)
    if "kind" not in values and name not in KINDS:
        said = t("one of: {names}", names=", ".join(KINDS))
        yield must_be(f"{at}.kind", said, source.place(MANUALS_TABLE, name))


def _entry_problems(name: str, table: object, source: SettingsText) -> Iterator[Problem]:
    """Yield what is wrong with how a manual says that it writes its entries."""
    at = f"{MANUALS_TABLE}.{name}.entries"
    if not isinstance(table, dict):
        yield must_be(at, t("a table"), source.place(MANUALS_TABLE, name, "entries"))
        return
    for key, value in table.items():
        place = source.place(MANUALS_TABLE, name, "entries", key)
        if key == "shape":
            if not isinstance(value, str) or value not in SHAPES:
                yield must_be(f"{at}.shape", t("one of: {names}", names=", ".join(SHAPES)), place)
        elif key not in (SYMPTOM, *ENTRY_PARTS):
            yield unknown(f"{at}.{key}", ("shape", SYMPTOM, *ENTRY_PARTS), place)
        elif key == SYMPTOM and table.get("shape") != "table":
            yield must_be(f"{at}.{key}", t('of a table alone: shape = "table"'), place)
        elif not _is_words(value):
            said = t("a list of words, the one that is written first")
            yield must_be(f"{at}.{key}", said, place)


def _is_words(value: object) -> bool:
    odd = set("*#|\r\n")
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(one, str) and one.strip() and not odd & set(one) for one in value)
    )


def _value_fault(key: str, value: object) -> str | None:
    """Return what the value of a manual's key has to be, None where it is."""
    if key == "folder":
        return path_fault(value)
    if _KEYS[key][1]:
        return _patterns_fault(value)
    if key == "kind":
        known = isinstance(value, str) and value in KINDS
        return None if known else t("one of: {names}", names=", ".join(KINDS))
    if not isinstance(value, str) or not value.strip() or len(value.splitlines()) > 1:
        return t("a text")
    if key == "language" and not _LANGUAGE.fullmatch(value):
        return t("a language, such as zh-TW or en")
    return None


def _patterns_fault(value: object) -> str | None:
    """Return what a list of patterns has to be, None where it is."""
    right = isinstance(value, list) and all(isinstance(one, str) and one for one in value)
    if not isinstance(value, list) or not right or not value:
        return t("a list of patterns, as in a .gitignore")
    odd = (said for one in value if (said := pattern_fault(one)))
    return next(odd, None)


def _bound(table: Mapping[str, Any]) -> BoundFacts:
    """Return the facts that a table binds, once it is known to be right."""
    values: dict[tuple[str, str], Any] = {
        (category, fact): value
        for category in CATEGORIES
        for fact, value in _flat(table.get(category, {}))
    }
    return BoundFacts(values, tuple(table.get("pages", ())))


def _flat(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, object]]:
    """Yield what a table holds by its whole name: TOML makes a table of ``server.version``."""
    for key, value in table.items():
        if isinstance(value, dict) and value:
            yield from _flat(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value


def _facts_problems(name: str, tables: object, source: SettingsText) -> Iterator[Problem]:
    """Yield what is wrong with the facts that the settings bind to pages of a manual."""
    at = f"{MANUALS_TABLE}.{name}.facts"
    if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
        place = source.place(MANUALS_TABLE, name, "facts")
        yield must_be(
            at, t("tables, each begun with {line}", line=f"[[tool.manualsmith.{at}]]"), place
        )
        return
    for number, table in enumerate(tables, start=1):
        path = (MANUALS_TABLE, name, "facts", str(number))
        if not any(category in table for category in CATEGORIES):
            yield must_be(at, t("facts, by one of: {names}", names=", ".join(CATEGORIES)),
                        source.place(*path))  # fmt: skip
        for key, value in table.items():
            place = source.place(*path, key)
            if key not in _FACTS:
                yield unknown(f"{at}.{key}", _FACTS, place)
            elif key != "pages":
                yield from _values_problems(at, (*path, key), value, source)
            elif said := _patterns_fault(value):
                yield must_be(f"{at}.pages", said, place)


def _values_problems(
    at: str, path: Sequence[str], table: object, source: SettingsText
) -> Iterator[Problem]:
    """Yield what is wrong with the facts of one category."""
    at = f"{at}.{path[-1]}"
    if not isinstance(table, dict) or not table:
        yield must_be(at, t('a table of facts, such as { "server.version" = "28" }'),
                    source.place(*path))  # fmt: skip
        return
    for fact, value in _flat(table):
        place = source.place(*path, *fact.split("."))
        if not is_fact_name(fact):
            said = t("small letters and digits, joined by . or -, such as server.version")
            yield must_be(f"{at}.{fact}", said, place)
        elif not isinstance(value, str) or not value.strip() or len(value.splitlines()) > 1:
            yield must_be(f"{at}.{fact}", t('a text in quotes, such as "3.10"'), place)


def path_fault(value: object) -> str | None:
    """Return what a folder has to be, None where it is one of the repository."""
    if isinstance(value, str) and value.strip("/"):
        parts = value.rstrip("/").split("/")
        odd = any(part in ("", ".", "..", ".git") for part in parts)
        if not odd and not set(value) & set("\\:*?[]"):
            return None
    return t("a folder of the repository, from its root, such as docs/guide")


def _overlapping(layout: Layout, source: SettingsText) -> Iterator[Problem]:
    """Yield each manual whose folder is in another's that does not leave it out."""
    named = list(layout.manuals.values())
    for number, one in enumerate(named):
        for other in named[number + 1 :]:
            outer, inner = (one, other) if len(one.folder) <= len(other.folder) else (other, one)
            same = outer.folder == inner.folder
            meets = (
                not (outer.chosen and inner.chosen)
                if same
                else outer.holds(f"{inner.folder}/index.md")
            )
            if meets and f"{inner.folder}/".startswith(f"{outer.folder}/"):
                said = t(
                    "the manuals {one} and {other} overlap: {folder} is in {outer}",
                    one=one.name, other=other.name, folder=inner.folder, outer=outer.folder,
                )  # fmt: skip
                hint = t("say which pages each has: pages = […], or leave_out = […]")
                yield Problem(said, source.place(MANUALS_TABLE, other.name), hint)
    records, suggestions = layout.records, layout.suggestions
    if f"{records}/".startswith(f"{suggestions}/") or f"{suggestions}/".startswith(f"{records}/"):
        said = t("{one} and {other} are in each other", one=records, other=suggestions)
        yield Problem(said, source.place(FOLDERS_TABLE))
    for name in _FOLDERS[:2]:
        folder = getattr(layout, name)
        for manual in named:
            if f"{manual.folder}/".startswith(f"{folder}/"):
                said = t("the manual {name} is in {folder}", name=manual.name, folder=folder)
                yield Problem(said, source.place(MANUALS_TABLE, manual.name))
        for manual in named:
            if f"{folder}/".startswith(f"{manual.folder}/") and manual.holds(f"{folder}/x.md"):
                said = t("{folder} is in the manual {name}", folder=folder, name=manual.name)
                hint = t("leave it out of the manual: leave_out = […]")
                yield Problem(said, source.place(MANUALS_TABLE, manual.name), hint)


def unknown(name: str, known: Mapping[str, Any] | tuple[str, ...], place: Place) -> Problem:
    """Return the problem of a setting that there is none of, with those that there are."""
    said = t("[tool.manualsmith] has no setting {name}", name=name)
    return Problem(said, place, t("settings: {names}", names=", ".join(known)))


def must_be(name: str, wanted: str, place: Place) -> Problem:
    """Return the problem of a setting that has another value than it must."""
    return Problem(t("setting {name} must be {wanted}", name=name, wanted=wanted), place)


def setting_faults(
    table: Mapping[str, Any],
    path: tuple[str, ...],
    faults: Mapping[str, Fault],
    source: SettingsText,
    known: tuple[str, ...] = (),
) -> Iterator[Problem]:
    """Yield what is wrong with the values of a table at a path below ``[tool.manualsmith]``.

    *known* are the names that it may have, where those that are no value are looked at elsewhere.
    """
    for name, value in table.items():
        dotted, place = ".".join((*path, name)), source.place(*path, name)
        if name not in faults:
            yield unknown(dotted, known or tuple(faults), place)
        elif said := faults[name](value):
            yield must_be(dotted, said, place)
