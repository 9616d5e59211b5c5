"""Each action on small pages, as cases in plain text: page, edit, page after or the refusal.

A fixture file holds cases like this one; the last part is the page after, or ``refused: reason``:

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
import yaml

from manualsmith.markdown import TargetLost, apply

CASE = re.compile(
    r"^#### (?P<title>.+)\n(?P<page>[\s\S]*?)^#### edit\n(?P<edit>[\s\S]*?)"
    r"^#### (?:after\n(?P<after>[\s\S]*?)|refused: (?P<refused>\w+)\n*)(?=^#### |\Z)",
    re.MULTILINE,
)


def read_cases():
    for file in sorted((Path(__file__).parent / "fixtures").glob("*.md")):
        text = file.read_text(encoding="utf-8")
        found = list(CASE.finditer(text))
        assert "".join(match[0] for match in found) == text, f"{file.name} has text in no case"
        for match in found:
            yield pytest.param(match, id=f"{file.stem}: {match['title']}")


CASES = list(read_cases())
EDITS = [case for case in CASES if case.values[0]["page"] and case.values[0]["after"]]
REFUSALS = [case for case in CASES if case.values[0]["refused"]]


def edit_of(match):
    return yaml.load(match["edit"], Loader=yaml.BaseLoader)


@pytest.mark.parametrize("match", [case for case in CASES if case not in REFUSALS])
def test_edit(match):
    assert apply(match["page"], edit_of(match)) == match["after"]


@pytest.mark.parametrize("match", REFUSALS)
def test_refusal(match):
    with pytest.raises(TargetLost) as lost:
        apply(match["page"], edit_of(match))
    assert lost.value.reason == match["refused"], lost.value


@pytest.mark.parametrize("match", EDITS)
@pytest.mark.parametrize(("newline", "bom"), [("\r\n", ""), ("\n", "\ufeff"), ("\r\n", "\ufeff")])
def test_edit_keeps_line_ends_and_byte_order_mark(match, newline, bom):
    page, after = (bom + match[part].replace("\n", newline) for part in ("page", "after"))
    assert apply(page, edit_of(match)) == after


@pytest.mark.parametrize("match", EDITS)
def test_edit_of_a_page_without_last_line_end(match):
    page, after = match["page"].removesuffix("\n"), match["after"].removesuffix("\n")
    assert apply(page, edit_of(match)).removesuffix("\n") == after
