"""The site without a network: what was opened is there, and says that it is a copy."""

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import IO

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from browsers import DESKTOP, PHONE, Quiet, kept
from small_site import PAGES, Site, write_site

ON = re.compile("offline: true.*")
SIGN_IN, WEBDAV = "manuals/operation/web-sign-in/", "manuals/operation/webdav/"


def site_with(folder: Path, offline: str, pages: dict[str, str] = PAGES) -> Site:
    site = write_site(folder, pages)
    settings = site.root / "mkdocs.yml"
    settings.write_text(ON.sub(offline, settings.read_text("utf-8")), "utf-8")
    return built(site)


def built(site: Site) -> Site:
    done = site.build()
    assert done.returncode == 0, done.stderr
    return site


# milliseconds until the last of a page's styles and scripts was there, from when it was asked for
LONGEST_FILE = """() => Math.max(...performance.getEntriesByType("resource")
    .filter(({ initiatorType }) => ["link", "script"].includes(initiatorType))
    .map(({ duration }) => duration))"""


class Asked(Quiet):
    """Has browsers ask each time: what they keep by themselves is not what is tested."""

    answers: Event
    carries: Event

    def do_GET(self) -> None:  # noqa: N802 - as http.server calls it
        if self.carries.is_set():
            super().do_GET()

    def send_head(self) -> IO[bytes] | None:
        self.answers.wait()
        return super().send_head()

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()


@dataclass
class Server:
    """A server that can hang, break off or be stopped, and be there again at its address."""

    folder: Path
    port: int = 0

    def start(self) -> None:
        self.answers, self.carries = Event(), Event()
        self.answers.set()
        self.carries.set()
        how = {"answers": self.answers, "carries": self.carries}
        handler = partial(type("Waiting", (Asked,), how), directory=str(self.folder))
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), handler)
        self.port = self._server.server_port
        self._thread = Thread(target=self._server.serve_forever)
        self._thread.start()

    def stop(self) -> None:
        self.answers.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    server = Server(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Site:
    return site_with(tmp_path_factory.mktemp("offline"), "offline: true")


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE, locale="zh-TW")
    yield context
    context.close()


def opened(context: BrowserContext, address: str) -> Page:
    """Open a page, and wait until the worker keeps it."""
    page = context.new_page()
    page.goto(address)
    page.wait_for_function("navigator.serviceWorker.controller")
    kept(page, address)
    return page


def names(page: Page) -> list[str]:
    return page.evaluate("caches.keys()")


def test_what_was_opened_is_there_offline_and_the_rest_is_told(site, context, tmp_path):
    with serving(site.out) as server:
        page = opened(context, server.address)
        page.goto(server.address + SIGN_IN)
        assert not page.locator(".ms-kept").count()
        kept(page, server.address + SIGN_IN)
        context.set_offline(True)
        for address, title in ((SIGN_IN, "網頁登入"), ("", "雲端產品手冊")):
            page.goto(server.address + address)
            expect(page.locator("h1")).to_contain_text(title)
            expect(page.locator(".ms-kept")).to_contain_text("目前沒有網路")
        assert page.evaluate("getComputedStyle(document.querySelector('.md-header')).position") == (
            "sticky"
        ), "its styles are there, too"
        page.goto(f"{server.address}{WEBDAV}?h=vpn")
        expect(page.locator("h1")).to_contain_text("沒有網路")
        listed = page.locator(".ms-kept-pages a")
        expect(listed.first).to_be_visible()
        expect(listed).to_have_count(2)
        assert set(listed.all_inner_texts()) == {"網頁登入", "首頁"}
        assert page.get_by_role("link", name="再試一次").get_attribute("href") == (
            f"{server.address}{WEBDAV}?h=vpn"
        )
        page.screenshot(path=tmp_path / "offline.png")
        context.set_offline(False)
        page.wait_for_url(f"{server.address}{WEBDAV}?h=vpn")
        expect(page.locator("h1")).to_contain_text("用 WebDAV 連線")


