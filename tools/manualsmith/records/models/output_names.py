"""What people call the outputs of the standard, the manuals, and the words of records."""

from manualsmith.markdown.action_table import ACTIONS
from manualsmith.text import t


def output_title(output: str) -> str:
    """Return the title of one of the six outputs of the standard IIS3512-001v1."""
    return {
        "O1.1.1": t("System environment confirmation"),
        "O1.2.1": t("Suggested correction of the operation manual"),
        "O1.2.2": t("Suggested correction of the troubleshooting manual"),
        "O2.1.1": t("Walkthrough"),
        "O2.2.1": t("Problem request"),
        "O2.2.2": t("Incident record"),
    }[output]


def manual_title(manual: str) -> str:
    """Return the title of a manual."""
    return {
        "operation": t("Operation manual"),
        "troubleshooting": t("Troubleshooting manual"),
    }[manual]


def category_name(category: str) -> str:
    """Return a category of an environment (note 1 of the standard)."""
    return {
        "hardware": t("hardware"),
        "software": t("software"),
        "network": t("network"),
        "roles": t("operator roles"),
        "procedures": t("operating procedures"),
    }[category]


def worked_name(worked: str) -> str:
    """Return how an entry helped."""
    return {
        "as-written": t("it worked as written"),
        "corrected": t("it did not work as written"),
        "no-entry": t("there was no such entry"),
    }[worked]


def action_name(action: str) -> str:
    """Return what an edit does."""
    return t(ACTIONS[action].label)
