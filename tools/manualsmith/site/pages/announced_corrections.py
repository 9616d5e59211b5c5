"""Announce open corrections: a line for readers on the step that one changes, where it is set."""

import re
from collections.abc import Callable, Iterable, Sequence
from html import escape

from manualsmith.site.pages.compare_html import ComparedRow, compare
from manualsmith.site.pages.html_headings import beneath_first
from manualsmith.text import t
from manualsmith.workflow.queue.preview_suggestions import Waiting

_MARKS = re.compile(r"</?del>")


def with_announcements(html: str, waiting: Sequence[Waiting], render: Callable[[str], str]) -> str:
    """Return a page's *html* with a line at each place that is going to be corrected.

    *render* makes HTML of a page's Markdown as *html* was made.
    """
    # Against the page as it was made, and not against other lines of ours.
    places = [
        (_place(html, compare(render(o.before), render(o.after), whole=True)), o) for o in waiting
    ]
    # From the last one back: what is put in moves only what is behind it.
    for at, one in sorted(
        places, key=lambda pair: -1 if pair[0] is None else pair[0], reverse=True
    ):
        told = escape(t("A correction of this is being reviewed: {summary}", summary=one.summary))
        line = f'<small class="ms-announced" role="note" data-search-exclude>{told}</small> '
        html = beneath_first(html, line) if at is None else f"{html[:at]}{line}{html[at:]}"
    return html


def _place(html: str, rows: Iterable[ComparedRow]) -> int | None:
    """Return where in *html* a line belongs: in the first step, or before the block, that changes.

    None where no block of the page itself does.
    """
    for row in rows:
        if row.kind == "changed" and row.before.strip():
            at = html.find(_MARKS.sub("", row.before))
            if at < 0:
                return None
            first = row.before.find("<del>")
            step = row.before.rfind("<li>", 0, first) if first >= 0 else -1
            inside = len("<li>") + len(_MARKS.sub("", row.before[:step])) if step >= 0 else 0
            return at + inside
    return None
