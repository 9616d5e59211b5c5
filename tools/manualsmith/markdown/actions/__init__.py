"""The edit actions, one function each: from a page and an edit to text edits."""

from manualsmith.markdown.action_table import ACTIONS, Action
from manualsmith.markdown.actions.lowered import Lowered
from manualsmith.markdown.reading.page import Page


def lower(page: Page, edit: Action) -> Lowered:
    """Return the text edits of an action on a page. Raises TargetLost where it has no place."""
    made: Lowered = ACTIONS[edit.action].function(page, edit)
    return made
