"""Find the pages that state a fact of the environment, and those that only mention its value."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

from manualsmith.cache.page_facts import PageFacts, PageIndex
from manualsmith.errors import Problem, UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.git.trees import paths_with
from manualsmith.layout import Manual, is_page, manual_folders, page_of
from manualsmith.markdown.checks.front_matter_check import page_problems
from manualsmith.markdown.locating.mentions import find_mentions
from manualsmith.markdown.reading import front_matter
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.page_environment import Facts, product_of, stated
from manualsmith.workflow.workspace.open_workspace import Workspace, settings_at
from manualsmith.workflow.workspace.snapshot import Snapshot

POSSIBLE_SHOWN = 20
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)*")
_NAMED = re.compile("environment|product")

FactKey = tuple[str, str, str]  # product, category, fact
Bound = Callable[[str], Facts]


@dataclass(frozen=True)
class PossibleMention:
    """A line of a page that mentions a value and is bound to no such fact."""

    manual: str
    page: str
    line: int
    text: str


class FactIndex:
    """The facts that the pages of all manuals state, and those that the settings bind to them.

    Without *pages* there are none. *bound* returns what the settings bind to the page of a path.
    """

    def __init__(self, pages: PageIndex | None = None, bound: Bound | None = None) -> None:
        self._pages, self._bound_to = pages, bound
        self._found: dict[FactKey, dict[str, str]] = {}

    def pages(self, manual: Manual, key: FactKey) -> dict[str, str]:
        """Return the pages of a manual that are bound to a fact, with the value each states."""
        if self._pages is None:
            return {}
        if key not in self._found:
            found = {**self._bound.get(key, {}), **dict(self._pages.stating(*key))}
            self._found[key] = dict(sorted(found.items()))
        found = self._found[key]
        return {manual.page(path): value for path, value in found.items() if manual.holds(path)}

    def bound(self, manual: Manual, page: str, product: str, value: str) -> Facts:
        """Return the facts with a value that the settings bind to a page, and it does not state."""
        path = manual.path(page)
        return {
            (category, fact): value
            for (of, category, fact), pages in self._bound.items()
            if of == product and pages.get(path) == value
        }

    @cached_property
    def _bound(self) -> dict[FactKey, dict[str, str]]:
        """What the settings bind: by fact, the value of each page that does not state its own."""
        found: dict[FactKey, dict[str, str]] = {}
        if self._pages is None or self._bound_to is None:
            return found
        for path, product in self._pages.products():
            for (category, fact), value in self._bound_to(path).items():
                found.setdefault((product, category, fact), {})[path] = value
        for key, pages in found.items():
            for path, _ in self._pages.stating(*key):
                pages.pop(path, None)
        return found

    def documented(self) -> dict[str, dict[tuple[str, str], tuple[str, ...]]]:
        """Return the values that pages state, by product, then by category and fact.

        The value that most pages state is first.
        """
        counts = self.counted()
        found: dict[str, dict[tuple[str, str], tuple[str, ...]]] = {}
        for product, category, fact, value in sorted(counts, key=lambda k: (*k[:3], -counts[k], k)):
            values = found.setdefault(product, {})
            values[category, fact] = (*values.get((category, fact), ()), value)
        return found

    def counted(self) -> dict[tuple[str, str, str, str], int]:
        """Return each product, category, fact and value, and how many pages it is stated of."""
        rows = self._pages.stated() if self._pages else ()
        counts = Counter({(of, category, fact, value): n for of, category, fact, value, n in rows})
        for key, pages in self._bound.items():
            counts.update((*key, value) for value in pages.values())
        return counts

    def faulty(self) -> list[str]:
        """Return the paths of the pages whose front matter cannot be read as it should."""
        return self._pages.faulty() if self._pages else []

    def with_number(self, number: str) -> list[str]:
        """Return the paths of the pages whose text has a number."""
        return self._pages.with_number(number) if self._pages else []


@contextmanager
def fact_index(workspace: Workspace, reader: BlobReader) -> Iterator[FactIndex]:
    """Open the facts of main's pages, as far as main was read when *workspace* was opened.

    What the settings bind is what they bound there, whatever they say today.
    """
    pages = PageIndex.of(workspace.repository, reader, workspace.main.tip, _extracted)
    try:
        yield FactIndex(pages, _bound_at(reader, workspace.main.tip))
    finally:
        pages.close()


def documented_facts(
    workspace: Workspace,
) -> dict[str, dict[tuple[str, str], tuple[str, ...]]]:
    """Return what main's pages state, as `FactIndex.documented` has it."""
    with BlobReader(workspace.repository) as reader, fact_index(workspace, reader) as index:
        return index.documented()


def _bound_at(reader: BlobReader, commit: str) -> Bound | None:
    """Return what a commit's settings bind to pages, None where they bind nothing or do not read.

    The pages are those of today's manuals, by name.
    """
    try:
        layout = settings_at(reader, commit).layout
    except UserError:
        return None
    if not any(manual.bound for manual in layout.manuals.values()):
        return None

    def bound(path: str) -> Facts:
        named = page_of(path)
        then = layout.manuals.get(named[0].name) if named else None
        return then.bound_to(named[1]) if named and then else {}

    return bound


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
    says_more = front and _NAMED.search(front.body.of(text))
    try:
        entries = front_matter.read_entries(text) if says_more else {}
    except front_matter.BadFrontMatter:
        return PageFacts(numbers=numbers, faulty=True)
    product = product_of(path, entries)
    found = stated(entries).items() if product else ()
    facts = tuple((product, category, fact, value) for (category, fact), value in found)
    return PageFacts(facts, numbers, faulty, product)


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
