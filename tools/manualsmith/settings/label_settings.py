"""Read ``[tool.manualsmith.labels]``: how manuals quote the words of a product's screens."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from manualsmith.errors import Problem, UserError
from manualsmith.settings.layout_settings import Fault, SettingsText, setting_faults
from manualsmith.text import t

LABELS_TABLE, FIELD = "labels", "label_marks"
# FIELD is what a page's front matter calls its marks; of each, what opens and what closes a label.
MARKS: Mapping[str, tuple[str, str]] = {
    "corner": ("「", "」"),
    "white-corner": ("『", "』"),
    "lenticular": ("【", "】"),
    "angle": ("〈", "〉"),
    "double": ("“", "”"),
    "straight": ('"', '"'),
    "bold": ("**", "**"),
    "code": ("`", "`"),
}


@dataclass(frozen=True)
class LabelSettings:
    """``[tool.manualsmith.labels]``: in which marks labels stand, and what they are held against.

    manuals: the marks of a manual's own. ignore: quoted words that are no labels. catalogues: of
    each product the files, or folders, with the words of its screens, from the repository's root:
    what `audit` looks into.
    """

    marks: tuple[str, ...] = ("corner",)
    manuals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    catalogues: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def marks_of(self, manual: str) -> tuple[str, ...]:
        """Return the marks that labels stand in on pages that name none themselves."""
        return self.manuals.get(manual, self.marks)


def marks_fault(value: object) -> str | None:
    """Return what marks must be where *value* is none of them."""
    if isinstance(value, list) and value and all(one in MARKS for one in value):
        return None
    return t("a list of: {names}", names=", ".join(MARKS))


def read_label_settings(
    table: Mapping[str, Any], manuals: Collection[str], source: SettingsText
) -> LabelSettings:
    """Return how labels are quoted. Raises UserError with all that is wrong."""
    problems = list(_problems(table, manuals, source))
    if problems:
        raise UserError(problems)
    plain = {name: tuple(table[name]) for name in ("marks", "ignore") if name in table}
    tables = {
        name: {key: tuple(values) for key, values in table[name].items()}
        for name in ("manuals", "catalogues")
        if name in table
    }
    return LabelSettings(**plain, **tables)  # type: ignore[arg-type]


def _problems(
    table: Mapping[str, Any], manuals: Collection[str], source: SettingsText
) -> Iterator[Problem]:
    yield from setting_faults(table, (LABELS_TABLE,), _OF_LABELS, source)
    for name, fault in (("manuals", marks_fault), ("catalogues", _texts)):
        values = table.get(name)
        if isinstance(values, dict):
            if name == "manuals":
                yield from _no_manuals(values, manuals, source)
            faults = dict.fromkeys(values, fault)
            yield from setting_faults(values, (LABELS_TABLE, name), faults, source)


def _no_manuals(
    named: Mapping[str, Any], manuals: Collection[str], source: SettingsText
) -> Iterator[Problem]:
    for name in (one for one in named if one not in manuals):
        hint = t("manuals: {names}", names=", ".join(manuals))
        place = source.place(LABELS_TABLE, "manuals", name)
        yield Problem(t("there is no manual {name}", name=name), place, hint)


def _texts(value: object) -> str | None:
    if isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value):
        return None
    return t("a list of texts")


def _table(value: object) -> str | None:
    return None if isinstance(value, dict) else t("a table")


_OF_LABELS: Mapping[str, Fault] = {
    "marks": marks_fault,
    "ignore": _texts,
    "manuals": _table,
    "catalogues": _table,
}
