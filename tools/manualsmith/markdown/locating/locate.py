"""Find what a target names on a page: a section, a quote, a step, a table's cell.

Each function returns the one place, or raises TargetLost with the places that it weighed.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from rapidfuzz import fuzz, process

from manualsmith.errors import Place
from manualsmith.markdown.edit_models import Quote
from manualsmith.markdown.entries.entry_places import entries_of
from manualsmith.markdown.locating.hidden import cuts_hidden
from manualsmith.markdown.locating.whole_words import begins, ends
from manualsmith.markdown.lost_target import Candidate, TargetLost
from manualsmith.markdown.reading.outline import Section, find_sections
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.source import Span
from manualsmith.naming import fold, near, show_path
from manualsmith.text import t

SHOWN = 5
_NEAR = 60.0
# Characters of all the places that are found of one quote; chosen by time alone.
_MOST_FOUND = 50_000_000
# Fewer letters than this may well stand somewhere by chance.
TELLING = 12
_LETTERS = re.compile(r"\w")


def place_of(page: Page, offset: int) -> Place:
    """Return line and column, from 1, of an offset."""
    source = page.source
    return Place(None, source.line_of(offset) + 1, source.column_of(offset) + 1)


def candidate(page: Page, span: Span, score: float = 1.0) -> Candidate:
    """Return a candidate for a span, shown by the text of its first line."""
    line = page.source.line_of(span.start)
    section = page.section_at(line)
    return Candidate(
        line + 1, section.path if section else (), page.source.line_text(line).strip(), score
    )


def find_section(page: Page, path: Sequence[str]) -> Section:
    """Return the one section that a heading path names."""
    return _one_of(page, page.sections, path)


def find_entry(page: Page, path: Sequence[str]) -> Section:
    """Return the one entry that a path names: its symptom, and the headings above it."""
    return _one_of(page, entries_of(page), path)


def find_place(page: Page, path: Sequence[str]) -> Section:
    """Return the one section that a path names, else the one entry that is no section."""
    is_there = find_sections(page.sections, path) or not page.dialect.entries.is_apart
    return find_section(page, path) if is_there else find_entry(page, path)


def _one_of(page: Page, sections: Sequence[Section], path: Sequence[str]) -> Section:
    found = find_sections(sections, path)
    if len(found) == 1:
        return found[0]
    if found:
        raise TargetLost(
            "ambiguous",
            t("{count} sections are named {path}", count=len(found), path=show_path(path)),
            field="section",
            hint=t(
                "write the headings above it too: {paths}",
                paths="; ".join(f"[{', '.join(s.path)}]" for s in found[:SHOWN]),
            ),
            candidates=(candidate(page, s.span(page.source)) for s in found),
        )
    names = near(path[-1], (section.title for section in sections))
    close = [s for s in sections if s.title in names]
    raise TargetLost(
        "missing",
        t("no section {path}", path=show_path(path)),
        field="section",
        hint=t("nearest: {names}", names=", ".join(names))
        if names
        else t(
            "sections here: {names}",
            names=", ".join(s.title for s in sections[:20]) or t("none"),
        ),
        candidates=(candidate(page, s.span(page.source)) for s in close[:SHOWN]),
    )


def region(page: Page, path: Sequence[str] | None) -> Span:
    """Return the span a target may lie in: its section's, or the page's body."""
    return find_section(page, path).span(page.source) if path else page.body


def occurrences(text: str, words: str, within: Span) -> Iterator[Span]:
    """Yield each place where *words* stand within a span, overlapping ones too.

    Long words that overlap themselves again and again are not followed to the end: by then it is
    clear that they do not tell one place.
    """
    room = _MOST_FOUND
    at = text.find(words, within.start, within.end)
    while at >= 0 and room > 0:
        yield Span(at, at + len(words))
        room -= len(words)
        at = text.find(words, at + 1, within.end)


def find_quote(page: Page, path: Sequence[str] | None, quote: Quote) -> Span:
    """Return the one place where a quote stands in a section, or on the page without one.

    The words are found as they are written, else with white space and line wraps aside, and are
    whole words that readers see. The prefix and the suffix must stand around them, where they are
    written: they say which place is meant, and that it is this one.
    """
    within = region(page, path)
    found = _found(page, path, quote, within)
    if len(found) == 1:
        return found[0]
    if found:
        raise TargetLost(
            "ambiguous",
            t(
                "the quote “{words}” stands {count} times",
                words=shorten(quote.exact),
                count=len(found),
            ),
            field="quote",
            place=place_of(page, found[0].start),
            hint=t(
                "add prefix or suffix, or the section; it stands in lines {lines}",
                lines=", ".join(str(place_of(page, s.start).line) for s in found[:SHOWN]),
            ),
            candidates=(candidate(page, s) for s in found[:SHOWN]),
        )
    raise _quote_missing(page, quote, within)


def _found(page: Page, path: Sequence[str] | None, quote: Quote, within: Span) -> list[Span]:
    """Return where a quote stands between its prefix and suffix, the front matter included."""
    found = _matches(page, quote, within)
    if not path and page.front_matter:
        found = _matches(page, quote, page.front_matter.body) + found
    return found


def is_telling(words: str) -> bool:
    """Return whether *words* are so many letters that they hardly stand twice by chance."""
    return len(_LETTERS.findall(words)) >= TELLING


def _quote_missing(page: Page, quote: Quote, within: Span) -> TargetLost:
    bare = _matches(page, Quote(exact=quote.exact), within) if quote.exact else []
    if bare:
        return TargetLost(
            "missing",
            t(
                "the quote “{words}” stands here, but not between that prefix and suffix",
                words=shorten(quote.exact),
            ),
            field="quote",
            place=place_of(page, bare[0].start),
            hint=_stands_instead(page, quote, bare[0]),
            candidates=(candidate(page, s) for s in bare[:SHOWN]),
        )
    part = next(occurrences(page.text, page.source.with_newlines(quote.exact), within), None)
    if quote.exact and part:
        return TargetLost(
            "missing",
            t(
                "the quote “{words}” stands here only within other words, or in a link or tag",
                words=shorten(quote.exact),
            ),
            field="quote",
            place=place_of(page, part.start),
            hint=t("around it stands: {text}", text=_around(page.text, part)),
            candidates=[candidate(page, part)],
        )
    close = resembling(page, quote.exact or quote.prefix + quote.suffix, within)
    return TargetLost(
        "missing",
        t("the quote “{words}” is not there", words=shorten(quote.exact or quote.prefix)),
        field="quote",
        hint=t(
            "quote the page's source; nearest, line {line}: {text}",
            line=close[0].line,
            text=shorten(close[0].text, 80),
        )
        if close
        else None,
        candidates=close,
    )


def _stands_instead(page: Page, quote: Quote, found: Span) -> str:
    """Return what stands beside the quoted words where the prefix or the suffix does not."""
    text = page.text
    prefix, suffix = (page.source.with_newlines(one) for one in (quote.prefix, quote.suffix))
    said = []
    if not text.endswith(prefix, 0, found.start):
        before = text[max(0, found.start - len(prefix)) : found.start]
        said.append(t("before it stands “{text}”, not “{quoted}”", **_compared(before, prefix)))
    if not text.startswith(suffix, found.end):
        after = text[found.end : found.end + len(suffix)]
        said.append(t("after it stands “{text}”, not “{quoted}”", **_compared(after, suffix)))
    return "; ".join(said) or t("around it stands: {text}", text=_around(text, found))


def _compared(text: str, quoted: str) -> dict[str, str]:
    return {name: shorten(_on_one_line(one)) for name, one in (("text", text), ("quoted", quoted))}


def _on_one_line(text: str) -> str:
    return text.replace("\r", "").replace("\n", "⏎")


def _around(text: str, span: Span) -> str:
    return shorten(_on_one_line(text[max(0, span.start - 20) : span.end + 20]), 80)


def shorten(text: str, width: int = 40) -> str:
    """Return *text* on one line, cut in the middle where it is longer than *width*."""
    line = " ".join(text.split())
    if len(line) <= width:
        return line
    return f"{line[: width // 2]}…{line[-(width // 2 - 1) :]}"


def resembling(page: Page, words: str, within: Span) -> list[Candidate]:
    """Return up to five lines that resemble *words*: to show to a person, never to edit."""
    source = page.source
    first, last = source.line_of(within.start), source.line_of(max(within.start, within.end - 1))
    lines = {number: source.line_text(number) for number in range(first, last + 1)}
    wanted = fold(words[:500])
    found = process.extract(
        wanted,
        {
            number: fold(text[:1000])
            for number, text in islice(lines.items(), 20_000)
            if text.strip()
        },
        scorer=fuzz.ratio,
        limit=SHOWN,
        score_cutoff=_NEAR,
    )
    spans = ((source.lines(number, number + 1), score) for _, score, number in found)
    return [candidate(page, span, score / 100) for span, score in spans]


def _matches(page: Page, quote: Quote, within: Span) -> list[Span]:
    exact = page.source.with_newlines(quote.exact)
    prefix = page.source.with_newlines(quote.prefix)
    suffix = page.source.with_newlines(quote.suffix)
    text = page.text
    if not exact:
        points = _insertion_points(text, prefix, suffix, within)
        return [span for span in points if _is_text(page, quote, span)]
    found = [
        span
        for span in occurrences(text, exact, within)
        if text.endswith(prefix, 0, span.start)
        and text.startswith(suffix, span.end)
        and _is_text(page, quote, span)
    ]
    if len(found) > 1:
        return found
    # The same words wrapped otherwise elsewhere: who knows which place was meant?
    unwrapped = Unwrapped(text, within).find(exact, prefix, suffix)
    unwrapped = [span for span in unwrapped if _is_text(page, quote, span)]
    return unwrapped if len(unwrapped) > 1 else found or unwrapped


def stands(page: Page, words: str, within: Span) -> bool:
    """Return whether *words* stand within a span as whole words, line wraps aside."""
    return bool(words.strip()) and bool(_matches(page, Quote(exact=words), within))


def _is_text(page: Page, quote: Quote, span: Span) -> bool:
    """Return whether a span is whole words that readers see.

    A prefix or suffix that is written says itself where within a word the quote begins or ends.
    """
    whole = (quote.prefix or begins(page.text, span.start)) and (
        quote.suffix or ends(page.text, span.end)
    )
    return bool(whole) and not cuts_hidden(page, span)


def _insertion_points(text: str, prefix: str, suffix: str, within: Span) -> list[Span]:
    return [
        Span(span.start + len(prefix), span.start + len(prefix))
        for span in occurrences(text, prefix + suffix, within)
    ]


class Unwrapped:
    """A span of text without its white space, which remembers where each character stood."""

    def __init__(self, text: str, within: Span) -> None:
        self.text = text
        part = text[within.start : within.end]
        self.offsets = [within.start + i for i, char in enumerate(part) if not char.isspace()]
        self.squeezed = "".join(part.split())

    def find(self, exact: str, prefix: str, suffix: str) -> list[Span]:
        """Return the places where words stand, line wraps within them aside.

        White space before the first and after the last of them is taken as it is written: it says
        that a line starts there, and how deep.
        """
        core = exact.strip()
        before, words, after = ("".join(part.split()) for part in (prefix, core, suffix))
        if not words:
            return []
        lead = exact[: len(exact) - len(exact.lstrip())]
        trail = exact[len(exact.rstrip()) :]
        found = []
        for span in occurrences(self.squeezed, before + words + after, Span(0, len(self.squeezed))):
            first = span.start + len(before)
            start, end = self.offsets[first], self.offsets[first + len(words) - 1] + 1
            framed = self.text.endswith(lead, 0, start) and self.text.startswith(trail, end)
            if framed and same_words(self.text[start:end], core):
                found.append(Span(start - len(lead), end + len(trail)))
        return found


def same_words(first: str, second: str) -> bool:
    """Return whether two texts are the same but for how they are wrapped.

    White space may only come and go beside a character that is not ASCII: Chinese is written
    without spaces, but “form at” is not “format”. An empty line never goes.
    """
    if _paragraphs(first) != _paragraphs(second):
        return False
    return _joined(first) == _joined(second)


def _paragraphs(text: str) -> int:
    return sum(not line.strip() for line in text.split("\n")[1:-1])


def _joined(text: str) -> str:
    words = text.split()
    parts = words[:1]
    for before, word in pairwise(words):
        parts.append(" " if before[-1].isascii() and word[0].isascii() else "")
        parts.append(word)
    return "".join(parts)
