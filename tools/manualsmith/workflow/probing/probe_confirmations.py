"""What probes read otherwise than the manuals say becomes one confirmation of each product.

It is a draft, which later readings renew; or it is handed in, and makes suggestions. What a
confirmation of a probe says already is not said again: to run it twice is to run it once.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from manualsmith.errors import Problem, UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.layout import confirmation_path, filed_as, writing
from manualsmith.naming import is_probe, probe_staff
from manualsmith.records.models.confirmation import (
    Confirmation,
    dump_confirmation,
    parse_confirmation,
)
from manualsmith.records.models.environment import Fact
from manualsmith.records.privacy import masked
from manualsmith.text import t
from manualsmith.workflow.landing.close import Verdict
from manualsmith.workflow.probing.readings import Reading
from manualsmith.workflow.queue.branch import suggestion_refs
from manualsmith.workflow.queue.outcomes import Report
from manualsmith.workflow.queue.summaries import Account, decided_suggestions, open_suggestions
from manualsmith.workflow.review.decide import decide
from manualsmith.workflow.service.read_confirmations import read_files
from manualsmith.workflow.service.service_records import (
    Committed,
    Desk,
    change,
    change_with_id,
    read_desk,
)
from manualsmith.workflow.suggest.hand_in import file_confirmation
from manualsmith.workflow.suggest.run import suggest
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.snapshot import main_snapshot

_MOST = 9_000  # characters that the answers have room in
_LONGEST = 10_000  # of what was reported, as a record has it
_PATIENCE = 600  # seconds
Key = tuple[str, str]  # category, fact


@dataclass(frozen=True)
class ProbeConfirmation:
    """A confirmation of what probes read: new or renewed, unless ``is_known``; what it led to."""

    confirmation: Confirmation
    is_known: bool = False
    report: Report | None = None

    @property
    def path(self) -> str:
        """Its path in the repository that holds the records."""
        return confirmation_path(self.confirmation.id)


@dataclass(frozen=True)
class ProbeReport:
    """What probes led to, the older suggestions that were withdrawn, and what could not be done."""

    confirmations: tuple[ProbeConfirmation, ...]
    withdrawn: Report | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def reports(self) -> list[Report]:
        """What became of suggestions, in the order that it was done in."""
        made = (self.withdrawn, *(one.report for one in self.confirmations))
        return [one for one in made if one]


@dataclass(frozen=True)
class _Probing:
    """One run: where, when, what was read, and what became of what was read before."""

    workspace: Workspace
    records: Workspace
    when: datetime
    readings: Sequence[Reading]
    opened: Sequence[Account]
    moved_on: frozenset[tuple[str, str, str]]  # confirmation, category, fact


def confirm_readings(
    workspace: Workspace,
    records: Workspace,
    readings: Sequence[Reading],
    when: datetime,
    *,
    hand_in: bool = False,
    dry_run: bool = False,
) -> ProbeReport:
    """Return the confirmations, one a product, of what differs from what the manuals say.

    They are drafts; with *hand_in* they are handed in, make suggestions, and take the place of open
    suggestions that rest on what probes have read before. What cannot be done for one product
    keeps no other from it. One run at a time: what another has said is known. Raises UserError.
    """
    with nullcontext() if dry_run else _alone(records):
        run = _probing(workspace.refreshed(), records.refreshed(), readings, when)
        return _confirmed(run, hand_in, dry_run)


@contextmanager
def _alone(records: Workspace) -> Iterator[None]:
    """Let one process at a time look what is known, and add to it."""
    from filelock import FileLock, Timeout

    file = records.repository.common_dir / "manualsmith" / "probes.lock"
    file.parent.mkdir(exist_ok=True)
    try:
        with FileLock(file, timeout=_PATIENCE):
            yield
    except Timeout as error:
        raise UserError(t("another probe has been at work here for ten minutes")) from error


def _confirmed(run: _Probing, hand_in: bool, dry_run: bool) -> ProbeReport:
    withdrawn = _withdraw_outdated(run) if hand_in and not dry_run else None
    found: list[ProbeConfirmation] = []
    problems: list[Problem] = []
    readings = run.readings
    for product in dict.fromkeys(one.probe.product for one in readings):
        differing = [o for o in readings if o.status == "differs" and o.probe.product == product]
        try:
            found += _of_product(run, product, differing, hand_in, dry_run) if differing else ()
        except UserError as error:
            problems += error.problems
    return ProbeReport(tuple(found), withdrawn, tuple(problems))


def _probing(
    workspace: Workspace, records: Workspace, readings: Sequence[Reading], when: datetime
) -> _Probing:
    with BlobReader(workspace.repository) as reader:
        opened = open_suggestions(workspace, reader, suggestion_refs(workspace))
        decided = decided_suggestions(workspace, main_snapshot(workspace, reader))
    why = _no_longer_so()
    moved_on = frozenset(
        (source.id, *one.fact[:2])
        for one in decided
        if one.fact and one.verdict and one.verdict.reason == why
        for source in one.sources
    )
    return _Probing(workspace, records, when, readings, opened, moved_on)


def _no_longer_so() -> str:
    with writing():
        return t("the probe reads another value now")


def _withdraw_outdated(run: _Probing) -> Report | None:
    """Withdraw the open suggestions of probes alone whose value is no longer what is read."""
    now = {
        (one.probe.product, *one.key): one.observed
        for one in run.readings
        if one.status in ("same", "differs")
    }
    machine = {
        one.id
        for one in read_desk(run.records.refreshed()).confirmations.values()
        if is_probe(one.staff)
    }
    names = [
        one.ref
        for one in run.opened
        if one.fact
        and now.get((one.product, *one.fact[:2]), one.fact[2]) != one.fact[2]
        and {source.id for source in one.sources} <= machine
    ]
    verdict = Verdict("withdrawn", _no_longer_so())
    return decide(run.workspace, names, verdict) if names else None


def _of_product(
    run: _Probing, product: str, differing: Sequence[Reading], hand_in: bool, dry_run: bool
) -> Iterator[ProbeConfirmation]:
    desk = read_desk(run.records.refreshed())
    own = sorted(_own(run, desk, product), key=lambda one: (one.date, one.id))
    draft = _to_renew(run, own)
    last = _last_said(run, own)
    others = [] if hand_in else [one for one in own if one.draft and one is not draft]
    known: dict[str, Confirmation] = {}
    fresh: list[Reading] = []
    for one in differing:
        candidates = [said for said in (last.get(one.key), *others) if said and _says(said, one)]
        known.update({said.id: said for said in candidates[:1]})
        fresh += [] if candidates else [one]
    for said in known.values():
        report = _suggested(run, said, dry_run) if hand_in else None
        yield ProbeConfirmation(said, is_known=True, report=report)
    if fresh and hand_in and not dry_run:
        yield _handed_in(run, fresh, draft)
    elif fresh:
        yield _drafted(run, fresh, draft, dry_run)


def _to_renew(run: _Probing, own: Sequence[Confirmation]) -> Confirmation | None:
    """Return the last draft that no person added to and all of whose facts were read again."""
    read = {(one.probe.product, *one.key) for one in run.readings}
    drafts = [
        one
        for one in own
        if one.draft
        and not (one.findings or one.confirmed)
        and all((one.product, *key) in read for key in _rows(one))
    ]
    return drafts[-1] if drafts else None


def _own(run: _Probing, desk: Desk, product: str) -> Iterator[Confirmation]:
    for one in desk.confirmations.values():
        ours = is_probe(one.staff) and one.product == product
        if ours and (one.release or "") == run.workspace.release:
            yield one


def _last_said(run: _Probing, own: Sequence[Confirmation]) -> Mapping[Key, Confirmation]:
    """Return the last final confirmation of each fact, but where its suggestion was outdated."""
    return {
        key: one
        for one in own
        if not one.draft
        for key in _rows(one)
        if (one.id, *key) not in run.moved_on
    }


def _rows(confirmation: Confirmation) -> dict[Key, Fact]:
    return {
        (category, one.fact): one for category, facts in confirmation.environment for one in facts
    }


def _says(confirmation: Confirmation, read: Reading) -> bool:
    row = _rows(confirmation).get(read.key)
    return bool(row) and (row.documented, row.observed) == (read.documented, read.observed)  # type: ignore[union-attr]


def _suggested(run: _Probing, said: Confirmation, dry_run: bool) -> Report:
    workspace = run.workspace.refreshed()
    files, problems = read_files([Path(said.id)], workspace)
    return suggest(workspace, files, problems, dry_run=dry_run)


def _handed_in(
    run: _Probing, fresh: Sequence[Reading], draft: Confirmation | None
) -> ProbeConfirmation:
    filed = file_confirmation(
        run.workspace.refreshed(),
        run.records.refreshed(),
        lambda name: _confirmation(run, name, fresh),
        run.when.date(),
        draft.id if draft else None,
    )
    return ProbeConfirmation(filed.confirmation, report=filed.report)


def _drafted(
    run: _Probing, fresh: Sequence[Reading], draft: Confirmation | None, dry_run: bool
) -> ProbeConfirmation:
    """Return the draft, renewed where there is one that says something else."""
    if draft and len(_rows(draft)) == len(fresh) and all(_says(draft, one) for one in fresh):
        return ProbeConfirmation(draft, is_known=True)

    def work(_desk: Desk, committed: Committed, name: str) -> Confirmation:
        made = _confirmation(run, name, fresh, draft=True)
        text = dump_confirmation(made)
        parse_confirmation(text.encode(), confirmation_path(name))
        committed.files[confirmation_path(name)] = text
        return made

    if draft:
        named = draft.id
        made = change(
            run.records, lambda desk, kept: work(desk, kept, named), _message, dry_run=dry_run
        )
    else:
        made = change_with_id(run.records, "ENV", run.when.year, work, _message, dry_run=dry_run)
    return ProbeConfirmation(made)


def _message(made: Confirmation) -> str:
    subject, _, _ = made.reported.partition("\n")
    with writing():
        return t("Draft: {title} {words}", title=filed_as(made.id), words=subject) + (
            f"\n\nRecord: {made.id}\n"
        )


def _confirmation(
    run: _Probing,
    name: str,
    fresh: Sequence[Reading],
    *,
    draft: bool = False,
) -> Confirmation:
    allow = run.workspace.settings.allow_personal
    environment: dict[str, list[Fact]] = {}
    for one in sorted(fresh, key=lambda one: one.key):
        environment.setdefault(one.probe.category, []).append(_row(one, allow))
    return Confirmation.model_validate(
        {
            "schema": "manualsmith/confirmation/v1",
            "id": name,
            "date": run.when.date(),
            "product": fresh[0].probe.product,
            "release": run.workspace.release or None,
            "draft": draft,
            "staff": probe_staff(one.probe.name for one in fresh),
            "reported": masked(_told(fresh), allow)[:_LONGEST],
            "environment": environment,
        }
    )


def _row(read: Reading, allow: Sequence[str]) -> Fact:
    with writing():
        note = t("{source} says {observed}, as the probe {name} read it",
                 source=read.probe.source, observed=read.observed,
                 name=read.probe.name)  # fmt: skip
    return Fact(
        fact=read.probe.fact,
        documented=read.documented,
        observed=read.observed or "",
        note=masked(note, allow),
    )


def _told(fresh: Sequence[Reading]) -> str:
    """Return what was read, with the answers as evidence, as far as there is room for them."""
    room = _MOST // len(fresh)
    with writing():
        names = t(", ").join(one.probe.name for one in fresh)
        parts = [t("Read by machine, and otherwise than the manuals say: {names}", names=names)]
        for one in fresh:
            head = t("{name}: {source} answered ({size} bytes)", name=one.probe.name,
                     source=one.probe.source, size=f"{one.size:,}")  # fmt: skip
            parts.append(f"{head}{t(': ')}\n{one.answer[:room]}")
    return "\n\n".join(parts)
