"""What the ledger calls the states of suggestions and incidents, in the site's language."""

from manualsmith.text import t


def state_names() -> dict[str, str]:
    """Return the name of each state of a suggestion, in the order that they are counted in."""
    return {
        "open": t("open"),
        "accepted": t("accepted"),
        "rejected": t("rejected"),
        "withdrawn": t("withdrawn by the proposer"),
        "superseded": t("superseded"),
        "reverted": t("reverted"),
    }


def incident_state_names() -> dict[str, str]:
    """Return the name of each state of an incident."""
    return {
        "open": t("in work"),
        "waiting": t("waiting for the user"),
        "escalated": t("escalated"),
        "resolved": t("resolved, not explained"),
        "explained": t("resolved and explained"),
    }
