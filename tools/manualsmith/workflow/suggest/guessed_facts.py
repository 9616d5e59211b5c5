"""The facts that pages state, and a guess at those that they only mention."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.layout import MANUALS, Manual, writing
from manualsmith.markdown.edit_models import SetFrontMatter
from manualsmith.markdown.locating.version_mentions import VersionMention, version_mentions
from manualsmith.markdown.reading.front_matter import BadFrontMatter, read_entries
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.page_environment import facts_of, product_of
from manualsmith.records.models.confirmation import Finding
from manualsmith.text import t
from manualsmith.workflow.queue.named_pages import page_named
from manualsmith.workflow.service.draft_confirmation import DraftedConfirmation, from_findings
from manualsmith.workflow.service.fact_names import (
    NamedFact,
    fact_called,
    facts_like,
    known_facts,
    nearest_facts,
    new_fact,
)
from manualsmith.workflow.service.service_records import read_desk, records_of
from manualsmith.workflow.suggest.bound_facts import fact_index
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.snapshot import PageBlob, Snapshot, main_snapshot


@dataclass(frozen=True)
class StatedFact:
    """A value of a product's fact, and how many pages state it or have it from the settings."""

    product: str
    category: str
    fact: str
    value: str
    pages: int

    def as_json(self) -> dict[str, Any]:
        """Return plain values for ``--json``."""
        return asdict(self)


@dataclass(frozen=True)
class GuessedFact:
    """A version that a page mentions and states no fact for; ``product`` is empty for none."""

    manual: str
    page: str
    product: str
    mention: VersionMention

    @property
    def path(self) -> str:
        """The page's path in the repository."""
        return MANUALS[self.manual].path(self.page)

    def as_json(self) -> dict[str, Any]:
        """Return plain values for ``--json``."""
        named = {"manual": self.manual, "page": self.page, "product": self.product}
        return {**named, **asdict(self.mention)}


def stated_facts(workspace: Workspace) -> list[StatedFact]:
    """Return what main's pages state of their environments."""
    with BlobReader(workspace.repository) as reader, fact_index(workspace, reader) as index:
        return [StatedFact(*key, pages=count) for key, count in sorted(index.counted().items())]


def all_facts(workspace: Workspace) -> list[NamedFact]:
    """Return the facts that settings, main's pages and confirmations name."""
    with BlobReader(workspace.repository) as reader, fact_index(workspace, reader) as index:
        documented = [fact for stated in index.documented().values() for fact in stated]
    seen = sorted(read_desk(records_of(workspace)).final, key=lambda one: (one.date, one.id))
    return known_facts((one.environment for one in seen), documented)


def facts_meant(workspace: Workspace, said: str, category: str | None) -> list[NamedFact]:
    """Return the facts that are meant: the one that is called so, else a new one of *category*.

    Without a category, those of which half the name was said. Raises UserError where there is none.
    """
    known = all_facts(workspace)
    if found := fact_called(said, known):
        return [found]
    if category:
        return [new_fact(said, category, known)]
    found_half = facts_like(said, known)
    if not found_half:
        raise UserError(
            t("{fact}: which category?", fact=said),
            hint=nearest_facts(said, known) or t("name it: --category software"),
        )
    return found_half


def guess_facts(workspace: Workspace, pages: Sequence[str] = ()) -> list[GuessedFact]:
    """Return what main's pages mention and do not state; of *pages* alone where some are named.

    Raises UserError where there is no such page.
    """
    with BlobReader(workspace.repository) as reader:
        snapshot = main_snapshot(workspace, reader)
        with fact_index(workspace, reader) as index:
            documented = index.documented()
        known = {
            product: [fact for category, fact in facts if category == "software"]
            for product, facts in documented.items()
        }
        return [
            GuessedFact(manual.name, blob.page, product, mention)
            for manual, blob in _pages(snapshot, pages)
            for product, mention in _mentions(manual, blob, known)
        ]


def _pages(snapshot: Snapshot, pages: Sequence[str]) -> Iterator[tuple[Manual, PageBlob]]:
    if not pages:
        for manual in MANUALS.values():
            yield from ((manual, blob) for blob in snapshot.texts(manual))
    for named in pages:
        manual, page = page_named(snapshot, named, "operation")
        if blob := snapshot.page(manual, page):
            yield manual, blob


def _mentions(
    manual: Manual, blob: PageBlob, known: dict[str, list[str]]
) -> Iterator[tuple[str, VersionMention]]:
    """Yield the guesses of a page with its product; of one whose front matter is odd, none."""
    path = manual.path(blob.page)
    try:
        product, stated = product_of(path, read_entries(blob.text)), facts_of(path, blob.text)
    except BadFrontMatter:
        return
    for mention in version_mentions(Page(blob.text), product, known.get(product, ()), stated):
        yield product, mention


def draft_of_guesses(
    workspace: Workspace,
    records: Workspace,
    guesses: Sequence[GuessedFact],
    product: str | None,
    staff: str,
    when: datetime,
    *,
    dry_run: bool = False,
) -> DraftedConfirmation:
    """Draft the confirmation that adds guesses of a product to the pages, a finding for each.

    Raises UserError where there is none, or they are of several products and none is named.
    """
    products = sorted({one.product for one in guesses if one.product})
    if product is None and len(products) > 1:
        raise UserError(t("which product?"), hint=t("name it: {names}", names=", ".join(products)))
    wanted = product or next(iter(products), "")
    of_it = [one for one in guesses if wanted and one.product == wanted]
    if not of_it:
        raise UserError(
            t("no page of a product mentions a version that it does not state"),
            hint=t("a page's product is in its front matter, or its manual's in pyproject.toml"),
        )
    with writing():
        reported = t("Pages mention versions that they do not state")
    findings = [_finding(n, one) for n, one in enumerate(of_it, start=1)]
    left = _left_out(guesses)
    return from_findings(
        workspace, records, wanted, reported, findings, staff, when, left, dry_run=dry_run
    )


def _left_out(guesses: Sequence[GuessedFact]) -> list[str]:
    """Return what a draft leaves out."""
    nameless = sorted({one.path for one in guesses if not one.product})
    if not nameless:
        return []
    pages = ", ".join(nameless[:5]) + (", …" if len(nameless) > 5 else "")
    return [t("of no product, and left out: {pages}", pages=pages)]


def _finding(number: int, one: GuessedFact) -> Finding:
    mention = one.mention
    fact, value = mention.fact, mention.value
    key = ("environment", mention.category, fact)
    with writing(one.manual):
        return Finding(
            id=number,
            summary=t(
                "{fact} is {value}, as the page says", fact=mention.fact, value=mention.value
            ),
            manual=one.manual,
            page=one.page,
            reason=t("line {line} says: {words}", line=mention.line, words=mention.words),
            edit=SetFrontMatter(action="set-front-matter", key=key, value=value),
        )
