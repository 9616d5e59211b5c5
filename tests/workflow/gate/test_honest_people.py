"""Honest people at the gate: nobody is locked out, and what a refusal says to type works."""

import json
import re
import subprocess

import pytest

from gated import Gate, make_gate
from gitrepo import commit, git, show
from manualsmith.cli.group import run
from reviewing import ENTRY_BRANCH, ENTRY_ID, PAGE, STEP_BRANCH, STEP_ID, accept, page

SETTINGS = "[tool.manualsmith]\nprotect_main = true\n"
BROKEN = {
    "no TOML": ("[[[\n", "not a TOML file"),
    "a text for a switch": (
        '[tool.manualsmith]\nprotect_main = "yes"\n',
        "protect_main must be true or false",
    ),
    "an unknown setting": (f"{SETTINGS}protect_mian = true\n", "no setting protect_mian"),
    "a main that is nowhere": (f'{SETTINGS}main = "nowhere"\n', "there is no such branch"),
    "no text": (b"\xff\xfe", "not a TOML file"),
}


@pytest.fixture
def gate(tmp_path) -> Gate:
    return make_gate(tmp_path)


def typed(repo, said):
    """Run the commands that a refusal says, as they stand there."""
    lines = [line.partition("manualsmith: ")[2].strip() for line in said.splitlines()]
    commands = [line for line in lines if re.match(r"(git|manualsmith) ", line)]
    for command in commands:
        words = [word if word != "…" else "不改" for word in command.split()]
        if words[0] == "git":
            git(repo, *words[1:])
        else:
            assert run(["-C", str(repo), *words[1:]]) == 0, command
    return commands


@pytest.mark.parametrize("protected", [True, False])
def test_settings_that_nobody_could_work_with(tmp_path, protected):
    gate = make_gate(tmp_path, "protect_main = true\n" if protected else "")
    for settings, why in BROKEN.values():
        git(gate.repo, "checkout", "-q", "-B", "tried", "main")
        commit(gate.repo, {"pyproject.toml": settings})
        for ref in ("main", "release/78"):
            done = gate.push(f"tried:refs/heads/{ref}")
            assert done.code
            assert why in done.said
    git(gate.repo, "checkout", "-q", "main")
    assert accept(gate.repo, STEP_ID).outcomes[0].status == "accepted"
    assert gate.push("main", f":{STEP_BRANCH}").code == 0


@pytest.mark.parametrize("broken", ["no TOML", "a main that is nowhere"])
def test_settings_that_were_broken_at_the_server_are_mended_by_a_push(gate, broken):
    settings, _ = BROKEN[broken]
    commit(gate.repo, {"pyproject.toml": settings})
    git(gate.bare, "fetch", "-q", str(gate.repo), "main:main")  # as its owner may
    commit(gate.repo, {"notes.md": "x\n"})
    assert gate.push("main").code
    git(gate.repo, "fetch", "-q", "origin")
    git(gate.repo, "reset", "-q", "--hard", "origin/main")
    loose = commit(gate.repo, {"pyproject.toml": "[tool.manualsmith]\n"})
    assert "protect_main is switched off" in gate.push(f"{loose}:main").said
    git(gate.repo, "reset", "-q", "--hard", "HEAD^")
    commit(gate.repo, {"pyproject.toml": SETTINGS})
    done = gate.push("main")
    assert done.code == 0, done.said


def test_a_pull_with_a_commit_of_ones_own(gate):
    repo = gate.repo
    other = repo.parent / "other"
    git(repo.parent, "clone", "-q", str(gate.bare), "other")
    accept(repo, STEP_ID)
    assert gate.push("main", f":{STEP_BRANCH}").code == 0
    commit(other, {"notes.md": "x\n"})
    git(other, "pull", "-q", "--no-rebase", "--no-edit")
    done = gate.push("main", folder=other)
    assert done.code
    assert "does not follow from" in done.said
    assert [c.partition(" ")[2] for c in typed(other, done.said)] == [
        "fetch origin", "rebase origin/main", "push origin main",
    ]  # fmt: skip
    assert git(gate.bare, "rev-parse", "main") == git(other, "rev-parse", "main")
    assert show(gate.bare, "main:notes.md") == b"x\n"


