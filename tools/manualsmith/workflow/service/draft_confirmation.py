"""Draft the confirmation (O1.1.1) that an incident or a walkthrough leads to.

Nothing is retyped: symptom, environment, cause and resolution, or the steps that differed, become
findings with their edits. A draft makes no suggestion before a person has looked it through.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from manualsmith.errors import UserError
from manualsmith.files import putting_back, refuse_links
from manualsmith.git.blobs import BlobReader
from manualsmith.layout import (
    MANUALS,
    confirmation_path,
    fact_label,
    filed_as,
    manuals_of,
    writing,
)
from manualsmith.markdown.action_table import EDIT_ADAPTER, Action
from manualsmith.records.ids import parse_id
from manualsmith.records.models.confirmation import (
    Confirmation,
    Confirmed,
    Finding,
    dump_confirmation,
    parse_confirmation,
    read_confirmation,
)
from manualsmith.records.models.environment import Environment
from manualsmith.records.models.incident import OVER, EntryRef, Incident, state_name
from manualsmith.records.models.walkthrough import WalkedStep, Walkthrough
from manualsmith.text import t
from manualsmith.workflow.queue.named_pages import page_of_main
from manualsmith.workflow.service.read_confirmations import RecordFile, as_stored
from manualsmith.workflow.service.search_all import find
from manualsmith.workflow.service.service_records import (
    Committed,
    Desk,
    change,
    change_with_id,
    missing,
    refuse_personal_in,
)
from manualsmith.workflow.workspace.open_workspace import Workspace

_QUOTED = 30
# a line that begins a list, a table, a fence or a note in a step
_INSIDE = re.compile(r"[ \t]*(?:\d{1,9}[.)]|[-*+]|\||```|~~~|!!!|\?\?\?|===|>)[ \t]*")
_SUMMARY = 200
# quotation marks within quotation marks
_INNER = str.maketrans("「」", "『』")

# A confirmation of many more would be too large to be read.
MOST_FINDINGS = 500
UNNUMBERED = "ENV-0000-0000"  # the id of one that is still to be given its own


@dataclass(frozen=True)
class DraftedConfirmation:
    """A drafted confirmation, its path and text, and what could not be made into a finding."""

    confirmation: Confirmation
    path: str
    text: str
    left_out: tuple[str, ...] = ()


def from_incident(
    workspace: Workspace,
    records: Workspace,
    incident_id: str,
    staff: str,
    when: datetime,
    page: str | None = None,
    *,
    dry_run: bool = False,
) -> DraftedConfirmation:
    """Draft the confirmation of a resolved incident, and link the two.

    *page* is the troubleshooting page for a new entry; without it, that of the nearest entry.
    Where the manual held, the draft says so and nothing else. Raises UserError where the incident
    is not resolved, or led to a confirmation already, and for a page where no entry is drafted.
    """

    def work(desk: Desk, kept: Committed, name: str) -> DraftedConfirmation:
        incident = desk.one(Incident, incident_id)
        refuse_second(incident)
        if incident.state not in OVER:
            raise UserError(
                t("{id} is {state}", id=incident.id, state=state_name(incident.state)),
                hint=f"manualsmith incident resolve {incident.id} …",
            )
        entry = incident.entry
        if entry and page:
            raise UserError(t("a page is chosen for a new entry: {id} followed one that is there",
                              id=incident.id))  # fmt: skip
        held = entry is not None and incident.worked == "as-written"
        findings = () if held else (_of_incident(workspace, incident, page),)
        made = _confirmation(
            id=name,
            date=when.date(),
            product=incident.product,
            release=workspace.release or None,
            draft=True,
            staff=staff,
            reported=incident.symptom,
            request=incident.id,
            environment=incident.environment,
            confirmed=(_held(entry),) if held and entry else (),
            findings=findings,
        )
        return _linked(kept, incident, made, _to_point_at(incident))

    return change_with_id(records, "ENV", when.year, work, _told, dry_run=dry_run)


def _to_point_at(incident: Incident) -> tuple[str, ...]:
    """Return what a person has to choose in a draft: which words of the manual were wrong."""
    entry = incident.entry
    if not entry or incident.worked != "corrected" or _is_entry(entry):
        return ()
    return (
        t(
            "what worked is put at the end of {place}: where a step or words there are wrong, "
            "point at them instead",
            place=entry.section[-1],
        ),
    )


def _is_entry(entry: EntryRef) -> bool:
    """Return whether a place is one of a troubleshooting manual."""
    return MANUALS[entry.manual].kind.name == "troubleshooting"


def from_findings(
    workspace: Workspace,
    records: Workspace,
    product: str,
    reported: str,
    findings: Sequence[Finding],
    staff: str,
    when: datetime,
    left_out: Sequence[str] = (),
    *,
    dry_run: bool = False,
) -> DraftedConfirmation:
    """Draft a confirmation of findings that rest on no other record, as many as one can hold.

    *left_out* says what else could not be made into one. Raises UserError.
    """
    if (more := len(findings) - MOST_FINDINGS) > 0:
        left_out = [*left_out, t("{count} more are left for the next time", count=more)]

    def work(_desk: Desk, kept: Committed, name: str) -> DraftedConfirmation:
        made = _confirmation(
            id=name,
            date=when.date(),
            product=product,
            release=workspace.release or None,
            draft=True,
            staff=staff,
            reported=reported,
            environment={},
            findings=findings[:MOST_FINDINGS],
        )
        return _written(kept, made, tuple(left_out))

    return change_with_id(records, "ENV", when.year, work, _told, dry_run=dry_run)


def as_written(
    place: Confirmed, product: str, staff: str, day: date, reported: str, release: str
) -> Confirmation:
    """Return the confirmation that a place was followed and held; its id is still to be given."""
    return _confirmation(
        id=UNNUMBERED,
        date=day,
        product=product,
        release=release or None,
        staff=staff,
        reported=reported,
        environment={},
        confirmed=(place,),
    )


def _confirmation(**values: object) -> Confirmation:
    return Confirmation.model_validate({"schema": "manualsmith/confirmation/v1", **values})


def _held(entry: EntryRef) -> Confirmed:
    return Confirmed(page=entry.page, section=entry.section, manual=entry.manual)


def _of_incident(workspace: Workspace, incident: Incident, page: str | None) -> Finding:
    """Return the finding of an incident that no entry resolved as it is written."""
    entry = incident.entry
    if entry:
        manual, where = entry.manual, entry.page
    else:
        manual, where = _page(workspace, page) if page else _nearest_page(workspace, incident)
    with writing(manual):
        return _finding(incident, manual, where)


def _finding(incident: Incident, manual: str, where: str) -> Finding:
    entry = incident.entry
    cause = {"cause": incident.cause} if incident.cause else {}
    if entry and not _is_entry(entry):
        steps = "\n".join(f"{n}. {step}" for n, step in enumerate(incident.resolution, start=1))
        text = f"{incident.cause}\n\n{steps}" if incident.cause else steps
        asked: dict[str, object] = {
            "action": "append-to-section",
            "section": entry.section,
            "text": text,
        }
        title = entry.section[-1].translate(_INNER)[:_SUMMARY]
        summary = t("{heading}: what is written did not help, what did is new", heading=title)
    elif entry:
        changed = {**cause, "resolution": incident.resolution}
        asked = {"action": "replace-entry", "section": entry.section, "entry": changed}
        title = entry.section[-1].translate(_INNER)[:_SUMMARY]
        summary = t("{heading}: what is written did not help, what did is new", heading=title)
    else:
        where_seen = _told_environment(incident.environment)
        environment = {"environment": where_seen} if where_seen else {}
        new = {"symptom": incident.symptom, **environment, **cause}
        asked = {"action": "add-entry", "entry": {**new, "resolution": incident.resolution}}
        summary = t("A new entry: {symptom}", symptom=incident.symptom[:_SUMMARY])
    return Finding(
        id=1,
        summary=summary,
        manual=manual,
        page=where,
        reason=t("From how {id} was resolved", id=incident.id),
        edit=EDIT_ADAPTER.validate_python(asked),
    )


def _told_environment(environment: Environment) -> str:
    return t(", ").join(
        f"{fact_label(fact.fact, fact.label)} {fact.observed}"
        for _, facts in environment
        for fact in facts
    )


def _page(workspace: Workspace, named: str) -> tuple[str, str]:
    """Return the manual and the troubleshooting page that people name. Raises UserError."""
    manual, page = page_of_main(workspace, named, "troubleshooting")
    if manual.kind.name != "troubleshooting":
        raise UserError(
            t("{page} is no page of a troubleshooting manual", page=named),
            hint=t("an entry stands in one: {names}",
                   names=", ".join(one.title for one in manuals_of("troubleshooting"))),
        )  # fmt: skip
    return manual.name, page


def _nearest_page(workspace: Workspace, incident: Incident) -> tuple[str, str]:
    for found in find(workspace, incident.symptom, kinds=("entry", "section"), most=20):
        manual, _, place = found.passage.name.partition("/")
        if manual in MANUALS and MANUALS[manual].kind.name == "troubleshooting":
            return manual, place.partition("#")[0]
    raise UserError(t("on which page is the new entry to stand?"), hint="--page sign-in.md")


def from_walkthrough(
    records: Workspace, walkthrough_id: str, staff: str, when: datetime, *, dry_run: bool = False
) -> DraftedConfirmation:
    """Draft the confirmation of a walkthrough, and link the two.

    A section that was as written is confirmed; each step that differed is a finding.
    Raises UserError where steps are not done yet, or it led to a confirmation already.
    """

    def work(desk: Desk, kept: Committed, name: str) -> DraftedConfirmation:
        record = desk.one(Walkthrough, walkthrough_id)
        refuse_second(record)
        if record.unfinished:
            raise UserError(
                t(
                    "{count} steps of {id} are not done yet",
                    count=len(record.unfinished),
                    id=record.id,
                ),
                hint=f"manualsmith walkthrough do {record.id}",
            )
        with writing(record.manual):
            reported = t("Walked a user through {page}", page=record.page)
            findings = tuple(_findings_of(record))
        made = _confirmation(
            id=name,
            date=record.date,
            product=record.product,
            release=record.release,
            draft=True,
            staff=staff,
            reported=reported,
            request=record.id,
            environment=record.environment,
            confirmed=tuple(_as_written(record)),
            findings=findings,
        )
        left = tuple(
            t(
                "{where} could not be done, and nobody said what it should be: no finding is made "
                "of it; where you know, write one into the draft",
                where=_where(step),
            )
            for step in record.steps
            if step.result == "failed" and not step.seen
        )
        return _linked(kept, record, made, left)

    return change_with_id(records, "ENV", when.year, work, _told, dry_run=dry_run)


def _findings_of(record: Walkthrough) -> Iterator[Finding]:
    edits = (found for step in record.steps for found in _edits(step))
    for number, (step, summary, edit) in enumerate(edits, start=1):
        yield Finding(
            id=number,
            summary=_where(step) + t(": ") + summary,
            manual=record.manual,
            page=record.page,
            reason=step.note or t("{id}: the screen was not as the manual has it", id=record.id),
            edit=edit,
        )


def _where(step: WalkedStep) -> str:
    section = step.section[-1] + (t(" ({tab})", tab=step.tab) if step.tab else "")
    return t("{section} step {number}", section=section, number=step.step)


def _edits(step: WalkedStep) -> Iterator[tuple[WalkedStep, str, Action]]:
    """Yield what a step that differed asks for: the missing step before it, and its own text."""
    quote = step.text.split("\n")[0][:_QUOTED]
    target: dict[str, object] = {"section": step.section, "step": step.step, "quote": quote}
    target |= {"list": step.list} if step.list else {}
    if step.before:
        asked = {"action": "insert-step", **target, "position": "before", "text": step.before}
        yield step, t("a step before it is missing"), EDIT_ADAPTER.validate_python(asked)
    if step.seen and step.result != "as-written":
        asked = {"action": "replace-step", **target, "text": step.seen + _kept(step.text)}
        yield step, t("otherwise than the screen"), EDIT_ADAPTER.validate_python(asked)


def _kept(text: str) -> str:
    """Return what a step holds beside its first paragraph: steps inside, tables and notes."""
    lines = text.split("\n")
    ends = (n for n, line in enumerate(lines) if n and (not line.strip() or _INSIDE.match(line)))
    end = next(ends, len(lines))
    return "".join(f"\n{line}" for line in lines[end:])


def _as_written(record: Walkthrough) -> Iterator[Confirmed]:
    """Yield the sections all of whose steps were as written."""
    for section in dict.fromkeys(step.section for step in record.steps):
        steps = [step for step in record.steps if step.section == section]
        done = [step for step in steps if step.result != "not-applicable"]
        if done and all(step.result == "as-written" and not step.before for step in done):
            yield Confirmed(page=record.page, section=section, manual=record.manual)


def refuse_second(record: Incident | Walkthrough) -> None:
    """Raise UserError where a record led to a confirmation already."""
    made = record.confirmation
    if made:
        raise UserError(
            t("{id} led to {confirmation} already", id=record.id, confirmation=made),
            hint=f"manualsmith trace {record.id}",
        )


def _linked(
    kept: Committed, record: Incident | Walkthrough, made: Confirmation, left: tuple[str, ...] = ()
) -> DraftedConfirmation:
    draft = _written(kept, made, left)
    kept.put(record.model_copy(update={"confirmation": made.id}))
    return draft


def _written(kept: Committed, made: Confirmation, left: tuple[str, ...]) -> DraftedConfirmation:
    draft = DraftedConfirmation(made, confirmation_path(made.id), dump_confirmation(made), left)
    parse_confirmation(draft.text.encode(), draft.path)
    kept.files[draft.path] = draft.text
    return draft


def _told(draft: DraftedConfirmation) -> str:
    made = draft.confirmation
    with writing():
        subject = t("Draft: {title} {words}", title=filed_as(made.id), words=made.reported)
    source = f"Source: {made.request}\n" if made.request else ""
    return f"{subject}\n\nRecord: {made.id}\n{source}"


def finish(records: Workspace, confirmation_id: str, *, dry_run: bool = False) -> Confirmation:
    """Take the mark of a draft off a confirmation that somebody has looked through; return it.

    What was changed by hand goes along, where the working tree has main checked out. Raises
    UserError, with the file as it was, where there is no such confirmation, it has faults, or it is
    no draft.
    """
    if parse_id(confirmation_id).prefix != "ENV":
        raise missing(confirmation_id, [*Desk(records).confirmations])
    path = confirmation_path(confirmation_id)
    repository = records.repository
    here = repository.worktree and repository.head_branch() == records.main.name
    file = repository.worktree / path if repository.worktree and here else None
    if file:
        refuse_links(file, repository.worktree)
    by_hand = file.read_bytes() if file and file.is_file() else None

    def stored(data: bytes) -> bytes:
        return as_stored(records, [RecordFile(str(file), data)])[0].data

    def work(desk: Desk, kept: Committed) -> Confirmation:
        data = _committed(desk.workspace, path) if by_hand is None else stored(by_hand)
        text, made = _final(data, path, confirmation_id)
        refuse_personal_in(desk.workspace, {path: text}, by_hand=True)
        if write and not dry_run:
            write(text.encode())  # main may come along only where the file is main's
        kept.files[path] = text
        return made

    with putting_back(file) if file and by_hand is not None else nullcontext() as write:
        return change(records, work, _told_final, dry_run=dry_run)


def _final(data: bytes, path: str, confirmation_id: str) -> tuple[str, Confirmation]:
    """Return a draft's text and what it says, without its mark."""
    made, document = read_confirmation(data, path)
    if not made.draft:
        raise UserError(t("{id} is no draft", id=confirmation_id))
    place = document.place(("draft",))
    lines = document.text.splitlines(keepends=True)
    del lines[(place.line or 1) - 1]
    text = "".join(lines)
    try:
        made = parse_confirmation(text.encode(), path)
    except UserError:
        made = made.model_copy(update={"draft": True})
    if made.draft:
        raise UserError(t("take the mark of the draft out by hand"), place)
    return text, made


def _committed(workspace: Workspace, path: str) -> bytes:
    with BlobReader(workspace.repository) as reader:
        blob = reader.get(f"{workspace.main.tip}:{path}")
    if blob is None:
        raise missing(Path(path).stem, [])
    return blob.data


def _told_final(made: Confirmation) -> str:
    return f"{filed_as(made.id)} {made.reported}\n\nRecord: {made.id}\n"
