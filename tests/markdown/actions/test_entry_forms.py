"""Troubleshooting entries in other words, other languages and other shapes."""

from dataclasses import dataclass

import pytest

from manualsmith.markdown.apply_edit import resolve
from manualsmith.markdown.dialect import DEFAULT
from manualsmith.markdown.edit_models import AddEntry, ReplaceEntry
from manualsmith.markdown.entry_form import EntryForm
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.troubleshooting_entry import is_entry, read_parts

ENGLISH = EntryForm(language="en")
OWN = EntryForm(language="en", words={"resolution": ("Fix", "Solution"), "cause": ("Why",)})
HEADINGS = EntryForm(
    "headings", "en", {"resolution": ("Solution",), "environment": ("Applies to",)}
)
ANSWER = EntryForm("answer", "en")


@dataclass(frozen=True)
class Case:
    form: EntryForm
    page: str
    added: str
    replaced: str


NEW = {"symptom": "It is slow", "cause": "Too many files.", "resolution": ["Wait.", "Try again."]}
CHANGE = {"cause": "Cookies are off.", "resolution": ["Allow cookies."]}
CASES = {
    "English": Case(
        ENGLISH,
        "# Sign-in\n",
        "# Sign-in\n\n## It is slow\n\n**Cause**: Too many files.\n\n**Resolution**:\n\n"
        "1. Wait.\n2. Try again.\n",
        "",
    ),
    "as the page's own entries": Case(
        ENGLISH,
        "# Sign-in\n\n## Sent back\n\n**原因**：不明。\n\n**解決方法**：\n\n1. Wait.\n",
        "# Sign-in\n\n## Sent back\n\n**原因**：不明。\n\n**解決方法**：\n\n1. Wait.\n"
        "\n## It is slow\n\n**原因**: Too many files.\n\n**解決方法**:\n\n"
        "1. Wait.\n2. Try again.\n",
        "# Sign-in\n\n## Sent back\n\n**原因**：Cookies are off.\n\n**解決方法**：\n\n"
        "1. Allow cookies.\n",
    ),
    "own words": Case(
        OWN,
        "# Sign-in\n\n## Sent back\n\n**Solution**: wait.\n",
        "# Sign-in\n\n## Sent back\n\n**Solution**: wait.\n"
        "\n## It is slow\n\n**Why**: Too many files.\n\n**Solution**:\n\n1. Wait.\n2. Try again.\n",
        "# Sign-in\n\n## Sent back\n\n**Why**: Cookies are off.\n\n**Solution**: Allow cookies.\n",
    ),
    "headings": Case(
        HEADINGS,
        "# Sign-in\n\n## Sent back\n\nWords.\n\n### Solution\n\n1. Wait.\n\n## Other\n\nText.\n",
        "# Sign-in\n\n## Sent back\n\nWords.\n\n### Solution\n\n1. Wait.\n\n## Other\n\nText.\n"
        "\n## It is slow\n\n### Cause\n\nToo many files.\n\n"
        "### Solution\n\n1. Wait.\n2. Try again.\n",
        "# Sign-in\n\n## Sent back\n\nWords.\n\n### Cause\n\nCookies are off.\n\n"
        "### Solution\n\n1. Allow cookies.\n\n## Other\n\nText.\n",
    ),
    "questions and answers": Case(
        ANSWER,
        "# FAQ\n\n## Sent back\n\nWait a while.\n\nThen wait more.\n",
        "# FAQ\n\n## Sent back\n\nWait a while.\n\nThen wait more.\n"
        "\n## It is slow\n\n**Cause**: Too many files.\n\n1. Wait.\n2. Try again.\n",
        "",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_an_entry_is_written_as_the_manual_writes_them(name):
    case = CASES[name]
    dialect = DEFAULT.with_entries(case.form)
    add = AddEntry.model_validate({"action": "add-entry", "entry": NEW})
    made = resolve(case.page, add, dialect=dialect).text
    assert made == case.added
    page = Page(made, dialect)
    [new] = [one for one in page.sections if one.title == "It is slow"]
    assert is_entry(page, new)
    if case.replaced:
        change = ReplaceEntry.model_validate(
            {"action": "replace-entry", "section": ["Sent back"], "entry": CHANGE}
        )
        assert resolve(case.page, change, dialect=dialect).text == case.replaced


def test_an_answer_is_what_stands_under_a_question():
    dialect = DEFAULT.with_entries(ANSWER)
    page = Page(
        "# FAQ\n\nAbout.\n\n## One\n\n1. Wait.\n2. Go.\n\n## Group\n\n### Two\n\nYes.\n", dialect
    )
    assert [one.title for one in page.sections if is_entry(page, one)] == ["One", "Two"]
    change = ReplaceEntry.model_validate(
        {"action": "replace-entry", "section": ["One"], "entry": {"resolution": ["Go at once."]}}
    )
    made = resolve(page.text, change, dialect=dialect).text
    assert made == page.text.replace("1. Wait.\n2. Go.", "1. Go at once.")


def test_a_part_that_is_empty_is_filled_beneath_its_heading():
    dialect = DEFAULT.with_entries(HEADINGS)
    text = "# P\n\n## Sent back\n\n### Cause\n\n### Solution\n\n1. Wait.\n"
    change = ReplaceEntry.model_validate(
        {"action": "replace-entry", "section": ["Sent back"], "entry": {"cause": "Because."}}
    )
    made = resolve(text, change, dialect=dialect).text
    assert made == text.replace("### Cause\n", "### Cause\n\nBecause.\n")


def test_every_language_is_read_whatever_is_written():
    text = "# 頁\n\n## 一\n\n**Environment**: x\n\n**原因**：y\n\n**Resolution**: z\n"
    for form in (EntryForm(), ENGLISH, OWN):
        page = Page(text, DEFAULT.with_entries(form))
        assert [*read_parts(page, page.sections[1])] == ["environment", "cause", "resolution"]


def test_a_manual_has_one_dialect_of_its_form():
    assert DEFAULT.with_entries(OWN) is DEFAULT.with_entries(OWN)
    assert DEFAULT.with_entries(EntryForm()) is DEFAULT
