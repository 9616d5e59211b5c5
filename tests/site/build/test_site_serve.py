"""``mkdocs serve`` builds again when the manuals change."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from serving import free_port, shows, until
from small_site import PAGES, write_site


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
