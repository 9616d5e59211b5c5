"""The container file: read by hadolint, and its steps as a script, as far as they need no root."""

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from gitrepo import git

ROOT = Path(__file__).parents[1]
FILE = ROOT / "tools" / "container" / "Containerfile"
TEAM = """
[tool.manualsmith.desk]
hosts = ["desk.example.org"]
trusted = ["127.0.0.1"]
roles = {staff = ["helpdesk"], reviewer = ["docs"], lead = ["leads"]}
"""
# What changes the machine, and is left out here: it is looked at by hadolint alone.
OF_ROOT = ("apt-get ", "rm -rf /var/lib/apt/", "useradd ")


def steps() -> list[tuple[str, str]]:
    """Return the file's instructions and what each is given, a line each."""
    lines = [line for line in FILE.read_text("utf-8").splitlines() if not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    found = [line.partition(" ") for line in joined.splitlines() if line]
    return [(name, rest.strip()) for name, _, rest in found]


def the(name: str) -> str:
    """Return what the one instruction *name* is given."""
    [rest] = [rest for one, rest in steps() if one == name]
    return rest


def test_hadolint_finds_nothing():
    linter = shutil.which("hadolint", path=str(Path(sys.executable).parent))
    if linter is None:
        pytest.skip("hadolint is not installed: it has no wheel for this machine")
    done = subprocess.run([linter, "--no-color", str(FILE)], capture_output=True, check=False)
    assert (done.returncode, done.stdout.decode()) == (0, "")


def test_nobody_is_root_and_the_repository_stays_outside():
    given = dict(steps())
    arguments = dict(rest.partition("=")[::2] for name, rest in steps() if name == "ARG")
    assert given["USER"] == "${UID}"
    assert int(arguments["UID"]) > 0
    assert given["VOLUME"] == given["WORKDIR"] == "/srv/manuals"
    names = [name for name, _ in steps()]
    assert "RUN" not in names[names.index("USER") :]
    assert "--team" in json.loads(given["CMD"])


@dataclass
class Built:
    """What the steps made, in folders of its own: the environment of whatever runs in it."""

    repo: Path
    env: dict[str, str]
    places: dict[str, str]

    def here(self, text: str) -> str:
        """Return a step's text with its places put where they are here."""
        for there, here in self.places.items():
            text = text.replace(there, here)
        return text

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.here(word) for word in command], cwd=self.repo, env=self.env, encoding="utf-8",
            capture_output=True, check=False, timeout=300,
        )  # fmt: skip


@pytest.fixture
def built(tmp_path, wheel) -> Built:
    """Run the steps. The libraries are this environment's: that they install is tested elsewhere.

    Nothing of this checkout is among them: the wheel is installed before them.
    """
    release, environment, repo = (tmp_path / name for name in ("release", "env", "manuals"))
    for folder in (release, repo, tmp_path / "etc"):
        folder.mkdir()
    [wanted] = [rest.split() for name, rest in steps() if name == "COPY"]
    for pattern in wanted[:-1]:
        for file in (*wheel.parent.glob(pattern), *ROOT.glob(pattern)):
            shutil.copy(file, release)
    venv.create(environment, with_pip=True)
    [own] = environment.glob("lib/python*/site-packages")
    [theirs] = {path for path in sys.path if path.endswith("site-packages")}
    (own / "theirs.pth").write_text(theirs, "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    places = {
        "/opt/release": str(release), "/etc/chromium.d": str(tmp_path / "etc/chromium.d"),
        "/srv/manuals": str(repo), "--system": f"--file {tmp_path / 'etc/gitconfig'}",
        "8765": port,
    }  # fmt: skip
    arguments = dict(rest.partition("=")[::2] for name, rest in steps() if name == "ARG")
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        **{name: value.strip('"') for name, value in arguments.items()},
        "PATH": f"{environment / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "GIT_CONFIG_SYSTEM": str(tmp_path / "etc/gitconfig"), "GIT_CONFIG_GLOBAL": os.devnull,
        "HOME": str(tmp_path),
    }  # fmt: skip
    made = Built(repo, env, places)
    for command in [rest for name, rest in steps() if name == "RUN"]:
        assert made.run("sh", "-n", "-c", command).returncode == 0
        parts = [one.strip() for one in command.split("&&")]
        script = " && ".join(one for one in parts if not one.startswith(OF_ROOT))
        done = made.run("sh", "-e", "-c", script)
        assert done.returncode == 0, f"{script}\n{done.stdout}{done.stderr}"
    return made


@contextmanager
def desk(built: Built) -> Iterator[int]:
    """Run what the container runs, until it is told to stop as a container is."""
    words = [built.here(word) for word in json.loads(the("CMD"))]
    running = subprocess.Popen(words, cwd=built.repo, env=built.env)
    try:
        yield int(words[-1])
    finally:
        running.terminate()
        running.wait(timeout=30)


def is_healthy(built: Built) -> bool:
    command = json.loads(the("HEALTHCHECK").partition("CMD ")[2])
    return built.run(*command).returncode == 0


def status(port: int, **headers: str) -> int:
    """Return how the desk answers for its first page, asked by the proxy."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/", headers=named)
    try:
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


def test_its_steps_serve_the_desk_and_build_the_site(built):
    where = built.run("python", "-c", "import manualsmith; print(manualsmith.__file__)").stdout
    assert where.startswith(built.env["HOME"])
    for command in (
        "git init -q -b main",
        "manualsmith init --product our-cloud --language en --forge none",
    ):
        assert built.run(*shlex.split(command)).returncode == 0
    settings = built.repo / "pyproject.toml"
    settings.write_text(settings.read_text("utf-8") + TEAM, "utf-8")
    assert built.run("git", "add", "-A").returncode == 0
    assert built.run("git", "commit", "-q", "-m", "Begin").returncode == 0
    assert git(built.repo, "log", "--format=%ae") == "manualsmith@localhost"

    assert not is_healthy(built)
    with desk(built) as port:
        until = time.monotonic() + 300
        while not is_healthy(built):
            assert time.monotonic() < until, "it is not healthy"
        assert status(port, Host="desk.example.org") == 401
        someone = {"X_Forwarded_User": "S-0412", "X_Forwarded_Groups": "helpdesk"}
        assert status(port, Host="desk.example.org", **someone) == 200
        assert status(port, Host="elsewhere.example", **someone) == 421
    assert not is_healthy(built)

    # as a module: its script is where the libraries are, and would run what they have
    done = built.run("python", "-m", "mkdocs", "build", "--strict", "-q")
    assert done.returncode == 0, done.stderr
    assert (built.repo / "site/manuals/operation/sign-in/index.html").is_file()
