"""One form of words, for search: width, case, Simplified and 臺 aside, Latin words as their stems.

Chinese has no spaces, so it is searched by each two neighbouring characters. The browser's search
(``search-engine.js``) folds in the same way.
"""

import re
from functools import cache
from itertools import pairwise
from typing import Any

from manualsmith.naming import one_form

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
_ENDING = re.compile(r"(?:ings?|ed|es|s)$")


def is_han(word: str) -> bool:
    """Return whether a word is Chinese, by its first character."""
    return "\u3400" <= word[:1] <= "\ufaff"


def folded(text: str) -> str:
    """Return *text* in the one form of its letters, half width, small and Simplified."""
    return one_form(text).casefold().translate(_Simplified.table())


def tokens_of(text: str) -> list[str]:
    """Return the runs of Chinese and the stems of other words that a folded *text* is made of."""
    return [one if is_han(one) else stem(one) for one in _TOKEN.findall(text)]


def canonical(text: str) -> str:
    """Return the folded words of *text*: Latin ones as stems between blanks, Chinese together."""
    words = (one if is_han(one) else f" {one} " for one in tokens_of(folded(text)))
    return re.sub(" +", " ", "".join(words))


def pairs_of(run: str) -> list[str]:
    """Return each two neighbours of a run of Chinese, the one where it is alone."""
    return [a + b for a, b in pairwise(run)] or [run]


def words_of(text: str) -> list[str]:
    """Return what a text is searched by: pairs of Chinese characters, and stems of other words."""
    return [
        word
        for one in tokens_of(folded(text))
        for word in (pairs_of(one) if is_han(one) else [one])
    ]


def stem(word: str) -> str:
    """Return ``delet`` of delete, deletes and deleted; what is short or has figures stays."""
    if len(word) < 4 or any(char.isdigit() for char in word):
        return word
    base = _ENDING.sub("", word).removesuffix("e")
    return base if len(base) > 2 else word


def simplified(char: str) -> str:
    """Return how a character is written in Simplified."""
    return chr(_Simplified.table()[ord(char)])


class _Simplified(dict[int, int]):
    """Characters by what they are in Simplified, each looked up when it is first met."""

    def __init__(self) -> None:
        from opencc import OpenCC

        super().__init__()
        self._converter: Any = OpenCC("t2s")

    def __missing__(self, code: int) -> int:
        plain = self._converter.convert(chr(code)) if is_han(chr(code)) else ""
        self[code] = ord(plain) if len(plain) == 1 else code
        return self[code]

    @staticmethod
    @cache
    def table() -> "_Simplified":
        """Return the one table of this process."""
        return _Simplified()
