"""The site for everybody: who cannot see it, who has no mouse, who reads it on a phone or paper."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import ROOT
from playwright.sync_api import Browser, Page

import forking
from browsers import PHONE, served
from gitrepo import git
from manualsmith.cli.group import run

DESKTOP = {"width": 1300, "height": 900}
PAGES = [
    ("site", ""),
    ("site", "manuals/operation/"),
    ("site", "manuals/operation/desktop-client/"),
    ("site", "manuals/operation/two-factor/"),
    ("site", "manuals/troubleshooting/"),
    ("site", "manuals/troubleshooting/sync/"),
    ("site", "manuals/troubleshooting/sign-in/"),
    ("site", "404.html"),
    ("internal", "reference/"),
    ("internal", "drift/"),
    ("site", "manuals/operation/sharing/"),
    ("site", "manualsmith-offline/"),
    ("preview", "preview/"),
    ("preview", "manuals/operation/desktop-client/"),
    ("preview", "manuals/troubleshooting/sign-in/"),
    ("review", "index.html"),
    ("review", "ENV-2026-0001-1.html"),
    ("review", "ENV-2026-0002-1.html"),
]


@pytest.fixture(scope="module")
def bases(own_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The addresses of this project's site, of a preview of it, and of its review site."""
    folder = tmp_path_factory.mktemp("reviewing")
    clone, preview, review = folder / "clone", folder / "preview", folder / "review"
    internal = folder / "internal"
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "-d", str(internal)]
    env = {**os.environ, "INTERNAL": "1"}
    assert forking.run(command, cwd=ROOT, env=env).returncode == 0
    git(folder, "clone", "-q", str(ROOT), str(clone))
    git(clone, "checkout", "-q", "-B", "main")
    manualsmith = ["-C", str(clone)]
    assert run([*manualsmith, "suggest", "--all"]) == 0
    shown = ["ENV-2026-0001-1", "ENV-2026-0002-1"]
    assert run([*manualsmith, "preview", *shown, "--out", str(preview)]) == 0
    assert run([*manualsmith, "preview", "--all", "--out", str(review)]) == 0
    with ExitStack() as stack:
        folders = {"site": own_site, "internal": internal, "preview": preview, "review": review}
        yield {name: stack.enter_context(served(folder)) for name, folder in folders.items()}


@pytest.fixture(scope="module", params=["light", "dark"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(color_scheme=request.param, locale="zh-TW")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize(("of", "address"), PAGES)
def test_nothing_serious_bars_anybody(page: Page, bases, size, of: str, address: str) -> None:
    page.set_viewport_size(size)
    page.goto(bases[of] + address)
    found = Axe().run(page).response["violations"]
    serious = [one for one in found if one["impact"] in ("serious", "critical")]
    assert not [(one["id"], [node["html"] for node in one["nodes"]]) for one in serious]
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


# What is wider than its frame, and whether it can be scrolled by keyboard, and by what name.
WIDE = """() => [...document.querySelectorAll("main *")].filter((one) => {
    const style = getComputedStyle(one), clips = /auto|scroll/.test(style.overflowX);
    return clips && one.clientWidth > 0 && one.scrollWidth > one.clientWidth;
}).map((one) => [one.tabIndex, one.getAttribute("aria-label")])"""


@pytest.mark.parametrize(("of", "address"), PAGES)
def test_what_is_wide_is_scrolled_by_keyboard(browser: Browser, bases, of, address) -> None:
    page = browser.new_page(viewport=DESKTOP)
    page.goto(bases[of] + address)
    for size in (DESKTOP, PHONE):  # whoever turns the phone has another width
        page.set_viewport_size(size)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        page.wait_for_function(f"({WIDE})().every(([tab, name]) => tab === 0 && name)")
    if address == "reference/":
        page.locator("pre [data-ms-wide]").first.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function("document.activeElement.scrollLeft > 0")
    page.close()


def test_the_keyboard_is_enough(browser: Browser, bases) -> None:
    page = browser.new_page(viewport=DESKTOP)
    page.goto(bases["site"] + "manuals/operation/two-factor/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.classList[0]") == "md-skip"
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("#(兩步驟驗證|%E5%85%A9)"))
    page.keyboard.press("/")
    page.keyboard.insert_text("維護模式")
    page.locator(".md-search-result__link").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/troubleshooting/sign-in/**")
    page.close()


def test_paper_has_the_text_and_nothing_to_press(browser: Browser, bases) -> None:
    page = browser.new_page()
    page.goto(bases["site"] + "manuals/operation/desktop-client/")
    page.emulate_media(media="print", color_scheme="dark")
    for kind in (
        ".md-header",
        ".md-tabs",
        ".md-sidebar",
        ".md-footer",
        ".ms-report",
        ".md-clipboard",
    ):
        assert not page.locator(kind).filter(visible=True).count(), kind
    for text in ("本頁適用的環境", "macOS", "取消勾選之後"):
        assert page.get_by_text(text, exact=False).filter(visible=True).count(), text
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") in (
        "rgb(255, 255, 255)",
        "rgba(0, 0, 0, 0)",
    )
    page.close()


def test_no_english_is_left_in_the_chinese_site(browser: Browser, bases) -> None:
    page = browser.new_page(viewport=DESKTOP)
    page.goto(bases["site"] + "manuals/operation/two-factor/")
    told = page.evaluate(
        """() => [...document.querySelectorAll("[title], [aria-label], [placeholder]")].flatMap(
            one => ["title", "aria-label", "placeholder"].map(name => one.getAttribute(name)))"""
    )
    latin = {text for text in told if text and not any(ord(char) > 0x2E80 for char in text)}
    assert latin == set()
    page.close()
