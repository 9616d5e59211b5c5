"""A branch is named by its whole name: two may have one id, and some are no suggestion's at all."""

import json

import pytest

from gitrepo import commit, git, make_bare, make_repo
from manuals import ENTRY, PAGES, STEP, write
from manualsmith.cli.group import run
from manualsmith.errors import UserError
from manualsmith.workflow.gate.push_guard import PushedRef, guard_all
from reviewing import STEP_BRANCH, STEP_ID, accept, branches, listed, record, reject, suggest

OTHER_BRANCH = f"suggest/O1.2.2/{STEP_ID}"
ENTRY_AS_FIRST = ENTRY.replace("- id: 2", "- id: 1")


@pytest.fixture
def repo(tmp_path):
    """Two branches of one id, as two desks make them: one of each manual."""
    repo = make_repo(tmp_path, PAGES)
    write(repo, findings=(STEP,))
    suggest(repo)
    git(repo, "branch", "-m", STEP_BRANCH, "kept")
    file = write(repo, findings=(ENTRY_AS_FIRST,))
    suggest(repo)
    file.unlink()
    git(repo, "branch", "-m", "kept", STEP_BRANCH)
    assert len(branches(repo)) == 2
    return repo


def manualsmith(repo, *arguments):
    return run(["-C", str(repo), *arguments])


def doctored(repo, branch):
    git(repo, "switch", "-q", "-f", branch)
    commit(repo, {"extra.txt": "x"})
    git(repo, "switch", "-q", "main")


def verified(repo, capsys, *arguments):
    """Return the names that `verify` verified, and whether each is right."""
    capsys.readouterr()
    manualsmith(repo, "verify", "--json", *arguments)
    return {one["name"]: not one["faults"] for one in json.loads(capsys.readouterr().out)}


@pytest.mark.parametrize("form", ["{}", "refs/heads/{}"])
@pytest.mark.parametrize("bad", [STEP_BRANCH, OTHER_BRANCH])
def test_verify_looks_at_the_branch_that_is_named(repo, capsys, form, bad):
    doctored(repo, bad)
    for branch in (STEP_BRANCH, OTHER_BRANCH):
        told = verified(repo, capsys, form.format(branch))
        assert told == {branch: branch != bad}
    told = verified(repo, capsys, "--all")
    assert told == {STEP_BRANCH: bad != STEP_BRANCH, OTHER_BRANCH: bad != OTHER_BRANCH}


WITH_AN_ID = [
    ("verify",),
    ("review", "show"),
    ("review", "accept"),
    ("review", "reject", "--reason", "x"),
    ("review", "withdraw", "--reason", "x"),
    ("review", "refresh"),
    ("review", "reopen"),
]


@pytest.mark.parametrize("command", WITH_AN_ID, ids=" ".join)
def test_an_id_of_two_is_told_with_both_names(repo, capsys, command):
    before = git(repo, "for-each-ref")
    assert manualsmith(repo, *command, STEP_ID) == 1
    said = capsys.readouterr().err
    assert STEP_BRANCH in said
    assert OTHER_BRANCH in said
    assert git(repo, "for-each-ref") == before


@pytest.mark.parametrize("command", WITH_AN_ID, ids=" ".join)
def test_by_its_branch_each_is_one(repo, capsys, command):
    assert manualsmith(repo, *command, OTHER_BRANCH) == 0
    assert f"refs/heads/{STEP_BRANCH}" in branches(repo)


def test_what_was_decided_of_one_is_not_said_of_the_other(repo, capsys):
    accept(repo, STEP_BRANCH)
    assert branches(repo) == [f"refs/heads/{OTHER_BRANCH}"]
    assert record(repo, STEP_ID).decision
    reject(repo, OTHER_BRANCH)
    assert record(repo, STEP_ID, manual="troubleshooting").decision.state == "rejected"
    with pytest.raises(UserError, match=r"O1\.2\.1.*O1\.2\.2"):
        accept(repo, STEP_ID)
    assert manualsmith(repo, "review", "show", STEP_BRANCH) == 0
    assert "允許存取" in capsys.readouterr().out


