"""Before and after as readers see them: what is marked, what is dropped, what the page loads."""

import re
from html.parser import HTMLParser

import pytest

from manualsmith.site.pages.compare_html import compare
from manualsmith.site.pages.render_page import render
from manualsmith.site.preview.review_page import ReviewPage, review_page
from manualsmith.workflow.workspace.changed_page import ChangedPage


def changed(before, after):
    rows = [
        row
        for row in compare(render("a.md", before), render("a.md", after))
        if row.kind == "changed"
    ]
    return "".join(row.before for row in rows), "".join(row.after for row in rows)


VOID = ("img", "br", "hr", "input")


class Text(HTMLParser):
    """The text of a piece of HTML; asserts that its tags are well-formed."""

    def __init__(self, html, without=""):
        super().__init__()
        self.text, self.open, self.without = "", [], without
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert tag in VOID or self.open.pop() == tag

    def handle_data(self, data):
        if self.without not in self.open:
            self.text += data


def test_only_the_changed_words_are_marked():
    before, after = changed("桌面版用戶端 3.13 寫成。\n", "桌面版用戶端 3.16 寫成。\n")
    assert before == "<p>桌面版用戶端 <del>3.13</del> 寫成。</p>"
    assert after == "<p>桌面版用戶端 <ins>3.16</ins> 寫成。</p>"


PAIRS = {
    "list": ("1. 一\n2. 二 **粗** 字\n", "1. 一\n2. 二 **細** 字\n3. 三\n"),
    "table": ("| a | b |\n|---|---|\n| 1 | 2 |\n", "| a | b |\n|---|---|\n| 1 | 3 |\n| 4 | 5 |\n"),
    "admonition": ('!!! note "注意"\n\n    舊的一句。\n', '!!! note "注意"\n\n    新的一句。\n'),
    "tabs": (
        '=== "甲"\n\n    一\n\n=== "乙"\n\n    二\n',
        '=== "甲"\n\n    一\n\n=== "乙"\n\n    三\n',
    ),
    "code": ("```\na = 1\n```\n", "```\na = 2\n```\n"),
    "link": ("見[這裡](a.md)。\n", "見[那裡](b.md)。\n"),
    "image": ("![舊](a.png)\n", "![新](b.png)\n"),
    "new page": ("", "# 題\n\n文字\n"),
    "entities": ("a < b & c\n", "a < b & d\n"),
}


@pytest.mark.parametrize("name", PAIRS)
def test_each_side_keeps_its_own_text_and_stays_well_formed(name):
    sides = [render("a.md", text) for text in PAIRS[name]]
    before, after = changed(*PAIRS[name])
    assert re.sub(r"\s", "", Text(before).text) in re.sub(r"\s", "", Text(sides[0]).text)
    assert re.sub(r"\s", "", Text(after).text) in re.sub(r"\s", "", Text(sides[1]).text)
    kept = [re.sub(r"\s", "", Text(*side).text) for side in ((before, "del"), (after, "ins"))]
    assert kept[0] == kept[1]


def shown(after, before="原來的文字。\n"):
    page = ChangedPage("manuals/operation/a.md", before, after)
    return review_page(
        ReviewPage("ENV-2026-0001-1", "<改>", "紀錄", "open", "因為 & 所以", "S-1", (), (), (page,))
    )


@pytest.mark.parametrize(
    "bad",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "<iframe src=https://e.invalid></iframe>",
        "<a href=' JaVaScRiPt:alert(1)'>x</a>",
        "<svg><script>alert(1)</script></svg>",
    ],
)
def test_nothing_in_a_page_runs(bad):
    html = shown(f"新的文字。\n\n{bad}\n\n後面。\n")
    assert "alert(1)" not in html.replace("&#x27;", "")
    assert "後面" in html


def test_the_page_loads_nothing():
    html = shown("新的文字。![圖](https://e.invalid/a.png)\n")
    assert "default-src 'none'" in html
    assert "<script" not in html
    assert "<link" not in html
    assert "&lt;改&gt;" in html
    assert "因為 &amp; 所以" in html


def test_long_unchanged_stretches_are_folded():
    pages = [
        "\n\n".join(f"第 {n} 段。" for n in range(20)) + f"\n\n{end}\n" for end in ("舊", "新")
    ]
    html = shown(pages[1], pages[0])
    assert html.count("<details>") == 1
    assert "unchanged: 19 blocks" in html
