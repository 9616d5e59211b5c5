"""Where things lie in a repository: its manuals, records and suggestions, by folder and branch.

What a repository says of it in ``[tool.manualsmith.manuals]`` and ``[tool.manualsmith.folders]`` is
read by `layout_settings`. A process works on one repository, whose `Layout` is in force from when
it was opened (`use`). Source of outputs and indicators: occupational standard IIS3512-001v1.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from manualsmith.errors import UserError
from manualsmith.organisation import Label, Organisation, label_text
from manualsmith.standard_facts import STANDARD_FACTS
from manualsmith.text import LANGUAGES, marked, speaking, t

if TYPE_CHECKING:
    from pathspec import PathSpec

STATES = ("open", "accepted", "rejected", "withdrawn", "superseded", "reverted")
# Markdown, and Markdown with components, as Docusaurus has it.
PAGE_SUFFIXES = (".md", ".mdx")
MARKDOWNS = ("mkdocs", "commonmark")
# Of a manual, as a pattern: it is a part of ids, and of the names of branches.
MANUAL_NAME = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
# Of a troubleshooting entry: the forms that one has, and its parts; see markdown/entry_form.py.
SHAPES = ("labels", "headings", "answer", "table", "details")
SYMPTOM = "symptom"
ENTRY_PARTS = ("environment", "cause", "resolution")


@dataclass(frozen=True)
class ManualKind:
    """A kind of manual: its name, and the standard's output and indicator for edits to one.

    The labels are in English; `text.t` puts them into the reader's language, or the manual's.
    """

    name: str
    label: str
    output: str
    output_label: str
    indicator: str


KINDS: dict[str, ManualKind] = {
    "operation": ManualKind(
        name="operation",
        label=marked("Operation manual"),
        output="O1.2.1",
        output_label=marked("Suggested correction of the operation manual"),
        indicator="P1.2.1",
    ),
    "troubleshooting": ManualKind(
        name="troubleshooting",
        label=marked("Troubleshooting manual"),
        output="O1.2.2",
        output_label=marked("Suggested correction of the troubleshooting manual"),
        indicator="P1.2.2",
    ),
}


@dataclass(frozen=True)
class BoundFacts:
    """Facts that the settings bind to pages of a manual: those of the patterns, or every one.

    values: by category and name, such as ``("software", "server.version")``.
    """

    values: Mapping[tuple[str, str], str]
    chosen: tuple[str, ...] = ()

    def holds(self, page: str) -> bool:
        """Return whether a page of the manual is among those."""
        return not self.chosen or self._chosen.match_file(page)

    @cached_property
    def _chosen(self) -> "PathSpec[Any]":
        return _patterns(self.chosen)


@dataclass(frozen=True)
class Manual:
    """One manual: where its pages are, what it is called, and what kind it is of.

    folder: from the repository's root. chosen, left_out: patterns as in a ``.gitignore``, from that
    folder; every file is the manual's where none is chosen. own_title: empty for the kind's.
    product: of the pages whose front matter names none. entry_shape, entry_words: how its entries
    are written, as `markdown.entry_form` has it. bound: the facts of pages that do not state them.
    """

    name: str
    kind: ManualKind
    folder: str
    own_title: str = ""
    language: str = "zh-TW"
    product: str = ""
    chosen: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    entry_shape: str = "labels"
    entry_words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    bound: tuple[BoundFacts, ...] = ()

    @property
    def title(self) -> str:
        """What it is called in its own language."""
        with speaking(self.language):
            return t(self.label)

    @property
    def label(self) -> str:
        """What people read, for `text.t`."""
        return self.own_title or self.kind.label

    @property
    def output(self) -> str:
        """The standard's number of the record of an edit to it."""
        return self.kind.output

    @property
    def suggestions(self) -> str:
        """The folder of the records of decided suggestions."""
        return f"{suggestions_folder()}/{self.name}"

    @property
    def branches(self) -> str:
        """The folder of its suggestions' branches: the output, and the name where it is another."""
        return self.output if self.name == self.kind.name else f"{self.output}-{self.name}"

    def path(self, page: str) -> str:
        """Return the path in the repository of one of its pages."""
        return f"{self.folder}/{page}"

    def page(self, path: str) -> str:
        """Return what a path in the repository, which `holds` says is its own, is called in it."""
        return path[len(self.folder) + 1 :]

    def bound_to(self, page: str) -> dict[tuple[str, str], str]:
        """Return the facts that the settings bind to one of its pages; of two the later counts."""
        return {
            fact: value
            for one in self.bound
            if one.holds(page)
            for fact, value in one.values.items()
        }

    def holds(self, path: str) -> bool:
        """Return whether a file of the repository is the manual's."""
        if not path.startswith(f"{self.folder}/"):
            return False
        inner = self.page(path)
        if self.chosen and not self._chosen.match_file(inner):
            return False
        return not (self.left_out and self._left_out.match_file(inner))

    def would_hold(self, path: str) -> bool:
        """Return whether a file in its folder were its own but for the case of letters."""
        if not path.startswith(f"{self.folder}/") or not self.chosen:
            return False
        return self._in_small_letters.holds(self.path(self.page(path).casefold()))

    @cached_property
    def _in_small_letters(self) -> "Manual":
        chosen, out = (tuple(map(str.casefold, one)) for one in (self.chosen, self.left_out))
        return replace(self, chosen=chosen, left_out=out)

    @cached_property
    def _chosen(self) -> "PathSpec[Any]":
        return _patterns(self.chosen)

    @cached_property
    def _left_out(self) -> "PathSpec[Any]":
        return _patterns(self.left_out)


