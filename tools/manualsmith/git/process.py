"""Start git and read its answer: the only module that knows GitPython.

Every question goes to git itself, in a process that GitPython's wrapper holds and ends; its objects
(``Repo``, ``Head``, ``GitConfigParser``) are used nowhere. Tried on 3.2.1: 1,500 branches with the
parents of their commits take ``Repo.heads`` 7,660 ms and one ``for-each-ref`` 86 ms; a reference of
a SHA-256 repository is a ValueError to it; its configuration leaves ``GIT_CONFIG_GLOBAL`` and
``GIT_CONFIG_COUNT`` out; and it looks for the repository where a hook's ``GIT_COMMON_DIR`` points,
whoever owns it.
"""

import os
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from manualsmith.errors import UserError
from manualsmith.text import t

if TYPE_CHECKING:
    from git.cmd import Git

TIMED_OUT = 124

# Set by hooks and wrappers, these would send a command to another repository, index or file, or
# have it see another history than the objects hold.
# Where objects are (GIT_OBJECT_DIRECTORY) stays: a pre-receive hook sees new objects by it alone.
_REDIRECTING = (
    "GIT_DIR",
    "GIT_COMMON_DIR",
    "GIT_WORK_TREE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_GRAFT_FILE",
    "GIT_SHALLOW_FILE",
    "GIT_REPLACE_REF_BASE",
    "GIT_PREFIX",
    "GIT_CONFIG",
    "GIT_LITERAL_PATHSPECS",
    "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
)

# Whoever may push refs/replace/ would have every command read other objects than those that
# their ids name, and those that were verified.
_OURS = {
    "LANGUAGE": "C",
    "LC_ALL": "C",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
}


class GitFailed(UserError):
    """git ended with an error that this program did not expect; the message is git's."""


@dataclass(frozen=True)
class Finished:
    """A git command that has ended: its exit code, output and messages."""

    code: int
    stdout: bytes
    stderr: str

    @property
    def message(self) -> str:
        """What git said, without its own ``fatal:`` or ``error:``."""
        return self.stderr.strip().removeprefix("fatal: ").removeprefix("error: ")


def start(
    folder: Path, *arguments: str, env: Mapping[str, str] | None = None
) -> "Git.AutoInterrupt":
    """Start ``git -C folder arguments…`` with three pipes.

    Keep what is returned: git is ended when it is collected. Raises UserError without git.
    """
    try:
        from git.cmd import Git

        # -C says of a folder that is gone what git says of it.
        command = [Git.GIT_PYTHON_GIT_EXECUTABLE or "git", "-C", str(folder), *arguments]
        pipe = subprocess.PIPE
        # Its own `Git.execute` can add variables, and take none away.
        process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=pipe, env=_environment(env or {})
        )
    except (ImportError, FileNotFoundError) as error:
        raise UserError(t("git was not found"), hint=t("install git 2.39 or newer")) from error
    return Git.AutoInterrupt(process, command)


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    """Return what git is to obey: the environment without what would send it elsewhere."""
    here = {name: value for name, value in os.environ.items() if name not in _REDIRECTING}
    return {**here, **_OURS, **more}


def run(
    folder: Path,
    *arguments: str,
    data: bytes = b"",
    env: Mapping[str, str] | None = None,
    timeout: float | None = None,
) -> Finished:
    """Run ``git -C folder arguments…`` with *data* on its input, whatever its exit code.

    After *timeout* seconds git is ended and the code is ``TIMED_OUT``.
    """
    process = start(folder, *arguments, env=env)
    try:
        stdout, stderr = process.communicate(data, timeout=timeout)
    except subprocess.TimeoutExpired:
        end(process)
        return Finished(TIMED_OUT, b"", t("no answer within {seconds} seconds", seconds=timeout))
    return Finished(process.returncode, stdout, stderr.decode("utf-8", "replace"))


def output(folder: Path, *arguments: str, data: bytes = b"") -> bytes:
    """Return what ``git -C folder arguments…`` prints. Raises GitFailed on a code but 0."""
    return checked(run(folder, *arguments, data=data), arguments[0]).stdout


def checked(finished: Finished, command: str) -> Finished:
    """Return *finished* if it went well. Raises GitFailed naming *command*."""
    if finished.code:
        said = finished.message or t("exit code {code}", code=finished.code)
        raise GitFailed(t("git {command}: {message}", command=command, message=said))
    return finished


def end(process: "Git.AutoInterrupt") -> None:
    """End *process* without reading what it still has to say."""
    process.terminate()
    try:
        process.proc.wait(5)  # type: ignore[union-attr]
    except subprocess.TimeoutExpired:
        process.kill()
    close_pipes(process)


def close_pipes(process: "Git.AutoInterrupt") -> None:
    """Close the three pipes; input that git no longer takes is dropped."""
    for pipe in (process.stdin, process.stdout, process.stderr):
        with suppress(BrokenPipeError):
            pipe.close()


def said_at_its_end(process: "Git.AutoInterrupt", command: str) -> GitFailed:
    """Return the error of a long-running git that has gone silent, and let go of it."""
    with suppress(BrokenPipeError):
        process.stdin.close()
    message = process.stderr.read().decode("utf-8", "replace")
    code = process.proc.wait()  # type: ignore[union-attr]
    close_pipes(process)
    said = Finished(code, b"", message).message or t("exit code {code}", code=code)
    return GitFailed(t("git {command}: {message}", command=command, message=said))


def argument(value: str) -> str:
    """Return *value* if git can read it as nothing but a name. Raises UserError."""
    if not value or value.startswith("-") or any(character < " " for character in value):
        raise UserError(t("git cannot be given the name {value}", value=repr(value)))
    return value
