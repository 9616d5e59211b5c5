"""A desk to ask: over ASGI without a network, or as people start it, for a real browser."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from starlette.testclient import TestClient

from gitrepo import commit, git, make_repo
from manuals import ENTRY, FACT, PAGES, STEP, confirmation
from manualsmith.cli.group import run
from manualsmith.desk.access import ROLES, Door, LocalDoor, Person, ProxyDoor, Sessions
from manualsmith.desk.app import create_app
from manualsmith.desk.watched_repository import Watch
from manualsmith.settings.read_settings import DeskSettings
from manualsmith.workflow.workspace.open_workspace import open_workspace

PORT = 8765
TOKEN = "the-token-of-this-run"
TEAM = DeskSettings(
    hosts=("desk.example.org",),
    trusted=("10.0.0.7", "10.1.0.0/16"),
    roles={"staff": ("helpdesk",), "reviewer": ("docs",), "lead": ("leads",)},
)
GROUPS = {"staff": "helpdesk", "reviewer": "docs", "lead": "leads"}
STEP_ID, ENTRY_ID = "ENV-2026-0001-1", "ENV-2026-0001-2"
_HEAD = """\
schema: manualsmith/confirmation/v1
id: ENV-2026-0001
date: 2026-11-20
product: nextcloud
staff: S-0412
reported: 很多頁都要改
environment: {}
findings:
"""
_FINDING = """\
  - id: {n}
    summary: 第 {n} 頁
    manual: operation
    page: p{n}.md
    reason: 畫面不同
    edit: {{action: append-to-section, section: [步驟], text: 補充 {n}。}}
"""


def make_rooms(tmp_path: Path) -> Path:
    """Return a repository with four open suggestions, whose main is checked out."""
    text = confirmation(facts=FACT, findings=(STEP, ENTRY))
    files = {**PAGES, "records/confirmations/ENV-2026-0001.yaml": text}
    repo = make_repo(tmp_path, files)
    git(repo, "config", "manualsmith.staff", "S-0412")
    assert run(["-C", str(repo), "suggest", "--all"]) == 0
    return repo


def many(tmp_path: Path, count: int) -> Path:
    """Return a repository with *count* open suggestions of one confirmation, a page each."""
    numbers = range(1, count + 1)
    pages = {f"manuals/operation/p{n}.md": f"# 頁 {n}\n\n## 步驟\n\n內容。\n" for n in numbers}
    record = _HEAD + "".join(_FINDING.format(n=n) for n in numbers)
    made = make_repo(tmp_path, {**pages, "records/confirmations/ENV-2026-0001.yaml": record})
    git(made, "config", "manualsmith.staff", "S-0412")
    assert run(["-C", str(made), "suggest", "--all"]) == 0
    return made


def edit_branch(repo: Path, branch: str, path: str, old: str, new: str) -> None:
    """Change a file on a suggestion's branch as a reviewer does on a git host."""
    git(repo, "clean", "-qfd")
    git(repo, "checkout", "-q", branch)
    text = (repo / path).read_text("utf-8")
    assert old in text
    commit(repo, {path: text.replace(old, new, 1)}, "Apply suggestions from code review")
    git(repo, "checkout", "-q", "main")


def client(repo: Path, door: Door, key: bytes = b"k" * 32, **more: object) -> TestClient:
    """Return who asks the desk of *repo*, coming in through *door*."""
    local = isinstance(door, LocalDoor)
    app = create_app(Watch(open_workspace(repo)), door, Sessions(key), local=local, port=PORT)
    host = f"127.0.0.1:{PORT}" if local else "desk.example.org"
    peer = ("127.0.0.1" if local else "10.0.0.7", 5000)
    given = {"base_url": f"http://{host}", "client": peer, "follow_redirects": False, **more}
    return TestClient(app, **given)  # type: ignore[arg-type]


def alone(repo: Path, **more: object) -> TestClient:
    """Return the one person of a local desk, let in by the token."""
    me = Person("S-0412", frozenset(ROLES))
    asks = client(repo, LocalDoor(me, TOKEN, PORT), **more)
    assert asks.get(f"/?token={TOKEN}").status_code == 200
    return asks


def member(repo: Path, role: str, name: str = "") -> TestClient:
    """Return somebody of a team, as the proxy names them."""
    asks = client(repo, ProxyDoor(TEAM))
    asks.headers["X-Forwarded-User"] = name or f"R-{role}"
    asks.headers["X-Forwarded-Groups"] = f"all, {GROUPS[role]}"
    return asks


def csrf(asks: TestClient) -> str:
    """Return what a form of this session brings back."""
    return re.search('name="csrf" content="([^"]+)"', asks.get("/").text)[1]  # type: ignore[index]


def post(asks: TestClient, path: str, **fields: object):
    """Send a form."""
    return asks.post(path, data={"csrf": csrf(asks), **fields})


def hidden(html: str, key: str) -> dict[str, str]:
    """Return what the form of an address says of itself."""
    for found in re.finditer(r'name="form-id" value="([^"]+)"><input[^>]*value="([^"]*)">', html):
        if found[2] == key:
            return {"form-id": found[1], "form-key": key, "form-title": "x", "form-page": "/x"}
    raise AssertionError(f"no form {key}")


def typing(asks: TestClient, at: str, key: str, **fields: str) -> dict[str, str]:
    """Type into a form as a browser does, and return what it would send."""
    form = {**hidden(asks.get(at).text, key), **fields}
    assert post(asks, "/typed", **form).status_code == 204
    return form


@dataclass
class Served:
    """A desk that was started as people start it."""

    address: str
    process: "subprocess.Popen[str]"
    told: list[str] = field(default_factory=list)

    @property
    def base(self) -> str:
        return self.address.partition("/?")[0]

    @property
    def token(self) -> str:
        return self.address.partition("token=")[2]

    def kill(self) -> None:
        """End it as a power cut does."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def served(repo: Path, *more: str, port: int = 0) -> Iterator[Served]:
    """Start ``manualsmith desk``, and end it."""
    command = [sys.executable, "-m", "manualsmith", "-C", str(repo), "--lang", "zh_TW", "desk"]
    command += ["--no-browser", "--port", str(port), *more]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
    assert process.stdout
    address = process.stdout.readline().strip()
    assert address.startswith("http://"), process.stderr and process.stderr.read()
    try:
        yield Served(address, process)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
        for stream in (process.stdout, process.stderr):
            if stream:
                stream.close()
