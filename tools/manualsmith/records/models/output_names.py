"""Names that people read: of the standard's outputs, of manuals, categories and edit actions."""

from manualsmith.layout import CATEGORIES, KINDS, MANUALS, RECORDS
from manualsmith.markdown.action_table import ACTIONS
from manualsmith.text import t


def output_title(output: str) -> str:
    """Return the title of one of the six outputs of the standard IIS3512-001v1."""
    labels = {kind.output: kind.label for kind in RECORDS.values()}
    return t((labels | {kind.output: kind.output_label for kind in KINDS.values()})[output])


def manual_title(manual: str) -> str:
    """Return the title of a manual."""
    return t(MANUALS[manual].label)


def category_name(category: str) -> str:
    """Return the name of a category of an environment (note 1 of the standard)."""
    return t(CATEGORIES[category].label)


def worked_name(worked: str) -> str:
    """Return in words whether a troubleshooting entry helped."""
    return {
        "as-written": t("it worked as written"),
        "corrected": t("it did not work as written"),
        "no-entry": t("there was no such entry"),
    }[worked]


def action_name(action: str) -> str:
    """Return the name of an edit action as people say it."""
    return t(ACTIONS[action].label)
