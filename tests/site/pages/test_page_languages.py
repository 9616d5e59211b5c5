"""A page and its translation: the way between them, and which one is behind."""

from pathlib import Path

import pytest

from gitrepo import commit, git
from manualsmith.cli.group import run
from manualsmith.markdown.translation import agreed, behind, translation_at
from small_site import CONFIRMATION, PAGES, Site, write_site

PAGE, ENGLISH = "manuals/operation/web-sign-in.md", "manuals/operation/web-sign-in.en.md"
ADDRESS, ENGLISH_ADDRESS = "manuals/operation/web-sign-in/", "manuals/operation/web-sign-in.en/"
TEXT = """\
---
title: Sign in on the web
environment:
  software:
    server.version: 3.10
---
# Sign in on the web

## Sign in

1. Open [the site](webdav.md), then press Sign in.
"""
BEHIND = "ms-behind"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = write_site(tmp_path / "repository", {**PAGES, ENGLISH: TEXT})
    git(made.root, "init", "-q", "-b", "main")
    commit(made.root, {}, "Site")
    return made


def say_agreed(site: Site) -> None:
    assert run(["translated", str(site.root / ENGLISH)]) == 0


def change(site: Site, path: str) -> None:
    file = site.root / path
    file.write_text(file.read_text("utf-8") + "\n又一句。\n", "utf-8")


def marked(site: Site) -> tuple[bool, bool]:
    """Return whether the page, and its translation, say that they are behind."""
    done = site.build()
    assert done.returncode == 0, done.stderr
    return BEHIND in site.html(ADDRESS), BEHIND in site.html(ENGLISH_ADDRESS)


def test_each_leads_to_the_other_and_speaks_its_language(site: Site) -> None:
    assert marked(site) == (False, False)
    page, english = site.html(ADDRESS), site.html(ENGLISH_ADDRESS)
    assert '<a href="../web-sign-in.en/" lang="en" hreflang="en">English</a>' in page
    assert '<a href="../web-sign-in/" lang="zh-TW" hreflang="zh-TW">中文</a>' in english
    assert '<div lang="en">' in english
    assert "The environment this page is for" in english
    assert "Report a problem" in english
    nav = site.html("manuals/operation/webdav/").partition("<article")[0]
    assert "web-sign-in.en" not in nav
    assert any(place.startswith(ENGLISH_ADDRESS) for place in site.index())


def test_whichever_changes_the_other_is_behind_until_it_follows(site: Site) -> None:
    say_agreed(site)
    assert marked(site) == (False, False)
    change(site, PAGE)
    assert marked(site) == (False, True)
    say_agreed(site)
    change(site, ENGLISH)
    assert marked(site) == (True, False)
    change(site, PAGE)
    assert marked(site) == (True, True)


def test_a_suggestion_puts_the_other_language_behind(site: Site) -> None:
    say_agreed(site)
    records = {"records/confirmations/ENV-2026-0001.yaml": None}
    commit(site.root, {**records, "records/confirmations/ENV-2026-0007.yaml": CONFIRMATION})
    assert run(["-C", str(site.root), "suggest", "--all"]) == 0
    assert run(["-C", str(site.root), "review", "accept", "ENV-2026-0007-1"]) == 0
    assert marked(site) == (False, True)


def test_audit_lists_what_is_behind(site: Site, capsys) -> None:
    def told() -> str:
        commit(site.root, {})
        capsys.readouterr()
        assert run(["-C", str(site.root), "audit"]) == 0
        return capsys.readouterr().out

    assert f"nobody has compared it with {PAGE}" in told()
    say_agreed(site)
    assert "compared" not in told()
    change(site, PAGE)
    assert f"{ENGLISH}: {PAGE} has changed since" in told()


def test_only_a_translation_can_agree(site: Site, capsys) -> None:
    before = (site.root / ENGLISH).read_text("utf-8")
    for name in (PAGE, "manuals/operation/none.en.md", "manuals/operation/web-sign-in.min.js"):
        assert run(["translated", str(site.root / ENGLISH), str(site.root / name)]) == 1
        assert "no page that this is a translation of" in capsys.readouterr().err
    assert (site.root / ENGLISH).read_text("utf-8") == before, "none is written where one is wrong"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_only_words_count(end: str) -> None:
    page, english = "# 甲\n\n文。\n", "# A\n\nText.\n"
    noted = agreed(page, english)
    assert noted.endswith(english)
    assert agreed(page, noted) == noted
    assert behind(page.replace("\n", end), noted.replace("\n", end)) is None
    assert behind(f"---\ntitle: 甲\n---\n{page}\n", noted) is None
    assert behind(page.replace("文", "字"), noted) == "translation"
    assert behind(page, noted.replace("Text", "Words")) == "original"
    assert behind(page, english) == "unknown"
    assert behind(page, "---\n[: x\n---\n") == "unknown"


def test_a_name_tells_a_translation_only_beside_its_page() -> None:
    assert translation_at("a/b.en.md", {"a/b.md"}) == ("en", "a/b.md")
    assert translation_at("a/b.zh-Hant.md", {"a/b.md"}) == ("zh-Hant", "a/b.md")
    assert translation_at("a/b.en.md", {"b.md"}) is None
    assert translation_at("a/b.min.md", {"a/b.md"}) == ("min", "a/b.md")
    assert translation_at("a/3.13.md", {"a/3.md"}) is None


def test_our_own_docs_are_in_both_languages() -> None:
    docs = Path(__file__).parents[3] / "docs"
    names = {page.name for page in docs.glob("*.md")}
    pages = sorted(name for name in names if translation_at(name, names) is None)
    assert "index.md" in pages
    for name in pages:
        english = docs / name.replace(".md", ".en.md")
        state = behind((docs / name).read_text("utf-8"), english.read_text("utf-8"))
        assert state is None, f"{english.name}: manualsmith translated, once it says the same"
