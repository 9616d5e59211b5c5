"""What goes wrong on real machines: killed at each step, many at once, a full or read-only disk."""

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
