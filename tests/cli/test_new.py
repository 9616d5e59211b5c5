"""``confirm new``: an id of its own, and a file in which nothing is wrong but its blanks."""

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import forking
from gitrepo import commit, git, make_bare, make_repo, refs
from manuals import PAGES, confirmation, write
from manualsmith.cli.group import run
from manualsmith.records.yaml.read_yaml import load

IDS = "refs/manualsmith/ids/ENV"
FOLDER = "records/confirmations"


@pytest.fixture
def repo(tmp_path):
    return make_repo(tmp_path, PAGES)


@pytest.fixture
def desks(repo):
    """Two clones of one bare remote."""
    shared = make_bare(repo, "shared.git")
    for name in ("one", "two"):
        git(shared, "clone", "-q", ".", f"../{name}")
    return shared.parent / "one", shared.parent / "two"


def new(repo, capsys, *options):
    """Return the exit code of ``confirm new``, and what stands on stdout and stderr."""
    code = run(["-C", str(repo), "confirm", "new", *options])
    return code, *capsys.readouterr()


def values(repo, path):
    return load((repo / path).read_bytes(), path).value


def test_the_file_is_refused_for_its_blank_alone(repo, capsys):
    code, out, err = new(repo, capsys, "--product", "nextcloud")
    path = f"{FOLDER}/ENV-{date.today().year}-0001.yaml"
    assert (code, out) == (0, f"{path}\n")
    assert f"manualsmith confirm check {path}" in err
    assert run(["-C", str(repo), "confirm", "check", str(repo / path)]) == 1
    out, err = capsys.readouterr()
    assert out == "0 right, 1 wrong\n"
    line = (repo / path).read_text("utf-8").splitlines().index("reported:") + 1
    assert err == f"{repo / path}:{line}:1: reported is empty; allowed: a text\n"


def test_suggest_refuses_the_blank_file_and_makes_nothing(repo, capsys):
    new(repo, capsys, "--product", "nextcloud")
    assert run(["-C", str(repo), "suggest", "--all"]) == 1
    assert "files not used: 1" in capsys.readouterr().out
    assert not any("suggest" in ref for ref in refs(repo))


def test_the_second_call_takes_the_next_id_though_the_first_file_is_gone(repo, capsys):
    options = ("--product", "x", "--date", "2026-11-24")
    first = new(repo, capsys, *options)[1].strip()
    (repo / first).unlink()
    assert new(repo, capsys, *options)[1] == f"{FOLDER}/ENV-2026-0002.yaml\n"
    assert git(repo, "log", "--format=%s", IDS).splitlines() == ["ENV-2026-0002", "ENV-2026-0001"]


def test_each_year_counts_for_itself(repo, capsys):
    write(repo, 41)
    for day, number in (("2026-01-01", "2026-0042"), ("2027-01-01", "2027-0001")):
        _, out, _ = new(repo, capsys, "--product", "x", "--date", day)
        assert out == f"{FOLDER}/ENV-{number}.yaml\n"
        assert values(repo, out.strip())["date"] == day


def test_an_id_of_main_or_of_a_branch_alone_is_taken(repo, capsys):
    commit(repo, {f"{FOLDER}/ENV-2026-0003.yaml": confirmation(3)})
    git(repo, "branch", "suggest/O1.2.1/ENV-2026-0008-1")
    git(repo, "checkout", "-q", "--orphan", "elsewhere")
    git(repo, "rm", "-q", "-rf", ".")
    options = ("--product", "x", "--date", "2026-11-24")
    assert new(repo, capsys, *options)[1] == f"{FOLDER}/ENV-2026-0009.yaml\n"


def test_a_dry_run_writes_nothing_and_claims_nothing(desks, capsys):
    desk, _ = desks
    before = refs(desk), refs(desk.parent / "shared.git")
    for options in (), ("--stdout",):
        code, out, _ = new(desk, capsys, "--product", "x", "--dry-run", *options)
        assert code == 0
        assert f"ENV-{date.today().year}-0001" in out
    assert (refs(desk), refs(desk.parent / "shared.git")) == before
    assert git(desk, "status", "--porcelain") == ""


def test_on_stdout_it_is_the_file_that_would_be_written(repo, capsys):
    options = ("--product", "x", "--date", "2026-11-24")
    _, printed, err = new(repo, capsys, *options, "--stdout")
    assert err == ""
    assert git(repo, "status", "--porcelain") == ""
    _, path, _ = new(repo, capsys, *options)
    written = (repo / path.strip()).read_bytes()
    assert written.replace(b"0002", b"0001") == printed.encode()


