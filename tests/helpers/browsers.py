"""A real browser for tests: Debian's Chromium, or the one that CHROMIUM names."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from serving import answering

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1300, "height": 900}
HREFS = "links => links.map(link => link.href)"


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start it, and end it."""
    installed = filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
    path = os.environ.get("CHROMIUM") or next(installed, None)
    assert path, "no Chromium: install it, or name it in CHROMIUM"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder, and says nothing."""

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder, and yield its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    with answering(server):
        yield f"http://127.0.0.1:{server.server_port}/"


def kept(page: Page, address: str) -> None:
    """Wait until the site's worker keeps a page for when there is no network."""
    page.wait_for_function(
        """async (url) => {
            for (const name of await caches.keys())
                if (await (await caches.open(name)).match(url)) return true;
            return false;
        }""",
        arg=address,
    )
