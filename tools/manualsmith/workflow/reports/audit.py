"""Audit: what has gone stale, waits too long, disagrees, or was lost on the way."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from manualsmith.errors import Problem, UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.git.trees import list_tree
from manualsmith.layout import (
    MANUALS,
    Manual,
    confirmation_path,
    in_right_case,
    is_left_out,
    is_page,
    page_folders,
)
from manualsmith.markdown.checks.front_matter_check import page_problems
from manualsmith.markdown.reading.front_matter import BadFrontMatter, read_entries
from manualsmith.markdown.reading.page_environment import facts_of, product_of
from manualsmith.markdown.translation import behind, translation_at
from manualsmith.records.models.confirmation import Confirmation
from manualsmith.records.models.moments import shown
from manualsmith.records.models.suggestion import Suggestion, parse_suggestion
from manualsmith.settings.layout_settings import SettingsText
from manualsmith.settings.read_settings import PYPROJECT
from manualsmith.text import marked, t
from manualsmith.workflow.labels.page_labels import labelled_pages
from manualsmith.workflow.labels.unknown_labels import check_labels
from manualsmith.workflow.landing.hand_edits import manual_paths, undone, unexplained
from manualsmith.workflow.probing.probe_failures import failures
from manualsmith.workflow.queue.branch import suggestion_refs
from manualsmith.workflow.queue.summaries import Account, decided_suggestions, open_suggestions
from manualsmith.workflow.reports.due import due_by, in_order, kept_in, where, wrong_times
from manualsmith.workflow.service.reader_answers import read_answers
from manualsmith.workflow.service.service_records import final_of, read_desk, records_of
from manualsmith.workflow.suggest.proposals import asked_by, finding_proposals
from manualsmith.workflow.verify.guarded_records import changed_afterwards
from manualsmith.workflow.webhooks.webhook_outbox import given_up
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.snapshot import Snapshot, main_snapshot

Kind = Literal[
    "unconfirmed",
    "due",
    "disagree",
    "waiting",
    "lost",
    "behind",
    "invalid",
    "page",
    "by-hand",
    "undone",
    "changed",
    "unhelpful",
    "probe",
    "webhook",
    "label",
]
KIND_NAMES: Mapping[Kind, str] = {
    "unconfirmed": marked("environments that nobody has confirmed for long"),
    "due": marked("what is to be confirmed again"),
    "disagree": marked("facts that pages state differently"),
    "waiting": marked("suggestions that wait"),
    "lost": marked("findings without a suggestion"),
    "unhelpful": marked("pages that were of no help"),
    "probe": marked("probes that could not be read"),
    "webhook": marked("messages to other systems that were given up"),
    "label": marked("words of screens that the product does not have"),
    "behind": marked("pages that have not followed their other language"),
    "invalid": marked("records that do not validate"),
    "page": marked("pages whose front matter cannot be used"),
    "undone": marked("accepted edits that the manual has no more"),
    "by-hand": marked("changes of the manuals that no record explains"),
    "changed": marked("records that changed without a decision"),
}
# of how many answers on, and over which days, a page is one to look at
_ANSWERS, _ANSWERED_WITHIN = 5, timedelta(days=90)
# how like one of the product's a label is that may be meant for it, of 100
_LIKE = 80


@dataclass(frozen=True)
class Remark:
    """One thing to look after: its kind, the file or suggestion concerned, and what it is.

    ``is_information``: it is worth knowing, and nothing is to be done.
    """

    kind: Kind
    where: str
    message: str
    hint: str | None = None
    is_information: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return plain values for ``--json``."""
        values = {
            "kind": self.kind,
            "where": self.where,
            "message": self.message,
            "hint": self.hint,
        }
        return {name: value for name, value in values.items() if value is not None}


