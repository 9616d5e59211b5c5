"""A build takes over from earlier ones what would be made the same, and nothing else."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from small_site import PAGES, Site, files, run, write_site

SIGN_IN = "manuals/operation/web-sign-in.md"
PAGES_OF_TEXT = [name for name in PAGES if name.endswith(".md")]
KEPT = Path(".git/manualsmith/site.sqlite")


@pytest.fixture(scope="module")
def built_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the small site in a git repository, built once."""
    made = write_site(tmp_path_factory.mktemp("kept") / "repository")
    assert run(["git", "init", "--quiet"], made.root).returncode == 0
    assert made.build().returncode == 0
    return made.root.parent


@pytest.fixture
def site(built_before: Path, tmp_path: Path) -> Site:
    """A copy of it."""
    shutil.copytree(built_before, tmp_path, dirs_exist_ok=True)
    return Site(tmp_path / "repository", tmp_path / "repository-site")


def anew(site: Site) -> Site:
    """Return the same sources, built where nothing was built before."""
    root = site.root.parent / "anew"
    shutil.copytree(site.root, root, ignore=shutil.ignore_patterns("manualsmith"))
    made = Site(root, site.root.parent / "anew-site")
    assert made.build().returncode == 0
    return made


def pieces(site: Site) -> set[str]:
    with sqlite3.connect(site.root / KEPT) as connection:
        return {key for (key,) in connection.execute("SELECT key FROM entry")}


def edit(site: Site, path: str, old: str, new: str) -> None:
    file = site.root / path
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def test_what_did_not_change_is_taken_over(site: Site) -> None:
    before = files(site.out)
    with sqlite3.connect(site.root / KEPT) as connection:
        connection.execute("UPDATE entry SET used = used - 10")
        connection.commit()
    kept = pieces(site)
    assert site.build().returncode == 0
    assert files(site.out) == before
    assert pieces(site) == kept, "nothing was made that was there"
    with sqlite3.connect(site.root / KEPT) as connection:
        wanted = connection.execute(
            "SELECT count(*) FROM entry WHERE used = (SELECT max(used) FROM entry)"
        ).fetchone()
    assert wanted == (len(kept),), "what was there was taken, and stays longer"


def test_what_nobody_wants_goes(site: Site) -> None:
    with sqlite3.connect(site.root / KEPT) as connection:
        connection.execute("INSERT INTO entry VALUES ('site', '00', x'00', 1, x'00')")
        connection.commit()
    assert site.build().returncode == 0
    assert "00" not in pieces(site)


@pytest.mark.parametrize(
    "change",
    [
        lambda site: edit(site, SIGN_IN, "輸入帳號與密碼", "輸入電子郵件與密碼"),
        lambda site: edit(site, SIGN_IN, "title: 網頁登入", "title: 登入網頁"),
        lambda site: edit(site, SIGN_IN, "## 登出", "## 鼉龘鱻登出"),
        lambda site: edit(site, SIGN_IN, "3.10", "3.11"),
        lambda site: edit(site, SIGN_IN, "order: 1", "order: 99"),
        lambda site: edit(site, "mkdocs.yml", "雲端產品手冊", "別的手冊"),
        lambda site: edit(site, "mkdocs.yml", "- navigation.top", "- toc.integrate"),
        lambda site: (site.root / "manuals/operation/new.md").write_text("# 新的一頁\n\n登入。\n"),
        lambda site: (site.root / "manuals/operation/webdav.md").unlink(),
        lambda site: (
            site.root.joinpath("manuals/operation/web-sign-in").mkdir()
            or (site.root / "manuals/operation/web-sign-in/more.md").write_text("# 更多\n")
        ),
    ],
)
def test_what_changed_is_made_as_if_nothing_was_there(
    site: Site, change: Callable[[Site], object]
) -> None:
    before = files(site.out)
    change(site)
    assert site.build().returncode == 0
    assert files(site.out) == files(anew(site).out) != before


def test_a_link_that_leads_nowhere_is_told_each_time(site: Site) -> None:
    edit(site, "manuals/troubleshooting/sign-in.md", "## 登入後又回到登入畫面", "## 登入後")
    for _ in range(2):
        done = site.build()
        assert done.returncode == 1
        assert "does not contain an anchor '#登入後又回到登入畫面'" in done.stderr
    edit(site, "manuals/troubleshooting/sign-in.md", "## 登入後", "## 登入後又回到登入畫面")
    assert site.build().returncode == 0
    edit(site, SIGN_IN, "../../docs/staff.md", "../../docs/nobody.md")
    for _ in range(2):
        done = site.build()
        assert done.returncode == 1
        assert "docs/nobody.md' is not found" in done.stderr


def test_what_is_damaged_is_made_again(site: Site) -> None:
    before = files(site.out)
    (site.root / KEPT).write_bytes(b"no database" * 99)
    assert site.build().returncode == 0
    assert files(site.out) == before


def test_where_another_file_is_read_nothing_is_kept(tmp_path: Path) -> None:
    site = write_site(tmp_path / "repository")
    assert run(["git", "init", "--quiet"], site.root).returncode == 0
    edit(site, "mkdocs.yml", "  - tables\n", "  - tables\n  - pymdownx.snippets\n")
    edit(site, SIGN_IN, "## 登出", '--8<-- "more.txt"\n\n## 登出')
    for text in ("第一次", "第二次"):
        (site.root / "more.txt").write_text(f"{text}讀到的文字\n", "utf-8")
        assert site.build().returncode == 0
        assert f"{text}讀到的文字" in site.html("manuals/operation/web-sign-in/")


def many(root: Path) -> Site:
    pages = {
        f"manuals/operation/{name}/page-{number}.md": (
            f"# 第 {number} 頁\n\n登入{name}後，見 [另一頁](page-{(number + 1) % 40}.md)。\n"
        )
        for name in ("files", "mail")
        for number in range(40)
    }
    return write_site(root, {**PAGES, **pages})


def test_many_processes_make_what_one_does(tmp_path: Path) -> None:
    one, several = many(tmp_path / "one"), many(tmp_path / "several")
    for site in (one, several):
        assert run(["git", "init", "--quiet"], site.root).returncode == 0
    assert several.build().returncode == 0
    core = {min(os.sched_getaffinity(0))}
    done = subprocess.run(  # an interpreter of its own: another seed of hashes
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "-d", str(one.out)],
        cwd=one.root,
        preexec_fn=lambda: os.sched_setaffinity(0, core),
        check=False,
    )
    assert done.returncode == 0
    assert files(one.out) == files(several.out)
    assert pieces(one) == pieces(several)


def test_no_git_repository_is_needed(tmp_path: Path) -> None:
    site = many(tmp_path / "plain")
    assert site.build().returncode == 0
    assert not (site.root / ".git").exists()
