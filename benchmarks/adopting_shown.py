"""What readers have of a page's HTML, read by lxml: its sections, their steps and their tables.

Nothing of the engine is used here, so that what it reads can be held against this.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import html as lxml_html

# A heading in one of these heads no section of the page.
_INSIDE = {"li", "dd", "dt", "blockquote", "td", "th"}
_MADE = {"admonition", "tabbed-content", "tabbed-block", "doc-contents"}
_LISTS = {"ol", "ul"}
_HEADING = re.compile(r"h[1-6]")
# What a builder adds by itself: permalinks, buttons, numbers of lines, notes at the page's end.
_ADDED = {"headerlink", "header-anchor", "hash-link", "linenos", "visually-hidden", "toc",
          "footnote", "footnotes", "footnote-backref", "katex-mathml", "lang", "vp-code-group-tabs",
          "header", "tabbed-labels", "footnote-ref", "filename", "doc-object"}  # fmt: skip
_DEAD = {"script", "style", "button", "svg", "input", "template"}
_BLOCKS = {"p", "li", "td", "th", "pre", "dt", "dd", "summary"}


@dataclass(frozen=True)
class ShownItem:
    """A list's item: all that it says, and the numbered lists in it that are in no other list."""

    text: str
    lists: tuple["ShownList", ...]


ShownList = tuple[ShownItem, ...]
ShownTable = tuple[tuple[str, ...], ...]


@dataclass
class ShownSection:
    """A heading, and what stands under it before the next one; level 0 is what is over the first.

    *blocks* are the paragraphs, items and cells in order: what each is in, and what it says.
    """

    level: int = 0
    title: str = ""
    lists: list[ShownList] = field(default_factory=list)
    tables: list[ShownTable] = field(default_factory=list)
    blocks: list[tuple[str, str]] = field(default_factory=list)


def read_shown(html: str) -> list[ShownSection]:
    """Return the sections of a page's HTML; the first has no heading."""
    found = [ShownSection()]
    if html.strip():
        root = lxml_html.fragment_fromstring(f"<div>{html}</div>", create_parent=False)
        _walk(root, found, inside=False, in_list=False, path="")
    return found


def _walk(one: Any, found: list[ShownSection], *, inside: bool, in_list: bool, path: str) -> None:  # noqa: ANN401 - an lxml element
    _say(found, path, one.text)
    for inner in one:
        if not _is_added(inner):
            _take(inner, found, inside=inside, in_list=in_list, path=path)
        _say(found, path, inner.tail)


def _take(one: Any, found: list[ShownSection], *, inside: bool, in_list: bool, path: str) -> None:  # noqa: ANN401 - an lxml element
    tag = one.tag
    if _HEADING.fullmatch(tag) and not inside:
        found.append(ShownSection(int(tag[1]), said(one)))
        return
    if tag == "ol" and not in_list:
        found[-1].lists.append(_list(one))
    elif tag == "table" and ">td" not in path and not _classes(one) & {"highlighttable", "lntable"}:
        found[-1].tables.append(_table(one))
    if tag in _BLOCKS or tag in _LISTS:
        path = f"{path}>{tag}" if tag != "p" or path[-3:] != ">li" else path
    if tag in _BLOCKS:
        found[-1].blocks.append((path, ""))
    made = tag in _INSIDE or bool(_classes(one) & _MADE)
    _walk(one, found, inside=inside or made, in_list=in_list or tag in _LISTS, path=path)


def _say(found: list[ShownSection], path: str, text: str | None) -> None:
    blocks = found[-1].blocks
    joins = bool(blocks) and blocks[-1][0] == path
    if not text or not (joins or text.strip()):
        return
    if not joins:
        blocks.append((path, ""))
    blocks[-1] = (path, blocks[-1][1] + text)


def _list(one: Any) -> ShownList:  # noqa: ANN401 - an lxml element
    items = [inner for inner in one if inner.tag == "li"]
    return tuple(ShownItem(said(item), tuple(map(_list, _inner_lists(item)))) for item in items)


def _inner_lists(one: Any) -> Iterator[Any]:  # noqa: ANN401 - an lxml element
    for inner in one:
        if inner.tag == "ol":
            yield inner
        elif inner.tag != "ul" and not _is_added(inner):
            yield from _inner_lists(inner)


def _table(one: Any) -> ShownTable:  # noqa: ANN401 - an lxml element
    rows = one.xpath("./tr | ./thead/tr | ./tbody/tr | ./tfoot/tr")
    return tuple(tuple(said(cell) for cell in row if cell.tag in ("td", "th")) for row in rows)


def said(one: Any) -> str:  # noqa: ANN401 - an lxml element
    """Return an element's words without what the builder adds by itself."""
    parts = [one.text or ""]
    for inner in one:
        if not _is_added(inner):
            parts += [" " if inner.tag == "br" else "", said(inner)]
        parts.append(inner.tail or "")
    return "".join(parts)


def _is_added(one: Any) -> bool:  # noqa: ANN401 - an lxml element
    return not isinstance(one.tag, str) or one.tag in _DEAD or bool(_classes(one) & _ADDED)


def _classes(one: Any) -> set[str]:  # noqa: ANN401 - an lxml element
    return set((one.get("class") or "").split())


def letters(text: str) -> str:
    """Return the letters and digits of a text, as they are typed; pictures are none."""
    signs = "".join(char for char in text if unicodedata.category(char) != "So")
    typed = unicodedata.normalize("NFKC", signs).casefold()
    return "".join(char for char in typed if char.isalnum())
