import pytest

from gitrepo import commit, git, make_repo
from manualsmith.errors import UserError
from manualsmith.git.repository import Repository
from manualsmith.git.trees import changed_paths, commit_changes, list_tree

ODD = '引號 " 和 \\ 反斜線\t.md'


def test_list_tree(tmp_path):
    repo = make_repo(tmp_path, {"a/頁 面.md": "1", f"a/{ODD}": "2", "ab/x.md": "3"})
    (repo / "a/link").symlink_to("../ab")
    commit(repo, {})
    entries = {entry.path: entry for entry in list_tree(Repository.open(repo), "main", "a")}
    assert sorted(entries) == sorted(["a/頁 面.md", f"a/{ODD}", "a/link"])
    assert entries["a/link"].mode == "120000"
    assert entries["a/頁 面.md"].mode == "100644"
    assert entries["a/頁 面.md"].oid == git(repo, "rev-parse", "main:a/頁 面.md")


def test_list_tree_from_a_subfolder_and_of_everything(tmp_path):
    repo = make_repo(tmp_path, {"a/b.md": "1", "c.md": "2"})
    paths = [entry.path for entry in list_tree(Repository.open(repo / "a"), "main")]
    assert paths == ["a/b.md", "c.md"]
    assert list_tree(Repository.open(repo), "main", "none/") == []


@pytest.mark.parametrize("revision", ["nowhere", "-r", "--name-only", ""])
def test_list_tree_of_no_revision(tmp_path, revision):
    repository = Repository.open(make_repo(tmp_path, {"a.md": "1"}))
    with pytest.raises(UserError):
        list_tree(repository, revision)


def test_changed_paths(tmp_path):
    repo = make_repo(tmp_path, {"same": "s", "edited": "1", "moved": "long enough text\n" * 9})
    repository = Repository.open(repo)
    old = git(repo, "rev-parse", "HEAD")
    commit(repo, {"edited": "2", "moved": None, f"夾/{ODD}": "long enough text\n" * 9})
    changes = changed_paths(repository, old, "main")
    assert sorted((change.status, change.path) for change in changes) == [
        ("A", f"夾/{ODD}"),
        ("D", "moved"),
        ("M", "edited"),
    ]
    edited = next(change for change in changes if change.path == "edited")
    assert edited.old_oid == git(repo, "rev-parse", f"{old}:edited")
    assert edited.new_oid == git(repo, "rev-parse", "main:edited")
    assert changed_paths(repository, old, old) == []


def test_commit_changes_of_many_at_once(tmp_path):
    repo = make_repo(tmp_path, {"a": "1"})
    repository = Repository.open(repo)
    root = git(repo, "rev-parse", "main")
    edit = commit(repo, {"a": "2", f"夾/{ODD}": "x"})
    empty = commit(repo, {})
    found = commit_changes(repository, [edit, empty, root])
    assert {oid: [(item.status, item.path) for item in items] for oid, items in found.items()} == {
        edit: [("M", "a"), ("A", f"夾/{ODD}")],
        root: [("A", "a")],
    }
    assert commit_changes(repository, []) == {}
