"""Show one suggestion in the terminal, as JSON or as an HTML page: why first, then what changes."""

import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from manualsmith.cli.output.output_file import writing
from manualsmith.cli.output.show_queue import STANDING_STYLES
from manualsmith.cli.output.terminal import diff_text, out, picture_text, problem_text
from manualsmith.layout import MANUALS, fact_label, page_path
from manualsmith.markdown.edit_models import WORDING
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.worddiff import Hunk, hunks
from manualsmith.naming import show_path
from manualsmith.records.models.confirmation import Confirmation
from manualsmith.records.models.output_names import category_name
from manualsmith.text import t
from manualsmith.workflow.queue.decision_words import (
    comment_told,
    standing_name,
    state_name,
    verdict_told,
)
from manualsmith.workflow.queue.outcomes import problem_json
from manualsmith.workflow.queue.show_suggestion import Shown
from manualsmith.workflow.workspace.changed_page import ChangedPage

if TYPE_CHECKING:
    from manualsmith.site.preview.review_page import ReviewPage


def write_shown(shown: Shown) -> None:
    """Print a suggestion: reason and environment, standing, then the words that change."""
    console = out()
    record = shown.record
    manual = MANUALS[record.manual]
    console.print(Text(f"{record.id}  {record.summary}", style="bold"))
    kind = t(manual.kind.output_label) + f" ({record.output})"
    console.print(f"{kind}  {state_name(shown.state)}", style="dim")
    for name, value in _reasons(shown):
        line = Text(f"{name}: ", style="cyan")
        line.append(value)
        console.print(line)
    for confirmation in shown.confirmations:
        console.print(_environment(confirmation))
    for line in _warnings(shown):
        console.print(line)
    for page in shown.pages:
        if page.picture:
            console.print(picture_text(page.path, page.picture))
        for section, found in _by_section(page):
            console.print(Text(f"\n{section}" if section else "", style="bold cyan"))
            console.print(diff_text(console, page.named, found))
    for line in _edited(shown):
        console.print(line)
    for one in record.comments:
        console.print(Text(comment_told(one), style="magenta"))
    for note in record.notes:
        console.print(note, style="dim")
    for mention in record.mentions:
        told = f"{page_path(mention.manual, mention.page)}:{mention.line}: {mention.text}"
        console.print(t("possible mention, not edited: {place}", place=told), style="dim")
    for what, command in _commands(shown):
        console.print(f"{what}: {command}", style="dim", markup=False)


def _edited(shown: Shown) -> Iterator[Text]:
    """Yield what people have made of a suggestion on its branch, beside what it proposes."""
    if shown.edited is None:
        return
    for edit in shown.edited.record.edits:
        for name in WORDING if edit.instead else ():
            old, new = (getattr(one, name, None) for one in (edit.edit, edit.instead))
            if isinstance(old, str) and isinstance(new, str) and old != new:
                yield Text("\n")
                yield Text(t("as somebody worded it on the branch:"), style="bold cyan")
                yield diff_text(out(), page_path(shown.record.manual, edit.page), hunks(old, new))
    for path in shown.edited.beyond:
        yield Text(t("changed on the branch as well: {path}", path=path), style="yellow")
    for page in shown.beyond:
        yield diff_text(out(), page.named, hunks(page.before or "", page.after or ""))


def _commands(shown: Shown) -> tuple[tuple[str, str], ...]:
    """Return what can be typed to decide: what it does, and the command."""
    if shown.state != "open":
        return ()
    name = shown.record.id
    edited: tuple[tuple[str, str], ...] = ()
    if shown.edited and not shown.edited.beyond:
        edited = ((t("accept as edited"), f"manualsmith review accept --as-edited {name}"),)
    return (
        *edited,
        (t("accept"), f"manualsmith review accept {name}"),
        (t("reject"), f"manualsmith review reject {name} --reason …"),
        (t("see the site with it"), f"manualsmith preview {name}"),
    )


def _reasons(shown: Shown) -> Iterator[tuple[str, str]]:
    record = shown.record
    yield t("reason"), record.reason
    for confirmation in shown.confirmations[:1]:
        yield t("reported"), confirmation.reported
    yield t("proposed by"), record.proposer
    if record.decision:
        yield t("decision"), verdict_told(record.decision)
    for old in record.history:
        yield t("decided before"), verdict_told(old)


