"""Texts as the desk shows them: ids lead to their pages, times and facts are as people say them."""

import re
from functools import lru_cache
from urllib.parse import quote

from markupsafe import Markup, escape

from manualsmith.layout import RECORDS, fact_label, layout, page_of
from manualsmith.paper.html import cell_html
from manualsmith.paper.rich_text import Cell
from manualsmith.records.ids import CONFIRMATION_ID, SOURCE_ID, SUGGESTION_ID
from manualsmith.records.models.moments import as_moment, as_people_say, clock, shown
from manualsmith.records.models.moments import instant as at_instant

_TAG = re.compile(r"(<[^>]*>)")
_KNOWN = re.compile(
    rf"(?<![A-Za-z0-9./-])(?:(?P<suggestion>{SUGGESTION_ID})|(?P<record>{CONFIRMATION_ID}|{SOURCE_ID})"
    r"|(?P<moment>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2})(?: UTC[+-][0-9:]{1,5})?)"
    r"(?![A-Za-z0-9-])"
)


def linked(text: object) -> Markup:
    """Return a text with each id of a record or suggestion as a link, and its moments in words."""
    return _linked(escape(in_words(str(text))))


def linked_cell(cell: Cell) -> Markup:
    """Return a cell of a form in the same way."""
    parts = _TAG.split(cell_html(cell))
    return Markup("").join(
        Markup(part) if part.startswith("<") else _linked(Markup(part))  # noqa: S704 - escaped
        for part in parts
    )


def _linked(text: Markup) -> Markup:
    return Markup(_KNOWN.sub(_shown, str(text)))  # noqa: S704 - it is escaped


def _shown(found: re.Match[str]) -> str:
    if name := found["suggestion"]:
        return f'<a class="id" href="/review/{quote(name, safe="")}">{name}</a>'
    if name := found["record"]:
        return f'<a class="id" href="/records/{name}">{name}</a>'
    return str(when(as_moment(at_instant(found["moment"]))))


def when(moment: str | float) -> Markup:
    """Return a moment, as records hold it or in seconds since 1970, as people say it.

    What was typed and is none stays as it is.
    """
    if not isinstance(moment, str):
        moment = as_moment(at_instant(clock(moment)))
    try:
        said = as_people_say(moment)
    except ValueError:
        return escape(moment)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(moment, shown(moment), said)


def in_words(text: str) -> str:
    """Return a text with the labels of the facts that it names by their names."""
    return _facts_in(tuple(layout().facts)).sub(lambda found: fact_label(found[0]), text)


@lru_cache(maxsize=8)
def _facts_in(facts: tuple[str, ...]) -> re.Pattern[str]:
    """Return what finds the names of *facts* in a text; a name of one plain word is a word."""
    names = [name for name in facts if re.search(r"[.-]", name)]
    one_of = "|".join(map(re.escape, sorted(names, key=len, reverse=True))) or r"(?!)"
    return re.compile(rf"(?<![A-Za-z0-9./_-])(?:{one_of})(?![A-Za-z0-9_-]|\.[a-z0-9])")


def address_of(name: str) -> str | None:
    """Return where the desk shows what is called so: a record, a suggestion, a page of a manual."""
    if re.fullmatch(SUGGESTION_ID, name):
        return f"/review/{quote(name, safe='')}"
    if name[:3] in RECORDS and re.fullmatch(rf"{CONFIRMATION_ID}|{SOURCE_ID}", name):
        return f"/records/{name}"
    found = page_of(name)
    return f"/manual/{found[0].name}/{quote(found[1])}" if found else None
