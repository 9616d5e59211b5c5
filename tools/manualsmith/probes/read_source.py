"""Read what an address, a command or a file says, within the bounds of time and size.

An address is asked over TLS, but where the settings name it otherwise; no proxy and no cookie has a
part in it. A redirect is followed on the same host alone.
"""

import asyncio
import os
import signal
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from contextvars import copy_context
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from manualsmith import __version__
from manualsmith.errors import UserError
from manualsmith.probes.addresses import addresses_of, refuse_origin
from manualsmith.settings.probe_settings import Bounds, Origin, Probe, ProbeSettings
from manualsmith.text import t

if TYPE_CHECKING:
    import ssl

    import httpx

Result = TypeVar("Result")
_REDIRECTS = 5
_CHUNK = 65_536
_TOLD = 300


def read_source(probe: Probe, settings: ProbeSettings, root: Path) -> bytes:
    """Return what a probe's source says now.

    *root* is the folder that relative files are in, and commands are run in. Raises UserError for
    what is refused, too slow, too large, or says that it failed.
    """
    return _in_time(lambda: _read(probe, settings, root), settings)


def post(url: str, body: bytes, headers: Mapping[str, str], bounds: Bounds, root: Path) -> int:
    """Return the status that an address answers a message with; a redirect is not followed.

    *root* is the folder that the bounds' certificates are in. Raises UserError where no answer
    comes, or the address may not be asked.
    """
    return _in_time(lambda: _posted(url, body, headers, bounds, root), bounds)


def _in_time(work: Callable[[], Awaitable[Result]], bounds: Bounds) -> Result:
    # in a thread of its own: whoever asks may be in a loop already
    with ThreadPoolExecutor(1) as beside:
        context = copy_context()  # the language that is spoken
        return beside.submit(context.run, asyncio.run, _bounded(work, bounds)).result()


async def _bounded(work: Callable[[], Awaitable[Result]], bounds: Bounds) -> Result:
    try:
        async with asyncio.timeout(bounds.seconds):
            return await work()
    except TimeoutError as error:
        said = t("no whole answer within {seconds} seconds", seconds=f"{bounds.seconds:g}")
        raise UserError(said) from error


async def _read(probe: Probe, settings: ProbeSettings, root: Path) -> bytes:
    if probe.url:
        return await _asked(probe.url, settings, root)
    if probe.command:
        return await _run(probe.command, settings, root)
    return _file(root / (probe.file or ""), settings)


async def _posted(
    url: str, body: bytes, headers: Mapping[str, str], bounds: Bounds, root: Path
) -> int:
    import httpx

    async with _client(bounds, root) as client:
        try:
            async with _answer(client, url, bounds, body, headers) as answer:
                return answer.status_code
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _unasked(error) from error


def _unasked(error: Exception) -> UserError:
    return UserError(t("it cannot be asked: {reason}", reason=str(error) or type(error).__name__))


def _client(bounds: Bounds, root: Path) -> "httpx.AsyncClient":
    import httpx

    context = _tls(bounds, root)
    return httpx.AsyncClient(verify=context, trust_env=False, timeout=None)  # noqa: S113 - the whole is bounded


async def _asked(url: str, settings: ProbeSettings, root: Path) -> bytes:
    import httpx

    asked = Origin.of(url)
    async with _client(settings, root) as client:
        try:
            for _ in range(_REDIRECTS + 1):
                async with _answer(client, url, settings) as answer:
                    if not answer.is_redirect:
                        return await _body(answer, settings)
                    url = str(httpx.URL(url).join(answer.headers.get("location", "")))
                    refuse_origin(_origin_of(url), asked, settings)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _unasked(error) from error
    raise UserError(t("it leads on and on: more than {count} redirects", count=_REDIRECTS))


def _origin_of(url: str) -> Origin:
    try:
        return Origin.of(url)
    except ValueError as error:
        raise UserError(t("it leads to what is no address: {url}", url=url[:_TOLD])) from error