def _environment(confirmation: Confirmation) -> Table:
    """Return the observed environment, what differs from the manual marked."""
    head = t(
        "environment confirmation {id}, {date}, {product}",
        id=confirmation.id,
        date=confirmation.date,
        product=confirmation.product,
    )
    table = Table(title=head, title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 2))
    for heading in (t("category"), t("fact"), t("documented"), t("observed")):
        table.add_column(heading, overflow="fold", header_style="dim")
    for category, facts in confirmation.environment:
        for fact in facts:
            differs = fact.documented not in (None, fact.observed)
            style = "yellow" if differs else ""
            observed = Text(fact.observed, style=style)
            name = fact_label(fact.fact, fact.label)
            table.add_row(category_name(category), name, fact.documented or "–", observed)
    return table


def _warnings(shown: Shown) -> Iterator[Text]:
    if shown.standing:
        kind = shown.standing.kind
        style, word = STANDING_STYLES[kind], standing_name(kind)
        text = Text(t("today: {word}", word=word), style=style)
        reworded = shown.edited is not None and not shown.edited.beyond
        if shown.standing.message and not shown.problems and not reworded:
            text.append(f" ({shown.standing.message})")
        yield text
    for problem in shown.problems:
        yield problem_text(problem)
    if len(shown.confirmations) > 1:
        count = len(shown.confirmations)
        yield Text(t("{count} environments agree", count=count), style="green")
    if shown.record.fact and shown.record.fact.variant:
        yield Text(t("another environment says otherwise: a variant"), style="yellow")
    if shown.meets:
        yield Text(t("same place: {ids}", ids=", ".join(shown.meets)), style="yellow")


def _by_section(page: ChangedPage) -> Iterator[tuple[str, tuple[Hunk, ...]]]:
    """Yield the differing lines of a page under the heading path that they stand in."""
    after = Page(page.after if page.after is not None else page.before or "")

    def heading(hunk: Hunk) -> str:
        last = max(0, after.source.line_count - 1)
        section = after.section_at(min(hunk.line - 1, last))
        return show_path(section.path) if section else ""

    for path, found in groupby(hunks(page.before or "", page.after or ""), heading):
        yield path, tuple(found)


def write_rendered(shown: Shown, file: Path) -> None:
    """Write a page with before and after as readers will see them; ``-`` is standard output."""
    from manualsmith.site.preview.review_page import review_page

    html = review_page(page_of(shown))
    if str(file) == "-":
        sys.stdout.write(html)
        return
    with writing(file) as made:
        made.write_text(html, encoding="utf-8", newline="\n")
    out().print(str(file), style="bold")


def page_of(shown: Shown) -> "ReviewPage":
    """Return what the review page of a suggestion shows."""
    from manualsmith.site.preview import review_page

    record = shown.record
    sources = tuple(
        review_page.ShownConfirmation(
            one.id,
            one.date.isoformat(),
            one.reported,
            tuple(
                review_page.ShownFact(
                    category_name(category),
                    fact_label(fact.fact, fact.label),
                    fact.documented,
                    fact.observed,
                )
                for category, facts in one.environment
                for fact in facts
            ),
        )
        for one in shown.confirmations
    )
    decisions = [d for d in (record.decision, *record.history) if d]
    remarks = [*(line.plain for line in _warnings(shown)), *map(verdict_told, decisions)]
    return review_page.ReviewPage(
        record.id,
        record.summary,
        t(MANUALS[record.manual].kind.output_label) + f" {record.output}",
        state_name(shown.state),
        record.reason,
        record.proposer,
        (*remarks, *record.notes),
        sources,
        shown.pages,
        _commands(shown),
        shown.dialect,
    )


def shown_json(shown: Shown) -> dict[str, Any]:
    """Return a suggestion as plain values for ``--json``."""
    values = {
        "id": shown.record.id,
        "state": shown.state,
        "branch": shown.branch,
        "applies": shown.standing.kind if shown.standing else None,
        "applies_message": shown.standing.message if shown.standing else None,
        "meets": list(shown.meets),
        "problems": [problem_json(problem) for problem in shown.problems],
        "record": shown.record.model_dump(mode="json", exclude_defaults=True),
        "confirmations": [
            one.model_dump(mode="json", by_alias=True, exclude_unset=True)
            for one in shown.confirmations
        ],
        "pages": [
            {"path": page.path, "before": page.before, "after": page.after} for page in shown.pages
        ],
    }
    return {name: value for name, value in values.items() if value not in (None, [], "")}
