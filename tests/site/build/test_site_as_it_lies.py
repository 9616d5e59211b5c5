"""Somebody's own MkDocs site, with our plugin added: it stays the site that it was.

Each is built twice, without the plugin and with it. There are the same addresses, and on each page
the same text but for what ours adds.
"""

import json
import re
import sys
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest

from gitrepo import commit, git, make_repo
from small_site import run

LAYOUT = """\
[tool.manualsmith.manuals.guide]
folder = "docs"
kind = "operation"
leave_out = ["trouble/", "*.zh.md"]
[tool.manualsmith.manuals.faq]
folder = "docs/trouble"
kind = "troubleshooting"
"""
PAGES = {
    "docs/index.md": "# 首頁\n\n看 [登入](guide/sign-in.md#first) 或 [問題](trouble/faq.md)。\n",
    "docs/guide/index.md": "---\ntitle: 使用說明\n---\n# 使用說明\n\n總說。\n",
    "docs/guide/sign-in.md": "---\nproduct: nextcloud\n---\n# 登入\n\n## 第一次 {#first}\n\n"
    "1. 打開用戶端。\n2. 輸入帳號。\n\n![圖](../images/a.svg)\n",
    "docs/trouble/faq.md": "# 問題\n\n## 登入不了\n\n**處理步驟**：\n\n1. 重開。\n",
    "docs/about.md": "# 關於\n\n這裡寫 3.13。\n",
    "docs/images/a.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>\n',
}
BASE = "site_name: 別人的手冊\nsite_url: https://example.invalid/\n"
NAV = """\
nav:
  - 首頁: index.md
  - 說明:
      - guide/index.md
      - 登入: guide/sign-in.md
  - 問題: trouble/faq.md
  - about.md
  - 外面: https://example.invalid/else
"""


@dataclass(frozen=True)
class Case:
    """Settings beside the name, with a line ``plugins:`` where there are any, and more files."""

    settings: str
    files: dict[str, str] = field(default_factory=dict)