_STARS = re.compile(r"\*+")
_MOST_STARS = 3
_LONGEST_PATTERN = 200


def pattern_fault(pattern: str) -> str | None:
    """Return what a pattern has to be, None where it is one that takes no long time to try."""
    parts = pattern.split("/")
    stars = max(len(_STARS.findall(part)) for part in parts)
    if len(pattern) > _LONGEST_PATTERN or max(stars, parts.count("**")) > _MOST_STARS:
        return t("patterns of up to {length} letters, with up to {count} * in a name",
                 length=_LONGEST_PATTERN, count=_MOST_STARS)  # fmt: skip
    try:
        _patterns([pattern])
    except (ValueError, re.error):
        return t("a list of patterns, as in a .gitignore")
    return None


def _patterns(lines: Sequence[str]) -> "PathSpec[Any]":
    from pathspec import PathSpec

    return PathSpec.from_lines("gitignore", lines)


@dataclass(frozen=True)
class Layout:
    """What a repository has where; folders are from its root.

    docs: the site's pages beside the manuals'. site: the settings of the site. markdown: how its
    pages are read: ``mkdocs``, by those settings, or ``commonmark``, for other builders.
    organisation: whose they are. facts: what people read for the name of a fact,
    what the settings say of it over `FACT_LABELS`.
    """

    manuals: Mapping[str, Manual]
    records: str = "records"
    suggestions: str = "suggestions"
    docs: str = "docs"
    site: str = "mkdocs.yml"
    markdown: str = "mkdocs"
    organisation: Organisation = Organisation()
    facts: Mapping[str, Label] = field(default_factory=lambda: FACT_LABELS)

    @cached_property
    def by_branches(self) -> Mapping[str, Manual]:
        """The manuals by the folder of their suggestions' branches."""
        return {one.branches: one for one in reversed([*self.manuals.values()])}


FACT_LABELS: Mapping[str, Label] = {name: fact.label for name, fact in STANDARD_FACTS.items()}
DEFAULT = Layout({name: Manual(name, kind, f"manuals/{name}") for name, kind in KINDS.items()})


@dataclass
class _InForce:
    layout: Layout = field(default_factory=lambda: DEFAULT)


_in_force = _InForce()


def use(layout: Layout) -> None:
    """Have a layout in force, in this process, from now on."""
    _in_force.layout = layout


def layout() -> Layout:
    """Return the layout in force."""
    return _in_force.layout


def organisation() -> Organisation:
    """Return the organisation whose repository is worked on."""
    return _in_force.layout.organisation


def fact_label(name: str, said: str | None = None) -> str:
    """Return what people read for the name of a fact: what is set, else *said*, else the name.

    said: what a record calls it, where somebody has named a fact that is not set.
    """
    labels = _in_force.layout.facts
    return label_text(labels[name]) if name in labels else said or name


def set_labels(name: str) -> tuple[str, ...]:
    """Return what a fact is called, in every language; nothing where nothing is set or standard."""
    label = layout().facts.get(name)
    if label is None:
        return ()
    return tuple(dict.fromkeys(_in_each_language(label)))


def _in_each_language(label: Label) -> Iterator[str]:
    for one in LANGUAGES:
        with speaking(one):
            yield label_text(label)


class _Manuals(Mapping[str, Manual]):
    """The manuals of the layout in force, by name."""

    def __getitem__(self, name: str) -> Manual:
        """Return the manual of a name. Raises UserError where none is set, or none any more."""
        if name not in layout().manuals:
            known = ", ".join(layout().manuals)
            raise UserError(
                t("there is no manual {name}", name=name), hint=t("manuals: {names}", names=known)
            )
        return layout().manuals[name]

    def __contains__(self, name: object) -> bool:
        return name in layout().manuals

    def __iter__(self) -> Iterator[str]:
        return iter(layout().manuals)

    def __len__(self) -> int:
        return len(layout().manuals)


