"""What stands on the record of a walkthrough (操作方式確認表, O2.1.1)."""

from collections.abc import Iterator
from itertools import groupby

from manualsmith.naming import show_path
from manualsmith.paper.forms.environment_rows import environment_table
from manualsmith.paper.forms.form import Fields, FormTable, Row
from manualsmith.paper.forms.form_sources import FormSources
from manualsmith.paper.rich_text import Rich
from manualsmith.records.models.moments import shown
from manualsmith.records.models.output_names import manual_title
from manualsmith.records.models.walkthrough import (
    WalkedStep,
    Walkthrough,
    occasion_name,
    overall_name,
    result_name,
)
from manualsmith.text import t

_OBJECT = 10  # digits of a page's object id that tell it from others


def walkthrough_fields(record: Walkthrough, sources: FormSources) -> Fields:
    """Return the fields of a walkthrough."""
    occasion = record.occasion or ("request" if record.request else None)
    return (
        (t("Date"), record.date.isoformat()),
        (t("Occasion"), occasion_name(occasion) if occasion else ""),
        (t("Product"), record.product),
        (t("Manual"), manual_title(record.manual)),
        (t("Page"), sources.page_title(record.manual, record.page)),
        (t("Section"), show_path(record.section or ()) or t("the whole page")),
        (t("Version of the manual"), _version(record, sources)),
        (t("Led by"), record.staff or ""),
        (t("User"), record.requester or ""),
        (t("Request"), record.request or ""),
        (t("Overall result"), overall_name(record.overall)),
        (t("Confirmation"), record.confirmation or ""),
    )


def _version(record: Walkthrough, sources: FormSources) -> str:
    """Return which text was followed: its release, its date on main, its object id."""
    moment = sources.moment_of(record.manual, record.page, record.blob)
    release = t("release {name}", name=record.release) if record.release else ""
    day = t("the page as of {day}", day=shown(moment)[:10]) if moment else ""
    said = t(", ").join(filter(None, (release, day)))
    return f"{said}{t(' ({level})', level=record.blob[:_OBJECT])}".strip()


def walkthrough_tables(record: Walkthrough, _sources: FormSources) -> tuple[FormTable, ...]:
    """Return the tables of a walkthrough: the environment, and the steps of each place."""
    return environment_table(record.environment), *_steps(record.steps)


def _steps(steps: tuple[WalkedStep, ...]) -> Iterator[FormTable]:
    headings = (t("Step"), t("As the manual has it"), t("Result"), t("What was seen"))
    for (section, tab), of in groupby(steps, key=lambda one: (one.section, one.tab)):
        place = show_path((*section, tab) if tab else section)
        yield FormTable(t("Steps: {place}", place=place), headings, tuple(map(_step, of)))


def _step(one: WalkedStep) -> Row:
    missing = t("a step is missing before it: {text}", text=one.before) if one.before else ""
    seen = (Rich(missing), Rich(one.seen or ""), one.note or "")
    return one.step, Rich(one.text), result_name(one.result) if one.result else "", seen
