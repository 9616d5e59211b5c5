"""How a new entry that unfolds is written: as the page's last one, else as the site reads it."""

from collections.abc import Mapping
from html import escape
from textwrap import indent

from manualsmith.layout import layout
from manualsmith.markdown.entries.entry_blocks import (
    INDENT,
    entry_blocks,
    inner_page,
    reads_within_html,
)
from manualsmith.markdown.entries.troubleshooting_entry import has_label, labelled, read_parts
from manualsmith.markdown.locating.locate import place_of
from manualsmith.markdown.lost_target import TargetLost
from manualsmith.markdown.reading.page import Page
from manualsmith.text import t

_KIND = "question"


def written_block(page: Page, symptom: str, parts: Mapping[str, str]) -> str:
    """Return an entry with lines ended by ``\\n``. Raises TargetLost where the site reads none."""
    read = [one for one in entry_blocks(page) if one.is_read]
    words = "\n\n".join(_part(page, name, text) for name, text in parts.items())
    if (read and read[-1].kind) or (not read and "pymdownx.details" in page.dialect.extensions):
        kind = read[-1].kind if read else _KIND
        return f'??? {kind} "{written_symptom(symptom, kind)}"\n\n{indent(words, " " * INDENT)}'
    if read:
        opening = read[-1].opening
    elif reads_within_html(page, False):
        opening = "<details>"
    elif reads_within_html(page, True):
        opening = '<details markdown="1">'
    else:
        raise unread(page, page.body.start)
    head = f"{opening}\n<summary>{written_symptom(symptom, '')}</summary>"
    return f"{head}\n\n{words}\n\n</details>"


def _part(page: Page, name: str, text: str) -> str:
    """Return a part with its label; a resolution has none where the page's last entry has none."""
    blocks = entry_blocks(page)
    if blocks and name == "resolution":
        inner = inner_page(page, blocks[-1])
        there = read_parts(inner.page, inner.section).get(name)
        if there and not has_label(inner.page, there):
            return text
    return labelled(page, name, text, 1)


def written_symptom(symptom: str, kind: str) -> str:
    """Return a symptom for the first line of a block of that *kind*, or for ``<summary>``."""
    return symptom.strip() if kind else escape(symptom.strip(), quote=False)


def unread(page: Page, offset: int) -> TargetLost:
    """Return the error for a site that reads no Markdown in what unfolds."""
    return TargetLost(
        "structure",
        t("the site's Markdown reads nothing of what stands in an entry that unfolds"),
        place=place_of(page, offset),
        hint=t(
            "add pymdownx.details to markdown_extensions in {path}, or md_in_html, and "
            'markdown="1" to <details>',
            path=layout().site,
        ),
    )
