"""A shared repository with the gate at its main, and a clone to push from."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from gitrepo import Files, git, make_bare, make_repo
from manuals import ENTRY, FACT, PAGES, STEP, write
from manualsmith.cli.group import run
from reviewing import suggest


@dataclass(frozen=True)
class Pushed:
    """How a push ended, and what git printed of it."""

    code: int
    said: str


@dataclass(frozen=True)
class Gate:
    """The bare repository, and the clone."""

    repo: Path
    bare: Path

    def push(self, *refs: str, folder: Path | None = None, **environment: str) -> Pushed:
        """Push, with what the server would know in its environment."""
        done = subprocess.run(
            ["git", "push", "-q", "origin", *refs],
            cwd=folder or self.repo,
            capture_output=True,
            encoding="utf-8",
            check=False,
            env={**os.environ, **environment},
        )
        return Pushed(done.returncode, done.stderr)


def make_gate(
    root: Path, settings: str = "protect_main = true\n", more: Files | None = None
) -> Gate:
    """Return a gate whose main has two open suggestions, both shared, and *more* files."""
    files: dict[str, str | bytes | None] = {**PAGES, **(more or {})}
    files |= {"pyproject.toml": f"[tool.manualsmith]\n{settings}", "bin/run": "x\n"}
    repo = make_repo(root, files)
    write(repo, findings=(STEP, ENTRY), facts=FACT)
    suggest(repo)
    for file in (repo / "records").rglob("*.yaml"):
        file.unlink()
    bare = make_bare(repo)
    assert run(["-C", str(bare), "hook", "install"]) == 0
    git(repo, "remote", "add", "origin", str(bare))
    git(repo, "fetch", "-q", "origin")
    return Gate(repo, bare)
