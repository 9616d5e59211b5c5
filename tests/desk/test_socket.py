"""A team's desk at a Unix socket: its proxy alone reaches it, whatever accounts the machine has."""

import http.client
import signal
import socket
import stat
import subprocess
import sys

import pytest

from desks import ms
from gitrepo import commit, make_repo

SETTINGS = """[tool.manualsmith.desk]
hosts = ["desk.example.org"]
roles = {staff = ["helpdesk"], lead = ["leads"]}
"""


@pytest.fixture
def repo(tmp_path):
    made = make_repo(tmp_path, {"manuals/operation/a.md": "# A\n"})
    commit(made, {"pyproject.toml": SETTINGS})
    return made


@pytest.fixture
def at(tmp_path):
    return tmp_path / "desk.sock"


def begin(repo, at):
    command = [sys.executable, "-m", "manualsmith", "-C", str(repo), "desk", "--team"]
    process = subprocess.Popen(
        [*command, "--socket", str(at)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert str(at) in process.stdout.readline(), process.stderr.read()
    return process


def end(process):
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)


class Asking(http.client.HTTPConnection):
    """A proxy that comes by the socket."""

    def __init__(self, file):
        super().__init__("desk.example.org", timeout=60)
        self.file = str(file)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.connect(self.file)


def status(at, path="/", **headers) -> int:
    asking = Asking(at)
    asking.request("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})
    found = asking.getresponse().status
    asking.close()
    return found


def test_the_proxy_comes_by_the_socket_and_nobody_else(repo, at):
    process = begin(repo, at)
    try:
        assert stat.S_IMODE(at.stat().st_mode) == 0o660
        someone = {"X_Forwarded_User": "S-0412", "X_Forwarded_Groups": "helpdesk"}
        assert status(at, **someone) == 200
        assert status(at) == 401
        assert status(at, "/report", **someone) == 403
        assert status(at, Host="elsewhere.example", **someone) == 421
        assert ms(repo, "desk", "--team", "--socket", str(at)) == 1  # a desk answers there
    finally:
        end(process)
    assert not at.exists()


def test_who_hangs_up_in_a_form_is_no_fault_of_the_desk(repo, at):
    process = begin(repo, at)
    someone = {"X-Forwarded-User": "S-0412", "X-Forwarded-Groups": "helpdesk"}
    form = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": "1000"}
    asking = Asking(at)
    asking.request("POST", "/requests", body=b"symptom=", headers={**someone, **form})
    asking.close()
    assert status(at, X_Forwarded_User="S-0412", X_Forwarded_Groups="helpdesk") == 200
    process.send_signal(signal.SIGINT)
    assert "Traceback" not in process.communicate(timeout=60)[1]


def test_what_a_killed_desk_left_is_taken_over(repo, at):
    process = begin(repo, at)
    process.kill()
    process.communicate(timeout=60)
    assert at.is_socket()
    end(begin(repo, at))


@pytest.mark.parametrize("there", ["a file", "a folder", "nowhere"])
def test_what_cannot_be_a_socket_is_told(repo, at, capsys, there):
    if there == "a file":
        at.write_text("mine")
    elif there == "a folder":
        at.mkdir()
    else:
        at = at / "no" / "such"
    assert ms(repo, "desk", "--team", "--socket", str(at)) == 1
    assert str(at) in capsys.readouterr().err
    assert there != "a file" or at.read_text() == "mine"


@pytest.mark.parametrize("more", [[], ["--team", "--port", "1"], ["--team", "--host", "::1"]])
def test_a_socket_is_for_a_team_and_instead_of_an_address(repo, at, more):
    assert ms(repo, "desk", "--socket", str(at), *more) == 2
