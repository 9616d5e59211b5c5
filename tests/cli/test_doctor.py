"""``manualsmith doctor``: what is missing or odd on a machine and in a repository."""

import json
import sys

import pytest

from gitrepo import commit, git, make_bare, make_repo
from manuals import PAGES
from manualsmith.cli.group import run


def seen(folder, capsys, code=0):
    """Return what was found by its English name: state, message, hint."""
    capsys.readouterr()
    assert run(["--lang", "en", "-C", str(folder), "doctor", "--json"]) == code
    found = json.loads(capsys.readouterr().out)
    return {one["what"]: (one["state"], one["message"], one.get("hint")) for one in found}


@pytest.fixture
def repo(tmp_path):
    return make_repo(tmp_path, PAGES)


def test_a_repository_that_is_in_order(repo, capsys):
    git(repo, "config", "manualsmith.staff", "S-0412")
    commit(repo, {"mkdocs.yml": "plugins: [manualsmith]\nmarkdown_extensions: [attr_list]\n"})
    make_bare(repo)
    git(repo, "remote", "add", "origin", "../bare.git")
    found = seen(repo, capsys)
    for what in ("git", "repository", "who you are", "staff number", "main and its settings",
                 "Operation manual", "site", "remote"):  # fmt: skip
        assert found[what][0] == "right", what
    assert "3 pages in manuals/operation" in found["Operation manual"][1]


ODD = {
    "no staff number": ({}, "staff number", "manualsmith.staff"),
    "no site": ({}, "site", "manualsmith init"),
    "another site": ({"mkdocs.yml": "site_name: x\n"}, "site", "plugins"),
    "no remote": ({}, "remote", "git remote add"),
    "no pages": (dict.fromkeys(PAGES), "Operation manual", "manualsmith init"),
}


@pytest.mark.parametrize(("files", "what", "hint"), ODD.values(), ids=ODD)
def test_what_is_odd(repo, capsys, files, what, hint):
    commit(repo, files)
    state, _, told = seen(repo, capsys)[what]
    assert state == "odd"
    assert hint in told


def test_what_is_missing(tmp_path, repo, capsys):
    assert seen(tmp_path, capsys, 1)["repository"][0] == "missing"
    commit(repo, {"pyproject.toml": "[[[\n"})
    assert "not a TOML file" in seen(repo, capsys, 1)["main and its settings"][1]
    commit(repo, {"pyproject.toml": None, "mkdocs.yml":
                  "plugins: [manualsmith]\nmarkdown_extensions: ['os:system']\n"})  # fmt: skip
    assert "would run os:system" in seen(repo, capsys, 1)["site"][1]


def test_a_left_lock_a_shallow_clone_and_a_bare_repository(tmp_path, repo, capsys):
    (repo / ".git" / "index.lock").touch()
    assert "index.lock" in seen(repo, capsys)["locks"][1]
    (repo / ".git" / "index.lock").unlink()
    commit(repo, {"notes.md": "x"})
    git(tmp_path, "clone", "-q", "--depth", "1", repo.as_uri(), "shallow")
    assert seen(tmp_path / "shallow", capsys)["history"][0] == "odd"
    bare = make_bare(repo)
    assert seen(bare, capsys)["hook"][2] == "manualsmith hook install"
    assert run(["-C", str(bare), "hook", "install"]) == 0
    assert "hook" not in seen(bare, capsys)


def test_what_some_commands_need(repo, capsys, monkeypatch):
    monkeypatch.setenv("PATH", "/usr/bin-without-any")
    monkeypatch.setenv("CHROMIUM", "")
    monkeypatch.setattr("manualsmith.paper.pdf._PLACES", ())
    monkeypatch.setitem(sys.modules, "docx", None)
    monkeypatch.setitem(sys.modules, "starlette", None)
    found = seen(repo, capsys, 1)  # git is not there either
    assert found["git"][0] == "missing"
    assert found["PDF forms"][0] == "odd"
    assert "manualsmith[office]" in found["Word files"][2]
    assert "manualsmith[desk]" in found["the desk in a browser"][2]


def test_as_people_read_it(repo, capsys):
    assert run(["-C", str(repo), "doctor"]) == 0
    told = capsys.readouterr().out
    assert "✓ git" in told
    assert "! " in told
