"""A disk that is full, or that may not be written: told as such, and nothing is half written."""

import contextlib
import json
import os
import resource
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

import forking
from gitrepo import commit, git, make_repo, refs
from manuals import ENTRY, FACT, PAGES, STEP, write
from manualsmith.cli.group import run

STEP_ID, ENTRY_ID = "ENV-2026-0001-1", "ENV-2026-0001-2"
PAGE = "manuals/operation/sign-in.md"
EDIT = '{"action": "replace-step", "section": ["第一次登入"], "step": 3, "text": "按。"}'
CALLS = (
    ("suggest", "--all"),
    ("review", "accept", STEP_ID),
    ("review", "reject", ENTRY_ID, "--reason", "不必改"),
    ("review", "refresh", "--all"),
    ("request", "new", "--symptom", "慢", "--product", "nextcloud", "--severity", "low"),
    ("confirm", "new", "--product", "nextcloud"),
    ("confirm", "finish", "ENV-2026-0009"),
    ("export", "ENV-2026-0001", "--out", "form.html"),
    ("report", "--out", "report.md"),
    ("apply", PAGE, "--edit", "edit.json", "--in-place"),
    ("review", "show", STEP_ID, "--rendered", "shown.html"),
)


def rooms(folder):
    """Return a repository with something for each call to do."""
    repo = make_repo(folder.parent, {**PAGES, "edit.json": EDIT}, name=folder.name)
    write(repo, findings=(STEP, ENTRY), facts=FACT)
    draft = write(repo, 9, findings=(ENTRY,))
    draft.write_text(draft.read_text("utf-8").replace("v1\n", "v1\ndraft: true\n", 1), "utf-8")
    commit(repo, {})
    git(repo, "config", "manualsmith.staff", "S-0412")
    assert run(["-C", str(repo), "suggest", "--all"]) == 0
    write(repo, 2, findings=(STEP.replace("允許存取", "同意"),))
    return repo


def files(repo):
    """Return the files of the working tree and what they hold."""
    found = (path for path in repo.rglob("*") if path.is_file() and ".git" not in path.parts)
    return {path.relative_to(repo).as_posix(): path.read_bytes() for path in found}


def manualsmith(repo, *arguments, **how):
    command = [sys.executable, "-m", "manualsmith", *arguments]
    return forking.run(command, cwd=repo, capture_output=True, text=True, **how)


def state(repo):
    # an id that is claimed is never given again, whatever became of its record
    kept = {ref: at for ref, at in refs(repo).items() if not ref.startswith("refs/manualsmith/")}
    return files(repo), kept, git(repo, "status", "--porcelain")


def refused_or_done(repo, done, before, arguments):
    """Assert that a command did all of its work, or none of it and said why."""
    assert done.returncode in (0, 1), done.stderr
    assert "bug" not in done.stderr
    assert "Traceback" not in done.stderr
    if done.returncode:
        assert state(repo) == before, arguments
        assert done.stderr.strip()
    git(repo, "fsck", "--strict", "--no-dangling")


@pytest.mark.parametrize("arguments", CALLS, ids=" ".join)
def test_a_file_that_may_not_grow(tmp_path, arguments):
    """As with a full disk: what is written ends somewhere in the middle."""
    repo = rooms(tmp_path / "repo")
    before = state(repo)
    limited = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (300, 300))
    done = manualsmith(repo, *arguments, preexec_fn=limited)
    refused_or_done(repo, done, before, arguments)
    assert run(["-C", str(repo), "review", "list"]) == 0


@contextlib.contextmanager
def small_disk(folder, size):
    """Mount a disk of *size* bytes; the test is skipped where that is not allowed."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(disk, left):
    """Fill a disk but for *left* bytes, and return the file that fills it."""
    file = disk / "filler"
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    with contextlib.suppress(OSError):
        file.write_bytes(b"0" * max(0, free - left))
    return file


@pytest.mark.parametrize("left", [0, 8192])  # nothing at all, and room for the first steps
def test_a_full_disk(tmp_path, left):
    with small_disk(tmp_path / "disk", 4_000_000) as disk:
        repo = rooms(disk / "repo")
        for arguments in CALLS:
            before = state(repo)
            filler = fill(disk, left)
            done = manualsmith(repo, *arguments)
            filler.unlink()
            refused_or_done(repo, done, before, arguments)
        listed = json.loads(manualsmith(repo, "review", "list", "--json").stdout)
        assert listed["suggestions"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written(tmp_path, capsys):
    repo = rooms(tmp_path / "repo")
    (repo / ".git" / "manualsmith").chmod(0o500)
    assert run(["-C", str(repo), "review", "accept", STEP_ID]) == 1
    assert "bug" not in capsys.readouterr().err


@pytest.mark.parametrize("name", ["ENOSPC", "EDQUOT", "EROFS", "EACCES", "EFBIG", "EIO"])
def test_what_the_system_refuses_is_no_bug(tmp_path, capsys, monkeypatch, name):
    import errno

    repo = rooms(tmp_path / "repo")

    def refuses(self, *_given, **_named):
        number = getattr(errno, name)
        raise OSError(number, os.strerror(number), str(self))

    monkeypatch.setattr(Path, "write_text", refuses)
    before = refs(repo)
    assert run(["-C", str(repo), "review", "accept", STEP_ID]) == 1
    err = capsys.readouterr().err
    assert os.strerror(getattr(errno, name)) in err
    assert "bug" not in err
    assert refs(repo) == before
