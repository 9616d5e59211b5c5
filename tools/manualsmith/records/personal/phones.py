"""Phone numbers: shapes find what may be one, Google's library says whether it is one.

The shapes are few, so that most texts are done with before the library is loaded.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import count

from manualsmith.records.personal.shape import (
    SAYS,
    Personal,
    Rule,
    hidden,
    is_date,
    is_other_number,
)

# a text with more of them is a list of phone numbers: the rest is taken at its word, in no time
_ASKED_ABOUT = 200
_EXTENSION = (
    r"(?:[ ]{0,2}(?:[(（][ ]?)?(?:#|轉|分機|ext(?:ension|n)?[.:]?|x)[ ]{0,2}[:：#]?[ ]?"
    r"[0-9]{1,6}[)）]?)?"
)
_AFTER = r"(?![0-9]|[.-][0-9]|[A-Za-z_])"
_BETWEEN = r"(?:[ .-]|[ ]?[(（]|[)）][ -]?)?"
_ALONE = r"(?<![A-Za-z0-9_.+/-].)"  # as in `shape`, after the first character
_IN_TAIWAN = re.compile(rf"(?P<it>0{_ALONE}[2-9](?:{_BETWEEN}[0-9]){{7,8}}){_EXTENSION}{_AFTER}")
_ABROAD = re.compile(rf"(?P<it>\+{_ALONE}[1-9](?:{_BETWEEN}[0-9]){{7,14}}){_EXTENSION}{_AFTER}")
_WORDS = "電話|手機|行動|市話|傳真|聯絡|聯繫|回電|回撥|來電|撥打|門號"
_ENGLISH = "tel|phone|mobile|cell|fax|call|whatsapp"
_NAMED = re.compile(
    rf"(?:{_WORDS}|(?<![a-z])(?:{_ENGLISH})(?![a-z]))(?:號碼)?\.?{SAYS}"
    rf"(?P<it>[(（]?[0-9](?:{_BETWEEN}[0-9]){{6,14}}){_EXTENSION}{_AFTER}",
    re.IGNORECASE,
)
_LOCAL = re.compile(
    rf"(?P<it>[2-8]{_ALONE}[0-9]{{2,3}}-[0-9]{{4}})[ ]?(?:轉|分機|#)[ ]?[0-9]{{1,6}}"
)
_SAID_AFTER = re.compile(
    rf"(?P<it>[0-9]{_ALONE}[0-9]{{6,14}})[ ]?(?:是(?:[^\n]{{0,2}}的)?|[（(])(?:手機|電話|市話)"
)
_EXTENSION_ALONE = re.compile(
    r"(?:分機(?:號碼|號)?[ ]?(?:[:：]|是|為)?[ ]{0,2}|(?<![A-Za-z0-9.])[Ee]xt[.:][ ]?)"
    r"(?P<it>[0-9]{3,6})(?![0-9]|[ ]?[支元台個])"
)


def _phones(text: str) -> Iterator[Personal]:
    asked = count()
    for match in _IN_TAIWAN.finditer(text):
        if not is_other_number(text, match.start()):
            yield from _checked(text, match, asked, _taiwan)
    for match in _ABROAD.finditer(text) if "+" in text else ():
        yield from _checked(text, match, asked, _possible)


def _named(pattern: re.Pattern[str], signs: Sequence[str]) -> Rule:
    """Return the rule of numbers that are told by a word beside them, whatever their form."""

    def look(text: str) -> Iterator[Personal]:
        for match in pattern.finditer(text):
            if not is_date(match["it"]) and not _free_of_charge(match["it"]):
                yield hidden("phone", text, match.start("it"), match.end())

    return Rule(look, signs)


def _checked(
    text: str, match: re.Match[str], asked: Iterator[int], may_be: Callable[[str], bool]
) -> Iterator[Personal]:
    """Yield the number of a match, without the digits after it that belong to something else."""
    start, end = match.span()
    first = start - 1 if text[max(0, start - 1) : start] in ("(", "（") else start
    for cut in _cuts(match):
        if may_be(match["it"][:cut]) and (
            next(asked) >= _ASKED_ABOUT or _is_number(match["it"][:cut])
        ):
            yield hidden("phone", text, first, end if cut == len(match["it"]) else start + cut)
            return


def _cuts(match: re.Match[str]) -> Iterator[int]:
    """Yield where a number may end: where the match does, else before a blank in it."""
    number = match["it"]
    yield len(number)
    at = number.rfind(" ")
    while at > 7:
        yield at
        at = number.rfind(" ", 0, at)


def _digits(text: str) -> str:
    return re.sub("[^0-9]", "", text)


def _taiwan(text: str) -> bool:
    """Tell whether it may be one of Taiwan: nine digits in one piece are too often something."""
    return len(text) > len(_digits(text)) >= 9 or len(_digits(text)) == 10


def _possible(text: str) -> bool:
    return 8 <= len(_digits(text)) <= 15


def _free_of_charge(text: str) -> bool:
    return _digits(text).startswith("0800")


def _is_number(text: str) -> bool:
    """Tell whether it is a number of somebody: in use, and no service that all may call."""
    import phonenumbers  # takes longer to load than many records to check

    try:
        number = phonenumbers.parse(text, "TW")
    except phonenumbers.NumberParseException:
        return False
    kinds = phonenumbers.PhoneNumberType
    services = (kinds.TOLL_FREE, kinds.PREMIUM_RATE, kinds.SHARED_COST, kinds.UAN)
    kind = phonenumbers.number_type(number)
    return kind != kinds.UNKNOWN and kind not in services


RULES = (
    Rule(_phones),
    _named(_NAMED, f"{_WORDS}|{_ENGLISH}".split("|")),
    _named(_SAID_AFTER, ("手機", "電話", "市話")),
    _named(_LOCAL, ("轉", "分機", "#")),
    _named(_EXTENSION_ALONE, ("分機", "ext")),
)
