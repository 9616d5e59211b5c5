"""Apply an edit to a page: the one function that every other part calls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import Any

from pydantic import ValidationError

from manualsmith.markdown.action_table import ACTIONS, EDIT_ADAPTER, Action
from manualsmith.markdown.actions import lower
from manualsmith.markdown.actions.lowered import Lowered
from manualsmith.markdown.checks.kept_heading_ids import pinned
from manualsmith.markdown.checks.structure import check_structure, keeps_front_matter
from manualsmith.markdown.dialect import DEFAULT, Dialect
from manualsmith.markdown.drift.carrying import carry
from manualsmith.markdown.drift.retargeting import retarget
from manualsmith.markdown.drift.same_step import Beside
from manualsmith.markdown.edit_models import Quote
from manualsmith.markdown.lost_target import TargetLost
from manualsmith.markdown.reading.outline import Section, find_sections, read_headings
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.source import Span, TextEdit, apply_edits
from manualsmith.markdown.rendered.inert import keeps_beside
from manualsmith.markdown.rendered.outside import check_beside
from manualsmith.markdown.rendered.views import Views, views
from manualsmith.markdown.template_marks import refuse_unpaired
from manualsmith.text import t

MAX_PAGE = 5_000_000
CONTEXT = 32


@dataclass(frozen=True)
class MadeChange:
    """One text edit as a record keeps it: where it stood, what was there and what is there now."""

    section: tuple[str, ...]
    line: int
    before: str
    after: str
    prefix: str
    suffix: str


@dataclass(frozen=True)
class Applied:
    """A page before and after an edit, the text edits made, and what a person should know.

    ``is_plain``: words for words, which bring nothing else.
    """

    page: Page
    text: str
    edits: tuple[TextEdit, ...]
    notes: tuple[str, ...] = ()
    possible: tuple[Span, ...] = ()
    is_plain: bool = False

    @cached_property
    def views(self) -> Views:
        """What readers see of the part that changes, before and after."""
        return views(self.page, _page(self.text, self.page.dialect), self.edits)


def apply(page: str, edit: Mapping[str, Any], base: str | None = None) -> str:
    """Return *page* with *edit* made.

    *page* is the page as it is today, *edit* an action with its target as records hold it, *base*
    the page that the edit was made against, where it is known. Raises TargetLost, with a reason and
    the candidates that were weighed, where the place is not told for certain.
    """
    action = parse_edit(edit)
    if not ACTIONS[action.action].make:
        raise TargetLost(
            "invalid",
            t("{action} changes more than one page", action=action.action),
            hint=t("ask for it in a confirmation, and run: manualsmith suggest"),
        )
    return resolve(page, action, base).text


def parse_edit(edit: Mapping[str, Any]) -> Action:
    """Return the action's model. Raises TargetLost where it is no action that we know."""
    try:
        return EDIT_ADAPTER.validate_python(dict(edit))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"][1:])
        raise TargetLost(
            "invalid",
            t("the edit cannot be read: {where} {message}", where=where, message=first["msg"]),
        ) from error


def resolve(
    page: str,
    edit: Action,
    base: str | None = None,
    dialect: Dialect = DEFAULT,
    beside: Beside = tuple,
) -> Applied:
    """Return *page* with an action's model applied, and the text edits that it came down to.

    *dialect* is the Markdown of the site that shows the page. *beside* returns the edits that were
    made against the same base and are on the page already, where that is known.
    """
    today = readable(page, dialect)
    if base is None or base == page:
        lowered = lower(today, edit)
        return _checked(today, lowered)
    then = readable(base, dialect)
    retargeted = retarget(then, today, edit, beside)
    if retargeted:
        return _checked(today, retargeted)
    return _carried(then, today, edit)


def _carried(base: Page, page: Page, edit: Action) -> Applied:
    """Return an edit of words that was made against *base*, carried over to *page*."""
    try:
        lowered = _on_base(base, page, edit)
    except TargetLost as lost:
        if lost.reason != "missing":
            raise
        return resolve(page.text, edit, dialect=page.dialect)
    edits = carry(base, page, lowered.edits)
    scope = Span(min(e.start for e in edits), max(e.end for e in edits))
    return _checked(page, Lowered(tuple(edits), scope, lowered.notes), (base, lowered))


def _on_base(base: Page, page: Page, edit: Action) -> Lowered:
    """Return what an edit comes down to on the page that it was made against.

    A section that neither that page nor today's has is out of date; the quote alone must tell then.
    """
    try:
        return lower(base, edit)
    except TargetLost as lost:
        path = getattr(edit, "section", None)
        if lost.reason == "already" or not path:
            raise
        lowered = lower(base, edit.model_copy(update={"section": None}))
        there = find_sections(base.sections, path)
        named = there or find_sections(page.sections, path)
        if named and not (len(there) == 1 and _begins_in(base, there[0], edit, lowered)):
            raise
        return lowered