def test_a_network_that_is_back_and_carries_nothing_yet_is_tried_again(site, context):
    with serving(site.out) as server:
        page = opened(context, server.address)
        context.set_offline(True)
        page.goto(server.address + WEBDAV)
        expect(page.locator("h1")).to_contain_text("沒有網路")
        server.carries.clear()
        page.evaluate(
            """() => {
                const ask = fetch;
                window.tried = 0;
                window.fetch = (...what) => ask(...what).finally(() => window.tried++);
            }"""
        )
        context.set_offline(False)
        page.wait_for_function("tried")
        expect(page.locator("h1")).to_contain_text("沒有網路")
        server.carries.set()
        page.wait_for_url(server.address + WEBDAV)
        expect(page.locator("h1")).to_contain_text("用 WebDAV 連線")


def test_search_works_offline_once_it_was_used(site, context):
    def results(page: Page) -> list[str]:
        page.locator("label[for=__search]").first.click()
        page.locator(".md-search__input").fill("登入")
        page.locator(".md-search__input").press("End")
        found = page.locator(".md-search-result__item > .md-search-result__link")
        found.first.wait_for()
        return found.evaluate_all("links => links.map(link => link.href)")

    with serving(site.out) as server:
        page = opened(context, server.address)
        page.reload()
        online = results(page)
        kept(page, f"{server.address}search/search_index.json")
        context.set_offline(True)
        page.goto(server.address)
        assert results(page) == online != []


def test_online_a_page_is_never_an_old_one_and_old_versions_go(context, tmp_path):
    site = site_with(tmp_path / "repo", "offline: true")
    with serving(site.out) as server:
        page = opened(context, server.address + WEBDAV)
        before = names(page)
        source = site.root / "manuals/operation/webdav.md"
        source.write_text(source.read_text("utf-8").replace("VPN", "新的 VPN"), "utf-8")
        built(site)
        page.goto(server.address + WEBDAV)
        expect(page.get_by_text("新的 VPN")).to_be_visible()
        page.wait_for_function(
            "async (before) => (await caches.keys()).filter(n => before.includes(n)).length == 1"
            " && (await caches.keys()).length == 2",
            arg=before,
        )
        page.wait_for_function(
            "async (url) => (await (await caches.match(url)).text()).includes('新的 VPN')",
            arg=server.address + WEBDAV,
        )
        context.set_offline(True)
        page.goto(server.address + WEBDAV)
        expect(page.get_by_text("新的 VPN")).to_be_visible()


def test_a_page_that_is_gone_is_gone_and_a_failing_server_shows_the_copy(context, tmp_path):
    site = site_with(tmp_path / "repo", "offline: true")
    with serving(site.out) as server:
        page = opened(context, server.address + WEBDAV)
        server.stop()
        page.goto(server.address + WEBDAV)
        expect(page.locator(".ms-kept")).to_be_visible()
        server.start()
        shutil.rmtree(site.out / WEBDAV)
        answer = page.goto(server.address + WEBDAV)
        assert answer is not None
        assert answer.status == 404
        page.wait_for_function(
            "async (url) => !(await caches.match(url))", arg=server.address + WEBDAV
        )


def test_a_network_that_does_not_answer_is_waited_for_once(site, context, tmp_path):
    """Four seconds for the page, none for each of its styles and scripts; then it answers again."""
    with serving(site.out) as server:
        page = opened(context, server.address + WEBDAV)
        page.reload()
        page.wait_for_load_state("networkidle")
        server.answers.clear()
        begun = time.monotonic()
        page.goto(server.address + WEBDAV)
        waited = time.monotonic() - begun
        expect(page.locator("h1")).to_contain_text("用 WebDAV 連線")
        expect(page.locator(".ms-kept")).to_be_visible()
        assert waited >= 4
        assert page.evaluate(LONGEST_FILE) < 4000
        server.answers.set()
        page.goto(server.address + WEBDAV)
        expect(page.locator("h1")).to_contain_text("用 WebDAV 連線")
        assert not page.locator(".ms-kept").count()


