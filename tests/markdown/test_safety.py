"""What a suggestion may not bring onto a page."""

import pytest

from manualsmith.markdown.safety import added_unsafe, find_unsafe

UNSAFE = [
    "a <b>x</b>",
    "<script>alert(1)</script>",
    "<script",
    "</div>",
    "<!-- 藏起來 -->",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#x0A;script&colon;alert(1))",
    "[x](java\\\nscript:alert(1))",
    "[x]: vbscript:x",
    "[x](data:text/html,1)",
    "段落\n{: onclick=alert(1) }",
    "[x](y){style=position:fixed}",
    '--8<-- "/etc/passwd"',
    "a\u202eb",
    "a\x00b",
    "`<b>",
    "```\n<b>\n```\n<i>",
]
SAFE = [
    "按 `<b>`。",
    "3 < 5，a<1",
    "<https://example.org/a>",
    "<me@example.org>",
    "```html\n<script>\n```",
    "## 標題 {#id .cls}",
    "用 <名稱> 代替",
    "資料 data: 說明；JavaScript: 一種語言",
    "![圖](data:image/png;base64,AAAA)",
]


@pytest.mark.parametrize("text", UNSAFE)
def test_unsafe(text):
    assert list(find_unsafe(text))


@pytest.mark.parametrize("text", SAFE)
def test_safe(text):
    assert list(find_unsafe(text)) == []


def test_a_tag_that_the_settings_allow():
    assert list(find_unsafe("a<br>b<br/>c<BR />", ["br"])) == []
    assert list(find_unsafe("a<br onclick=x>", ["br"]))


def test_what_the_page_had_is_not_added():
    assert added_unsafe("<b>x</b>", "<b>y</b>") == []


def test_a_text_that_breaks_out_of_the_fence_it_stands_in():
    page = "```\n甲 QUOTE 乙\n```\n"
    breaking_out = page.replace("QUOTE", "\n```\n<script>\n```\n")
    assert [unsafe.found for unsafe in added_unsafe(page, breaking_out)] == ["<script>"]
