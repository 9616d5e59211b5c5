"""The table of ways to merge, in both languages, says what the buttons were seen to leave."""

from pathlib import Path
from typing import get_args

import pytest

from manualsmith.records.models.suggestion import How
from manualsmith.text import speaking
from manualsmith.workflow.queue.decision_words import way_name
from merging import BUTTONS, UNNAMED

DOCS = Path(__file__).parents[2] / "docs"
WHO = {
    "reviewer.en.md": ("who merged", "the author of the commit: the host names nobody else"),
    "reviewer.md": ("合併的人", "提交的作者：主機沒有寫出別人"),
}


@pytest.mark.parametrize("page", WHO)
def test_each_button_has_its_row(page):
    text = (DOCS / page).read_text("utf-8")
    rows = [
        line for line in text.splitlines() if line.startswith(tuple(f"| {h} |" for h, _ in BUTTONS))
    ]
    with speaking("en" if page.endswith("en.md") else "zh_TW"):
        names = {how: way_name(how) for how in get_args(How)}
    assert rows == [
        f"| {host} | {button} | {names[how]} | {WHO[page][(host, button) in UNNAMED]} |"
        for (host, button), (_, how) in BUTTONS.items()
    ]
