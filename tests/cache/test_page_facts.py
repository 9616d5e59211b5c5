"""The index of pages: in step with main whatever happened to it, and never the reason to fail."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

import forking
import manualsmith
from gitrepo import commit, git, make_repo
from manualsmith.cache import page_facts
from manualsmith.git.blobs import BlobReader
from manualsmith.layout import MANUALS
from manualsmith.markdown.locating.mentions import find_mentions
from manualsmith.markdown.reading.page import Page
from manualsmith.workflow.suggest import bound_facts
from manualsmith.workflow.suggest.bound_facts import fact_index
from manualsmith.workflow.workspace.open_workspace import open_workspace

KEY = ("nextcloud", "software", "app.version")
INDEXER = """
import sys
from pathlib import Path
from manualsmith.git.blobs import BlobReader
from manualsmith.workflow.suggest.bound_facts import fact_index
from manualsmith.workflow.workspace.open_workspace import open_workspace
workspace = open_workspace(Path(sys.argv[1]))
with BlobReader(workspace.repository) as reader, fact_index(workspace, reader) as index:
    print(len(index.with_number("7.7")))
"""


def text(value, body="說明。"):
    head = f'product: nextcloud\nenvironment:\n  software:\n    app.version: "{value}"\n'
    return f"---\n{head}---\n# 頁\n\n{body}\n"


def path(number):
    return f"manuals/{('operation', 'troubleshooting')[number % 2]}/p{number}.md"


@pytest.fixture
def repo(tmp_path):
    return make_repo(tmp_path, {path(n): text(f"3.{n % 3}", f"用 7.{n}。") for n in range(12)})


def file_of(repo):
    return repo / ".git/manualsmith/pages.sqlite"


def found(repo, number="7.7"):
    """Return the pages of each manual that state the fact, and those with a number."""
    workspace = open_workspace(repo)
    with BlobReader(workspace.repository) as reader, fact_index(workspace, reader) as index:
        stated = {name: index.pages(manual, KEY) for name, manual in MANUALS.items()}
        return stated, index.with_number(number)


def anew(repo, number="7.7"):
    """Return the same, read from the files of a checkout of main."""
    stated = {name: {} for name in MANUALS}
    numbers = []
    for file in sorted((repo / "manuals").rglob("*.md")):
        read = file.read_text("utf-8")
        name = file.relative_to(repo / "manuals").parts[0]
        if "app.version" in read:
            value = read.split('app.version: "')[1].split('"')[0]
            stated[name][file.relative_to(repo / "manuals" / name).as_posix()] = value
        if find_mentions(Page(read), number).certain:
            numbers.append(file.relative_to(repo).as_posix())
    return stated, numbers


def test_it_says_what_the_pages_say(repo):
    assert found(repo) == anew(repo)
    assert found(repo)[1] == [path(7)]


def test_after_any_change_it_is_as_if_made_anew(repo):
    chance = random.Random(3)
    for _ in range(12):
        changes = {}
        for number in chance.sample(range(16), 3):
            there = (repo / path(number)).exists()
            kept = text(f"4.{number}", f"用 {chance.choice(['7.7', '8.8'])}。")
            changes[path(number)] = None if there and chance.random() < 0.4 else kept
        commit(repo, changes)
        if chance.random() < 0.6:
            assert found(repo) == anew(repo)
    git(repo, "reset", "-q", "--hard", "HEAD~5")
    assert found(repo) == anew(repo)


def test_only_changed_pages_are_read(repo, monkeypatch):
    found(repo)
    commit(repo, {path(3): text("9.9")})
    read = []
    extracted = bound_facts._extracted
    monkeypatch.setattr(
        bound_facts, "_extracted", lambda at, data: read.append(data) or extracted(at, data)
    )
    assert found(repo) == anew(repo)
    assert len(read) == 1


def test_a_page_that_is_no_text_or_a_link_is_left_out(repo):
    (repo / "manuals/operation/link.md").symlink_to("p2.md")
    commit(repo, {"manuals/operation/bad.md": b"\xff\xfe 7.7"})
    assert found(repo)[1] == [path(7)]


@pytest.mark.parametrize("damage", [b"", b"not a database", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_file_is_made_anew(repo, damage):
    before = found(repo)
    for end in ("-wal", "-shm"):
        file_of(repo).with_name(f"pages.sqlite{end}").unlink(missing_ok=True)
    file_of(repo).write_bytes(damage)
    assert found(repo) == before
    assert found(repo) == before


def test_another_version_starts_anew(repo, monkeypatch):
    with monkeypatch.context() as older:
        older.setattr(page_facts, "__version__", "0.0.0")
        found(repo)
    assert found(repo) == anew(repo)


def test_the_commit_that_it_described_is_gone(repo):
    found(repo)
    git(repo, "commit", "-q", "--amend", "-m", "other", "--date", "2020-01-01T00:00:00Z")
    git(repo, "reflog", "expire", "--expire=now", "--all")
    git(repo, "gc", "-q", "--prune=now")
    assert found(repo) == anew(repo)


def test_a_folder_that_cannot_be_made_is_done_without(repo):
    (repo / ".git/manualsmith").write_text("in the way", "utf-8")
    assert found(repo) == anew(repo)


def test_a_locked_file_is_done_without(repo, monkeypatch):
    import sqlite3

    found(repo)
    commit(repo, {path(3): text("9.9")})
    monkeypatch.setattr(page_facts, "WAIT_SECONDS", 0.1)
    other = sqlite3.connect(file_of(repo), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert found(repo) == anew(repo)
    other.close()


def test_several_processes_build_it_at_once(repo):
    tools = str(Path(manualsmith.__file__).parents[1])
    program = f"import sys; sys.path.insert(0, {tools!r})\n{INDEXER}"
    command = [sys.executable, "-c", program, str(repo)]
    running = [forking.Popen(command, stdout=subprocess.PIPE) for _ in range(6)]
    assert [process.communicate()[0] for process in running] == [b"1\n"] * 6
    assert found(repo) == anew(repo)
