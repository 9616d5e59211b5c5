"""A troubleshooting page's entries, listed at its top: which one is it?"""

from collections.abc import Sequence
from html import escape

from mkdocs.structure.toc import AnchorLink

from manualsmith.layout import manual_of
from manualsmith.text import t

# with fewer, the page itself is the list
_WORTH_A_LIST = 3


def entry_list(path: str, toc: Sequence[AnchorLink]) -> str:
    """Return links to the entries of the page at *path*; empty for pages of other manuals.

    *toc* is the page's headings.
    """
    manual = manual_of(path)
    if manual is None or manual.kind.name != "troubleshooting":
        return ""
    entries = toc[0].children if len(toc) == 1 and toc[0].level == 1 else toc
    if len(entries) < _WORTH_A_LIST:
        return ""
    label = escape(t("What do you see?"))
    items = "".join(f'<li><a href="#{escape(one.id)}">{one.title}</a></li>' for one in entries)
    return (
        f'<nav class="ms-entries" aria-label="{label}" data-search-exclude>'
        f"<p><strong>{label}</strong></p><ul>{items}</ul></nav>"
    )
