"""A team's desk behind a real nginx or Apache, with the files of docs/proxy: as a network sees it.

Only paths, ports and the address of the sign-in are put in. Where the tests are run by root, the
proxy's processes are *nobody*'s, as they are not the desk's own account on a server either.
"""

import base64
import http.client
import os
import pwd
import shutil
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from grp import getgrgid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from serving import answering, free_port, until

ROOT = Path(__file__).parents[2]
SHOWN = ROOT / "docs" / "proxy"
FETCHED = ROOT / "build" / "proxies"
HOST = "desk.example.org"
PATIENCE = 100.0  # ten times what the files let somebody be slow for
# who is in which group: as the files have it, and one who is in none
GROUPS = {"S-0412": "helpdesk", "R-0107": "docs", "L-0001": "leads", "X-0999": ""}
PASSWORD = "a password: of 測試"
# those of Debian that are on without `a2enmod`, as far as they have to do with this
APACHE_HAS = (
    "mpm_event", "authn_core", "authn_file", "auth_basic", "authz_core", "authz_user", "setenvif",
)  # fmt: skip
APACHE_BRINGS = {"ssl": ("socache_shmcb",), "proxy_http": ("proxy",)}
Headers = Iterable[tuple[str, str]]


def program(name: str) -> Path:
    """Return a program of the machine, or of what tools/proxies.sh has fetched.

    Without it a test is left out, but in CI, where it fails.
    """
    there = os.pathsep.join((os.environ["PATH"], "/usr/sbin", "/sbin"))
    fetched = os.pathsep.join(str(FETCHED / "usr" / one) for one in ("sbin", "bin"))
    found = shutil.which(name, path=there) or shutil.which(name, path=fetched)
    if found is None:
        told = f"there is no {name}: sh tools/proxies.sh fetches it where there is apt-get"
        if os.environ.get("CI"):
            pytest.fail(told)
        pytest.skip(told)
    return Path(found)


def environment() -> dict[str, str]:
    """Return what a fetched program is run with, so that it finds its libraries."""
    folders = [str(one) for one in FETCHED.glob("**/*-linux-gnu*") if one.is_dir()]
    return (
        {**os.environ, "LD_LIBRARY_PATH": os.pathsep.join(folders)} if folders else {**os.environ}
    )


def account() -> pwd.struct_passwd | None:
    """Return whose the proxy's processes are; None where we are not root, and they are ours."""
    return pwd.getpwnam("nobody") if os.getuid() == 0 else None


def openssl(*words: str) -> str:
    command = [str(program("openssl")), *words]
    done = subprocess.run(command, env=environment(), capture_output=True, check=True, text=True)
    return done.stdout.strip()


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    text: str

    @property
    def cookie(self) -> str:
        """Return the desk's cookie as a browser sends it back."""
        return (self.headers["set-cookie"] or "").partition(";")[0]


@dataclass(frozen=True)
class Front:
    """A proxy in front of a desk: the port that it answers at, and how people sign in."""

    port: int
    certificate: Path
    signs_in_by: str  # "password" or "cookie"

    @property
    def host(self) -> str:
        return f"{HOST}:{self.port}"

    def signed(self, user: str) -> dict[str, str]:
        """Return the header by which the proxy knows somebody."""
        if self.signs_in_by == "cookie":
            return {"Cookie": f"session={user}"}
        told = base64.b64encode(f"{user}:{PASSWORD}".encode()).decode()
        return {"Authorization": f"Basic {told}"}

    def ask(
        self, path: str, user: str | None = None, more: Headers = (), body: bytes | None = None
    ) -> Answer:
        """Ask for a page as somebody; with a *body* it is a POST."""
        asking = http.client.HTTPSConnection(HOST, self.port, timeout=PATIENCE)
        asking.sock = self.connect()
        asking.putrequest("GET" if body is None else "POST", path, skip_host=True)
        headers = [("Host", self.host), *(self.signed(user) if user else {}).items(), *more]
        for name, value in headers:
            asking.putheader(name, value)
        if body is not None:
            asking.putheader("Content-Length", str(len(body)))
        try:
            asking.endheaders(body)
            found = asking.getresponse()
            return Answer(found.status, found.headers, found.read().decode("utf-8", "replace"))
        finally:
            asking.close()

    def connect(self) -> ssl.SSLSocket:
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        trusting = ssl.create_default_context(cafile=str(self.certificate))
        return trusting.wrap_socket(plain, server_hostname=HOST)

    def say(self, text: bytes) -> bytes:
        """Send *text* as it is, and return all that comes until the proxy hangs up."""
        with self.connect() as talking:
            with suppress(OSError):  # it has heard enough before all was sent
                talking.sendall(text)
            return hear(talking)


def hear(talking: socket.socket) -> bytes:
    """Return what comes until the other side hangs up. Raises TimeoutError where it does not."""
    heard = b""
    try:
        while piece := talking.recv(65_536):
            heard += piece
    except (ConnectionError, ssl.SSLError):
        pass  # hung up in the middle
    return heard


@contextmanager
def running(command: list[str], answers: Path | int, **more: object) -> Iterator[None]:
    """Run a server until the block ends; *answers* is the port or socket that it opens."""
    kind = socket.AF_INET if isinstance(answers, int) else socket.AF_UNIX
    at = ("127.0.0.1", answers) if isinstance(answers, int) else str(answers)
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, **more)  # type: ignore[call-overload]

    def is_up() -> bool:
        assert process.poll() is None, f"{command[0]} has ended"
        with socket.socket(kind) as asking:
            return asking.connect_ex(at) == 0

    try:
        assert until(is_up)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


