"""A page's description, as search engines show it: its front matter's, else its first sentence."""

import re
from collections.abc import Sequence
from html import unescape

from mkdocs.structure.toc import AnchorLink

from manualsmith.text import t

_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_SENTENCE = re.compile(r".*?(?:[。！？]|[.!?](?=\s|$))", re.DOTALL)
_LONGEST = 160


def description_of(html: str, title: str, toc: Sequence[AnchorLink]) -> str:
    """Return what a page is about: its first sentence, else its title and what it has headings of.

    *html* is its text alone, empty where only the headings say it. A paragraph under a second-level
    heading is of that heading alone.
    """
    intro, _, _ = html.partition("<h2")
    texts = (_text(found[1]) for found in _PARAGRAPH.finditer(intro))
    first = next(filter(None, texts), "")
    if sentence := _SENTENCE.match(first):
        return _cut(sentence[0].strip())
    if first:
        return _cut(first)
    top = toc[0].children if len(toc) == 1 and toc[0].level == 1 else toc
    headings = t(", ").join(unescape(one.title) for one in top)
    return _cut(f"{title}{t(': ')}{headings}" if headings else title)


def _text(html: str) -> str:
    return " ".join(unescape(_TAG.sub("", html)).split())


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
