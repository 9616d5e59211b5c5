"""Find the words of a product's screens that a page quotes: 「安全性」, **Security**, `Security`.

In which marks they stand is the page's style: its front matter says so, or the settings.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from manualsmith.markdown.edit_models import Quote
from manualsmith.markdown.locating.hidden import cuts_hidden
from manualsmith.markdown.locating.locate import find_quote
from manualsmith.markdown.locating.pointed_at import reading
from manualsmith.markdown.lost_target import TargetLost
from manualsmith.markdown.reading.front_matter import list_entries
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.prose import code_words, without_code
from manualsmith.markdown.reading.source import Span
from manualsmith.settings.label_settings import FIELD, MARKS

_LONGEST = 200
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# In a table a label ends with its cell.
_INNER = rf"[^\n]{{1,{_LONGEST}}}?"
_LETTERS = re.compile(r"\w")
_SPECIAL = re.compile(r"[\\`*\[\]<>|]|(?<!\w)_|_(?!\w)")
# Characters of context, where a label stands more than once in a section: of its line, then beyond.
_AROUND = (0, 12, 30, 80)
_BEYOND = 200


@dataclass(frozen=True)
class QuotedLabel:
    """Words that a page quotes: as a reader sees them, and where they stand, with their marks.

    ``line`` counts from 1.
    """

    words: str
    mark: str
    span: Span
    line: int

    def replaced(self, source: str, words: str) -> str:
        """Return the source of the label, marks and all, with other words in it."""
        opening, closing = MARKS[self.mark]
        inner = source[len(opening) : len(source) - len(closing)]
        written = words if self.mark == "code" else escaped(words)
        inner = inner.replace(self.words, written) if self.words in inner else written
        return f"{opening}{inner}{closing}"


def marks_named(text: str) -> tuple[str, ...]:
    """Return the marks that a page's front matter names; none where it names none.

    Raises BadFrontMatter where it cannot be read.
    """
    named = list_entries(text, FIELD) if FIELD in text else []
    return tuple(one.value for one in named if one.value in MARKS)


def quoted_labels(page: Page, marks: Sequence[str]) -> list[QuotedLabel]:
    """Return the words that a page quotes in *marks*, in order of the page.

    No more of the page is read than its text: whether readers see one is for `is_seen` to say.
    """
    text = _prose(page)
    spans = [
        (Span(start, end), mark)
        for mark in marks
        for start, end in (code_words(text) if mark == "code" else _between(mark, text))
        if start >= page.body.start
    ]
    found = sorted(spans, key=lambda one: (one[0].start, -one[0].end))
    labels = (_label(page, span, mark) for span, mark in _outermost(found))
    return [label for label in labels if label]


def _outermost(found: Sequence[tuple[Span, str]]) -> Iterator[tuple[Span, str]]:
    """Yield those of the spans, in order, that stand in no other one."""
    end = 0
    for span, mark in found:
        if span.start >= end:
            yield span, mark
            end = span.end


def _prose(page: Page) -> str:
    return _COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), page.text)


def _between(mark: str, text: str) -> Iterator[tuple[int, int]]:
    yield from (found.span() for found in _pattern(mark).finditer(without_code(text)))


@lru_cache
def _pattern(mark: str) -> re.Pattern[str]:
    opening, closing = map(re.escape, MARKS[mark])
    if mark == "bold":  # no blank stands inside, next to its marks
        inner = rf"(?=[^\s*]){_INNER}(?:(?<=[^\s\\*])|(?<=\\\*))"
        return re.compile(rf"(?<![\\*]){opening}{inner}{closing}(?!\*)")
    if opening != closing:  # what is quoted within a quotation is a part of its words
        inner = rf"[^{opening}{closing}\n]{{1,{_LONGEST}}}"
        return re.compile(rf"{opening}{inner}{closing}")
    return re.compile(rf"(?<!\\){opening}[^\n{opening}]{{1,{_LONGEST}}}{closing}")


def _label(page: Page, span: Span, mark: str) -> QuotedLabel | None:
    opening, closing = MARKS[mark]
    inner = Span(span.start + len(opening), span.end - len(closing))
    if mark == "code":
        words = page.text[span.start : span.end].strip("`").strip()
    else:
        words = " ".join(reading(page, inner).text.split())
    if not _LETTERS.search(words):
        return None
    return QuotedLabel(words, mark, span, page.source.line_of(span.start) + 1)


def is_seen(page: Page, label: QuotedLabel) -> bool:
    """Return whether readers see a label: it does not stand in a comment, or where a link leads."""
    return not cuts_hidden(page, label.span)


def telling_target(
    page: Page, section: Sequence[str] | None, span: Span
) -> dict[str, object] | None:
    """Return the target that finds a span and nothing else: its quote, and *section* if it can.

    A section that another one is called like does not tell: then the quote is looked for on the
    whole page. None where no quote tells the place.
    """
    line = page.source.line_of(span.start)
    own = Span(page.source.starts[line], page.source.end_of_line(line))
    tried = [(one, own) for one in _AROUND]
    for path in (section, None) if section else (None,):
        for around, limits in (*tried, (_BEYOND, page.body)):
            before = page.text[max(limits.start, span.start - around) : span.start]
            after = page.text[span.end : min(limits.end, span.end + around)]
            quote = Quote(exact=span.of(page.text), prefix=before, suffix=after)
            try:
                found = find_quote(page, path, quote)
            except TargetLost:
                continue
            if found == span:
                target: dict[str, object] = {"quote": quote.model_dump(exclude_defaults=True)}
                return target | ({"section": list(path)} if path else {})
    return None


def escaped(words: str) -> str:
    """Return words as Markdown shows them."""
    return _SPECIAL.sub(lambda found: f"\\{found[0]}", words)