def test_it_keeps_no_more_than_it_may(context, tmp_path):
    """With smaller bounds: the last pages stay, and what every page needs."""
    site = site_with(tmp_path / "repo", "offline: true")
    worker = site.out / "manualsmith-worker.js"
    text = worker.read_text("utf-8")
    bound = "[PAGES]: { entries: 150, bytes: 20e6 }"
    assert bound in text
    worker.write_text(text.replace(bound, "[PAGES]: { entries: 2, bytes: 20e6 }"), "utf-8")
    with serving(site.out) as server:
        page = opened(context, server.address)
        for address in (SIGN_IN, WEBDAV, "manuals/operation/"):
            page.goto(server.address + address)
            kept(page, server.address + address)
        page.wait_for_function(
            """async () => {
                const pages = (await caches.keys()).find((name) => name.endsWith(" pages"));
                return (await (await caches.open(pages)).keys()).length == 2;
            }"""
        )
        context.set_offline(True)
        page.goto(server.address + WEBDAV)
        expect(page.locator("h1")).to_contain_text("用 WebDAV 連線")
        page.goto(server.address)
        expect(page.locator("h1")).to_contain_text("沒有網路")


def test_where_it_is_taken_back_nothing_stays(context, tmp_path):
    site = site_with(tmp_path / "repo", "offline: true")
    with serving(site.out) as server:
        page = opened(context, server.address)
        settings = site.root / "mkdocs.yml"
        text = settings.read_text("utf-8")
        settings.write_text(text.replace("offline: true", "offline: false"), "utf-8")
        built(site)
        page.goto(server.address + WEBDAV)
        page.evaluate("navigator.serviceWorker.getRegistration().then(one => one?.update())")
        page.wait_for_function("async () => !(await caches.keys()).length")
        page.wait_for_function("async () => !(await navigator.serviceWorker.getRegistration())")


def test_what_has_no_worker(tmp_path, monkeypatch):
    """A site that says nothing, an internal one, and none for a page's search."""
    for name, offline in (("unset", "docs_title: 工作說明"), ("internal", "offline: true")):
        if name == "internal":
            monkeypatch.setenv("INTERNAL", "1")
        site = site_with(tmp_path / name, offline.replace("docs_title: 工作說明", "fast: true"))
        assert not (site.out / "manualsmith-worker.js").exists(), name
        assert "offline.js" not in site.html("")


def test_the_page_for_no_network_is_in_no_search_nor_nav(site):
    assert not [one for one in site.index() if "offline" in one]
    assert "manualsmith-offline" not in site.html("")


def test_two_builds_of_the_same_have_the_same_worker(site, tmp_path):
    again = site_with(tmp_path / "again", "offline: true")
    one, other = ((s.out / "manualsmith-worker.js").read_bytes() for s in (site, again))
    assert one == other


@pytest.fixture(scope="module", params=["zh-TW", "en"])
def spoken(request, tmp_path_factory) -> Site:
    """The site in a language."""
    site = write_site(tmp_path_factory.mktemp("spoken"))
    settings = site.root / "mkdocs.yml"
    text = settings.read_text("utf-8").replace("language: zh-TW", f"language: {request.param}")
    settings.write_text(ON.sub("offline: true", text), "utf-8")
    return built(site)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_nobody_is_barred_from_what_a_lost_network_or_address_leaves(spoken, browser, size, scheme):
    context = browser.new_context(viewport=size, color_scheme=scheme)
    with serving(spoken.out) as server:
        page = opened(context, server.address + WEBDAV)
        page.goto(server.address + "404.html")
        assert barred(page) == []
        context.set_offline(True)
        page.goto(server.address + WEBDAV)
        expect(page.locator(".ms-kept")).to_be_visible()
        assert barred(page) == []
        page.goto(server.address + SIGN_IN)
        expect(page.locator(".ms-kept-pages a").first).to_be_visible()
        assert barred(page) == []
    context.close()


def barred(page: Page) -> list[tuple[str, list[str]]]:
    found = Axe().run(page).response["violations"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]
