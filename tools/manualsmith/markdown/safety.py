"""What suggested text may not bring onto a page: raw HTML, script links, attributes, file includes.

A record may come from anyone and the page is read in a browser. Pages may hold what their authors
put there; a suggestion may not add to it unless the settings allow the tag.
"""

import html
import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from manualsmith.markdown.prose import without_code
from manualsmith.text import t

_TAG = re.compile(r"<(?P<name>[A-Za-z][A-Za-z0-9-]*|[!?/])(?P<rest>[^<>]*)>?")
_AUTOLINK = re.compile(r"<(?:https?://[^<>\s]+|[\w.+-]+@[\w.-]+)>")
_SCHEME = re.compile(
    r"""(?:\]\(<?|\]:<?|<|["'=])(?P<scheme>javascript:|vbscript:|data:(?!image/(?:png|gif|jpeg|webp)))""",
    re.IGNORECASE,
)
_ATTRIBUTES = re.compile(
    r"\{:?[^{}\n]*?(?:\bon[a-z]+|\b(?:style|srcdoc|formaction|href|src))\s*=", re.I
)
_INCLUDE = re.compile(r"-+8<-+")
_SUSPECT = re.compile(
    r"[<\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]|8<|[({=].*=|\][(:]|&"
)
_HIDDEN = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Unsafe:
    """Something that a suggestion may not add: what it is, and the words themselves."""

    what: str
    found: str


def find_unsafe(text: str, allowed_tags: Collection[str] = ()) -> Iterator[Unsafe]:
    """Yield what *text* would bring onto a page. Code is text, and brings nothing."""
    if not _SUSPECT.search(text):
        return
    for match in _HIDDEN.finditer(text):
        yield Unsafe(t("a control character"), f"U+{ord(match[0]):04X}")
    for match in _INCLUDE.finditer(text):
        yield Unsafe(t("an include of another file"), match[0].strip())
    prose = without_code(text)
    for match in _TAG.finditer(prose):
        if _AUTOLINK.match(match[0]) or _is_allowed(match, allowed_tags):
            continue
        yield Unsafe(t("raw HTML"), match[0][:40])
    for match in _ATTRIBUTES.finditer(prose):
        yield Unsafe(t("an attribute that can run a script"), match[0][:40])
    squeezed = re.sub(r"[\s\x00-\x1f\\]+", "", html.unescape(prose))
    for match in _SCHEME.finditer(squeezed):
        yield Unsafe(t("a link that runs a script"), match["scheme"])


def added_unsafe(before: str, after: str, allowed_tags: Collection[str] = ()) -> list[Unsafe]:
    """Return what the page *after* has of these that the page *before* had not."""
    has = Counter(find_unsafe(after, allowed_tags))
    return list((has - Counter(find_unsafe(before, allowed_tags))).elements()) if has else []


def _is_allowed(match: re.Match[str], allowed: Collection[str]) -> bool:
    name = match["name"]
    if name == "/":
        return match["rest"].strip().lower() in allowed
    return name.lower() in allowed and not match["rest"].strip(" /")
