"""Refuse unsafe content in suggested text: raw HTML, scripts, odd addresses, file includes.

A record may come from anyone and the page is read in a browser. What counts is the HTML that
readers would get: elements, attributes and addresses that were not there and are not allowed.
Pages may hold what their authors put there; a suggestion may not add to it unless the settings
allow the tag.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from manualsmith.markdown.dialect import NotRendered
from manualsmith.markdown.reading.leaves import VOID
from manualsmith.text import t

if TYPE_CHECKING:
    from manualsmith.markdown.apply_edit import Applied
    from manualsmith.markdown.rendered.views import Views

_INCLUDE = re.compile(r"-+8<-+")
_HIDDEN = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069]")
_ADDRESSES = frozenset(
    ("action", "background", "cite", "data", "formaction", "href", "poster", "src", "xlink:href")
)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_INVISIBLE = re.compile(r"[\x00-\x20\x7f-\x9f]+")
_LONG = 40
# What a browser adds to HTML by itself.
_IMPLIED = ("p", "tbody")


@dataclass(frozen=True)
class Unsafe:
    """Something that a suggestion may not add: what it is, and the words themselves."""

    what: str
    found: str

    def __str__(self) -> str:
        """Return it as a message has it."""
        return f"{self.what} ({self.found})" if self.found else self.what


def added_unsafe(applied: "Applied", allowed_tags: Collection[str] = ()) -> list[Unsafe]:
    """Return what readers would get of these with an edit that they had not without it.

    *allowed_tags* may be written as HTML, without attributes.
    """
    if applied.is_plain:
        return []
    views = applied.views
    front = _front(applied.page.text), _front(applied.text)
    has = _in_text(front[1] + views.after) + _in_front(front[1])
    had = _in_text(front[0] + views.before) + _in_front(front[0])
    try:
        has += _in_body(views, after=True, allowed=allowed_tags)
    except NotRendered as error:
        return [Unsafe(t("what the site cannot render"), str(error)[:_LONG])]
    with suppress(NotRendered):  # then readers had nothing
        had += _in_body(views, after=False, allowed=allowed_tags) if has else Counter()
    return list((has - had).elements())


def _front(text: str) -> str:
    from manualsmith.markdown.reading.front_matter import find_front_matter

    found = find_front_matter(text)
    return found.block.of(text) if found else ""


def _in_text(text: str) -> Counter[Unsafe]:
    hidden = (
        Unsafe(t("a control character"), f"U+{ord(m[0]):04X}") for m in _HIDDEN.finditer(text)
    )
    includes = (
        Unsafe(t("an include of another file"), m[0].strip()) for m in _INCLUDE.finditer(text)
    )
    return Counter((*hidden, *includes))


def _in_front(front: str) -> Counter[Unsafe]:
    """Return the HTML in front matter: titles stand in pages and in the nav as they are written."""
    if "<" not in front:
        return Counter()
    return Counter(Unsafe(t("raw HTML"), tag.text) for tag in _read(front).tags)


def _in_body(views: "Views", *, after: bool, allowed: Collection[str]) -> Counter[Unsafe]:
    html = views.html_after if after else views.html_before
    read = _read(html)
    found = Counter(read.unsafe)
    body = views.after if after else views.before
    if "<" not in body:
        return found
    raw = Counter(read.tags) - Counter(_read(views.dialect.html(body, raw=False)).tags)
    for tag, count in raw.items():
        if _is_written(tag, body) and (tag.name not in allowed or tag.has_attributes):
            found[Unsafe(t("raw HTML"), tag.text)] += count
    if _reads_otherwise(html, read):
        found[Unsafe(t("HTML that browsers read in another way"), "")] += 1
    return found


def _is_written(tag: "_Tag", body: str) -> bool:
    """Return whether a tag stands in the source, rather than one that HTML there displaced."""
    end = r"(?![\w-])" if tag.name[-1].isalnum() else ""
    return bool(re.search(f"<{re.escape(tag.name)}{end}", body, re.IGNORECASE))


@dataclass(frozen=True)
class _Tag:
    name: str
    text: str
    has_attributes: bool = False


class _Reader(HTMLParser):
    """Reads HTML into its tags, and what among them is not allowed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[_Tag] = []
        self.unsafe: list[Unsafe] = []
        self.attributes: dict[str, set[str]] = {}
        self.schemes: set[str] = set()
        self.shape: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element's start."""
        text = (self.get_starttag_text() or f"<{tag}>")[:_LONG]
        self.tags.append(_Tag(tag, text, bool(attrs)))
        self.attributes.setdefault(tag, set()).update(name for name, _ in attrs)
        if tag not in _IMPLIED:
            self.shape.append(f"<{tag} {sorted((name, value or '') for name, value in attrs)}>")
        if tag not in VOID:
            self._open.append(tag)
        self.unsafe += _unsafe_tag(tag, text, attrs)
        for name, value in attrs:
            if name in _ADDRESSES and (scheme := scheme_of(value or "")):
                self.schemes.add(scheme)

    def handle_endtag(self, tag: str) -> None:
        """Take an element's end; one that closes nothing ends something around the page."""
        if tag in self._open:
            while self._open.pop() != tag:
                pass
        elif tag not in VOID:
            self.tags.append(_Tag(f"/{tag}", f"</{tag}>"))

    def handle_data(self, data: str) -> None:
        """Take text."""
        self.shape += data.split()

    def handle_comment(self, data: str) -> None:
        """Take a comment."""
        self.tags.append(_Tag("!--", f"<!--{data}-->"[:_LONG]))

    def handle_decl(self, decl: str) -> None:
        """Take a declaration."""
        self.tags.append(_Tag("!", f"<!{decl}"[:_LONG]))

    def unknown_decl(self, data: str) -> None:
        """Take a declaration of another kind."""
        self.handle_decl(data)

    def handle_pi(self, data: str) -> None:
        """Take a processing instruction."""
        self.tags.append(_Tag("?", f"<?{data}"[:_LONG]))


