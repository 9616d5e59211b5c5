"""The internal site's ledger, and that readers' site has none of it."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from small_site import PAGES, Site, Tags, write_site
from test_site_announcing import CONFIRMATION
from test_site_browser import PHONE, browser, served  # noqa: F401

from gitrepo import git
from manualsmith.cli.group import run

HELD = """\
schema: manualsmith/confirmation/v1
id: ENV-2026-0008
date: 2026-11-21
product: nextcloud
staff: S-0412
reported: <script>alert(1)</script> 都能用
environment:
confirmed:
  - {page: webdav.md}
"""
ONE, TWO = "ENV-2026-0007-1", "ENV-2026-0007-2"


@pytest.fixture(scope="module")
def internal(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site with one suggestion rejected and two open, built with the ledger."""
    root = tmp_path_factory.mktemp("ledger") / "repository"
    pages = {name: text for name, text in PAGES.items() if not name.startswith(("records", "sugg"))}
    site = write_site(root, pages)
    for name, text in (("0007", CONFIRMATION), ("0008", HELD)):
        file = root / f"records/confirmations/ENV-2026-{name}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "Site")
    manualsmith = ["-C", str(root)]
    assert run([*manualsmith, "suggest", "--all"]) == 0
    assert run([*manualsmith, "review", "reject", TWO, "--reason", "先不改"]) == 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INTERNAL", "1")
        done = site.build()
    assert done.returncode == 0, done.stderr
    return site


@pytest.fixture
def page(browser: Browser, internal: Site) -> Iterator[tuple[Page, str]]:  # noqa: F811
    page = browser.new_page()
    with served(internal.out) as base:
        yield page, base
    page.close()


def rows(site: Site, address: str) -> dict[str, str]:
    found = re.findall(r'<tr id="([^"]+)">(.*?)</tr>', site.html(address), re.DOTALL)
    return dict(found)


def test_readers_have_none_of_it(tmp_path: Path, internal: Site) -> None:
    public = Site(internal.root, tmp_path / "public")
    assert public.build().returncode == 0
    assert not (public.out / "ledger").exists()
    for file in public.out.rglob("*.html"):
        assert "ENV-2026" not in file.read_text("utf-8"), file
    assert "ENV-2026" not in (public.out / "search/search_index.json").read_text("utf-8")


def test_links_go_both_ways(internal: Site) -> None:
    suggestions = rows(internal, "ledger/suggestions")
    confirmations = rows(internal, "ledger/confirmations")
    assert set(suggestions) == {ONE, TWO, "ENV-2026-0007-operation-server.version"}
    assert set(confirmations) == {"ENV-2026-0007", "ENV-2026-0008"}
    assert 'href="../confirmations/#ENV-2026-0007"' in suggestions[ONE]
    assert f'href="../suggestions/#{ONE}"' in confirmations["ENV-2026-0007"]
    assert 'href="../../manuals/operation/web-sign-in/"' in suggestions[ONE]
    assert 'href="../../manuals/operation/webdav/"' in confirmations["ENV-2026-0008"]
    told = internal.html("manuals/operation/web-sign-in/")
    assert f'href="../../../ledger/suggestions/#{ONE}"' in told
    assert "ENV-2026-0008" in internal.html("manuals/operation/webdav/")
    assert "不採用" in suggestions[TWO]
    assert "先不改" in suggestions[TWO]
    for address in ("ledger", "ledger/suggestions", "ledger/confirmations"):
        for href in Tags(internal.html(address)).values("href", "a"):
            target = urlsplit(urljoin(f"/{address}/", href))
            path = internal.out / unquote(target.path).lstrip("/")
            page = path / "index.html" if path.is_dir() else path
            assert page.is_file(), href
            assert not target.fragment or f'id="{unquote(target.fragment)}"' in page.read_text()


def test_what_records_say_is_text(internal: Site) -> None:
    assert "&lt;script&gt;alert(1)" in internal.html("ledger/confirmations")
    assert "<script>alert" not in internal.html("ledger/confirmations")


def test_the_ledger_is_no_text_to_search(internal: Site) -> None:
    assert not [place for place in internal.index() if place.startswith("ledger")]


def test_charts_have_their_numbers(internal: Site) -> None:
    html = internal.html("ledger")
    ages = dict(re.findall(r'<th scope="row">([^<]*)</th><td>.*?</span> (\d+)</td></tr>', html))
    assert ages["從未"] == "4"
    assert sum(map(int, (count for name, count in ages.items() if "-" not in name))) == 5


def test_tables_filter_and_sort(page: tuple[Page, str]) -> None:
    look, base = page
    look.goto(f"{base}ledger/suggestions/")
    visible = look.locator("table.ms-ledger tbody tr").filter(visible=True)
    assert visible.count() == 3
    look.get_by_label("篩選").fill("不採用")
    assert [row.get_attribute("id") for row in visible.all()] == [TWO]
    look.get_by_label("篩選").fill("ＥＮＶ 登出")
    assert visible.count() == 1
    look.get_by_label("篩選").fill("沒有這種事")
    assert visible.count() == 0
    assert look.get_by_role("status").filter(has_text="沒有符合").count() == 1
    look.get_by_label("篩選").fill("")
    head = look.get_by_role("button", name="編號")
    head.click()
    first = [row.get_attribute("id") for row in visible.all()]
    assert first == sorted(first)
    head.click()
    assert [row.get_attribute("id") for row in visible.all()] == first[::-1]
    assert look.locator("th[aria-sort=descending]").count() == 1


@pytest.mark.parametrize("width", [PHONE["width"], 1300])
@pytest.mark.parametrize("address", ["ledger/", "ledger/suggestions/", "ledger/confirmations/"])
def test_it_is_for_everybody(page: tuple[Page, str], width: int, address: str) -> None:
    look, base = page
    look.set_viewport_size({"width": width, "height": 900})
    look.goto(base + address)
    found = Axe().run(look).response["violations"]
    serious = [one for one in found if one["impact"] in ("serious", "critical")]
    assert not [(one["id"], [node["html"] for node in one["nodes"]]) for one in serious]
    assert look.evaluate("document.documentElement.scrollWidth") <= width
