"""Output that nobody reads, or that does not fit: a command ends quietly, or says what it is."""

import os
import subprocess
import sys

import pytest

import forking
from gitrepo import commit, git, make_repo, show
from manuals import ENTRY, FACT, PAGES, STEP, write
from manualsmith.cli.group import COMMANDS

STEP_ID, ENTRY_ID = "ENV-2026-0001-1", "ENV-2026-0001-2"
INCIDENT = "records/incidents/INC-2026-0001.yaml"
PAGE = "manuals/operation/sign-in.md"
# a call of each command, and how it ends
CALLS = {
    "adopt": (("--help",), 0),
    "apply": ((PAGE, "--edit", "edit.json"), 0),
    "audit": (("--json",), 0),
    "confirm": (("check", "--all", "--json"), 0),
    "desk": (("--team", "--no-browser"), 1),  # no proxy is set
    "doctor": (("--json",), 0),
    "due": (("--format", "json"), 0),
    "export": (("ENV-2026-0001", "--out", "-"), 0),
    "facts": (("--guess", "--json"), 0),
    "find": (("登入", "--json"), 0),
    "hook": (("install", "--dry-run"), 0),
    "import": (("--help",), 0),
    "incident": (("list", "--json"), 0),
    "init": (("--product", "x", "--dry-run"), 0),
    "labels": (("--check",), 1),  # against which catalogue?
    "pages": (("--help",), 0),
    "preview": (("--help",), 0),
    "probe": ((), 1),  # none is set
    "report": (("--format", "csv"), 0),
    "request": (("list",), 0),
    "review": (("show", STEP_ID), 0),
    "schema": (("confirmation",), 0),
    "suggest": (("--all", "--dry-run"), 0),
    "sync": ((), 1),  # there is no remote
    "translated": (("--help",), 0),
    "trace": (("ENV-2026-0001",), 0),
    "verify": (("--all", "--json"), 0),
    "walkthrough": (("list",), 0),
    "webhooks": (("send",), 0),
}
EDIT = '{"action": "replace-step", "section": ["第一次登入"], "step": 3, "text": "按。"}'


@pytest.fixture(scope="module")
def repo(tmp_path_factory):
    repo = make_repo(tmp_path_factory.mktemp("streams"), {**PAGES, "edit.json": EDIT})
    write(repo, findings=(STEP, ENTRY), facts=FACT)
    commit(repo, {})
    assert manualsmith(repo, "suggest", "--all").returncode == 0
    return repo


def manualsmith(repo, *arguments, of=subprocess, **how):
    """Run a command by an interpreter of its own, or *of* `forking`."""
    command = [sys.executable, "-m", "manualsmith", *arguments]
    how = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **how}
    return of.run(command, cwd=repo, text=True, encoding="utf-8", check=False, **how)


def into_a_closed_pipe(repo, *arguments, **how):
    reading, writing = os.pipe()
    os.close(reading)
    try:
        return manualsmith(repo, *arguments, stdout=writing, **how)
    finally:
        os.close(writing)


def test_there_is_a_call_of_each_command():
    assert set(CALLS) == set(COMMANDS)


@pytest.mark.parametrize("command", CALLS)
def test_a_reader_that_has_gone_is_no_error(repo, command):
    arguments, code = CALLS[command]
    done = into_a_closed_pipe(repo, command, *arguments, of=forking)
    assert done.returncode == code, done.stderr
    assert bool(done.stderr) == bool(code)
    assert "bug" not in done.stderr


def test_a_refusal_is_one_though_nobody_reads(repo):
    reading, writing = os.pipe()
    os.close(reading)
    done = manualsmith(repo, "review", "accept", "ENV-2026-0099-1", stdout=writing, stderr=writing)
    os.close(writing)
    assert done.returncode == 1


def test_what_was_to_be_done_is_done_though_nobody_reads(tmp_path):
    repo = make_repo(tmp_path, PAGES)
    write(repo, findings=(STEP, ENTRY))
    assert into_a_closed_pipe(repo, "suggest", "--all").returncode == 0
    assert into_a_closed_pipe(repo, "review", "accept", STEP_ID, ENTRY_ID).returncode == 0
    assert "按「允許存取」。" in show(repo, f"main:{PAGE}").decode()
    assert git(repo, "for-each-ref", "refs/heads/suggest") == ""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")  # noqa: PTH110
@pytest.mark.parametrize("command", ["audit", "review", "schema"])
def test_output_that_does_not_fit_is_told(repo, command):
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123
        done = manualsmith(repo, command, *CALLS[command][0], stdout=full)
    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert "bug" not in done.stderr


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_that_were_closed_before(repo, closed):
    command = f'"{sys.executable}" -m manualsmith review list {closed}'
    done = subprocess.run(["sh", "-c", command], cwd=repo, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert bool(done.stdout) == (">&-" not in closed.replace("2>&-", ""))
