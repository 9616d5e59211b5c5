import pytest

from gitrepo import git, make_repo
from manualsmith.errors import UserError
from manualsmith.git.branches import list_refs
from manualsmith.git.repository import Repository

MESSAGE = """\
登入：改第 3 步

文字 with a blank line: not a trailer

Confirmation: ENV-2026-0007
Finding: 1
Note: folded
  over two lines
"""


def test_what_is_listed(tmp_path):
    repo = make_repo(tmp_path, {"a.md": "1"})
    main = git(repo, "rev-parse", "main")
    tree = git(repo, "rev-parse", "main^{tree}")
    tip = git(repo, "commit-tree", tree, "-p", main, "-F", "-", data=MESSAGE)
    git(repo, "update-ref", "refs/heads/suggest/O1.2.1/ENV-2026-0007-1", tip)
    git(repo, "branch", "suggestion")

    [found] = list_refs(Repository.open(repo), "refs/heads/suggest/")

    assert found.ref == "refs/heads/suggest/O1.2.1/ENV-2026-0007-1"
    assert (found.tip, found.tree, found.parents) == (tip, tree, (main,))
    assert (found.author_name, found.author_email) == ("Service desk", "desk@example.invalid")
    assert found.subject == "登入：改第 3 步"
    assert found.trailers == (
        ("Confirmation", "ENV-2026-0007"),
        ("Finding", "1"),
        ("Note", "folded over two lines"),
    )
    assert found.trailer("confirmation") == "ENV-2026-0007"
    assert found.trailer("none") is None


def test_several_merges_roots_and_none(tmp_path):
    repo = make_repo(tmp_path, {"a.md": "1"})
    tree = git(repo, "rev-parse", "main^{tree}")
    main = git(repo, "rev-parse", "main")
    root = git(repo, "commit-tree", tree, "-m", "root")
    merge = git(repo, "commit-tree", tree, "-p", main, "-p", root, "-m", "merge")
    git(repo, "update-ref", "refs/heads/x/merge", merge)
    git(repo, "update-ref", "refs/heads/x/root", root)
    repository = Repository.open(repo)
    assert [(info.ref, info.parents) for info in list_refs(repository, "refs/heads/x/")] == [
        ("refs/heads/x/merge", (main, root)),
        ("refs/heads/x/root", ()),
    ]
    assert list_refs(repository, "refs/heads/none/") == []


def test_a_pattern_that_is_an_option(tmp_path):
    repository = Repository.open(make_repo(tmp_path, {"a.md": "1"}))
    with pytest.raises(UserError):
        list_refs(repository, "--shell")
