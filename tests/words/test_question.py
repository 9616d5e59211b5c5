"""How a question is read: folded, by the vocabulary, without the words that say nothing."""

import pytest

from manualsmith.words.folding import canonical, words_of
from manualsmith.words.question import read_question
from manualsmith.words.vocabulary import Vocabulary

VOCABULARY = Vocabulary((("回收桶", "垃圾桶", "trash"), ("備份", "備份照片")), (), ("請問", "how"))


@pytest.mark.parametrize(
    ("one", "other"),
    [("臺灣", "台湾"), ("ＶＰＮ", "vpn"), ("錄製", "录制"), ("deleted files", "Delete file")],
)
def test_one_form(one, other):
    assert canonical(one) == canonical(other)


def test_words_are_pairs_and_stems():
    assert words_of("無法登入 VPN4") == ["无法", "法登", "登入", "vpn4"]
    assert words_of("錯") == ["错"]


def test_a_word_stands_for_its_group_and_what_is_inside_it_counts_less():
    group, *rest = read_question("請問垃圾桶空了", VOCABULARY)
    assert group == {"回收桶": 0.8, "垃圾桶": 1, " trash ": 0.8}
    [inside, _, edge, whole] = rest
    assert (inside["垃圾"], edge["桶空"], whole["空了"]) == (0.4, 0.2, 1)


def test_a_longer_word_says_more_than_one_within_it():
    [shorter] = [unit for unit in read_question("備份", VOCABULARY) if len(unit) == 2]
    assert shorter["备份"] == 1
    assert read_question("how?", VOCABULARY) == []
