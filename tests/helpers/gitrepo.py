"""Real git repositories for tests, made in a few words."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

Files = Mapping[str, str | bytes | None]


def git(folder: Path, *arguments: str, data: str | None = None) -> str:
    """Run git in *folder* and return what it prints, without the last line's end."""
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        input=data,
        encoding="utf-8",
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, f"git {' '.join(arguments)}: {done.stderr}"
    return done.stdout.removesuffix("\n")


def make_repo(
    tmp_path: Path,
    files: Files,
    branch: str = "main",
    name: str = "repo",
    object_format: str = "",
) -> Path:
    """Return a new repository ``tmp_path/name`` with one commit of *files*, none without files."""
    repo = tmp_path / name
    repo.mkdir()
    kind = [f"--object-format={object_format}"] if object_format else []
    git(repo, "init", "-q", "-b", branch, *kind)
    if files:
        commit(repo, files)
    return repo


def make_bare(repo: Path, name: str = "bare.git") -> Path:
    """Return a bare clone of *repo* beside it."""
    git(repo, "clone", "-q", "--bare", ".", f"../{name}")
    return repo.parent / name


def commit(repo: Path, files: Files, message: str = "Change") -> str:
    """Write *files* (None deletes one), commit them on the current branch, return the id."""
    for path, content in files.items():
        file = repo / path
        if content is None:
            file.unlink()
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    git(repo, "add", "-A")
    git(repo, "commit", "-q", "--allow-empty", "-m", message)
    return git(repo, "rev-parse", "HEAD")


def show(repo: Path, spec: str) -> bytes:
    """Return the bytes of the object *spec*, such as ``main:page.md``."""
    command = ["git", "cat-file", "blob", spec]
    return subprocess.run(command, cwd=repo, capture_output=True, check=True).stdout


def refs(repo: Path) -> dict[str, str]:
    """Return every ref and where it stands."""
    lines = git(repo, "for-each-ref", "--format=%(refname) %(objectname)").splitlines()
    return {ref: oid for ref, _, oid in (line.partition(" ") for line in lines)}
