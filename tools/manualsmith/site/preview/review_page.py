"""The review page of a suggestion as HTML: why, the environment, the pages before and after."""

from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from manualsmith.layout import layout
from manualsmith.markdown.dialect import DEFAULT, Dialect
from manualsmith.site.pages.compare_html import ComparedRow, compare
from manualsmith.site.pages.image_addresses import with_images
from manualsmith.site.pages.render_page import render
from manualsmith.site.preview.compared_links import without_dead_links
from manualsmith.text import html_language, t
from manualsmith.workflow.workspace.changed_page import ChangedPage, NewPicture

FOLDER = Path(__file__).with_name("review")
# Blocks that did not change, shown before and after those that did.
_AROUND = 1


@dataclass(frozen=True)
class ShownFact:
    """One line of the observed environment; ``documented`` None: the manual says nothing."""

    category: str
    name: str
    documented: str | None
    observed: str

    @property
    def differs(self) -> bool:
        """Whether the manual says something else."""
        return self.documented not in (None, self.observed)


@dataclass(frozen=True)
class ShownConfirmation:
    """A confirmation that the suggestion rests on."""

    id: str
    date: str
    reported: str
    facts: tuple[ShownFact, ...]

    @property
    def told(self) -> str:
        """The confirmation's name and date."""
        return t("environment confirmation {id}, {date}", id=self.id, date=self.date)


@dataclass(frozen=True)
class ReviewPage:
    """What the page shows; ``remarks`` are lines that a reviewer should read before deciding."""

    id: str
    summary: str
    kind: str
    state: str
    reason: str
    proposer: str
    remarks: tuple[str, ...]
    sources: tuple[ShownConfirmation, ...]
    pages: tuple[ChangedPage, ...]
    commands: tuple[tuple[str, str], ...] = ()
    """What to type for a decision: what it does, and the command."""
    dialect: Dialect = DEFAULT
    """The Markdown that the pages are written in."""


@dataclass(frozen=True)
class Listed:
    """A suggestion in the list: where its page is, and what to see of it at once."""

    href: str
    id: str
    summary: str
    pages: str
    days: str
    standing: str
    attention: bool


@dataclass(frozen=True)
class Stretch:
    """Rows that are shown, or alike and folded away."""

    folded: bool
    rows: tuple[ComparedRow, ...]

    @property
    def told(self) -> str:
        """What stands for the rows while they are folded away."""
        return t("unchanged: {count} blocks", count=len(self.rows))


def review_page(shown: ReviewPage, back: str = "") -> str:
    """Return the page as HTML: one file that loads nothing from anywhere.

    *back* is the address of the list that it belongs to.
    """
    new = {page.path: _inlined(page.picture) for page in shown.pages if page.picture}
    pages = [
        (page, compared(page, shown.dialect, lambda path: new.get(path, "")), "")
        for page in shown.pages
    ]
    return _written("page.html", shown=shown, pages=pages, back=back)


def _inlined(picture: NewPicture) -> str:
    """Return an address that is the picture itself."""
    kind = "png" if picture.name.endswith(".png") else "jpeg"
    return f"data:image/{kind};base64,{b64encode(picture.shown).decode()}"


def compared(
    page: ChangedPage, dialect: Dialect, address: Callable[[str], str] = lambda _: ""
) -> list[Stretch]:
    """Return a page before and after as readers see it, in stretches of rows side by side.

    *address* says where an image of the repository is shown from. A picture has no rows.
    """
    if page.picture:
        return []
    texts = (page.before or "", page.after or "")
    if page.path == layout().site:
        texts = (_as_code(texts[0]), _as_code(texts[1]))
    before, after = (render(page.path, text, dialect) for text in texts)
    rows = without_dead_links(compare(before, after))
    return list(_stretches([_with_images(row, page.path, address) for row in rows]))


def _with_images(row: ComparedRow, path: str, address: Callable[[str], str]) -> ComparedRow:
    before, after = (with_images(html, path, address) for html in (row.before, row.after))
    return ComparedRow(row.kind, before, after)


def _as_code(text: str) -> str:
    """Return the lines of the site's settings, each as code."""
    return "\n\n".join(f"```` {line} ````" for line in text.splitlines() if line.strip())


def review_list(listed: Sequence[Listed], title: str) -> str:
    """Return the list of suggestions as HTML: one file that loads nothing from anywhere."""
    return _written("list.html", listed=listed, title=title)


def _written(template: str, **values: object) -> str:
    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals["t"] = t
    environment.globals["labels"] = {
        "reason": t("reason"),
        "reported": t("reported"),
        "proposer": t("proposed by"),
        "category": t("category"),
        "fact": t("fact"),
        "documented": t("documented"),
        "observed": t("observed"),
        "old": t("taken out"),
        "new": t("put in"),
        "commands": t("decide"),
        "back": t("all suggestions"),
        "none": t("nothing is open"),
    }
    made = environment.get_template(template)
    return made.render(**values, language=html_language())


def _stretches(rows: Sequence[ComparedRow]) -> Iterator[Stretch]:
    """Yield the rows in stretches: what changed with what is beside it, and the rest folded."""
    near = {
        number + step
        for number, row in enumerate(rows)
        if row.kind == "changed"
        for step in range(-_AROUND, _AROUND + 1)
    }
    for shown, found in groupby(enumerate(rows), lambda pair: pair[0] in near):
        yield Stretch(not shown, tuple(row for _, row in found))