THEMES = {
    name: Case(f"theme: {name}\n{NAV}markdown_extensions: [attr_list]\nplugins:\n  - search\n")
    for name in ("mkdocs", "readthedocs", "material")
}
HOOK = "def on_page_markdown(markdown, **_):\n    return markdown.replace('總說', '總而言之')\n"
CASES = {
    **{f"theme {name}": case for name, case in THEMES.items()},
    "no nav": Case("theme: material\nmarkdown_extensions: [attr_list]\nplugins:\n  - search\n"),
    "no plugins": Case(f"theme: mkdocs\n{NAV}markdown_extensions: [attr_list]\nplugins:\n"),
    "literate-nav": Case(
        "theme: mkdocs\nmarkdown_extensions: [attr_list]\nplugins:\n  - literate-nav\n",
        {"docs/SUMMARY.md": "* [首頁](index.md)\n* [登入](guide/sign-in.md)\n* [問題](trouble/)\n"},
    ),
    "awesome-nav and section-index": Case(
        "theme: material\nmarkdown_extensions: [attr_list]\nplugins:\n"
        "  - awesome-nav\n  - section-index\n",
        {"docs/.nav.yml": "nav:\n  - index.md\n  - guide\n  - 問題: trouble/faq.md\n  - '*'\n"},
    ),
    "redirects": Case(
        f"theme: material\n{NAV}markdown_extensions: [attr_list]\nplugins:\n"
        "  - redirects: {redirect_maps: {old/sign-in.md: guide/sign-in.md, x.md: index.md}}\n"
    ),
    "macros": Case(
        f"theme: material\n{NAV}markdown_extensions: [attr_list]\nextra: {{release: '31.0.4'}}\n"
        "plugins:\n  - macros\n",
        {
            "docs/about.md": "# 關於\n\n版本 {{ release }}\n",
            # to macros an id is the beginning of a comment
            "docs/guide/sign-in.md": "# 登入\n\n## first\n\n1. 打開用戶端。\n",
        },
    ),
    # with other marks for its comments it leaves ids alone, as docs/adopt.md says
    "macros beside ids": Case(
        f"theme: material\n{NAV}markdown_extensions: [attr_list]\nplugins:\n  - macros:\n"
        "      j2_comment_start_string: '{##'\n      j2_comment_end_string: '##}'\n",
    ),
    "i18n": Case(
        "theme: material\nmarkdown_extensions: [attr_list]\nplugins:\n  - i18n:\n"
        "      docs_structure: suffix\n      languages:\n"
        "        - {locale: en, name: English, default: true, build: true}\n"
        "        - {locale: zh, name: 中文, build: true}\n",
        {"docs/about.zh.md": "# 關於我們\n\n中文。\n"},
    ),
    "git-revision-date-localized": Case(
        f"theme: material\n{NAV}markdown_extensions: [attr_list]\nplugins:\n"
        "  - git-revision-date-localized: {type: iso_date}\n"
    ),
    "snippets and include-markdown": Case(
        f"theme: material\n{NAV}markdown_extensions:\n  - attr_list\n"
        "  - pymdownx.snippets: {check_paths: true}\nplugins:\n  - include-markdown\n",
        {
            "docs/about.md": '# 關於\n\n--8<-- "shared/a.md"\n\n{% include-markdown "b.inc" %}\n',
            "shared/a.md": "一段共用的文字。\n",
            "docs/b.inc": "又一段。\n",
        },
    ),
    "what Markdown has beside": Case(
        f"theme: material\n{NAV}markdown_extensions:\n  - attr_list\n  - md_in_html\n"
        "  - admonition\n  - pymdownx.details\n  - pymdownx.superfences\n"
        "  - pymdownx.tabbed: {alternate_style: true}\n  - toc: {permalink: true}\n"
        "plugins:\n  - search\n",
        {
            "docs/about.md": "# 關於\n\n!!! note\n    說明\n\n??? tip\n    看\n\n"
            '=== "甲"\n\n    1. 一\n\n'
            '=== "乙"\n\n    1. 二\n\n<div markdown>\n**粗**\n</div>\n',
        },
    ),
    "!ENV, INHERIT and hooks": Case(
        f"INHERIT: base.yml\n{NAV}hooks: [hooks.py]\nplugins:\n  - search: {{}}\n",
        {
            "base.yml": "theme: {name: material}\nmarkdown_extensions: [attr_list]\n"
            "copyright: !ENV [WHOSE, 大家]\n",
            "hooks.py": HOOK,
        },
    ),
    "addresses as files": Case(
        f"theme: mkdocs\nuse_directory_urls: false\n{NAV}"
        "markdown_extensions: [attr_list]\nplugins:\n"
    ),
}


class Text(HTMLParser):
    """The texts and the links of a page, without what stands in an element of ours."""

    VOID = frozenset(("br", "img", "link", "meta", "input", "hr", "source", "path", "wbr"))

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[bool] = []
        self.feed(html)

    @property
    def _ours(self) -> bool:
        return any(self._open)

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        kinds = named.get("class") or ""
        # the search is ours, in the theme's looks
        is_ours = "ms-" in kinds or "md-search" in kinds or "manualsmith" in str(named)
        # a picture is the page's own, its frame and the link to it are ours
        frame = kinds in ("ms-figure", "ms-enlarge")
        is_ours = is_ours and not frame
        for name in ("href", "src", "id"):
            if name in named and not (is_ours or frame or self._ours):
                self.found.append(f"{name}={named[name]}")
        if tag not in self.VOID:
            self._open.append(is_ours)

    def handle_endtag(self, tag):
        if tag not in self.VOID and self._open:
            self._open.pop()

    def handle_data(self, data):
        if data.strip() and not self._ours:
            self.found.append(" ".join(data.split()))


def build(root: Path, settings: str, out: Path) -> dict[str, bytes]:
    (root / "mkdocs.yml").write_text(settings, "utf-8")
    done = run([sys.executable, "-m", "mkdocs", "build", "--strict", "-d", str(out)], root)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    files = (one for one in sorted(out.rglob("*")) if one.is_file())
    return {one.relative_to(out).as_posix(): one.read_bytes() for one in files}


