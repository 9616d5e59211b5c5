"""What stands on the record of a suggested edit (建議修正紀錄, O1.2.1 and O1.2.2)."""

from manualsmith.markdown.action_table import ACTIONS
from manualsmith.naming import show_path
from manualsmith.paper.forms.form import Fields, FormTable, Row
from manualsmith.paper.forms.form_sources import FormSources
from manualsmith.paper.rich_text import Rich
from manualsmith.records.models.confirmation import Confirmation
from manualsmith.records.models.moments import with_offset
from manualsmith.records.models.output_names import manual_title
from manualsmith.records.models.suggestion import Decision, Suggestion, TextChange
from manualsmith.text import language, t
from manualsmith.workflow.queue.decision_words import state_name
from manualsmith.workflow.reports.competences import INDICATORS


def suggestion_fields(record: Suggestion, sources: FormSources) -> Fields:
    """Return the fields of a suggestion."""
    source = sources.record(record.confirmation.id)
    day = source.date.isoformat() if isinstance(source, Confirmation) else ""
    added = {ACTIONS[edit.made.action].adds for edit in record.edits}
    kinds = {True: t("addition"), False: t("correction")}
    titles = dict.fromkeys(
        sources.page_title(record.manual, one.page, one.made) for one in record.edits
    )
    rests_on = (record.confirmation, *record.evidence)
    return (
        (t("Date of the confirmation"), day),
        (t("Correction or addition"), t(", ").join(kinds[one] for one in sorted(added))),
        (t("Manual"), manual_title(record.manual)),
        (t("Page"), t(", ").join(titles)),
        (t("Summary"), record.summary),
        (t("Product"), record.product),
        (t("Release of the manual"), record.release or t("the present one")),
        (t("Reason"), record.reason),
        (t("Rests on"), t(", ").join(one.id for one in rests_on)),
        (t("Proposed by"), record.proposer),
        (t("Behaviour indicators"), "\n".join(map(_indicator, record.indicators))),
    )


def _indicator(code: str) -> str:
    """Return an indicator's code; beside it the standard's words where the form is Chinese."""
    words = INDICATORS.get(code, "") if language() == "zh_TW" else ""
    return f"{code} {words}".strip()


def suggestion_tables(record: Suggestion, sources: FormSources) -> tuple[FormTable, ...]:
    """Return the tables of a suggestion."""
    rows = tuple(
        _change(sources.page_title(record.manual, edit.page, edit.made), change)
        for edit in record.edits
        for change in edit.changes
    )
    review = tuple(map(_decision, record.decisions))
    return (
        FormTable(t("Changes"), (t("Place"), t("Line"), t("Before"), t("After")), rows),
        FormTable(
            t("Review"),
            (t("Decided at"), t("Decided by"), t("Decision"), t("Reason of the decision")),
            review or ((t("not reviewed yet"),),),
        ),
    )


def _decision(one: Decision) -> Row:
    return with_offset(one.at), one.by, state_name(one.state), one.reason


def _change(page: str, change: TextChange) -> Row:
    before, after = _lines(change)
    place = show_path(change.section) or page
    return place, str(change.line), Rich(before), Rich(after)


def _lines(change: TextChange) -> tuple[str, str]:
    """Return the lines that a change is in, before it and after it; empty where there are none."""
    head = change.prefix.rpartition("\n")[2]
    tail = change.suffix.partition("\n")[0]
    return tuple(  # type: ignore[return-value]
        _as_read(head + text + tail) if text.strip() else ""
        for text in (change.before, change.after)
    )


def _as_read(text: str) -> str:
    """Return lines of Markdown so that they read alone: a row of a table is none of itself."""
    return "\n".join(_without_bars(line) for line in text.split("\n"))


def _without_bars(line: str) -> str:
    bare = line.strip()
    if not (bare.startswith("|") and bare.endswith("|") and len(bare) > 1):
        return line
    return " ｜ ".join(cell.strip() for cell in bare.strip("|").split("|"))
