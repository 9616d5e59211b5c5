"""What pages of other builders and with other extensions are read as: as readers have them."""

import pytest

from manualsmith.markdown.apply_edit import parse_edit, resolve
from manualsmith.markdown.dialect import COMMON_MARK, DEFAULT, Dialect
from manualsmith.markdown.lost_target import TargetLost
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


HTML = "# 頁\n\n前言。\n\n## 用戶端\n\n甲\n\n<div>\n<h{level}>舊版用戶端</h{level}>\n</div>\n\n乙\n"
AT = {"section": ["用戶端"], "text": "新的一段。"}
WITHIN = [{"action": "append-to-section", **AT}]
BESIDE = [
    {"action": "replace-section", **AT},
    {"action": "delete-section", "section": ["用戶端"]},
    {"action": "insert-section", **AT, "heading": "新版"},
]


def test_a_heading_in_html_is_no_section_and_its_words_can_be_edited():
    page = HTML.format(level=2)
    edit = {"action": "replace-text", "quote": "舊版用戶端", "text": "前一版"}
    assert [section.title for section in Page(page, COMMON_MARK).sections] == ["頁", "用戶端"]
    assert "<h2>前一版</h2>" in resolve(page, parse_edit(edit), dialect=COMMON_MARK).text


@pytest.mark.parametrize("dialect", [COMMON_MARK, DEFAULT])
@pytest.mark.parametrize("edit", [*WITHIN, *BESIDE])
def test_a_section_in_which_html_begins_another_is_not_edited_as_one(edit, dialect):
    with pytest.raises(TargetLost, match="舊版用戶端"):
        resolve(HTML.format(level=2), parse_edit(edit), dialect=dialect)


@pytest.mark.parametrize("edit", BESIDE)
def test_a_section_that_holds_a_lower_heading_in_html_is_one(edit):
    after = resolve(HTML.format(level=3), parse_edit(edit), dialect=COMMON_MARK).text
    assert ("舊版" in after) == (edit["action"] == "insert-section")


def test_what_ends_with_steps_in_brackets_takes_in_no_others():
    edit = {"action": "append-to-section", "section": ["登入"], "text": "1. 完成"}
    for dialect in (COMMON_MARK, DEFAULT):
        after = resolve("# 登入\n\n1) 開啟\n", parse_edit(edit), dialect=dialect).text
        assert after == "# 登入\n\n1) 開啟\n\n1. 完成\n"


def test_a_rule_longer_than_the_head_over_it_makes_no_table():
    """GitHub and most builders read none; Hugo does."""
    page = Page("# 埠\n\n服務|埠\n:--|:--|:--\n網頁|443\n", COMMON_MARK)
    assert not page.tables()
    assert "<table" not in page.dialect.html(page.text)


PORTS = "# 埠\n\n| 服務 | 命令 |\n|---|---|\n| 網頁 | 開 |\n"


@pytest.mark.parametrize(("dialect", "written"), [(COMMON_MARK, "`a \\| b`"), (DEFAULT, "`a | b`")])
def test_a_pipe_in_the_code_of_a_cell_is_written_as_the_builder_reads_it(dialect, written):
    edit = {"action": "set-cell", "section": ["埠"], "row": 1, "column": 2, "text": "`a | b`"}
    after = resolve(PORTS, parse_edit(edit), dialect=dialect).text
    assert f"| 網頁 | {written} |" in after
    assert Page(after, dialect).leaves.tables == ((("服務", "命令"), ("網頁", "a | b")),)


@pytest.mark.parametrize(("dialect", "cells"), [(COMMON_MARK, 3), (DEFAULT, 2)])
def test_a_pipe_in_code_parts_cells_for_some_builders(dialect, cells):
    page = Page(PORTS.replace("網頁", "`a|b`"), dialect)
    assert len(page.tables()[0].rows[0].cells) == cells


def test_a_number_with_a_bracket_is_a_step_to_builders_that_read_it_so():
    page = "# 登入\n\n1) 開啟\n2) 登入\n"
    edit = {"action": "insert-step", "section": ["登入"], "step": 1, "text": "選擇伺服器"}
    after = resolve(page, parse_edit(edit), dialect=COMMON_MARK).text
    assert after == "# 登入\n\n1) 開啟\n2) 選擇伺服器\n3) 登入\n"
    assert not Page(page).lists()


@pytest.mark.parametrize(("dialect", "count"), [(COMMON_MARK, 1), (DEFAULT, 2)])
def test_hashes_without_a_space_head_a_section_where_readers_have_one(dialect, count):
    assert len(Page("# 頁\n\n##登入\n\n甲\n", dialect).sections) == count
