"""When files were last changed, also in clones that have a part of the history."""

import random
from datetime import date

import pytest

from gitrepo import commit, git, make_repo
from manualsmith.git.history import last_changes
from manualsmith.git.repository import Repository

FOLDER = "manuals"


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    """A history of 14 commits, some of them merges, each on a day of its own."""
    chance = random.Random(7)
    with pytest.MonkeyPatch.context() as patch:

        def change(repo, day):
            patch.setenv("GIT_COMMITTER_DATE", f"2026-03-{day:02}T12:00:00+0800")
            names = chance.sample("abcdef", 2)
            commit(repo, {f"{FOLDER}/{name}.md": f"{day}\n" for name in names})

        repo = make_repo(tmp_path_factory.mktemp("history"), {})
        for day in range(1, 14, 2):
            change(repo, day)
            if day % 3 == 0:
                git(repo, "switch", "-q", "-c", f"side{day}", "HEAD~1")
                change(repo, day + 1)
                git(repo, "switch", "-q", "main")
                git(repo, "merge", "-q", "-X", "ours", "-m", "merge", f"side{day}")
        yield repo


def changes(repo):
    repository = Repository.open(repo)
    return last_changes(repository, "HEAD", [FOLDER])


def test_each_file_has_the_day_of_its_last_commit(full):
    found = changes(full)
    assert set(found) == set(git(full, "ls-files").split())
    for path, day in found.items():
        told = git(full, "log", "-1", "-m", "--first-parent", "--format=%cs", "--", path)
        assert day == date.fromisoformat(told)


@pytest.mark.parametrize("depth", range(1, 10))
def test_a_shallow_clone_knows_less_and_nothing_wrong(full, tmp_path, depth):
    git(tmp_path, "clone", "-q", f"--depth={depth}", full.as_uri(), "shallow")
    known, right = changes(tmp_path / "shallow"), changes(full)
    assert known.items() <= right.items()
    whole = git(tmp_path / "shallow", "rev-parse", "--is-shallow-repository") == "false"
    assert (known == right) or not whole
    if depth == 1 and not whole:
        assert known == {}