@contextmanager
def desk(repo: Path, answers: Path | int, *options: str) -> Iterator[None]:
    """Run a team's desk at a socket or a port; its socket belongs to the proxy's group."""
    at = ["--port" if isinstance(answers, int) else "--socket", str(answers)]
    command = [
        sys.executable,
        "-m",
        "manualsmith",
        "-C",
        str(repo),
        "desk",
        "--team",
        *at,
        *options,
    ]
    theirs = account()
    with running(command, answers, group=theirs.pw_gid if theirs else None):
        yield


class _SignIn(BaseHTTPRequestHandler):
    """An organisation's sign-in at /verify, and oauth2-proxy's addresses as its guide has them.

    It knows people by the cookie ``session``. At /verify it believes the headers that it is sent,
    as one behind another proxy does.
    """

    def do_GET(self) -> None:
        user = self.headers.get("Cookie", "").partition("session=")[2].partition(";")[0]
        if self.path.startswith("/oauth2/start"):
            return self._answer(302, {"Location": "https://login.example.org/authorize"})
        oauth2 = self.path == "/oauth2/auth"
        user = user if oauth2 else self.headers.get("Remote-User") or user
        if user not in GROUPS:
            return self._answer(401, {})
        groups = self.headers.get("Remote-Groups") if not oauth2 else None
        name = "X-Auth-Request-" if oauth2 else "Remote-"
        told = {"User": user, "Groups": f"all,{groups or GROUPS[user]}"}
        told["Email"] = f"{user.lower()}@example.org"
        if oauth2:
            told |= {"User": "5f2c9a1e", "Preferred-Username": user}
        return self._answer(202 if oauth2 else 200, {name + one: to for one, to in told.items()})

    def _answer(self, status: int, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def sign_in() -> Iterator[str]:
    """Run the sign-in, and yield its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _SignIn)
    with answering(server):
        yield f"http://127.0.0.1:{server.server_port}"


@contextmanager
def front(name: str, folder: Path, places: Mapping[str, str], context: str = "") -> Iterator[Front]:
    """Run a proxy with a file of docs/proxy, and yield it.

    folder: where passwords, groups and the certificate are (`make_files`). places: what is put
    where in the file; each must be there. context: settings around it.
    """
    port = free_port()
    kind = name.partition("-")[0]
    listening = {
        "nginx": ("listen 443", f"listen 127.0.0.1:{port}"),
        "apache": ("*:443", f"*:{port}"),
    }
    own = {"nginx": "/etc/nginx/", "apache": "/etc/apache2/"}
    text = (SHOWN / name).read_text("utf-8")
    for old, new in (listening[kind], (own[kind], f"{folder}/"), *places.items()):
        assert old in text, f"{name} does not have {old}"
        text = text.replace(old, new)
    inner = folder / f"{port}"
    inner.mkdir()
    (inner / "desk.conf").write_text(text, "utf-8")
    around, command = {"nginx": _nginx, "apache": _apache}[kind](inner, port, text, context)
    (inner / "main.conf").write_text(around, "utf-8")
    with running([str(word) for word in command], port, env=environment()):
        yield Front(port, folder / "desk.crt", "password" if "basic" in name else "cookie")


def _nginx(inner: Path, port: int, text: str, context: str) -> tuple[str, list[object]]:
    theirs = account()
    user = f"user {theirs.pw_name} {getgrgid(theirs.pw_gid).gr_name};" if theirs else ""
    kept = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "\n".join(f"{one}_temp_path {inner}/{one};" for one in kept)
    around = f"""{user}
daemon off; pid {inner}/pid; worker_processes 1; worker_rlimit_nofile 4096;
events {{ worker_connections 2048; }}
http {{ access_log off; {temporary}
{context}
include {inner}/desk.conf; }}
"""
    return around, [program("nginx"), "-e", inner / "error.log", "-c", inner / "main.conf"]


def _apache(inner: Path, port: int, text: str, context: str) -> tuple[str, list[object]]:
    [asked] = [one for one in text.splitlines() if "a2enmod" in one]
    named = [*asked.partition("a2enmod ")[2].partition(" &&")[0].split(), *_modules_of(context)]
    wanted = [*APACHE_HAS, *(one for name in named for one in (*APACHE_BRINGS.get(name, ()), name))]
    binary = program("apache2")
    folder = binary.parents[1] / "lib/apache2/modules"
    modules = "\n".join(f"LoadModule {one}_module {folder}/mod_{one}.so" for one in wanted)
    theirs = account()
    user = f"User {theirs.pw_name}\nGroup #{theirs.pw_gid}" if theirs else ""
    around = f"""{modules}
{user}
ServerName localhost
Listen 127.0.0.1:{port}
DefaultRuntimeDir {inner}
PidFile {inner}/pid
Mutex file:{inner}
ErrorLog {inner}/error.log
{context}
Include {inner}/desk.conf
"""
    return around, [binary, "-d", inner, "-f", inner / "main.conf", "-DFOREGROUND"]


def _modules_of(context: str) -> tuple[str, ...]:
    return ("cache", "cache_disk") if "CacheEnable" in context else ()


def make_files(folder: Path) -> None:
    """Write the certificate, the passwords and the groups that the files of docs/proxy name."""
    key, certificate = folder / "desk.key", folder / "desk.crt"
    names = f"subjectAltName=DNS:{HOST},DNS:localhost"
    openssl(
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}",
        "-addext", names, "-keyout", str(key), "-out", str(certificate),
    )  # fmt: skip
    secret = openssl("passwd", "-6", PASSWORD)
    (folder / "desk.htpasswd").write_text("".join(f"{one}:{secret}\n" for one in GROUPS), "utf-8")
    groups = "".join(f"{user} {group}\n" for user, group in GROUPS.items() if group)
    (folder / "desk.groups").write_text(groups, "utf-8")