def test_a_decision_of_ones_own_and_a_pull(gate):
    repo = gate.repo
    other = repo.parent / "other"
    git(repo.parent, "clone", "-q", str(gate.bare), "other")
    git(other, "branch", "-q", ENTRY_BRANCH, f"origin/{ENTRY_BRANCH}")
    accept(repo, STEP_ID)
    assert gate.push("main", f":{STEP_BRANCH}").code == 0
    accept(other, ENTRY_ID)
    git(other, "pull", "-q", "--no-rebase", "--no-edit")
    done = gate.push("main", folder=other)
    assert done.code
    assert f"manualsmith review accept {ENTRY_ID} --push" in typed(other, done.said)
    record = show(gate.bare, f"main:suggestions/troubleshooting/{ENTRY_ID}.yaml").decode()
    assert "state: accepted" in record


@pytest.mark.parametrize(
    "how", ["merged with more", "copied without its record", "the record alone"]
)
def test_a_merge_that_carries_more(gate, how):
    repo = gate.repo
    if how == "merged with more":
        git(repo, "merge", "-q", "--no-ff", "--no-commit", STEP_BRANCH)
        commit(repo, {PAGE: page(repo) + "\n自己加的。\n"}, "Merge it")
    elif how == "the record alone":
        record = f"suggestions/operation/{STEP_ID}.yaml"
        git(repo, "checkout", "-q", STEP_BRANCH, "--", record, "records")
        git(repo, "commit", "-q", "-m", "The record")
    else:
        git(repo, "checkout", "-q", STEP_BRANCH, "--", PAGE)
        git(repo, "commit", "-q", "-m", "The page")
    done = gate.push("main")
    assert done.code
    commands = typed(repo, done.said) if "without" not in how else []
    if commands:
        assert commands[-1] == f"manualsmith review accept {STEP_ID} --push"
        assert "允許存取" in show(gate.bare, f"main:{PAGE}").decode()
        assert "自己加的" not in show(gate.bare, f"main:{PAGE}").decode()
        assert "自己加的" in show(repo, f"mine:{PAGE}").decode() or how != "merged with more"
    else:
        assert "manualsmith confirm new" in done.said


def test_a_branch_that_goes_without_a_decision(gate):
    git(gate.repo, "branch", "-D", STEP_BRANCH)
    done = gate.push(f":{STEP_BRANCH}")
    assert done.code
    assert typed(gate.repo, done.said) == [f"manualsmith review reject {STEP_ID} --reason … --push"]
    assert STEP_BRANCH not in git(gate.bare, "for-each-ref")


def test_a_main_that_was_rewound(gate):
    accept(gate.repo, STEP_ID)
    assert gate.push("main", f":{STEP_BRANCH}").code == 0
    git(gate.repo, "reset", "-q", "--hard", "HEAD^")
    done = gate.push("+main")
    assert done.code
    typed(gate.repo, done.said)
    assert gate.push("main").code == 0


def test_the_server_opens_the_gate_for_a_while(gate, capsys):
    bare = str(gate.bare)
    commit(gate.repo, {PAGE: page(gate.repo) + "\n修復。\n"})
    assert gate.push("main").code
    assert run(["-C", bare, "hook", "unlock", "--reason", "修復", "--minutes", "5"]) == 0
    done = gate.push("main")
    assert done.code == 0
    assert "修復" in done.said
    assert run(["-C", bare, "hook", "lock"]) == 0
    commit(gate.repo, {PAGE: page(gate.repo) + "\n再一次。\n"})
    assert gate.push("main").code
    capsys.readouterr()
    assert run(["-C", bare, "hook", "log", "--json"]) == 0
    book = json.loads(capsys.readouterr().out)
    assert [entry["what"] for entry in book] == ["unlocked", "let through", "locked"]
    assert "refs/heads/main" in book[1]["pushed"][0]
    assert run(["-C", bare, "hook", "log"]) == 0
    assert run(["-C", str(gate.repo), "hook", "unlock", "--reason", "x"]) == 1
    assert run(["-C", bare, "hook", "unlock", "--reason", " "]) == 2


def test_an_open_gate_closes_by_itself(gate):
    assert run(["-C", str(gate.bare), "hook", "unlock", "--reason", "x"]) == 0
    file = gate.bare / "manualsmith" / "unlocked.json"
    file.write_text(file.read_text("utf-8").replace('"until": "2', '"until": "1'), "utf-8")
    commit(gate.repo, {PAGE: "# x\n"})
    assert gate.push("main").code
    file.write_text("{", "utf-8")
    assert gate.push("main").code


def test_an_open_gate_needs_nothing_that_reads(gate):
    commit(gate.repo, {"pyproject.toml": "[[[\n"})
    assert run(["-C", str(gate.bare), "hook", "unlock", "--reason", "x"]) == 0
    assert gate.push("main").code == 0
    assert subprocess.run(["git", "fsck"], cwd=gate.bare, check=True, capture_output=True)
