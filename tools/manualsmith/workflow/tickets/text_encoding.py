"""The text of a table's bytes: UTF-8, UTF-16 and CP950 are found, others the map tells."""

import codecs
from collections.abc import Iterator

from manualsmith.errors import Place, UserError
from manualsmith.text import t

# What a map may name, and the codec of each.
ENCODINGS = {
    "utf-8": "utf-8-sig",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "cp950": "cp950",
    "big5": "cp950",
    "latin-1": "latin-1",
    "cp1252": "cp1252",
}
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_BEGINNING = 4096
_PRIVATE_USE = range(0xE000, 0xF900)
# Where Windows puts the user-defined characters of CP950: first and last lead byte, first trail
# byte, first code point. A lead byte has 157 trail bytes: 40 to 7E and A1 to FE.
_USER_DEFINED = (
    (0xFA, 0xFE, 0x40, 0xE000),
    (0x8E, 0xA0, 0x40, 0xE311),
    (0x81, 0x8D, 0x40, 0xEEB8),
    (0xC6, 0xC8, 0xA1, 0xF6B1),
)
_TRAILS = (*range(0x40, 0x7F), *range(0xA1, 0xFF))


def decoded(data: bytes, encoding: str | None, place: Place) -> str:
    """Return the text of *data*, in the encoding that the map names or else its own.

    Characters that an organisation added to CP950 become those of Unicode's private use, as in
    Windows. Raises UserError with the line of a byte that is none of the encoding.
    """
    codec = ENCODINGS[encoding] if encoding else _told_by_itself(data)
    try:
        return data.decode(codec, "user-defined" if codec == "cp950" else "strict")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = t("neither UTF-8, UTF-16 nor Big5 text")
        if encoding:
            message = t("not {encoding} text", encoding=encoding)
        found = t("byte {byte}", byte=f"{data[error.start]:02X}")
        hint = t("save it as CSV UTF-8, or say it in the map: table: {encoding: …}")
        hint += "; " + t("allowed: {names}", names=", ".join(ENCODINGS))
        raise UserError(f"{message}: {found}", Place(place.file, line), hint) from error


def user_defined(text: str) -> Iterator[str]:
    """Yield each character that only the organisation that made it can see, as U+E000."""
    for one in dict.fromkeys(text):
        if ord(one) in _PRIVATE_USE:
            yield f"U+{ord(one):04X}"


def _told_by_itself(data: bytes) -> str:
    for mark, codec in _MARKS.items():
        if data.startswith(mark):
            return codec
    beginning = data[:_BEGINNING]
    if b"\0" in beginning:  # separators and ends of lines have one in UTF-16
        high, low = beginning[::2].count(0), beginning[1::2].count(0)
        return "utf-16-be" if high > low else "utf-16-le"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp950"
    return "utf-8"


def _take_user_defined(error: UnicodeError) -> tuple[str, int]:
    if isinstance(error, UnicodeDecodeError):
        lead, trail = error.object[error.start], error.object[error.start + 1 : error.start + 2]
        for first, last, from_trail, point in _USER_DEFINED:
            if first <= lead <= last and trail and trail[0] in _TRAILS:
                before = _TRAILS.index(from_trail)
                place = (lead - first) * len(_TRAILS) + _TRAILS.index(trail[0]) - before
                if place >= 0:
                    return chr(point + place), error.start + 2
    raise error


codecs.register_error("user-defined", _take_user_defined)
