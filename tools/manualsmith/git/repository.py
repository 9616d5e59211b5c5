"""Find a repository, its main branch and who works in it."""

import re
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from manualsmith.errors import UserError
from manualsmith.git import process
from manualsmith.text import t

_CONFIG_KEY = re.compile(r"[A-Za-z][A-Za-z0-9-]*(\.[^\n\0]+)?\.[A-Za-z][A-Za-z0-9-]*")
_SUGGESTIONS = "suggest/"
_IDENT = re.compile(r"(?P<name>.*) <(?P<email>[^>]*)> (?P<seconds>\d+) (?P<offset>[+-]\d{4})")


@dataclass(frozen=True)
class LocalBranch:
    """A local branch: its short name, its full ref and the commit it stands on."""

    name: str
    ref: str
    tip: str


@dataclass(frozen=True)
class Identity:
    """A person or program as git's commits name them."""

    name: str
    email: str


@dataclass(frozen=True)
class Signature:
    """Who made a commit and when: seconds since 1970 and an offset such as ``+0800``."""

    name: str
    email: str
    seconds: int
    offset: str


@dataclass(frozen=True)
class Repository:
    """A git repository as it was found.

    folder: where git commands run: the worktree's root, or the git directory.
    git_dir: of this worktree; common_dir: what all its worktrees share.
    worktree: None in a bare repository, or where the search began inside the git directory.
    object_format: ``sha1`` or ``sha256``.
    person: who acts, where that is not whom git's configuration names.
    """

    git_dir: Path
    common_dir: Path
    worktree: Path | None
    is_bare: bool
    object_format: str
    person: Identity | None = None

    @classmethod
    def open(cls, path: Path) -> "Repository":
        """Return the repository that *path*, a folder or file, is in.

        Raises UserError where there is none, or where git refuses it for its owner.
        """
        folder = path if path.is_dir() else path.parent
        if not folder.is_dir():
            raise UserError(t("no folder {path}", path=folder))
        kind, bare, inside, git_dir = _rev_parse(
            folder,
            "--show-object-format",
            "--is-bare-repository",
            "--is-inside-work-tree",
            "--absolute-git-dir",
        ).split("\n", 3)
        shared = _rev_parse(folder, "--path-format=absolute", "--git-common-dir")
        worktree = Path(_rev_parse(folder, "--show-toplevel")) if inside == "true" else None
        return cls(Path(git_dir), Path(shared), worktree, bare == "true", kind)

    def acting(self, person: Identity | None) -> "Repository":
        """Return the repository with *person* as author and committer of what is written."""
        return replace(self, person=person)

    @property
    def folder(self) -> Path:
        """Where git commands run."""
        return self.worktree or self.git_dir

    @property
    def moving(self) -> Path:
        """The note of a move of main that is under way, or was when it was killed."""
        return self.common_dir / "manualsmith" / "moving.json"

    @property
    def hooks(self) -> Path:
        """The folder of the hooks that git runs here."""
        named = self.config("core.hooksPath")
        return self.git_dir / named if named else self.common_dir / "hooks"

    @property
    def no_oid(self) -> str:
        """The object id that stands for none."""
        return "0" * (64 if self.object_format == "sha256" else 40)

    def run(self, *arguments: str, data: bytes = b"") -> process.Finished:
        """Run git here and return how it ended, well or not."""
        return process.run(self.folder, *arguments, data=data)

    def output(self, *arguments: str, data: bytes = b"") -> bytes:
        """Run git here and return what it printed. Raises GitFailed."""
        return process.output(self.folder, *arguments, data=data)

    def config(self, key: str) -> str | None:
        """Return the last value of *key* in git's configuration, None where it is not set."""
        return next(reversed(self.configs(key)), None)

    def set_config(self, key: str, value: str) -> None:
        """Set *key* in the repository's own configuration."""
        if not _CONFIG_KEY.fullmatch(key):
            raise ValueError(f"not a configuration key: {key!r}")
        process.checked(self.run("config", key, value), "config")

    def configs(self, key: str) -> list[str]:
        """Return all values of *key* in git's configuration, in their order."""
        if not _CONFIG_KEY.fullmatch(key):
            raise ValueError(f"not a configuration key: {key!r}")
        found = self.run("config", "-z", "--get-all", key)
        if found.code == 1:
            return []
        listed = process.checked(found, "config").stdout.decode("utf-8", "replace")
        return listed.split("\0")[:-1]

    def signing_configured(self) -> bool:
        """Return whether git is set to sign commits."""
        return self.is_on("commit.gpgSign")

    def is_on(self, key: str) -> bool:
        """Return whether git's configuration switches *key* on."""
        return self.run("config", "--type=bool", "--get", key).stdout.strip() == b"true"

    def branches(self, under: str = "") -> list[LocalBranch]:
        """Return the local branches, by name: all, or that of a name and those under it."""
        pattern = f"refs/heads/{under}"
        listed = self.output("for-each-ref", "--format=%(refname)%00%(objectname)", pattern)
        pairs = (line.split("\0") for line in _text(listed).splitlines())
        return [LocalBranch(ref.removeprefix("refs/heads/"), ref, tip) for ref, tip in pairs]

    def cut_off(self) -> frozenset[str]:
        """Return the commits whose parents a shallow clone does not have; git tells of none."""
        file = self.common_dir / "shallow"
        return frozenset(file.read_text("ascii").split() if file.is_file() else ())

    def head_branch(self) -> str | None:
        """Return the name of the branch that HEAD is on, None where it is detached."""
        ref = _text(self.run("symbolic-ref", "-q", "HEAD").stdout).strip()
        return ref.removeprefix("refs/heads/") if ref.startswith("refs/heads/") else None

    def _origin_head(self) -> str:
        head = _text(self.run("symbolic-ref", "-q", "refs/remotes/origin/HEAD").stdout).strip()
        return head.removeprefix("refs/remotes/origin/")

    def main_branch(self, setting: str | None = None) -> LocalBranch:
        """Return the branch that holds the published manuals.

        It is git's ``manualsmith.main``, else *setting*, else ``main`` or ``master``, else what
        ``origin`` has checked out, else the branch of a bare repository's HEAD, else the only
        local branch but for suggestions.
        Raises UserError where that branch is missing, or nothing says which one it is.
        """
        named = self.config("manualsmith.main") or setting
        if named and named in (only := self._for_manuals(named)):  # not the thousand others
            return only[named]
        branches = self._for_manuals()
        if not branches:
            raise UserError(
                t("the repository has no commit yet"),
                hint=t("make a first commit with the manuals"),
            )
        if named:
            raise _no_main(named, list(branches))
        usual = ("main", "master", self._origin_head(), (self.is_bare and self.head_branch()) or "")
        for name in usual:
            if name in branches:
                return branches[name]
        if len(branches) == 1:
            return next(iter(branches.values()))
        raise _no_main(named, list(branches))

    def _for_manuals(self, under: str = "") -> dict[str, LocalBranch]:
        """Return the local branches by name but for suggestions: all, or those of `branches`."""
        found = self.branches(under)
        return {one.name: one for one in found if not one.name.startswith(_SUGGESTIONS)}

    def identity(self) -> Identity:
        """Return who git takes the user for. Raises UserError where that is not configured."""
        author = self.signature("author")
        return Identity(author.name, author.email)

    def signature(self, role: Literal["author", "committer"]) -> Signature:
        """Return what git would write into a commit made now, its ``GIT_*`` variables included.

        Raises UserError where no name or e-mail address is configured.
        """
        if self.person:
            now = time.localtime()
            seconds, offset = int(time.mktime(now)), time.strftime("%z", now)
            return Signature(self.person.name, self.person.email, seconds, offset)
        variable = f"GIT_{role.upper()}_IDENT"
        found = self.run("-c", "user.useConfigOnly=true", "var", variable)
        if found.code and (
            "auto-detection is disabled" in found.stderr or "empty ident" in found.stderr
        ):
            raise UserError(
                t("git does not know who you are"),
                hint='git config --global user.name "…"\ngit config --global user.email "…"',
            )
        match = _IDENT.fullmatch(_text(process.checked(found, "var").stdout).rstrip("\n"))
        if not match:
            raise process.GitFailed(t("git var {variable}: not understood", variable=variable))
        return Signature(match["name"], match["email"], int(match["seconds"]), match["offset"])


def _rev_parse(folder: Path, *arguments: str) -> str:
    found = process.run(folder, "rev-parse", *arguments)
    if found.code == 0:
        # One answer may be a path, which may end in blanks: take off the line's end alone.
        return _text(found.stdout).removesuffix("\n")
    if "not a git repository" in found.message:
        raise UserError(
            t("{path} is not in a git repository", path=folder), hint=t("git init starts one")
        )
    message, _, hint = found.message.partition("\n")
    raise UserError(message, hint=hint.strip() or None)


def _no_main(named: str | None, branches: list[str]) -> UserError:
    if named:
        message = t("there is no branch {name}", name=named)
    else:
        message = t("it is not clear which branch holds the published manuals")
    shown = ", ".join(branches[:10]) + (", …" if len(branches) > 10 else "")
    return UserError(
        message,
        hint=t("branches: {names}\nset it: git config manualsmith.main NAME", names=shown),
    )


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")