@pytest.mark.parametrize("name", CASES)
def test_a_site_stays_what_it_was(name, tmp_path):
    case = CASES[name]
    files = {"pyproject.toml": LAYOUT, **PAGES, **case.files}
    repo = make_repo(tmp_path, files)
    plain = f"{BASE}{case.settings}"
    before = build(repo, plain.replace("plugins:\n", "plugins: []\n") if plain.endswith(
        "plugins:\n") else plain, tmp_path / "before")  # fmt: skip
    ours = plain.replace("plugins:\n", "plugins:\n  - manualsmith\n", 1)
    if "search: {}" in plain:
        ours = ours.replace("  - search: {}", "  - search")
    after = build(repo, ours, tmp_path / "after")
    assert {one for one in after if "manualsmith" not in one} == {*before}
    assert "assets/manualsmith/site.css" in after
    pages = [one for one in before if one.endswith(".html")]
    assert len(pages) >= len([one for one in PAGES if one.endswith(".md")])
    for page in pages:
        if page == "404.html" and "material" in str(before[page]):
            continue  # in the site's language, and with ways on
        was, now = (Text(made[page].decode()).found for made in (before, after))
        assert [one for one in now if not one.startswith("×")] == was, page
        brought = re.findall(rb'(?:src|href)="[^"]*(assets/manualsmith/[^"]+)"', after[page])
        assert len(brought) == len(set(brought)), page
    index = "search/search_index.json"
    if index in before and "material" not in plain + case.files.get("base.yml", ""):
        # what ours adds is nothing to search
        assert json.loads(after[index])["docs"] == json.loads(before[index])["docs"]
    shown = b"".join(after[page] for page in pages).decode()
    assert re.search("ms-report", shown)
    assert not git(repo, "status", "--porcelain", "docs")


NO_PAGES = {
    "docs/odd/big5.md": "---\ntitle: 大五碼\n---\n# 大五碼\n".encode("big5"),
    "docs/odd/utf16.md": "# 標題\n".encode("utf-16"),
    "docs/odd/nul.md": b"# a\n\n\x00\x01\n",
    "docs/odd/half.md": b"# \xed\xa0\x80\n",
}
ODD_PAGES = {
    "docs/odd/mark.md": b"\xef\xbb\xbf---\ntitle: bom\n---\n# bom\n",
    "docs/odd/empty.md": b"",
    "docs/odd/front.md": b"---\ntitle: x\n---\n",
    "docs/odd/list.md": b"---\n- a\n---\n# x\n",
    "docs/odd/colon.md": b"---\ntitle: a: b\n---\n# x\n",
    "docs/odd/cr.md": b"# a\r\r## b\rtext\r",
}


@pytest.mark.parametrize(
    "name", ["theme mkdocs", "theme readthedocs", "no nav", "macros", "i18n", "literate-nav"]
)
def test_pages_that_are_none_end_no_build(name, tmp_path):
    """Whatever the theme and the plugins are: each is named, and the rest is there."""
    case = CASES[name]
    files = {"pyproject.toml": LAYOUT, **PAGES, **case.files, **NO_PAGES, **ODD_PAGES}
    repo = make_repo(tmp_path, files)
    ours = "plugins:\n  - manualsmith: {offline: true}\n"
    (repo / "mkdocs.yml").write_text(
        f"{BASE}{case.settings}".replace("plugins:\n", ours, 1), "utf-8"
    )
    out = tmp_path / "out"
    done = run([sys.executable, "-m", "mkdocs", "build", "-d", str(out)], repo)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    for path in NO_PAGES:
        assert re.search(rf"{path}(:\d+:\d+)?: not (UTF-8|a) text", done.stderr), path
        assert not list(out.rglob(f"{Path(path).stem}/index.html"))
    for path in ODD_PAGES:
        assert list(out.rglob(f"odd/{Path(path).stem}/index.html")), path
    assert (out / "manualsmith-worker.js").is_file()
    assert (out / "manualsmith-offline/index.html").is_file()


