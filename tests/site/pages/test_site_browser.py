"""The built site in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from browsers import HREFS, PHONE, served
from small_site import Site

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def base(site: Site) -> Iterator[str]:
    with served(site.out) as address:
        yield address


@pytest.fixture
def page(browser: Browser, base: str) -> Iterator[Page]:
    """A phone's page, and a check that it asked no other host for anything and had no error."""
    context = browser.new_context(viewport=PHONE, locale="zh-TW")
    page = context.new_page()
    page.set_default_timeout(10_000)
    asked: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert asked
    assert not [url for url in asked if not url.startswith((base, "data:", "blob:"))]
    assert not errors


def found(page: Page, base: str, query: str) -> list[str]:
    """Type *query* into the search of the home page; return the pages found, best first."""
    page.goto(base)
    page.locator("label[for=__search]").first.click()
    page.locator(".md-search__input").fill(query)
    results = page.locator(".md-search-result__item > .md-search-result__link")
    results.first.wait_for()
    return [str(url).removeprefix(base).split("?")[0] for url in results.evaluate_all(HREFS)]


def test_search_finds_the_page_on_a_phone(page: Page, base: str, tmp_path: Path) -> None:
    assert "manuals/operation/web-sign-in/" in found(page, base, "登入")
    page.locator(".md-search-result__link").first.click()
    page.wait_for_url(f"{base}manuals/**")
    shot = page.screenshot(path=tmp_path / "phone.png")
    assert shot.startswith(PNG)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("VPN連線", "manuals/operation/webdav/"),
        ("webdav", "manuals/operation/webdav/"),
        ("回收筒", "manuals/operation/files/trash/"),
        ("檔案還原", "manuals/operation/files/trash/"),
        ("啟動伺服器", "manuals/troubleshooting/sign-in/"),
        ("無法登", "manuals/troubleshooting/sign-in/"),
    ],
)
def test_best_page_comes_first(page: Page, base: str, query: str, first: str) -> None:
    assert found(page, base, query)[0] == first


def test_the_last_word_of_a_question_counts(page: Page, base: str) -> None:
    assert "manuals/operation/web-sign-in/" in found(page, base, "無法登入")


def test_no_page_is_wider_than_a_phone(page: Page, base: str) -> None:
    for address in ("", "manuals/operation/web-sign-in/", "manuals/troubleshooting/sign-in/"):
        page.goto(base + address)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], address


def test_dark_is_kept_when_chosen(page: Page, base: str) -> None:
    page.goto(base)
    page.locator("label.md-header__button[title=切換為深色]").click()
    page.goto(f"{base}manuals/operation/webdav/")
    assert page.locator("body").get_attribute("data-md-color-scheme") == "slate"


def test_a_report_is_a_text_to_copy_with_the_heading_in_it(page: Page, base: str) -> None:
    page.goto(f"{base}manuals/operation/web-sign-in/")
    path = "manuals/operation/web-sign-in.md"
    for _ in range(2):
        page.get_by_role("link", name="回報問題: 用網頁登入").click()
        lines = page.locator("details.ms-report-text code").inner_text().splitlines()
        assert lines[:2] == [f"頁面：網頁登入（{path}）", "標題：用網頁登入"]
        assert lines[2].startswith("版本：")
    assert page.context.cookies() == []
