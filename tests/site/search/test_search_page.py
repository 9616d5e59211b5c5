"""The search as readers use it: typed, pasted, composed; to the place; nothing found."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, Page, expect

from browsers import DESKTOP, PHONE, served
from small_site import PAGES, Site, write_site

TABS = """
# 分頁

## 安裝

=== "甲機"

    1. 打開設定。

=== "乙機"

    1. 執行鼉龘程式。

## 細節

??? note "少有的情形"

    按住鱻字鍵五秒。

## 臺北的服務臺

ＶＰＮ的說明。
"""
ROOT_PAGES = {**PAGES, "manuals/operation/tabs.md": TABS}
LOOP = "troubleshooting/sign-in/#登入後又回到登入畫面"
LINKS = ".md-search-result__link"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = write_site(tmp_path_factory.mktemp("search") / "repository", ROOT_PAGES)
    done = site.build()
    assert done.returncode == 0, done.stderr
    return site


@pytest.fixture(scope="module")
def base(pages: Site) -> Iterator[str]:
    with served(pages.out) as address:
        yield address


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def page(browser: Browser, base: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    page = browser.new_page(viewport=request.param, locale="zh-TW")
    page.set_default_timeout(20_000)
    page.goto(base)
    yield page
    page.close()


def opened(page: Page):
    page.locator("label[for=__search]:visible, .md-search__input:visible").first.click()
    return page.locator(".md-search__input")


def first(page: Page) -> str:
    page.locator(LINKS).first.wait_for()
    address = page.locator(LINKS).first.evaluate("link => link.href")
    return unquote(re.sub(r"\?[^#]*", "", address)).partition("manuals/")[2]


def test_the_index_is_loaded_when_search_is_first_used(browser: Browser, base: str) -> None:
    page = browser.new_page()
    bodies: list[int] = []
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("response", lambda response: bodies.append(len(response.body())))
    page.goto(f"{base}manuals/operation/web-sign-in/", wait_until="networkidle")
    assert not [url for url in asked if "search_index" in url or "worker" in url]
    assert sum(bodies) < 350_000
    with page.expect_request("**/search_index.json"):
        opened(page).press("a")
    page.close()


def test_a_result_leads_to_the_tab(page: Page, base: str) -> None:
    opened(page).fill("鼉龘")
    assert first(page) == "operation/tabs/#安裝"
    page.locator(LINKS).first.click()
    mark = page.locator("mark.ms-found", has_text="鼉龘")
    expect(mark).to_be_visible()
    expect(mark).to_be_in_viewport()
    expect(page).to_have_url(re.compile(r"tabs/#"))  # what was searched is not in the address


def test_a_result_unfolds_what_is_folded(page: Page) -> None:
    opened(page).fill("鱻字鍵")
    assert first(page) == "operation/tabs/#細節"
    page.locator(LINKS).first.click()
    expect(page.locator("mark.ms-found", has_text="鱻字鍵")).to_be_visible()


def test_a_result_shows_its_path_and_the_sentence_that_answers(page: Page) -> None:
    opened(page).fill("按住鱻字鍵")
    page.locator(LINKS).first.wait_for()
    assert page.locator(".ms-search-path").first.inner_text() == "操作手冊 › 分頁"
    assert page.locator(".ms-search-answer").first.inner_text() == "按住鱻字鍵五秒。"


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        ("台北", "operation/tabs/#臺北的服務臺"),
        ("VPN 說明", "operation/tabs/#臺北的服務臺"),
        ("ｖｐｎ說明", "operation/tabs/#臺北的服務臺"),
        ("说明 VPN", "operation/tabs/#臺北的服務臺"),
        ("资源回收桶", "operation/files/trash/"),
        ("資源回收同", "operation/files/trash/"),
        ("trash", "operation/files/trash/"),
        ("登入後又回到登入畫", LOOP),
        ("登入後回到登入畫面", LOOP),
        ("cookei", LOOP),
        (
            r"Cookie C:\\Users\\鱻\\鼉龘.xlsx https://a.example/鱻字鍵",
            "troubleshooting/sign-in/#登入後又回到登入畫面",
        ),
    ],
)
def test_other_writings_find_it(page: Page, asked: str, place: str) -> None:
    opened(page).fill(asked)
    assert first(page) == place


def test_pasting_is_enough(page: Page) -> None:
    opened(page)
    page.keyboard.insert_text("鱻字鍵")  # an input event, and no key
    assert first(page) == "operation/tabs/#細節"


def test_what_is_composed_is_searched_as_far_as_it_is_words(page: Page) -> None:
    opened(page)
    session = page.context.new_cdp_session(page)
    page.keyboard.insert_text("鱻字")
    assert first(page) == "operation/tabs/#細節"
    composed = {"text": "ㄐㄧㄢˋ", "selectionStart": 4, "selectionEnd": 4}
    session.send("Input.imeSetComposition", composed)
    assert first(page) == "operation/tabs/#細節"
    session.send("Input.insertText", {"text": "鍵"})
    expect(page.locator(".md-search__input")).to_have_value("鱻字鍵")
    assert first(page) == "operation/tabs/#細節"


def test_what_stood_first_keeps_its_place(browser: Browser, base: str) -> None:
    page = browser.new_page()
    page.goto(base)
    page.add_script_tag(url=f"{base}assets/manualsmith/search-engine.js")
    for word in ("webdav", "cookie", "資源回收筒", "登入後又回到登入畫面", "無法登入"):
        firsts = page.evaluate(
            """async word => {
              const index = await (await fetch("search/search_index.json")).json()
              const engine = new SearchEngine(index)
              const starts = [...word].map((_, at) => word.slice(0, at + 1)).slice(1)
              return starts.map(start => engine.search(start).results[0]?.location)
            }""",
            word,
        )
        at = firsts.index(firsts[-1])
        assert set(firsts[at:]) == {firsts[-1]}, (word, firsts)
    page.close()


def test_nothing_found_is_no_dead_end(page: Page) -> None:
    opened(page).fill("qqzzxx")
    expect(page.locator(".md-search-result__meta")).to_have_text("找不到「qqzzxx」。")
    ways = page.locator(".ms-search-ways")
    ways.get_by_text("登入的問題").click()
    expect(ways.get_by_role("link", name="無法登入")).to_be_visible()
    ways.get_by_text("不是您要找的？").click()
    expect(ways.locator("pre")).to_contain_text("您搜尋的是： qqzzxx")


def test_what_comes_nearest_is_shown(page: Page) -> None:
    opened(page).fill("回首來時路")
    expect(page.locator(".md-search-result__meta")).to_contain_text("最接近的是")
    assert page.locator(LINKS).count() > 0


def test_an_address_that_leads_nowhere(browser: Browser, base: str) -> None:
    page = browser.new_page(viewport=PHONE)
    page.set_default_timeout(20_000)
    page.goto(f"{base}404.html")
    assert page.locator("h1").inner_text() == "這裡沒有頁面"
    page.locator(".ms-ask input").fill("鱻字鍵")  # goes on in the search as it is typed
    assert first(page) == "operation/tabs/#細節"
    page.close()


def test_a_report_is_prefilled_and_the_desk_is_named(tmp_path: Path, browser: Browser) -> None:
    site = write_site(tmp_path / "repository")
    file = site.root / "mkdocs.yml"
    settings = "      report: mailto:desk@example.org\n      contact: 服務台分機 1234\n"
    text = file.read_text("utf-8").replace("  - manualsmith:\n", f"  - manualsmith:\n{settings}")
    file.write_text(text, "utf-8")
    done = site.build()
    assert done.returncode == 0, done.stderr
    assert "(report)" not in done.stderr
    with served(site.out) as base:
        page = browser.new_page(viewport=DESKTOP)
        page.set_default_timeout(20_000)
        page.goto(base)
        opened(page).fill("qqzz&xx")
        link = page.locator(".ms-search-ways a[href^=mailto]")
        link.wait_for()
        address = link.get_attribute("href")
        assert unquote(address.partition("&body=")[2]).startswith("您搜尋的是： qqzz&xx\r\n")
        assert page.get_by_text("服務台分機 1234").is_visible()
        page.close()
