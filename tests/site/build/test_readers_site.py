"""Whom a site is for: readers, unless a setting says that those who do the work have it, too."""

import re

import pytest

from small_site import PAGES, SETTINGS, write_site

STAFF = "# 服務人員\n\n![畫面](images/desk.svg) ![標誌](images/logo.svg)\n"
OWN = {
    **{path: text for path, text in PAGES.items() if "web-sign-in" not in path},
    "docs/index.md": "# 首頁\n\n![標誌](images/logo.svg)\n",
    "docs/index.en.md": "# Home\n",
    "docs/staff.md": STAFF,
    "docs/images/desk.svg": PAGES["docs/images/logo.svg"],
}


def built(folder, old="", new="", nav=""):
    site = write_site(folder / "repository", OWN)
    text = SETTINGS.read_text("utf-8").replace(old, new)
    text = re.sub(r"      (?:report|contact):.*\n", "", text)
    text = re.sub(r"\n      facts:.*\n(?: {8}.*\n)*", "\n", text)
    (site.root / "mkdocs.yml").write_text(text + nav, "utf-8")
    done = site.build()
    assert done.returncode == 0, done.stderr
    return site


def test_the_site_is_for_readers(tmp_path):
    site = built(tmp_path)
    assert not (site.out / "staff").exists()
    assert not [place for place in site.index() if "staff" in place]
    assert "工作說明" not in site.html("")
    assert (site.out / "index.en/index.html").is_file()
    assert (site.out / "images/logo.svg").is_file()
    assert not (site.out / "images/desk.svg").exists()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  - manualsmith:\n", "  - manualsmith:\n      docs: true\n"),
        ("!ENV [INTERNAL, false]", "true"),
    ],
    ids=["docs", "internal"],
)
def test_a_setting_adds_what_is_about_the_work(tmp_path, old, new):
    site = built(tmp_path, old, new)
    assert (site.out / "staff/index.html").is_file()
    assert (site.out / "images/desk.svg").is_file()
    assert "staff/" in site.index()


def test_what_the_nav_names_is_in_the_site(tmp_path):
    nav = "nav:\n  - index.md\n  - staff.md\n"
    site = built(tmp_path, "omitted_files: warn", "omitted_files: ignore", nav)
    assert (site.out / "staff/index.html").is_file()
