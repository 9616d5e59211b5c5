"""An edit in words: what is done where, and the text that is proposed."""

from collections.abc import Iterator
from typing import Any

from manualsmith.layout import fact_label
from manualsmith.markdown.action_table import Action
from manualsmith.markdown.edit_models import Entry, EntryChange, ReplaceFact
from manualsmith.naming import show_path
from manualsmith.paper.rich_text import Cell, Rich
from manualsmith.records.models.output_names import action_name
from manualsmith.text import t


def proposal(edit: Action) -> Cell:
    """Return an edit as people read it: what it does, where, and the text that it proposes."""
    values = edit.model_dump(exclude_unset=True)
    said = action_name(edit.action)
    if where := _place(values):
        said += t(": ") + where
    return said, *_texts(edit, values)


def _place(values: dict[str, Any]) -> str:
    step = [t("step {number}", number=values["step"])] if "step" in values else []
    return show_path([*(values.get("section") or ()), *step])


def _texts(edit: Action, values: dict[str, Any]) -> Iterator[str | Rich]:
    if isinstance(edit, ReplaceFact):
        yield f"{fact_label(edit.fact)}{t(': ')}{edit.documented} → {edit.observed}"
    if words := (values.get("quote") or {}).get("exact"):
        yield Rich(f"{t('Words')}{t(': ')}{words}")
    for name in ("heading", "title", "to", "replaced_by"):
        if values.get(name):
            yield Rich(f"**{values[name]}**")
    if "cells" in values:
        cells = values["cells"]
        yield Rich(" ｜ ".join(cells.values() if isinstance(cells, dict) else cells))
    if "row" in values or "column" in values:
        yield " × ".join(_name(values[name]) for name in ("row", "column") if values.get(name))
    for name in ("text", "value"):
        if values.get(name):
            label = f"{t('After')}{t(': ')}" if "quote" in values else ""
            yield Rich(f"{label}{values[name]}")
    entry = getattr(edit, "entry", None)
    if isinstance(entry, Entry | EntryChange):
        yield from _entry(entry)


def _name(cell: object) -> str:
    return show_path(cell) if isinstance(cell, tuple) else str(cell)


def _entry(entry: Entry | EntryChange) -> Iterator[Rich]:
    if entry.symptom:
        yield Rich(f"**{entry.symptom}**")
    parts = ((t("Environment"), entry.environment), (t("Cause"), entry.cause))
    for label, text in parts:
        if text:
            yield Rich(f"{label}{t(': ')}{text}")
    if entry.resolution:
        steps = "\n".join(f"{n}. {step}" for n, step in enumerate(entry.resolution, start=1))
        yield Rich(f"{t('Resolution')}{t(': ')}\n\n{steps}")
