"""From a record's bytes to text, or all that keeps them from being YAML text."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import islice

from manualsmith.errors import Place, Problem, UserError
from manualsmith.text import t

BOM = "\ufeff"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_LINE_END = re.compile(r"\r\n|\n|\r")
# YAML 1.2, c-printable, but for the breaks that only YAML 1.1 counts as line ends
_NOT_PRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
_SHOWN = 5


def line_starts(text: str) -> list[int]:
    """Return the index at which each line of *text* starts; lines end as editors see it."""
    return [0, *(match.end() for match in _LINE_END.finditer(text))]


def place_in(starts: Sequence[int], index: int, file: str) -> Place:
    """Return the place of a character, line and column from 1; *starts* is where lines start."""
    line = bisect_right(starts, index)
    return Place(file, line, index - starts[line - 1] + 1)


def decode(data: bytes | str, file: str, max_bytes: int) -> str:
    """Return a record's text, without a byte order mark.

    Raises UserError where it is empty, larger than *max_bytes*, not UTF-8, or not text.
    """
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    if len(raw) > max_bytes:
        raise UserError(
            t("larger than {limit} bytes, which no record is", limit=max_bytes), Place(file)
        )
    if not raw.strip():
        raise UserError(t("the file is empty"), Place(file))
    text = _utf8(raw, file).removeprefix(BOM)
    problems = list(islice(_unprintable(text, file), _SHOWN))
    if problems:
        raise UserError(problems)
    return text


def _utf8(raw: bytes, file: str) -> str:
    hint = t("save the file as UTF-8")
    if raw.startswith(_UTF16):
        raise UserError(t("the file is UTF-16 text, not UTF-8"), Place(file), hint)
    if b"\0" in raw:
        raise UserError(t("not a text file"), Place(file))
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8").removeprefix(BOM)
        message = t("not UTF-8 text: byte {byte}", byte=f"0x{raw[error.start]:02X}")
        place = place_in(line_starts(before), len(before), file)
        raise UserError(message, place, hint) from error


def _unprintable(text: str, file: str) -> Iterator[Problem]:
    starts = line_starts(text)
    for match in _NOT_PRINTABLE.finditer(text):
        yield Problem(
            t("invisible control character {code}", code=f"U+{ord(match[0]):04X}"),
            place_in(starts, match.start(), file),
            t("delete it"),
        )
