"""Pictures that records have: read with care, and written anew so that nothing hidden comes along.

What a camera or a screen writes beside the picture (place, device, comments, a second file behind
it) goes: the pixels alone are encoded again.
"""

import hashlib
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from manualsmith.errors import UserError
from manualsmith.naming import PICTURE_NAME
from manualsmith.text import t

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_BYTES = 20 << 20
_NAME = re.compile(PICTURE_NAME)
_FORMATS = ("PNG", "JPEG", "WEBP")
_MOST_PIXELS = 50_000_000
_LONGEST = 2_400  # pixels of a side: more is not seen on a screen, nor on A4
_QUALITY = 85
_DIGITS = 16
_PNG = b"\x89PNG\r\n\x1a\n"
_CHUNK = 12  # bytes of a chunk beside its data
_PIXELS = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
_MARKER, _SCAN = 0xFF, 0xDA
# JFIF's own, tables, frames and scans: no comment, and nothing of an application
_SEGMENTS = (0xE0, 0xDB, 0xC4, 0xC0, 0xC1, 0xC2, 0xDD, _SCAN)
_NEXT = re.compile(rb"\xff[^\x00\xd0-\xd7]")


@dataclass(frozen=True)
class Picture:
    """A picture as it is kept: a name that follows from its bytes, and those, PNG or JPEG."""

    name: str
    data: bytes


def is_picture(name: str) -> bool:
    """Return whether a name is that of a picture as it is kept."""
    return bool(_NAME.fullmatch(name))


def taken(data: bytes, file: str) -> Picture:
    """Return a picture made anew of a file's bytes; *file* is the name that problems show.

    Raises UserError for what is no PNG, JPEG or WebP picture, or is too large.
    """
    if len(data) > MAX_BYTES:
        limit = MAX_BYTES >> 20
        raise UserError(t("{file}: larger than {limit} MB", file=file, limit=limit))
    return _named(_encoded(_opened(data, file)))


def refuse_otherwise(name: str, data: bytes) -> None:
    """Raise UserError where bytes are not those of the picture of that name, as `taken` writes one.

    It has the pixels alone, and nothing before, between or behind them.
    """
    ending = "png" if _is_bare_png(data) else "jpg" if _is_bare_jpeg(data) else ""
    if not ending:
        raise UserError(t("{file}: the picture holds more than what it shows", file=name))
    if name_of(hashlib.sha256(data).hexdigest(), ending) != name:
        raise UserError(t("{file}: another picture than its name says", file=name))
    _opened(data, name, whole=False)


def size_of(data: bytes) -> tuple[int, int]:
    """Return a picture's width and height in pixels. Raises UserError for what is none."""
    width, height = _opened(data, "", whole=False).size
    return width, height


def name_of(digest: str, ending: str) -> str:
    """Return the name of a picture with that SHA-256, in hex."""
    return f"{digest[:_DIGITS]}.{ending}"


def _is_bare_png(data: bytes) -> bool:
    """Return whether bytes are a PNG's chunks that make its pixels, and end with the last."""
    at, kind = len(_PNG), b""
    while data.startswith(_PNG) and kind != b"IEND" and at + _CHUNK <= len(data):
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if kind not in _PIXELS:
            return False
        at += _CHUNK + size
    return kind == b"IEND" and at == len(data)


def _is_bare_jpeg(data: bytes) -> bool:
    """Return whether bytes are a JPEG's segments that make its pixels, and end with the last."""
    if not data.startswith(b"\xff\xd8"):
        return False
    at = 2
    while at + 4 <= len(data) and data[at] == _MARKER:
        marker = data[at + 1]
        if marker not in _SEGMENTS:
            return False
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == _SCAN:  # what follows is coded; a marker in it is one that starts it anew
            found = _NEXT.search(data, at)
            at = found.start() if found else len(data)
    return data[at:] == b"\xff\xd9"


def _opened(data: bytes, file: str, *, whole: bool = True) -> "Image":
    """Return the picture in a file's bytes, decoded if it is to be *whole*. Raises UserError."""
    from PIL import Image, UnidentifiedImageError

    most = t("at most {count} million pixels", count=_MOST_PIXELS // 1_000_000)
    try:
        return _read(data, whole)
    except Image.DecompressionBombError as error:
        raise UserError(t("{file}: a picture of too many pixels", file=file), hint=most) from error
    except UnidentifiedImageError as error:
        hint = t("allowed: {names}", names="PNG, JPEG, WebP")
        raise UserError(t("{file}: not a picture", file=file), hint=hint) from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:  # whatever a damaged one leads to
        raise UserError(t("{file}: the picture is damaged", file=file)) from error


def _read(data: bytes, whole: bool) -> "Image":
    from PIL import Image

    found = Image.open(io.BytesIO(data), formats=_FORMATS)
    if found.width * found.height > _MOST_PIXELS:  # its size is told before it is decoded
        raise Image.DecompressionBombError
    if whole:
        found.load()
    return found


def _encoded(found: "Image") -> bytes:
    """Return a picture's pixels alone, upright: a PNG, or a JPEG where a photo was one."""
    from PIL import Image, ImageOps

    clear = "A" in found.getbands() or "transparency" in found.info
    kind = "PNG" if found.format == "PNG" or clear else "JPEG"
    mode = "RGBA" if clear else "RGB"
    upright = ImageOps.exif_transpose(found).convert(mode)
    bare = Image.new(mode, upright.size)
    bare.paste(upright)
    bare.thumbnail((_LONGEST, _LONGEST))
    out = io.BytesIO()
    bare.save(out, kind, optimize=True, **({"quality": _QUALITY} if kind == "JPEG" else {}))
    return out.getvalue()


def _named(data: bytes) -> Picture:
    ending = "png" if data.startswith(_PNG) else "jpg"
    return Picture(name_of(hashlib.sha256(data).hexdigest(), ending), data)
