"""Whole pages: add one, tell which addresses one took over, set a value of the front matter."""

import re

from manualsmith.errors import Place
from manualsmith.markdown.actions.lowered import Lowered, already, block
from manualsmith.markdown.edit_models import AddPage, SetFrontMatter
from manualsmith.markdown.lost_target import TargetLost
from manualsmith.markdown.reading import front_matter
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.source import Span, TextEdit, apply_edits
from manualsmith.text import t

_TITLE = re.compile(r"#(?!#)")


def add_page(page: Page, edit: AddPage) -> Lowered:
    """Fill a page that is not there yet; refused where one of that name has text."""
    text = page_text(edit)
    if page.text == text:
        raise already(page, 0)
    if page.text:
        raise TargetLost(
            "structure",
            t("the page is there already"),
            hint=t("choose another file name, or edit the page with another action"),
        )
    return Lowered((TextEdit(0, 0, text),), Span(0, 0))


def page_text(edit: AddPage) -> str:
    """Return a new page's whole text: front matter, title and body."""
    values: list[tuple[tuple[str, ...], str]] = [(("title",), edit.title)]
    values += [(("order",), str(edit.order))] if edit.order is not None else []
    values += [(("product",), edit.product)] if edit.product else []
    values += [
        (("environment", category, fact), value)
        for category, facts in (edit.environment or {}).items()
        for fact, value in facts.items()
    ]
    head = ""
    for key, value in values:
        head = apply_edits(head, front_matter.set_value(head, key, value))
    body = block(Page(""), edit.text)
    title = "" if _TITLE.match(body) else f"# {edit.title}\n\n"
    return f"{head}{title}{body}\n"


def set_front_matter(page: Page, edit: SetFrontMatter) -> Lowered:
    """Set one value of the front matter; the style of what is there stays."""
    try:
        edits = front_matter.set_value(page.text, edit.key, edit.value)
    except front_matter.BadFrontMatter as error:
        raise bad_front_matter(error) from error
    if not edits:
        raise already(page, page.source.starts[0])
    front = page.front_matter
    return Lowered(tuple(edits), front.block if front else Span(edits[0].start, edits[0].end))


def bad_front_matter(error: front_matter.BadFrontMatter) -> TargetLost:
    """Return the user's error for front matter that cannot be read."""
    return TargetLost(
        "invalid",
        t("the front matter cannot be read: {reason}", reason=error),
        place=Place(None, error.line + 1, 1),
    )
