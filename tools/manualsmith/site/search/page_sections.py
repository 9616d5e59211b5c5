"""A page's HTML as the sections that search knows: heading, lines of text, the words it is called.

What people call a section may stand beneath its heading, in a comment that no reader sees::

    ## 遺失手機，無法輸入驗證碼

    <!-- keywords: 手機掉了, 換手機 -->
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
_SKIPPED = frozenset(("script", "style", "object", "template"))
_VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta",
                   "source", "track", "wbr"))  # fmt: skip
# Where a line of text ends. Cells stand on one line, with a space between.
_LINES = frozenset(("p", "li", "ol", "ul", "dl", "dt", "dd", "pre", "tr", "table", "div", "summary",
                    "details", "blockquote", "br", "label", "figcaption", *_HEADINGS))  # fmt: skip
_CELLS = frozenset(("td", "th"))
_KEYWORDS = re.compile(r"\s*keywords\s*:(.*)", re.DOTALL | re.IGNORECASE)
_EXCLUDE = "data-search-exclude"
_PERMALINK = "headerlink"


@dataclass
class PageSection:
    """A heading's id (None before the first), its level and words, and the text beneath it."""

    id: str | None = None
    level: int = 0
    title: str = ""
    keywords: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text, a line for each paragraph, step, row and line of code."""
        lines = (" ".join(line.split()) for line in "".join(self.parts).split("\n"))
        return "\n".join(line for line in lines if line)


def sections_of(html: str) -> list[PageSection]:
    """Return the sections of a page's *html*; what is marked as nothing to search is left out."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return [one for one in reader.sections if one.id is not None or one.text or one.keywords]


def keywords_in(comment: str) -> list[str]:
    """Return the words that a comment names, none where it is about something else."""
    found = _KEYWORDS.fullmatch(comment)
    return list(_words(found[1])) if found else []


def _words(listed: str) -> Iterator[str]:
    for word in re.split(r"[,，、;；\n]", listed.strip(" \n[]")):
        if named := word.strip(" \"'"):
            yield named


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.sections = [PageSection()]
        self._open: list[str] = []
        self._out_at: int | None = None
        self._heading: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag not in _VOID:
            self._open.append(tag)
            out = tag in _SKIPPED or _EXCLUDE in named or named.get("class") == _PERMALINK
            if out and self._out_at is None:
                self._out_at = len(self._open)
        if self._out_at is not None:
            return
        if tag in _HEADINGS and named.get("id"):
            self.sections.append(PageSection(named["id"], int(tag[1])))
            self._heading = []
        elif tag in _LINES:
            self._put("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._open:
            return
        while self._open.pop() != tag:
            pass
        if self._out_at is not None:
            if len(self._open) < self._out_at:
                self._out_at = None
            return
        if tag in _HEADINGS and self._heading is not None:
            self.sections[-1].title = " ".join("".join(self._heading).split())
            self._heading = None
        elif tag in _LINES or tag in _CELLS:
            self._put("\n" if tag in _LINES else " ")

    def handle_data(self, data: str) -> None:
        if self._out_at is None:
            self._put(data if "pre" in self._open else data.replace("\n", " "))

    def handle_comment(self, data: str) -> None:
        if self._out_at is None:
            self.sections[-1].keywords += keywords_in(data)

    def _put(self, text: str) -> None:
        (self.sections[-1].parts if self._heading is None else self._heading).append(text)
