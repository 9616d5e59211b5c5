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
from manualsmith.text import t

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_BYTES = 20 << 20
PICTURE_NAME = r"[0-9a-f]{16}\.(?:png|jpg)"
_NAME = re.compile(PICTURE_NAME)
_FORMATS = ("PNG", "JPEG", "WEBP")
_MOST_PIXELS = 50_000_000
_LONGEST = 2_400  # pixels of a side: more is not seen on a screen, nor on A4
_QUALITY = 85


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


def _opened(data: bytes, file: str) -> "Image":
    """Return the picture in a file's bytes, decoded. Raises UserError."""
    from PIL import Image, UnidentifiedImageError

    most = t("at most {count} million pixels", count=_MOST_PIXELS // 1_000_000)
    try:
        return _decoded(data)
    except Image.DecompressionBombError as error:
        raise UserError(t("{file}: a picture of too many pixels", file=file), hint=most) from error
    except UnidentifiedImageError as error:
        hint = t("allowed: {names}", names="PNG, JPEG, WebP")
        raise UserError(t("{file}: not a picture", file=file), hint=hint) from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:  # whatever a damaged one leads to
        raise UserError(t("{file}: the picture is damaged", file=file)) from error


def _decoded(data: bytes) -> "Image":
    from PIL import Image

    found = Image.open(io.BytesIO(data), formats=_FORMATS)
    if found.width * found.height > _MOST_PIXELS:  # its size is told before it is decoded
        raise Image.DecompressionBombError
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
    ending = "png" if data.startswith(b"\x89PNG") else "jpg"
    return Picture(f"{hashlib.sha256(data).hexdigest()[:16]}.{ending}", data)
