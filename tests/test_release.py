"""A release: its version, its bytes, its bill of materials, its place in the changelog."""

import hashlib
import json
import os
import re
import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

from gitrepo import commit, git, make_repo
from manualsmith import __version__

ROOT = Path(__file__).parents[1]
SECTIONS = re.findall(r"^## (.*)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
NEWEST = SECTIONS[0].split()[0]
SECTION = re.compile(r"(\d+)\.(\d+)\.(\d+) \((unreleased|\d{4}-\d\d-\d\d)\)")


@pytest.fixture
def repo(tmp_path) -> Path:
    """What is tracked here, as it stands, in a repository of one commit."""
    there = [path for path in git(ROOT, "ls-files", "-z").split("\0") if path]
    files = {path: (ROOT / path).read_bytes() for path in there if (ROOT / path).is_file()}
    return make_repo(tmp_path, files)


def version(folder: Path) -> str:
    """Return what the program's version is where it is built in *folder*."""
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "version"],
        cwd=folder, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def archived(repo: Path, name: str) -> Path:
    """Return the folder of what a git host gives as the commit's source archive."""
    folder = repo.parent / name
    folder.mkdir()
    packed = subprocess.run(["git", "archive", "HEAD"], cwd=repo, capture_output=True, check=True)
    subprocess.run(["tar", "-x"], cwd=folder, input=packed.stdout, check=True)
    return folder


def test_the_version_is_that_of_the_tag(repo):
    git(repo, "tag", "v1.2.0")
    git(repo, "tag", "latest")
    assert version(repo) == "1.2.0"
    assert version(archived(repo, "release")) == "1.2.0"
    after = commit(repo, {"README.md": "x\n"})[:9]
    assert version(repo) == f"1.2.1.dev1+g{after}"
    assert version(archived(repo, "after")) == f"1.2.1.dev1+g{after}"


def test_without_a_tag_it_still_has_one(repo, tmp_path):
    """A clone of the last commit alone, an archive, a copy of the files."""
    git(tmp_path, "clone", "-q", "--depth=1", "--no-tags", repo.as_uri(), "shallow")
    head = git(repo, "rev-parse", "HEAD")[:9]
    assert version(tmp_path / "shallow") == f"0.0.1.dev1+g{head}"
    assert re.fullmatch(r"0\.0(\.0)?", version(archived(repo, "archive")))
    (repo / ".git").rename(tmp_path / "away")
    assert version(repo) == "0.0.0"
    (repo / ".git_archival.txt").unlink()
    assert version(repo) == "0.0.0"


def test_the_program_says_its_version():
    said = subprocess.run(
        [sys.executable, "-m", "manualsmith", "--version"],
        capture_output=True, encoding="utf-8", check=True,
    ).stdout  # fmt: skip
    assert said.split()[-1] == __version__
    assert re.fullmatch(r"\d+(\.\d+)+(\.dev\d+)?(\+[a-z0-9.]+)?", __version__)


@pytest.fixture
def made(repo, tmp_path) -> tuple[Path, Path]:
    """A release made twice at the same time: another folder, umask, zone, and git's settings."""
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    commit(repo, {"CHANGELOG.md": text.replace("(unreleased)", "(2026-11-28)", 1)})
    git(repo, "tag", f"v{NEWEST}")
    git(tmp_path, "clone", "-q", str(repo), "in another folder")
    other = tmp_path / "in another folder"
    (other / "not-committed.txt").write_text("x", "utf-8")
    (other / "README.md").write_text("x", "utf-8")
    config = tmp_path / "config"
    config.write_text("[core]\n\tautocrlf = true\n\tabbrev = 12\n", "utf-8")
    odd = {"TZ": "Asia/Taipei", "PYTHONHASHSEED": "7", "GIT_CONFIG_GLOBAL": str(config)}
    command = [sys.executable, "tools/dist.py"]
    running = [
        subprocess.Popen(command, cwd=repo),
        subprocess.Popen(command, cwd=other, env={**os.environ, **odd}, umask=0o077),
    ]
    assert [one.wait(timeout=300) for one in running] == [0, 0]
    return repo / "dist", other / "dist"


