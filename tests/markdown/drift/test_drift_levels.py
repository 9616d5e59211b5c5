"""Where each level of the drift engine lies: at it an edit is made, one step beside it is not."""

import pytest

from manualsmith.markdown import TargetLost, apply
from manualsmith.markdown.drift.carrying import _likest
from manualsmith.markdown.locating.locate import is_telling, resembling
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.source import apply_edits
from manualsmith.markdown.word_merge import Changed, Done, merge


def like(percent, size=100):
    """Return *size* letters that are as alike to as many ``甲`` as *percent* says."""
    return "甲" * (size * percent // 100) + "乙" * (size - size * percent // 100)


SAME = like(100)


def merged(base, edited, page):
    return apply_edits(page, merge(base, edited, page))


def test_two_letters_keep_two_changes_apart():
    base, edited = "一二三四五六七八", "一二三四五六七捌"
    assert merged(base, edited, "一二三四伍六七八") == "一二三四伍六七捌"
    with pytest.raises(Changed):
        merge(base, edited, "一二三四五陸七八")


def test_half_of_the_words_beside_must_be_there():
    base, edited = "甲乙丙丁戊己庚辛壬癸子", "甲乙丙丁戊己庚辛壬癸丑"
    assert merged(base, edited, "ABCDE己庚辛壬癸子") == "ABCDE己庚辛壬癸丑"
    with pytest.raises(Changed):
        merge(base, edited, "ABCDEF庚辛壬癸子")


HALF = ("每五分鐘同步一次，檔案很多時會更久", "每六分鐘同步一次，檔案很多時會最久")


@pytest.mark.parametrize(
    "page", ["每六分鐘同步一次，檔案很多時會更久", "每五分鐘同步一次，檔案很多時會最久"]
)
def test_an_edit_of_which_half_was_made_is_refused(page):
    """Who made the one half left the other as it was, or took it back: nobody knows."""
    with pytest.raises(Changed):
        merge(*HALF, page)
    edit = {"action": "replace-text", "quote": HALF[0], "text": HALF[1]}
    with pytest.raises(TargetLost) as lost:
        apply(page + "。\n", edit, HALF[0] + "。\n")
    assert lost.value.reason == "changed"


def test_all_of_it_made_is_done_and_white_space_alone_is_no_half():
    with pytest.raises(Done):
        merge(*HALF, HALF[1].replace("一次", "兩次"))
    base = "alpha beta gamma delta epsilon zeta"
    edited = "alpha  beta gamma delta epsilon eta"
    page = "alpha  beta gamma delta epsilon zeta"
    assert merged(base, edited, page) == edited


@pytest.mark.parametrize(("percent", "found"), [(60, 1), (59, None)])
def test_how_alike_a_line_must_be_to_its_counterpart(percent, found):
    assert _likest(SAME, {1: like(percent), 2: "丙" * 100}) == found


@pytest.mark.parametrize(("percent", "found"), [(75, 1), (76, None)])
def test_by_how_much_a_line_must_be_more_alike_than_any_other(percent, found):
    assert _likest(SAME, {1: like(90), 2: like(percent)}) == found


@pytest.mark.parametrize(("percent", "made"), [(50, True), (49, False)])
def test_how_alike_a_step_between_its_neighbours_must_be(percent, made):
    base = f"# 頁\n\n1. 打開。\n2. {SAME}\n3. 關閉。\n"
    page = base.replace(SAME, like(percent))
    edit = {"action": "insert-step", "step": "2", "text": "等一下。"}
    if made:
        assert f"2. {like(percent)}\n3. 等一下。\n4. 關閉。\n" in apply(page, edit, base)
        return
    with pytest.raises(TargetLost):
        apply(page, edit, base)


@pytest.mark.parametrize(("percent", "made"), [(60, False), (59, True)])
def test_how_alike_a_line_must_be_to_be_what_became_of_another(percent, made):
    base = f"# 頁\n\n## 一\n\n{SAME}\n\n第二行。\n\n## 二\n\n結束。\n"
    page = f"# 頁\n\n## 一\n\n{like(percent)}\n\n## 二\n\n{SAME}\n\n第二行。\n\n結束。\n"
    edit = {"action": "replace-text", "section": ["一"], "quote": SAME, "text": "新的。"}
    if made:
        assert apply(page, edit, base) == page.replace(SAME, "新的。")
        return
    with pytest.raises(TargetLost):
        apply(page, edit, base)


@pytest.mark.parametrize(("words", "telling"), [("甲" * 12, True), ("甲" * 11 + "，。", False)])
def test_how_many_letters_tell_a_place(words, telling):
    assert is_telling(words) == telling


@pytest.mark.parametrize(
    ("text", "reason"), [("一二三四五六", "already"), ("一二三四五", "missing")]
)
def test_how_long_a_text_must_be_to_be_there_already_without_context(text, reason):
    edit = {"action": "replace-text", "quote": "沒有這句話", "text": text}
    with pytest.raises(TargetLost) as lost:
        apply(f"前面{text}，後面。\n", edit)
    assert lost.value.reason == reason


def test_how_alike_a_line_is_shown_as_the_nearest():
    page = Page(f"{like(60)}\n\n{like(59)}\n")
    assert [found.text for found in resembling(page, SAME, page.body)] == [like(60)]
