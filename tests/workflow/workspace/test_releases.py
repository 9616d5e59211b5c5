"""A suggestion may be for an older release: its main is the branch of that release."""

import json

import pytest

from gitrepo import commit, git, make_repo, refs, show
from httpgit import git_server
from manuals import PAGES, STEP, confirmation, write
from manualsmith.cli.group import run
from manualsmith.workflow.gate.push_guard import PushedRef, guard_all
from reviewing import STEP_ID, record

PAGE = "manuals/operation/sign-in.md"
BRANCH = f"suggest/O1.2.1@30/{STEP_ID}"


def of_release(repo, release="30"):
    path = write(repo, findings=(STEP,))
    text = path.read_text("utf-8")
    path.write_text(text.replace("\nproduct:", f'\nrelease: "{release}"\nproduct:', 1), "utf-8")
    return path


@pytest.fixture
def repo(tmp_path):
    repo = make_repo(tmp_path, PAGES)
    git(repo, "branch", "release/30")
    commit(repo, {PAGE: PAGES[PAGE].replace("按登入", "按「登入」")})
    return repo


def manualsmith(repo, *arguments):
    return run(["-C", str(repo), *arguments])


def test_it_goes_to_the_release_and_nowhere_else(repo, capsys):
    path = of_release(repo)
    today = git(repo, "rev-parse", "main")
    assert manualsmith(repo, "--release", "30", "suggest", str(path)) == 0
    assert f"refs/heads/{BRANCH}" in refs(repo)
    assert record(repo, STEP_ID, BRANCH).release == "30"
    capsys.readouterr()
    assert manualsmith(repo, "review", "list", "--json") == 0
    assert json.loads(capsys.readouterr().out)["suggestions"] == []
    assert manualsmith(repo, "--release", "30", "review", "list", "--json") == 0
    assert [one["id"] for one in json.loads(capsys.readouterr().out)["suggestions"]] == [STEP_ID]
    assert manualsmith(repo, "--release", "30", "verify", "--all") == 0
    assert manualsmith(repo, "--release", "30", "review", "accept", STEP_ID) == 0
    assert git(repo, "rev-parse", "main") == today
    text = show(repo, f"release/30:{PAGE}").decode()
    assert "按登入" not in text
    assert record(repo, STEP_ID, "release/30").decision
    assert f"refs/heads/{BRANCH}" not in refs(repo)
    assert manualsmith(repo, "--release", "30", "verify", "--range", "main..release/30") == 0


def test_a_confirmation_of_another_release_is_told_with_the_command(repo, capsys):
    path = of_release(repo)
    assert manualsmith(repo, "suggest", str(path)) == 1
    said = capsys.readouterr().err
    assert "30" in said
    assert "--release 30 suggest" in said
    assert manualsmith(repo, "suggest", "--all") == 0
    today = write(repo, "ENV-2026-0002", findings=(STEP,))
    assert manualsmith(repo, "--release", "30", "suggest", str(today)) == 1
    assert not [ref for ref in refs(repo) if "suggest" in ref]


@pytest.mark.parametrize("name", ["29", "../main", "30/../../x", "-x"])
def test_a_release_that_is_not_there_is_told(repo, capsys, name):
    assert manualsmith(repo, f"--release={name}", "review", "list") == 1
    assert "30" in capsys.readouterr().err


@pytest.mark.parametrize("release", ["3 0", "..", "a..b", "x.lock", "-1", "3/0", "@{1}", "~1"])
def test_a_release_is_a_name_that_git_takes(repo, capsys, release):
    assert manualsmith(repo, "suggest", str(of_release(repo, release))) == 1
    assert "release" in capsys.readouterr().err


def test_new_confirmations_name_the_release(repo, capsys):
    assert manualsmith(repo, "--release", "30", "confirm", "new", "--product", "p") == 0
    [path] = (repo / "records/confirmations").glob("*.yaml")
    assert 'release: "30"' in path.read_text("utf-8")


def test_a_branch_that_claims_another_release_is_not_believed(repo, capsys):
    path = of_release(repo)
    manualsmith(repo, "--release", "30", "suggest", str(path))
    git(repo, "branch", f"suggest/O1.2.1/{STEP_ID}", BRANCH)
    assert manualsmith(repo, "verify", "--all") == 1
    assert manualsmith(repo, "review", "accept", STEP_ID) == 1


def test_the_hook_looks_at_each_release_by_itself(repo):
    path = of_release(repo)
    manualsmith(repo, "--release", "30", "suggest", str(path))
    tip = git(repo, "rev-parse", BRANCH).strip()
    assert list(guard_all(repo, [PushedRef(f"refs/heads/{BRANCH}", None, tip)])) == []
    other = f"refs/heads/suggest/O1.2.1@31/{STEP_ID}"
    [found] = guard_all(repo, [PushedRef(other, None, tip)])
    assert "release/31" in found.faults[0]


def test_releases_are_shared_as_main_is(tmp_path, repo):
    with git_server(tmp_path, repo) as server:
        git(tmp_path, "clone", "-q", server.address, "one")
        desk = tmp_path / "one"
        git(desk, "branch", "-q", "release/30", "origin/release/30")
        path = of_release(desk)
        assert manualsmith(desk, "--release", "30", "suggest", "--push", str(path)) == 0
        assert BRANCH in git(desk, "ls-remote", "origin")
        assert manualsmith(desk, "--release", "30", "review", "accept", "--push", STEP_ID) == 0
        told = git(desk, "ls-remote", "origin")
        assert BRANCH not in told
        tip = git(desk, "rev-parse", "release/30").strip()
        assert f"{tip}\trefs/heads/release/30" in told


def test_confirmation_text_of_today_names_none():
    assert "release" not in confirmation()


def test_a_new_release_brings_no_unchecked_suggestion_with_it(repo):
    git(repo, "switch", "-qc", "bad", "release/30")
    commit(repo, {"docs/x.md": "# 沒有人說過\n"})
    tip, base = git(repo, "rev-parse", "bad").strip(), git(repo, "rev-parse", "release/30").strip()
    pushed = [
        PushedRef("refs/heads/release/31", None, base),
        PushedRef(f"refs/heads/suggest/O1.2.1@31/{STEP_ID}", None, tip),
    ]
    [found] = guard_all(repo, pushed)
    assert found.faults