MANUALS: Mapping[str, Manual] = _Manuals()


def writing(manual: str = "") -> AbstractContextManager[None]:
    """Have `text.t` answer as files and commits are written: in the language of that manual.

    It is nobody's language of the moment: the same input gives the same bytes.
    """
    return speaking(MANUALS[manual].language if manual else manuals_language())


def manuals_language() -> str:
    """Return the language of what is of no manual alone: that of the first."""
    return next(iter(MANUALS.values())).language


def manuals_of(kind: str) -> list[Manual]:
    """Return the manuals of a kind, in their order."""
    return [manual for manual in MANUALS.values() if manual.kind.name == kind]


def first_manual(kind: str) -> Manual:
    """Return the manual that is meant where a kind alone is known.

    Raises UserError where there is none.
    """
    found = manuals_of(kind)
    if not found:
        raise UserError(
            t("there is no manual of the kind {kind}", kind=kind),
            hint=t("set one in pyproject.toml: [tool.manualsmith.manuals.NAME]"),
        )
    return found[0]


def manual_of(path: str) -> Manual | None:
    """Return the manual that a file of the repository is of, None where it is of none."""
    return next((manual for manual in MANUALS.values() if manual.holds(path)), None)


def is_left_out(path: str) -> bool:
    """Return whether a file is in a manual's folder, and patterns keep it out of every manual."""
    around = any(path.startswith(f"{manual.folder}/") for manual in MANUALS.values())
    return around and manual_of(path) is None


def named_page(text: str, kind: str) -> tuple[Manual, str]:
    """Return the manual and the page that people name: by the path in the repository, by the
    manual's name and the page, or by the page alone, which is then of the first manual of *kind*.

    Whether there is such a page is not looked at. Raises UserError where there is no such manual.
    """
    if found := page_of(text):
        return found
    name, _, page = text.partition("/")
    return (MANUALS[name], page) if page and name in MANUALS else (first_manual(kind), text)


def pages_rule() -> str:
    """Return what tells that another layout has other pages, or calls them otherwise."""
    return repr([replace(manual, bound=()) for manual in MANUALS.values()])


def is_page(path: str) -> bool:
    """Return whether a file is a page, by its name."""
    return path.endswith(PAGE_SUFFIXES)


def confirmations_folder() -> str:
    """Return the folder of environment confirmations."""
    return RECORDS["ENV"].folder


def schema_path() -> str:
    """Return where the schema is that a confirmation's first line names."""
    return f"{layout().records}/schema/confirmation.json"


def suggestions_folder() -> str:
    """Return the folder that holds the records of decided suggestions, a folder for each manual."""
    return layout().suggestions


def by_hand_folder() -> str:
    """Return the folder of the records of changes that nobody suggested."""
    return f"{suggestions_folder()}/by-hand"


def manual_folders() -> list[str]:
    """Return the folders to look for the manuals' files in, none of them inside another."""
    return _outermost([manual.folder for manual in MANUALS.values()])


def page_folders() -> list[str]:
    """Return the folders to look for the site's pages in, the manuals' among them."""
    return _outermost([layout().docs, *(manual.folder for manual in MANUALS.values())])


def outermost_folder(path: str) -> str:
    """Return the one of `manual_folders` that a manual's file is in."""
    return next(one for one in manual_folders() if path.startswith(f"{one}/"))


def _outermost(folders: Sequence[str]) -> list[str]:
    kept = dict.fromkeys(folders)
    return [one for one in kept if not any(one != o and one.startswith(f"{o}/") for o in kept)]


@dataclass(frozen=True)
class RecordKind:
    """A kind of record: its folder's name, the standard's output, and what it is evidence for.

    model: its class under ``records/models/``. title is the standard's; label, in English, is put
    into the reader's language by `text.t`.
    """

    name: str
    model: str
    output: str
    title: str
    label: str
    indicators: tuple[str, ...]

    @property
    def folder(self) -> str:
        """The folder of such records in the repository that holds them."""
        return f"{layout().records}/{self.name}"