def _tls(settings: Bounds, root: Path) -> "ssl.SSLContext":
    """Return whose certificates are trusted: the usual ones, SSL_CERT_FILE's, the settings' own."""
    import ssl

    import httpx

    try:
        context = httpx.create_ssl_context()
        if settings.cafile:
            context.load_verify_locations(root / settings.cafile)
    except (OSError, ssl.SSLError) as error:
        said = t("the certificates in {file} cannot be read: {reason}",
                 file=settings.cafile or os.environ.get("SSL_CERT_FILE", ""),
                 reason=error)  # fmt: skip
        raise UserError(said) from error
    return context


@asynccontextmanager
async def _answer(
    client: "httpx.AsyncClient",
    url: str,
    settings: Bounds,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> "AsyncIterator[httpx.Response]":
    """Ask the host at one of its addresses, which was looked at, by the host's name.

    Where there is a *body*, it is sent.
    """
    import httpx

    whole = httpx.URL(url)
    origin = Origin.of(url)
    tried: Exception | None = None
    for address in await addresses_of(origin, settings):
        request = client.build_request(
            "GET" if body is None else "POST",
            whole.copy_with(host=str(address)),
            content=body,
            headers={
                **(headers or {}),
                "Host": whole.netloc.decode("ascii"),
                "Accept-Encoding": "identity",
                "User-Agent": f"manualsmith/{__version__}",
            },
            extensions={"sni_hostname": origin.host},
        )
        try:
            answer = await client.send(request, stream=True)
        except httpx.ConnectError as error:
            tried = error
            continue
        try:
            yield answer
        finally:
            await answer.aclose()
        return
    raise tried or httpx.ConnectError(origin.host)


async def _body(answer: "httpx.Response", settings: ProbeSettings) -> bytes:
    if not answer.is_success:
        raise UserError(t("it answers {status}", status=answer.status_code))
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise UserError(t("it answers in an encoding that was not asked for"))
    found = bytearray()
    async for chunk in answer.aiter_raw():
        found += chunk
        _refuse_large(len(found), settings)
    return bytes(found)


def _refuse_large(size: int, settings: ProbeSettings) -> None:
    if size > settings.max_bytes:
        said = t("it says more than {most} bytes", most=f"{settings.max_bytes:,}")
        raise UserError(said, hint=t("[tool.manualsmith.probes] max_bytes allows more"))


async def _run(command: tuple[str, ...], settings: ProbeSettings, root: Path) -> bytes:
    with tempfile.TemporaryFile() as errors:
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
                cwd=root,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            raise UserError(t("{command} cannot be run: {reason}", command=command[0],
                              reason=error)) from error  # fmt: skip
        try:
            found = await _printed(process, settings)
            code = await process.wait()
        finally:
            await _end(process)
        if code:
            errors.seek(0)
            told = errors.read(_TOLD).decode("utf-8", "replace").strip()
            raise UserError(t("{command} ended with {code}: {told}", command=command[0],
                              code=code, told=told))  # fmt: skip
    return found


async def _printed(process: asyncio.subprocess.Process, settings: ProbeSettings) -> bytes:
    found = bytearray()
    while process.stdout and (chunk := await process.stdout.read(_CHUNK)):
        found += chunk
        _refuse_large(len(found), settings)
    return bytes(found)


async def _end(process: asyncio.subprocess.Process) -> None:
    """End a command that still runs, with what it started."""
    with suppress(ProcessLookupError, PermissionError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        elif process.returncode is None:
            process.kill()
    if process.returncode is None:
        await process.wait()


def _file(path: Path, settings: ProbeSettings) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise UserError(t("{file} is no file", file=path))
        with path.open("rb") as file:
            found = file.read(settings.max_bytes + 1)
    except OSError as error:
        said = t("{file} cannot be read: {reason}", file=path, reason=error.strerror)
        raise UserError(said) from error
    _refuse_large(len(found), settings)
    return found
