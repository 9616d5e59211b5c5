"""Readers are told of corrections that wait, where the settings say so; and of each symptom."""

import re
from pathlib import Path

import pytest

from gitrepo import git
from manualsmith.cli.group import run
from small_site import CONFIRMATION, PAGES, Site, write_site

SIGN_IN = "manuals/operation/web-sign-in/"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    pages = {**PAGES, "records/confirmations/ENV-2026-0007.yaml": CONFIRMATION}
    del pages["records/confirmations/ENV-2026-0001.yaml"]
    made = write_site(tmp_path / "repository", pages)
    file = made.root / "records/confirmations/ENV-2026-0007.yaml"
    file.write_text(CONFIRMATION, "utf-8")
    git(made.root, "init", "-q", "-b", "main")
    git(made.root, "add", "-A")
    git(made.root, "commit", "-q", "-m", "Site")
    assert run(["-C", str(made.root), "suggest", "--all"]) == 0
    return made


def announce(site: Site) -> None:
    settings = site.root / "mkdocs.yml"
    text = settings.read_text("utf-8").replace(
        "- manualsmith:\n", "- manualsmith:\n      announce: true\n"
    )
    settings.write_text(text, "utf-8")


def test_nothing_is_told_unless_the_settings_say_so(site: Site) -> None:
    assert site.build().returncode == 0
    assert "ms-announced" not in site.html(SIGN_IN)


def test_the_step_concerned_says_so(site: Site) -> None:
    announce(site)
    done = site.build()
    assert done.returncode == 0, done.stderr
    html = site.html(SIGN_IN)
    notes = re.findall(
        r'(<li>|<p>|</h1>)\s*(?:<p>)?\s*<small class="ms-announced"[^>]*>([^<]*)', html
    )
    assert ("<li>", "這裡的更正正在審查：按鈕改名了") in notes
    assert html.index("登出換了位置") > html.index('id="登出"')
    assert html.index("server.version 由 3.10 改為 3.11") < html.index('id="用網頁登入"')
    assert html.count("ms-announced") == 3
    assert not [entry for entry in site.index().values() if "正在審閱" in entry["text"]]


def test_what_was_decided_or_is_not_on_main_is_not_told(site: Site) -> None:
    announce(site)
    page = site.root / "manuals/operation/web-sign-in.md"
    page.write_text(page.read_text("utf-8") + "\n還沒提交。\n", "utf-8")
    assert site.build().returncode == 0
    assert "ms-announced" not in site.html(SIGN_IN)
    git(site.root, "checkout", "-q", "--", ".")
    announce(site)
    assert (
        run(["-C", str(site.root), "review", "reject", "ENV-2026-0007-1", "--reason", "不必"]) == 0
    )
    assert site.build().returncode == 0
    assert "按鈕改名了" not in site.html(SIGN_IN)
    assert "登出換了位置" in site.html(SIGN_IN)


def test_every_entry_is_listed_by_its_symptom(tmp_path: Path) -> None:
    index = {"manuals/troubleshooting/index.md": "# 障礙排除手冊\n\n先找標題。\n"}
    site = write_site(tmp_path / "repository", {**PAGES, **index})
    assert site.build().returncode == 0
    html = site.html("manuals/troubleshooting/")
    listed = html[html.index("ms-symptoms") :].partition("</nav>")[0]
    links = re.findall(r'<a href="([^"]*)">([^<]*)</a>', listed)
    assert links == [
        ("sign-in/#登入後又回到登入畫面", "登入後又回到登入畫面"),
        ("sign-in/#無法登入", "無法登入"),
    ]
    assert "ms-symptoms" not in site.html("manuals/operation/")
