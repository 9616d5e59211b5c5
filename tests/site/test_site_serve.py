"""``mkdocs serve`` builds again when the manuals change."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

import pytest
from small_site import PAGES, write_site

PATIENCE = 40.0
_open = build_opener(ProxyHandler({})).open


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


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


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A repository and the address at which ``mkdocs serve`` shows it."""
    site = write_site(tmp_path / "repository", PAGES)
    address = f"127.0.0.1:{free_port()}"
    server = subprocess.Popen(
        [sys.executable, "-m", "mkdocs", "serve", "--strict", "-a", address],
        cwd=site.root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield site.root, f"http://{address}/"
    finally:
        server.terminate()
        server.wait(20)


def test_a_changed_and_a_new_page_are_shown(served: tuple[Path, str]) -> None:
    root, base = served
    webdav = root / "manuals/operation/webdav.md"
    assert until(lambda: shows(f"{base}manuals/operation/webdav/", "VPN"))
    webdav.write_text("# 用 WebDAV 連線\n\n改過了。\n", "utf-8")
    assert until(lambda: shows(f"{base}manuals/operation/webdav/", "改過了"))
    (root / "manuals/operation/brand-new.md").write_text("# 全新的一頁\n", "utf-8")
    assert until(lambda: shows(f"{base}manuals/operation/brand-new/", "全新的一頁"))
