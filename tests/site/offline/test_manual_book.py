"""A whole manual as HTML and PDF: what stands in it, where its links lead, what readers find."""

import re
import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from pypdf import PdfReader

from browsers import DESKTOP, PHONE
from gitrepo import commit, make_repo
from manualsmith.cli.group import run
from manualsmith.paper.searchable_text import plain_character
from small_site import CONFIRMATION, PAGES, Site, Tags, write_site

OPEN = """---
title: 各種寫法
order: 3
---
# 各種寫法

小節與民眾、一行八字：長話短說。

!!! note "注意這裡"
    告誡的內容。

??? question "收起來的問題"
    收起來的內容。

=== "電腦"

    1. 在電腦上做。

=== "手機"

    1. 在手機上做。

<script>alert(1)</script>

看 [自己](#各種寫法)、[外面](https://example.invalid/x)、[別本](../troubleshooting/sign-in.md)、
[首頁](../../docs/index.md)、[登出](web-sign-in.md#登出)。

![不在的圖](https://example.invalid/gone.svg)
![暗的](images/sign-in.svg#only-dark)
"""
TITLES = ["操作手冊", "網頁登入", "檔案", "各種寫法", "用 WebDAV 連線", "關於本手冊", "deep"]
CONFIRMED = CONFIRMATION.replace(
    "findings:", "confirmed:\n  - {manual: operation, page: web-sign-in.md}\nfindings:"
)
FILES = {
    **PAGES,
    "manuals/operation/open.md": OPEN,
    "manuals/operation/deep/a.md": "---\ntitle: 深處的頁\n---\n沒有標題的一頁。\n\n## 深處的小節\n",
    "records/confirmations/ENV-2026-0001.yaml": CONFIRMED.replace("0007", "0001"),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Site:
    root = make_repo(tmp_path_factory.mktemp("book"), {})
    site = write_site(root, FILES)
    commit(root, {})
    return site


def export(site: Site, *arguments: object) -> int:
    return run(["-C", str(site.root), "export", *map(str, arguments)])


@pytest.fixture(scope="module")
def html(site: Site, tmp_path_factory) -> str:
    file = tmp_path_factory.mktemp("html") / "operation.html"
    assert export(site, "operation", "--out", file) == 0
    return file.read_text("utf-8")


@pytest.fixture(scope="module")
def pdf(site: Site, tmp_path_factory) -> PdfReader:
    file = tmp_path_factory.mktemp("pdf") / "operation.pdf"
    assert export(site, "operation", "--format", "pdf", "--out", file) == 0
    return PdfReader(file)


def text_of(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html.partition("</style>")[2])


def test_pages_stand_in_the_order_of_the_nav_with_their_dates_and_environment(html):
    titles = re.findall(r"<h1[^>]*>(.*?)</h1>", html)
    assert titles == TITLES
    assert re.search('<h2 id="p4-[0-9]+">資源回收筒', html), "a page in a folder is one deeper"
    told = text_of(html)
    for text in ("最近照著做，確認無誤 2026-11-20", "本手冊適用的環境", "3.10", "本頁適用的環境"):
        assert text in told
    assert "ENV-2026" not in html
    assert told.count("深處的頁") == 2, "in the contents, and over a page without a heading"


def test_everything_is_open_and_nothing_runs(html):
    for text in ("告誡的內容", "收起來的內容", "在電腦上做", "在手機上做", "注意這裡"):
        assert text in html
    assert '<p class="tab-name">手機</p>' in html
    assert "<details" in html
    assert not re.findall("<details(?![^>]* open)", html)
    assert not re.search("<script|<input|<label|headerlink|alert|回報問題", html)


def test_links_lead_into_the_book_or_out_of_it(html):
    tags = Tags(html)
    ids = tags.values("id")
    assert len(ids) == len({*ids})
    links = tags.values("href", "a")
    assert {link for link in links if not link.startswith("#")} == {"https://example.invalid/x"}
    assert {link[1:] for link in links if link.startswith("#")} <= {*ids}
    for words, heading in (("自己", "各種寫法"), ("登出", "登出")):
        target = re.search(f'<a href="#([^"]+)">{words}</a>', html)
        assert target
        assert re.search(f'<h\\d id="{target[1]}"[^>]*>{heading}', html)
    assert "別本" in html, "what is elsewhere is text"


def test_pictures_are_in_it(html):
    pictures = Tags(html).values("src", "img")
    assert len(pictures) == 1
    assert pictures[0].startswith("data:image/svg+xml;base64,")
    assert "不在的圖 (找不到這張圖)" in text_of(html)


def test_where_the_site_is_known_links_lead_there(site, tmp_path):
    root = make_repo(tmp_path, {})
    again = write_site(root, FILES, "site_url: https://help.example.invalid/\n")
    commit(root, {})
    assert export(again, "operation", "--out", tmp_path / "o.html") == 0
    html = (tmp_path / "o.html").read_text("utf-8")
    assert 'href="https://help.example.invalid/manuals/troubleshooting/sign-in/"' in html


def outline(marks: list, depth: int = 0) -> Iterator[tuple[int, object]]:
    for one in marks:
        if isinstance(one, list):
            yield from outline(one, depth + 1)
        else:
            yield depth, one


def test_the_pdf_has_bookmarks_contents_numbers_and_fonts(pdf):
    marks = [(depth, mark.title) for depth, mark in outline(pdf.outline)]
    assert (0, "網頁登入") in marks
    assert (1, "登出") in marks
    assert (1, "資源回收筒") in marks
    texts = [page.extract_text() for page in pdf.pages]
    contents = texts[1]
    for _, mark in outline(pdf.outline):
        number = pdf.get_destination_page_number(mark) + 1
        assert re.search(rf"{re.escape(mark.title)}\s*{number}\b", contents), mark.title
        assert mark.title in texts[number - 1]
    for number, text in enumerate(texts, 1):
        assert f"第 {number} 頁，共 {len(texts)} 頁" in text
    fonts = [
        font.get_object()
        for page in pdf.pages
        for font in page["/Resources"].get("/Font", {}).values()
    ]
    assert fonts
    assert all(is_embedded(font) for font in fonts)
    assert pdf.metadata.title == "操作手冊"
    assert pdf.trailer["/Root"]["/Lang"].lower().startswith("zh")


def is_embedded(font) -> bool:
    if font["/Subtype"] == "/Type3":
        return True
    inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
    return bool(
        {"/FontFile", "/FontFile2", "/FontFile3"} & {*inner["/FontDescriptor"].get_object()}
    )


def test_its_text_is_found_as_it_is_written(pdf):
    """Not as radicals that look alike: ⼩節 is not what anybody searches for."""
    text = "".join(page.extract_text() for page in pdf.pages)
    assert "小節與民眾、一行八字：長話短說。" in text
    assert not re.search("[⺀-⿕]", text)
    assert [plain_character(one) for one in "⼩⺠⻑a節"] == ["小", "民", "長", "a", "節"]


def test_links_in_the_pdf_lead_to_pages(pdf):
    places = {f"/{name.lstrip('/')}" for name in pdf.named_destinations}
    wanted = [
        link.get_object()["/Dest"]
        for page in pdf.pages
        for link in page.get("/Annots", [])
        if "/Dest" in link.get_object()
    ]
    assert wanted
    assert {f"/{str(one).lstrip('/')}" for one in wanted} <= places


def test_what_cannot_be_is_told(site, tmp_path, capsys):
    assert export(site, "operation", "--format", "docx") == 2
    assert "HTML or PDF" in capsys.readouterr().err
    assert export(site, "operation", "--format", "pdf", "--out", "-") == 2
    assert export(site, "operations", "--out", tmp_path / "x.html") == 1
    assert not list(tmp_path.iterdir())
    taken = tmp_path / "taken.html"
    taken.write_text("mine")
    assert export(site, "operation", "--out", taken) == 1
    assert taken.read_text() == "mine"


def test_a_manual_that_the_nav_has_not_is_told(tmp_path, capsys):
    root = make_repo(tmp_path, {})
    site = write_site(root, FILES, "nav:\n  - index.md\nnot_in_nav: |\n  *\n")
    commit(root, {})
    assert export(site, "operation", "--out", tmp_path / "x.html") == 1
    assert "no page of the manual operation" in capsys.readouterr().err


def test_the_site_offers_it(site):
    settings = site.root / "mkdocs.yml"
    before = settings.read_text("utf-8")
    settings.write_text(before.replace("offline: true", "pdf: true"), "utf-8")
    try:
        done = site.build()
        assert done.returncode == 0, done.stderr
    finally:
        settings.write_text(before, "utf-8")
    for name in ("operation", "troubleshooting"):
        assert (site.out / f"{name}.pdf").read_bytes().startswith(b"%PDF-")
    assert 'href="../../operation.pdf" download="操作手冊.pdf"' in site.html("manuals/operation")
    assert "operation.pdf" not in site.html("manuals/operation/webdav")
    assert "下載這份手冊" not in "".join(one["text"] for one in site.index().values())


def test_without_a_browser_the_build_says_what_helps(site, monkeypatch, tmp_path):
    settings = site.root / "mkdocs.yml"
    before = settings.read_text("utf-8")
    settings.write_text(before.replace("offline: true", "pdf: true"), "utf-8")
    monkeypatch.setenv("CHROMIUM", "none")
    (tmp_path / "git").symlink_to(shutil.which("git"))
    monkeypatch.setenv("PATH", str(tmp_path))
    try:
        done = site.build()
    finally:
        settings.write_text(before, "utf-8")
    assert done.returncode == 1
    assert "PDF" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("language", ["zh_TW", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_nobody_is_barred_from_a_manual(site, browser, tmp_path, language, size, scheme):
    file = tmp_path / "operation.html"
    command = ["-C", str(site.root), "--lang", language, "export", "operation", "--out", str(file)]
    assert run(command) == 0
    context = browser.new_context(viewport=size, color_scheme=scheme)
    page = context.new_page()
    page.goto(file.as_uri())
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
