"""Related pages of the other manual, from links and front matter, for both ends."""

import re
from html import unescape

import pytest

from small_site import Site, write_site

PAGES = {
    "docs/index.md": "# 首頁\n",
    "manuals/operation/index.md": "# 操作手冊\n\n[登入](../troubleshooting/sign-in.md)\n",
    "manuals/operation/sign-in.md": (
        "# 登入\n\n## 第一次\n\n進不去時看 [這裡](../troubleshooting/sign-in.md#loop)。\n\n"
        "```\n[不是連結](../troubleshooting/sync.md)\n```\n\n另見 [分享](sharing.md)。\n"
    ),
    "manuals/operation/sharing.md": (
        "---\ntitle: 分享檔案\nrelated: [../troubleshooting/sync.md#stuck]\n---\n# 分享\n\n文字。\n"
    ),
    "manuals/troubleshooting/sign-in.md": (
        "# 登入問題\n\n## 又回到 <登入> {#loop}\n\n1. 照 [第一次](../operation/sign-in.md) 做。\n"
    ),
    "manuals/troubleshooting/sync.md": "# 同步問題\n\n## 停住 {#stuck}\n\n等一下。\n",
}


@pytest.fixture(scope="module")
def linked(tmp_path_factory) -> Site:
    site = write_site(tmp_path_factory.mktemp("linked"), PAGES)
    done = site.build()
    assert done.returncode == 0, done.stderr
    return site


def related(site, page):
    """Return the list's name, and each of its links with its text."""
    found = re.search(r'<nav class="ms-related" aria-label="(.*?)".*?</nav>', site.html(page))
    if not found:
        return None
    links = re.findall(r'<a href="(.*?)">(.*?)</a>', found[0])
    return found[1], [(href, unescape(text)) for href, text in links]


def test_an_operation_page_names_its_troubleshooting(linked):
    assert related(linked, "manuals/operation/sign-in") == (
        "相關的障礙排除",
        [("../../troubleshooting/sign-in/#loop", "又回到 <登入>")],
    )


def test_an_entry_s_page_names_the_operation_that_links_to_it(linked):
    assert related(linked, "manuals/troubleshooting/sign-in") == (
        "相關的操作",
        [("../../operation/sign-in/", "登入"), ("../../operation/sign-in/#第一次", "第一次")],
    )


def test_the_front_matter_says_so_for_both_ends(linked):
    name, links = related(linked, "manuals/operation/sharing")
    assert (name, links) == ("相關的障礙排除", [("../../troubleshooting/sync/#stuck", "停住")])
    name, links = related(linked, "manuals/troubleshooting/sync")
    assert (name, links) == ("相關的操作", [("../../operation/sharing/", "分享檔案")])


def test_an_index_is_related_to_all_and_so_to_nothing(linked):
    assert related(linked, "manuals/operation") is None


def test_it_is_no_text_to_search(linked):
    assert not [e for e in linked.index().values() if "相關的" in e["text"]]
