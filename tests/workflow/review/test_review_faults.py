"""What goes wrong on real machines: killed at each step, many at once, a full or read-only disk."""

import json
import os
import re
import resource
import shutil
import subprocess
import sys
import textwrap
from functools import partial

import pytest

import forking
from gitrepo import commit, git, make_bare, make_repo, refs
from manuals import ENTRY, PAGES, STEP, write
from manualsmith.cli.group import run
from reviewing import ENTRY_ID, PAGE, STEP_BRANCH, STEP_ID, branches, page, record, whole

# A git that ends itself and who called it when the Nth command that writes is reached: before it
# does anything, after the command is done, or half way through what it is given to read.
KILLER = """\
#!/bin/sh
case " $* " in
  *" --stdin-paths "*) exec {git} "$@" ;;
  *" fast-import "* | *" update-ref "* | *" checkout "*) ;;
  *" rm "* | *" commit-tree "* | *" hash-object "*) ;;
  *) exec {git} "$@" ;;
esac
printf x >>{count}
[ "$(wc -c <{count})" -eq "$KILL_AT" ] || exec {git} "$@"
case $KILL_HOW in
  half) exec {python} {half} "$@" ;;
  after) {git} "$@" ;;
esac
kill -9 $PPID $$
"""
HALF = """\
import os, signal, subprocess, sys
child = subprocess.Popen([{git!r}, *sys.argv[1:]], stdin=subprocess.PIPE)
given = sys.stdin.buffer.read1(200)
child.stdin.write(given[: len(given) // 2])  # all of it, and git may be done, or hold a lock
child.stdin.flush()
os.kill(os.getppid(), signal.SIGKILL)
child.kill()
os.kill(os.getpid(), signal.SIGKILL)
"""
COMMANDS = {
    "accept": ("review", "accept", STEP_ID, ENTRY_ID),
    "reject": ("review", "reject", STEP_ID, ENTRY_ID, "--reason", "不必改"),
    "suggest": ("suggest", "--all"),
    "refresh": ("review", "refresh", "--all"),
}


def manualsmith(repo, *arguments, **options):
    command = [sys.executable, "-m", "manualsmith", *arguments]
    return forking.run(command, cwd=repo, capture_output=True, encoding="utf-8", **options)


@pytest.fixture
def repo(tmp_path):
    repo = make_repo(tmp_path, PAGES)
    write(repo, findings=(STEP, ENTRY))
    assert run(["-C", str(repo), "suggest", "--all"]) == 0
    commit(repo, {"notes.txt": "main moved"})
    return repo


@pytest.mark.parametrize("how", ["before", "after", "half"])
@pytest.mark.parametrize("command", COMMANDS)
def test_killed_at_each_write(repo, tmp_path, command, how):
    if command == "suggest":
        write(repo, 2, findings=(STEP.replace("允許存取", "授權"),))
    if command == "refresh":
        commit(repo, {PAGE: page(repo, STEP_BRANCH)})
    killer, count, half = (tmp_path / name for name in ("git", "count", "half.py"))
    names = {"git": shutil.which("git"), "python": sys.executable, "count": count, "half": half}
    killer.write_text(KILLER.format(**names), "utf-8")
    half.write_text(HALF.format(**names), "utf-8")
    killer.chmod(0o755)
    for at in range(1, 20):
        count.write_text("", "utf-8")
        environment = {"GIT_PYTHON_GIT_EXECUTABLE": str(killer), "KILL_AT": str(at)}
        environment = {**os.environ, **environment, "KILL_HOW": how}
        done = manualsmith(repo, *COMMANDS[command], env=environment)
        whole(repo)
        _open_or_decided(repo)
        _nothing_is_taken_back(repo)
        if done.returncode != -9:
            break
    assert at > 1
    lock = repo / ".git" / "index.lock"
    if lock.exists():
        assert "index.lock" in manualsmith(repo, *COMMANDS[command]).stderr
        lock.unlink()
    done = manualsmith(repo, *COMMANDS[command])
    assert done.returncode == 0, done.stderr
    whole(repo)
    if command in ("accept", "reject"):
        assert branches(repo) == []
        assert record(repo, STEP_ID).decision
    assert git(repo, "status", "--porcelain", "manuals", "suggestions") == ""


def _nothing_is_taken_back(repo):
    """What is staged, and `git commit -a` would commit, takes nothing away that main has."""
    lost = git(
        repo, "diff", "--name-only", "--diff-filter=D", "HEAD", "--", "suggestions", "manuals"
    )
    assert lost == ""
    said = git(repo, "diff", "HEAD", "--", "manuals")
    assert "-3. 按「允許存取」" not in said


