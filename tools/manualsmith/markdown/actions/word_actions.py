"""Words in a paragraph: replace, delete, insert."""

from collections.abc import Iterator

from manualsmith.markdown.actions.lowered import Lowered, already
from manualsmith.markdown.edit_models import DeleteText, InsertText, Quote, ReplaceText
from manualsmith.markdown.locating.locate import find_quote, place_of
from manualsmith.markdown.locating.whole_words import begins, ends
from manualsmith.markdown.lost_target import TargetLost
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.source import Span, TextEdit
from manualsmith.markdown.word_merge import Changed, Done, merge
from manualsmith.text import t

# Fewer characters may well stand on a page for another reason.
TELLING = 6
# Room for the white space of wrapped lines. No case needs all of it: it is several lines' indents.
WRAPS = 200


def replace_text(page: Page, edit: ReplaceText) -> Lowered:
    """Put the text where the quote stands; refused where the text stands there already."""
    text = page.source.with_newlines(edit.text)
    try:
        found = find_quote(page, edit.section, edit.quote)
    except TargetLost as lost:
        told = edit.quote.prefix or edit.quote.suffix or len(edit.text.strip()) >= TELLING
        if lost.reason == "missing" and edit.text.strip() and told:
            _refuse_repeat(page, edit, edit.text)
        raise
    if found.of(page.text) == text or _stands_around(page, found, text, edit.quote):
        raise already(page, found.start)
    made = TextEdit(found.start, found.end, text)
    _refuse_endless(page, made, edit.quote)
    return Lowered(_rewrapped(page, edit, made), found)


def _rewrapped(page: Page, edit: ReplaceText, made: TextEdit) -> tuple[TextEdit, ...]:
    """Return the edit of just the changed words where the page wraps the quote in its own way."""
    exact, there = page.source.with_newlines(edit.quote.exact), page.text[made.start : made.end]
    if exact == there or not exact:
        return (made,)
    try:
        found = merge(exact, made.text, there)
    except (Changed, Done):
        return (made,)
    return tuple(TextEdit(made.start + e.start, made.start + e.end, e.text) for e in found)


def _refuse_repeat(page: Page, edit: ReplaceText | InsertText, made: str) -> None:
    """Raise where what an edit makes of the quote stands between the quote's prefix and suffix."""
    done = edit.quote.model_copy(update={"exact": made})
    try:
        found = find_quote(page, edit.section, done)
    except TargetLost:
        return
    raise already(page, found.start)


def _stands_around(page: Page, found: Span, text: str, quote: Quote) -> bool:
    """Return whether the quoted words are part of the new text, and the whole edit stands there."""
    exact = found.of(page.text)
    starts = [found.start - at for at in _all(text, exact)] if exact else [found.start]
    if not exact and not quote.prefix:
        starts = [found.start - len(text)]
    return any(_is_made(page, Span(start, start + len(text)), text, quote) for start in starts)


def _is_made(page: Page, there: Span, text: str, quote: Quote) -> bool:
    """Return whether *text* stands at a span as whole words, between a quote's prefix and suffix.

    Without a suffix, what an insertion is to stand before is not looked for, and the like.
    """
    if there.start < 0 or there.of(page.text) != text:
        return False
    whole = (quote.prefix or begins(page.text, there.start)) and (
        quote.suffix or ends(page.text, there.end)
    )
    return bool(whole) and _is_between(page.text, there, quote)


def _is_between(text: str, there: Span, quote: Quote) -> bool:
    """Return whether a quote's prefix and suffix stand around a span, line wraps aside."""
    prefix, suffix = _squeezed(quote.prefix), _squeezed(quote.suffix)
    left = text[max(0, there.start - 2 * len(quote.prefix) - WRAPS) : there.start]
    right = text[there.end : there.end + 2 * len(quote.suffix) + WRAPS]
    return _squeezed(left).endswith(prefix) and _squeezed(right).startswith(suffix)


def _all(text: str, words: str) -> Iterator[int]:
    at = text.find(words)
    while at >= 0:
        yield at
        at = text.find(words, at + 1)


def delete_text(page: Page, edit: DeleteText) -> Lowered:
    """Remove the quoted words; a line that they fill goes with its line end."""
    found = find_quote(page, edit.section, edit.quote)
    made = _removal(page, found)
    _refuse_endless(page, made, edit.quote)
    return Lowered((made,), found)


def _refuse_endless(page: Page, made: TextEdit, quote: Quote) -> None:
    """Raise where the quote would stand again across the seam: done twice, it would do more."""
    exact, text = _squeezed(quote.exact), _squeezed(made.text)
    if not exact or exact in text:
        return
    words = _squeezed(quote.prefix) + exact + _squeezed(quote.suffix)
    reach = 2 * len(words) + WRAPS
    left = _squeezed(page.text[max(0, made.start - reach) : made.start])
    right = _squeezed(page.text[made.end : made.end + reach])
    if (left + text + right).count(words) > left.count(words) + right.count(words):
        raise TargetLost(
            "ambiguous",
            t("the quote “{words}” would stand there again", words=quote.exact),
            field="quote",
            place=place_of(page, made.start),
            hint=t("quote more of what stands around it"),
        )


def _removal(page: Page, found: Span) -> TextEdit:
    source = page.source
    first, last = source.line_of(found.start), source.line_of(found.end - 1)
    whole = source.lines(first, last + 1)
    if found.of(page.text).strip() != whole.of(page.text).strip():
        return TextEdit(found.start, found.end, "")
    after = last + 1
    alone = first == 0 or source.is_blank(first - 1)
    if alone and after < source.line_count and source.is_blank(after):
        after += 1
    end = source.lines(first, after).end
    return TextEdit(whole.start, end, "")


def _squeezed(text: str) -> str:
    return "".join(text.split())


def insert_text(page: Page, edit: InsertText) -> Lowered:
    """Put the text right before or after the quoted words."""
    text = page.source.with_newlines(edit.text)
    before, quote = edit.position == "before", edit.quote
    whole = edit.text + quote.exact if before else quote.exact + edit.text
    try:
        found = find_quote(page, edit.section, quote)
    except TargetLost as lost:
        if lost.reason == "missing":
            _refuse_repeat(page, edit, whole)
        raise
    if quote.exact in edit.text and _stands_around(
        page, found, page.source.with_newlines(whole), quote
    ):
        raise already(page, found.start)
    at = found.start if before else found.end
    start = at - len(text) if before else at
    beside = Quote(exact=edit.text, **_outward(quote, before=before))
    if _is_made(page, Span(start, start + len(text)), text, beside):
        raise already(page, at)
    return Lowered((TextEdit(at, at, text),), Span(at, at))


def _outward(quote: Quote, *, before: bool) -> dict[str, str]:
    """Return the context on the side of an insertion that is away from the quoted words."""
    return {"prefix": quote.prefix} if before else {"suffix": quote.suffix}
