"""A real git remote over HTTP: ``git http-backend``, and a bare repository that notes each push."""

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from gitrepo import git
from serving import answering

PRE_RECEIVE = """
import json, os, sys
count = int(os.environ.get("GIT_PUSH_OPTION_COUNT", "0"))
options = [os.environ[f"GIT_PUSH_OPTION_{n}"] for n in range(count)]
updates = [line.split() for line in sys.stdin]
with open("pushes.jsonl", "a", encoding="utf-8") as file:
    note = {"options": options, "refs": [ref for _, _, ref in updates]}
    file.write(json.dumps(note, ensure_ascii=False) + "\\n")
if "merge_request.create" in options:
    print("View merge request for it:\\n  http://git.example/shared/-/merge_requests/7")
if os.path.exists("refuse"):
    sys.exit(open("refuse").read())
"""

# Speaks the proc-receive protocol (git help githooks), as a forge with the AGit flow does.
PROC_RECEIVE = """
import os, subprocess, sys
def read():
    found = []
    while (size := int(sys.stdin.buffer.read(4), 16)) > 4:
        found.append(sys.stdin.buffer.read(size - 4).decode().rstrip("\\n"))
    return found
def write(*lines):
    for line in lines:
        sys.stdout.buffer.write(f"{len(line.encode()) + 5:04x}{line}\\n".encode())
    sys.stdout.buffer.write(b"0000")
    sys.stdout.buffer.flush()
greeting = read()
write("version=1\\0push-options")
commands = [line.split(" ", 2) for line in read()]
options = dict(o.split("=", 1) for o in (read() if "push-options" in greeting[0] else []))
for old, new, ref in commands:
    pull = f"refs/pull/{options['topic']}/head"
    subprocess.run(["git", "update-ref", pull, new], check=True)
    print(f"Visit http://git.example/shared/pulls/{options['topic']}", file=sys.stderr)
write(*(line for _, _, ref in commands for line in (f"ok {ref}", f"option refname {pull}")))
"""


@dataclass
class GitServer:
    """A running server: the address of its bare repository, and how it may fail.

    cut: the part of a request's address that gets no answer; after: whether git did it all the
    same, the answer alone being lost.
    """

    address: str
    bare: Path
    cut: str = ""
    after: bool = False
    asked: list[str] = field(default_factory=list)

    def pushes(self) -> list[dict[str, list[str]]]:
        """Return each push that the repository got: its options and refs."""
        file = self.bare / "pushes.jsonl"
        text = file.read_text("utf-8") if file.exists() else ""
        return [json.loads(line) for line in text.splitlines()]

    def refuse(self, why: str) -> None:
        """Let the repository refuse every push."""
        (self.bare / "refuse").write_text(why, "utf-8")


@contextmanager
def git_server(root: Path, repo: Path):
    """Serve a bare clone of *repo*, made under *root*, while the block runs."""
    bare = root / "served" / "shared.git"
    bare.parent.mkdir()
    git(root, "clone", "-q", "--bare", str(repo), str(bare))
    git(bare, "config", "http.receivepack", "true")
    git(bare, "config", "receive.advertisePushOptions", "true")
    git(bare, "config", "receive.procReceiveRefs", "refs/for")
    for name, text in {"pre-receive": PRE_RECEIVE, "proc-receive": PROC_RECEIVE}.items():
        hook = bare / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!{sys.executable}\n{text}", "utf-8")
        hook.chmod(0o755)
    http = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    http.daemon_threads = True
    server = GitServer(f"http://127.0.0.1:{http.server_port}/shared.git", bare)
    http.git_server = server
    with answering(http):
        yield server


class _Handler(BaseHTTPRequestHandler):
    """Runs ``git http-backend`` as a web server would, by the rules of CGI."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self._answer(b"")

    def do_POST(self):
        self._answer(self._body())

    def log_message(self, *_):
        pass

    def _body(self):
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = []
        while size := int(self.rfile.readline(), 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _answer(self, body):
        server = self.server.git_server
        server.asked.append(self.path)
        cut = bool(server.cut) and server.cut in self.path
        if cut and not server.after:
            self.close_connection = True
            return
        path, _, query = self.path.partition("?")
        done = subprocess.run(
            ["git", "http-backend"],
            input=body,
            capture_output=True,
            check=True,
            env={
                **os.environ,
                "GIT_PROJECT_ROOT": str(server.bare.parent),
                "GIT_HTTP_EXPORT_ALL": "1",
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "REQUEST_METHOD": self.command,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "CONTENT_LENGTH": str(len(body)),
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
                "REMOTE_ADDR": "127.0.0.1",
            },
        )
        if cut:
            self.close_connection = True
            return
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        fields = [line.split(": ", 1) for line in head.decode().splitlines()]
        status = next((int(value[:3]) for name, value in fields if name == "Status"), 200)
        self.send_response(status)
        for name, value in fields:
            if name != "Status":
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
