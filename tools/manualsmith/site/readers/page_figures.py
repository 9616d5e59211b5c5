"""Pictures as figures: with a caption, in their own size, loaded when they are near, enlarged.

An author writes ``![what it shows](sign-in.png "caption")``. Beside ``sign-in.png`` a file
``sign-in-dark.png`` is what readers see in the dark, by Material's ``#only-light`` and
``#only-dark``; an author may write these ends out as well.
"""

import posixpath
import re
from collections.abc import Callable
from html import escape, unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

from PIL import Image, UnidentifiedImageError

from manualsmith.text import t

_IMAGE = re.compile(r"<img\b[^>]*?/?>")
# a picture, or its light and dark variants, with nothing beside it
_ALONE = re.compile(r"<p>\s*(?P<images>(?:<img\b[^>]*?/?>\s*)+)</p>")
_ATTRIBUTE = re.compile(r'([\w:-]+)\s*=\s*"([^"]*)"')
_SVG = re.compile(r"<svg\b[^>]*>")
_LENGTH = re.compile(r"[\d.]+(?=(?:px)?$)")
_LIGHT, _DARK = "#only-light", "#only-dark"
_SEEN = {_LIGHT: " ms-by-day", _DARK: " ms-by-night"}
# an icon in a line of text is no picture to look at
_SMALLEST = 64

Find = Callable[[str], Path | None]
Attributes = dict[str, str]


def with_figures(html: str, url: str, find: Find, *, dark: bool) -> str:
    """Return a page's *html* with its pictures as figures, each with its size.

    *url* is the page's address, *find* returns the file at an address of the site, and *dark* says
    whether the theme chooses between light and dark variants.
    """
    if "<img" not in html:
        return html

    def read(tag: str) -> list[Attributes]:
        return _variants(dict(_ATTRIBUTE.findall(tag)), url, find, dark=dark)

    def figure(found: "re.Match[str]") -> str:
        images = [one for tag in _IMAGE.findall(found["images"]) for one in read(tag)]
        return _figure(images)

    html = _ALONE.sub(figure, html)
    # what stands in a line stays there, with its size
    return _IMAGE.sub(lambda tag: _sized(tag[0], url, find), html)


def _variants(image: Attributes, url: str, find: Find, *, dark: bool) -> list[Attributes]:
    """Return an image as it is, or as its light and its dark one where there is a file for it."""
    address, _, end = image.get("src", "").partition("#")
    stem, suffix = posixpath.splitext(address)
    at_night = f"{stem}-dark{suffix}"
    if not dark or end or find(_target(at_night, url)) is None:
        return [image]
    return [{**image, "src": address + _LIGHT}, {**image, "src": at_night + _DARK}]


def _figure(images: list[Attributes]) -> str:
    caption = next((one["title"] for one in images if one.get("title")), "")
    shown = "".join(map(_enlarged, images))
    below = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f'<figure class="ms-figure">{shown}{below}</figure>'


def _enlarged(image: Attributes) -> str:
    """Return an image that leads to itself: a script shows it large, without one it is opened."""
    src, kept = image.get("src", ""), {**image}
    seen = next((name for end, name in _SEEN.items() if src.endswith(end)), "")
    label = escape(t("Enlarge"))
    about = f"{label}{t(': ')}{kept['alt']}" if kept.get("alt") else label
    names = f'aria-label="{about}" data-close="{escape(t("Close"))}"'
    return f'<a class="ms-enlarge{seen}" href="{src}" {names}>{_tag(image)}</a>'


def _tag(image: Attributes) -> str:
    kept = {name: value for name, value in image.items() if name != "title"}
    return "<img " + " ".join(f'{name}="{value}"' for name, value in kept.items()) + ">"


def _sized(tag: str, url: str, find: Find) -> str:
    image = dict(_ATTRIBUTE.findall(tag))
    if "width" in image or "height" in image:
        return tag
    file = find(_target(image.get("src", ""), url))
    size = size_of(file) if file else None
    if size is None:
        return tag
    more = f' width="{size[0]}" height="{size[1]}"'
    more += ' loading="lazy"' if "loading" not in image and max(size) >= _SMALLEST else ""
    return f"{tag.rstrip('/> ')}{more}>"


def _target(src: str, url: str) -> str:
    """Return the address on the site that an image of the page at *url* is at."""
    parts = urlsplit(unescape(src))
    if parts.scheme or parts.netloc or not parts.path:
        return ""
    here = url if url.endswith("/") else posixpath.dirname(url)
    return posixpath.normpath(posixpath.join("/", here, unquote(parts.path))).lstrip("/")


def size_of(file: Path) -> tuple[int, int] | None:
    """Return the width and height of an image in pixels, None where the file does not say it."""
    try:
        if file.suffix.lower() == ".svg":
            return _size_of_drawing(file.read_text("utf-8", "replace"))
        with Image.open(file) as image:
            return image.size
    except (OSError, ValueError, UnidentifiedImageError, Image.DecompressionBombError):
        return None


def _size_of_drawing(text: str) -> tuple[int, int] | None:
    opened = _SVG.search(text)
    said = dict(_ATTRIBUTE.findall(opened[0])) if opened else {}
    own = [said.get("width", ""), said.get("height", "")]
    for values in (own, said.get("viewBox", "").replace(",", " ").split()[2:]):
        lengths = [float(found[0]) for one in values if (found := _LENGTH.match(one))]
        if len(lengths) == 2:
            return round(lengths[0]), round(lengths[1])
    return None
