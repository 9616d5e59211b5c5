import pytest

from gitrepo import commit, git, make_bare, make_repo, refs
from manualsmith.errors import UserError
from manualsmith.git.process import GitFailed
from manualsmith.git.refs import (
    RefsBusy,
    RefsMoved,
    RefUpdate,
    checked_out_branches,
    update_refs,
)
from manualsmith.git.repository import Repository

A, B = "refs/heads/suggest/a", "refs/heads/suggest/b"


@pytest.fixture
def repo(tmp_path):
    return make_repo(tmp_path, {"a.md": "1"})


@pytest.fixture
def commits(repo):
    first = git(repo, "rev-parse", "HEAD")
    return first, commit(repo, {"a.md": "2"})


def test_create_move_verify_delete(repo, commits):
    first, second = commits
    repository = Repository.open(repo)
    main = RefUpdate("refs/heads/main", second, second)
    update_refs(repository, [RefUpdate(A, first, None), RefUpdate(B, first, None), main], "made")
    update_refs(repository, [RefUpdate(A, second, first), RefUpdate(B, None, first)], "moved\non")
    assert refs(repo) == {"refs/heads/main": second, A: second}
    assert git(repo, "reflog", "show", "--format=%gs", A).splitlines() == ["moved on"]
    assert git(repo, "rev-parse", f"{A}@{{1}}") == first


@pytest.mark.parametrize("bare", [False, True])
def test_a_lost_race_changes_nothing_and_names_the_ref(repo, commits, bare):
    first, second = commits
    git(repo, "update-ref", A, second)
    where = make_bare(repo) if bare else repo
    before = refs(where)
    stale = [
        RefUpdate(A, second, first),  # stands on second
        RefUpdate(A, first, None),  # exists
        RefUpdate(A, None, first),  # stands on second
        RefUpdate(A, first, first),  # stands on second
        RefUpdate("refs/heads/gone", second, first),
        RefUpdate("refs/heads/gone", None, first),
    ]
    for update in stale:
        with pytest.raises(RefsMoved, match=update.ref) as caught:
            update_refs(Repository.open(where), [RefUpdate(B, first, None), update], "lost")
        assert caught.value.refs == (update.ref,)
        assert refs(where) == before


def test_a_branch_in_the_way(repo, commits):
    git(repo, "branch", "suggest")
    before = refs(repo)
    with pytest.raises(GitFailed, match="refs/heads/suggest"):
        update_refs(Repository.open(repo), [RefUpdate(A, commits[0], None)], "no")
    assert refs(repo) == before


def test_a_lock_that_is_held(repo, commits):
    git(repo, "update-ref", A, commits[0])
    (repo / ".git" / f"{A}.lock").touch()
    with pytest.raises(RefsBusy, match="File exists"):
        update_refs(Repository.open(repo), [RefUpdate(A, commits[1], commits[0])], "no")


def test_no_commit_there(repo):
    with pytest.raises(UserError):
        update_refs(Repository.open(repo), [RefUpdate(A, "1" * 40, None)], "no")
    assert A not in refs(repo)


@pytest.mark.parametrize("ref", ["a", "-d", "refs/heads/a\0b", "refs/heads/a..b", "refs/heads/a b"])
def test_what_is_no_ref(repo, commits, ref):
    before = refs(repo)
    with pytest.raises(UserError):
        update_refs(Repository.open(repo), [RefUpdate(ref, commits[0], None)], "no")
    assert refs(repo) == before


def test_a_checked_out_branch_is_left_alone(repo, commits, tmp_path):
    first, second = commits
    git(repo, "worktree", "add", "-q", "-b", "suggest/a", "../檢視 一", first)
    git(repo, "worktree", "add", "-q", "--detach", "../detached")
    repository = Repository.open(tmp_path / "detached")
    assert checked_out_branches(repository) == {
        "refs/heads/main": repo,
        A: tmp_path / "檢視 一",
    }
    for update in (RefUpdate(A, second, first), RefUpdate(A, None, first)):
        with pytest.raises(UserError, match="checked out in "):
            update_refs(repository, [update], "no")
    assert refs(repo)[A] == first


def test_a_bare_repository_has_nothing_checked_out(repo):
    assert checked_out_branches(Repository.open(make_bare(repo))) == {}
