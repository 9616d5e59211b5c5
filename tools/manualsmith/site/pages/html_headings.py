"""Find the headings of a page's HTML, and insert lines beneath them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from html import unescape

from mkdocs.structure.toc import AnchorLink

_HEADING = re.compile(r'<h([1-6])[^>]*\sid="(?P<id>[^"]*)"[^>]*>.*?</h\1>', re.DOTALL)


def every(toc: Sequence[AnchorLink]) -> Iterator[AnchorLink]:
    """Yield a page's headings in reading order."""
    for heading in toc:
        yield heading
        yield from every(heading.children)


def beneath(html: str, lines: Mapping[str, str]) -> str:
    """Return *html* with each of *lines* after the heading of its id."""
    if not lines:
        return html

    def put(found: "re.Match[str]") -> str:
        line = lines.get(unescape(found["id"]))
        return found[0] if line is None else f"{found[0]}\n{line}"

    return _HEADING.sub(put, html)


def beneath_first(html: str, block: str) -> str:
    """Return *html* with *block* after its first-level heading, or before all where it has none."""
    heading, end, rest = html.partition("</h1>")
    return f"{heading}{end}\n{block}\n{rest}" if end else f"{block}\n{html}"
