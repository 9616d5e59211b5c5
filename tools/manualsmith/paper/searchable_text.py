"""Let the text of a PDF be searched and copied as it was written.

A font draws some characters and their dictionary radicals by one glyph, and Chrome writes down the
radical: who searches for 小節 would find nothing, for the PDF says ⼩節.
"""

import re
import unicodedata
from pathlib import Path

from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, StreamObject

# What Unicode gives no normal form, of all that Noto draws as characters of Big5 and GB 2312.
_LIKE = str.maketrans(
    "⺅⺉⺎⺐⺒⺓⺖⺘⺙⺠⺡⺣⺦⺨⺭⺰⺺⺿⻂⻅⻈⻉⻋⻎⻐⻑⻓⻔⻖⻙⻚⻛⻜⻠⻢⻥⻦⻧⻨⻩⻪⻬⻮⻰",
    "亻刂兀尢巳幺忄扌攵民氵灬丬犭礻纟肀艹衤见讠贝车辶钅長长门阝韦页风飞饣马鱼鸟卤麦黄黾齐齿龙",
)
_RADICALS = re.compile("[⺀-⿕]")
# One code, or one of several beside each other: <first> <last> <character of the first>.
_CODE = rb"<[0-9A-Fa-f]{2,4}>"
_CHARACTER = re.compile(rb"^(" + _CODE + rb") <([0-9A-Fa-f]{4})>$", re.MULTILINE)
_RANGE = re.compile(rb"^<(\w+)> <(\w+)> <([0-9A-Fa-f]{4})>$", re.MULTILINE)


def make_searchable(file: Path, out: Path) -> None:
    """Write the PDF *file*, as Chrome makes them, to *out*, its text as people write it."""
    writer = PdfWriter(clone_from=PdfReader(file))
    for one in writer._objects:
        font = one if isinstance(one, DictionaryObject) else {}
        if font.get("/Type") == "/Font" and "/ToUnicode" in font:
            codes = font["/ToUnicode"].get_object()
            if isinstance(codes, StreamObject):
                codes.set_data(_RANGE.sub(_each, _CHARACTER.sub(_one, codes.get_data())))
    writer.write(out)


def plain_character(character: str) -> str:
    """Return the character that people write for a radical; any other as it is."""
    if not _RADICALS.fullmatch(character):
        return character
    return unicodedata.normalize("NFKC", character.translate(_LIKE))


def _one(found: "re.Match[bytes]") -> bytes:
    return b"%b %b" % (found[1], _hex(int(found[2], 16)))


def _each(found: "re.Match[bytes]") -> bytes:
    """Return a range with each of its characters named, for they may not follow each other."""
    first, last, start = (int(number, 16) for number in found.groups())
    characters = b" ".join(_hex(start + n) for n in range(last - first + 1))
    return b"<%b> <%b> [%b]" % (found[1], found[2], characters)


def _hex(code: int) -> bytes:
    return b"<%04X>" % ord(plain_character(chr(code)))
