"""How a place stands, as readers see it on whatever day they read it."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from browsers import DESKTOP, PHONE, kept, served
from gitrepo import git
from manualsmith.cli.group import run
from small_site import Site, write_site

HEAD = """schema: manualsmith/confirmation/v1
id: ENV-2026-{number:04}
date: {day}
product: nextcloud
staff: S-0412
reported: 照手冊操作
environment:
  software:
    - {{fact: server.version, observed: "32"}}
confirmed:
  - {{page: {place}}}
"""
HELD = (
    ("2026-10-15", "held.md"),
    ("2026-11-20", "parts.md, section: [網頁]"),
    ("2026-11-01", "parts.md, section: [手機]"),
    ("2026-11-20", "some.md, section: [網頁]"),
    ("2026-11-20", "none.md"),
)
PARTS = "## 網頁\n{web}\n文字。\n\n## 手機\n{phone}\n文字。\n"
PAGES = {
    "docs/index.md": "# 首頁\n",
    "manuals/operation/held.md": "---\nconfirm_every: 90d\nowner: 雲端組\n---\n\n# 登入\n",
    "manuals/operation/never.md": "---\nconfirm_every: 90d\n---\n\n# 分享\n",
    "manuals/operation/parts.md": (
        "---\nconfirm_every: 30d\n---\n\n# 同步\n\n"
        + PARTS.format(web="", phone="\n<!-- confirm_every: 2w -->\n")
    ),
    "manuals/operation/some.md": "---\nconfirm_every: 30d\n---\n\n# 備份\n\n"
    + PARTS.format(web="", phone="\n<!-- confirm_every: 2w -->\n"),
    "manuals/operation/none.md": "# 還原\n\n" + PARTS.format(web="", phone=""),
}
AT = "manuals/operation/"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    root = tmp_path_factory.mktemp("standing")
    site = write_site(root, PAGES)
    settings = root / "mkdocs.yml"
    named = "  - manualsmith:\n      facts: {server.version: 伺服器}\n"
    settings.write_text(settings.read_text("utf-8").replace("  - manualsmith:\n", named), "utf-8")
    folder = root / "records/confirmations"
    folder.mkdir(parents=True)
    for number, (day, place) in enumerate(HELD, start=1):
        text = HEAD.format(number=number, day=day, place=place)
        (folder / f"ENV-2026-{number:04}.yaml").write_text(text, "utf-8")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "pages")
    done = site.build()
    assert done.returncode == 0, done.stderr
    return site


@pytest.fixture(scope="module")
def base(site: Site) -> Iterator[str]:
    with served(site.out) as address:
        yield address


def standing(html: str) -> list[str]:
    """Return the lines of an unread page, as they are without a script."""
    found = re.findall(r'<p class="ms-standing"[^>]*>(.*?)</p>', html, re.DOTALL)
    return [re.sub(r"<[^>]+>", "", one) for one in found]


@pytest.mark.parametrize(
    ("page", "lines"),
    [
        (
            "held",
            ["2026 年 10 月 15 日照著做過，無誤（伺服器 32），預計 2027 年 1 月 13 日前再確認"],
        ),
        ("never", ["還沒有照著做過的紀錄"]),
        (
            "parts",
            [
                "2026 年 11 月 1 日照著做過，無誤，預計 2026 年 12 月 1 日前再確認",
                "2026 年 11 月 1 日照著做過，無誤（伺服器 32），預計 2026 年 11 月 15 日前再確認",
            ],
        ),
        ("some", ["這一頁還沒有全部照著做過", "還沒有照著做過的紀錄"]),
        ("none", []),
    ],
)
def test_what_is_built_is_true_on_any_day(site: Site, page: str, lines: list[str]) -> None:
    html = site.html(f"{AT}{page}/")
    assert standing(html) == lines
    assert "雲端組" not in html


def test_a_line_takes_the_place_of_the_date_that_it_says(site: Site) -> None:
    assert "最近照著做，確認無誤" not in site.html(f"{AT}held/")
    parts = site.html(f"{AT}parts/")
    assert parts.count("最近照著做，確認無誤") == 1  # of the section that has no time of its own
    phone = parts.partition('<h2 id="手機"')[2]
    assert phone.index("ms-standing") < phone.index("文字。")


def test_it_is_nothing_to_search(site: Site) -> None:
    assert not [one for one in site.index().values() if "照著做過" in one["text"]]


def opened(browser: Browser, address: str, day: str, **more: object) -> Page:
    """Return a page in a reader's browser on a day."""
    context = browser.new_context(locale="zh-TW", timezone_id="Asia/Taipei", **more)  # type: ignore[arg-type]
    page = context.new_page()
    page.clock.set_fixed_time(datetime.fromisoformat(f"{day}T00:30:00+08:00"))
    page.goto(address)
    return page


