"""The secret that a team's proxy adds: who does not know it is refused, what is none is told."""

import pytest

from desks import ms
from gitrepo import commit, make_repo
from manualsmith.desk.access import ProxyDoor
from rooms import TEAM, client, make_rooms

SECRET = "0123456789abcdef" * 4
SETTINGS = """[tool.manualsmith.desk]
trusted = ["127.0.0.1"]
roles = {staff = ["helpdesk"]}
"""
LEAD = [("X-Forwarded-User", "L-0001"), ("X-Forwarded-Groups", "leads")]


@pytest.fixture(scope="module")
def asks(tmp_path_factory):
    repo = make_rooms(tmp_path_factory.mktemp("rooms"))
    return client(repo, ProxyDoor(TEAM, secret=SECRET.encode()))


@pytest.mark.parametrize(
    "told",
    [
        [],
        [""],
        [SECRET[:-1]],
        [SECRET + "0"],
        [SECRET.upper()],
        [SECRET, SECRET],
        ["f" * 64, SECRET],
        ["é" * 64],
    ],
)
def test_who_does_not_know_it_is_refused_in_words(asks, told):
    headers = [*LEAD, *((b"X-Proxy-Secret", one.encode("latin-1")) for one in told)]
    answer = asks.get("/report", headers=headers)
    assert answer.status_code == 403
    assert "代理伺服器" in answer.text
    assert SECRET not in answer.text


def test_the_proxy_knows_it_and_it_is_shown_nowhere(asks):
    answer = asks.get("/report", headers=[*LEAD, ("X-Proxy-Secret", SECRET)])
    assert answer.status_code == 200
    assert SECRET not in answer.text
    assert asks.get("/health").status_code == 200
    assert SECRET not in repr(ProxyDoor(TEAM, secret=SECRET.encode()))


@pytest.fixture
def repo(tmp_path):
    made = make_repo(tmp_path, {"manuals/operation/a.md": "# A\n"})
    commit(made, {"pyproject.toml": SETTINGS})
    return made


@pytest.mark.parametrize(
    ("mode", "content", "told"),
    [
        (None, "", "cannot be read"),
        (0o600, "", "32 to 256"),
        (0o600, "short", "32 to 256"),
        (0o600, f"{SECRET} {SECRET}", "32 to 256"),
        (0o600, f"{SECRET}\n{SECRET}", "32 to 256"),
        (0o600, "密" * 32, "32 to 256"),
        (0o600, "x" * 257, "32 to 256"),
        (0o644, SECRET, "every account"),
    ],
)
def test_what_is_no_secret_is_told(repo, tmp_path, capsys, mode, content, told):
    file = tmp_path / "proxy.secret"
    if mode:
        file.write_text(content, "utf-8")
        file.chmod(mode)
    assert ms(repo, "desk", "--team", "--secret", str(file)) == 1
    said = capsys.readouterr().err
    assert str(file) in said
    assert told in said
    assert ("openssl rand" in said) is (mode != 0o644)


def test_a_folder_is_no_secret(repo, tmp_path, capsys):
    folder = tmp_path / "folder"
    folder.mkdir(mode=0o700)
    assert ms(repo, "desk", "--team", "--secret", str(folder)) == 1
    assert "cannot be read" in capsys.readouterr().err


def test_it_is_a_teams(repo, tmp_path):
    assert ms(repo, "desk", "--secret", str(tmp_path / "x")) == 2
