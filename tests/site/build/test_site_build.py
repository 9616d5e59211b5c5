"""A real ``mkdocs build --strict`` of a small site, from a folder that is not its own."""

import re
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from small_site import Site, Tags, write_site

BASE = "https://site.invalid/"
LOADED = {"link": "href", "script": "src", "img": "src", "iframe": "src", "source": "src"}


def links(site: Site, address: str) -> set[str]:
    """Return where the links of a page's article lead, from the root of the site."""
    article = site.html(address).partition("<article")[2].partition("</article>")[0]
    tags = Tags(article)
    found = (*tags.values("href", "a"), *tags.values("src", "img"))
    return {unquote(urljoin(BASE + address, url)).removeprefix(BASE) for url in found}


def reading_order(site: Site) -> list[str]:
    """Return the addresses of the pages as the next-page links lead through them."""
    address, order = "", [""]
    while following := [
        attributes["href"]
        for tag, attributes in Tags(site.html(address)).found
        if tag == "link" and attributes.get("rel") == "next"
    ]:
        address = urljoin(BASE + address, following[0]).removeprefix(BASE)
        order.append(address)
    return order


def test_nav_follows_folders_and_front_matter(site: Site) -> None:
    assert reading_order(site) == [
        "",
        "manuals/operation/",
        "manuals/operation/web-sign-in/",
        "manuals/operation/files/",
        "manuals/operation/files/trash/",
        "manuals/operation/webdav/",
        "manuals/operation/about/",
        "manuals/troubleshooting/sign-in/",
        "staff/",
    ]
    tabs = re.findall(r'md-tabs__link">\s*(?:<[^>]*>\s*)?(\S+)', site.html(""))
    assert tabs == ["首頁", "操作手冊", "障礙排除手冊", "工作說明"]


def test_links_that_are_right_on_disk_are_right_on_the_site(site: Site) -> None:
    sign_in = "manuals/operation/web-sign-in/"
    trouble = "manuals/troubleshooting/sign-in/"
    assert {f"{sign_in}#用網頁登入", trouble, "images/logo.svg"} <= links(site, "")
    assert f"{sign_in}#用網頁登入" in links(site, "staff/")
    assert {
        "staff/",
        f"{trouble}#登入後又回到登入畫面",
        "manuals/operation/images/sign-in.svg",
    } <= links(site, sign_in)
    assert "" in links(site, "manuals/operation/")


def test_every_internal_link_and_file_is_there(site: Site) -> None:
    for page in site.out.rglob("*.html"):
        tags = Tags(page.read_text("utf-8"))
        here = BASE + page.relative_to(site.out).as_posix()
        for url in (*tags.values("href"), *tags.values("src")):
            target = urlsplit(urljoin(here, url))
            path = site.out / unquote(target.path).lstrip("/")
            path = path / "index.html" if path.is_dir() else path
            assert path.is_file(), f"{page}: {url}"
            if target.fragment and page.name != "404.html":
                assert unquote(target.fragment) in Tags(path.read_text("utf-8")).values("id")


def test_says_nothing_but_its_progress(built: tuple[Site, str]) -> None:
    lines = built[1].strip().splitlines()
    assert len(lines) == 5
    assert "(report)" in lines[0]  # no address is set: told once
    assert "site_url" in lines[1]  # likewise
    assert all(line.startswith("INFO ") for line in lines), built[1]


def test_records_and_suggestions_are_not_in_it(site: Site) -> None:
    for file in site.out.rglob("*"):
        assert "ENV-2026" not in file.name
        assert file.is_dir() or b"ENV-2026" not in file.read_bytes()


def test_nothing_is_loaded_from_another_host(site: Site) -> None:
    for page in site.out.rglob("*.html"):
        text = page.read_text("utf-8")
        for tag, attribute in LOADED.items():
            assert not [url for url in Tags(text).values(attribute, tag) if urlsplit(url).netloc]
        assert not re.findall(r"(?:@import|url\()\s*[\"']?(?:https?:)?//", text)
    for style in site.out.rglob("*.css"):
        assert not re.findall(r"(?:@import\s*|url\()\s*[\"']?(?:https?:)?//", style.read_text())


def test_environment_stands_under_the_heading_as_it_was_written(site: Site) -> None:
    html = site.html("manuals/operation/web-sign-in/")
    table = re.search(r"</h1>\s*<div class=\"ms-environment\">.*?</table>", html, re.DOTALL)
    assert table
    assert re.findall(r"<(?:th|td)[^>]*>(.*?)</", table[0]) == [
        "軟體",
        *("伺服器版本", "3.10"),
        *("瀏覽器", "Firefox &amp; Safari"),
        "操作人員",
        *("operator.role", "一般使用者"),
    ]
    assert "ms-environment" not in site.html("manuals/operation/webdav/")


def test_interface_is_in_traditional_chinese(site: Site) -> None:
    html = site.html("")
    assert '<html lang="zh-TW"' in html
    assert "跳到主要內容" in html
    assert "找到 1 個結果" in html or r"\u627e\u5230 1 \u500b\u7d50\u679c" in html
    assert "个" not in html
    assert r"\u4e2a" not in html


def test_settings_name_facts_and_edit_links_lead_to_the_sources(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    pages = {
        "docs/index.md": "# 首頁\n",
        "manuals/operation/a.md": (
            '---\nenvironment: {software: {client.version: "31"}}\n---\n# 甲\n'
        ),
    }
    site = write_site(tmp_path_factory.mktemp("forge"), pages)
    settings = site.root / "mkdocs.yml"
    text = settings.read_text("utf-8")
    text = text.replace("features:", "features:\n    - content.action.edit")
    text = text.replace(
        "- manualsmith:", "- manualsmith:\n      facts: {client.version: 用戶端版本}"
    )
    text += "repo_url: https://git.invalid/desk/manuals\nedit_uri: edit/main/docs/\n"
    settings.write_text(text, "utf-8")
    done = site.build()
    assert done.returncode == 0, done.stderr
    edit = "https://git.invalid/desk/manuals/edit/main"
    assert f"{edit}/docs/index.md" in links(site, "")
    assert f"{edit}/manuals/operation/a.md" in links(site, "manuals/operation/a/")
    assert "用戶端版本" in site.html("manuals/operation/a/")
