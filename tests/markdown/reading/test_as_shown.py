"""What pages of other builders and with other extensions are read as: as readers have them."""

import pytest

from manualsmith.markdown.apply_edit import parse_edit, resolve
from manualsmith.markdown.dialect import COMMON_MARK, Dialect
from manualsmith.markdown.reading.page import Page

CONTAINERS = {
    "under a table": "| 名稱 | 埠 |\n|---|---|\n| 網頁 | 443 |\n:::info\n\n重新啟動。\n\n:::\n",
    "over a table": ":::info\n| 名稱 | 埠 |\n|---|---|\n| 網頁 | 443 |\n:::\n",
}


@pytest.mark.parametrize("body", CONTAINERS.values(), ids=CONTAINERS)
def test_a_line_of_colons_is_no_row(body):
    page = f"# 埠\n\n{body}"
    edit = {"action": "add-row", "section": ["埠"], "cells": ["同步", "80"]}
    after = resolve(page, parse_edit(edit), dialect=COMMON_MARK).text
    assert [len(table.rows) for table in Page(page, COMMON_MARK).tables()] == [1]
    assert "| 網頁 | 443 |\n| 同步 | 80 |\n:::" in after


@pytest.mark.parametrize("first", ["1", "3"])
def test_a_line_of_colons_is_no_part_of_a_step(first):
    page = Page(
        f"# 登入\n\n:::tip\n{first}. 開啟\n{int(first) + 1}. 登入\n:::\n後記\n", COMMON_MARK
    )
    [steps] = page.lists()
    assert [item.content.of(page.text) for item in steps.items] == ["開啟", "登入"]


@pytest.mark.parametrize("name", ["sign-in", "a–b", "登入(sso)", "a:b"])
def test_whatever_id_a_heading_has_of_its_own_is_no_part_of_its_words(name):
    page = Page(f"# 頁\n\n## 用 `sso` 登入 {{#{name}}}\n", COMMON_MARK)
    assert page.sections[1].title == "用 sso 登入"
    assert page.leaves.headings[1].id == name


FORMULAS = {
    "找第 $k$ 個檔案": ("pymdownx.arithmatex", {"generic": True}, "找第 \\(k\\) 個檔案"),
    "用 1/2 的空間": ("pymdownx.smartsymbols", {}, "用 ½ 的空間"),
    "Nextcloud (tm) 用戶端": ("pymdownx.smartsymbols", {}, "Nextcloud ™ 用戶端"),
}


@pytest.mark.parametrize("words", FORMULAS)
def test_headings_with_signs_are_named_as_readers_have_them(words):
    extension, settings, shown = FORMULAS[words]
    dialect = Dialect(("toc", extension), {extension: settings})
    assert Page(f"# 頁\n\n## {words}\n", dialect).sections[1].title == shown


def test_a_heading_in_html_is_no_section_and_its_words_can_be_edited():
    page = "# 頁\n\n<div>\n<h2>舊版用戶端</h2>\n</div>\n\n## 新版\n"
    edit = {"action": "replace-text", "quote": "舊版用戶端", "text": "前一版"}
    assert [section.title for section in Page(page, COMMON_MARK).sections] == ["頁", "新版"]
    assert "<h2>前一版</h2>" in resolve(page, parse_edit(edit), dialect=COMMON_MARK).text


def test_a_rule_longer_than_the_head_over_it_makes_no_table():
    """GitHub and most builders read none; Hugo does."""
    page = Page("# 埠\n\n服務|埠\n:--|:--|:--\n網頁|443\n", COMMON_MARK)
    assert not page.tables()
    assert "<table" not in page.dialect.html(page.text)
