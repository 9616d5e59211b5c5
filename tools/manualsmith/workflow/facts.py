"""Which pages are bound to a fact of the environment, and which only mention its value."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from manualsmith.layout import MANUALS, Manual, ManualName
from manualsmith.markdown import frontmatter
from manualsmith.markdown.mentions import find_mentions
from manualsmith.markdown.page import Page
from manualsmith.text import t
from manualsmith.workflow.snapshot import Snapshot

POSSIBLE_SHOWN = 20
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)*")

FactKey = tuple[str, str, str]  # product, category, fact


@dataclass(frozen=True)
class PossibleMention:
    """A line of a page that mentions a value and is bound to no such fact."""

    manual: ManualName
    page: str
    line: int
    text: str


@dataclass
class FactIndex:
    """The facts that the pages of all manuals state."""

    bound: dict[tuple[str, FactKey], dict[str, str]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    numbers: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    unreadable: list[str] = field(default_factory=list)

    def pages(self, manual: Manual, key: FactKey) -> dict[str, str]:
        """Return the pages of a manual that are bound to a fact, with the value each states."""
        return self.bound.get((manual.name, key), {})


def index_facts(snapshot: Snapshot) -> FactIndex:
    """Return the facts of every page of a commit."""
    index = FactIndex()
    for manual in MANUALS.values():
        for blob in snapshot.texts(manual):
            _take(index, manual, blob.page, blob.text)
    return index


def _take(index: FactIndex, manual: Manual, page: str, text: str) -> None:
    front = frontmatter.find_front_matter(text)
    for number in set(_NUMBER.findall(text, front.block.end if front else 0)):
        index.numbers[number].append((manual.name, page))
    if front is None or "environment" not in front.body.of(text):
        return
    try:
        entries = frontmatter.read_entries(text)
    except frontmatter.BadFrontMatter as error:
        index.unreadable.append(
            t(
                "{path}:{line}: the front matter cannot be read: {reason}",
                path=f"{manual.folder}/{page}",
                line=error.line + 1,
                reason=error,
            )
        )
        return
    product = entries.get(("product",))
    for key, entry in entries.items():
        if product and len(key) == 3 and key[0] == "environment":
            index.bound[manual.name, (product.value, key[1], key[2])][page] = entry.value


def possible_mentions(
    index: FactIndex, snapshot: Snapshot, key: FactKey, value: str
) -> list[PossibleMention]:
    """Return up to 20 lines that mention a value on pages that are not bound to its fact."""
    found: list[PossibleMention] = []
    for manual, page in _mentioning(index, snapshot, value):
        if page in index.pages(manual, key):
            continue
        found += _on_page(snapshot, manual, page, value)
        if len(found) >= POSSIBLE_SHOWN:
            break
    return found[:POSSIBLE_SHOWN]


def _mentioning(index: FactIndex, snapshot: Snapshot, value: str) -> list[tuple[Manual, str]]:
    if _NUMBER.fullmatch(value):
        return [(MANUALS[name], page) for name, page in index.numbers.get(value, ())]
    return [
        (manual, blob.page)
        for manual in MANUALS.values()
        for blob in snapshot.texts(manual)
        if value in blob.text
    ]


def _on_page(snapshot: Snapshot, manual: Manual, page: str, value: str) -> list[PossibleMention]:
    blob = snapshot.page(manual, page)
    read = Page(blob.text if blob else "")
    mentions = find_mentions(read, value)
    lines = dict.fromkeys(read.source.line_of(span.start) for span in mentions.certain)
    return [
        PossibleMention(manual.name, page, line + 1, read.source.line_text(line).strip())
        for line in lines
    ]
