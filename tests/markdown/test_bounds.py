"""Hostile pages: a right answer or a clear refusal, in a time that follows the page's size.

The limits are some twenty times what was measured; benchmarks/bounds.py shows the growth.
"""

import time

import pytest

from manualsmith.markdown import TargetLost, apply

STEP = {"action": "replace-step", "step": 2, "text": "改"}
LINES = "".join(f"第 {n} 行的文字 word{n} 說明。\n" for n in range(20_000))
ONE_LINE = LINES.replace("\n", "")
HEADINGS = "\n\n".join(f"## 標題 {n}\n\n1. 步驟一\n2. 步驟二" for n in range(10_000))
LONG = "".join(chr(0x4E00 + (n * 7919) % 20_000) for n in range(100_000))


def quote(exact, text="新", **more):
    return {"action": "replace-text", "quote": {"exact": exact, **more}, "text": text}


def outcome(page, edit, base=None, seconds=20.0):
    start = time.process_time()
    try:
        found = apply(page, edit, base)
    except TargetLost as lost:
        found = lost.reason
    assert time.process_time() - start < seconds
    return found


def test_many_lines():
    drifted = LINES.replace("第 77 行", "第 X 行")
    wanted = drifted.replace("第 4000 行的文字", "新")
    assert outcome(drifted, quote("第 4000 行的文字"), LINES) == wanted


def test_one_line():
    assert outcome(ONE_LINE, quote("第 4000 行的文字")).count("新") == 1
    drifted = ONE_LINE.replace("第 77 行", "第 X 行")
    assert outcome(drifted, quote("第 4000 行的文字"), ONE_LINE) == "changed"


def test_ten_thousand_headings():
    edit = {**STEP, "section": ["標題 9997"]}
    made = outcome(HEADINGS.replace("標題 5\n", "標題 改\n"), edit, HEADINGS)
    assert made.split("標題 9997")[1].startswith("\n\n1. 步驟一\n2. 改")
    assert outcome(HEADINGS, quote("步驟一")) == "ambiguous"


def test_a_long_quote():
    page = f"前言。\n\n{LONG}\n\n後記。\n"
    assert outcome(page, quote(LONG)) == "前言。\n\n新\n\n後記。\n"
    # The new word stands in the page's own text by chance: that does not make the edit done.
    assert outcome(page.replace("一", "換", 1), quote(LONG), page) == "changed"


@pytest.mark.parametrize("unit", ["甲", "ab "])
def test_words_that_repeat(unit):
    assert outcome(unit * 100_000 + "\n", quote(unit * 80_000)) == "ambiguous"


def test_the_base_is_another_page():
    other = "".join(f"丙{n * 37 % 9973} 丁{n * 13 % 9973}\n" for n in range(20_000))
    assert outcome(other, quote("第 4000 行的文字"), LINES) in ("missing", "changed")


def test_too_large():
    assert outcome("字" * 7_000_000, quote("文")) == "invalid"


@pytest.mark.parametrize("fence", ["```js{1}", "```"])
def test_blank_lines_after_an_odd_fence(fence):
    page = f"# 頁\n\n{fence}\n碼\n```\n" + "\n" * 2_000 + "說明在這裡。\n\n## 後\n\n後記。\n"
    edit = {"action": "append-to-section", "section": ["後"], "text": "再一段。"}
    assert outcome(page, edit, seconds=5.0) == f"{page}\n再一段。\n"
