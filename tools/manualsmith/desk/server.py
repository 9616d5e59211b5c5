"""Start the desk: on this machine alone, or for a team behind its proxy."""

import os
import re
import secrets
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp

from manualsmith.desk.access import NOBODY, ROLES, Door, LocalDoor, Person, ProxyDoor, Sessions
from manualsmith.desk.app import create_app
from manualsmith.desk.watched_repository import Watch
from manualsmith.desk.workers import refuse_without_fork, serve_by
from manualsmith.errors import UserError
from manualsmith.text import t
from manualsmith.workflow.service.service_records import staff_number
from manualsmith.workflow.webhooks.background_sender import send_in_background
from manualsmith.workflow.workspace.open_workspace import Workspace

PORT = 8765
# what records say of somebody who has set no staff number: never a name
_LOOPBACK = "127.0.0.1"
_KEY_BYTES = 32
_SECRET = re.compile(rb"[!-~]{32,256}")  # as a header may hold it


@dataclass(frozen=True)
class Served:
    """Where the desk is, and the address to open; a team's has none, its proxy does.

    host: the address that it listens on, or the file of its Unix socket.
    """

    host: str
    port: int
    address: str | None


def serve(
    workspace: Workspace,
    *,
    host: str | None,
    port: int | None,
    team: bool,
    ready: Callable[[Served], None],
    at: Path | None = None,
    secret: Path | None = None,
    workers: int = 0,
) -> None:
    """Serve until it is interrupted; *ready* is called when the desk answers.

    at: the file of a Unix socket, instead of an address; for a team. secret: the file of what a
    team's proxy adds to each request. workers: how many processes serve reads beside the one that
    writes; 0: one does both. Raises UserError where the port, or the socket's file, is taken, the
    secret cannot be used, the settings are not enough for a team, or nobody is configured in git.
    """
    if workers:
        refuse_without_fork()
    told = _secret(secret) if secret else None
    me = _me(workspace)
    listening = _listen_at(at) if at else _listen(host or _LOOPBACK, port, fixed=port is not None)
    number = 0 if at else listening.getsockname()[1]
    token = None if team else secrets.token_urlsafe(24)
    door: Door
    if token is None:
        door = _proxy(workspace, by_socket=at is not None, secret=told)
    else:
        _refuse_far(host)
        door = LocalDoor(me, token, number)
    sessions = Sessions(_kept_key(workspace.repository.common_dir))

    def desk(writer: Path | None = None) -> Starlette:
        watch = Watch(workspace)
        if writer is None:
            send_in_background(workspace)
        return create_app(watch, door, sessions, local=not team, port=number, writer=writer)

    address = f"http://{_name(host)}:{number}/?token={token}" if token else None
    ready(Served(str(at or host or _LOOPBACK), number, address))
    try:
        if workers:
            serve_by(workers, desk, lambda app: _serve(app, listening))
        else:
            _serve(desk(), listening)
    finally:
        if at:
            at.unlink(missing_ok=True)


def _serve(app: ASGIApp, listening: socket.socket) -> None:
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        proxy_headers=False,  # who asks is told by the address that really asks
        server_header=False,
        date_header=True,
        timeout_keep_alive=30,
        limit_concurrency=500,
        h11_max_incomplete_event_size=32 << 10,
        lifespan="off",
    )
    uvicorn.Server(config).run(sockets=[listening])


def _name(host: str | None) -> str:
    """Return the loopback address as a browser takes it."""
    return "[::1]" if host == "::1" else _LOOPBACK


def _me(workspace: Workspace) -> Person:
    """Return who works alone here, by the staff number that git's configuration has, or by role.

    Raises UserError where git does not know an author.
    """
    workspace.repository.identity()
    return Person(staff_number(workspace) or NOBODY, frozenset(ROLES))


