"""Compare two renderings of a page, block beside block, and mark the words that changed.

Only text is wrapped, and never across a tag, so the HTML stays well-formed. What a page may not
hold is dropped before: these pages are for looking at.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape
from html.parser import HTMLParser
from typing import Literal

from manualsmith.markdown.checks.sanitizer import sanitize
from manualsmith.markdown.worddiff import words

_VOID = frozenset(("br", "hr", "img", "input", "col", "wbr"))
_LONG = 6000


@dataclass(frozen=True)
class Token:
    """A piece of HTML: a tag, or a word of text as it is shown."""

    kind: Literal["tag", "word"]
    text: str


@dataclass(frozen=True)
class ComparedRow:
    """Blocks side by side. In a row of the kind ``same`` both sides are alike."""

    kind: Literal["same", "changed"]
    before: str
    after: str


def compare(before: str, after: str, *, whole: bool = False) -> tuple[ComparedRow, ...]:
    """Return two pages' HTML in rows: blocks that are alike, and blocks that changed, marked.

    With *whole* nothing is dropped before: for HTML that goes back where it came from.
    """
    old, new = (_blocks(html if whole else sanitize(html)) for html in (before, after))
    rows: list[ComparedRow] = []
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            rows += [ComparedRow("same", _html(block), _html(block)) for block in old[i:j]]
        else:
            first, second = sum(old[i:j], ()), sum(new[k:m], ())
            rows.append(ComparedRow("changed", *_marked(first, second)))
    return tuple(rows)


def _marked(old: Sequence[Token], new: Sequence[Token]) -> tuple[str, str]:
    """Return both sides' HTML with the words that the other side has not marked."""
    first = [token.text for token in old if token.kind == "word"]
    second = [token.text for token in new if token.kind == "word"]
    gone, come = set(range(len(first))), set(range(len(second)))
    if len(first) + len(second) <= _LONG:
        matcher = SequenceMatcher(None, first, second, autojunk=False)
        for block in matcher.get_matching_blocks():
            gone -= set(range(block.a, block.a + block.size))
            come -= set(range(block.b, block.b + block.size))
    return _html(old, gone, "del"), _html(new, come, "ins")


def _html(tokens: Sequence[Token], marked: Container[int] = (), mark: str = "") -> str:
    """Return tokens as HTML; runs of the words whose numbers are *marked* stand in a *mark*."""
    parts: list[str] = []
    blank = ""
    number, is_open = 0, False
    for token in tokens:
        wanted = token.kind == "word" and number in marked
        number += token.kind == "word"
        if is_open and token.kind == "word" and not token.text.strip():
            blank += token.text
            continue
        if is_open and not wanted:
            parts.append(f"</{mark}>")
            is_open = False
        parts.append(blank)
        blank = ""
        if wanted and not is_open and token.text.strip():
            parts.append(f"<{mark}>")
            is_open = True
        parts.append(token.text if token.kind == "tag" else _word(token.text))
    return "".join(parts) + (f"</{mark}>" if is_open else "") + blank


def _word(text: str) -> str:
    return text if text.startswith("<img ") else escape(text, quote=False)


def _blocks(html: str) -> list[tuple[Token, ...]]:
    """Return a page's top-level elements, each as its tokens."""
    parser = _Reader()
    parser.feed(html)
    parser.close()
    return parser.blocks()


class _Reader(HTMLParser):
    """Reads HTML into tokens, block by block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[str] = []
        self._done: list[tuple[Token, ...]] = []
        self._block: list[Token] = []

    def blocks(self) -> list[tuple[Token, ...]]:
        """Return the blocks; elements that were left open are closed."""
        while self._open:
            self._block.append(Token("tag", f"</{self._open.pop()}>"))
        self._end_block()
        return self._done

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element's start."""
        text = self.get_starttag_text() or f"<{tag}>"
        # An image is shown as a word is: another one is a change.
        self._block.append(Token("word" if tag == "img" else "tag", text))
        if tag not in _VOID:
            self._open.append(tag)
        elif not self._open:
            self._end_block()

    def handle_endtag(self, tag: str) -> None:
        """Take an element's end; one that closes nothing is left out."""
        if tag not in self._open:
            return
        while True:
            name = self._open.pop()
            self._block.append(Token("tag", f"</{name}>"))
            if name == tag:
                break
        if not self._open:
            self._end_block()

    def handle_data(self, data: str) -> None:
        """Take text, word by word."""
        if self._open and self._open[-1] in self.CDATA_CONTENT_ELEMENTS:
            self._block.append(Token("tag", data))
        elif self._open or data.strip():
            self._block += [Token("word", word) for word in words(data)]

    def _end_block(self) -> None:
        if self._block:
            self._done.append(tuple(self._block))
            self._block = []
