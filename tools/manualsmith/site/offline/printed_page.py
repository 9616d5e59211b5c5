"""A page's HTML as it is printed in its manual: everything open, pictures in it, nothing to press.

Ids are named anew, so that no two pages of a manual share one, and links lead to them.
"""

import mimetypes
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from mkdocs.structure.files import File

from manualsmith.markdown.checks.sanitizer import sanitize
from manualsmith.site.pages.render_page import with_tab_names
from manualsmith.text import t

Attributes = list[tuple[str, str | None]]
_VOID = frozenset(("br", "col", "hr", "img", "input", "wbr"))
# What leads to somewhere else on the screen, or chooses what is shown.
_PRESSED = frozenset(("headerlink", "ms-languages", "tabbed-labels"))
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_ADDRESS, _DARK = "https://site.invalid/", "only-dark"


@dataclass(frozen=True)
class PrintedIn:
    """What a page is printed in. Addresses are the site's own, such as ``operation/sharing/``.

    ids: the name that an id of the page at an address has in print, None for a page that is not
    printed; the empty id is the page itself. pictures: the file at an address. online: where the
    site is, empty where nobody said it.
    """

    ids: Callable[[str, str], str | None]
    pictures: Callable[[str], File | None]
    online: str


def printed(html: str, url: str, deeper: int, into: PrintedIn) -> str:
    """Return the HTML of the page at *url*, its headings *deeper* by so many levels."""
    reader = _Printer(url, deeper, into)
    reader.feed(sanitize(with_tab_names(html)))
    reader.close()
    return "".join(reader.made)


class _Printer(HTMLParser):
    """Reads safe, well-formed HTML, and writes what is printed of it."""

    def __init__(self, url: str, deeper: int, into: PrintedIn) -> None:
        super().__init__(convert_charrefs=True)
        self.made: list[str] = []
        self._url, self._deeper, self._into = url, deeper, into
        self._left_out: list[str] = []
        self._enlarged = False

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        """Write an element's start."""
        values = {name: value or "" for name, value in attrs}
        if self._left_out or not _PRESSED.isdisjoint(values.get("class", "").split()):
            if tag not in _VOID:
                self._left_out.append(tag)
        elif tag == "a" and "ms-enlarge" in values.get("class", ""):
            self.made.append("<span>")  # paper enlarges nothing
            self._enlarged = True
        elif tag == "img":
            self.made.append(self._picture(values))
        elif not (tag == "input" and values.get("type") == "radio"):
            inner = "".join(f' {name}="{escape(value)}"' for name, value in self._kept(tag, values))
            self.made.append(f"<{self._named(tag)}{inner}>")

    def handle_endtag(self, tag: str) -> None:
        """Write an element's end."""
        if self._left_out:
            self._left_out.pop()
        elif tag == "a" and self._enlarged:
            self.made.append("</span>")
            self._enlarged = False
        else:
            self.made.append(f"</{self._named(tag)}>")

    def handle_data(self, data: str) -> None:
        """Write text."""
        if not self._left_out:
            self.made.append(escape(data, quote=False))

    def _named(self, tag: str) -> str:
        level = _HEADINGS.get(tag)
        return f"h{min(level + self._deeper, 6)}" if level else tag

    def _kept(self, tag: str, values: dict[str, str]) -> Iterator[tuple[str, str]]:
        for name, value in values.items():
            if name == "id":
                yield name, self._into.ids(self._url, value) or value
            elif name == "href" and (href := self._address(value)):
                yield name, href
            elif name not in ("for", "href", "open", "target"):
                yield name, value
        if tag == "details":
            yield "open", ""

    def _address(self, href: str) -> str:
        """Return where a link leads from paper; empty where there is no such place."""
        if urlsplit(href).scheme or href.startswith("//"):
            return href
        whole = urljoin(_ADDRESS + self._url, href)
        address, anchor = urldefrag(whole.removeprefix(_ADDRESS))
        if name := self._into.ids(unquote(address), unquote(anchor)):
            return f"#{name}"
        return urljoin(self._into.online, whole.removeprefix(_ADDRESS)) if self._into.online else ""

    def _picture(self, values: dict[str, str]) -> str:
        source, part = urldefrag(values.get("src", ""))
        if part == _DARK:
            return ""
        alt = escape(values.get("alt", ""))
        whole = urljoin(_ADDRESS + self._url, source)
        file = self._into.pictures(unquote(whole.removeprefix(_ADDRESS)))
        kind = mimetypes.guess_type(source)[0]
        if file is None or not (kind or "").startswith("image/"):
            told = t("the picture is not there")
            return f'<span class="gone">{alt or escape(source)} ({escape(told)})</span>'
        data = b64encode(file.content_bytes).decode()
        size = "".join(f' {n}="{escape(values[n])}"' for n in ("width", "height") if n in values)
        return f'<img src="data:{kind};base64,{data}" alt="{alt}"{size}>'
