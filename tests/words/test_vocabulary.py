"""A vocabulary's file: what it says, and what is wrong with it."""

import pytest

from manualsmith.errors import UserError
from manualsmith.words.vocabulary import Vocabulary, read_vocabulary


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("sane:\n  - [a1, b1]\n", "words.yaml:1:1", "sane"),
        ("same: 垃圾桶\n", "words.yaml:1:7", "same"),
        ("same:\n  - [垃圾桶]\n", "words.yaml:2:5", "two"),
        ("same:\n  - [垃圾桶, '']\n", "words.yaml:2:11", "letters"),
        ("trouble:\n  - 壞\n  - [卡]\n", "words.yaml:3:5", "letters"),
        ("same:\n  - [垃圾桶, 回收桶\n", "words.yaml:", ""),
    ],
)
def test_a_vocabulary_that_is_wrong_is_told_with_its_place(tmp_path, text, place, said) -> None:
    file = tmp_path / "words.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(UserError) as told:
        read_vocabulary(file, "words.yaml")
    assert str(told.value).startswith(place)
    assert said in str(told.value)


def test_vocabularies_add_up() -> None:
    one, other = Vocabulary((("a", "b"),)), Vocabulary((("c", "d"),), ("e",), ("f",))
    assert one + other == Vocabulary((("a", "b"), ("c", "d")), ("e",), ("f",))
