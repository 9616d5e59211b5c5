"""The table of actions: each entry is whole, and told wherever people look for it."""

import re
from pathlib import Path

import pytest

from cases import example_of
from manualsmith.markdown import TargetLost, apply
from manualsmith.markdown.action_table import ACTIONS
from manualsmith.text import speaking, t

ROOT = Path(__file__).parents[2]
FINDINGS = [name for name, kind in ACTIONS.items() if kind.finding]
WHOLE_PAGES = {"add-page", "move-page", "remove-page"}


@pytest.mark.parametrize("name", ACTIONS)
def test_an_entry_is_whole(name):
    kind = ACTIONS[name]
    assert kind.model.model_fields["action"].annotation.__args__ == (name,)
    assert set(kind.asks) <= set(kind.model.model_fields)
    assert kind.model.__doc__
    with speaking("zh_TW"):
        assert t(kind.label) != kind.label
    if kind.make:
        assert kind.function.__doc__
    if kind.again:
        assert kind.again_function.__doc__
    assert kind.make or name in WHOLE_PAGES


@pytest.mark.parametrize("name", ACTIONS)
def test_each_action_has_a_case(name):
    if name not in WHOLE_PAGES:
        assert example_of(name), f"tests/markdown/actions/fixtures has no case of {name}"


@pytest.mark.parametrize("page", ["docs/staff.md", "docs/staff.en.md"])
@pytest.mark.parametrize("name", FINDINGS)
def test_the_manual_for_staff_shows_each_one(name, page):
    assert f"action: {name}" in (ROOT / page).read_text("utf-8")


@pytest.mark.parametrize("page", sorted(ROOT.glob("docs/*.md")), ids=lambda page: page.name)
def test_no_page_of_docs_shows_one_that_is_not_there(page):
    assert set(re.findall(r"action: ([\w-]+)", page.read_text("utf-8"))) <= set(FINDINGS)


@pytest.mark.parametrize(
    ("page", "count"),
    [("README.md", r"one of (\d+) actions"), ("README.zh-TW.md", r"(\d+) 種動作")],
)
def test_the_readme_counts_what_a_finding_may_ask_for(page, count):
    assert re.findall(count, (ROOT / page).read_text("utf-8")) == [str(len(FINDINGS))]


@pytest.mark.parametrize("name", sorted(WHOLE_PAGES))
def test_what_changes_a_whole_page_is_none_of_one_file(name):
    asked = {
        "add-page": {"title": "乙", "text": "字"},
        "move-page": {"to": "b.md"},
        "remove-page": {"replaced_by": "b.md"},
    }
    with pytest.raises(TargetLost) as lost:
        apply("# 甲\n", {"action": name, **asked[name]})
    assert lost.value.reason == ("structure" if name == "add-page" else "invalid")
