"""Was this of help? What is clicked leads to the report, and to the desk only where it is named."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, Page

from browsers import PHONE, served
from gitrepo import git
from manualsmith.workflow.service.reader_answers import read_answers
from manualsmith.workflow.workspace.open_workspace import open_workspace
from rooms import served as desk_of
from small_site import PAGES, Site, write_site

PATH = "manuals/operation/web-sign-in.md"
AT = "manuals/operation/web-sign-in/"


def with_settings(site: Site, **settings: str) -> None:
    file = site.root / "mkdocs.yml"
    lines = "".join(f"      {name}: {value}\n" for name, value in settings.items())
    text = file.read_text("utf-8").replace("- manualsmith:\n", f"- manualsmith:\n{lines}")
    file.write_text(text, "utf-8")
    done = site.build()
    assert done.returncode == 0, done.stderr


def repository(root: Path) -> Site:
    pages = {path: text for path, text in PAGES.items() if not path.endswith(".yaml")}
    site = write_site(root, pages)
    git(root, "init", "-q", "-b", "main")
    git(root, "config", "manualsmith.staff", "S-0412")
    return site


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, locale="zh-TW")
    page = context.new_page()
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    yield page
    assert page.errors == []
    assert context.cookies() == []
    context.close()


def test_without_a_desk_nothing_is_sent(page: Page, site: Site) -> None:
    with served(site.out) as base:
        page.goto(f"{base}{AT}#登出")
        asked: list[str] = []
        page.on("request", lambda one: asked.append(one.method))
        page.get_by_role("button", name="有", exact=True).click()
        page.get_by_role("status").filter(has_text="謝謝您").wait_for()
        page.goto(f"{base}manuals/operation/webdav/")
        page.goto(f"{base}{AT}#登出")
        asked.clear()
        page.get_by_role("link", name="沒有", exact=True).click()
        text = page.locator("details.ms-report-text[open] code")
        text.wait_for()
        assert "標題：登出" in text.inner_text()
        assert page.evaluate("manualsmith.hasDesk") is False
        assert page.evaluate("manualsmith.notFound('wifi')") is False
        assert "POST" not in asked


def test_no_opens_the_report_that_the_settings_name(page: Page, tmp_path: Path) -> None:
    site = repository(tmp_path / "site")
    with_settings(site, report="https://git.example/x/issues/new")
    page.route("https://git.example/**", lambda route: route.fulfill(body=""))
    with served(site.out) as base:
        for end, heading in (("", ""), ("#登出", "標題：登出")):
            page.goto("about:blank")
            page.goto(f"{base}{AT}{end}")
            page.get_by_role("link", name="沒有", exact=True).click()
            page.wait_for_url("https://git.example/**")
            assert PATH in unquote(page.url)
            assert heading in unquote(page.url)


def test_the_desk_counts_what_is_clicked(page: Page, tmp_path: Path) -> None:
    site = repository(tmp_path / "site")
    site.out.mkdir()
    with served(site.out) as base:
        origin = base.rstrip("/")
        settings = f'[tool.manualsmith.desk]\nsites = ["{origin}"]\n'
        (site.root / "pyproject.toml").write_text(settings, "utf-8")
        git(site.root, "add", "-A")
        git(site.root, "commit", "-q", "-m", "Site")
        with desk_of(site.root) as desk:
            with_settings(site, desk=re.match("https?://[^/]+", desk.address)[0])
            for answer in ("yes", "no"):
                page.goto(base + AT)
                with page.expect_response("**/from-readers") as got:
                    page.locator(f"[data-answer={answer}]").click()
                assert got.value.status == 204
                assert "cookie" not in got.value.request.all_headers()
                assert "referer" not in got.value.request.all_headers()
            assert page.evaluate("manualsmith.hasDesk")
            assert page.evaluate("manualsmith.notFound('WiFi 連不上')")
            assert not page.evaluate("manualsmith.notFound('打 0912-345-678')")
            page.goto(f"{base}{AT}?q=qqzzxx")
            page.get_by_role("button", name="只把這些字詞告訴服務台").click()
            page.get_by_text("已經告訴服務台").wait_for(timeout=30_000)
    workspace = open_workspace(site.root)
    said = read_answers(workspace, workspace.repository.common_dir)
    assert said.helped(date.min, date.max) == {PATH: (1, 1)}
    assert said.not_found(date.min, date.max) == {"wifi 連不上": 1, "qqzzxx": 1}
