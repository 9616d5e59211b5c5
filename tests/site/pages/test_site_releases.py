"""A release of the product is frozen: its users read its manual, and are told of the newer one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from browsers import served
from gitrepo import commit, git
from small_site import write_site

WEBDAV = "manuals/operation/webdav.md"


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the branch of a git host's pages holds after two releases."""
    root = tmp_path_factory.mktemp("releases") / "repository"
    write_site(root)
    git(root, "init", "-q", "-b", "main")
    commit(root, {}, "Site")
    mike = [sys.executable, "-c", "from mike.driver import main; main()"]
    # It calls mkdocs by its name.
    env = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    for name, text in ((["30"], None), (["31", "latest", "-u"], "# 用 WebDAV 連線\n\n新版。\n")):
        if text:
            commit(root, {WEBDAV: text, "manuals/operation/new.md": "# 新功能\n"})
        done = subprocess.run(
            [*mike, "deploy", *name], cwd=root, env=env, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
    done = subprocess.run([*mike, "set-default", "latest"], cwd=root, env=env, check=False)
    assert done.returncode == 0
    pages = root.parent / "pages"
    git(root, "worktree", "add", "-q", str(pages), "gh-pages")
    return pages


def test_each_release_has_its_own_manual(frozen: Path) -> None:
    page = "manuals/operation/webdav/index.html"
    assert "公司的 VPN" in (frozen / "30" / page).read_text("utf-8")
    assert "新版。" in (frozen / "31" / page).read_text("utf-8")
    assert not (frozen / "30/manuals/operation/new").exists()


def test_readers_choose_and_are_told_of_the_newer_one(frozen: Path, browser: Browser) -> None:
    page = browser.new_page(locale="zh-TW")
    with served(frozen) as base:
        page.goto(f"{base}30/manuals/operation/webdav/")
        page.locator(".md-version__current").wait_for()
        assert page.locator(".md-version__current").inner_text().strip() == "30"
        told = page.locator("[data-md-component=outdated]")
        told.wait_for(state="visible")
        assert "這是舊版產品的手冊" in told.inner_text()
        told.get_by_role("link", name="看最新版的手冊").click()
        page.wait_for_url(f"{base}latest/")
        page.goto(f"{base}latest/manuals/operation/webdav/")
        page.locator(".md-version__current").wait_for()
        assert not page.locator("[data-md-component=outdated]").is_visible()
        page.goto(base)
        page.wait_for_url(f"{base}latest/")
    page.close()
