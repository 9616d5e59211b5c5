"""What stands on the environment confirmation (系統環境確認書, O1.1.1)."""

from manualsmith.naming import show_path
from manualsmith.paper.forms.edit_words import proposal
from manualsmith.paper.forms.environment_rows import whole_environment
from manualsmith.paper.forms.form import Fields, FormTable
from manualsmith.paper.forms.form_sources import FormSources
from manualsmith.records.models.confirmation import Confirmation
from manualsmith.records.models.output_names import manual_title
from manualsmith.text import t


def confirmation_fields(record: Confirmation, _sources: FormSources) -> Fields:
    """Return the fields of a confirmation."""
    return (
        (t("Confirmed on"), record.date.isoformat()),
        (t("Product"), record.product),
        (t("Release of the manual"), record.release or t("the present one")),
        (t("Confirmed by"), record.staff or ""),
        (t("Source"), record.request or ""),
        (t("Reported by the user"), record.reported),
        (t("Conclusion"), record.conclusion or conclusion_of(record)),
    )


def conclusion_of(record: Confirmation) -> str:
    """Return what follows from a confirmation, in a sentence."""
    facts = [one for _, facts in record.environment for one in facts]
    other = sum(one.documented not in (None, one.observed) for one in facts)
    said = [t("Facts of the environment that differ from the manual: {count}.", count=other)]
    found = len(record.findings)
    if found:
        said.append(t("Corrections or additions of the manuals that are suggested: {n}.", n=found))
    nothing = t("The environment is as the manual says; nothing is to be corrected.")
    return "\n".join(said[not other :]) or nothing


def confirmation_tables(record: Confirmation, sources: FormSources) -> tuple[FormTable, ...]:
    """Return the tables of a confirmation."""
    held = tuple(
        (
            manual_title(one.manual),
            sources.page_title(one.manual, one.page),
            show_path(one.section or ()) or t("the whole page"),
        )
        for one in record.confirmed
    )
    found = tuple(
        (
            str(one.id),
            show_path(
                (manual_title(one.manual), sources.page_title(one.manual, one.page, one.edit))
            ),
            one.summary,
            one.reason,
            proposal(one.edit),
        )
        for one in record.findings
    )
    return (
        whole_environment(record.environment, record.checked),
        FormTable(t("Held as written"), (t("Manual"), t("Page"), t("Section")), held),
        FormTable(
            t("What the manual should say otherwise"),
            (t("No."), t("Page"), t("Summary"), t("Reason"), t("Proposed text")),
            found,
        ),
    )
