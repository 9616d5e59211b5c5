"""``make demo``: the main job on the shipped confirmations, in a scratch clone under ``demo/``."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.rule import Rule
from rich.table import Table

from manualsmith.layout import CONFIRMATIONS
from manualsmith.records.confirmation import parse_confirmation

ROOT = Path(__file__).resolve().parent.parent
SCRATCH = ROOT / "demo"
CLONE = SCRATCH / "manuals"
SITE = SCRATCH / "site"
REVIEW = SCRATCH / "review"
PREVIEW = SCRATCH / "preview"
SHOWN = "suggest/O1.2.1/"

console = Console(highlight=False, soft_wrap=True)


def main() -> None:
    """Go through the main job and say where to look."""
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    _clone()
    _step("1. What staff saw: the environment confirmations (O1.1.1)")
    _confirmations()
    _step("2. One command: a branch for each suggested edit (O1.2.1, O1.2.2)")
    _run("manualsmith", "suggest", "--all")
    _step("3. The branches")
    branches = _run("git", "branch", "--list", "suggest/*").split()
    _step("4. One suggestion, as a reviewer sees it")
    shown = next(name for name in branches if name.startswith(SHOWN))
    words = "--word-diff=" + ("color" if console.is_terminal else "plain")
    # Chinese has no spaces: git, too, must take each character for a word.
    _run("git", "show", "--patch", words, "--word-diff-regex=.", shown, "--", "manuals")
    _step("5. Run again: nothing changes where nothing changed")
    _run("manualsmith", "suggest", "--all")
    _step("6. The queue, and one suggestion of it")
    _run("manualsmith", "review", "list")
    first, second = (name.rpartition("/")[2] for name in (shown, branches[-1]))
    _run("manualsmith", "review", "show", first, "--rendered", str(SCRATCH / "look.html"))
    _step("7. Decide: each decision is a record on main")
    _run("manualsmith", "review", "accept", first)
    _run("manualsmith", "review", "reject", second, "--reason", "示範：這一項先不採用")
    _run("manualsmith", "review", "list", "--state", "accepted", "--state", "rejected")
    _step("8. Main moved: put the others on it, and verify")
    _run("manualsmith", "review", "refresh", "--all")
    _run("manualsmith", "verify", "--all", "--range", "origin/HEAD..HEAD")
    _step("9. The manuals, published")
    _run("mkdocs", "build", "--strict", "--site-dir", str(SITE))
    _step("10. The queue as a site to look through, and the manuals as they would be")
    _run("manualsmith", "preview", "--all", "--out", str(REVIEW))
    _run("manualsmith", "preview", branches[1].rpartition("/")[2], "--out", str(PREVIEW))
    console.print()
    console.print(Rule("Look at"))
    console.print(f"one suggestion     {(SCRATCH / 'look.html').relative_to(ROOT)}", markup=False)
    console.print(f"the site           {(SITE / 'index.html').relative_to(ROOT)}", markup=False)
    console.print(f"the review site    {(REVIEW / 'index.html').relative_to(ROOT)}", markup=False)
    console.print(f"a preview          {(PREVIEW / 'index.html').relative_to(ROOT)}", markup=False)
    console.print(f"the scratch clone  {CLONE.relative_to(ROOT)} (git log --all --graph)")
    console.print("serve it live      make serve")


def _clone() -> None:
    shutil.rmtree(SCRATCH, ignore_errors=True)
    SCRATCH.mkdir()
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(CLONE)], check=True)
    # A machine that was set up a minute ago has no author for git; this is the scratch clone's.
    for key, value in (("user.name", "示範"), ("user.email", "demo@example.org")):
        subprocess.run(["git", "-C", str(CLONE), "config", key, value], check=True)
    here = subprocess.run(
        ["git", "-C", str(CLONE), "rev-parse", "--verify", "--quiet", "refs/heads/main"],
        check=False,
    )
    if here.returncode:
        subprocess.run(["git", "-C", str(CLONE), "branch", "main"], check=True)


def _step(title: str) -> None:
    console.print()
    console.print(Rule(title, align="left"))


def _confirmations() -> None:
    table = Table("確認書", "日期", box=None, padding=(0, 2, 0, 0))
    for heading in ("反映", "不同的環境", "發現"):
        table.add_column(heading, overflow="fold")
    for path in sorted((CLONE / CONFIRMATIONS).glob("*.yaml")):
        read = parse_confirmation(path.read_bytes(), path.name)
        facts = [
            f"{fact.fact} {fact.documented} → {fact.observed}"
            for _, found in read.environment
            for fact in found
            if fact.documented and fact.documented != fact.observed
        ]
        table.add_row(
            read.id, str(read.date), read.reported, "\n".join(facts), str(len(read.findings))
        )
    Console(width=min(110, console.width)).print(table)


def _run(*command: str) -> str:
    console.print("$ " + " ".join(command), style="bold", markup=False)
    sys.stdout.flush()
    environment = {
        **os.environ,
        "GIT_PAGER": "cat",
        "FORCE_COLOR": "1" if console.is_terminal else "",
    }
    environment = {name: value for name, value in environment.items() if value}
    done = subprocess.run(
        command, cwd=CLONE, env=environment, check=False, text=True, stdout=subprocess.PIPE
    )
    sys.stdout.write(done.stdout)
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout


if __name__ == "__main__":
    main()
