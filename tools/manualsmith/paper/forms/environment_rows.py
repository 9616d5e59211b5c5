"""The table of an observed environment, in the categories of note 1 of the standard."""

from collections.abc import Collection

from manualsmith.layout import CATEGORIES, fact_label
from manualsmith.paper.forms.form import FormTable, Row
from manualsmith.records.models.environment import Environment, Fact
from manualsmith.records.models.output_names import category_name
from manualsmith.text import t


def environment_table(environment: Environment) -> FormTable:
    """Return the facts of the categories that have some."""
    rows = [_row(category, one) for category, facts in environment for one in facts]
    return _table(tuple(rows))


def whole_environment(environment: Environment, checked: Collection[str]) -> FormTable:
    """Return every category: its facts, or whether it was looked at with nothing to record."""
    rows: list[Row] = []
    for category in CATEGORIES:
        facts = getattr(environment, category)
        rows += [_row(category, one) for one in facts]
        if not facts:
            said = t("checked, nothing to record") if category in checked else t("not checked")
            rows.append((category_name(category), said))
    return _table(tuple(rows))


def _row(category: str, one: Fact) -> Row:
    said = one.documented or t("not stated")
    name = fact_label(one.fact, one.label)
    return category_name(category), name, said, one.observed, one.note or ""


def _table(rows: tuple[Row, ...]) -> FormTable:
    headings = (t("Category"), t("Item"), t("In the manual"), t("Observed"), t("Remarks"))
    return FormTable(t("System environment"), headings, rows)
