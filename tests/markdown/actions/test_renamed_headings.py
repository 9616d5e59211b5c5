"""A heading is renamed only where its id is kept."""

import pytest

from manualsmith.markdown.apply_edit import resolve
from manualsmith.markdown.dialect import COMMON_MARK, DEFAULT, Dialect
from manualsmith.markdown.edit_models import RenameSection
from manualsmith.markdown.lost_target import TargetLost

PAGE = "# VPN\n\n## Connect\n\nText.\n"
WITHOUT = Dialect()


def renamed(heading, dialect):
    edit = RenameSection.model_validate(
        {"action": "rename-section", "section": ["Connect"], "heading": heading}
    )
    return resolve(PAGE, edit, dialect=dialect).text


def test_where_attributes_are_read_the_id_is_written():
    for dialect in (DEFAULT, COMMON_MARK):
        assert "## Link up {#connect}\n" in renamed("Link up", dialect)


def test_where_they_are_not_it_is_refused_and_the_hint_says_what_helps():
    with pytest.raises(TargetLost) as raised:
        renamed("Link up", WITHOUT)
    assert "attr_list" in (raised.value.problems[0].hint or "")
    assert "## CONNECT\n" in renamed("CONNECT", WITHOUT)  # the id is the same
