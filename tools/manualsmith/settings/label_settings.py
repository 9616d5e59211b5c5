"""Read ``[tool.manualsmith.labels]``: how manuals quote the words of a product's screens."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from manualsmith.errors import Problem, UserError
from manualsmith.settings.layout_settings import SettingsText, must_be, unknown
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
    for name, value in table.items():
        dotted, place = f"{LABELS_TABLE}.{name}", source.place(LABELS_TABLE, name)
        if name not in LabelSettings.__dataclass_fields__:
            yield unknown(dotted, LabelSettings.__dataclass_fields__, place)
        elif name in ("marks", "ignore"):
            said = marks_fault(value) if name == "marks" else _texts(value)
            yield from [must_be(dotted, said, place)] if said else ()
        elif not isinstance(value, dict):
            yield must_be(dotted, t("a table"), place)
        else:
            yield from _of_table(name, value, manuals, source)


def _of_table(
    name: str, table: Mapping[str, Any], manuals: Collection[str], source: SettingsText
) -> Iterator[Problem]:
    for key, value in table.items():
        place = source.place(LABELS_TABLE, name, key)
        if name == "manuals" and key not in manuals:
            hint = t("manuals: {names}", names=", ".join(manuals))
            yield Problem(t("there is no manual {name}", name=key), place, hint)
        elif said := marks_fault(value) if name == "manuals" else _texts(value):
            yield must_be(f"{LABELS_TABLE}.{name}.{key}", said, place)


def _texts(value: object) -> str | None:
    if isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value):
        return None
    return t("a list of texts")
