"""Tickets over REST: a server that answers as each system does, and what comes in of it."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from desks import make_desk, ms
from manualsmith.workflow.service.service_records import read_desk
from manualsmith.workflow.tickets import live_tickets
from manualsmith.workflow.tickets.live_tickets import SYSTEMS
from manualsmith.workflow.workspace.open_workspace import open_workspace
from serving import answering

TOKEN = "a-token-of-the-tests"
# Of each system: the address below the server, what is asked there and with which header, a ticket
# as it answers it, and what it becomes: severity.
KINDS = {
    "redmine": (
        "projects/help",
        "/projects/help/issues.json",
        ("X-Redmine-API-Key", TOKEN),
        lambda n: {
            "id": n,
            "subject": f"情形 {n}",
            "description": "一直轉",
            "priority": {"id": 4, "name": "High"},
            "created_on": "2026-11-20T01:30:00Z",
        },
        "high",
    ),
    "gitlab": (
        "cloud/help",
        "/api/v4/projects/cloud%2Fhelp/issues",
        ("PRIVATE-TOKEN", TOKEN),
        lambda n: {
            "id": 9000 + n,
            "iid": n,
            "title": f"情形 {n}",
            "description": None,
            "created_at": "2026-11-20T09:30:00.000+08:00",
            "labels": ["app"],
        },
        "normal",
    ),
    "github": (
        "cloud/help",
        "/api/v3/repos/cloud/help/issues",
        ("Authorization", f"Bearer {TOKEN}"),
        lambda n: {
            "number": n,
            "title": f"情形 {n}",
            "body": "一直轉",
            "created_at": "2026-11-20T01:30:00Z",
            "user": {"login": "r-7"},
        },
        "normal",
    ),
    "zammad": (
        "",
        "/api/v1/tickets/search",
        ("Authorization", f"Token token={TOKEN}"),
        lambda n: {
            "id": n,
            "number": str(n),
            "title": f"情形 {n}",
            "priority": "1 low",
            "created_at": "2026-11-20T01:30:00.000Z",
        },
        "low",
    ),
}


class _Answers(BaseHTTPRequestHandler):
    """Answers pages of the server's tickets, in the shape of its system."""

    def do_GET(self):
        server = self.server
        to = urlsplit(self.path)
        _, path, (name, value), _, _ = KINDS[server.system]
        asked = {key: found[0] for key, found in parse_qs(to.query).items()}
        server.asked.append(asked)
        if server.answer is not None:
            return self._say(*server.answer)
        if self.headers.get(name) != value:
            return self._say(401, b"{}")
        if to.path != path:
            return self._say(404, b"{}")
        if server.system == "redmine":
            start, size = int(asked["offset"]), int(asked["limit"])
        else:
            start, size = (int(asked["page"]) - 1) * int(asked["per_page"]), int(asked["per_page"])
        page = server.tickets[start : start + size]
        whole = {"issues": page, "total_count": len(server.tickets), "offset": start}
        return self._say(200, json.dumps(whole if server.system == "redmine" else page).encode())

    def _say(self, code, data, **headers):
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    made = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    made.tickets, made.asked, made.answer, made.system = [], [], None, "redmine"
    with answering(made):
        yield made


@pytest.fixture
def repo(tmp_path, monkeypatch):
    for system in SYSTEMS.values():
        for name in system.tokens:
            monkeypatch.setenv(name, TOKEN)
    return make_desk(tmp_path)


def serve(server, system, count):
    server.system = system
    server.tickets = [KINDS[system][3](n) for n in range(1, count + 1)]
    return f"http://127.0.0.1:{server.server_port}/{KINDS[system][0]}"


def take(repo, system, url, *more, since="2026-11-01"):
    command = ("import", "--from", system, url, "--since", since, "--product", "nextcloud")
    return ms(repo, *command, *more)


def requests(repo):
    return {one.source: one for one in read_desk(open_workspace(repo)).requests.values()}


def test_each_system_is_tested():
    assert set(KINDS) == set(SYSTEMS)


