"""Summaries of all suggestions, open and decided, cached by the commit or blob that was read.

A branch's tip and a record's blob never change what they say, so what was read of them once holds
for ever: a repository with a thousand branches is listed without reading a thousand records.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence

from manualsmith.cache.by_key import Cache
from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.git.branches import RefInfo
from manualsmith.git.trees import TreeEntry
from manualsmith.layout import MANUALS, suggestion_of
from manualsmith.markdown.action_table import Action
from manualsmith.markdown.edit_models import Model
from manualsmith.records.models.suggestion import (
    ConfirmationRef,
    Decision,
    EditRecord,
    FactRecord,
    Suggestion,
    Turn,
    parse_suggestion,
)
from manualsmith.text import language
from manualsmith.workflow.queue.branch import Branch, read_branches, suggestion_refs
from manualsmith.workflow.queue.leftovers import without_leftovers
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.snapshot import Snapshot

OPEN = "open-5"
DECIDED = "decided-5"


class Spot(Model):
    """Where an edit changes a page: the section, and the old page's lines ``[first, last]``."""

    section: tuple[str, ...]
    first: int
    last: int


class OpenEdit(Model):
    """One page's edit: what kind, the blob that its target was read on, and where it changes it."""

    page: str
    action: str
    blob: str | None
    result: str | None = None
    spots: tuple[Spot, ...]


class Account(Model):
    """The summary of a suggestion: what the queue, the audit and the ledger show of it.

    An open one has its branch's ``ref``, ``tip`` and ``parents``, and ``at``, when it was first
    made, in seconds since 1970. A decided one has its ``verdict``. ``fact`` is its category, name
    and observed value. ``keys`` name what it changes: two suggestions that share one say the same.
    ``history`` are decisions before it was opened again, ``turn`` and ``comments`` whose turn it is
    and how many times somebody said something of it, ``faults`` as in `branch.Branch`;
    without a record that can be read the texts are empty.
    """

    id: str
    manual: str
    ref: str = ""
    tip: str = ""
    parents: tuple[str, ...] = ()
    at: int = 0
    kind: str = ""
    product: str = ""
    summary: str = ""
    reason: str = ""
    proposer: str = ""
    sources: tuple[ConfirmationRef, ...] = ()
    edits: tuple[OpenEdit, ...] = ()
    keys: tuple[str, ...] = ()
    fact: tuple[str, str, str] | None = None
    variant: bool = False
    history: tuple[Decision, ...] = ()
    verdict: Decision | None = None
    turn: Turn = "reviewer"
    comments: int = 0
    faults: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        """``open``, or what was decided."""
        return self.verdict.state if self.verdict else "open"

    @property
    def branch(self) -> str:
        """The branch's short name."""
        return self.ref.removeprefix("refs/heads/")

    @property
    def sections(self) -> tuple[tuple[str, ...], ...]:
        """The sections that it changes, each once."""
        return tuple(dict.fromkeys(spot.section for edit in self.edits for spot in edit.spots))


def open_suggestions(
    workspace: Workspace, reader: BlobReader, refs: Mapping[str, RefInfo]
) -> list[Account]:
    """Return what the suggestion branches among *refs* propose, in order of their names."""
    infos = {f"{info.tip}:{ref}": info for ref, info in refs.items() if suggestion_of(ref)}

    def read(keys: Sequence[str]) -> dict[str, Account]:
        fresh = [infos[key] for key in keys]
        branches = read_branches(workspace.repository, reader, fresh, workspace.main.tip)
        return {key: open_account(infos[key], branches[infos[key].ref]) for key in keys}

    # Whether a branch rests on main depends on main, so only what is well is kept.
    kind = f"{OPEN}-{language()}"  # its faults are told in words
    found = _remembered(workspace, kind, list(infos), read, lambda one: not one.faults)
    return [found[key] for key in infos]


def all_suggestions(workspace: Workspace, snapshot: Snapshot) -> list[Account]:
    """Return the open suggestions and the decided ones; one that was opened again is open."""
    refs = without_leftovers(workspace, suggestion_refs(workspace), snapshot, only_told=True)
    opened = open_suggestions(workspace, snapshot.reader, refs)
    names = {(one.manual, one.id) for one in opened}
    decided = decided_suggestions(workspace, snapshot)
    return [*opened, *(one for one in decided if (one.manual, one.id) not in names)]


def decided_suggestions(workspace: Workspace, snapshot: Snapshot) -> list[Account]:
    """Return the decided suggestions whose records a commit has, in order of their paths.

    Records that cannot be read are left out: `audit` names them.
    """
    files = (entry for one in MANUALS.values() for entry in snapshot.files(one.suggestions))
    return list(decided_in(workspace, snapshot, files).values())


def decided_in(
    workspace: Workspace, snapshot: Snapshot, files: Iterable[TreeEntry]
) -> dict[str, Account]:
    """Return the decided suggestions whose records are among *files*, by path, in their order."""
    paths = {f"{e.oid}:{e.path}": (e.oid, e.path) for e in files if e.path.endswith(".yaml")}

    def read(keys: Sequence[str]) -> dict[str, Account]:
        blobs = snapshot.reader.get_many([paths[key][0] for key in keys])
        made = {
            key: _decided(blob.data, paths[key][1])
            for key, blob in zip(keys, blobs, strict=True)
            if blob
        }
        return {key: account for key, account in made.items() if account}

    found = _remembered(workspace, DECIDED, list(paths), read, lambda _: True)
    return {paths[key][1]: found[key] for key in paths if key in found}