def test_whatever_is_run_next_finishes_what_was_begun(repo, tmp_path):
    """Killed right before and right after main moves, with its files brought along already."""
    git_file, count = shutil.which("git"), tmp_path / "count"
    for how in ("before", "after"):
        killer = tmp_path / how
        script = KILLER.format(git=git_file, python="", count=count, half="")
        script = script.replace(
            '" fast-import "* | *" update-ref "* | *" checkout "*', '" update-ref "*'
        )
        script = script.replace('*" rm "* | *" commit-tree "* | *" hash-object "*) ;;', "")
        killer.write_text(script, "utf-8")
        killer.chmod(0o755)
        count.write_text("", "utf-8")
        environment = {"GIT_PYTHON_GIT_EXECUTABLE": str(killer), "KILL_AT": "1", "KILL_HOW": how}
        name = STEP_ID if how == "before" else ENTRY_ID
        done = manualsmith(repo, "review", "accept", name, env={**os.environ, **environment})
        assert done.returncode == -9
        assert (repo / ".git/manualsmith/moving.json").exists()
        _nothing_is_taken_back(repo)
        assert manualsmith(repo, "audit").returncode in (0, 1)
        assert not (repo / ".git/manualsmith/moving.json").exists()
        assert git(repo, "status", "--porcelain", "manuals", "suggestions") == ""
        assert any(ref.endswith(name) for ref in branches(repo)) == (how == "before")
        _open_or_decided(repo)


def test_files_that_cannot_be_finished_are_told(repo, tmp_path):
    note = {"folder": str(repo), "ref": "refs/heads/main"}
    tip = git(repo, "rev-parse", "main")
    assert run(["-C", str(repo), "review", "accept", STEP_ID]) == 0
    new = git(repo, "rev-parse", "main")
    git(repo, "reset", "-q", "--hard", "main")
    file = repo / ".git/manualsmith/moving.json"
    file.write_text(json.dumps({**note, "old": tip, "new": new}), "utf-8")
    (repo / PAGE).write_text("mine\n", "utf-8")
    listed = manualsmith(repo, "review", "list")
    assert listed.returncode == 0
    assert PAGE in listed.stderr
    assert (repo / PAGE).read_text("utf-8") == "mine\n"
    git(repo, "checkout", "-q", "--", PAGE)
    assert manualsmith(repo, "review", "list").stderr == ""
    assert not file.exists()


def _open_or_decided(repo):
    for name, manual in ((STEP_ID, "operation"), (ENTRY_ID, "troubleshooting")):
        is_open = any(ref.endswith(name) for ref in branches(repo))
        path = f"suggestions/{manual}/{name}.yaml"
        decided = git(repo, "ls-tree", "--name-only", "main", path) == path
        assert is_open != decided, name


def test_eight_at_once_lose_nothing(tmp_path):
    repo = make_repo(tmp_path, PAGES)
    text = "# 清單\n\n## 項目\n\n" + "".join(f"- 第 {n} 項\n" for n in range(60))
    commit(repo, {"manuals/operation/list.md": text})
    for number in range(1, 61):
        edit = f"{{action: append-to-section, section: [項目], text: '- 新的第 {number:02} 項'}}"
        finding = STEP.replace("page: sign-in.md", "page: list.md")
        finding = re.sub(r"edit: .*", f"edit: {edit}", finding)
        write(repo, number, findings=(finding,))
    assert run(["-C", str(repo), "suggest", "--all"]) == 0
    bare = make_bare(repo)
    ids = [f"ENV-2026-{number:04}-1" for number in range(1, 61)]
    running = []
    for start in range(8):
        loop = f"""
            import sys
            from manualsmith.cli.group import run
            for name in {ids[start:] + ids[:start]!r}[::4] + {ids[start::8]!r}:
                code = run(["-C", {str(bare)!r}, "review", "accept", name])
                assert code == 0, (name, code)
        """
        command = [sys.executable, "-c", textwrap.dedent(loop)]
        running.append(forking.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE))
    for process in running:
        said = process.communicate()[1].decode()
        assert process.returncode == 0, said
    assert branches(bare) == []
    assert git(bare, "rev-list", "--count", "--merges", "main") == "60"
    after = page(bare, "main", "manuals/operation/list.md")
    assert [line for line in after.splitlines() if "新的" in line] == [
        f"- 新的第 {number:02} 項" for number in range(1, 61)
    ]
    whole(bare)


def test_a_full_disk(repo):
    before = refs(repo)
    done = manualsmith(
        repo,
        *COMMANDS["accept"],
        preexec_fn=partial(resource.setrlimit, resource.RLIMIT_FSIZE, (0, 0)),
    )
    assert done.returncode != 0
    assert refs(repo) == before
    whole(repo)
    assert manualsmith(repo, *COMMANDS["accept"]).returncode == 0


def test_a_read_only_repository(repo):
    before = refs(repo)
    folders = [f for f in (repo / ".git").rglob("*") if f.is_dir()] + [repo / ".git"]
    for folder in folders:
        folder.chmod(0o555)
    # root may write everywhere; without this capability it may not
    drop = ["setpriv", "--bounding-set=-dac_override"] if os.geteuid() == 0 else []
    command = [*drop, sys.executable, "-m", "manualsmith", *COMMANDS["accept"]]
    done = subprocess.run(command, cwd=repo, capture_output=True, encoding="utf-8", check=False)
    for folder in folders:
        folder.chmod(0o755)
    assert done.returncode == 1, done.stderr
    assert "cannot be written" in done.stderr
    assert refs(repo) == before
    assert manualsmith(repo, *COMMANDS["accept"]).returncode == 0
