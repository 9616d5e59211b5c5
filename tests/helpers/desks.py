"""A service desk for tests: a repository, and its commands as a person types them."""

import json
from pathlib import Path

from gitrepo import git, make_repo
from manuals import PAGES
from manualsmith.cli.group import run

PAGE = "manuals/operation/sign-in.md"


def make_desk(tmp_path: Path, files: dict[str, str] | None = None) -> Path:
    repo = make_repo(tmp_path, {**PAGES, **(files or {})})
    git(repo, "config", "manualsmith.staff", "S-0412")
    return repo


def ms(repo: Path, *arguments: str) -> int:
    """Run a command and return its exit code."""
    return run(["-C", str(repo), *arguments])


def said(capsys, repo: Path, *arguments: str) -> dict:
    """Run a command with ``--json`` and return what it printed."""
    capsys.readouterr()
    assert ms(repo, *arguments, "--json") == 0, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)


def request(repo: Path, capsys, symptom: str = "登入不了", *more: str) -> str:
    wanted = ("--symptom", symptom, "--product", "nextcloud", *more)
    made = said(capsys, repo, "request", "new", *wanted)
    return made["record"]["id"]


def incident(repo: Path, capsys, *requests: str) -> str:
    names = requests or (request(repo, capsys),)
    return said(capsys, repo, "incident", "open", *names)["record"]["id"]
