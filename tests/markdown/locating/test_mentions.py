"""A mention is a whole token."""

import pytest

from manualsmith.markdown.locating.mentions import find_mentions
from manualsmith.markdown.reading.page import Page

CERTAIN = [
    ("3.13", "3.13"),
    ("3.13", "版本3.13，"),
    ("3.13", "用 3.13。"),
    ("3.13", "v3.13"),
    ("3.13", "3.13版"),
    ("3.13", "3.13.x"),
    ("3.13", "`3.13`"),
    ("3.13", "https://example.org/3.13/a"),
    ("3.13", "desktop-3.13.exe"),
    ("3.13", "desktop-3.13-x64"),
    ("3.13", "3.12,3.13"),
    ("3.13", "(3.13)"),
    ("31", "Nextcloud 31"),
    ("31", "第 31 版"),
    ("31", "31.x"),
    ("443", "TCP 443"),
    ("Windows 10", "Windows 10、Windows 11"),
    ("專業版", "用專業版登入"),
]
NONE = [
    ("3.13", "13.130"),
    ("3.13", "3.130"),
    ("3.13", "3.13.1"),
    ("3.13", "13.13"),
    ("3.13", "2.3.13"),
    ("3.13", "rev3.13"),
    ("3.13", "3.13-rc1"),
    ("3.13", "3.13beta"),
    ("3.13", "４3.13"),
    ("443", "1,443"),
    ("443", "443,000"),
    ("Windows 1", "Windows 10"),
    ("31", "31. 步驟"),
]
POSSIBLE = [
    ("31", "保留 31 天"),
    ("3.13", "[說明](help-3.13.md)"),
    ("3.13", "## 標題 {#v-3.13}"),
]


@pytest.mark.parametrize(("value", "text"), CERTAIN)
def test_mention(value, text):
    found = find_mentions(Page(f"---\ntitle: {value}\n---\n{text}\n"), value)
    assert (len(found.certain), len(found.possible)) == (1, 0)


@pytest.mark.parametrize(("value", "text"), NONE)
def test_no_mention(value, text):
    found = find_mentions(Page(f"---\ntitle: {value}\n---\n{text}\n"), value)
    assert (found.certain, found.possible) == ((), ())


@pytest.mark.parametrize(("value", "text"), POSSIBLE)
def test_possible_mention(value, text):
    found = find_mentions(Page(text), value)
    assert (len(found.certain), len(found.possible)) == (0, 1)
