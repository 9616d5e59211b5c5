"""A page that was renamed keeps its old address."""

from pathlib import Path

import pytest

from browsers import served
from small_site import PAGES, Site, write_site

TRASH = "manuals/operation/files/trash.md"


def moved(root: Path, named: str) -> Site:
    pages = dict(PAGES)
    pages[TRASH] = pages[TRASH].replace("---\n", f"---\nredirect_from: {named}\n", 1)
    return write_site(root, pages)


def test_the_old_address_leads_to_the_page_and_its_heading(tmp_path, browser) -> None:
    site = moved(tmp_path / "repository", "[bin.md, ../deleted-files.md]")
    done = site.build()
    assert done.returncode == 0, done.stderr
    with served(site.out) as base:
        page = browser.new_page()
        for old in ("manuals/operation/files/bin/", "manuals/operation/deleted-files/"):
            page.goto(f"{base}{old}#資源回收筒")
            page.wait_for_url(f"{base}manuals/operation/files/trash/#*")
            assert page.locator("h1").inner_text().startswith("資源回收筒")
        page.close()
    assert "noindex" in site.html("manuals/operation/files/bin/")
    assert "bin" not in (site.out / "sitemap.xml").read_text("utf-8")


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("[../web-sign-in.md]", "is a page itself"),
        ("[bin]", "is no path of a page"),
        ("[../../../../../etc/x.md]", "is no path of a page"),
        ("5", "5 is no path of a page"),
    ],
)
def test_what_cannot_be_is_told(tmp_path, named, said) -> None:
    site = moved(tmp_path / "repository", named)
    done = site.build()
    assert done.returncode == 1
    assert said in done.stderr
    assert "開啟瀏覽器" in site.html("manuals/operation/web-sign-in/")