@pytest.mark.parametrize(
    ("day", "state", "words"),
    [
        ("2026-10-15", "confirmed", "無誤（伺服器 32），預計 2027 年 1 月 13 日前再確認"),
        ("2027-01-13", "confirmed", "無誤（伺服器 32），預計 2027 年 1 月 13 日前再確認"),
        ("2027-01-14", "due", "無誤（伺服器 32），該再確認一次了"),
    ],
)
def test_a_page_becomes_due_without_being_built_again(
    browser: Browser, base: str, day: str, state: str, words: str
) -> None:
    page = opened(browser, f"{base}{AT}held/", day)
    line = page.locator(".ms-standing")
    expect(line).to_have_attribute("data-standing", state)
    expect(line).to_have_text(f"2026 年 10 月 15 日照著做過，{words}")
    page.context.close()


def test_a_page_that_is_kept_on_a_device_is_right_today(browser: Browser, base: str) -> None:
    page = opened(browser, base, "2026-11-28")
    page.wait_for_function("navigator.serviceWorker.controller")
    page.goto(f"{base}{AT}held/")
    kept(page, f"{base}{AT}held/")
    page.context.set_offline(True)
    page.clock.set_fixed_time(datetime.fromisoformat("2027-06-01T12:00:00+08:00"))
    page.goto(f"{base}{AT}held/")
    expect(page.locator(".ms-kept")).to_be_visible()
    expect(page.locator(".ms-standing")).to_contain_text("該再確認一次了")
    page.context.close()


def test_without_a_script_it_names_the_day(browser: Browser, base: str) -> None:
    page = opened(browser, f"{base}{AT}held/", "2027-06-01", java_script_enabled=False)
    expect(page.locator(".ms-standing")).to_contain_text("預計 2027 年 1 月 13 日前再確認")
    assert page.locator("[data-standing]").count() == 0
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_nobody_is_barred(browser: Browser, base: str, size: dict[str, int], scheme: str) -> None:
    for name, day in (("held", "2026-11-28"), ("parts", "2027-06-01"), ("some", "2026-11-28")):
        page = opened(browser, f"{base}{AT}{name}/", day, viewport=size, color_scheme=scheme)
        expect(page.locator(".ms-standing").first).to_be_visible()
        found = Axe().run(page).response["violations"]
        assert not [one["id"] for one in found if one["impact"] in ("serious", "critical")]
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        page.context.close()


def test_plain_pages_say_it_in_their_text(site: Site, tmp_path: Path) -> None:
    out = tmp_path / "plain"
    assert run(["-C", str(site.root), "pages", "--out", str(out)]) == 0
    texts = {file.stem: file.read_text("utf-8") for file in out.rglob("*.md")}
    held = "2026 年 10 月 15 日照著做過，無誤，預計 2027 年 1 月 13 日前再確認"
    assert held in texts["held"]
    assert "\n還沒有照著做過的紀錄\n" in texts["never"]
    assert texts["parts"].count("照著做過，無誤") == 2
    assert "這一頁還沒有全部照著做過" in texts["some"]
    assert "照著做過" not in texts["none"]


def test_the_book_says_it_in_its_text(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "operation.html"
    assert run(["-C", str(site.root), "export", "operation", "--out", str(file)]) == 0
    lines = standing(file.read_text("utf-8"))
    assert len(lines) == 6
    assert lines[0].endswith("，預計 2027 年 1 月 13 日前再確認")
