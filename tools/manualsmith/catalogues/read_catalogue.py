"""Read the words of a product's screens from its catalogues, by translate-toolkit.

A file, or a folder of which those of one locale are read: gettext PO, XLIFF, Qt TS, .resx, Android
and iOS strings, JSON of several shapes.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from manualsmith.catalogues.locale_paths import component_in
from manualsmith.catalogues.wordings import bare
from manualsmith.errors import Place, UserError
from manualsmith.extras import needed
from manualsmith.text import t

_MOST_BYTES = 64_000_000
_MOST_FILES = 10_000
_BOMS = (b"\xff\xfe", b"\xfe\xff")
# A folder's own files that hold no words of screens.
_LEFT_OUT = {".git", "node_modules"}


@dataclass(frozen=True, order=True)
class LabelKey:
    """What stays of a label from release to release: its file without the locale, context, name.

    *component* and *context* are empty where there is none.
    """

    component: str
    context: str
    name: str

    def __str__(self) -> str:
        """Return it as people may look for it."""
        return " › ".join(filter(None, (self.component, self.context, self.name)))


@dataclass(frozen=True)
class Catalogue:
    """The wordings of a product's screens in one release and locale, by their keys."""

    name: str
    wordings: Mapping[LabelKey, str]

    @cached_property
    def keys_of(self) -> Mapping[str, tuple[LabelKey, ...]]:
        """The keys of each wording, which is written bare."""
        found: dict[str, list[LabelKey]] = defaultdict(list)
        for key, wording in self.wordings.items():
            found[bare(wording)].append(key)
        return {words: tuple(keys) for words, keys in found.items()}


@dataclass(frozen=True)
class _Format:
    """How files of a kind are read: the toolkit's module of storage, and its class."""

    module: str
    store: str


_PO = _Format("po", "pofile")
_FORMATS: Mapping[str, _Format] = {
    ".po": _PO,
    ".ts": _Format("ts2", "tsfile"),
    ".resx": _Format("resx", "RESXFile"),
    ".xml": _Format("aresource", "AndroidResourceFile"),
    ".strings": _Format("properties", "stringsutf8file"),
    ".stringsdict": _Format("stringsdict", "StringsDictFile"),
    ".arb": _Format("jsonl10n", "ARBJsonFile"),
    ".json": _Format("jsonl10n", "JsonNestedFile"),
    ".xlf": _Format("xliff", "Xliff1File"),
    ".xliff": _Format("xliff", "Xliff1File"),
}
_XLIFF_2 = _Format("xliff2", "Xliff2File")
_STRINGS_16 = _Format("properties", "stringsfile")
_NEXTCLOUD = _Format("jsonl10n", "NextcloudJsonFile")


def read_catalogue(path: Path, locale: str) -> Catalogue:
    """Return the words in a file, or in a folder's of *locale*. Raises UserError."""
    wordings: dict[LabelKey, str] = {}
    for file, component in _files(path, locale):
        for context, name, words in _words_in(file):
            wordings.setdefault(LabelKey(component, context, name), words)
    if not wordings:
        raise UserError(t("no words of a product's screens are in it"), Place(str(path)))
    return Catalogue(path.name, wordings)


def _files(path: Path, locale: str) -> Iterator[tuple[Path, str]]:
    """Yield the files of a locale, each with its component."""
    if path.is_file():
        if path.suffix.lower() not in _FORMATS:
            names = ", ".join(_FORMATS)
            raise UserError(t("no catalogue of a kind that is read"), Place(str(path)),
                            t("kinds: {names}", names=names))  # fmt: skip
        yield path, ""
        return
    if not path.is_dir():
        raise UserError(t("there is no such file or folder"), Place(str(path)))
    known = [one for one in sorted(path.rglob("*")) if _may_be_read(one, path)]
    found = [(file, component_in(file.relative_to(path).as_posix(), locale)) for file in known]
    of_it = [(file, component) for file, component in found if component is not None]
    if not of_it:
        seen = ", ".join(file.relative_to(path).as_posix() for file in known[:3])
        hint = t("it has: {names}; name the locale as they do: --locale", names=seen or "–")
        said = t("no catalogue of {locale} is in this folder", locale=locale)
        raise UserError(said, Place(str(path)), hint)
    if len(of_it) > _MOST_FILES:
        raise UserError(t("more than {count} files", count=f"{_MOST_FILES:,}"),
                        Place(str(path)))  # fmt: skip
    yield from of_it


