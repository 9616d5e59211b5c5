"""The same for every test and every machine: git's configuration, a fixed clock, the language.

The order is another one each time (pytest-randomly): ``--randomly-seed=N`` with the seed that the
header shows repeats it.
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from hypothesis import settings

# The same examples each time: a change fails for what it changed. `make fuzz` looks for new ones.
settings.register_profile("fixed", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("fuzz", deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))


CONFIG = """\
[user]
    name = Service desk
    email = desk@example.invalid
[init]
    defaultBranch = main
[gc]
    auto = 0
"""
DATE = "1800000000 +0800"

# What the machine of whoever runs the tests has set, and git, click, rich, MkDocs or we would obey.
_OBEYED = re.compile(
    r"(GIT|GITHUB|GITLAB|GH|LC|MANUALSMITH|MKDOCS|MIKE|CLICOLOR)_.*|CLICOLOR|EMAIL|INTERNAL|LANG"
    r"|LANGUAGE|PAGER|EDITOR|VISUAL|FORCE_COLOR|NO_COLOR|COLUMNS|LINES|XDG_CONFIG_HOME|.*_proxy"
    r"|PYTHONDONTWRITEBYTECODE",
    re.IGNORECASE,
)
# Thousands of commands are started: compiling us for each takes a fifth of the time.
sys.dont_write_bytecode = False
# A shell's background job ignores it, and so would every command that a test starts and interrupts.
signal.signal(signal.SIGINT, signal.default_int_handler)

_OBJECT_FORMAT = os.environ.get("MANUALSMITH_TEST_OBJECT_FORMAT", "sha1")


def _leave_only_ours() -> None:
    """Here, not in a fixture: help has its language from when its module is imported."""
    for name in [name for name in os.environ if _OBEYED.fullmatch(name)]:
        del os.environ[name]
    os.environ.update(
        {
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_DATE": DATE,
            "GIT_COMMITTER_DATE": DATE,
            "GIT_DEFAULT_HASH": _OBJECT_FORMAT,
            "LC_ALL": "C.UTF-8",
            "MANUALSMITH_LANG": "en",
            "MANUALSMITH_TEST_OBJECT_FORMAT": _OBJECT_FORMAT,  # for the processes of xdist
        }
    )


_leave_only_ours()


@pytest.fixture(scope="session", autouse=True)
def _own_git(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    config = tmp_path_factory.mktemp("git") / "config"
    config.write_text(CONFIG, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_CONFIG_GLOBAL", str(config))
        patch.setenv("XDG_CONFIG_HOME", str(config.parent))
        yield


@pytest.fixture(scope="session", autouse=True)
def _own_words() -> None:
    """The help of all commands, before a test asks for another language."""
    from manualsmith.cli.group import COMMANDS, manualsmith

    for name in COMMANDS:
        assert manualsmith.get_command(click.Context(manualsmith), name)


@pytest.fixture(autouse=True)
def _own_layout() -> None:
    """What another test's repository has where: a process works on one."""
    from manualsmith.layout import DEFAULT, use

    use(DEFAULT)


@pytest.fixture
def _nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine whose git has no name and no e-mail address."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of what is tracked here, as it stands."""
    from gitrepo import git

    root = Path(__file__).parents[1]
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    wanted = ("tools", "LICENSE", "README.md", "pyproject.toml")
    for path in git(root, "ls-files", "-z", *wanted).split("\0"):
        if path and (root / path).is_file():
            (source / path).parent.mkdir(parents=True, exist_ok=True)
            (source / path).write_bytes((root / path).read_bytes())
    build = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "-o", str(out), "."]
    subprocess.run(build, cwd=source, check=True)
    [made] = out.glob("*.whl")
    return made


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One browser for all tests of a process."""
    from browsers import chromium

    with chromium() as made:
        yield made
