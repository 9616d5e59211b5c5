"""Find the pages that state a fact of the environment, and those that only mention its value."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from manualsmith.cache.page_facts import PageFacts, PageIndex
from manualsmith.errors import Problem
from manualsmith.git.blobs import BlobReader
from manualsmith.git.trees import paths_with
from manualsmith.layout import Manual, is_page, manual_folders, manual_of, page_of
from manualsmith.markdown.checks.front_matter_check import page_problems
from manualsmith.markdown.locating.mentions import find_mentions
from manualsmith.markdown.reading import front_matter
from manualsmith.markdown.reading.page import Page
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.snapshot import Snapshot

POSSIBLE_SHOWN = 20
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)*")

FactKey = tuple[str, str, str]  # product, category, fact


@dataclass(frozen=True)
class PossibleMention:
    """A line of a page that mentions a value and is bound to no such fact."""

    manual: str
    page: str
    line: int
    text: str


class FactIndex:
    """The facts that the pages of all manuals state; without *pages* there are none."""

    def __init__(self, pages: PageIndex | None = None) -> None:
        self._pages = pages
        self._found: dict[FactKey, list[tuple[str, str]]] = {}

    def pages(self, manual: Manual, key: FactKey) -> dict[str, str]:
        """Return the pages of a manual that are bound to a fact, with the value each states."""
        if self._pages is None:
            return {}
        if key not in self._found:
            self._found[key] = self._pages.stating(*key)
        found = self._found[key]
        return {manual.page(path): value for path, value in found if manual.holds(path)}

    def documented(self) -> dict[str, dict[tuple[str, str], tuple[str, ...]]]:
        """Return the values that pages state, by product, then by category and fact.

        The value that most pages state is first.
        """
        found: dict[str, dict[tuple[str, str], tuple[str, ...]]] = {}
        for product, category, fact, value, _ in self._pages.stated() if self._pages else ():
            values = found.setdefault(product, {})
            values[category, fact] = (*values.get((category, fact), ()), value)
        return found

    def faulty(self) -> list[str]:
        """Return the paths of the pages whose front matter cannot be read as it should."""
        return self._pages.faulty() if self._pages else []

    def with_number(self, number: str) -> list[str]:
        """Return the paths of the pages whose text has a number."""
        return self._pages.with_number(number) if self._pages else []


@contextmanager
def fact_index(workspace: Workspace, reader: BlobReader) -> Iterator[FactIndex]:
    """Open the facts of main's pages, as far as main was read when *workspace* was opened."""
    pages = PageIndex.of(workspace.repository, reader, workspace.main.tip, _extracted)
    try:
        yield FactIndex(pages)
    finally:
        pages.close()


def _extracted(path: str, data: bytes) -> PageFacts:
    """Return what a page states in its front matter, the numbers in its text, and if it is right.

    What is wrong is told by `page_faults`, in the words of who asks.
    """
    faulty = bool(page_problems(data, ""))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return PageFacts(faulty=True)
    front = front_matter.find_front_matter(text)
    numbers = frozenset(_NUMBER.findall(text, front.block.end if front else 0))
    if front is None or "environment" not in front.body.of(text):
        return PageFacts(numbers=numbers, faulty=faulty)
    try:
        entries = front_matter.read_entries(text)
    except front_matter.BadFrontMatter:
        return PageFacts(numbers=numbers, faulty=True)
    product = product_of(path, entries)
    facts = tuple(
        (product, key[1], key[2], entry.value)
        for key, entry in entries.items()
        if product and len(key) == 3 and key[0] == "environment"
    )
    return PageFacts(facts, numbers, faulty)


def product_of(
    path: str, entries: Mapping[front_matter.KeyPath, front_matter.FrontMatterEntry]
) -> str:
    """Return the product that a page is of, by its front matter or its manual; empty for none."""
    named, manual = entries.get(("product",)), manual_of(path)
    return named.value if named else manual.product if manual else ""


def page_faults(index: FactIndex, snapshot: Snapshot) -> list[Problem]:
    """Return what is wrong with pages, whose facts are not seen for it."""
    return [
        problem
        for path in index.faulty()
        for problem in page_problems(snapshot.read(path) or b"", path)
    ]


def possible_mentions(
    index: FactIndex, workspace: Workspace, snapshot: Snapshot, key: FactKey, value: str
) -> list[PossibleMention]:
    """Return up to 20 lines that mention a value on pages that are not bound to its fact."""
    found: list[PossibleMention] = []
    for path in _mentioning(index, workspace, value):
        named = page_of(path)
        if named is None:
            continue
        manual, page = named
        if page in index.pages(manual, key):
            continue
        found += _on_page(snapshot, manual, page, value)
        if len(found) >= POSSIBLE_SHOWN:
            break
    return found[:POSSIBLE_SHOWN]


def _mentioning(index: FactIndex, workspace: Workspace, value: str) -> list[str]:
    if _NUMBER.fullmatch(value):
        return index.with_number(value)
    if "\n" in value:
        return []
    found = paths_with(workspace.repository, workspace.main.tip, value, manual_folders())
    return [path for path in found if is_page(path)]


def _on_page(snapshot: Snapshot, manual: Manual, page: str, value: str) -> list[PossibleMention]:
    blob = snapshot.page(manual, page)
    read = Page(blob.text if blob else "")
    mentions = find_mentions(read, value)
    lines = dict.fromkeys(read.source.line_of(span.start) for span in mentions.certain)
    return [
        PossibleMention(manual.name, page, line + 1, read.source.line_text(line).strip())
        for line in lines
    ]
