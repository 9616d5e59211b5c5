"""Print what a reader's phone loads of a built site, and how long the search takes to be ready.

    python benchmarks/loading.py SITE [ADDRESS …]

390 pixels wide, a processor four times slower than this one, 1.6 Mbit/s and 150 ms, texts sent as
gzip, nothing in the cache. For each address (the home page first): requests, KB on the way, the
largest contentful paint, and what holds up the first paint. The last line: seconds from the first
letter to an answer, on the last address, the index among what is loaded.
"""

import gzip
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser, CDPSession, Page

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "helpers"))
from browsers import PHONE, chromium
from serving import answering

TEXTS = (".html", ".css", ".js", ".json", ".svg", ".xml", "/")
LARGEST = """() => new Promise(done => new PerformanceObserver(list =>
    done(list.getEntries().at(-1).startTime)
).observe({type: "largest-contentful-paint", buffered: true}))"""
BLOCKING = """() => performance.getEntriesByType("resource")
    .filter(one => one.renderBlockingStatus === "blocking")
    .map(one => one.name.split("/").at(-1))"""
ANSWER = ".md-search-result__item"


class Zipped(SimpleHTTPRequestHandler):
    """Serves a folder as sites are served: texts as gzip, on connections that are kept."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer with a file."""
        file = Path(self.translate_path(self.path))
        file = file / "index.html" if file.is_dir() else file
        if not file.is_file():
            self.send_error(404)
            return
        data, text = file.read_bytes(), self.path.partition("?")[0].endswith(TEXTS)
        data = gzip.compress(data) if text else data
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(file)))
        self.send_header("Content-Length", str(len(data)))
        if text:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve *folder*, and yield its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Zipped, directory=str(folder)))
    with answering(server):
        yield f"http://127.0.0.1:{server.server_port}/"


def on_a_phone(browser: Browser) -> tuple[Page, CDPSession, dict[str, float]]:
    """Return a page of a slow phone, and the bytes on the way by request, as they come."""
    page = browser.new_context(viewport=PHONE, locale="zh-TW", service_workers="block").new_page()
    session, loaded = page.context.new_cdp_session(page), {}
    session.send("Network.enable")
    slow = {"offline": False, "latency": 150, "downloadThroughput": 2e5, "uploadThroughput": 9e4}
    session.send("Network.emulateNetworkConditions", slow)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    session.on(
        "Network.loadingFinished",
        lambda told: loaded.update({told["requestId"]: told["encodedDataLength"]}),
    )
    return page, session, loaded


def main() -> None:
    """Open each address, then search, and print."""
    site, addresses = Path(sys.argv[1]), sys.argv[2:] or [""]
    with serving(site) as base, chromium() as browser:
        print("requests       KB    LCP ms")
        for address in addresses:
            page, _, loaded = on_a_phone(browser)
            page.goto(base + address, wait_until="networkidle")
            sizes = [one for one in loaded.values() if one]  # those of data: addresses have none
            size, shown = sum(sizes) / 1000, page.evaluate(LARGEST)
            held = " ".join(page.evaluate(BLOCKING))
            print(f"{len(sizes):8} {size:8.0f} {shown:9.0f}  /{address}  held up by {held}")
        page.evaluate("window.begun = performance.now()")
        page.evaluate("document.querySelector('label[for=__search]').click()")
        page.locator(".md-search__input").fill("登入")
        page.locator(ANSWER).first.wait_for(timeout=300_000)
        print(f"answer after {page.evaluate('performance.now() - window.begun') / 1000:.1f} s")


if __name__ == "__main__":
    main()