def _begins_in(base: Page, section: Section, edit: Action, lowered: Lowered) -> bool:
    """Return whether what an edit quotes begins in a section, by its prefix, and goes on below."""
    quote: Quote | None = getattr(edit, "quote", None)
    reach = len(base.source.with_newlines(quote.prefix)) if isinstance(quote, Quote) else 0
    start = min(made.start for made in lowered.edits)
    return section.span(base.source).start <= start - reach < section.span(base.source).end


def readable(text: str, dialect: Dialect = DEFAULT) -> Page:
    """Return the page, or raise TargetLost where it is too large or no text."""
    if len(text) > MAX_PAGE:
        raise TargetLost("invalid", t("the page is larger than {limit} characters", limit=MAX_PAGE))
    return _page(text, dialect)


@lru_cache(maxsize=4)
def _page(text: str, dialect: Dialect) -> Page:
    """Return the page; several edits of one page in a row read it once."""
    return Page(text, dialect)


def _checked(page: Page, lowered: Lowered, on_base: tuple[Page, Lowered] | None = None) -> Applied:
    """Return the edit made, or raise TargetLost where it changes what is beside its target.

    *on_base* is the edit on the page that it was made against. What it changed around itself there,
    it is meant to: an edit may open a section that another edit of its author closes. That readers
    see the rest as before must hold in any case.
    """
    if _in_words(page, lowered.edits):
        return replace(_made(page, lowered), is_plain=True)
    after = _page(apply_edits(page.text, lowered.edits), page.dialect)
    try:
        check_structure(page, after, lowered.scope)
    except TargetLost:
        if on_base is None or _is_sound(*on_base):
            raise
    made = _made(page, lowered, after)
    check_beside(page, made.views, made.edits)
    _check_headings(page, after)
    refuse_unpaired(page.text, after.text)
    return made


def _check_headings(page: Page, after: Page) -> None:
    """Raise TargetLost where a heading that the edit writes is none to readers."""
    if after.is_odd and _hidden(after) > _hidden(page):
        raise TargetLost(
            "structure",
            t("readers would not see this as a heading: it would stand within HTML or code"),
        )


def _hidden(page: Page) -> int:
    """Return how many lines that look like headings readers do not see as such."""
    return len(list(read_headings(page.chunks))) - len(page.headings)


def _in_words(page: Page, edits: Sequence[TextEdit]) -> bool:
    """Return whether edits put words for words, so that nothing beside them can change."""
    return all(
        keeps_front_matter(page, edit)
        or (edit.start >= page.body.start and keeps_beside(page.text, page.source, edit))
        for edit in edits
    )


def _is_sound(base: Page, lowered: Lowered) -> bool:
    """Return whether an edit keeps what is around it on its own base."""
    try:
        after = Page(apply_edits(base.text, lowered.edits), base.dialect)
        check_structure(base, after, lowered.scope)
    except TargetLost:
        return False
    return True


def _made(page: Page, lowered: Lowered, after: Page | None = None) -> Applied:
    edits = tuple(pinned(page, lowered.edits, after))
    return Applied(page, apply_edits(page.text, edits), edits, lowered.notes, lowered.possible)


def described_changes(
    before: str, after: str, dialect: Dialect = DEFAULT
) -> tuple[MadeChange, ...]:
    """Return how a page differs from what it was before, line by line, as a record keeps it."""
    page, new = readable(before, dialect), after.splitlines(keepends=True)
    lines = before.splitlines(keepends=True)
    starts = [0, *accumulate(map(len, lines))]
    matcher = SequenceMatcher(None, lines, new, autojunk=False)
    edits = tuple(
        TextEdit(starts[first], starts[last], "".join(new[start:end]))
        for tag, first, last, start, end in matcher.get_opcodes()
        if tag != "equal"
    )
    return describe(Applied(page, after, edits))


def describe(applied: Applied) -> tuple[MadeChange, ...]:
    """Return the text edits as a record keeps them, in order, with the words around them."""
    page, edits = applied.page, sorted(applied.edits)
    lines = [page.source.line_of(edit.start) for edit in edits]
    paths = page.paths_at(lines)
    return tuple(
        MadeChange(
            section=path,
            line=line + 1,
            before=page.text[edit.start : edit.end],
            after=edit.text,
            prefix=page.text[max(0, edit.start - CONTEXT) : edit.start],
            suffix=page.text[edit.end : edit.end + CONTEXT],
        )
        for edit, line, path in zip(edits, lines, paths, strict=True)
    )
