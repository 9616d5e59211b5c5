"""Processes of our commands and of MkDocs' without the wait for an interpreter.

`run` and `Popen` take what those of `subprocess` take. What is started is a process like any other,
with its own number, streams, folder, environment and limits; but it is forked from one that has
imported everything and done nothing, and templates that one build compiled are there for the next.
Whatever an interpreter or a module reads as it starts (``PYTHON…``, the locale, the language) is
fixed by then: who asks for another gets an interpreter. The seed of hashes is one for all.
"""

import atexit
import gc
import os
import re
import runpy
import socket
import subprocess
import sys
import threading
from functools import cache
from importlib import import_module
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from pkgutil import walk_packages
from subprocess import PIPE, CompletedProcess, TimeoutExpired
from tempfile import TemporaryDirectory

from jinja2 import FileSystemBytecodeCache

# What a command or a build imports on its way, beside all modules of ours.
IMPORTED = """
colorama docx filelock git http.server mergedeep nh3 opencc openpyxl rapidfuzz.fuzz rich.table
starlette.applications urllib.request uvicorn webbrowser yaml_env_tag
mkdocs.commands.build mkdocs.commands.serve mkdocs.config.defaults mkdocs.contrib.search
material.extensions.emoji material.plugins.search.plugin material.templates
markdown.extensions.admonition markdown.extensions.attr_list markdown.extensions.codehilite
markdown.extensions.fenced_code markdown.extensions.tables markdown.extensions.toc
pygments.formatters.html pygments.lexers pymdownx.details pymdownx.highlight pymdownx.superfences
pymdownx.tabbed
"""
_FIXED = re.compile(r"PYTHON.*|LC_.*|LANG|LANGUAGE|MANUALSMITH_LANG|PATH")
_starting = threading.Lock()


class Popen(subprocess.Popen):
    """``Popen([sys.executable, "-m", "manualsmith", …])``, or ``mkdocs``; or ``-c``, a program."""

    _minder: Connection | None = None  # who forked it, and waits for it

    def _execute_child(
        self, args, executable, preexec_fn, close_fds, pass_fds, cwd, env, *others
    ) -> None:
        wanted = dict(os.environ if env is None else env)
        if not _forkable(args, wanted):
            given = (args, executable, preexec_fn, close_fds, pass_fds, cwd, env)
            super()._execute_child(*given, *others)
            return
        *_, new_session, _group = others
        pipes = others[3:9]
        ends = (pipes[0], pipes[3], pipes[5])
        streams = [number if end == -1 else end for number, end in enumerate(ends)]
        self._minder, theirs = Pipe()
        socket.send_fds(_server()[0], [b"!"], [theirs.fileno(), *streams])
        theirs.close()
        folder = str(Path(cwd or ".").absolute())
        self._minder.send((args[1:], folder, wanted, preexec_fn, new_session))
        self.pid = self._minder.recv()
        self._child_created = True
        self._close_pipe_fds(*pipes)

    def wait(self, timeout: float | None = None) -> int:
        if self._minder is None:
            return super().wait(timeout)
        if self.returncode is None:
            if not self._minder.poll(timeout):
                raise TimeoutExpired(self.args, timeout or 0)
            self.returncode = self._minder.recv()
            self._minder.close()
        return self.returncode

    def poll(self) -> int | None:
        if self._minder is None:
            return super().poll()
        try:
            return self.wait(0)
        except TimeoutExpired:
            return None


def run(command, *, capture_output=False, input=None, check=False, **how) -> CompletedProcess:
    """Do what `subprocess.run` does."""
    how |= {"stdout": PIPE, "stderr": PIPE} if capture_output else {}
    how |= {} if input is None else {"stdin": PIPE}
    with Popen(command, **how) as process:
        said = process.communicate(input)
    done = CompletedProcess(command, process.returncode, *said)
    if check:
        done.check_returncode()
    return done


def _forkable(command, environment: dict[str, str]) -> bool:
    return (
        command[0] == sys.executable
        and (command[1] == "-c" or command[1:3] in (["-m", "manualsmith"], ["-m", "mkdocs"]))
        and "--lang" not in command
        and _fixed(environment) == _server()[1]
    )


def _fixed(environment: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if _FIXED.fullmatch(name)}


def _server() -> tuple[socket.socket, dict[str, str]]:
    """Return the way to the process that forks, and what is fixed in it."""
    with _starting:
        return _started()


@cache
def _started() -> tuple[socket.socket, dict[str, str]]:
    ours, theirs = socket.socketpair()
    templates = TemporaryDirectory()
    command = [sys.executable, __file__, str(theirs.fileno()), templates.name]
    process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
    theirs.close()
    atexit.register(templates.cleanup)
    atexit.register(process.wait)
    atexit.register(ours.close)  # it ends then, and before it is waited for
    return ours, _fixed(dict(os.environ))


def _serve(control: socket.socket) -> None:
    """Fork who minds each process that is asked for, until nobody asks any more."""
    while (received := socket.recv_fds(control, 1, 4))[0]:
        if os.fork() == 0:
            control.close()
            _mind(*received[1])
        for number in received[1]:
            os.close(number)
        while _ended():
            pass


def _ended() -> bool:
    try:
        return os.waitpid(-1, os.WNOHANG)[0] != 0
    except ChildProcessError:
        return False


def _mind(asked: int, *streams: int) -> None:
    """Fork the process that is asked for, tell its number, and how it ended."""
    asking = Connection(asked)
    wanted = asking.recv()
    made = os.fork()
    if made == 0:
        asking.close()
        _become(*wanted, streams)
    asking.send(made)
    _, status = os.waitpid(made, 0)
    asking.send(os.waitstatus_to_exitcode(status))
    os._exit(0)


def _become(arguments, folder, environment, prepare, new_session, streams) -> None:
    """Be the process that is asked for: do its work, and leave."""
    if new_session:
        os.setsid()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    if "GIT_PYTHON_GIT_EXECUTABLE" in environment:
        import_module("git").refresh()  # it was read on import
    if prepare:
        prepare()
    sys.path[0] = folder
    try:
        _work(*arguments)
    except SystemExit as left:
        _leave(left.code)
    _leave(None)


def _work(how: str, what: str, *arguments: str) -> None:
    """Do what ``python -m module`` or ``python -c program`` does."""
    sys.argv = [how, *arguments]
    if how == "-m":
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        exec(what, {"__name__": "__main__"})


def _leave(code: int | str | None) -> None:
    """End as an interpreter does, but for taking apart what was imported."""
    if isinstance(code, str):
        sys.stderr.write(f"{code}\n")
        code = 1
    threading._shutdown()
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        code = 120
    os._exit(code or 0)


def _import_all() -> None:
    """Import what commands and builds do."""
    import manualsmith

    for module in walk_packages(manualsmith.__path__, "manualsmith."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    for name in IMPORTED.split():
        import_module(name)
    assert threading.active_count() == 1
    gc.freeze()


def _keep_templates(folder: str) -> None:
    """Have Jinja keep in *folder* what it compiles of the theme's templates, as it can."""
    theme, kept = import_module("mkdocs.theme").Theme, FileSystemBytecodeCache(folder)
    made = theme.get_env

    def get_env(self):
        environment = made(self)
        environment.bytecode_cache = kept
        return environment

    theme.get_env = get_env


if __name__ == "__main__":
    _import_all()
    _keep_templates(sys.argv[2])
    _serve(socket.socket(fileno=int(sys.argv[1])))
