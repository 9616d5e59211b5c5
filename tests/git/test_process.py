import os
import subprocess
import sys

import pytest

from gitrepo import commit, git, make_repo
from manualsmith.errors import UserError
from manualsmith.git import process
from manualsmith.git.repository import Repository


@pytest.mark.parametrize("variable", ["GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR"])
def test_a_hook_s_environment_does_not_redirect(tmp_path, monkeypatch, variable):
    here = make_repo(tmp_path, {"a.md": "a"})
    other = make_repo(tmp_path, {"b.md": "b"}, name="other")
    elsewhere = str(other if variable == "GIT_WORK_TREE" else other / ".git")
    monkeypatch.setenv(variable, elsewhere)

    repository = Repository.open(here)

    assert (repository.git_dir, repository.worktree) == (here / ".git", here)
    assert b"a.md" in repository.output("ls-tree", "main")
    assert os.environ[variable] == elsewhere


def test_objects_are_those_that_their_ids_name(tmp_path):
    repo = make_repo(tmp_path, {"a.md": "a"})
    first, second = git(repo, "rev-parse", "main"), commit(repo, {"a.md": "b"})
    for one, other in ((first, second), (second, first)):
        git(repo, "update-ref", f"refs/replace/{one}", other)
    with pytest.raises(AssertionError, match="replace depth too high"):
        git(repo, "show", f"{second}:a.md")
    assert process.output(repo, "show", f"{second}:a.md") == b"b"
    assert process.output(repo, "log", "--format=%H", "main").decode().split() == [second, first]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("GIT_REPLACE_REF_BASE", "refs/heads/others/"),
        ("GIT_GRAFT_FILE", "{second}"),
        ("GIT_SHALLOW_FILE", "{second}"),
    ],
)
def test_the_environment_tells_no_other_history(tmp_path, monkeypatch, variable, value):
    repo = make_repo(tmp_path, {"a.md": "a"})
    first, second = git(repo, "rev-parse", "main"), commit(repo, {"a.md": "b"})
    if variable == "GIT_REPLACE_REF_BASE":
        git(repo, "update-ref", f"refs/heads/others/{second}", first)
    else:
        file = tmp_path / "file"
        file.write_text(value.format(second=second) + "\n")
        value = str(file)
    monkeypatch.setenv(variable, value)
    assert process.output(repo, "rev-list", "main").decode().split() == [second, first]
    assert os.environ[variable] == value


def test_a_folder_that_is_gone_is_not_the_current_one(tmp_path, monkeypatch):
    repo = make_repo(tmp_path, {"a.md": "a"})
    monkeypatch.chdir(repo)
    assert process.run(tmp_path / "gone", "rev-parse", "HEAD").code != 0


def test_git_s_error_names_the_command(tmp_path):
    repo = make_repo(tmp_path, {"a.md": "a"})
    with pytest.raises(process.GitFailed, match=r"^git ls-tree: Not a valid object name nowhere"):
        process.output(repo, "ls-tree", "nowhere")


def test_a_git_that_does_not_answer_is_ended(tmp_path):
    repo = make_repo(tmp_path, {"a.md": "a"})
    git(repo, "config", "alias.hang", "!sleep 20")
    found = process.run(repo, "hang", timeout=0.2)
    assert (found.code, found.message) == (process.TIMED_OUT, "no answer within 0.2 seconds")


@pytest.mark.parametrize("value", ["", "-x", "--exec=sh", "a\nb", "a\0b"])
def test_no_value_is_read_as_an_option(value):
    with pytest.raises(UserError):
        process.argument(value)


def test_no_git_on_this_machine(tmp_path, monkeypatch):
    from git.cmd import Git

    monkeypatch.setattr(Git, "GIT_PYTHON_GIT_EXECUTABLE", str(tmp_path / "no-git"))
    with pytest.raises(UserError, match="git was not found"):
        process.run(tmp_path, "version")


def test_importing_the_layer_does_not_load_gitpython():
    modules = "repository, blobs, branches, claimed_ids, refs, trees, write"
    program = f"import sys; from manualsmith.git import {modules}; print('git' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout == "False\n"
