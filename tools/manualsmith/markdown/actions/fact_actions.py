"""A fact's value: in the front matter, and each mention of it in the body."""

from manualsmith.markdown.actions.lowered import Lowered, already
from manualsmith.markdown.actions.page_actions import bad_front_matter
from manualsmith.markdown.edit_models import ReplaceFact
from manualsmith.markdown.locating.locate import place_of
from manualsmith.markdown.locating.mentions import Mentions, find_mentions
from manualsmith.markdown.lost_target import TargetLost
from manualsmith.markdown.reading import front_matter
from manualsmith.markdown.reading.page import Page
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
    key = ("environment", edit.category, edit.fact)
    entry = entries.get(key)
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
    edits = [front_matter.rewritten(page.text, entry, edit.observed)]
    twins = [
        name[2]
        for name, other in entries.items()
        if name[0] == "environment" and name != key and other.value == entry.value
    ]
    mentions = find_mentions(page, edit.documented)
    notes: tuple[str, ...] = ()
    if twins and mentions.certain:
        mentions = Mentions((), tuple(sorted((*mentions.certain, *mentions.possible))))
        notes = (
            t(
                "{value} is also the value of {facts}: its mentions are left to a person",
                value=entry.value,
                facts=", ".join(twins),
            ),
        )
    edits += [TextEdit(span.start, span.end, edit.observed) for span in mentions.certain]
    return Lowered(tuple(edits), Span(edits[0].start, edits[-1].end), notes, mentions.possible)