def _may_be_read(file: Path, folder: Path) -> bool:
    if file.suffix.lower() not in _FORMATS or not file.is_file():
        return False
    return not _LEFT_OUT & set(file.relative_to(folder).parts)


def _words_in(file: Path) -> Iterator[tuple[str, str, str]]:
    """Yield context, name and words of each unit that the product shows."""
    place = Place(str(file))
    if file.stat().st_size > _MOST_BYTES:
        most = _MOST_BYTES // 1_000_000
        raise UserError(t("larger than {count} MB", count=most), place)
    data = file.read_bytes()
    try:
        form = _form_of(file.suffix.lower(), data)
        if form is None:
            return
        module = needed(f"translate.storage.{form.module}", "labels")
        units = getattr(module, form.store).parsestring(data).units
        yield from (one for unit in units for one in _said(unit, form))
    except UserError:
        raise
    except Exception as error:
        reason = " ".join(str(error).split())[:200]
        said = t("this catalogue cannot be read: {reason}", reason=reason)
        raise UserError(said, _place_in(error, place)) from error


def _place_in(error: Exception, place: Place) -> Place:
    line = getattr(error, "lineno", None)
    return Place(place.file, line) if isinstance(line, int) and line > 0 else place


def _said(unit: Any, form: _Format) -> Iterator[tuple[str, str, str]]:  # noqa: ANN401 - theirs
    """Yield context, name and words of a unit; one with plurals has several."""
    if unit.isheader() or unit.isobsolete() or (form is _PO and unit.isfuzzy()):
        return
    shown = unit.target or unit.source  # what is not translated is shown as it is
    name, context = str(unit.getid()), unit.getcontext() or ""
    if context == name:  # of the same thing
        context = ""
    name = name.removeprefix(context).strip("\x04").replace("\x04", "/")
    words = [str(one) for one in getattr(shown, "strings", [shown]) if isinstance(one, str)]
    for number, one in enumerate(dict.fromkeys(filter(str.strip, words))):
        yield context, f"{name}[{number}]" if number else name, one


def _form_of(suffix: str, data: bytes) -> _Format | None:
    """Return how a file is read, None for one that only has a catalogue's suffix."""
    head = data[:2_000]
    if suffix in (".xlf", ".xliff") and b'version="2' in head:
        return _XLIFF_2
    if suffix == ".strings" and data.startswith(_BOMS):
        return _STRINGS_16
    if (suffix == ".ts" and b"<TS" not in head) or (suffix == ".xml" and b"<resources" not in head):
        return None
    return _of_json(json.loads(data)) if suffix == ".json" else _FORMATS[suffix]


def _of_json(value: object) -> _Format | None:
    """Return how JSON is read, by its shape."""
    shape = "JsonNestedFile"
    if isinstance(value, list):
        shape = "GoI18NJsonFile"
    elif not isinstance(value, dict):
        return None
    elif isinstance(value.get("translations"), dict):
        return _NEXTCLOUD
    elif any(name.startswith("@") for name in value):
        shape = "ARBJsonFile"
    else:
        for field, named in (("message", "WebExtension"), ("defaultMessage", "FormatJS")):
            if value and all(isinstance(one, dict) and field in one for one in value.values()):
                shape = f"{named}JsonFile"
    return _Format("jsonl10n", shape)