def audit(workspace: Workspace, today: date, days: int, waiting: int) -> list[Remark]:
    """Return what main and the suggestion branches show, as of *today*.

    *days* is how long a page's environment may go without being confirmed, *waiting* how long a
    suggestion may be open; a suggestion's age counts from when it was first made.
    """
    with BlobReader(workspace.repository) as reader:
        snapshot = main_snapshot(workspace, reader)
        opened = open_suggestions(workspace, reader, suggestion_refs(workspace))
        decided = decided_suggestions(workspace, snapshot)
        desk = read_desk(workspace)
        records = records_of(workspace)
        private = read_desk(records) if records is not workspace else desk
        confirmations = final_of((desk, private))
        problems = dict.fromkeys((*desk.problems, *private.problems))
        return [
            *_unconfirmed(snapshot, confirmations, today, days),
            *_due(snapshot, workspace, confirmations, today),
            *_disagreeing(snapshot),
            *_waiting(opened, today, waiting),
            *_lost(confirmations, [*opened, *decided]),
            *_behind(snapshot),
            *(_invalid(problem.place.file or "", problem) for problem in problems),
            *_invalid_suggestions(snapshot),
            *_invalid_pages(snapshot),
            *_by_hand(workspace, snapshot),
            *_changed_afterwards(workspace, reader),
            *_unhelpful(workspace, records, today),
            *_unread(workspace),
            *_undelivered(workspace),
            *_not_of_the_product(workspace),
            *_misspelt(workspace),
            *_no_manual(workspace, snapshot),
            *_bound_to_nothing(snapshot),
        ]


def _unhelpful(workspace: Workspace, records: Workspace, today: date) -> Iterator[Remark]:
    """Yield the pages that as many readers as not, or more, found of no help, the worst first."""
    said = read_answers(records, workspace.repository.common_dir)
    for page, (yes, no) in sorted(
        said.helped(today - _ANSWERED_WITHIN, today).items(), key=lambda one: (-one[1][1], one[0])
    ):
        if yes + no >= _ANSWERS and no >= yes:
            told = t("{no} of {all} readers say that it was of no help", no=no, all=yes + no)
            hint = t("read what was reported about it: manualsmith find …")
            yield Remark("unhelpful", page, told, hint)


def _unread(workspace: Workspace) -> Iterator[Remark]:
    """Yield the probes that failed when they were last asked here."""
    for name, one in sorted(failures(workspace).items()):
        said = t("not read since {day}: {reason}", day=shown(one.since), reason=one.reason)
        yield Remark(
            "probe", name, said, t("try it: manualsmith probe {name} --dry-run", name=name)
        )


def _undelivered(workspace: Workspace) -> Iterator[Remark]:
    """Yield the messages to other systems that were given up here."""
    for one in given_up(workspace):
        told = t("{kind} of {day} was not delivered: {reason}", kind=one.event.kind,
                 day=shown(one.event.time), reason=one.reason)  # fmt: skip
        hint = t("try it: manualsmith webhooks send --again")
        yield Remark("webhook", one.webhook, told, hint)


def _not_of_the_product(workspace: Workspace) -> Iterator[Remark]:
    """Yield the labels that pages quote nearly as the product has them, by the set catalogues."""
    for product in workspace.settings.labels.catalogues:
        try:
            found = check_labels(workspace, labelled_pages(workspace, product))
        except UserError as error:
            yield from (_invalid(product, problem, "label") for problem in error.problems)
            continue
        for one in found:
            if one.likeness >= _LIKE:
                near = " / ".join(one.near)
                said = t("“{label}”: {product} has “{near}”", label=one.label.words,
                         product=product, near=near)  # fmt: skip
                yield Remark("label", one.place, said, t("all of them: manualsmith labels --check"))


def _by_hand(workspace: Workspace, snapshot: Snapshot) -> Iterator[Remark]:
    """Yield the changes of manuals that no record explains, and accepted edits that are gone."""
    for step in unexplained(workspace, snapshot):
        pages = ", ".join(manual_paths(step)[:3])
        said = t("{subject}: nobody suggested it ({pages})", subject=step.subject, pages=pages)
        hint = t("say why it is right: manualsmith adopt {commit} --reason …",
                 commit=step.commit[:9])  # fmt: skip
        information = not workspace.settings.protect_main
        yield Remark("by-hand", step.commit[:9], said, hint, information)


def _changed_afterwards(workspace: Workspace, reader: BlobReader) -> Iterator[Remark]:
    """Yield the records that changed, or went, without a decision."""
    information = not workspace.settings.protect_main
    for step, faults in changed_afterwards(workspace, reader):
        hint = t("what it was before: git show {commit}", commit=step.commit[:9])
        for said in faults:
            yield Remark("changed", step.commit[:9], said, hint, information)


