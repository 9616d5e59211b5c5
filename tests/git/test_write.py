import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import manualsmith
from gitrepo import commit, git, make_bare, make_repo, refs, show
from manualsmith.errors import UserError
from manualsmith.git.process import GitFailed
from manualsmith.git.refs import RefUpdate, update_refs
from manualsmith.git.repository import Repository, Signature
from manualsmith.git.write import BranchWriter, FileChange, NewCommit

AUTHOR = Signature("服務台", "desk@example.invalid", 1800000000, "+0800")
COMMITTER = Signature("manualsmith", "tool@example.invalid", 1800000001, "-0330")
PAGE = "manuals/operation/登入.md"


def new(parents, changes, message="建議\n\n內文\n"):
    files = tuple(FileChange(path, data) for path, data in changes.items())
    return NewCommit(tuple(parents), message, AUTHOR, COMMITTER, files)


def write(repo, *commits):
    with BranchWriter(Repository.open(repo)) as writer:
        for item in commits:
            writer.add(item)
        return writer.finish()


@pytest.fixture
def repo(tmp_path):
    return make_repo(tmp_path, {PAGE: "1\n", "b.md": "b\n"})


@pytest.fixture
def main(repo):
    return git(repo, "rev-parse", "main")


def test_a_commit_as_plumbing_would_make_it(repo, main):
    before = refs(repo)
    [oid] = write(repo, new([main], {PAGE: b"2\r\n\x00", "b.md": None, "夾/新.yaml": b""}))
    assert git(repo, "log", "-1", "--format=%P|%an|%ae|%ad|%cn|%cd|%B", "--date=raw", oid) == (
        f"{main}|服務台|desk@example.invalid|1800000000 +0800"
        "|manualsmith|1800000001 -0330|建議\n\n內文\n"
    )
    assert show(repo, f"{oid}:{PAGE}") == b"2\r\n\x00"
    listed = git(repo, "-c", "core.quotePath=false", "ls-tree", "-r", oid).splitlines()
    assert [line.split("\t")[1] for line in listed] == [PAGE, "夾/新.yaml"]
    assert refs(repo) == before
    assert git(repo, "status", "--porcelain") == ""


def test_the_same_input_gives_the_same_ids(repo, main):
    item = new([main], {PAGE: b"2\n"})
    assert write(repo, item) == write(repo, item)


@pytest.mark.parametrize(
    "path",
    [
        'a "quoted" name.md',
        '"start.md',
        " blank at both ends ",
        "back\\slash\\n.md",
        "tab\there.md",
        "line\nbreak.md",
        "頁面／一.md",
        "é.md",
    ],
)
def test_paths(repo, main, path):
    [oid] = write(repo, new([main], {path: b"x"}))
    assert path in git(repo, "ls-tree", "-z", "--name-only", oid).split("\0")
    [gone] = write(repo, new([oid], {path: None}))
    assert git(repo, "rev-parse", f"{gone}^{{tree}}") == git(repo, "rev-parse", "main^{tree}")


@pytest.mark.parametrize(
    "path", ["", "/a", "a//b", "../a", "a/./b", ".git/config", "a/.GIT/x", "a\0"]
)
def test_paths_that_are_none(repo, main, path):
    before = refs(repo)
    with pytest.raises(UserError, match="not a path"):
        write(repo, new([main], {path: b"x"}))
    assert refs(repo) == before


@pytest.mark.parametrize("parent", ["main", "-x", ":0", "HEAD\n", "abc"])
def test_a_parent_is_an_id_or_a_mark(repo, parent):
    with pytest.raises(ValueError, match="neither"):
        write(repo, new([parent], {}))


def test_a_parent_that_does_not_exist(repo):
    with pytest.raises(GitFailed, match="fast-import"):
        write(repo, new(["1" * 40], {"a": b"a"}))


def test_chains_merges_and_roots_in_one_batch(repo, main):
    with BranchWriter(Repository.open(repo)) as writer:
        one = writer.add(new([main], {"one": b"1"}))
        two = writer.add(new([main], {"two": b"2"}))
        writer.add(new([one, two, main], {"two": b"2"}))
        writer.add(new([], {"alone": b"a"}))
        writer.add(new([one], {"one": None}))
        first, second, merge, root, last = writer.finish()
    assert git(repo, "log", "-1", "--format=%P", merge) == f"{first} {second} {main}"
    assert git(repo, "ls-tree", "--name-only", merge).splitlines() == [
        "b.md",
        "manuals",
        "one",
        "two",
    ]
    assert git(repo, "log", "-1", "--format=%P", root) == ""
    assert git(repo, "ls-tree", "--name-only", root) == "alone"
    assert git(repo, "rev-parse", f"{last}^{{tree}}") == git(repo, "rev-parse", "main^{tree}")
    assert git(repo, "log", "-1", "--format=%P", last) == first


