"""The internal site's ledger, and that readers' site has none of it."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from browsers import PHONE, served
from gitrepo import git
from manualsmith.cli.group import run
from small_site import CONFIRMATION, PAGES, Site, Tags, write_site

HELD = """\
schema: manualsmith/confirmation/v1
id: ENV-2026-0008
date: 2026-11-21
product: nextcloud
staff: S-0412
reported: <script>alert(1)</script> 都能用
request: INC-2026-0011
environment:
confirmed:
  - {page: webdav.md}
"""
ONE, TWO = "ENV-2026-0007-1", "ENV-2026-0007-2"
REQUEST, INCIDENT, WALK = "REQ-2026-0031", "INC-2026-0011", "WLK-2026-0021"
RECORD = re.compile("(?:ENV|REQ|INC|WLK)-2026")
CONFIRMED = "ledger/confirmations"
KINDS = ("suggestions", "confirmations", "requests", "incidents", "walkthroughs")
ADDRESSES = ("ledger", *(f"ledger/{kind}" for kind in KINDS))
DESK = {
    f"requests/{REQUEST}": f"""\
schema: manualsmith/request/v1
id: {REQUEST}
at: "2026-11-18T09:10:00+08:00"
product: nextcloud
staff: S-0412
symptom: <script>alert(2)</script> 按了登入沒有反應
incident: {INCIDENT}
""",
    "requests/REQ-2026-0032": """\
schema: manualsmith/request/v1
id: REQ-2026-0032
at: "2026-11-18T09:20:00+08:00"
product: nextcloud
symptom: 使用者已自行解決
closed: {at: "2026-11-18T10:00:00+08:00", by: S-0412, reason: 自行解決}
""",
    f"incidents/{INCIDENT}": f"""\
schema: manualsmith/incident/v1
id: {INCIDENT}
product: nextcloud
due: "2026-11-19T09:30:00+08:00"
symptom: 按了登入沒有反應
requests: [{REQUEST}]
entry: {{page: sign-in.md, section: [登入的問題, 登入後又回到登入畫面]}}
worked: as-written
confirmation: ENV-2026-0008
log:
  - {{at: "2026-11-18T09:30:00+08:00", by: S-0455, move: open}}
  - {{at: "2026-11-18T09:40:00+08:00", by: S-0455, move: resolve}}
""",
    f"walkthroughs/{WALK}": f"""\
schema: manualsmith/walkthrough/v1
id: {WALK}
date: "2026-11-19"
product: nextcloud
request: {REQUEST}
page: web-sign-in.md
blob: cd004a2b772d5479a803e1fe4eb399dda79fb9a6
steps:
  - {{section: [網頁登入, 用網頁登入], step: "1", text: 開啟瀏覽器。, result: as-written}}
  - {{section: [網頁登入, 用網頁登入], step: "2", text: 按「登入」。, result: failed}}
""",
}


@pytest.fixture(scope="module")
def internal(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site with one suggestion rejected and two open, built with the ledger."""
    root = tmp_path_factory.mktemp("ledger") / "repository"
    pages = {name: text for name, text in PAGES.items() if not name.startswith(("records", "sugg"))}
    site = write_site(root, pages)
    records = {"confirmations/ENV-2026-0007": CONFIRMATION, "confirmations/ENV-2026-0008": HELD}
    for name, text in {**records, **DESK}.items():
        file = root / f"records/{name}.yaml"
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
def page(browser: Browser, internal: Site) -> Iterator[tuple[Page, str]]:
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
        assert not RECORD.search(file.read_text("utf-8")), file
    assert not RECORD.search((public.out / "search/search_index.json").read_text("utf-8"))


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
    for address in ADDRESSES:
        for href in Tags(internal.html(address)).values("href", "a"):
            target = urlsplit(urljoin(f"/{address}/", href))
            path = internal.out / unquote(target.path).lstrip("/")
            page = path / "index.html" if path.is_dir() else path
            assert page.is_file(), href
            assert not target.fragment or f'id="{unquote(target.fragment)}"' in page.read_text()


def test_the_desks_records_are_linked_both_ways(internal: Site) -> None:
    requests, incidents = rows(internal, "ledger/requests"), rows(internal, "ledger/incidents")
    walks, confirmations = rows(internal, "ledger/walkthroughs"), rows(internal, CONFIRMED)
    assert set(requests) == {REQUEST, "REQ-2026-0032"}
    assert f'href="../incidents/#{INCIDENT}"' in requests[REQUEST]
    assert "已結案" in requests["REQ-2026-0032"]
    assert f'href="../requests/#{REQUEST}"' in incidents[INCIDENT]
    assert 'href="../confirmations/#ENV-2026-0008"' in incidents[INCIDENT]
    assert 'href="../../manuals/troubleshooting/sign-in/"' in incidents[INCIDENT]
    assert "已排除，還沒說明" in incidents[INCIDENT]
    assert f'href="../incidents/#{INCIDENT}"' in confirmations["ENV-2026-0008"]
    assert f'href="../requests/#{REQUEST}"' in walks[WALK]
    assert 'href="../../manuals/operation/web-sign-in/"' in walks[WALK]
    assert "1/2" in walks[WALK]
    told = internal.html("manuals/troubleshooting/sign-in/")
    assert f'href="../../../ledger/incidents/#{INCIDENT}"' in told
    assert f'href="../../../ledger/walkthroughs/#{WALK}"' in internal.html(
        "manuals/operation/web-sign-in/"
    )


def test_what_records_say_is_text(internal: Site) -> None:
    assert "&lt;script&gt;alert(1)" in internal.html("ledger/confirmations")
    assert "&lt;script&gt;alert(2)" in internal.html("ledger/requests")
    assert not [one for one in ADDRESSES if "<script>alert" in internal.html(one)]


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
@pytest.mark.parametrize("address", ADDRESSES)
def test_it_is_for_everybody(page: tuple[Page, str], width: int, address: str) -> None:
    look, base = page
    look.set_viewport_size({"width": width, "height": 900})
    look.goto(f"{base}{address}/")
    found = Axe().run(look).response["violations"]
    serious = [one for one in found if one["impact"] in ("serious", "critical")]
    assert not [(one["id"], [node["html"] for node in one["nodes"]]) for one in serious]
    assert look.evaluate("document.documentElement.scrollWidth") <= width