def _behind(snapshot: Snapshot) -> Iterator[Remark]:
    """Yield the pages that have not followed their other language, or were never compared."""
    paths = [entry.path for folder in page_folders() for entry in snapshot.files(folder)]
    paths = [path for path in paths if not is_left_out(path)]
    pages = frozenset(paths)
    for path in paths:
        found = translation_at(path, pages)
        if found is None:
            continue
        texts = [
            (snapshot.read(p) or b"").decode("utf-8", "replace") for p in (found.original, path)
        ]
        state = behind(*texts)
        hint = t("compare the two, then: manualsmith translated {path}", path=path)
        if state == "unknown":
            yield Remark(
                "behind", path, t("nobody has compared it with {path}", path=found.original), hint
            )
        if state in ("translation", "both"):
            yield Remark("behind", path, t("{path} has changed since", path=found.original), hint)
        if state in ("original", "both"):
            yield Remark("behind", found.original, t("{path} has changed since", path=path), hint)


def _invalid_suggestions(snapshot: Snapshot) -> Iterator[Remark]:
    for manual in MANUALS.values():
        for path in _files(snapshot, manual.suggestions):
            try:
                record = parse_suggestion(snapshot.read(path) or b"", path)
            except UserError as error:
                yield from (_invalid(path, problem) for problem in error.problems)
                continue
            if record.decision is None:
                yield Remark("invalid", path, t("a record on main without a decision"))
            elif record.decision.state == "accepted":
                yield from _undone(record, snapshot)


def _undone(record: Suggestion, snapshot: Snapshot) -> Iterator[Remark]:
    for page in undone(record, snapshot):
        said = t("{page} says again what it said before {id}", page=page, id=record.id)
        hint = t("open it again, or take it back: manualsmith review reopen {id}", id=record.id)
        yield Remark("undone", record.id, said, hint)


def _files(snapshot: Snapshot, folder: str) -> list[str]:
    return [entry.path for entry in snapshot.files(folder) if entry.path.endswith(".yaml")]


def _invalid_pages(snapshot: Snapshot) -> Iterator[Remark]:
    """Yield what is wrong with the front matter of pages, or with their bytes."""
    for folder in page_folders():
        entries = [e for e in snapshot.files(folder) if is_page(e.path)]
        for entry in entries:
            data = snapshot.object(entry.oid) or b""
            found = [*page_problems(data, entry.path)]
            found += wrong_times(data.decode("utf-8", "replace"), entry.path)
            yield from (_invalid(entry.path, problem, "page") for problem in found)


def _misspelt(workspace: Workspace) -> Iterator[Remark]:
    """Yield the files that letters' case keeps out of a manual, and some people's disks do not."""
    for entry in list_tree(workspace.repository, workspace.main.tip):
        if right := in_right_case(entry.path):
            said = t("no manual has this path, for the case of its letters")
            yield Remark("page", entry.path, said, f"git mv {entry.path} {right}")


def _no_manual(workspace: Workspace, snapshot: Snapshot) -> Iterator[Remark]:
    """Yield that there is nothing to look after: no page lies where manuals are looked for."""
    if not any(map(snapshot.page_files, MANUALS.values())):
        folders = ", ".join(manual.folder for manual in MANUALS.values())
        said = t("no page of a manual is on {branch}: looked in {folders}",
                 branch=workspace.main.name, folders=folders)  # fmt: skip
        hint = t("begin with: manualsmith init; or move your pages there (git mv)")
        yield Remark("page", workspace.main.name, said, hint)


def _bound_to_nothing(snapshot: Snapshot) -> Iterator[Remark]:
    """Yield the patterns that settings bind facts by, and no page matches."""
    source = SettingsText(
        (snapshot.read(PYPROJECT) or b"").decode("utf-8-sig", "replace"), PYPROJECT
    )
    for manual in MANUALS.values():
        for number, one in enumerate(manual.bound, start=1):
            for pattern in one.chosen:
                alone = replace(one, chosen=(pattern,))
                if pattern.startswith("!") or any(map(alone.holds, snapshot.pages[manual.name])):
                    continue
                place = source.place("manuals", manual.name, "facts", str(number), "pages")
                said = t("no page of {manual} matches {pattern}, to which facts are bound",
                         manual=manual.name, pattern=pattern)  # fmt: skip
                yield Remark("page", str(place), said)


def _invalid(path: str, problem: Problem, kind: Kind = "invalid") -> Remark:
    place = str(problem.place) or path
    return Remark(kind, place, problem.message, problem.hint)


