"""Markdown as it is read in a line."""

import time

import pytest

from manualsmith.markdown.rendered.plain_words import plain_words

READ = {
    "**原因**：Cookie 被擋。": "原因：Cookie 被擋。",
    "按 `Ctrl`+`C`": "按 Ctrl+C",
    '見[這一頁](a.md#b)與[別的](x "題")': "見這一頁與別的",
    "![圖](a.png)": "圖",
    "## 標題 {#id}\n\n內文": "標題 內文",
    "1. 一\n2. 二": "1. 一 2. 二",
    "- 甲\n- 乙": "甲 乙",
    '!!! warning "注意"\n\n    小心': "注意 小心",
    '=== "Android"\n\n    1. 開': "Android 1. 開",
    "| a | b |\n|---|---|\n| 1 | 2 |": "a | b 1 | 2",
    "<!-- keywords: 推播 -->\n環境：<!--\n二行 -->手機": "環境：手機",
    "a <!-- b": "a <!-- b",
    "2 * 3 * 4": "2 * 3 * 4",
    "snake_case_name": "snake_case_name",
    "a ** b": "a ** b",
    "[不是連結] (x)": "[不是連結] (x)",
    "": "",
}


@pytest.mark.parametrize("text", READ)
def test_as_it_is_read(text):
    assert plain_words(text) == READ[text]


@pytest.mark.parametrize("unit", ["**", "`", "[", "[a](", "!!! ", "| ", "{#", "__a", "- ", "<!--"])
def test_a_long_text_takes_no_long_time(unit):
    begun = time.monotonic()
    plain_words(unit * 50_000)
    assert time.monotonic() - begun < 10