# By the prefix of their ids.
RECORDS: dict[str, RecordKind] = {
    "ENV": RecordKind(
        "confirmations",
        "confirmation.Confirmation",
        "O1.1.1",
        "系統環境確認書",
        marked("System environment confirmation"),
        ("P1.1.1", "P1.1.2"),
    ),
    "WLK": RecordKind(
        "walkthroughs",
        "walkthrough.Walkthrough",
        "O2.1.1",
        "操作方式確認表",
        marked("Walkthrough"),
        ("P2.1.1", "P2.1.2"),
    ),
    "REQ": RecordKind(
        "requests",
        "request.Request",
        "O2.2.1",
        "異常處理申請單",
        marked("Problem request"),
        ("P2.2.1",),
    ),
    "INC": RecordKind(
        "incidents",
        "incident.Incident",
        "O2.2.2",
        "異常處理紀錄表",
        marked("Incident record"),
        ("P2.2.2", "P2.2.3", "P2.2.4"),
    ),
}


@dataclass(frozen=True)
class Category:
    """A category of an environment: what the standard calls it, and a label as above.

    heading: a label as well, as it stands beside the facts on a page of the site.
    """

    title: str
    label: str
    heading: str


# Note 1 of the standard, in its order.
CATEGORIES: dict[str, Category] = {
    "hardware": Category("硬體", marked("hardware"), marked("Hardware")),
    "software": Category("軟體", marked("software"), marked("Software")),
    "network": Category("網路", marked("network"), marked("Network")),
    "roles": Category("操作人員的角色", marked("operator roles"), marked("Operator roles")),
    "procedures": Category(
        "操作程序", marked("operating procedures"), marked("Operating procedures")
    ),
}


def filed_as(record_id: str) -> str:
    """Return what a record is, and its id, as a commit's subject has it."""
    with writing():
        return t(RECORDS[record_id[:3]].label) + t(": ") + record_id


def record_file(record_id: str) -> str:
    """Return the path of a record's file in the repository that holds it."""
    return f"{RECORDS[record_id[:3]].folder}/{record_id}.yaml"


def picture_path(name: str) -> str:
    """Return the path of a record's picture in the repository that holds the records."""
    return f"{layout().records}/pictures/{name}"


def replies_path() -> str:
    """Return the path of the file of replies that a desk gives often."""
    return f"{layout().records}/replies.yaml"


def confirmation_path(confirmation_id: str) -> str:
    """Return the path of a confirmation's file in the repository."""
    return f"{confirmations_folder()}/{confirmation_id}.yaml"


def suggestion_path(manual: Manual, suggestion_id: str) -> str:
    """Return the path of a suggestion's record in the repository."""
    return f"{manual.suggestions}/{suggestion_id}.yaml"


def suggestion_of_path(path: str) -> tuple[Manual, str] | None:
    """Return the manual and the id of the suggestion that has its record at *path*, else None."""
    folder, _, name = path.rpartition("/")
    manual = next((one for one in MANUALS.values() if one.suggestions == folder), None)
    return (manual, name.removesuffix(".yaml")) if manual and name.endswith(".yaml") else None


BRANCHES = "refs/heads/suggest/"
RELEASES = "release/"


def suggestion_branch(manual: Manual, suggestion_id: str, release: str = "") -> str:
    """Return the full ref name of a suggestion's branch; *release* is empty for today's manuals."""
    return f"{BRANCHES}{manual.branches}{release and f'@{release}'}/{suggestion_id}"


def suggestion_of(ref: str) -> tuple[Manual, str, str] | None:
    """Return the manual, the id and the release that a suggestion branch's full ref names.

    None for any other ref.
    """
    if not ref.startswith(BRANCHES):
        return None
    folder, _, suggestion_id = ref.removeprefix(BRANCHES).partition("/")
    folder, at, release = folder.partition("@")
    manual = layout().by_branches.get(folder)
    if manual is None or bool(at) != bool(release):
        return None
    return manual, suggestion_id, release


def page_path(manual: str, page: str) -> str:
    """Return the path in the repository of a page of the manual of that name."""
    return MANUALS[manual].path(page)


def page_of(path: str) -> tuple[Manual, str] | None:
    """Return the manual and the page that a path in the repository names, None for other paths."""
    manual = manual_of(path)
    return (manual, manual.page(path)) if manual else None


def in_right_case(path: str) -> str | None:
    """Return what *path* would be in a manual, where letters' case keeps it out of the folder.

    None for any other path. ``Manuals/operation/x.md`` is such a one, and a file ``Manuals``.
    Letters that are written in two ways (``é``) differ as little.
    """
    parts = unicodedata.normalize("NFC", path).split("/")
    for manual in MANUALS.values():
        folder = manual.folder.split("/")
        right = [*folder[: len(parts)], *parts[len(folder) :]]
        if [*map(str.casefold, parts)] == [*map(str.casefold, right)]:
            if path != "/".join(right):
                return "/".join(right)
            if manual_of(path) is None and manual.would_hold(path):
                return manual.path(manual.page(path).casefold())
    return None