def test_edits_are_shown_on_the_site_they_are_for(tmp_path, capsys):
    from desks import ms
    from manuals import confirmation

    finding = """- id: 1
    summary: 先開機
    manual: guide
    page: guide/sign-in.md
    reason: 少一步
    edit: {action: insert-step, section: [第一次], step: 1, position: before, text: 先開機。}
"""
    files = {"pyproject.toml": LAYOUT, **PAGES}
    settings = f"{BASE}{CASES['theme mkdocs'].settings}".replace(
        "plugins:", "plugins:\n  - manualsmith"
    )
    files["mkdocs.yml"] = settings
    files["records/confirmations/ENV-2026-0001.yaml"] = confirmation(findings=(finding,))
    repo = make_repo(tmp_path, files)
    git(repo, "config", "manualsmith.staff", "S-0412")
    assert ms(repo, "suggest", "--all") == 0
    out = tmp_path / "preview"
    assert ms(repo, "preview", "ENV-2026-0001-1", "--out", str(out)) == 0, capsys.readouterr().err
    page = (out / "guide/sign-in/index.html").read_text("utf-8")
    assert "先開機" in page
    assert "ms-changed" in page
    assert any("guide/sign-in" in one.read_text("utf-8") for one in out.rglob("*.html"))


def test_a_nav_of_ones_own_beside_manuals_that_lie_apart(tmp_path):
    """Files of docs/ are named there as MkDocs names them, or by their path."""
    from small_site import PAGES as SMALL
    from small_site import write_site

    nav = """
nav:
  - index.md
  - 做法: [manuals/operation/index.md, manuals/operation/web-sign-in.md]
  - docs/staff.md
not_in_nav: |
  *
"""
    site = write_site(tmp_path / "repo", SMALL, nav)
    done = site.build()
    assert done.returncode == 0, done.stderr
    menu = site.html("")
    assert 'href="operation/web-sign-in/"' in menu or "web-sign-in/" in menu
    assert "None" not in Text(menu).found


def test_what_the_plugin_finds_nowhere(tmp_path):
    repo = make_repo(tmp_path, {"pyproject.toml": LAYOUT.replace("docs", "elsewhere"), **PAGES})
    commit(repo, {"mkdocs.yml": f"{BASE}plugins:\n  - manualsmith\n"})
    done = run([sys.executable, "-m", "mkdocs", "build", "-d", str(tmp_path / "out")], repo)
    assert done.returncode == 0, done.stderr
    assert "elsewhere" in done.stderr


def test_a_manuals_page_keeps_its_address(tmp_path):
    """Whatever else would have it, in whatever order the files come; excluded files have none."""
    layout = '[tool.manualsmith.manuals.guide]\nfolder = "docs"\nkind = "operation"\n'
    files = {
        "pyproject.toml": f'{layout}pages = ["guide/*.md"]\n',
        "docs/index.md": "# 首頁\n",
        "docs/guide/x.md": "# 手冊的頁\n",
        "docs/guide/x/index.md": "# 來路不明\n",
        "docs/guide/y.md": "# 沒有發布\n",
        "docs/guide/y/index.md": "# 另一頁\n",
    }
    repo = make_repo(tmp_path, files)
    settings = f"{BASE}theme: mkdocs\nexclude_docs: guide/y.md\nplugins:\n  - manualsmith\n"
    (repo / "mkdocs.yml").write_text(settings, "utf-8")
    done = run([sys.executable, "-m", "mkdocs", "build", "-d", str(tmp_path / "out")], repo)
    assert done.returncode == 0, done.stderr
    assert "guide/x/index.md is left out: guide/x.md has the same address" in done.stderr
    assert "手冊的頁" in (tmp_path / "out/guide/x/index.html").read_text("utf-8")
    assert "另一頁" in (tmp_path / "out/guide/y/index.html").read_text("utf-8")


def test_settings_that_cannot_be_are_told_without_a_traceback(tmp_path):
    bad = LAYOUT.replace('leave_out = ["trouble/", "*.zh.md"]\n', "")
    repo = make_repo(tmp_path, {"pyproject.toml": bad, **PAGES})
    (repo / "mkdocs.yml").write_text(f"{BASE}plugins:\n  - manualsmith\n", "utf-8")
    done = run([sys.executable, "-m", "mkdocs", "build", "-d", str(tmp_path / "out")], repo)
    assert done.returncode == 1
    assert "pyproject.toml:4: the manuals guide and faq overlap" in done.stderr
    assert "Traceback" not in done.stderr