@pytest.mark.parametrize("system", KINDS)
def test_all_pages_come_in_once(repo, server, capsys, system):
    url = serve(server, system, 103)
    assert take(repo, system, url) == 0, capsys.readouterr().err
    made = requests(repo)
    assert set(made) == {str(n) for n in range(1, 104)}
    assert made["7"].at == "2026-11-20T09:30:00+08:00"
    assert (made["7"].symptom, made["7"].severity) == ("情形 7", KINDS[system][4])
    assert any("2026-" in value for value in server.asked[0].values())
    server.tickets.append(KINDS[system][3](104))
    capsys.readouterr()
    assert take(repo, system, url) == 0
    assert "1 new, 103 known already" in capsys.readouterr().out
    assert TOKEN not in json.dumps(server.asked)


def test_what_is_older_and_pull_requests_are_left(repo, server, capsys):
    url = serve(server, "github", 3)
    server.tickets[0]["created_at"] = "2026-10-31T15:59:59Z"  # updated since
    server.tickets[1]["pull_request"] = {"url": "x"}
    assert take(repo, "github", url) == 0
    assert set(requests(repo)) == {"3"}


def test_no_ticket_is_nothing_new(repo, server, capsys):
    assert take(repo, "gitlab", serve(server, "gitlab", 0)) == 0
    assert "0 new" in capsys.readouterr().out


def test_a_row_that_cannot_be_taken_is_told_by_its_address(repo, server, capsys):
    url = serve(server, "redmine", 2)
    server.tickets[0]["subject"] = "請打 0912345678"
    assert take(repo, "redmine", url) == 1
    told = capsys.readouterr().err
    assert f"{url}:2:2: symptom: a phone number" in told
    assert set(requests(repo)) == {"2"}


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ((401, b"{}"), "refused: 401"),
        ((500, b"oops"), "refused: 500"),
        ((302, b""), "refused: 302"),
        ((200, b"<html>"), "not JSON"),
        ((200, b'{"error": "no"}'), "no list of tickets"),
        ((200, b"[" * 100_000), "not JSON"),
    ],
)
def test_an_answer_that_is_no_list_is_told_and_nothing_goes_in(repo, server, capsys, answer, told):
    url = serve(server, "gitlab", 3)
    server.answer = answer
    assert take(repo, "gitlab", url) == 1
    said = capsys.readouterr().err
    assert told in said
    assert TOKEN not in said
    assert requests(repo) == {}


def test_a_list_without_end_is_refused(repo, server, capsys, monkeypatch):
    monkeypatch.setattr(live_tickets, "MOST_PAGES", 2)
    url = serve(server, "zammad", 201)
    assert take(repo, "zammad", url) == 1
    assert "more than 200 tickets" in capsys.readouterr().err
    assert requests(repo) == {}


def test_an_answer_without_end_is_refused(repo, server, capsys, monkeypatch):
    monkeypatch.setattr(live_tickets, "MAX_BYTES", 1000)
    assert take(repo, "zammad", serve(server, "zammad", 50)) == 1
    assert "larger than 1000 bytes" in capsys.readouterr().err


def test_no_token_no_https_and_no_answer(repo, server, capsys, monkeypatch):
    url = serve(server, "gitlab", 1)
    assert take(repo, "gitlab", "http://git.example.org/cloud/help") == 1
    assert "not https" in capsys.readouterr().err
    assert take(repo, "gitlab", "http://127.0.0.1:1/cloud/help") == 1
    assert "cannot be reached" in capsys.readouterr().err
    monkeypatch.delenv("GITLAB_TOKEN")
    assert take(repo, "gitlab", url) == 1
    assert "GITLAB_TOKEN" in capsys.readouterr().err
    assert server.asked == []


@pytest.mark.parametrize(
    "options", [("--from", "gitlab"), ("--map", "jira", "--since", "2026-11-01")]
)
def test_since_belongs_to_from(repo, capsys, options):
    assert ms(repo, "import", "https://git.example.org/a/b", *options) == 2
    assert "--since" in capsys.readouterr().err
