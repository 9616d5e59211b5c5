"""Draft the confirmation of renamed labels: a finding for each place that quotes one."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from manualsmith.layout import writing
from manualsmith.markdown.action_table import Action
from manualsmith.markdown.edit_models import RenameSection, ReplaceText
from manualsmith.markdown.locating.locate import find_section
from manualsmith.markdown.locating.quoted_labels import telling_target
from manualsmith.markdown.reading.outline import heading_words
from manualsmith.records.models.confirmation import Finding
from manualsmith.text import t
from manualsmith.workflow.labels.renamed_labels import LabelChange
from manualsmith.workflow.service.draft_confirmation import DraftedConfirmation, from_findings
from manualsmith.workflow.service.service_records import read_desk
from manualsmith.workflow.workspace.open_workspace import Workspace

_NAMED = 20


@dataclass(frozen=True)
class LabelDraft:
    """What came of renamed labels: a draft of what was not said yet, if anything was not.

    known: the confirmations that say the rest already. by_hand: what no edit can be made of.
    """

    draft: DraftedConfirmation | None
    known: tuple[str, ...]
    by_hand: tuple[LabelChange, ...]

    def as_json(self) -> dict[str, Any]:
        """Return plain values for ``--json``."""
        draft = self.draft
        return {
            "confirmation": draft.confirmation.id if draft else None,
            "path": draft.path if draft else None,
            "findings": len(draft.confirmation.findings) if draft else 0,
            "said_already": list(self.known),
            "by_hand": [one.place for one in self.by_hand],
        }


Made = tuple[tuple[LabelChange, ...], Action]


def draft_of_changes(
    workspace: Workspace,
    records: Workspace,
    changes: Sequence[LabelChange],
    product: str,
    releases: tuple[str, str],
    staff: Callable[[], str],
    when: datetime,
    *,
    dry_run: bool = False,
) -> LabelDraft:
    """Draft the confirmation of the labels that were renamed, a finding for each place.

    What a confirmation says already, also one whose suggestion was rejected, is not said again.
    *releases* name the catalogues, *staff* says who drafts, and is asked only where there is
    something to draft. Raises UserError.
    """
    made = list(_edits([one for one in changes if one.standing == "renamed"]))
    said = _said(records)
    new = [one for one in made if _identity(one) not in said]
    known = tuple(dict.fromkeys(said[_identity(one)] for one in made if _identity(one) in said))
    done = {change for of_it, _ in made for change in of_it}
    by_hand = tuple(one for one in changes if one.standing == "renamed" and one not in done)
    if not new:
        return LabelDraft(None, known, by_hand)
    findings = [_finding(n, one) for n, one in enumerate(new, start=1)]
    draft = from_findings(workspace, records, product, _reported(new, releases), findings,
                          staff(), when, dry_run=dry_run)  # fmt: skip
    return LabelDraft(draft, known, by_hand)


def _edits(changes: Sequence[LabelChange]) -> Iterator[Made]:
    """Yield each edit with the changes that it makes: those of a heading together."""
    for (page, heading), group in groupby(changes, key=lambda one: (one.page, _heading(one))):
        found = tuple(group)
        if heading:
            section = find_section(page.page, heading)
            text = _replaced(heading_words(section.raw), found)
            yield found, RenameSection(action="rename-section", section=heading, heading=text)
            continue
        for one in found:
            if edit := _edit(one):
                yield (one,), edit


def _edit(change: LabelChange) -> Action | None:
    """Return the edit of one label, None where its place cannot be told by a quote."""
    page, label = change.page.page, change.label
    target = telling_target(page, change.page.section_of(label), label.span)
    if target is None:
        return None
    text = label.replaced(label.span.of(page.text), change.wording)
    return ReplaceText.model_validate({"action": "replace-text", **target, "text": text})


def _heading(change: LabelChange) -> tuple[str, ...] | None:
    page, label = change.page, change.label
    return page.section_of(label) if page.is_in_heading(label) else None


def _replaced(heading: str, changes: Sequence[LabelChange]) -> str:
    for one in changes:
        source = one.label.span.of(one.page.page.text)
        heading = heading.replace(source, one.label.replaced(source, one.wording))
    return heading


def _identity(made: Made) -> str:
    page = made[0][0].page
    return _named(page.manual.name, page.path, made[1])


def _named(manual: str, page: str, edit: Action) -> str:
    """Return what is the same for the same edit: an edit itself has no hash."""
    return f"{manual}/{page} {edit.model_dump_json(exclude_defaults=True)}"


def _said(records: Workspace) -> dict[str, str]:
    """Return what confirmations say already, and which ones do."""
    return {
        _named(finding.manual, finding.page, finding.edit): one.id
        for one in read_desk(records).confirmations.values()
        for finding in one.findings
    }


def _finding(number: int, made: Made) -> Finding:
    changes, edit = made
    page = changes[0].page
    with writing(page.manual.name):
        said = t("; ").join(
            t("“{old}” is called “{new}” now", old=one.label.words, new=one.wording)
            for one in changes
        )
        keys = t(", ").join(dict.fromkeys(str(one.key) for one in changes))
        reason = t("the product's catalogues, by the key {key}", key=keys)
    return Finding(
        id=number, summary=said, manual=page.manual.name, page=page.path, reason=reason, edit=edit
    )


def _reported(made: Sequence[Made], releases: tuple[str, str]) -> str:
    old, new = releases
    pairs = dict.fromkeys((one.label.words, one.wording) for of_it, _ in made for one in of_it)
    named = [f"「{was}」→「{now}」" for was, now in list(pairs)[:_NAMED]]
    with writing():
        said = t("The product's screens say otherwise: {old} → {new}", old=old, new=new)
        more = [t("{count} more", count=len(pairs) - _NAMED)] if len(pairs) > _NAMED else []
    return "\n".join([said, *named, *more])
