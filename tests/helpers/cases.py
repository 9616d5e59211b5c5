"""Cases of the edit actions in plain text, one fixture file for each kind of target.

A file holds cases like this one; the last part is the page after, or ``refused: reason``:

    #### title
    page
    #### edit
    action: …
    #### after
    page
"""

import re
from pathlib import Path

import pytest

from manualsmith.records.yaml.read_yaml import load

FIXTURES = Path(__file__).parents[1] / "markdown" / "actions" / "fixtures"
CASE = re.compile(
    r"^#### (?P<title>.+)\n(?P<page>[\s\S]*?)^#### edit\n(?P<edit>[\s\S]*?)"
    r"^#### (?:after\n(?P<after>[\s\S]*?)|refused: (?P<refused>\w+)\n*)(?=^#### |\Z)",
    re.MULTILINE,
)


def read_cases():
    for file in sorted(FIXTURES.glob("*.md")):
        text = file.read_text(encoding="utf-8")
        found = list(CASE.finditer(text))
        assert "".join(match[0] for match in found) == text, f"{file.name} has text in no case"
        for match in found:
            yield pytest.param(match, id=f"{file.stem}: {match['title']}")


def edit_of(match):
    return load(match["edit"], "edit").value


def example_of(action):
    """Return the first case that makes an edit with an action, None where there is none."""
    found = (case.values[0] for case in read_cases())
    return next(
        (one for one in found if one["after"] and one["page"] and edit_of(one)["action"] == action),
        None,
    )
