"""Each action on small pages: page, edit, page after or the refusal, as `cases` reads them."""

import pytest

from cases import edit_of, read_cases
from manualsmith.markdown import TargetLost, apply

CASES = list(read_cases())
EDITS = [case for case in CASES if case.values[0]["page"] and case.values[0]["after"]]
REFUSALS = [case for case in CASES if case.values[0]["refused"]]


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
