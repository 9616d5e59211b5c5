"""A product's server over TLS, with a certificate of its own, that answers as a test has it."""

import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from serving import answering

STATUS = '{"installed":true,"versionstring":"%s","edition":""}'
Answer = Callable[["Handler"], None]


@dataclass
class Product:
    """A running server: where it is, whose certificate it has, and what it answers by path."""

    port: int
    cafile: Path
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    posted: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return f"localhost:{self.port}"

    def url(self, path: str = "/status.php") -> str:
        return f"https://{self.origin}{path}"

    def says(self, text: str, path: str = "/status.php", **headers: str) -> None:
        self.answers[path] = lambda handler: handler.answer(text.encode(), **headers)

    def runs(self, version: str) -> None:
        self.says(STATUS % version)

    def probes(self, *lines: str, more: str = "") -> str:
        """Return settings with one probe, ``server``, of the version that it runs."""
        return "\n".join(
            [
                "[tool.manualsmith.probes]",
                f'hosts = ["{self.origin}"]',
                'private = ["localhost"]',
                f'cafile = "{self.cafile}"',
                more,
                "[tool.manualsmith.probes.server]",
                'product = "nextcloud"',
                'category = "software"',
                'fact = "client.version"',
                *(lines or (f'url = "{self.url()}"', 'path = "versionstring"')),
                'versioning = "semver"',
                'part = "minor"',
                "",
            ]
        )


class Handler(BaseHTTPRequestHandler):
    """Answers by path, and notes what it was asked."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        product = self.server.product
        product.asked.append(f"{self.headers['Host']}{self.path}")
        answer = product.answers.get(self.path)
        if answer is None:
            self.answer(b"none", status=404)
        else:
            answer(self)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.product.posted.append((headers, body))
        self.do_GET()

    def answer(self, data: bytes, status: int = 200, length: int | None = None, **headers: str):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(data) if length is None else length))
        self.end_headers()
        self.wfile.write(data)
        if length is not None:
            self.close_connection = True

    def begin(self, **headers: str) -> None:
        """Begin an answer whose length is not said."""
        self.send_response(200)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True

    def log_message(self, *_):
        pass


def drip(handler: Handler) -> None:
    """Say a byte now and then, for longer than anybody waits, or until who asked has gone."""
    handler.begin()
    end = time.monotonic() + 60
    while time.monotonic() < end:
        handler.wfile.write(b" ")
        time.sleep(0.1)


def flood(handler: Handler) -> None:
    """Say more and more, or until who asked has gone."""
    handler.begin()
    for _ in range(4096):
        handler.wfile.write(b"x" * 65_536)


@contextmanager
def product(folder: Path, *, plain: bool = False) -> Iterator[Product]:
    """Serve a product while the block runs, over TLS unless it is *plain*."""
    cert = folder / "cert.pem"
    http = _Quiet(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    if not plain:
        key = certificate(cert)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        http.socket = context.wrap_socket(
            http.socket, server_side=True, do_handshake_on_connect=False
        )
    made = Product(http.server_port, cert)
    http.product = made
    with answering(http):
        yield made


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, *_):
        """Say nothing of who hangs up: that is what is tried."""


def certificate(cert: Path) -> Path:
    """Make a certificate for localhost and 127.0.0.1, and return the file of its key."""
    key = cert.with_name("key.pem")
    names = "subjectAltName=DNS:localhost,DNS:cloud.example.org,IP:127.0.0.1"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-keyout", str(key), "-out", str(cert), "-days", "2", "-subj", "/CN=localhost",
         "-addext", names],
        check=True, capture_output=True,
    )  # fmt: skip
    return key
