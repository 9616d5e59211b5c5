"""Tell whether words on a page are whole words: «login» is not in «catalogin», nor «3.1» in «3.13».

Chinese, Japanese, Korean and the scripts of South-East Asia put no blanks between words, or hang
endings onto them: of those any part is taken as it is.
"""

import re
import unicodedata

# Thai and Lao, Burmese, Khmer
_WITHOUT_BLANKS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_VERSION_MARK = re.compile(r"(?:\A|[\W_])[vV]\Z")
_NUMBER_GOES_ON = re.compile(r"\d[.．]\d")


def begins(text: str, start: int) -> bool:
    """Return whether no word or number goes on over *start* of a text; the mark of a version may.

    «v3.13» is the version 3.13.
    """
    if goes_on(text, start):
        mark = _VERSION_MARK.search(text[max(0, start - 2) : start])
        return bool(mark) and text[start : start + 1].isdecimal()
    return True


def ends(text: str, end: int) -> bool:
    """Return whether no word or number goes on over *end* of a text."""
    return not goes_on(text, end)


def goes_on(text: str, at: int) -> bool:
    """Return whether a word, or a number with its points, stands on both sides of *at*."""
    if at <= 0 or at >= len(text):
        return False
    if _in_word(text[at - 1]) and _in_word(text[at]):
        return True
    return any(_NUMBER_GOES_ON.match(text, first) for first in (at - 2, at - 1) if first >= 0)


def _in_word(char: str) -> bool:
    if char == "_" or unicodedata.combining(char):
        return True
    wide = unicodedata.east_asian_width(char) in ("W", "H")
    return char.isalnum() and not wide and not _WITHOUT_BLANKS.match(char)
