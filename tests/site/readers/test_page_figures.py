"""Pictures as figures, with their size, by day and by night; entries at the top; links to copy."""

import re
from pathlib import Path

import pytest
from conftest import ROOT
from PIL import Image
from playwright.sync_api import Browser, Page

from browsers import DESKTOP, PHONE, served
from manualsmith.site.readers.page_figures import size_of, with_figures

ALONE = '<p><img alt="登入" src="../images/a.png" title="圖說 &amp; 註" /></p>'


@pytest.fixture
def find(tmp_path: Path):
    """Files of a site by their address: a picture with a dark one, one without, an icon."""
    sizes = {
        "a.png": (300, 200),
        "a-dark.png": (300, 200),
        "b.webp": (90, 80),
        "icon.png": (16, 16),
    }
    for name, size in sizes.items():
        Image.new("RGB", size).save(tmp_path / name)
    (tmp_path / "broken.png").write_bytes(b"no picture")

    def found(address: str) -> Path | None:
        file = tmp_path / Path(address).name
        return file if address.startswith("m/images/") and file.is_file() else None

    return found


def tags(html: str) -> list[dict[str, str]]:
    return [dict(re.findall(r'([\w-]+)="([^"]*)"', tag)) for tag in re.findall("<img[^>]*>", html)]


def test_a_picture_alone_is_a_figure_by_day_and_by_night(find) -> None:
    html = with_figures(ALONE, "m/page/", find, dark=True)
    day, night = tags(html)
    assert (day["src"], night["src"]) == (
        "../images/a.png#only-light",
        "../images/a-dark.png#only-dark",
    )
    for one in (day, night):
        assert (one["width"], one["height"], one["loading"]) == ("300", "200", "lazy")
        assert one["alt"] == "登入"
        assert "title" not in one
    assert "<figcaption>圖說 &amp; 註</figcaption>" in html
    assert html.count("<figure") == html.count("</figure>") == 1
    assert "<p>" not in html


def test_another_theme_has_one_picture(find) -> None:
    [image] = tags(with_figures(ALONE, "m/page/", find, dark=False))
    assert image["src"] == "../images/a.png"


def test_an_author_may_say_what_is_for_the_dark(find) -> None:
    both = (
        '<p><img alt="x" src="../images/b.webp#only-light"> '
        '<img alt="x" src="../images/a.png#only-dark"></p>'
    )
    html = with_figures(both, "m/page/", find, dark=True)
    assert html.count("<figure") == 1
    assert "ms-by-day" in html
    assert "ms-by-night" in html
    assert [one["width"] for one in tags(html)] == ["90", "300"]


@pytest.mark.parametrize(
    ("html", "url", "wanted"),
    [
        ('<p>按 <img alt="" src="images/icon.png"> 鍵</p>', "m/", {"width": "16", "height": "16"}),
        ('<p>看 <img alt="" src="images/b.webp" width="9"></p>', "m/", {"width": "9"}),
        ('<p>看 <img alt="" src="images/b.webp"></p>', "m/page.html", {"width": "90"}),
        ('<p>看 <img alt="" src="https://x.example/a.png"></p>', "m/", {}),
        ('<p>看 <img alt="" src="images/broken.png"></p>', "m/", {}),
        ('<p>看 <img alt="" src="../../../etc/a.png"></p>', "m/", {}),
    ],
)
def test_what_stands_in_a_line_stays_there_with_its_size(find, html, url, wanted) -> None:
    made = with_figures(html, url, find, dark=True)
    [image] = tags(made)
    assert "<figure" not in made
    assert {name: image[name] for name in wanted} == wanted
    assert ("width" in image) == bool(wanted)


@pytest.mark.parametrize(
    ("drawing", "size"),
    [
        ('<svg width="30" height="20px" viewBox="0 0 3 2">', (30, 20)),
        ('<?xml?>\n<svg xmlns="x" viewBox="0,0,24,12.4">', (24, 12)),
        ('<svg width="100%" height="100%" viewBox="0 0 8 9">', (8, 9)),
        ("<svg>", None),
        ("", None),
    ],
)
def test_a_drawing_says_its_size(tmp_path: Path, drawing: str, size) -> None:
    file = tmp_path / "a.svg"
    file.write_text(drawing, "utf-8")
    assert size_of(file) == size


def test_shipped_pictures_are_small_and_have_a_dark_one() -> None:
    pictures = sorted((ROOT / "manuals").rglob("*.png"))
    by_day = [one for one in pictures if not one.stem.endswith("-dark")]
    assert by_day
    assert [one.with_stem(f"{one.stem}-dark") for one in by_day] == [
        one for one in pictures if one not in by_day
    ]
    assert max(one.stat().st_size for one in pictures) < 50_000
    sketched = {file.stem for file in (ROOT / "tools/pictures").glob("*.html")}
    assert sketched == {one.stem for one in by_day}


@pytest.fixture(params=["light", "dark"])
def page(browser: Browser, own_site: Path, request: pytest.FixtureRequest):
    context = browser.new_context(viewport=PHONE, color_scheme=request.param, locale="zh-TW")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    with served(own_site) as base:
        page = context.new_page()
        page.base = base
        page.scheme = request.param
        yield page
    context.close()


def test_a_picture_is_seen_in_its_scheme_and_enlarged(page: Page) -> None:
    page.goto(page.base + "manuals/operation/two-factor/")
    seen = page.locator(".ms-figure a").filter(visible=True)
    assert seen.count() == 1
    seen.scroll_into_view_if_needed()
    image = seen.locator("img")
    assert ("-dark" in image.get_attribute("src")) == (page.scheme == "dark")
    page.wait_for_function("i => i.complete && i.naturalWidth > 0", arg=image.element_handle())
    assert image.bounding_box()["width"] <= PHONE["width"]
    seen.click()
    dialog = page.locator("dialog.ms-large")
    assert dialog.locator("img").get_attribute("alt") == image.get_attribute("alt")
    page.keyboard.press("Escape")
    dialog.wait_for(state="detached")
    assert page.url.endswith("/two-factor/")


def test_entries_are_at_the_top_and_a_path_above(page: Page) -> None:
    page.goto(page.base + "manuals/troubleshooting/sign-in/")
    path = page.locator(".md-path")
    assert path.is_visible()
    assert path.inner_text().split() == ["首頁", "障礙排除手冊"]
    entries = page.locator(".ms-entries a")
    headings = page.locator("article h2[id]")
    assert entries.count() == headings.count()
    entries.nth(2).click()
    assert page.evaluate("decodeURI(location.hash)") == "#new-phone"


def test_a_link_to_a_heading_is_copied(page: Page) -> None:
    page.goto(page.base + "manuals/troubleshooting/sign-in/")
    page.locator("#new-phone a.headerlink").click(force=True)
    page.get_by_role("status").filter(has_text="已複製").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.base + "manuals/troubleshooting/sign-in/#new-phone"


def test_a_page_is_light(browser: Browser, own_site: Path) -> None:
    """What a page weighs without the search index, as it is sent: below 350 KB."""
    context = browser.new_context(viewport=DESKTOP, locale="zh-TW")
    with served(own_site) as base:
        for address in ("", "manuals/operation/two-factor/", "manuals/troubleshooting/sign-in/"):
            page, sizes = context.new_page(), []
            page.on("response", lambda one, sizes=sizes: sizes.append((one.url, one)))
            page.goto(base + address, wait_until="networkidle")
            weight = sum(len(one.body()) for url, one in sizes if "/search" not in url)
            assert weight < 350_000, [(url, len(one.body())) for url, one in sizes]
            page.close()
    context.close()
