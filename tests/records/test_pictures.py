"""Pictures: made anew of what they show alone, and refused where they are none."""

import hashlib
import io
import zlib

import pytest
from PIL import Image, PngImagePlugin

from manualsmith.errors import UserError
from manualsmith.records.pictures import MAX_BYTES, is_picture, refuse_otherwise, taken


def encoded(kind: str, size=(40, 20), mode="RGB", **more) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, (200, 30, 30, 128)[: len(mode)]).save(out, kind, **more)
    return out.getvalue()


@pytest.mark.parametrize(
    ("kind", "mode", "made"),
    [
        ("PNG", "RGB", "PNG"),
        ("PNG", "RGBA", "PNG"),
        ("PNG", "P", "PNG"),
        ("PNG", "L", "PNG"),
        ("JPEG", "RGB", "JPEG"),
        ("JPEG", "CMYK", "JPEG"),
        ("WEBP", "RGB", "JPEG"),
        ("WEBP", "RGBA", "PNG"),
    ],
)
def test_what_a_screen_or_a_camera_gives(kind, mode, made):
    size = (40, 20)
    picture = Image.new(mode, size)
    out = io.BytesIO()
    picture.save(out, kind)
    found = taken(out.getvalue(), "x")
    assert is_picture(found.name)
    again = Image.open(io.BytesIO(found.data))
    assert (again.format, again.size) == (made, size)
    assert taken(out.getvalue(), "another name").name == found.name


SECRET = b"25.0330N,121.5654E"


def with_metadata(kind: str) -> bytes:
    exif = Image.Exif()
    exif[0x010F] = SECRET.decode()  # the maker
    exif[0x0112] = 6  # lies on its side
    more = {"exif": exif, "icc_profile": b"\0" * 128 + SECRET, "xmp": SECRET}
    if kind == "PNG":
        info = PngImagePlugin.PngInfo()
        info.add_text("Comment", SECRET.decode())
        more = {"exif": exif, "pnginfo": info}
    if kind == "JPEG":
        more["comment"] = SECRET
    return encoded(kind, **more)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_what_is_hidden_goes_and_the_picture_stands_upright(kind):
    data = with_metadata(kind)
    assert SECRET in data
    found = taken(data + b"PK\x03\x04 a second file " + SECRET, "x")
    assert SECRET not in found.data
    again = Image.open(io.BytesIO(found.data))
    assert again.size == (20, 40)
    assert not again.getexif()
    assert {*again.info} <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_large_one_is_made_smaller():
    found = Image.open(io.BytesIO(taken(encoded("JPEG", (6000, 3000)), "x").data))
    assert found.size == (2400, 1200)


def bomb(side: int) -> bytes:
    """Return a PNG of so many pixels a side in a few bytes."""
    head = b"\x89PNG\r\n\x1a\n"
    size = side.to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data).to_bytes(4, "big")
        return len(data).to_bytes(4, "big") + kind + data + check

    return head + chunk(b"IHDR", size) + chunk(b"IDAT", b"x\x9c") + chunk(b"IEND", b"")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
BAD = {
    "nothing": (b"", "not a picture"),
    "text": ("畫面".encode(), "not a picture"),
    "a drawing": (SVG, "not a picture"),
    "a page": (b"<html><img></html>", "not a picture"),
    "a GIF": (encoded("GIF"), "not a picture"),
    "a PDF": (b"%PDF-1.7\n", "not a picture"),
    "a name alone": (b"\x89PNG\r\n\x1a\n", "not a picture"),
    "cut off": (encoded("PNG", (400, 400))[:60], "damaged"),
    "a cut JPEG": (encoded("JPEG", (400, 400))[:700], "damaged"),
    "too wide and high": (bomb(30_000), "too many pixels"),
    "wide and high": (bomb(8_000), "too many pixels"),
    "too many bytes": (b"\x89PNG" + b"\0" * MAX_BYTES, "larger than 20 MB"),
}


@pytest.mark.parametrize("bad", BAD)
def test_what_is_no_picture_is_told(bad):
    data, told = BAD[bad]
    with pytest.raises(UserError) as raised:
        taken(data, "圖.png")
    assert told in str(raised.value.problems[0])
    assert "圖.png" in str(raised.value.problems[0])


@pytest.mark.parametrize(
    "name", ["../x.png", "x.png", "0123456789abcdef.svg", "0123456789ABCDEF.png", ""]
)
def test_a_name_of_ones_own_is_none(name):
    assert not is_picture(name)


def whole(kind: str, **more) -> bytes:
    out = io.BytesIO()
    noise = Image.effect_noise((120, 90), 60).convert("RGB")
    noise.save(out, kind, **more)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        encoded("PNG"),
        encoded("PNG", mode="RGBA"),
        encoded("PNG", mode="P"),
        encoded("JPEG"),
        whole("PNG"),
        whole("JPEG", quality=95),
        whole("JPEG", progressive=True),
        whole("WEBP"),
    ],
)
def test_one_that_was_taken_is_as_it_was_taken(data):
    found = taken(data, "x")
    refuse_otherwise(found.name, found.data)


@pytest.mark.parametrize(
    "data", [whole("JPEG", progressive=True), whole("JPEG", restart_marker_blocks=4)]
)
def test_a_jpeg_of_another_kind_has_its_pixels_alone(data):
    name = hashlib.sha256(data).hexdigest()[:16] + ".jpg"
    refuse_otherwise(name, data)


PNG, JPEG = taken(encoded("PNG"), "").data, taken(encoded("JPEG"), "").data
MORE_THAN_PIXELS = {
    "a PNG with a file behind it": PNG + b"PK\x03\x04",
    "a JPEG with a file behind it": JPEG + b"PK\x03\x04",
    "a JPEG with another behind it": JPEG + JPEG,
    "a file before it": b"x" + PNG,
    "a PNG with words": with_metadata("PNG"),
    "a JPEG with words": with_metadata("JPEG"),
    "a WebP": encoded("WEBP"),
    "a PNG cut off": PNG[:-1],
    "a JPEG cut off": JPEG[:-1],
    "a chunk too long": PNG[:8] + b"\xff\xff\xff\xff" + PNG[12:],
    "a drawing": SVG,
    "nothing": b"",
}


@pytest.mark.parametrize("more", MORE_THAN_PIXELS)
def test_what_holds_more_than_pixels_is_refused_whatever_it_is_called(more):
    data = MORE_THAN_PIXELS[more]
    for ending in ("png", "jpg"):
        name = f"{hashlib.sha256(data).hexdigest()[:16]}.{ending}"
        with pytest.raises(UserError) as raised:
            refuse_otherwise(name, data)
        assert "holds more than what it shows" in str(raised.value)


def test_another_picture_than_its_name_says_and_one_that_is_too_large():
    other = taken(encoded("PNG", (41, 20)), "")
    with pytest.raises(UserError) as raised:
        refuse_otherwise(other.name, PNG)
    assert "another picture than its name says" in str(raised.value)
    large = bomb(30_000)
    with pytest.raises(UserError) as raised:
        refuse_otherwise(f"{hashlib.sha256(large).hexdigest()[:16]}.png", large)
    assert "too many pixels" in str(raised.value)
