"""What is due, as its owner finds it at the desk in a real browser."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from browsers import DESKTOP, PHONE
from gitrepo import commit, git
from rooms import Served, make_rooms, served

SETTINGS = """[tool.manualsmith.confirm]
every = "90d"
owner = "文件組"
[tool.manualsmith.confirm.products.nextcloud]
owner = "S-0412"
"""
MANY = {f"manuals/operation/use-{n}.md": f"# 第 {n} 種用法\n\n文字。\n" for n in range(7)}
OWN = "/incidents?which=mine"


@pytest.fixture
def desk(tmp_path) -> Iterator[Served]:
    repo = make_rooms(tmp_path)
    commit(repo, {"pyproject.toml": SETTINGS, **MANY})
    with served(repo) as started:
        yield started


def visit(browser: Browser, desk: Served, size: dict[str, int], scheme: str = "light") -> Page:
    context = browser.new_context(viewport=size, locale="zh-TW", color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.goto(desk.address)
    return page


def test_one_press_confirms_and_one_walks_through(browser: Browser, desk: Served, tmp_path) -> None:
    page = visit(browser, desk, PHONE)
    page.get_by_role("link", name="我的", exact=False).first.click()
    page.wait_for_url(f"**{OWN}")
    mine = page.locator("ul.due > li", has_text="操作手冊 › 登入")
    mine.get_by_role("button", name="照手冊走一遍").click()
    page.wait_for_url("**/walkthroughs/WLK-*")
    page.goto(desk.base + OWN)
    mine.get_by_role("button", name="與手冊一致").click()
    expect(page.locator(".said")).to_contain_text("登入")
    expect(page.get_by_role("navigation", name="哪些").locator("[aria-current]")).to_have_text(
        "我的"
    )
    expect(mine).to_have_count(0)
    repo = tmp_path / "repo"
    assert "sign-in.md" in git(repo, "grep", "-h", "page:", "main", "--", "records/confirmations")
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_barred(browser: Browser, desk: Served, scheme: str) -> None:
    page = visit(browser, desk, PHONE, scheme)
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        for address in ("/", "/due", OWN, "/report"):
            page.goto(desk.base + address)
            broken = Axe().run(page).response["violations"]
            assert not [one["id"] for one in broken if one["impact"] in ("serious", "critical")]
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.context.close()


def test_what_does_not_fit_on_the_first_page_is_a_press_away(
    browser: Browser, desk: Served
) -> None:
    page = visit(browser, desk, DESKTOP)
    panel = page.locator(
        "section", has=page.get_by_role("heading", name="要再確認的手冊內容", exact=False)
    )
    expect(panel.last.locator("li")).to_have_count(5)
    panel.last.get_by_role("link", name="全部").click()
    rest = page.locator("ul.due").last.locator("li")
    expect(rest).to_have_count(9)
    nameless = rest.filter(has_text="第 3 種用法")  # it would be refused
    expect(nameless).to_contain_text("要先寫明產品")
    expect(nameless.get_by_role("button")).to_have_count(0)
    page.context.close()
