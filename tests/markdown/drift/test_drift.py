"""Words on a page that changed since: where an edit is made, and where it must not be."""

import pytest

from manualsmith.markdown import TargetLost, apply

BASE = """# 同步

桌面版每五分鐘同步一次，檔案很多時會更久。

## 設定

打開設定，選「一般」，再選「同步」。

重新啟動用戶端。

## 疑難

重新啟動用戶端。

按「重試」，等三分鐘。
"""


def words(exact, text, section=None, **around):
    edit = {"action": "replace-text", "quote": {"exact": exact, **around}, "text": text}
    return {**edit, "section": [section]} if section else edit


TIME = words(
    "桌面版每五分鐘同步一次，檔案很多時會更久。", "桌面版每五分鐘同步一次，檔案很多時會比較久。"
)
AGAIN = words("重新啟動用戶端。", "重新開機。", "設定")
MADE = {
    "the same page": (BASE, TIME, "時會比較久。"),
    "other words of the line": (
        BASE.replace("每五分鐘", "每十分鐘"),
        TIME,
        "每十分鐘同步一次，檔案很多時會比較久。",
    ),
    "wrapped anew": (BASE.replace("一次，檔", "一次，\n檔"), TIME, "一次，\n檔案很多時會比較久。"),
    "lines before it": (BASE.replace("# 同步\n", "# 同步\n\n新的一段。\n"), TIME, "時會比較久。"),
    "other line ends": (BASE.replace("\n", "\r\n"), TIME, "時會比較久。\r\n"),
    "a section renamed": (
        BASE.replace("## 設定", "## 怎麼設定"),
        AGAIN,
        "「同步」。\n\n重新開機。",
    ),
    "one of two like lines": (
        BASE.replace("打開設定", "先打開設定"),
        AGAIN,
        "「同步」。\n\n重新開機。",
    ),
    "a third like line": (BASE + "\n重新啟動用戶端。\n", AGAIN, "「同步」。\n\n重新開機。"),
    "moved in its section": (
        BASE.replace("按「重試」，等三分鐘。\n", "").replace(
            "## 疑難\n", "## 疑難\n\n按「重試」，等三分鐘。\n\n如果還是一樣：\n"
        ),
        words("按「重試」，等三分鐘。", "按「重試」。"),
        "## 疑難\n\n按「重試」。",
    ),
}


@pytest.mark.parametrize("name", MADE)
def test_made_in_its_place_and_nowhere_else(name):
    page, edit, expected = MADE[name]
    got = apply(page, edit, BASE)
    assert expected in got
    assert got.count("\n") == page.count("\n")
    assert abs(len(got) - len(page)) < 10


GONE = BASE.replace("重新啟動用戶端。\n\n## 疑難", "## 疑難")
REFUSED = {
    "already": (BASE.replace("會更久", "會比較久"), TIME, "already"),
    "already, and the line changed since": (
        BASE.replace("會更久", "會比較久").replace("每五分鐘", "每十分鐘"),
        TIME,
        "already",
    ),
    "the same words otherwise": (BASE.replace("會更久", "會非常久"), TIME, "changed"),
    "another line now": (
        BASE.replace("桌面版每五分鐘同步一次，檔案很多", "檔案多"),
        TIME,
        "changed",
    ),
    "gone, and its like elsewhere": (GONE, AGAIN, "missing"),
    "gone to another section": (
        BASE.replace("按「重試」，等三分鐘。\n", "").replace(
            "再選「同步」。", "再選「同步」。\n\n按「重試」，等三分鐘。"
        ),
        words("按「重試」，等三分鐘。", "按「重試」。"),
        "missing",
    ),
    "half made, half rewritten": (
        BASE.replace("每五分鐘", "每六分鐘").replace("會更久", "會稍久"),
        words(
            "桌面版每五分鐘同步一次，檔案很多時會更久。",
            "桌面版每六分鐘同步一次，檔案很多時會最久。",
        ),
        "changed",
    ),
    "not told on its base": (
        BASE.replace("五分鐘", "十分鐘"),
        words("重新啟動用戶端。", "重新開機。"),
        "ambiguous",
    ),
    "another page": ("# 別的\n\n別的文字。\n", TIME, "missing"),
    "an empty page": ("", TIME, "missing"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name):
    page, edit, reason = REFUSED[name]
    with pytest.raises(TargetLost) as lost:
        apply(page, edit, BASE)
    assert lost.value.reason == reason


def test_an_insertion_between_two_lines():
    edit = words("", "先存檔。\n\n", prefix="「同步」。\n\n", suffix="重新啟動用戶端。\n\n## 疑難")
    page = BASE.replace("# 同步\n", "# 同步\n\n新的一段。\n")
    assert "「同步」。\n\n先存檔。\n\n重新啟動用戶端。" in apply(page, edit, BASE)
    crowded = page.replace("「同步」。\n\n", "「同步」。\n\n關掉視窗。\n\n")
    with pytest.raises(TargetLost):
        apply(crowded, edit, BASE)


def test_words_that_stand_twice_in_a_line_are_told_by_the_words_beside_them():
    line = "甲值減去餘值，再加一；乙值減去餘值，再加一。\n"
    edit = words(line, line.replace("一；乙值減去餘值", "一；乙值減去餘值的絕對值"))
    page = line.replace("甲值", "甲的數值")
    assert apply(page, edit, line) == "甲的數值減去餘值，再加一；乙值減去餘值的絕對值，再加一。\n"
    other = page.replace("；", "；丙值減去餘值，再加一；")
    assert apply(other, edit, line).endswith("；乙值減去餘值的絕對值，再加一。\n")


def test_an_indent_is_a_change_too():
    edit = words("按「重試」，等三分鐘。\n", "    按「重試」，等三分鐘。\n")
    assert "\n    按「重試」，等五分鐘。\n" in apply(BASE.replace("等三", "等五"), edit, BASE)


@pytest.mark.parametrize("lines", [1, 20_000])
def test_large_pages_take_a_bounded_time(lines):
    text = "一句話。" * (100_000 // lines) + "\n"
    base = "# 題\n\n" + text * lines + "\n獨特的最後一句，只有一次。\n"
    edit = words("獨特的最後一句，只有一次。", "改過的最後一句。")
    assert "改過的最後一句。" in apply(base.replace("# 題", "# 題目"), edit, base)
    with pytest.raises(TargetLost):
        apply("".join(reversed(base)), edit, base)
