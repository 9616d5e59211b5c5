"""A stamp of the branches' files: whatever way a branch moves, it no longer holds."""

import subprocess
import time

import pytest

from gitrepo import commit, git, make_bare, make_repo, refs
from manualsmith.desk.watched_repository import Watch
from manualsmith.git.refs import _SETTLED, ref_stamp
from manualsmith.git.repository import Repository
from manualsmith.workflow.workspace.open_workspace import open_workspace

NAMES = ("refs/heads/suggest/o/A-1", "refs/heads/suggest/o/A-2")
# what moves a branch, by what is run in the repository (or in a clone of it)
MOVES = {
    "update": ["update-ref", NAMES[0], "HEAD~1"],
    "a new one": ["update-ref", "refs/heads/suggest/o/A-3", "HEAD"],
    "the first of its folder": ["update-ref", "refs/heads/suggest/p/B-1", "HEAD"],
    "delete": ["update-ref", "-d", NAMES[1]],
    "delete a packed one": ["branch", "-D", "packed"],
    "rename": ["branch", "-m", "packed", "other"],
    "commit": ["commit", "-q", "--allow-empty", "-m", "x"],
    "reset": ["reset", "-q", "--hard", "HEAD~1"],
    "fetch": ["fetch", "-q", ".", "HEAD:refs/heads/fetched"],
}


@pytest.fixture
def repo(tmp_path):
    made = make_repo(tmp_path, {"a.md": "1\n"})
    commit(made, {"a.md": "2\n"})
    git(made, "branch", "packed")
    git(made, "pack-refs", "--all")
    for name in NAMES:
        git(made, "update-ref", name, "HEAD")
    return made


def settled(repo):
    """Return a stamp of files that nobody has changed for as long as a stamp asks for."""
    time.sleep(_SETTLED / 1e9 * 2)
    stamp = ref_stamp(Repository.open(repo))
    assert stamp
    assert stamp.still_holds()
    return stamp


@pytest.mark.parametrize("how", MOVES)
def test_a_branch_that_moves_is_seen(repo, how):
    stamp = settled(repo)
    before = refs(repo)
    git(repo, *MOVES[how])
    assert refs(repo) != before
    assert not stamp.still_holds()


def test_a_push_and_a_worktree_are_seen(repo, tmp_path):
    bare = make_bare(repo)
    stamp = settled(bare)
    git(repo, "push", "-q", str(bare), "HEAD:refs/heads/pushed")
    assert not stamp.still_holds()
    git(repo, "worktree", "add", "-q", str(tmp_path / "beside"), "packed")
    stamp = settled(tmp_path / "beside")
    commit(tmp_path / "beside", {"a.md": "3\n"})
    assert not stamp.still_holds()


def test_what_moves_no_branch_is_no_reason_to_read_again(repo):
    stamp = settled(repo)
    git(repo, "tag", "v1")
    git(repo, "update-ref", "refs/remotes/origin/main", "HEAD")
    (repo / "a.md").write_text("4\n")
    assert stamp.still_holds()


def test_what_has_just_changed_tells_nothing(repo):
    git(repo, "update-ref", NAMES[0], "HEAD~1")
    stamp = ref_stamp(Repository.open(repo))
    assert stamp is None or not stamp.settled or time.time_ns() > stamp.files[0][1][1] + _SETTLED


def test_refs_that_are_no_files_are_always_read(repo):
    (repo / ".git/reftable").mkdir()
    assert ref_stamp(Repository.open(repo)) is None


def test_no_move_is_missed_however_fast_they_come(repo):
    """Each is seen by the look that follows it, also where several fall into one tick of a file."""
    watch = Watch(open_workspace(repo))
    tips = git(repo, "rev-parse", "HEAD", "HEAD~1").split()
    command = ["git", "-C", str(repo), "update-ref", "--stdin"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as moving:
        for number in range(200):
            pause = (0, 0.001, 0.012, _SETTLED / 1e9 * 1.2)[number % 4]
            tip = tips[number % 2]
            moving.stdin.write(f"start\nupdate {NAMES[0]} {tip}\ncommit\n".encode())
            moving.stdin.flush()
            assert [moving.stdout.readline() for _ in range(2)] == [b"start: ok\n", b"commit: ok\n"]
            assert f"{tip} {NAMES[0]}".encode() in watch.now().print
            time.sleep(pause)
            assert f"{tip} {NAMES[0]}".encode() in watch.now().print
