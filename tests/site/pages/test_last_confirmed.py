"""When a page was changed and found right, as readers see it."""

import re
import sys

import pytest

from gitrepo import git
from small_site import Site, run, write_site

HEAD = """schema: manualsmith/confirmation/v1
id: ENV-2026-{number:04}
date: 2026-{day}
product: nextcloud
staff: S-0412
reported: 照手冊操作，編號不該出現
environment:
  software:
    - {{fact: server.version, documented: "31", observed: "{version}"}}
    - {{fact: device.type, observed: 筆記型電腦}}
confirmed:
"""
CONFIRMED = {
    1: ("11-03", "31", "  - {page: web-sign-in.md}\n  - {page: web-sign-in.md, section: 第一次}\n"),
    2: ("11-20", "32", "  - {page: web-sign-in.md}\n"),
    3: ("11-21", "32", "  - {page: sharing.md, section: [連結]}\n"),
}
PAGES = {
    "docs/index.md": "# 首頁\n",
    "manuals/operation/web-sign-in.md": "# 登入\n\n## 第一次\n\n打開。\n\n## 之後\n\n文字。\n",
    "manuals/operation/sharing.md": (
        "# 分享\n\n## 甲\n\n### 連結\n\n## 乙\n\n### 連結\n\n文字。\n"
    ),
}


def dates(html):
    """Return each line of dates: its class, and its text."""
    found = re.findall(r'<p class="(ms-dates|ms-held)"[^>]*>(.*?)</p>', html, re.DOTALL)
    return [(name, re.sub(r"<[^>]+>", " ", text).split()) for name, text in found]


@pytest.fixture(scope="module")
def dated(tmp_path_factory) -> Site:
    root = tmp_path_factory.mktemp("dated")
    site = write_site(root, PAGES)
    settings = root / "mkdocs.yml"
    named = "  - manualsmith:\n      facts: {server.version: 伺服器}\n"
    settings.write_text(settings.read_text("utf-8").replace("  - manualsmith:\n", named), "utf-8")
    folder = root / "records/confirmations"
    folder.mkdir(parents=True)
    for number, (day, version, confirmed) in CONFIRMED.items():
        text = HEAD.format(number=number, day=day, version=version) + confirmed
        (folder / f"ENV-2026-{number:04}.yaml").write_text(text, "utf-8")
    (folder / "ENV-2026-0009.yaml").write_text("not: {a confirmation", "utf-8")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "pages", "--date", "2026-10-01T12:00:00+0800")
    done = site.build()
    assert done.returncode == 0, done.stderr
    return site


def test_a_page_says_when_it_was_changed_and_held(dated):
    html = dated.html("manuals/operation/web-sign-in/")
    changed = git(dated.root, "log", "-1", "--format=%cs")
    assert dates(html) == [
        (
            "ms-dates",
            ["最近修改", changed, "最近照著做，確認無誤", "2026-11-20", "（伺服器", "32）"],
        ),
        ("ms-held", ["最近照著做，確認無誤", "2026-11-03", "（伺服器", "31）"]),
    ]
    between = html.partition("第一次<a")[2].partition('<p class="ms-held"')[0]
    assert not re.search("<h|打開", between)


def test_no_record_is_shown(dated):
    html = dated.html("manuals/operation/web-sign-in/")
    assert not [word for word in ("ENV-2026", "S-0412", "編號不該出現", "筆記型") if word in html]


def test_a_section_that_is_not_told_from_another_has_no_date(dated):
    lines = dates(dated.html("manuals/operation/sharing/"))
    assert [name for name, _ in lines] == ["ms-dates"]


def test_dates_are_no_text_to_search(dated):
    assert not [entry for entry in dated.index().values() if "確認無誤" in entry["text"]]


def test_without_git_there_is_no_date_of_a_change(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    site = write_site(tmp_path / "plain", PAGES)
    assert site.build().returncode == 0
    assert dates(site.html("manuals/operation/sharing/")) == []


def test_confirmations_of_a_private_repository_count_and_drafts_do_not(tmp_path):
    site = write_site(tmp_path / "public", PAGES)
    folder = tmp_path / "private/records/confirmations"
    folder.mkdir(parents=True)
    for number, mark in ((2, ""), (4, "draft: true\n")):
        day, version, confirmed = ("11-20", "32", "  - {page: sharing.md}\n")
        text = HEAD.format(number=number, day=f"{day[:3]}{18 + number}", version=version)
        text = text.replace("reported:", f"{mark}reported:") + confirmed
        (folder / f"ENV-2026-{number:04}.yaml").write_text(text, "utf-8")
    git(site.root, "init", "-q", "-b", "main")
    git(site.root, "config", "manualsmith.records", "../private")
    git(site.root, "add", "-A")
    git(site.root, "commit", "-q", "-m", "pages")
    assert site.build().returncode == 0
    [(_, told)] = dates(site.html("manuals/operation/sharing/"))
    assert "2026-11-20" in told
    git(site.root, "config", "manualsmith.records", "../gone")
    assert site.build().returncode == 0
    [(_, told)] = dates(site.html("manuals/operation/sharing/"))
    assert "2026-11-20" not in told


def test_a_shallow_clone_has_no_date_of_a_change(dated, tmp_path):
    full = tmp_path / "full"
    git(tmp_path, "clone", "-q", str(dated.root), full.name)
    (full / "manuals/operation/new.md").write_text("# 新\n", "utf-8")
    git(full, "add", "manuals")
    git(full, "commit", "-q", "-m", "new")
    for depth, known in ((1, []), (2, ["new"])):
        clone = tmp_path / f"depth{depth}"
        git(tmp_path, "clone", "-q", f"--depth={depth}", full.as_uri(), clone.name)
        site = Site(clone, tmp_path / f"site{depth}")
        assert site.build().returncode == 0
        names = ("new", "sharing", "web-sign-in")
        pages = {name: site.html(f"manuals/operation/{name}/") for name in names}
        assert [name for name, html in pages.items() if "最近修改" in html] == known


def test_a_site_in_a_folder_has_its_own_dates_and_says_what_is_missing(tmp_path):
    repo = tmp_path / "repo"
    repo.mkdir()
    git(repo, "init", "-q", "-b", "main")
    write_site(repo, {"manuals/operation/sharing.md": "# 別的\n"})
    site = write_site(repo / "sub", PAGES)
    git(repo, "add", "-A")
    git(repo, "commit", "-q", "-m", "pages")
    site = Site(site.root, tmp_path / "out")
    done = site.build()
    assert done.returncode == 1
    assert "sub/manuals/operation" in done.stderr
    text = (site.root / "mkdocs.yml").read_text("utf-8")
    (site.root / "mkdocs.yml").write_text(text.replace("strict: true", ""), "utf-8")
    git(repo, "rm", "-q", "-r", "manuals")
    command = [sys.executable, "-m", "mkdocs", "build", "-d", str(site.out)]
    assert run(command, site.root).returncode == 0
    assert [name for name, _ in dates(site.html("manuals/operation/sharing/"))] == ["ms-dates"]
