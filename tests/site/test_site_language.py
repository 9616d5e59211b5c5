"""What the plugin says is in the site's language, whatever the shell of whoever builds it."""

from pathlib import Path

import pytest

from gitrepo import git
from small_site import CONFIRMATION, PAGES, Site, files, write_site

SHELLS = ("en", "zh_TW")


def in_language(root: Path, language: str) -> Site:
    """Write a site in a *language*, with a page that has moved and a page that was confirmed."""
    confirmed = CONFIRMATION + "confirmed:\n  - {page: webdav.md}\n"
    moved = PAGES["manuals/operation/webdav.md"].replace("order: 10", "redirect_from: [old.md]")
    site = write_site(root, {**PAGES, "manuals/operation/webdav.md": moved})
    (root / "records/confirmations/ENV-2026-0007.yaml").write_text(confirmed, "utf-8")
    settings = site.root / "mkdocs.yml"
    told = settings.read_text("utf-8").replace("language: zh-TW", f"language: {language}")
    settings.write_text(told.replace("      docs_title: 工作說明\n", ""), "utf-8")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "Site")
    return site


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-TW", ("本頁適用的環境", "最近修改", "回報問題", "紀錄", "工作說明", "這一頁搬到：")),
        (
            "en",
            (
                "The environment this page is for",
                "Last changed",
                "Report a problem",
                "Records",
                "This page is now at:",
            ),
        ),
    ],
)
def test_the_same_site_from_every_shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, words: tuple[str, ...]
) -> None:
    site = in_language(tmp_path / "site", language)
    monkeypatch.setenv("INTERNAL", "1")
    built = []
    for shell in SHELLS:
        monkeypatch.setenv("MANUALSMITH_LANG", shell)
        out = Site(site.root, tmp_path / shell)
        done = out.build()
        assert done.returncode == 0, done.stderr
        built.append(files(out.out))
        (site.root / ".git/manualsmith/site.sqlite").unlink()  # nothing of one for the other
    assert built[0] == built[1]
    text = b"".join(data for name, data in built[0].items() if name.endswith(".html")).decode()
    assert [word for word in words if word not in text] == []
