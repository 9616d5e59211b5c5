"""The edit actions, one function each, in one table: from a page and an edit to text edits."""

from collections.abc import Callable
from typing import Any

from manualsmith.markdown.actions import entry_actions as entries
from manualsmith.markdown.actions import fact_actions as facts
from manualsmith.markdown.actions import page_actions as pages
from manualsmith.markdown.actions import section_actions as sections
from manualsmith.markdown.actions import step_actions as steps
from manualsmith.markdown.actions import table_actions as tables
from manualsmith.markdown.actions import word_actions as words
from manualsmith.markdown.actions.lowered import Lowered
from manualsmith.markdown.reading.page import Page

ACTIONS: dict[str, Callable[[Page, Any], Lowered]] = {
    "replace-text": words.replace_text,
    "delete-text": words.delete_text,
    "insert-text": words.insert_text,
    "replace-step": steps.replace_step,
    "insert-step": steps.insert_step,
    "delete-step": steps.delete_step,
    "replace-section": sections.replace_section,
    "append-to-section": sections.append_to_section,
    "insert-section": sections.insert_section,
    "delete-section": sections.delete_section,
    "set-cell": tables.set_cell,
    "add-row": tables.add_row,
    "delete-row": tables.delete_row,
    "add-entry": entries.add_entry,
    "replace-entry": entries.replace_entry,
    "add-page": pages.add_page,
    "set-front-matter": pages.set_front_matter,
    "replace-fact": facts.replace_fact,
}
