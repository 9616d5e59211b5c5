"""What a suggestion may not bring onto a page."""

import pytest

from manualsmith.markdown.apply_edit import Applied
from manualsmith.markdown.checks.unsafe_content import added_unsafe
from manualsmith.markdown.dialect import DEFAULT, Dialect
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.source import TextEdit, apply_edits

UNSAFE = [
    "a <b>x</b>",
    "<script>alert(1)</script>",
    "</div>",
    "<!-- 藏起來 -->",
    "<?php echo 1 ?>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#x0A;script&colon;alert(1))",
    "![x](vbscript:x)",
    "看 [x]\n\n[x]: vbscript:x",
    "[x](data:text/html,1)",
    "<javascript:alert(1)>",
    "段落\n{: onclick=alert(1) }",
    "[x](y){style=position:fixed}",
    "[x](y){onmouseover=alert(1)}",
    '--8<-- "/etc/passwd"',
    "a\u202eb",
    "a\x00b",
    "`<b>",
    "```\n<b>\n```\n<i>",
    r"按 \`x <img src=x onerror=alert(1)> ` 鍵。",
    r"按 \\\`x <img src=x onerror=alert(1)> ` 鍵。",
    "``` a b c\n<script>alert(1)</script>\n```",
    "~~~ a b c\n<script>alert(1)</script>\n~~~",
    "第一行\n\n    ```\n<script>alert(2)</script>\n    ```",
    "> ```\n<script>alert(2)</script>\n> ```",
    "- ```\n<script>alert(2)</script>\n  ```",
    "``\n<script>alert(2)</script>\n``",
    "<svg><animate onbegin=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<a href='javascript:alert(1)'>x</a>",
    "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
    "<iframe srcdoc='<script>1</script>'></iframe>",
    "<form action=/x><input name=q></form>",
    "![圖](data:image/png;base64,AAAA)",
    "![圖](https://other.example/a.png)",
    "![圖](//other.example/a.png)",
    "![圖][x]\n\n[x]: HTTPS://other.example/a.png",
    r"![圖](/\other.example/a.png)",
    "<img src=http://other.example/a.png alt=x>",
]
SAFE = [
    "按 `<b>`。",
    "3 < 5，a<1",
    "<https://example.org/a>",
    "<me@example.org>",
    "```html\n<script>\n```",
    "    <script>alert(1)</script>",
    "說明：\n\n    <tenant id>\n",
    "`https://cloud/<tenant id>/`",
    "## 標題 {#id .cls}",
    "a ``<script>alert(2)</script>` b",
    "1. 甲\n\n   ```\n   <script>alert(2)</script>\n   ```",
    "用 <名稱> 代替",
    "資料 data: 說明；JavaScript: 一種語言",
    "![圖](images/a.png)",
    "| a | b |\n|:--|--:|\n| 1 | `x` |",
    '!!! note "注意"\n\n    甲',
    '=== "甲"\n\n    乙\n\n=== "丙"\n\n    丁',
    "??? tip\n\n    甲",
    "[寫信](mailto:desk@example.invalid)，[打電話](tel:+886)",
]


def brings(text, allowed=(), dialect=DEFAULT, page="甲\n"):
    """What the text brings onto a page, put at its end."""
    edit = TextEdit(len(page), len(page), f"\n{text}\n")
    applied = Applied(Page(page, dialect), apply_edits(page, [edit]), (edit,))
    return [str(one) for one in added_unsafe(applied, allowed)]


@pytest.mark.parametrize("text", UNSAFE)
def test_unsafe(text):
    assert brings(text)


@pytest.mark.parametrize("text", SAFE)
def test_safe(text):
    assert brings(text) == []


def test_a_tag_that_the_settings_allow():
    assert brings("a<br>b<br/>c<BR />", ["br"]) == []
    assert brings("a<br onclick=x>", ["br"])


def test_an_allowed_tag_is_still_no_script():
    assert brings("<script>alert(1)</script>", ["script"])


def test_what_the_page_had_is_not_added():
    page, after = "<b>x</b>\n", "<b>y</b>\n"
    applied = Applied(Page(page), after, (TextEdit(3, 4, "y"),))
    assert added_unsafe(applied) == []


def test_a_text_that_breaks_out_of_the_fence_it_stands_in():
    page = "```\n甲 QUOTE 乙\n```\n"
    edit = TextEdit(6, 11, "\n```\n<script>\n```\n")
    applied = Applied(Page(page), apply_edits(page, [edit]), (edit,))
    assert "<script>" in " ".join(map(str, added_unsafe(applied)))


def test_taking_a_mark_away_may_let_a_script_out():
    page = "按 `<img src=x onerror=alert(1)>` 鍵。\n"
    edit = TextEdit(2, 3, "")
    applied = Applied(Page(page), apply_edits(page, [edit]), (edit,))
    assert added_unsafe(applied)


def test_what_runs_follows_from_the_sites_own_extensions():
    attributes = "[x](y){onclick=alert(1)}"
    assert brings(attributes, dialect=DEFAULT)
    assert brings(attributes, dialect=Dialect()) == []
    assert brings("[y]: javascript:x\n\n[^1]: [x][y]\n\n看[^1]", dialect=Dialect(("footnotes",)))


@pytest.mark.parametrize("value", ["<script>alert(1)</script>", "a <b>x</b>"])
def test_a_title_stands_in_the_nav_as_it_is_written(value):
    page = "---\ntitle: 甲\n---\n# 甲\n"
    edit = TextEdit(11, 12, value)
    applied = Applied(Page(page), apply_edits(page, [edit]), (edit,))
    assert added_unsafe(applied)
