"""The home page: what a product is called, a field to ask, known troubles, what is asked, tasks."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from browsers import DESKTOP, PHONE, served
from manualsmith.site.readers.description import description_of
from small_site import PAGES, Site, Tags, write_site

PRIVATE = "王先生的電腦登不進去"
PASTE = """field => {
    field.value = "webdav";
    field.dispatchEvent(new Event("input", {bubbles: true}));
}"""
TOLD = "目前無法登入，正在處理。"
HOME = """---
    title: 首頁
    icons: [material/login, no/such-icon]
    ---
    # 您想做什麼？

    找不到時請搜尋。

    ## 登入 & 登出

    - [登入](../manuals/operation/web-sign-in.md)

    ## 其他

    - [WebDAV](../manuals/operation/webdav.md)
    """


def request(number: int, page: str, at: str = "2026-11-20", incident: str = "") -> str:
    more = f"incident: {incident}\n" if incident else ""
    return (
        f"schema: manualsmith/request/v1\nid: REQ-2026-{number:04}\n"
        f'at: "{at}T09:00:00+08:00"\nproduct: nextcloud\nsymptom: {PRIVATE}\npage: {page}\n{more}'
    )


def incident(number: int, notice: str = "", entry: str = "", *, over: bool = False) -> str:
    text = (
        f"schema: manualsmith/incident/v1\nid: INC-2026-{number:04}\nproduct: nextcloud\n"
        f'due: "2026-11-21T09:00:00+08:00"\nsymptom: {PRIVATE}\n'
    )
    text += f"notice: {notice}\n" if notice else ""
    text += (
        f"entry: {{page: sign-in.md, section: [{entry}]}}\nworked: as-written\n" if entry else ""
    )
    moves = ["open", *(["announce"] if notice else []), *(["resolve"] if over else [])]
    log = "".join(
        f'  - {{at: "2026-11-20T09:0{n}:00+08:00", by: S-0412, move: {move}}}\n'
        for n, move in enumerate(moves)
    )
    return f"{text}log:\n{log}"


RECORDS = {
    "records/requests/REQ-2026-0001.yaml": request(1, "operation/webdav.md"),
    "records/requests/REQ-2026-0002.yaml": request(2, "operation/webdav.md"),
    "records/requests/REQ-2026-0003.yaml": request(3, "about.md", incident="INC-2026-0003"),
    "records/requests/REQ-2026-0004.yaml": request(4, "manuals/operation/web-sign-in.md#登出"),
    "records/requests/REQ-2024-0005.yaml": request(5, "files/trash.md", at="2024-11-20"),
    "records/requests/REQ-2026-0006.yaml": request(6, "operation/gone.md"),
    "records/incidents/INC-2026-0001.yaml": incident(1, TOLD),
    "records/incidents/INC-2026-0002.yaml": incident(2, "這個結束了。", over=True),
    "records/incidents/INC-2026-0003.yaml": incident(3, entry="無法登入", over=True),
}


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., tuple[Site, str]]:
    def made(settings: str = "", pages: dict[str, str] = {}) -> tuple[Site, str]:  # noqa: B006
        site = write_site(tmp_path / "site", {**PAGES, **pages}, settings)
        for path, text in RECORDS.items():
            file = site.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            if not file.exists():
                file.write_text(text, "utf-8")
        done = site.build("--no-strict")
        assert done.returncode == 0, done.stderr
        return site, done.stderr

    return made


def links(html: str, name: str) -> list[tuple[str, str]]:
    part = re.search(rf'class="{name}".*?</nav>', html, re.DOTALL)
    return re.findall(r'href="([^"]*)">([^<]*)<', part[0]) if part else []


def test_a_home_page_has_its_parts_and_what_its_author_wrote(build) -> None:
    site, said = build(pages={"docs/index.md": HOME})
    html = site.html("")
    order = ["雲端產品手冊</p>", "您想做什麼？", "找不到時請搜尋。", 'role="search"', TOLD]
    order += ["ms-asked", '<span class="ms-icon"', "登入 &amp; 登出", "其他"]
    places = [html.index(text, html.index("ms-hero")) for text in order]
    assert places == sorted(places)
    assert html.count('class="ms-card"') == 2
    assert "no/such-icon" in said
    assert "#其他" in site.index()
    assert TOLD not in str(site.index())


def test_what_is_asked_is_told_by_titles_of_pages_alone(build) -> None:
    site, _ = build()
    html = site.html("")
    assert links(html, "ms-asked") == [
        ("manuals/operation/webdav/", "用 WebDAV 連線"),
        ("manuals/operation/web-sign-in/", "網頁登入"),
        ("manuals/troubleshooting/sign-in/#無法登入", "無法登入"),
    ]
    whole = "".join(p.read_text("utf-8") for p in site.out.rglob("*.html"))
    assert PRIVATE not in whole
    assert not re.search("REQ-|INC-", whole)


def test_a_notice_is_on_every_page_of_the_manuals_until_it_is_resolved(build) -> None:
    site, _ = build()
    for address in ("", "manuals/operation/webdav/", "manuals/troubleshooting/sign-in/"):
        html = site.html(address)
        assert html.count(TOLD) == 1
        assert "2026-11-20 09:01 起" in html
        assert "這個結束了" not in html
    record = site.root / "records/incidents/INC-2026-0001.yaml"
    record.write_text(incident(1, TOLD, over=True), "utf-8")
    assert site.build().returncode == 0
    assert not [page for page in site.out.rglob("*.html") if TOLD in page.read_text("utf-8")]


def test_a_notice_with_personal_data_is_not_shown_and_told(build) -> None:
    path = "records/incidents/INC-2026-0001.yaml"
    _, said = build(pages={path: incident(1, "有問題請打 0912-345-678")})
    assert "INC-2026-0001" in said
    site = build(pages={path: incident(1, "有問題請打 0912-345-678")})[0]
    assert "0912" not in site.html("")


def test_a_site_may_keep_its_home_page(build) -> None:
    settings = Path(__file__).parents[3] / "mkdocs.yml"
    assert "- manualsmith:\n" in settings.read_text("utf-8")
    site, _ = build()
    file = site.root / "mkdocs.yml"
    text = file.read_text("utf-8").replace(
        "- manualsmith:\n", "- manualsmith:\n      home: false\n"
    )
    file.write_text(text, "utf-8")
    assert site.build().returncode == 0
    assert "ms-hero" not in site.html("")


def test_each_page_has_a_description(build) -> None:
    site, said = build(
        pages={"manuals/operation/about.md": "---\ndescription: 自己的\n---\n# 關於\n"}
    )
    assert site_url_told(said) == 1
    found = {}
    for page in site.out.rglob("index.html"):
        tags = Tags(page.read_text("utf-8")).found
        [text] = [
            a["content"] for tag, a in tags if tag == "meta" and a.get("name") == "description"
        ]
        found[page.parent.relative_to(site.out).as_posix()] = text
    assert found["manuals/operation/about"] == "自己的"
    assert found["manuals/operation/webdav"].startswith("先連上公司的 VPN")
    assert found["manuals/troubleshooting/sign-in"] == "登入的問題：登入後又回到登入畫面、無法登入"
    assert found["."] == "操作手冊與障礙排除手冊"


def site_url_told(said: str) -> int:
    return len(re.findall("site_url", said))


def test_an_address_of_the_site_makes_canonical_addresses_and_a_sitemap(build) -> None:
    site, said = build("\nsite_url: https://manuals.example.org/\n")
    assert site_url_told(said) == 0
    address = "https://manuals.example.org/manuals/operation/webdav/"
    assert f'<link rel="canonical" href="{address}">' in site.html("manuals/operation/webdav/")
    assert f"<loc>{address}</loc>" in (site.out / "sitemap.xml").read_text("utf-8")


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        ("<p>第一句。第二句。</p>", "第一句。"),
        ("<p>Version 3.10 is old. More.</p>", "Version 3.10 is old."),
        ("<p><img alt='x'></p><p>看<a>這裡</a> &amp; 那裡</p>", "看這裡 & 那裡"),
        ("<h2>一</h2><p>這是別的。</p>", "題目"),
        (f"<p>{'長' * 300}。</p>", "長" * 159 + "…"),
        ("", "題目"),
    ],
)
def test_a_description_is_the_first_sentence(html: str, wanted: str) -> None:
    assert description_of(html, "題目", []) == wanted


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Page:
    context = browser.new_context(viewport=request.param, locale="zh-TW")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("way", ["click", "keyboard", "paste", "button"])
def test_the_field_in_the_middle_searches(page: Page, site: Site, way: str) -> None:
    with served(site.out) as base:
        page.goto(base)
        field = page.locator(".ms-ask input")
        box = field.bounding_box()
        assert box
        assert abs(box["x"] + box["width"] / 2 - page.viewport_size["width"] / 2) < 90
        theirs = page.locator(".md-search__input")
        if way == "paste":
            field.evaluate(PASTE)
        else:
            button = page.locator(".ms-ask button")
            begin = {"click": field.click, "keyboard": field.focus, "button": button.click}
            begin[way]()
            page.keyboard.type("webdav")
        assert theirs.input_value() == "webdav"
        first = page.locator(".md-search-result__link").first
        first.wait_for(timeout=30_000)
        assert "webdav" in unescape(first.get_attribute("href") or "")
