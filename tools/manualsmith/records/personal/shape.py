"""What a find is, and what looks for it."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

_HIDDEN = "…"

# No letter, digit or joint of a longer token before. It stands after a pattern's first character,
# which the search then looks for by itself, at ten times the speed.
ALONE = r"(?<![A-Za-z0-9_.-].)"
ENDS = r"(?![A-Za-z0-9_-])"
# between a name and what it names: a colon, a verb, blanks
SAYS = r"[ \t]{0,2}(?:[:：=＝#]|是|為)?[ \t]{0,2}"
_DATE = re.compile(r"(?:19|20)[0-9]{2}([ -]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12][0-9]|3[01])")
_OTHER_NUMBER = re.compile(
    r"(?:序號|單號|案號|料號|型號|件號|票號|貨號|版本|版號|韌體|驅動程式|IMEI|[SP]/?N|(?<![a-z])(?:serial"
    r"|ticket|order|version|ver|v|build|release|firmware|driver|macOS|Windows|iOS|iPadOS|Android))"
    r"(?:[ -]?(?:號碼|number|no\.?))?[ :：#]{0,3}",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Personal:
    """One find: its kind, where it stands in the text, and an excerpt that gives nothing away."""

    kind: str
    start: int
    end: int
    excerpt: str


def hidden(kind: str, text: str, start: int, end: int, said: str | None = None) -> Personal:
    """Return a find of *text*; its excerpt is what *said* it, or how the find begins."""
    return Personal(kind, start, end, (text[start : start + 2] if said is None else said) + _HIDDEN)


@dataclass(frozen=True)
class Rule:
    """What looks for finds in a text as it is read.

    *signs* are words, in small letters, without which there is none: most texts are done with
    sooner.
    """

    look: Callable[[str], Iterator[Personal]]
    signs: Sequence[str] = ()

    def concerns(self, small: str) -> bool:
        """Tell whether a text, in small letters, has one of the signs."""
        return not self.signs or any(sign in small for sign in self.signs)


def shape(
    kind: str,
    pattern: str,
    is_one: Callable[[str], bool] = lambda _: True,
    *,
    signs: Sequence[str] = (),
    flags: re.RegexFlag = re.NOFLAG,
) -> Rule:
    """Return the rule of a pattern: what it matches, or its group ``it``, where *is_one* agrees."""
    compiled = re.compile(pattern, flags)
    group: str | int = "it" if "it" in compiled.groupindex else 0

    def look(text: str) -> Iterator[Personal]:
        for match in compiled.finditer(text):
            if is_one(match[group]):
                yield hidden(kind, text, *match.span(group))

    return Rule(look, signs)


def is_date(text: str) -> bool:
    """Tell whether digits begin as a date does, such as 2026-11-20 or 20261120."""
    return _DATE.match(text) is not None


def is_other_number(text: str, start: int) -> bool:
    """Tell whether the words before *start* name another thing: a version, a serial number."""
    before = text[max(0, start - 24) : start]
    return any(match.end() == len(before) for match in _OTHER_NUMBER.finditer(before))