def test_two_clones_in_turn_and_then_both_push(desks, capsys):
    paths = []
    for desk in (*desks, *desks):
        code, out, err = new(desk, capsys, "--product", "x", "--date", "2026-11-24")
        assert code == 0
        assert "letters" not in err
        paths.append(out.strip())
    assert paths == [f"{FOLDER}/ENV-2026-{number:04}.yaml" for number in (1, 2, 3, 4)]
    for desk in desks:
        git(desk, "add", "-A")
        git(desk, "commit", "-q", "-m", "New")
        git(desk, "pull", "-q", "--no-rebase", "--no-edit")
        git(desk, "push", "-q")
    assert git(desks[1], "ls-tree", "-r", "--name-only", "HEAD", FOLDER).splitlines() == paths


def test_two_clones_at_once(desks):
    command = [sys.executable, "-m", "manualsmith", "-C"]
    options = ["confirm", "new", "--product", "x", "--date", "2026-11-24"]
    started = [
        forking.Popen([*command, str(desk), *options], stdout=subprocess.PIPE, encoding="utf-8")
        for desk in desks * 2
    ]
    paths = sorted(process.communicate()[0].strip() for process in started)
    assert [process.returncode for process in started] == [0] * 4
    assert paths == [f"{FOLDER}/ENV-2026-{number:04}.yaml" for number in (1, 2, 3, 4)]


def test_two_clones_that_cannot_reach_the_remote(desks, capsys):
    made = set()
    for desk in desks:
        git(desk, "remote", "set-url", "origin", str(desk / "nowhere.git"))
        code, out, err = new(desk, capsys, "--product", "x", "--date", "2026-11-24")
        assert code == 0
        assert "the id has letters of its own: " in err
        assert re.fullmatch(rf"{FOLDER}/ENV-2026-0001-[a-z]{{5}}\.yaml\n", out)
        assert values(desk, out.strip())["id"] == Path(out.strip()).stem
        made.add(out)
    assert len(made) == 2


def test_a_bare_repository_has_only_stdout(repo, capsys):
    bare = make_bare(repo)
    before = refs(bare)
    code, out, err = new(bare, capsys, "--product", "x")
    assert (code, out) == (1, "")
    assert "a bare repository has no folder to write to\n  hint: print it with --stdout" in err
    assert refs(bare) == before
    code, out, err = new(bare, capsys, "--product", "x", "--stdout", "--date", "2026-11-24")
    assert (code, err) == (0, "")
    assert load(out, "x").value["id"] == "ENV-2026-0001"


def test_the_product_is_that_of_the_last_confirmation_that_can_be_read(repo, capsys):
    for number, product in ((1, "mailer"), (2, "日誌 平台")):
        write(repo, number, text=confirmation(number).replace("nextcloud", product))
    write(repo, 3, text="not: [a confirmation\n")
    code, out, _ = new(repo, capsys, "--date", "2026-11-24")
    assert code == 0
    assert out == f"{FOLDER}/ENV-2026-0004.yaml\n"
    assert values(repo, out.strip())["product"] == "日誌 平台"


@pytest.mark.parametrize(
    "value", ["a: b", "x\nid: ENV-2026-9999", "#", '"', "$id", "null", "日誌 {"]
)
def test_what_is_given_stays_one_value(repo, capsys, value):
    code, out, _ = new(repo, capsys, "--product", value, "--staff", value, "--date", "2026-11-24")
    assert code == 0
    made = values(repo, out.strip())
    assert (made["product"], made["staff"]) == (value, value)
    assert made["id"] == "ENV-2026-0001"


def test_a_folder_that_cannot_be_written_to(repo, capsys):
    (repo / "records").write_text("a file\n", "utf-8")
    code, out, err = new(repo, capsys, "--product", "x", "--date", "2026-11-24")
    assert (code, out) == (1, "")
    assert f"{repo / FOLDER / 'ENV-2026-0001.yaml'}: cannot be written: " in err
    assert (repo / "records").read_text("utf-8") == "a file\n"


@pytest.mark.parametrize(
    "options", [["--date", "2026-02-30"], ["--date"], ["--produce", "x"], ["x"]]
)
def test_wrong_usage_claims_nothing(repo, capsys, options):
    before = refs(repo)
    code, out, err = new(repo, capsys, "--product", "x", *options)
    assert (code, out) == (2, "")
    assert "Error: " in err
    assert refs(repo) == before


def test_a_linked_worktree_shares_the_count(repo, capsys):
    git(repo, "worktree", "add", "-q", "../linked")
    options = ("--product", "x", "--date", "2026-11-24")
    made = [new(folder, capsys, *options)[1] for folder in (repo, repo.parent / "linked")]
    assert made == [f"{FOLDER}/ENV-2026-0001.yaml\n", f"{FOLDER}/ENV-2026-0002.yaml\n"]
    assert [f.name for f in (repo.parent / "linked" / FOLDER).iterdir()] == ["ENV-2026-0002.yaml"]