def _refuse_far(host: str | None) -> None:
    """Raise UserError where one's own desk would be on another address than this machine's own."""
    if host not in (None, _LOOPBACK, "localhost", "::1"):
        raise UserError(
            t("alone, the desk is on this machine's own address only"),
            hint=t("for a team, put it behind a proxy that asks who people are: --team"),
        )


def _proxy(workspace: Workspace, *, by_socket: bool, secret: bytes | None) -> ProxyDoor:
    settings = workspace.settings.desk
    if not (settings.trusted or by_socket) or not any(settings.roles.values()):
        raise UserError(
            t("a team's desk needs to know its proxy, and who has which role"),
            hint='[tool.manualsmith.desk]\ntrusted = ["127.0.0.1"]\n'
            'hosts = ["desk.example.org"]\nroles = {staff = ["…"], reviewer = ["…"], lead = ["…"]}',
        )
    return ProxyDoor(settings, by_socket, secret)


def _secret(file: Path) -> bytes:
    """Return the secret that a proxy adds, from the one line of *file*.

    Raises UserError where the file cannot be read, is open to every account, or holds no secret.
    """
    made = t("make one: {command}", command=f"(umask 077; openssl rand -hex 32 > {file})")
    try:
        mode, secret = file.stat().st_mode, file.read_bytes().strip()
    except OSError as error:
        message = t("{file} cannot be read: {reason}", file=file, reason=error.strerror)
        raise UserError(message, hint=made) from error
    if os.name == "posix" and mode & 0o007:
        message = t(
            "{file} holds a secret, and every account of this machine may open it", file=file
        )
        raise UserError(message, hint=f"chmod 600 {file}")
    if not _SECRET.fullmatch(secret):
        message = t("{file} must hold one word of 32 to 256 letters, figures and signs", file=file)
        raise UserError(message, hint=made)
    return secret


def _kept_key(git_dir: Path) -> bytes:
    """Return the desk's key, which outlives a restart: forms that are open stay good."""
    file = git_dir / "manualsmith" / "desk.key"
    file.parent.mkdir(exist_ok=True)
    try:
        made = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(made, "wb") as written:
            written.write(secrets.token_bytes(_KEY_BYTES))
    except FileExistsError:
        pass
    except OSError as error:
        with suppress(OSError):
            file.unlink()  # half a key is none
        message = t("{file} cannot be written: {reason}", file=file, reason=error.strerror)
        raise UserError(message) from error
    key = file.read_bytes()
    if len(key) != _KEY_BYTES:
        raise UserError(t("{file} is damaged: delete it, and start the desk again", file=file))
    return key


def _listen(host: str, port: int | None, *, fixed: bool) -> socket.socket:
    """Return a socket that listens: at *port*, else at ours, else at a free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for number in (port,) if fixed else (PORT, 0):
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, number or 0))
        except OSError as error:
            listening.close()
            reason = error.strerror
            continue
        listening.listen(256)
        return listening
    raise UserError(
        t("port {port} of {host} cannot be used: {reason}", port=port, host=host, reason=reason),
        hint=t("name another one: --port 8770"),
    )


def _listen_at(file: Path) -> socket.socket:
    """Return a Unix socket that listens at *file*, for its owner and group alone.

    Raises UserError where something else is there, or another desk answers there.
    """
    if not hasattr(socket, "AF_UNIX"):
        raise UserError(t("this system has no Unix sockets"))
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        _remove_left(file)
        before = os.umask(0o117)  # from its first moment nobody else may connect
        try:
            listening.bind(str(file))
        finally:
            os.umask(before)
    except OSError as error:
        listening.close()
        reason = error.strerror or str(error)
        raise UserError(t("{file} cannot be used: {reason}", file=file, reason=reason)) from error
    listening.listen(256)
    return listening


def _remove_left(file: Path) -> None:
    """Remove the socket that a desk which was killed has left. Raises OSError for anything else."""
    if not file.is_socket():
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
        try:
            asking.connect(str(file))
        except ConnectionRefusedError:
            file.unlink()
