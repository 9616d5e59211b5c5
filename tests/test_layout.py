"""The tables of what a repository holds: each entry is whole, and whatever walks over it has it."""

import re

import pytest

from desks import make_desk, ms
from gitrepo import commit
from manuals import confirmation
from manualsmith.layout import CATEGORIES, MANUALS, RECORDS, in_right_case, record_file
from manualsmith.markdown.checks.front_matter_check import front_problems
from manualsmith.records.ids import parse_id
from manualsmith.records.models.environment import Environment
from manualsmith.records.models.output_names import category_name, manual_title, output_title
from manualsmith.records.record_files import model_of
from manualsmith.text import speaking

OUTPUTS = ["O1.1.1", "O1.2.1", "O1.2.2", "O2.1.1", "O2.2.1", "O2.2.2"]


@pytest.mark.parametrize("prefix", RECORDS)
def test_a_kind_of_record(prefix):
    kind, one = RECORDS[prefix], f"{prefix}-2026-0007"
    assert kind.title in model_of(prefix).model_config["title"]
    assert parse_id(one).prefix == prefix
    assert record_file(one) == f"{kind.folder}/{one}.yaml"
    assert all(re.fullmatch(r"P\d\.\d\.\d", indicator) for indicator in kind.indicators)


def test_each_output_of_the_standard_has_a_title_in_both_languages():
    kinds = [kind.output for kind in RECORDS.values()]
    assert sorted([*kinds, *(manual.output for manual in MANUALS.values())]) == OUTPUTS
    for name, titles in ((output_title, OUTPUTS), (manual_title, MANUALS)):
        for one in titles:
            english = name(one)
            with speaking("zh_TW"):
                assert name(one) != english


@pytest.mark.parametrize("category", CATEGORIES)
def test_a_category_of_an_environment(category, tmp_path, capsys):
    assert tuple(Environment.model_fields) == tuple(CATEGORIES)
    english = category_name(category)
    with speaking("zh_TW"):
        assert category_name(category) != english
    page = f"---\ntitle: 頁\nenvironment:\n  {category}:\n    a.b: 一\n---\n# 頁\n"
    assert not list(front_problems(page, "a.md"))
    assert list(front_problems(page.replace(category, "no-such"), "a.md"))

    repo = make_desk(tmp_path)
    text = confirmation(facts='- {fact: a.b, documented: "1", observed: "2"}')
    text = text.replace("software:", f"{category}:")
    commit(repo, {record_file("ENV-2026-0001"): text})
    assert ms(repo, "suggest", "--all") == 0
    assert ms(repo, "review", "show", "ENV-2026-0001-1") == 0
    assert english in capsys.readouterr().out
    form = tmp_path / "form.html"
    assert ms(repo, "export", "ENV-2026-0001", "--out", str(form)) == 0
    assert english in form.read_text("utf-8")


@pytest.mark.parametrize(
    ("path", "right"),
    [
        ("Manuals/operation/x.md", "manuals/operation/x.md"),
        ("manuals/Operation/A/X.md", "manuals/operation/A/X.md"),
        ("MANUALS/TROUBLESHOOTING/x.md", "manuals/troubleshooting/x.md"),
        ("Manuals", "manuals"),
        ("manuals/Operation", "manuals/operation"),
        ("manuals/operation/X.md", None),
        ("manuals/other/x.md", None),
        ("Manuals/other/x.md", None),
        ("docs/Manuals/operation/x.md", None),
        ("manuals", None),
    ],
)
def test_what_letters_case_keeps_out_of_a_manual(path, right):
    assert in_right_case(path) == right
