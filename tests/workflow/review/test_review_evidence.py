"""Evidence: joined, contradicted, remembered, given up."""

import pytest

from gitrepo import git, make_repo, refs, show
from manuals import FACT, PAGES, STEP, write
from reviewing import (
    STEP_BRANCH,
    STEP_ID,
    accept,
    branches,
    listed,
    page,
    record,
    reject,
    statuses,
    suggest,
)

OTHER_FACT = FACT.replace("3.16", "3.15")
FACT_ID = "ENV-2026-0001-operation-client.version"
OTHER_ID = "ENV-2026-0002-operation-client.version"


@pytest.fixture
def repo(tmp_path):
    return make_repo(tmp_path, PAGES)


@pytest.mark.parametrize("runs", ["one run", "two runs"])
def test_a_second_confirmation_joins(repo, runs):
    write(repo, 1)
    if runs == "two runs":
        suggest(repo)
    second = write(repo, 2)
    report = suggest(repo)
    assert statuses(report)["ENV-2026-0002-1"] == "joined"
    assert branches(repo) == [f"refs/heads/{STEP_BRANCH}"]
    joined = record(repo, STEP_ID, STEP_BRANCH)
    assert [one.id for one in joined.evidence] == ["ENV-2026-0002"]
    assert show(repo, f"{STEP_BRANCH}:records/confirmations/{second.name}") == second.read_bytes()
    before = refs(repo)
    assert set(statuses(suggest(repo)).values()) == {"unchanged"}
    assert refs(repo) == before
    assert len(listed(repo)[STEP_ID].account.sources) == 2
    accept(repo, STEP_ID)
    assert git(repo, "ls-tree", "--name-only", "main", "records/confirmations/").count("ENV") == 2


def test_the_same_words_by_another_action_join(repo):
    write(repo, 1)
    same = STEP.replace(
        "action: replace-step, section: [第一次登入], step: 3, text: ",
        "action: replace-text, section: [第一次登入], quote: 按登入。, text: ",
    )
    write(repo, 2, findings=(same,))
    assert statuses(suggest(repo)) == {STEP_ID: "created", "ENV-2026-0002-1": "joined"}
    assert set(statuses(suggest(repo)).values()) == {"unchanged"}


def test_evidence_that_changes_and_goes(repo):
    write(repo, 1)
    second = write(repo, 2)
    suggest(repo)
    second.write_text("# 補充\n" + second.read_text("utf-8"), "utf-8")
    assert statuses(suggest(repo))["ENV-2026-0002-1"] == "joined"
    assert show(repo, f"{STEP_BRANCH}:records/confirmations/{second.name}") == second.read_bytes()
    write(repo, 2, findings=())
    assert "updated" in statuses(suggest(repo)).values()
    assert record(repo, STEP_ID, STEP_BRANCH).evidence == ()
    names = git(repo, "ls-tree", "--name-only", STEP_BRANCH, "records/confirmations/")
    assert names == "records/confirmations/ENV-2026-0001.yaml"


def test_what_others_report_too_is_not_withdrawn(repo):
    write(repo, 1)
    write(repo, 2)
    suggest(repo)
    write(repo, 1, findings=())
    report = suggest(repo)
    assert statuses(report)[STEP_ID] == "left-alone"
    assert branches(repo) == [f"refs/heads/{STEP_BRANCH}"]


def test_what_was_rejected_comes_back_with_new_evidence_alone(repo):
    first = write(repo, 1)
    suggest(repo)
    reject(repo, STEP_ID)
    assert statuses(suggest(repo)) == {STEP_ID: "decided"}
    first.write_text("# 錯字改好了\n" + first.read_text("utf-8"), "utf-8")
    assert statuses(suggest(repo)) == {STEP_ID: "decided"}
    write(repo, 2)
    report = suggest(repo)
    assert statuses(report) == {STEP_ID: "decided", "ENV-2026-0002-1": "created"}
    assert "不必改" in report.outcomes[1].notes[0]
    [old] = listed(repo)["ENV-2026-0002-1"].account.history
    assert (old.state, old.reason) == ("rejected", "不必改")
    assert "先前：不採用（不必改）" in git(
        repo, "log", "-1", "--format=%B", "suggest/O1.2.1/ENV-2026-0002-1"
    )


@pytest.mark.parametrize("runs", ["one run", "two runs"])
def test_environments_that_disagree_make_a_variant(repo, runs):
    write(repo, 1, facts=FACT, findings=())
    if runs == "two runs":
        suggest(repo)
    write(repo, 2, facts=OTHER_FACT, findings=())
    suggest(repo)
    variant = f"suggest/O1.2.1/{OTHER_ID}"
    assert record(repo, OTHER_ID, variant).fact.variant
    text = page(repo, variant)
    assert 'client.version: "3.13"' in text
    assert "本頁照用戶端 3.13 寫成" in text
    assert FACT_ID in record(repo, OTHER_ID, variant).reason
    assert listed(repo)[OTHER_ID].account.variant
    assert set(statuses(accept(repo, FACT_ID, OTHER_ID)).values()) == {"accepted"}
    assert 'client.version: "3.16"' in page(repo)
    assert "variants:" in page(repo)
    assert "3.15" in page(repo)
    assert statuses(suggest(repo))[OTHER_ID] == "decided"


def test_a_variant_of_what_was_accepted(repo):
    write(repo, 1, facts=FACT, findings=())
    suggest(repo)
    accept(repo, FACT_ID)
    write(repo, 2, facts=OTHER_FACT, findings=())
    assert statuses(suggest(repo))[OTHER_ID] == "created"
    assert 'client.version: "3.16"' in page(repo, f"suggest/O1.2.1/{OTHER_ID}")


def test_what_was_rejected_does_not_stand_in_the_way_of_another_edit(repo):
    write(repo)
    suggest(repo)
    reject(repo, STEP_ID)
    write(repo, findings=(STEP.replace("允許存取", "同意"),))
    report = suggest(repo)
    assert statuses(report) == {STEP_ID: "created"}
    assert "不必改" in report.outcomes[0].notes[0]
    assert "同意" in page(repo, STEP_BRANCH)
    write(repo)
    assert statuses(suggest(repo)) == {STEP_ID: "updated"}


def test_a_variant_contradicts_nothing(repo):
    """It overwrites no page: beside it, the next value is no variant again."""
    write(repo, 1, facts=FACT, findings=())
    write(repo, 2, facts=OTHER_FACT, findings=())
    suggest(repo)
    reject(repo, FACT_ID)
    write(repo, 1, facts=FACT.replace("3.16", "3.13"), findings=())
    write(repo, 3, facts=FACT.replace("3.16", "3.14"), findings=())
    suggest(repo)
    assert listed(repo)[OTHER_ID].account.variant
    third = OTHER_ID.replace("0002", "0003")
    assert not record(repo, third, f"suggest/O1.2.1/{third}").fact.variant
    assert 'client.version: "3.14"' in page(repo, f"suggest/O1.2.1/{third}")
