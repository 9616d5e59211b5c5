"""A server that a test starts: a free port, and waiting for what it shows."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from socketserver import BaseServer
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

PATIENCE = 40.0
_open = build_opener(ProxyHandler({})).open


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def answering(server: BaseServer) -> Iterator[None]:
    """Have a server answer while the block runs, in a thread that has ended after it."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def until(holds: Callable[[], bool]) -> bool:
    """Return whether *holds* came true in good time."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.2)
    return False


def shows(url: str, text: str) -> bool:
    try:
        with _open(url, timeout=5) as answer:
            return text in answer.read().decode()
    except (URLError, ConnectionError, TimeoutError):
        return False
