"""A fact's value: in the front matter, and each mention of it in the body."""

from collections.abc import Mapping

from manualsmith.markdown.actions.lowered import Lowered, already
from manualsmith.markdown.actions.page_actions import bad_front_matter
from manualsmith.markdown.edit_models import ReplaceFact
from manualsmith.markdown.locating.locate import place_of
from manualsmith.markdown.locating.mentions import Mentions, find_mentions
from manualsmith.markdown.lost_target import TargetLost
from manualsmith.markdown.reading import front_matter
from manualsmith.markdown.reading.front_matter import FrontMatterEntry, KeyPath
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.page_environment import stated
from manualsmith.markdown.reading.source import Span, TextEdit
from manualsmith.text import t


def replace_fact(page: Page, edit: ReplaceFact) -> Lowered:
    """Put the observed value in the front matter and in each whole mention of the documented one.

    Where another fact of the page has the same value, a mention may be of either: none is edited.
    """
    try:
        entries = front_matter.read_entries(page.text)
    except front_matter.BadFrontMatter as error:
        raise bad_front_matter(error) from error
    edits = _in_front_matter(page, edit, entries.get(("environment", edit.category, edit.fact)))
    twins = _of_the_same_value(edit, entries)
    mentions = find_mentions(page, edit.documented)
    notes: tuple[str, ...] = ()
    if twins and mentions.certain:
        mentions = Mentions((), tuple(sorted((*mentions.certain, *mentions.possible))))
        notes = (
            t(
                "{value} is also the value of {facts}: its mentions are left to a person",
                value=edit.documented,
                facts=", ".join(twins),
            ),
        )
    edits += [TextEdit(span.start, span.end, edit.observed) for span in mentions.certain]
    return Lowered(tuple(edits), Span(edits[0].start, edits[-1].end), notes, mentions.possible)


def _in_front_matter(
    page: Page, edit: ReplaceFact, entry: FrontMatterEntry | None
) -> list[TextEdit]:
    """Return what gives the fact its new value; one that the settings bind, the page now states."""
    if entry is None and edit.fact in edit.settings.get(edit.category, {}):
        key = ("environment", edit.category, edit.fact)
        try:
            return front_matter.set_value(page.text, key, edit.observed)
        except front_matter.BadFrontMatter as error:
            raise bad_front_matter(error) from error
    if entry is None:
        raise TargetLost("missing", t("the page is not bound to the fact {fact}", fact=edit.fact))
    if entry.value == edit.observed:
        raise already(page, entry.span.start)
    if entry.value != edit.documented:
        raise TargetLost(
            "changed",
            t(
                "the page says {fact} is {found}, not {documented}",
                fact=edit.fact,
                found=entry.value,
                documented=edit.documented,
            ),
            place=place_of(page, entry.span.start),
            hint=t("write what the manual says today as documented"),
        )
    return [front_matter.rewritten(page.text, entry, edit.observed)]


def _of_the_same_value(edit: ReplaceFact, entries: Mapping[KeyPath, FrontMatterEntry]) -> list[str]:
    """Return the other facts of the page that have the value which is to be replaced."""
    bound = {
        (category, fact): value
        for category, facts in edit.settings.items()
        for fact, value in facts.items()
    }
    found = {**bound, **stated(entries)}
    return [
        name
        for (category, name), value in found.items()
        if value == edit.documented and (category, name) != (edit.category, edit.fact)
    ]
