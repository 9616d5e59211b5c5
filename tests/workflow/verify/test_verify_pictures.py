"""Verify and the gate: a branch that brings another picture, or other bytes, is refused."""

import io

import pytest
from PIL import Image, PngImagePlugin

from desks import ms
from doctoring import Change, Made, faults, written
from gated import make_gate
from gitrepo import commit, git, make_repo, show
from manuals import PAGES, write
from manualsmith.records.pictures import taken
from shots import after_step, bringing, images, is_right, shot

BRANCH = "suggest/O1.2.1/ENV-2026-0001-1"
FOLDER = "manuals/operation/images"


@pytest.fixture
def made(tmp_path) -> Made:
    repo = make_repo(tmp_path, PAGES)
    file = write(repo, findings=(bringing(after_step()),))
    (file.parent / "shot.png").write_bytes(shot())
    assert ms(repo, "suggest", str(file)) == 0
    file.unlink()
    (file.parent / "shot.png").unlink()
    return Made(repo, f"refs/heads/{BRANCH}", git(repo, "rev-parse", BRANCH))


def told_with(made: Made, files: dict[str, bytes | None], mode: str = "100644") -> list[str]:
    """Return what is said of the branch with other files."""
    entries: dict[str, str | None] = {}
    for path, data in files.items():
        (made.repo / "other").write_bytes(data or b"")
        oid = git(made.repo, "hash-object", "-w", "--no-filters", "other")
        entries[path] = None if data is None else f"{mode},{oid}"
    [told] = faults(made, [written(made, Change(entries))])
    return told


def chatty() -> bytes:
    """Return a picture with a comment in it."""
    out, info = io.BytesIO(), PngImagePlugin.PngInfo()
    info.add_text("Comment", "x")
    Image.new("RGB", (60, 40), "red").save(out, "PNG", pnginfo=info)
    return out.getvalue()


OTHERS = {
    "another picture": taken(shot("blue"), "").data,
    "the same with a second file behind it": taken(shot(), "").data + b"PK\x03\x04",
    "with a comment": chatty(),
    "a drawing": b"<svg/>",
    "nothing": b"",
    "gone": None,
}


def the_picture(repo) -> str:
    [name] = images(repo, BRANCH)
    return f"{FOLDER}/{name}"


@pytest.mark.parametrize("other", OTHERS)
def test_other_bytes(made, other):
    path = the_picture(made.repo)
    told = told_with(made, {path: OTHERS[other]})
    assert any(path in one for one in told), told


@pytest.mark.parametrize("other", ["another picture", "with a comment", "a drawing"])
def test_other_bytes_that_the_record_names(made, other):
    """The record agrees with what is there, and the confirmation names another picture."""
    path, data = the_picture(made.repo), OTHERS[other]
    oid = git(made.repo, "rev-parse", f"{BRANCH}:{path}")
    (made.repo / "x.bin").write_bytes(data)
    new = git(made.repo, "hash-object", "-w", "--no-filters", "x.bin")
    record = "suggestions/operation/ENV-2026-0001-1.yaml"
    text = show(made.repo, f"{BRANCH}:{record}").replace(oid.encode(), new.encode())
    told = told_with(made, {path: data, record: text})
    said = " ".join(told)
    assert "another picture than its name says" in said or "holds more than what it shows" in said


@pytest.mark.parametrize("path", [f"{FOLDER}/more.png", "manuals/operation/x.png", "x.png"])
def test_a_further_file(made, path):
    told = told_with(made, {path: shot("green")})
    assert any("which its record does not say" in one and path in one for one in told), told


def test_a_file_of_another_kind(made):
    path = the_picture(made.repo)
    told = told_with(made, {path: show(made.repo, f"{BRANCH}:{path}")}, mode="100755")
    assert any("is no plain file" in one for one in told), told


def test_the_gate_takes_it_and_no_other(tmp_path):
    gate = make_gate(tmp_path)
    file = write(gate.repo, 5, findings=(bringing(after_step()),))
    (file.parent / "shot.png").write_bytes(shot())
    assert ms(gate.repo, "suggest", str(file)) == 0
    for one in (file, file.parent / "shot.png"):
        one.unlink()
    branch = BRANCH.replace("0001", "0005")
    [path] = [f"{FOLDER}/{name}" for name in images(gate.repo, branch)]
    assert gate.push(branch).code == 0
    # onto main by hand, beside what it is accepted by
    git(gate.repo, "checkout", "-q", "-b", "try", "main")
    commit(gate.repo, {path: shot("blue")})
    pushed = gate.push("try:main")
    assert pushed.code
    assert path in pushed.said
    git(gate.repo, "checkout", "-q", "main")
    assert ms(gate.repo, "review", "accept", "ENV-2026-0005-1", "--push") == 0
    assert images(gate.bare, "main") == images(gate.repo, "main") != {}
    # and away again
    git(gate.repo, "rm", "-q", path)
    git(gate.repo, "commit", "-q", "-m", "x")
    assert gate.push("main").code
    git(gate.repo, "reset", "-q", "--hard", "origin/main")
    git(gate.repo, "fetch", "-q", "origin")
    git(gate.repo, "reset", "-q", "--hard", "origin/main")
    revert = ("review", "revert", "ENV-2026-0005-1", "--reason", "x")
    assert ms(gate.repo, *revert) == 0
    assert gate.push("main").code == 0
    assert images(gate.bare, "main") == {}


@pytest.mark.parametrize("how", ["merge", "squash", "rebase", "revert"])
def test_what_git_merges_and_takes_back(made, how):
    repo = made.repo
    commit(repo, {"notes.txt": "x"})
    if how in ("merge", "revert"):
        git(repo, "merge", "-q", "--no-ff", "-m", "merge", BRANCH)
    elif how == "squash":
        git(repo, "merge", "-q", "--squash", BRANCH)
        git(repo, "commit", "-q", "-m", "squashed")
    else:
        git(repo, "rebase", "-q", "main", BRANCH)
        git(repo, "checkout", "-q", "main")
        git(repo, "merge", "-q", "--ff-only", BRANCH)
    assert len(images(repo, "main")) == 1
    if how != "revert":
        assert ms(repo, "review", "list") == 0
        assert is_right(repo)
    else:
        merge = git(repo, "log", "--merges", "-1", "--format=%H")
        git(repo, "revert", "--no-edit", "-m", "1", merge)
        assert ms(repo, "review", "list") == 0
        assert is_right(repo)
        assert images(repo, "main") == {}
