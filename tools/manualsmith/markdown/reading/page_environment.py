"""The environment a page was written for: its front matter, and what the settings bind to it.

Where both name a fact, the page's own value counts.
"""

from collections.abc import Mapping

from manualsmith.layout import manual_of
from manualsmith.markdown.reading.front_matter import (
    FrontMatterEntry,
    KeyPath,
    find_front_matter,
    read_entries,
)

Facts = dict[tuple[str, str], str]
"""Values by category and fact name."""


def facts_of(path: str, text: str) -> Facts:
    """Return the facts of the page at *path* in the repository, as the layout in force binds them.

    Raises BadFrontMatter where its front matter cannot be read.
    """
    return {**bound_to(path), **own_facts(text)}


def own_facts(text: str) -> Facts:
    """Return the facts that a page states itself. Raises BadFrontMatter."""
    front = find_front_matter(text)
    if front is None or "environment" not in front.body.of(text):
        return {}
    return stated(read_entries(text))


def stated(entries: Mapping[KeyPath, FrontMatterEntry]) -> Facts:
    """Return the facts among the entries of a page's front matter."""
    return {
        (key[1], key[2]): entry.value
        for key, entry in entries.items()
        if len(key) == 3 and key[0] == "environment"
    }


def bound_to(path: str) -> Facts:
    """Return the facts that the settings bind to the page at *path*, none where it is no page."""
    manual = manual_of(path)
    return manual.bound_to(manual.page(path)) if manual else {}


def product_of(path: str, entries: Mapping[KeyPath, FrontMatterEntry]) -> str:
    """Return the product that a page is of, by its front matter or its manual; empty for none."""
    named, manual = entries.get(("product",)), manual_of(path)
    return named.value if named else manual.product if manual else ""
