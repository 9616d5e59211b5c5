"""The environment table at the top of a page: what the page was written for."""

from collections.abc import Mapping
from html import escape

from manualsmith.layout import CATEGORIES, fact_label
from manualsmith.markdown.reading.front_matter import BadFrontMatter
from manualsmith.markdown.reading.page_environment import facts_of
from manualsmith.site.pages.html_headings import beneath_first
from manualsmith.text import t


def with_environment(html: str, path: str, source: str, fact_names: Mapping[str, str]) -> str:
    """Return a page's *html* with its environment in a table under the first heading.

    *path* is the page's in the repository, *source* the whole Markdown file: values are shown as
    they are written there, so that 3.10 stays 3.10. *fact_names* gives the wording for a fact's
    name; without one that of the repository's settings is shown, else the name. Without an
    environment, or with front matter that is no YAML, the page stays as it is.
    """
    try:
        found = facts_of(path, source)
    except BadFrontMatter:
        return html
    table = environment_of(found, fact_names, t("The environment this page is for"))
    return beneath_first(html, table) if table else html


def environment_of(
    found: Mapping[tuple[str, str], str], fact_names: Mapping[str, str], caption: str
) -> str:
    """Return the table of facts by category and name; empty where there are none."""
    rows = ""
    for name, category in CATEGORIES.items():
        own = [(fact, value) for (of, fact), value in found.items() if of == name]
        rows += _rows(
            t(category.heading),
            [(fact_names.get(fact) or fact_label(fact), value) for fact, value in own],
        )
    return _table(rows, caption) if rows else ""


def _rows(category: str, pairs: list[tuple[str, str]]) -> str:
    """Return a row for each of *pairs*, fact and value, with *category* once beside them all."""
    head = f'<th scope="rowgroup" rowspan="{len(pairs)}">{escape(category)}</th>'
    cells = (f"<td>{escape(fact)}</td><td>{escape(value)}</td>" for fact, value in pairs)
    rows = "</tr><tr>".join(cells)
    return f"<tbody><tr>{head}{rows}</tr></tbody>" if pairs else ""


def _table(rows: str, caption: str) -> str:
    # Every page has one: in the search index it would make every page an answer to 軟體.
    table = f"<table data-search-exclude><caption>{escape(caption)}</caption>{rows}</table>"
    return f'<div class="ms-environment">{table}</div>'
