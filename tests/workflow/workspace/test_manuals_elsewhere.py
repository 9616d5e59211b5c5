"""Manuals in a folder of a repository: each command says where it looks and what is there."""

import pytest

from gitrepo import commit, make_bare, make_repo, refs
from manuals import PAGES, confirmation
from manualsmith.cli.group import run
from manualsmith.workflow.workspace.open_workspace import open_workspace

FILE = "records/confirmations/ENV-2026-0001.yaml"
ALL = {**PAGES, FILE: confirmation()}
COMMANDS = (
    ("suggest", "--all"),
    ("confirm", "check", "--all"),
    ("audit",),
    ("review", "list"),
    ("find", "登入"),
    ("desk", "--no-browser"),
    ("preview", "--all"),
    ("verify", "--all"),
)


def under(folder, files=ALL):
    return {f"{folder}/{path}": text for path, text in files.items()}


def told(repo, where, capsys, *command):
    """Return what a command that is refused says."""
    before = refs(repo)
    assert run(["-C", str(where), *command]) == 1
    assert refs(repo) == before
    return capsys.readouterr().err


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_manual_in_a_folder(tmp_path, capsys, command):
    repo = make_repo(tmp_path, {"README.md": "x\n", **under("docs/help")})
    for where in (repo, repo / "docs", repo / "docs/help", repo / "docs/help/records"):
        err = told(repo, where, capsys, *command)
        assert f"{repo}: manuals are looked for at the repository's root" in err
        assert "docs/help/manuals/operation, docs/help/manuals/troubleshooting" in err


def test_a_manual_of_ones_own_beside_that_of_the_root(tmp_path, capsys):
    repo = make_repo(tmp_path, {**ALL, **under("sub")})
    assert "sub/manuals/operation" in told(repo, repo / "sub", capsys, "suggest", "--all")
    assert run(["-C", str(repo), "suggest", "--all"]) == 0
    assert run(["-C", str(repo / "manuals/operation"), "suggest", "--all"]) == 0


def test_a_bare_repository_says_so_too(tmp_path, capsys):
    bare = make_bare(make_repo(tmp_path, under("sub")))
    assert "sub/manuals/operation" in told(bare, bare, capsys, "verify", "--all")


def test_where_there_are_none_nothing_is_said(tmp_path):
    repo = make_repo(tmp_path, {"README.md": "x\n", "a/manuals/x.md": "x\n", FILE: confirmation()})
    assert open_workspace(repo).release == ""
    commit(repo, {"my-manuals/operation/x.md": "x\n"})
    (repo / "manuals/operation").mkdir(parents=True)
    assert open_workspace(repo / "manuals").release == ""