@lru_cache(maxsize=8)
def _read(html: str) -> _Reader:
    reader = _Reader()
    try:
        reader.feed(html)
        reader.close()
    except AssertionError as error:  # what Python's own reader cannot read
        raise NotRendered(str(error)) from error
    return reader


def _unsafe_tag(
    tag: str, text: str, attributes: Sequence[tuple[str, str | None]]
) -> Iterator[Unsafe]:
    from manualsmith.markdown.checks import sanitizer

    if tag not in sanitizer.ELEMENTS:
        yield Unsafe(t("an element that is not allowed"), text)
    known = {name.lower() for name in sanitizer.ATTRIBUTES["*"]}
    known |= {name.lower() for name in sanitizer.ATTRIBUTES.get(tag, ())}
    for name, value in attributes:
        told = f"{name}={value or ''}"[:_LONG]
        scheme = scheme_of(value or "") if name in _ADDRESSES else ""
        if tag == "img" and name in ("src", "srcset") and _is_elsewhere(value or "", scheme):
            yield Unsafe(t("a picture that is not in the repository"), (value or "")[:_LONG])
        elif scheme and scheme not in sanitizer.SCHEMES:
            runs = scheme in ("javascript", "vbscript", "data")
            said = t("a link that runs a script") if runs else t("an address of another kind")
            yield Unsafe(said, (value or "").partition(":")[0][:_LONG] + ":")
        elif name not in known or not _fits(tag, name, value or ""):
            runs = name.startswith("on") or name in ("style", "srcdoc")
            what = t("an attribute that can run a script")
            yield Unsafe(what if runs else t("an attribute that is not allowed"), told)


def _is_elsewhere(address: str, scheme: str) -> bool:
    """Return whether an address is another host's, or holds its content itself."""
    return bool(scheme) or _INVISIBLE.sub("", address).replace("\\", "/").startswith("//")


def _fits(tag: str, name: str, value: str) -> bool:
    """Return whether an attribute that is allowed has a value that is."""
    from manualsmith.markdown.checks import sanitizer

    if name == "style":
        properties = (part.partition(":")[0].strip().lower() for part in value.split(";"))
        return all(one in sanitizer.STYLES for one in properties if one)
    return tag != "input" or name != "type" or value in sanitizer.INPUTS


def scheme_of(address: str) -> str:
    """Return an address's scheme in lower case as a browser reads it, empty where it has none."""
    found = _SCHEME.match(_INVISIBLE.sub("", address))
    return found[1].lower() if found else ""


def _reads_otherwise(html: str, read: _Reader) -> bool:
    """Return whether a browser would read HTML in another way than it was read here."""
    import nh3

    kept = nh3.clean(
        html,
        tags=set(read.attributes),
        clean_content_tags=set(),
        attributes={tag: names for tag, names in read.attributes.items() if names},
        url_schemes=read.schemes,
        link_rel=None,
    )
    return _read(kept).shape != read.shape