def test_both_are_listed_and_all_takes_both(repo, capsys, tmp_path):
    assert manualsmith(repo, "review", "list", "--json") == 0
    found = json.loads(capsys.readouterr().out)["suggestions"]
    assert [one["branch"] for one in found] == [STEP_BRANCH, OTHER_BRANCH]
    assert manualsmith(repo, "preview", "--all", "--out", str(tmp_path / "out")) == 0
    assert len(list((tmp_path / "out").glob(f"*{STEP_ID}.html"))) == 2
    assert manualsmith(repo, "review", "accept", "--all") == 0
    assert branches(repo) == []


def test_a_decision_on_the_other_lets_no_branch_go(repo):
    commit(repo, {"pyproject.toml": "[tool.manualsmith]\nprotect_main = true\n"})
    accept(repo, OTHER_BRANCH)
    ref = f"refs/heads/{STEP_BRANCH}"
    dropped = [PushedRef(ref, git(repo, "rev-parse", ref), None)]
    [found] = guard_all(make_bare(repo), dropped)
    assert found.name == STEP_BRANCH


def test_a_finding_that_goes_to_the_other_manual_leaves_no_branch_behind(tmp_path):
    repo = make_repo(tmp_path, PAGES)
    write(repo, findings=(STEP,))
    suggest(repo)
    write(repo, findings=(ENTRY_AS_FIRST,))
    suggest(repo)
    assert branches(repo) == [f"refs/heads/{OTHER_BRANCH}"]
    assert record(repo, STEP_ID).decision.state == "withdrawn"
    assert listed(repo)[STEP_ID].account.manual == "troubleshooting"


UNFIT = [
    "suggest/x", "suggest/O1.2.1", "suggest/O9.9.9/ENV-2026-0001-1", "suggest/O1.2.2/notes",
    "suggest/O1.2.2/ENV-2026-0001-1/more", "suggest/O1.2.2@/ENV-2026-0001-1",
    "suggest/O1.2.2@3%0/ENV-2026-0001-1", "suggest/o1.2.2/ENV-2026-0001-1",
    "suggest/O1.2.2/env-2026-0001-1", "suggest/O1.2.2/ENV-2026-0001",
]  # fmt: skip


@pytest.mark.parametrize("name", UNFIT)
def test_a_name_that_is_no_suggestion_s_is_told(tmp_path, capsys, name):
    repo = make_repo(tmp_path, PAGES)
    git(repo, "branch", name)
    assert manualsmith(repo, "verify", "--all") == 1
    said = capsys.readouterr().out
    assert name in said
    assert "its name is not that of a suggestion branch" in said
    assert manualsmith(repo, "verify", name) == 1
    [found] = guard_all(
        repo, [PushedRef(f"refs/heads/{name}", None, git(repo, "rev-parse", "main"))]
    )
    assert found.faults


def test_all_is_of_every_release(tmp_path, capsys):
    repo = make_repo(tmp_path, PAGES)
    git(repo, "branch", "release/30")
    file = write(repo, findings=(STEP,))
    text = file.read_text("utf-8").replace("\nproduct:", '\nrelease: "30"\nproduct:', 1)
    file.write_text(text, "utf-8")
    assert manualsmith(repo, "--release", "30", "suggest", str(file)) == 0
    branch = f"suggest/O1.2.1@30/{STEP_ID}"
    assert verified(repo, capsys, "--all") == verified(repo, capsys, branch) == {branch: True}
    doctored(repo, branch)
    git(repo, "branch", f"suggest/O1.2.1@31/{STEP_ID}", branch)
    told = verified(repo, capsys, "--all")
    assert told == {branch: False, f"suggest/O1.2.1@31/{STEP_ID}": False}
