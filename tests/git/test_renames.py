"""Where files were moved to, step by step, and what they may have become."""

import pytest

from gitrepo import commit, git, make_repo
from manualsmith.git.renames import moved_to, moves
from manualsmith.git.repository import Repository

FOLDER = "manuals"


def moved(repo, path, since, until="main"):
    found = moves(Repository.open(repo), since, until, [FOLDER])
    return moved_to(path, found)


def mv(repo, old, new):
    git(repo, "mv", f"{FOLDER}/{old}", f"{FOLDER}/{new}")
    return commit(repo, {})


@pytest.fixture
def moving(tmp_path):
    lines = "".join(f"{number}\n" for number in range(40))
    return make_repo(tmp_path, {f"{FOLDER}/a": lines, f"{FOLDER}/other": "x\n", "a": lines})


def test_where_a_file_is_after_it_was_moved(moving):
    start = git(moving, "rev-parse", "main")
    first = mv(moving, "a", "登 入\t\n")
    commit(moving, {f"{FOLDER}/a": "another one\n"})
    mv(moving, "登 入\t\n", "c")
    commit(moving, {f"{FOLDER}/c": "written anew\n"})
    assert moved(moving, f"{FOLDER}/a", start) == (f"{FOLDER}/c",)
    assert moved(moving, f"{FOLDER}/a", start, first) == (f"{FOLDER}/登 入\t\n",)
    assert moved(moving, f"{FOLDER}/a", first) == (f"{FOLDER}/a",)
    assert moved(moving, f"{FOLDER}/other", start) == (f"{FOLDER}/other",)
    assert moves(Repository.open(moving), "0" * 40, "main", [FOLDER]) == []


def test_which_of_several_a_file_has_become(moving):
    start, whole = git(moving, "rev-parse", "main"), (moving / FOLDER / "a").read_text()
    git(moving, "mv", f"{FOLDER}/a", f"{FOLDER}/z")
    commit(moving, {f"{FOLDER}/b": whole[: len(whole) * 2 // 3]})
    assert moved(moving, f"{FOLDER}/a", start) == (f"{FOLDER}/z",)
    commit(moving, {f"{FOLDER}/copy": whole})
    assert moved(moving, f"{FOLDER}/a", start) == (f"{FOLDER}/z",)
    git(moving, "mv", f"{FOLDER}/z", f"{FOLDER}/one")
    commit(moving, {f"{FOLDER}/two": whole + "more\n"})
    assert moved(moving, f"{FOLDER}/a", start) == (f"{FOLDER}/one", f"{FOLDER}/two")


def test_what_the_user_has_set_does_not_count(moving):
    start = git(moving, "rev-parse", "main")
    mv(moving, "a", "b")
    commit(moving, {f"{FOLDER}/b": (moving / FOLDER / "b").read_text() + "more\n"})
    for setting in ("diff.renames=false", "diff.renameLimit=0", "log.showSignature=true"):
        git(moving, "config", *setting.split("="))
    assert moved(moving, f"{FOLDER}/a", start) == (f"{FOLDER}/b",)
