"""Start git and read its answer: the only module that knows GitPython."""

import os
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from manualsmith.errors import UserError
from manualsmith.text import t

if TYPE_CHECKING:
    from git.cmd import Git

TIMED_OUT = 124

# Set by hooks and wrappers, these would send a command to another repository, index or file.
# Where objects are (GIT_OBJECT_DIRECTORY) stays: a pre-receive hook sees new objects by it alone.
_REDIRECTING = (
    "GIT_DIR",
    "GIT_COMMON_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_CONFIG",
    "GIT_LITERAL_PATHSPECS",
    "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
)

_environment_lock = threading.Lock()


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
        from git.exc import GitCommandNotFound
    except ImportError as error:
        raise UserError(t("git was not found"), hint=t("install git 2.39 or newer")) from error
    # -C, as GitPython runs in the current folder where it may not enter the one it is given.
    command = [Git.GIT_PYTHON_GIT_EXECUTABLE or "git", "-C", str(folder), *arguments]
    settings = {"GIT_TERMINAL_PROMPT": "0", **(env or {})}
    with _not_redirected():
        try:
            return Git().execute(command, istream=subprocess.PIPE, as_process=True, env=settings)
        except GitCommandNotFound as error:
            raise UserError(t("git was not found"), hint=t("install git 2.39 or newer")) from error


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


@contextmanager
def _not_redirected() -> Iterator[None]:
    """Hide the redirecting variables while a process starts: GitPython can only add some."""
    with _environment_lock:
        hidden = {name: os.environ.pop(name) for name in _REDIRECTING if name in os.environ}
        try:
            yield
        finally:
            os.environ.update(hidden)