def test_equal_files_are_written_once(repo, main):
    commits = [new([main], {f"{n}.yaml": b"same bytes\n" * 9}) for n in range(200)]
    before = int(git(repo, "count-objects").split()[0])
    write(repo, *commits)
    count = git(repo, "count-objects", "-v").split()
    objects = int(count[1]) + int(count[count.index("in-pack:") + 1]) - before
    assert objects == 1 + 200 + 200  # a blob, and a tree and a commit each


def test_many_commits_get_their_own_ids(repo, main):
    oids = write(repo, *(new([main], {"n": b"%d" % n}) for n in range(500)))
    assert len(set(oids)) == 500
    assert [show(repo, f"{oids[n]}:n") for n in (0, 59, 60, 499)] == [b"0", b"59", b"60", b"499"]


def test_names_cannot_break_out_of_their_line(repo, main):
    author = Signature("a <x> b\ncommitter", "e\n>@x", 5, "+0000")
    [oid] = write(repo, NewCommit((main,), "m", author, COMMITTER, ()))
    assert git(repo, "log", "-1", "--format=%an|%ae|%at", oid) == "a x bcommitter|e@x|5"
    git(repo, "fsck", "--strict")


@pytest.mark.parametrize("kind", ["bare", "linked", "detached", "sha256", "trunk"])
def test_every_kind_of_repository(tmp_path, kind):
    repo = make_repo(
        tmp_path,
        {PAGE: "1\n"},
        branch="trunk" if kind == "trunk" else "main",
        object_format="sha256" if kind == "sha256" else "sha1",
    )
    where = repo
    if kind == "bare":
        where = make_bare(repo)
    elif kind == "linked":
        git(repo, "worktree", "add", "-q", "-b", "other", "../linked")
        where = tmp_path / "linked"
    elif kind == "detached":
        git(repo, "switch", "-q", "--detach")
    repository = Repository.open(where)
    if repository.worktree:
        (where / PAGE).write_text("not committed\n", "utf-8")
        (where / "staged.md").write_text("staged\n", "utf-8")
        git(where, "add", "staged.md")
        state = git(where, "status", "--porcelain=2", "--branch")
    [oid] = write(where, new([repository.main_branch().tip], {PAGE: b"2\n"}))
    update_refs(repository, [RefUpdate("refs/heads/suggest/a", oid, None)], "suggest")
    assert len(oid) == (64 if kind == "sha256" else 40)
    assert show(where, f"suggest/a:{PAGE}") == b"2\n"
    if repository.worktree:
        assert git(where, "status", "--porcelain=2", "--branch") == state
    git(where, "fsck", "--strict")


def write_well_then_badly(writer, main):
    writer.add(new([main], {"a": b"a"}))
    writer.add(new([main], {"../b": b"b"}))


def write_much(writer, main):
    for number in range(100):
        writer.add(new([main], {"a": b"%d" % number * 1000}))


def test_an_error_in_between_leaves_no_ref_and_no_broken_pack(repo, main):
    before = refs(repo)
    with pytest.raises(UserError), BranchWriter(Repository.open(repo)) as writer:
        write_well_then_badly(writer, main)
    assert refs(repo) == before
    assert not list((repo / ".git").rglob("tmp_*"))
    assert not list((repo / ".git").glob("fast_import_crash_*"))


def test_git_killed_in_between(repo, main):
    before = refs(repo)
    with BranchWriter(Repository.open(repo)) as writer:
        writer.add(new([main], {"a": b"a"}))
        writer._process.kill()
        with pytest.raises(GitFailed, match="fast-import"):
            write_much(writer, main)
    assert refs(repo) == before
    assert len(write(repo, new([main], {"a": b"a"}))) == 1


WRITER = """
import time
from pathlib import Path
from manualsmith.git.repository import Repository, Signature
from manualsmith.git.write import BranchWriter, FileChange, NewCommit
who = Signature("S-0412", "desk@example.invalid", 1800000000, "+0800")
with BranchWriter(Repository.open(Path.cwd())) as writer:
    for number in range(300):
        file = FileChange("a", b"%d" % number)
        writer.add(NewCommit(({main!r},), "one of many", who, who, (file,)))
    writer._process.stdin.flush()
    print(writer._process.pid, flush=True)
    time.sleep(60)
"""


def wait_for_end(pid):
    """Wait until git has noticed that its stream broke off; it may stay as a zombie."""
    deadline = time.monotonic() + 60
    while _runs(pid):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _runs(pid):
    """Return whether a process runs and is no zombie, where the system tells that."""
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except ProcessLookupError:
        return False
    except FileNotFoundError:
        return not Path("/proc/self").exists()
    return state != "Z"


def test_the_writer_killed_in_between(repo, main):
    before = refs(repo)
    program = WRITER.format(main=main)
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=repo,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(Path(manualsmith.__file__).parents[1])},
    )
    with process:
        git_pid = int(process.stdout.readline())
        process.kill()
    wait_for_end(git_pid)
    assert refs(repo) == before
    assert git(repo, "status", "--porcelain") == ""
    git(repo, "fsck")
    commit(repo, {"after.md": "works"})
    assert len(write(repo, new([main], {"a": b"a"}))) == 1
