"""Pictures that Git LFS keeps: pointers on branches and main, objects pushed before refs."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from desks import ms, request
from gitrepo import commit, git, make_bare, make_repo, show
from manuals import PAGES, write
from manualsmith.git.lfs.pointer import Pointer
from manualsmith.records.pictures import taken
from shots import after_step, bringing, images, is_right, named, shot

BRANCH = "suggest/O1.2.1/ENV-2026-0001-1"
DATA = taken(shot(), "").data
NAME = f"sign-in-{named(DATA)}"
PATH = f"manuals/operation/images/{NAME}"
FILES = {
    **PAGES,
    ".gitattributes": "*.png filter=lfs diff=lfs merge=lfs -text\n",
    "pyproject.toml": "[tool.manualsmith]\nprotect_main = true\n",
}

needs_lfs = pytest.mark.skipif(not shutil.which("git-lfs"), reason="no git-lfs is here")


@pytest.fixture
def repo(tmp_path) -> Path:
    """A repository with Git LFS set, and not set up, and a remote."""
    made = make_repo(tmp_path, FILES)
    git(made, "config", "manualsmith.staff", "S-0412")
    git(made, "remote", "add", "origin", str(make_bare(made)))
    git(made, "fetch", "-q")
    return made


@pytest.fixture
def without_program(tmp_path, monkeypatch):
    """No ``git lfs`` on this machine, and all else that is there."""
    names = tmp_path / "programs"
    names.mkdir()
    for folder in os.environ["PATH"].split(os.pathsep):
        for file in Path(folder).glob("*"):
            if file.name != "git-lfs" and not (names / file.name).exists():
                (names / file.name).symlink_to(file)
    monkeypatch.setenv("PATH", str(names))
    assert subprocess.run(["git", "lfs", "version"], capture_output=True, check=False).returncode


def suggested(repo, finding=None) -> None:
    file = write(repo, findings=(finding or bringing(after_step()),))
    (file.parent / "shot.png").write_bytes(shot())
    assert ms(repo, "suggest", str(file)) == 0
    file.unlink()
    (file.parent / "shot.png").unlink()


def object_in(folder: Path, data: bytes = DATA) -> Path:
    oid = hashlib.sha256(data).hexdigest()
    inner = folder / ".git" if (folder / ".git").exists() else folder
    return inner / "lfs" / "objects" / oid[:2] / oid[2:4] / oid


def test_a_branch_has_the_pointer_and_the_object_is_kept(repo):
    suggested(repo)
    assert images(repo, BRANCH) == {NAME: Pointer.to(DATA).text}
    assert object_in(repo).read_bytes() == DATA
    assert is_right(repo)
    assert ms(repo, "review", "accept", "ENV-2026-0001-1") == 0
    assert images(repo, "main") == {NAME: Pointer.to(DATA).text}
    assert is_right(repo)
    assert ms(repo, "review", "revert", "ENV-2026-0001-1", "--reason", "x") == 0
    assert images(repo, "main") == {}
    assert is_right(repo)


def test_dry_run_keeps_no_object(repo):
    file = write(repo, findings=(bringing(after_step()),))
    (file.parent / "shot.png").write_bytes(shot())
    assert ms(repo, "suggest", str(file), "--dry-run") == 0
    assert not object_in(repo).exists()


@pytest.mark.parametrize("how", ["is there", "is gone", "is damaged", "is another one's"])
def test_pointer_and_object_agree_where_it_is_there(repo, how, capsys):
    suggested(repo)
    wrong = how in ("is damaged", "is another one's")
    if how == "is gone":
        object_in(repo).unlink()
    elif wrong:
        object_in(repo).write_bytes(DATA[:-1] if how == "is damaged" else shot("blue"))
    assert ms(repo, "verify", "--all") == int(wrong)
    assert ("is not what its pointer says" in capsys.readouterr().out) == wrong


def test_a_pointer_to_another_picture_is_told(repo, capsys):
    suggested(repo)
    git(repo, "checkout", "-q", BRANCH)
    (repo / PATH).write_bytes(Pointer.to(shot("blue")).text)
    oid = git(repo, "hash-object", "-w", "--no-filters", PATH)
    old = git(repo, "rev-parse", f"{BRANCH}:{PATH}")
    record = "suggestions/operation/ENV-2026-0001-1.yaml"
    (repo / record).write_text((repo / record).read_text("utf-8").replace(old, oid), "utf-8")
    git(repo, "commit", "-q", "-a", "--amend", "--no-edit")
    assert show(repo, f"HEAD:{PATH}") == Pointer.to(shot("blue")).text
    git(repo, "checkout", "-q", "main")
    assert ms(repo, "verify", "--all") == 1
    assert "another picture than its name says" in capsys.readouterr().out


def test_records_pictures_are_pointers_and_are_read_through_them(repo, tmp_path, capsys):
    (tmp_path / "a.png").write_bytes(shot())
    name = request(repo, capsys, "慢", "--picture", str(tmp_path / "a.png"))
    path = f"records/pictures/{named(DATA)}"
    assert show(repo, f"main:{path}") == Pointer.to(DATA).text
    assert object_in(repo).read_bytes() == DATA
    out = tmp_path / "f.html"
    assert ms(repo, "export", name, "--out", str(out)) == 0
    assert "data:image/png;base64," in out.read_text("utf-8")
    suggested(repo, bringing(after_step(named(DATA))))
    assert images(repo, BRANCH) == {NAME: Pointer.to(DATA).text}


@needs_lfs
@pytest.mark.parametrize("url", ["", "file://"])
def test_the_remote_has_the_objects_before_the_branch(repo, url):
    git(repo, "remote", "set-url", "origin", f"{url}{repo.parent / 'bare.git'}")
    suggested(repo)
    assert ms(repo, "sync") == 0
    assert object_in(repo.parent / "bare.git").read_bytes() == DATA
    assert images(repo.parent / "bare.git", BRANCH) == {NAME: Pointer.to(DATA).text}
    # who clones with git lfs set up has the picture itself
    other = repo.parent / "other"
    smudged = ("-c", "filter.lfs.smudge=git-lfs smudge -- %f", "-c", "filter.lfs.required=true")
    git(repo.parent, *smudged, "clone", "-q", "-b", BRANCH, "bare.git", str(other))
    assert (other / PATH).read_bytes() == DATA


@needs_lfs
def test_a_decision_that_is_pushed_brings_its_object(repo):
    suggested(repo)
    assert ms(repo, "review", "accept", "ENV-2026-0001-1", "--push") == 0
    assert object_in(repo.parent / "bare.git").read_bytes() == DATA
    assert images(repo.parent / "bare.git", "main") == {NAME: Pointer.to(DATA).text}


@needs_lfs
def test_a_remote_that_takes_no_objects_gets_no_branch(repo, capsys):
    suggested(repo)
    git(repo, "config", "lfs.url", "http://127.0.0.1:9/nothing")
    git(repo, "config", "lfs.transfer.maxretries", "1")
    assert ms(repo, "sync") == 1
    said = capsys.readouterr()
    assert "did not take the pictures of Git LFS" in said.out + said.err
    assert images(repo, BRANCH)
    assert git(repo.parent / "bare.git", "branch", "--list", "suggest/*") == ""


@pytest.mark.usefixtures("without_program")
def test_without_the_program_all_is_kept_and_doctor_says_so(repo, capsys):
    suggested(repo)
    assert object_in(repo).read_bytes() == DATA
    assert ms(repo, "sync") == 0
    assert images(repo.parent / "bare.git", BRANCH) == {NAME: Pointer.to(DATA).text}
    capsys.readouterr()
    ms(repo, "doctor")
    assert "git lfs is not there" in capsys.readouterr().out


@needs_lfs
def test_doctor_says_what_is_not_set_up(repo, capsys):
    ms(repo, "doctor")
    assert "git lfs is there and not set up" in capsys.readouterr().out
    git(repo, "lfs", "install", "--local")
    ms(repo, "doctor")
    assert "git-lfs/" in capsys.readouterr().out


def test_without_git_lfs_set_doctor_is_silent(tmp_path, capsys):
    made = make_repo(tmp_path, PAGES)
    ms(made, "doctor")
    assert "LFS" not in capsys.readouterr().out


@needs_lfs
def test_where_the_program_is_set_up_the_worktree_has_the_picture(repo):
    git(repo, "lfs", "install", "--local")
    suggested(repo)
    assert ms(repo, "review", "accept", "ENV-2026-0001-1") == 0
    assert (repo / PATH).read_bytes() == DATA
    assert git(repo, "status", "--porcelain") == ""


def test_a_picture_that_main_has_as_it_is_stays_so(repo):
    """It was there before Git LFS was set."""
    git(repo, "rm", "-q", ".gitattributes")
    commit(repo, {})
    suggested(repo)
    assert ms(repo, "review", "accept", "ENV-2026-0001-1") == 0
    commit(repo, {".gitattributes": FILES[".gitattributes"]})
    section = after_step().replace("insert-step", "replace-step").replace("step: 3", "step: 1")
    file = write(repo, 2, findings=(bringing(section),))
    (file.parent / "shot.png").write_bytes(shot())
    assert ms(repo, "suggest", str(file)) == 0
    file.unlink()
    (file.parent / "shot.png").unlink()
    assert ms(repo, "review", "accept", "ENV-2026-0002-1") == 0
    assert images(repo, "main") == {NAME: DATA}
