"""Ask a remote, fetch from it and push to it: never a bare force, never a wait without an end."""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from manualsmith.errors import UserError
from manualsmith.git import process
from manualsmith.git.blobs import headers
from manualsmith.git.refs import RefUpdate
from manualsmith.git.repository import Repository
from manualsmith.text import t

ANSWER_SECONDS = 30.0
TRANSFER_SECONDS = 600.0
AT_ONCE = 500
SHOWN = 3
_QUIETLY = ("--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--refmap=")
_PLAINLY = ("--no-verify", "--no-recurse-submodules", "--no-signed", "--no-follow-tags")
_RESULT = re.compile(r"(?P<flag>.)\t[^\t]*:(?P<ref>[^\t]+)\t(?P<summary>.*)")
_MOVED = ("(stale info)", "(fetch first)", "(non-fast-forward)", "(needs force)")


class Unreachable(UserError):
    """The remote does not answer, or does not let this user in; nothing was changed there."""


@dataclass(frozen=True)
class Pushed:
    """What a remote did with the refs it was given.

    refused: the refs it did not take, with why. moved: those of them that somebody else has moved.
    said: the lines that the remote sent along, such as the address of a merge request.
    """

    refused: Mapping[str, str]
    moved: frozenset[str] = frozenset()
    said: tuple[str, ...] = ()


@dataclass(frozen=True)
class Remote:
    """A remote of a repository by its name. ``seconds``: how long to wait for each answer."""

    repository: Repository
    name: str
    seconds: float = ANSWER_SECONDS

    @classmethod
    def named(
        cls, repository: Repository, name: str, seconds: float = ANSWER_SECONDS
    ) -> "Remote | None":
        """Return the remote *name*, None in a repository without remotes.

        Raises Unreachable where there are some, but not this one.
        """
        remotes = repository.output("remote").decode("utf-8", "replace").splitlines()
        if remotes and name not in remotes:
            raise Unreachable(
                t("there is no remote {name}", name=name),
                hint=t("remotes: {names}", names=", ".join(remotes[:10])),
            )
        return cls(repository, name, seconds) if remotes else None

    def address(self) -> str:
        """Return where it pushes to, as git's configuration has it."""
        url = self.repository.output("remote", "get-url", "--push", "--", self.name)
        return url.decode("utf-8", "surrogateescape").strip()

    def refs(self, *patterns: str) -> dict[str, str]:
        """Return where the refs that match *patterns* stand on the remote. Raises Unreachable."""
        listed = self._reach(self.seconds, "ls-remote", "--refs", "--", self.name, *patterns)
        pairs = (line.split("\t") for line in listed.splitlines())
        return {ref: tip for tip, ref in pairs}

    def fetch(self, tips: Mapping[str, str]) -> None:
        """Bring the commits of *tips*, by ref, that are not here yet; no ref moves.

        Raises Unreachable, also where one of the refs is gone in the meantime.
        """
        wanted = dict(zip(tips, headers(self.repository, list(tips.values())), strict=True))
        missing = [ref for ref, header in wanted.items() if header is None]
        if missing:
            data = "".join(f"{ref}\n" for ref in missing).encode("utf-8", "surrogateescape")
            command = ("fetch", "--quiet", *_QUIETLY, "--stdin", "--", self.name)
            self._reach(TRANSFER_SECONDS, *command, data=data)

    def push(
        self, updates: Sequence[RefUpdate], *, options: Sequence[str] = (), together: bool = False
    ) -> Pushed:
        """Move refs of the remote, each only from its ``old``; with *together* all or none.

        *options* are push options; they are left out where the remote takes none. Of a remote that
        knows no transactions the first update is made alone, and the others if it went well.
        Raises Unreachable.
        """
        done = Pushed({})
        step = len(updates) if together else AT_ONCE
        for start in range(0, len(updates), max(step, 1)):
            part = self._push(updates[start : start + step], options, together)
            done = Pushed(
                {**done.refused, **part.refused}, done.moved | part.moved, done.said + part.said
            )
        return done

    def _push(self, updates: Sequence[RefUpdate], options: Sequence[str], together: bool) -> Pushed:
        leases = [f"--force-with-lease={u.ref}:{u.old or ''}" for u in updates]
        refspecs = [f"{u.new or ''}:{u.ref}" for u in updates]
        extra = [f"--push-option={option}" for option in options]
        atomic = ["--atomic"] if together and len(updates) > 1 else []
        command = ("push", "--porcelain", *_PLAINLY, *atomic, *extra, *leases)
        done = self._run(TRANSFER_SECONDS, *command, "--", self.name, *refspecs)
        if "does not support push options" in done.stderr:
            return self._push(updates, (), together)
        if "does not support --atomic" in done.stderr:
            first = self._push(updates[:1], options, together=False)
            return first if first.refused else self._push(updates[1:], options, together=False)
        found = _refused(done.stdout.decode("utf-8", "replace").splitlines())
        if done.code and not found:
            raise _unreachable(self.name, done)
        moved = frozenset(ref for ref, why in found.items() if why.endswith(_MOVED))
        said = tuple(_said(done.stderr))
        why_not = ": " + "; ".join(said[:SHOWN]) if said else ""
        told = {
            ref: f"{why}{why_not}" if why.startswith("[remote rejected]") else why
            for ref, why in found.items()
        }
        return Pushed(told, moved, said)

    def _reach(self, seconds: float, *arguments: str, data: bytes = b"") -> str:
        done = self._run(seconds, *arguments, data=data)
        if done.code:
            raise _unreachable(self.name, done)
        return done.stdout.decode("utf-8", "surrogateescape")

    def _run(self, seconds: float, *arguments: str, data: bytes = b"") -> process.Finished:
        slow = ["-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=10"]
        folder, env = self.repository.folder, self._ssh()
        return process.run(folder, *slow, *arguments, data=data, env=env, timeout=seconds)

    def _ssh(self) -> dict[str, str]:
        """Return the variable that keeps ssh from waiting long, where the user set no ssh."""
        own = "GIT_SSH_COMMAND" in os.environ or "GIT_SSH" in os.environ
        if own or self.repository.config("core.sshCommand"):
            return {}
        return {"GIT_SSH_COMMAND": "ssh -o ConnectTimeout=10"}


def _refused(lines: Iterable[str]) -> dict[str, str]:
    results = (_RESULT.fullmatch(line) for line in lines)
    return {r["ref"]: r["summary"].strip() for r in results if r and r["flag"] == "!"}


def _said(stderr: str) -> Iterable[str]:
    for line in stderr.splitlines():
        if line.startswith("remote:") and (said := line.removeprefix("remote:").strip()):
            yield said


def _unreachable(name: str, done: process.Finished) -> Unreachable:
    lines = done.stderr.splitlines()
    fatal = [line.removeprefix("fatal: ") for line in lines if line.startswith("fatal: ")]
    said = [*fatal, *lines, t("exit code {code}", code=done.code)][0]
    return Unreachable(t("{remote} cannot be reached: {reason}", remote=name, reason=said))
