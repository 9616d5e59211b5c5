"""A page's Markdown as readers will see it, without building the site."""

import re
from functools import lru_cache
from html import escape

from manualsmith.markdown.dialect import DEFAULT, Dialect, NotRendered
from manualsmith.markdown.reading.front_matter import find_front_matter
from manualsmith.site.pages.environment_table import with_environment
from manualsmith.text import speaking

_TOC = ("toc", "markdown.extensions.toc")
_TABS, _BLOCK = '<div class="tabbed-labels">', '<div class="tabbed-block">'
_OPENED = '<div class="tabbed-block" >'
_LABEL = re.compile("<label[^>]*>(.*?)</label>", re.DOTALL)


def render(path: str, source: str, dialect: Dialect = DEFAULT, language: str = "zh-TW") -> str:
    """Return a page's HTML: its environment in a table, its body; no theme around it.

    *path* is the page's in the repository.
    """
    with speaking(language):
        return with_environment(render_body(source, dialect), path, source, {})


def render_body(source: str, dialect: Dialect = DEFAULT) -> str:
    """Return the HTML of a page's Markdown alone, by the site's own *dialect*."""
    front = find_front_matter(source)
    body = source[front.block.end :] if front else source
    try:
        html = _without_permalinks(dialect).html(body)
    except NotRendered:
        return as_text(body)
    return with_tab_names(html) if _TABS in html else html


@lru_cache(maxsize=8)
def _without_permalinks(dialect: Dialect) -> Dialect:
    """Return the *dialect* that makes no link of a heading to itself: here it would be text."""
    settings = {
        name: {key: value for key, value in own.items() if not key.startswith("permalink")}
        if name in _TOC
        else own
        for name, own in dialect.settings.items()
    }
    return Dialect(dialect.extensions, settings)


def as_text(body: str) -> str:
    """Return what stands for a page that Markdown cannot make: its text."""
    return f"<pre>{escape(body)}</pre>"


def with_tab_names(html: str) -> str:
    """Return the HTML with each tab's name above what it holds: no script unfolds them here."""
    first, *sets = html.split(_TABS)
    parts = [first]
    for one in sets:
        labels, end, rest = one.partition("</div>")
        names = _LABEL.findall(labels)
        for name in names:
            rest = rest.replace(_BLOCK, f'{_OPENED}<p class="tab-name">{name}</p>', 1)
        parts.append(labels + end + rest.replace(_OPENED, _BLOCK))
    return _TABS.join(parts)
