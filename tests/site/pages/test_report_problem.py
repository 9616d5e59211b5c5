"""回報問題: what a reader's report says, and where it goes."""

import re
from html import unescape
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from gitrepo import git
from small_site import Site, write_site

PAGE = "manuals/operation/web-sign-in.md"
PAGES = {
    "docs/index.md": "# 首頁\n",
    PAGE: "# 登入\n\n## 第一次\n\n打開。\n\n### 手機 & 平板\n\n文字。\n",
}


def built(root, report=None) -> Site:
    site = write_site(root, PAGES)
    settings = root / "mkdocs.yml"
    text = settings.read_text("utf-8")
    if report:
        text = text.replace("  - manualsmith:\n", f"  - manualsmith:\n      report: {report!r}\n")
    settings.write_text(text, "utf-8")
    done = site.build()
    assert done.returncode == 0, done.stderr
    return site


def links(site):
    """Return the addresses of the links beside headings, and that of the page."""
    html = site.html("manuals/operation/web-sign-in/")
    found = re.findall(r'<a class="(?:ms-report|md-button)" href="(.*?)"', html)
    return [unescape(address) for address in found]


def version(site):
    return git(site.root, "hash-object", "--no-filters", PAGE)[:12]


def test_a_mail_names_page_heading_and_version(tmp_path):
    site = built(tmp_path / "site", "mailto:desk@example.org")
    first, second, page = links(site)
    head, _, query = second.partition("?")
    pairs = (field.partition("=") for field in query.split("&"))
    fields = {name: unquote(value) for name, _, value in pairs}
    assert head == "mailto:desk@example.org"
    assert fields["subject"] == "回報問題: 登入 › 手機 & 平板"
    assert fields["body"].split("\r\n")[:3] == [
        f"頁面：登入（{PAGE}）",
        "標題：手機 & 平板",
        f"版本：{version(site)}",
    ]
    assert "第一次" in unquote(first)
    assert "標題：" not in unquote(page)


@pytest.mark.parametrize(
    ("to", "title", "body"),
    [
        ("https://git.example/x/issues/new", "title", "body"),
        (
            "https://git.example/x/-/issues/new?issue[title]={title}&issue[description]={body}",
            "issue[title]",
            "issue[description]",
        ),
    ],
)
def test_a_forge_gets_a_new_issue(tmp_path, to, title, body):
    address = urlsplit(links(built(tmp_path / "site", to))[0])
    fields = parse_qs(address.query)
    assert fields[title] == ["回報問題: 登入 › 第一次"]
    assert "標題：第一次" in fields[body][0]


def test_a_report_is_no_text_to_search(tmp_path):
    site = built(tmp_path / "site", "mailto:desk@example.org")
    assert not [entry for entry in site.index().values() if "回報" in str(entry)]
