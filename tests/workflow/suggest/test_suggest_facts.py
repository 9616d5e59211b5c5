"""Suggestions from facts: what is edited, what is only told."""

import pytest

from gitrepo import commit, git, make_repo, show
from manuals import FACT, PAGES, write
from manualsmith.records.models.suggestion import parse_suggestion
from suggesting import run, statuses

OPERATION = "ENV-2026-0001-operation-client.version"
TROUBLESHOOTING = "ENV-2026-0001-troubleshooting-client.version"
BRANCH = f"suggest/O1.2.1/{OPERATION}"


@pytest.fixture
def repo(tmp_path):
    return make_repo(tmp_path, PAGES)


def record_of(repo):
    path = f"suggestions/operation/{OPERATION}.yaml"
    return parse_suggestion(show(repo, f"{BRANCH}:{path}"), path)


def test_front_matter_and_whole_mentions_of_bound_pages(repo):
    report = run(repo, write(repo, facts=FACT, findings=()))
    assert statuses(report) == {OPERATION: "created", TROUBLESHOOTING: "created"}
    page = show(repo, f"{BRANCH}:manuals/operation/sign-in.md").decode()
    old = PAGES["manuals/operation/sign-in.md"]
    assert page == (
        old.replace('"3.13"', '"3.16"')
        .replace("用戶端 3.13 寫成", "用戶端 3.16 寫成")
        .replace("用戶端 3.13。", "用戶端 3.16。")
    )
    changed = git(repo, "diff", "--name-only", "main", BRANCH, "--", "manuals").splitlines()
    assert changed == ["manuals/operation/sign-in.md"]


def test_a_page_that_is_not_bound_is_only_told(repo):
    report = run(repo, write(repo, facts=FACT, findings=()))
    mentions = [(m.manual, m.page, m.line) for m in record_of(repo).mentions]
    assert ("operation", "unbound.md", 3) in mentions
    assert any("unbound.md:3" in note for note in report.outcomes[0].notes)


def test_a_value_that_two_facts_share_is_edited_in_the_front_matter_alone(repo):
    text = PAGES["manuals/operation/sign-in.md"].replace(
        "  software:\n", '  software:\n    app.version: "3.13"\n'
    )
    commit(repo, {"manuals/operation/sign-in.md": text})
    run(repo, write(repo, facts=FACT, findings=()))
    page = show(repo, f"{BRANCH}:manuals/operation/sign-in.md").decode()
    assert page == text.replace('client.version: "3.13"', 'client.version: "3.16"')
    assert any("app.version" in note for note in record_of(repo).notes)


def test_a_page_that_states_another_value_is_left_out_and_told(repo):
    text = PAGES["manuals/operation/sign-in.md"].replace("3.13", "3.14")
    commit(repo, {"manuals/operation/second.md": text})
    run(repo, write(repo, facts=FACT, findings=()))
    assert [edit.page for edit in record_of(repo).edits] == ["sign-in.md"]
    assert any("second.md" in note and "3.14" in note for note in record_of(repo).notes)


def test_no_page_states_what_is_documented(repo):
    fact = FACT.replace("3.13", "3.12")
    report = run(repo, write(repo, facts=fact, findings=()))
    assert statuses(report) == {OPERATION: "refused", TROUBLESHOOTING: "refused"}
    assert "3.13, not 3.12" in report.outcomes[0].problems[0].message
    assert report.outcomes[0].problems[0].place.line == 9


@pytest.mark.parametrize(
    "fact",
    [
        '- {fact: client.version, documented: "3.13", observed: "3.13"}',
        '- {fact: client.version, observed: "3.16"}',
        '- {fact: server.version, documented: "30", observed: "31"}',
    ],
    ids=["agrees", "not documented", "no page"],
)
def test_evidence_makes_no_branch(repo, fact):
    report = run(repo, write(repo, facts=fact, findings=()))
    assert set(statuses(report).values()) <= {"evidence"}
    assert git(repo, "branch", "--list", "suggest/*") == ""


def test_a_number_that_is_not_quoted_is_what_was_written(repo):
    text = PAGES["manuals/operation/sign-in.md"].replace("3.13", "3.10")
    commit(repo, {"manuals/operation/sign-in.md": text})
    fact = "- {fact: client.version, documented: 3.10, observed: 3.20}"
    run(repo, write(repo, facts=fact, findings=()))
    page = show(repo, f"{BRANCH}:manuals/operation/sign-in.md").decode()
    assert '"3.20"' in page
    assert "用戶端 3.20 寫成" in page


def test_a_page_with_bad_front_matter_does_not_stop_the_others(repo):
    commit(repo, {"manuals/operation/bad.md": "---\nenvironment: [\n---\n# x\n"})
    report = run(repo, write(repo, facts=FACT, findings=()))
    assert statuses(report)[OPERATION] == "created"
