"""The labels that the pages of a product quote."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from manualsmith.catalogues.wordings import bare
from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.layout import MANUALS, Manual, manuals_language
from manualsmith.markdown.dialect import Dialect
from manualsmith.markdown.locating.quoted_labels import QuotedLabel, marks_named, quoted_labels
from manualsmith.markdown.reading.front_matter import BadFrontMatter, read_entries
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.page_environment import product_of
from manualsmith.settings.label_settings import LabelSettings
from manualsmith.text import t
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.snapshot import PageBlob, main_snapshot


@dataclass(frozen=True, eq=False)
class LabelledPage:
    """A page of a manual, and the labels that it quotes, in order."""

    manual: Manual
    path: str
    page: Page
    labels: tuple[QuotedLabel, ...]

    def section_of(self, label: QuotedLabel) -> tuple[str, ...] | None:
        """Return the heading path over a label, None before any heading."""
        section = self.page.section_at(label.line - 1)
        return section.path if section else None

    def is_in_heading(self, label: QuotedLabel) -> bool:
        """Return whether a label stands in the heading of its section."""
        section = self.page.section_at(label.line - 1)
        return section is not None and label.line <= section.body

    def place(self, label: QuotedLabel) -> str:
        """Return where a label stands: the page's path in the repository, and the line."""
        return f"{self.manual.path(self.path)}:{label.line}"

    def as_json(self, label: QuotedLabel) -> dict[str, Any]:
        """Return plain values for ``--json``."""
        return {
            "manual": self.manual.name,
            "page": self.path,
            "line": label.line,
            "section": list(self.section_of(label) or ()),
            "label": label.words,
        }

    @cached_property
    def words(self) -> frozenset[str]:
        """The labels of the page, written bare."""
        return frozenset(bare(one.words) for one in self.labels)

    @cached_property
    def by_section(self) -> dict[tuple[str, ...] | None, frozenset[str]]:
        """The labels of each section, written bare."""
        found: dict[tuple[str, ...] | None, set[str]] = {}
        for one in self.labels:
            found.setdefault(self.section_of(one), set()).add(bare(one.words))
        return {section: frozenset(words) for section, words in found.items()}


@dataclass(frozen=True)
class LabelledPages:
    """The pages of a product in one language, those without a label left out."""

    product: str
    locale: str
    pages: tuple[LabelledPage, ...]


def labelled_pages(
    workspace: Workspace, product: str | None = None, locale: str | None = None
) -> LabelledPages:
    """Return main's pages of a product, the only one where none is named, in a language.

    The language is that of the manuals where no *locale*, such as ``zh_TW``, is named. Raises
    UserError where no manual is in it, or several products have pages and none is named.
    """
    named = locale or manuals_language()
    manuals = [one for one in MANUALS.values() if _same_language(one.language, named)]
    if not manuals:
        known = ", ".join(sorted({one.language for one in MANUALS.values()}))
        raise UserError(t("no manual is in {locale}", locale=named),
                        hint=t("the manuals are in: {names}", names=known))  # fmt: skip
    with BlobReader(workspace.repository) as reader:
        snapshot = main_snapshot(workspace, reader)
        dialects = [snapshot.dialect_for(manual) for manual in manuals]  # they are read in between
        found = [
            (of, page)
            for manual, dialect in zip(manuals, dialects, strict=True)
            for blob in snapshot.texts(manual)
            for of, page in _of_page(workspace.settings.labels, dialect, manual, blob, product)
        ]
    product = product or _only({of for of, _ in found if of})
    return LabelledPages(product, named, tuple(page for of, page in found if of in ("", product)))


def _same_language(one: str, other: str) -> bool:
    return one.lower().replace("_", "-") == other.lower().replace("_", "-")


def _only(products: set[str]) -> str:
    if len(products) != 1:
        names = ", ".join(sorted(products))
        hint = t("name it: {names}", names=names) if products else "--product nextcloud"
        raise UserError(t("which product?"), hint=hint)
    return products.pop()


def _of_page(
    settings: LabelSettings, dialect: Dialect, manual: Manual, blob: PageBlob, wanted: str | None
) -> Iterator[tuple[str, LabelledPage]]:
    """Yield a page with its product, unless it has no labels, odd front matter, or another product.

    *wanted* is the product whose pages are asked for, None for any.
    """
    try:
        entries = read_entries(blob.text)
    except BadFrontMatter:
        return
    product = product_of(manual.path(blob.page), entries)
    if wanted and product not in ("", wanted):
        return
    marks = marks_named(blob.text) or settings.marks_of(manual.name)
    page = Page(blob.text, dialect)
    labels = tuple(one for one in quoted_labels(page, marks) if one.words not in settings.ignore)
    if labels:
        yield product, LabelledPage(manual, blob.page, page, labels)
