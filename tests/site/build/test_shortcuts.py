"""The pages are the same bytes with the shortcuts of a build and without them."""

from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import pytest

from gitrepo import git
from manualsmith.site.build.shortcuts import are_known
from small_site import PAGES, Site, files, write_site

MANY = {
    f"manuals/operation/more/p{n}.md": f"# 第 {n} 頁\n\n看[下一頁](p{(n + 1) % 70}.md)。\n"
    for n in range(70)
}


def test_the_pages_are_the_same_bytes(tmp_path: Path) -> None:
    site = write_site(tmp_path / "repository", PAGES | MANY)
    git(site.root, "init", "-q", "-b", "main")
    assert site.build().returncode == 0
    first = files(site.out)
    assert site.build().returncode == 0
    assert files(site.out) == first, "pages that were taken over"
    kept = site.root / ".git/manualsmith/site.sqlite"
    kept.unlink()

    settings = site.root / "mkdocs.yml"
    text = settings.read_text("utf-8")
    settings.write_text(
        text.replace("- manualsmith:", "- manualsmith:\n      fast: false"), "utf-8"
    )
    plain = Site(site.root, tmp_path / "plain")
    assert plain.build().returncode == 0
    assert files(plain.out) == first
    assert not kept.exists()


@pytest.mark.parametrize(
    ("theme", "versions", "known"),
    [
        ("material", {"mkdocs": "1.6.1", "mkdocs-material": "9.7.9"}, True),
        ("readthedocs", {"mkdocs": "1.6.1", "mkdocs-material": "9.7.9"}, False),
        ("material", {"mkdocs": "1.7.0", "mkdocs-material": "9.7.9"}, False),
        ("material", {"mkdocs": "1.6.1", "mkdocs-material": "9.70.0"}, False),
        ("material", {"mkdocs": "1.6.1"}, False),
    ],
)
def test_only_what_they_were_made_for(theme, versions, known, monkeypatch) -> None:
    def version(name: str) -> str:
        if name not in versions:
            raise metadata.PackageNotFoundError(name)
        return versions[name]

    monkeypatch.setattr("manualsmith.site.build.shortcuts.version", version)
    assert are_known(SimpleNamespace(theme=SimpleNamespace(name=theme))) == known
