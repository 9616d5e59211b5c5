import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

import forking
import manualsmith
from gitrepo import git, make_bare, make_repo, refs
from manualsmith.errors import UserError
from manualsmith.git.claimed_ids import Claim, claim_ids
from manualsmith.git.repository import Repository

IDS = "refs/manualsmith/ids/ENV"
LETTERS = re.compile(r"ENV-2026-\d{4}-[a-z]{5}")

CLAIMER = """
import sys
from pathlib import Path
from manualsmith.git.claimed_ids import claim_ids
from manualsmith.git.repository import Repository
repository = Repository.open(Path(sys.argv[1]))
sys.stdin.readline()
for _ in range(int(sys.argv[2])):
    print(claim_ids(repository, "ENV", 2026, [])[0].id, flush=True)
"""


def claim(folder, taken=(), prefix="ENV", year=2026, **options):
    [claimed] = claim_ids(Repository.open(folder), prefix, year, taken, **options)
    return claimed


def claim_at_once(folders, times):
    """Claim *times* ids in a process for each of *folders*, all started together."""
    tools = str(Path(manualsmith.__file__).parents[1])
    program = f"import sys; sys.path.insert(0, {tools!r})\n{CLAIMER}"
    processes = [
        forking.Popen(
            [sys.executable, "-c", program, str(folder), str(times)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        for folder in folders
    ]
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [process.communicate()[0].split() for process in processes]
    assert [process.returncode for process in processes] == [0] * len(processes)
    return [name for answer in answers for name in answer]


@pytest.fixture
def repo(tmp_path):
    return make_repo(tmp_path, {"a.md": "1"})


@pytest.fixture
def shared(repo):
    return make_bare(repo, "shared.git")


@pytest.fixture
def desks(shared):
    for name in ("one", "two"):
        git(shared, "clone", "-q", ".", f"../{name}")
    return shared.parent / "one", shared.parent / "two"


def test_alone(repo):
    before = refs(repo)
    assert claim(repo) == Claim("ENV-2026-0001")
    assert claim(repo) == Claim("ENV-2026-0002")
    after = refs(repo)
    assert {ref: tip for ref, tip in after.items() if ref != IDS} == before
    assert git(repo, "log", "--format=%s", IDS).splitlines() == ["ENV-2026-0002", "ENV-2026-0001"]
    assert git(repo, "ls-tree", IDS) == ""


def test_after_the_highest_that_is_taken(repo):
    taken = ["ENV-2026-0041", "ENV-2026-0041-kqzvm", "ENV-2025-0900", "REQ-2026-0300", "odd"]
    assert claim(repo, taken).id == "ENV-2026-0042"
    assert claim(repo).id == "ENV-2026-0043"
    assert claim(repo, ["ENV-2026-0050-kqzvm"]).id == "ENV-2026-0051"
    assert claim(repo, ["ENV-2026-9999"]).id == "ENV-2026-10000"


def test_years_and_prefixes_count_apart(repo):
    claim(repo)
    assert claim(repo, year=2027).id == "ENV-2027-0001"
    assert claim(repo, prefix="REQ").id == "REQ-2026-0001"
    assert claim(repo).id == "ENV-2026-0002"
    with pytest.raises(ValueError, match="not a prefix"):
        claim(repo, prefix="../x")


def test_two_claims_of_one_id_are_not_one_commit(tmp_path, repo):
    other = make_repo(tmp_path, {"a.md": "1"}, name="other")
    assert claim(repo) == claim(other)
    assert refs(repo)[IDS] != refs(other)[IDS]


def test_an_empty_a_bare_and_a_sha256_repository(tmp_path, repo):
    assert claim(make_repo(tmp_path, {}, name="empty")).id == "ENV-2026-0001"
    bare = make_bare(repo)
    git(bare, "remote", "remove", "origin")
    assert claim(bare).id == "ENV-2026-0001"
    other = make_repo(tmp_path, {}, name="sha256", object_format="sha256")
    assert [claim(other).id, claim(other).id] == ["ENV-2026-0001", "ENV-2026-0002"]


def test_eight_processes_in_linked_worktrees(tmp_path, repo):
    git(repo, "worktree", "add", "-q", "--detach", "../linked")
    found = claim_at_once([repo, tmp_path / "linked"] * 4, times=3)
    assert sorted(found) == [f"ENV-2026-{number:04d}" for number in range(1, 25)]


def test_two_desks_and_a_remote(desks, shared):
    one, two = desks
    before = refs(one)
    claims = [claim(desk) for desk in (one, two, two, one)]
    assert claims == [Claim(f"ENV-2026-{number:04d}") for number in (1, 2, 3, 4)]
    assert refs(shared)[IDS] == refs(one)[IDS]
    assert {ref: tip for ref, tip in refs(one).items() if ref != IDS} == before
    assert not (one / ".git/FETCH_HEAD").exists()


def test_two_desks_at_once(desks, shared):
    found = claim_at_once([*desks, *desks], times=3)
    assert sorted(found) == [f"ENV-2026-{number:04d}" for number in range(1, 13)]
    assert len(git(shared, "rev-list", IDS).split()) == 12


def test_claims_from_before_there_was_a_remote_still_count(repo, desks, shared):
    for _ in range(3):
        claim(repo)
    claim(desks[0])
    claim(repo, year=2025)
    git(repo, "remote", "add", "origin", str(shared))
    assert claim(repo).id == "ENV-2026-0004"
    assert claim(desks[1]).id == "ENV-2026-0005"
    assert claim(desks[1], year=2025).id == "ENV-2025-0002"


def test_a_shallow_clone(shared, desks):
    claim(desks[0])
    claim(desks[0])
    git(shared, "clone", "-q", "--depth", "1", shared.as_uri(), "../shallow")
    assert claim(shared.parent / "shallow").id == "ENV-2026-0003"


def test_the_remote_is_gone(desks, shared):
    one, two = desks
    claim(one)
    shared.rename(shared.with_name("elsewhere"))
    before = refs(one)
    found = claim(one, ["ENV-2026-0006"])
    assert LETTERS.fullmatch(found.id)
    assert found.id.startswith("ENV-2026-0007-")
    assert "does not appear to be a git repository" in found.reason
    assert refs(one) == before
    assert claim(two).id != claim(two).id


def test_the_remote_does_not_answer(repo):
    with socket.create_server(("127.0.0.1", 0)) as server:
        git(repo, "remote", "add", "origin", f"git://127.0.0.1:{server.getsockname()[1]}/x")
        start = time.monotonic()
        found = claim(repo, seconds=0.5)
    assert LETTERS.fullmatch(found.id)
    assert "no answer within 0.5 seconds" in found.reason
    assert time.monotonic() - start < 5


def test_the_remote_does_not_take_the_ref(desks, shared):
    hook = shared / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho only branches here\nexit 1\n", "utf-8")
    hook.chmod(0o755)
    found = claim(desks[0])
    assert LETTERS.fullmatch(found.id)
    assert "only branches here" in found.reason
    assert IDS not in refs(shared)


def test_the_remote_by_its_name(desks, shared):
    one, _ = desks
    git(one, "remote", "rename", "origin", "desk")
    assert claim(one, remote="desk") == Claim("ENV-2026-0001")
    found = claim(one)
    assert found.reason == "there is no remote origin"
    assert found.id.startswith("ENV-2026-0002-")


@pytest.mark.usefixtures("_nobody")
def test_no_author_configured(tmp_path):
    repo = make_repo(tmp_path, {})
    with pytest.raises(UserError, match="does not know who you are"):
        claim(repo)
    assert refs(repo) == {}


def test_the_user_s_own_ssh_is_kept(repo, tmp_path, monkeypatch):
    said = tmp_path / "said"
    ssh = tmp_path / "ssh"
    ssh.write_text(f'#!/bin/sh\necho "$@" > {said}\nexit 1\n', "utf-8")
    ssh.chmod(0o755)
    git(repo, "remote", "add", "origin", "ssh://desk@127.0.0.1/x")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert claim(repo).reason
    assert "ConnectTimeout=10" in said.read_text("utf-8")
    monkeypatch.setenv("GIT_SSH_COMMAND", str(ssh))
    assert claim(repo).reason
    assert "ConnectTimeout" not in said.read_text("utf-8")