def test_a_release_is_the_same_bytes_each_time(made):
    one, other = ({file.name: file.read_bytes() for file in out.iterdir()} for out in made)
    assert one == other
    assert set(one) == {
        f"manualsmith-{NEWEST}-py3-none-any.whl",
        f"manualsmith-{NEWEST}.tar.gz",
        f"manualsmith-{NEWEST}.cdx.json",
        "constraints.txt",
        "SHA256SUMS",
    }
    for line in one["SHA256SUMS"].decode().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256(one[name]).hexdigest() == digest
    assert_bill(made[0])


def assert_bill(folder: Path) -> None:
    """The bill names what comes with the wheel, in the versions that are tested, and no more."""
    [file] = folder.glob("*.cdx.json")
    text = file.read_text("utf-8")
    bill = json.loads(text)
    assert bill["bomFormat"] == "CycloneDX"
    assert "serialNumber" not in bill
    assert bill["metadata"]["timestamp"].startswith("2027-01-15")  # the commit's
    whole = bill["metadata"]["component"]
    assert (whole["name"], whole["version"]) == ("manualsmith", NEWEST)
    assert str(folder.parents[1]) not in text
    assert "file://" not in text
    with_it = {plain(one["name"]): one["version"] for one in bill["components"]}
    pinned = dict(
        line.partition(" ;")[0].split("==")
        for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    )
    known = {(plain(name), number) for name, number in pinned.items()}
    assert {one for one in with_it.items() if one[0] != "pymdown-extensions"} <= known
    assert asked_for(folder) <= set(with_it)
    assert not {"pytest", "mypy", "pip", "hatchling", "playwright"} & set(with_it)
    assert all(one.get("licenses") for one in bill["components"]), "no licence"


def asked_for(folder: Path) -> set[str]:
    """Return what the wheel in *folder* names as needed, by itself or by an extra of users."""
    [wheel] = folder.glob("*.whl")
    inside = zipfile.ZipFile(wheel)
    [about] = [name for name in inside.namelist() if name.endswith(".dist-info/METADATA")]
    needed = Parser().parsestr(inside.read(about).decode()).get_all("Requires-Dist") or []
    return {
        plain(re.split(r"[^\w.-]", one)[0])
        for one in needed
        if "extra == 'dev'" not in one and "python_version <" not in one
    }


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_a_tag_that_the_changelog_does_not_name_is_not_released(repo):
    git(repo, "tag", "v99.0.0")
    done = subprocess.run(
        [sys.executable, "tools/dist.py"], cwd=repo, capture_output=True, encoding="utf-8",
        check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert f"the tag is v99.0.0, and CHANGELOG.md begins with: ## {SECTIONS[0]}" in done.stderr
    assert "## 99.0.0 (YYYY-MM-DD)" in done.stderr
    assert not (repo / "dist").exists()


def test_the_changelog_is_by_version_and_the_newest_is_first():
    found = [SECTION.fullmatch(one) for one in SECTIONS]
    assert all(found), SECTIONS
    numbers = [tuple(int(part) for part in one.groups()[:3]) for one in found if one]
    assert numbers == sorted(set(numbers), reverse=True)
    assert [one[4] for one in found[1:] if one and one[4] == "unreleased"] == []


def test_each_tag_has_its_section_and_main_is_not_behind_one():
    """As far as the tags are here: a shallow clone has none."""
    tags = git(ROOT, "tag", "--list", "v[0-9]*").split()
    dated = {one.split()[0] for one in SECTIONS if "(unreleased)" not in one}
    assert {tag[1:] for tag in tags} <= dated
    here = re.match(r"(\d+)\.(\d+)\.(\d+)", version(ROOT))
    newest = SECTION.fullmatch(SECTIONS[0])
    assert here
    assert newest
    assert tuple(map(int, newest.groups()[:3])) >= tuple(map(int, here.groups()))