def _remembered(
    workspace: Workspace,
    kind: str,
    keys: Sequence[str],
    read: Callable[[Sequence[str]], dict[str, Account]],
    keep: Callable[[Account], bool],
) -> dict[str, Account]:
    """Return the accounts by key: those that the cache has, and the others read and put there."""
    with Cache.open(workspace.repository.common_dir) as cache:
        found = cache.decoded(kind, keys, Account.model_validate_json)
        fresh = read([key for key in keys if key not in found])
        kept = {key: one.model_dump_json().encode() for key, one in fresh.items() if keep(one)}
        cache.put_many(kind, kept)
    return {**found, **fresh}


def open_account(info: RefInfo, branch: Branch) -> Account:
    """Return the short account of one branch. *info* is of a suggestion branch."""
    named = suggestion_of(info.ref)
    if named is None:
        raise ValueError(f"no suggestion branch: {info.ref}")
    manual, suggestion_id, _ = named
    told = Account(
        id=suggestion_id,
        manual=manual.name,
        ref=info.ref,
        tip=info.tip,
        parents=info.parents,
        at=int(info.author_date.partition(" ")[0]),
        faults=branch.faults,
    )
    return _with_record(told, branch.record) if branch.record else told


def _decided(data: bytes, path: str) -> Account | None:
    try:
        record = parse_suggestion(data, path)
    except UserError:
        return None
    if record.decision is None:
        return None
    told = Account(id=record.id, manual=record.manual, verdict=record.decision)
    return _with_record(told, record)


def account_of(record: Suggestion, ref: str) -> Account:
    """Return the short account of a suggestion that is not written yet."""
    return _with_record(Account(id=record.id, manual=record.manual, ref=ref), record)


def _with_record(told: Account, record: Suggestion) -> Account:
    fact = record.fact
    sources = (record.confirmation, *record.evidence)
    said = {
        "kind": record.kind,
        "product": record.product,
        "summary": record.summary,
        "reason": record.reason,
        "proposer": record.proposer,
        "sources": tuple(ConfirmationRef(id=one.id, blob=one.blob) for one in sources),
        "edits": tuple(_edit(edit) for edit in record.edits),
        "keys": keys_of(record),
        "fact": (fact.category, fact.fact, fact.observed) if fact else None,
        "variant": bool(fact and fact.variant),
        "history": record.history,
        "turn": record.turn,
        "comments": len(record.comments),
    }
    return told.model_copy(update=said)


def _edit(edit: EditRecord) -> OpenEdit:
    spots = tuple(
        Spot(
            section=change.section,
            first=change.line,
            last=change.line + max(0, len(change.before.splitlines()) - 1),
        )
        for change in edit.changes
    )
    return OpenEdit(
        page=edit.page,
        action=edit.edit.action,
        blob=edit.blob,
        result=edit.result,
        spots=spots,
    )


def keys_of(record: Suggestion) -> tuple[str, str]:
    """Return what tells that another suggestion says the same: what it asks, and what it gives."""
    # of a page that moves or goes, what becomes of the other files tells where to
    results = [
        [edit.page, edit.blob, edit.result, [[file.path, file.result] for file in edit.also]]
        for edit in record.edits
    ]
    asked = asked_key(
        record.manual,
        record.product,
        [edit.as_asked for edit in record.edits],
        record.fact,
    )
    return asked, _key(record.manual, "result", results)


def asked_key(
    manual: str, product: str, edits: Sequence[tuple[str, Action]], fact: FactRecord | None
) -> str:
    """Return what tells that two suggestions ask for the same: a fact's values, or the edit."""
    if fact:
        return _key(manual, "fact", product, fact.model_dump(mode="json"))
    dumped = [[page, edit.model_dump(mode="json", exclude_defaults=True)] for page, edit in edits]
    return _key(manual, "edit", dumped)


def _key(*parts: object) -> str:
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def meeting(opened: Sequence[Account]) -> dict[str, tuple[str, ...]]:
    """Return for each open suggestion's ref the ids of the others that change the same place."""
    by_page: dict[tuple[str, str], list[tuple[Account, OpenEdit]]] = {}
    for one in opened:
        for edit in one.edits:
            by_page.setdefault((one.manual, edit.page), []).append((one, edit))
    found: dict[str, list[str]] = {one.ref: [] for one in opened}
    for edits in by_page.values():
        for number, (first, edit) in enumerate(edits):
            for second, other in edits[number + 1 :]:
                if first.ref != second.ref and same_place(edit, other):
                    found[first.ref].append(second.id)
                    found[second.ref].append(first.id)
    return {ref: tuple(dict.fromkeys(others)) for ref, others in found.items()}


def same_place(first: OpenEdit, second: OpenEdit) -> bool:
    """Return whether two edits of one page change the same lines.

    Lines of two versions of the page do not compare: there the section decides.
    """
    if first.blob is None or second.blob is None or None in (first.result, second.result):
        return True
    if first.blob != second.blob:
        sections = {spot.section for spot in first.spots}
        return any(spot.section in sections for spot in second.spots)
    return _lines_meet(first.spots, second.spots)


def _lines_meet(first: Iterable[Spot], second: Iterable[Spot]) -> bool:
    """Return whether two sets of line ranges meet: a sweep over both in order."""
    spots = sorted([(s.first, s.last, 0) for s in first] + [(s.first, s.last, 1) for s in second])
    ends = [-1, -1]
    for start, end, side in spots:
        if start <= ends[1 - side]:
            return True
        ends[side] = max(ends[side], end)
    return False