def _unconfirmed(
    snapshot: Snapshot, confirmations: Sequence[Confirmation], today: date, days: int
) -> Iterator[Remark]:
    """Yield the pages of an environment that nobody has confirmed for so long."""
    held: dict[tuple[str, str], date] = {}
    seen: dict[tuple[str, str, str, str], date] = {}
    for one in confirmations:
        for confirmed in one.confirmed:
            key = (confirmed.manual, confirmed.page)
            held[key] = max(one.date, held.get(key, one.date))
        for category, found in one.environment:
            for fact in found:
                name = (one.product, category, fact.fact, fact.observed)
                seen[name] = max(one.date, seen.get(name, one.date))
    for manual, page, product, stated in _environments(snapshot):
        dates = [seen.get((product, *fact, value)) for fact, value in stated.items()]
        own = held.get((manual.name, page))
        every = min(dates) if dates and all(dates) else None  # type: ignore[type-var]
        last = max((d for d in (own, every) if d), default=None)
        path = manual.path(page)
        hint = t("follow it in a real environment, and write what you saw: manualsmith confirm new")
        if last is None:
            yield Remark("unconfirmed", path, t("its environment was never confirmed"), hint)
        elif (today - last).days > days:
            said = t("last confirmed {date}, {days} days ago", date=last, days=(today - last).days)
            yield Remark("unconfirmed", path, said, hint)


def _due(
    snapshot: Snapshot, workspace: Workspace, confirmations: Sequence[Confirmation], today: date
) -> Iterator[Remark]:
    """Yield the places that are to be confirmed again, as they say themselves how often."""
    hint = t("follow it in a real environment, and write what you saw: manualsmith confirm new")
    for one in due_by(in_order(kept_in(snapshot, workspace.settings, confirmations)), today):
        owner = t(" ({owner})", owner=one.owner) if one.owner else ""
        said = t("never confirmed") if one.day is None else t("due since {date}", date=one.day)
        yield Remark("due", where(one), said + owner, hint)


def _environments(
    snapshot: Snapshot,
) -> Iterator[tuple[Manual, str, str, dict[tuple[str, str], str]]]:
    """Yield each page that states an environment: manual, page, product, and its facts."""
    for manual in MANUALS.values():
        for blob in snapshot.texts(manual):
            try:
                stated = facts_of(manual.path(blob.page), blob.text)
                entries = read_entries(blob.text) if stated else {}
            except BadFrontMatter:
                continue
            product = product_of(manual.path(blob.page), entries)
            if stated and product:
                yield manual, blob.page, product, stated


def _disagreeing(snapshot: Snapshot) -> Iterator[Remark]:
    """Yield the facts that pages of one product state differently."""
    found: dict[tuple[str, tuple[str, str]], dict[str, list[str]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for manual, page, product, stated in _environments(snapshot):
        for fact, value in stated.items():
            found[product, fact][value].append(manual.path(page))
    for (named, (_, name)), values in sorted(found.items()):
        if len(values) > 1:
            told = "; ".join(f"{v}: {', '.join(pages[:3])}" for v, pages in sorted(values.items()))
            yield Remark("disagree", f"{named} {name}", told)


def _waiting(opened: Sequence[Account], today: date, waiting: int) -> Iterator[Remark]:
    for one in opened:
        age = (today - datetime.fromtimestamp(one.at, UTC).date()).days
        if age > waiting:
            said = t("open for {days} days: {summary}", days=age, summary=one.summary)
            yield Remark("waiting", one.id, said, f"manualsmith review show {one.id}")


def _lost(confirmations: Sequence[Confirmation], known: Sequence[Account]) -> Iterator[Remark]:
    """Yield the findings that no suggestion, open or decided, stands for."""
    ids = {one.id for one in known}
    joined = {(source.id, key) for one in known for source in one.sources for key in one.keys}
    for confirmation in confirmations:
        for proposal in finding_proposals(confirmation):
            if proposal.id not in ids and (confirmation.id, asked_by(proposal)) not in joined:
                yield Remark(
                    "lost",
                    confirmation_path(confirmation.id),
                    t(
                        "no suggestion was made of finding {id}: {summary}",
                        id=proposal.finding,
                        summary=proposal.summary,
                    ),
                    f"manualsmith suggest {confirmation_path(confirmation.id)}",
                )
