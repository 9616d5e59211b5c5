"""List the queue: what is open, whether it still applies to today's main, what was decided."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from manualsmith.cache.by_key import Cache
from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.git.branches import RefInfo
from manualsmith.layout import MANUALS
from manualsmith.naming import is_probe
from manualsmith.text import language, t
from manualsmith.workflow.queue.branch import read_branches, suggestion_refs
from manualsmith.workflow.queue.leftovers import without_leftovers
from manualsmith.workflow.queue.summaries import (
    Account,
    decided_suggestions,
    meeting,
    open_suggestions,
)
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.snapshot import Snapshot, main_snapshot

KIND = "applies-2"
SECONDS_A_DAY = 86_400


@dataclass(frozen=True)
class Standing:
    """Whether an open suggestion applies to today's main.

    kind: ``applies``; ``moved`` (its page changed since, and the place was found again);
    ``already`` (main says so); ``conflict`` (its place is gone or not certain); ``edited`` (people
    have committed to the branch). ``message`` says more.
    """

    kind: str
    message: str = ""


@dataclass(frozen=True)
class QueueItem:
    """One suggestion of the queue. ``days`` is an open one's age; ``meets`` are ids of others
    that change the same place."""

    account: Account
    days: int | None
    standing: Standing | None
    meets: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return plain values for ``--json``; what is None or empty is left out."""
        one = self.account
        values = {
            "id": one.id,
            "state": one.state,
            "manual": one.manual,
            "output": MANUALS[one.manual].output,
            "pages": [edit.page for edit in one.edits],
            "sections": [list(section) for section in one.sections],
            "actions": list(dict.fromkeys(edit.action for edit in one.edits)),
            "kind": one.kind,
            "summary": one.summary,
            "reason": one.reason,
            "confirmations": [source.id for source in one.sources],
            "proposer": one.proposer,
            "by_machine": is_probe(one.proposer) or None,
            "branch": one.branch or None,
            "commit": one.tip or None,
            "days": self.days,
            "applies": self.standing.kind if self.standing else None,
            "applies_message": self.standing.message if self.standing else None,
            "meets": list(self.meets),
            "variant": one.variant or None,
            "turn": one.turn if one.state == "open" else None,
            "comments": one.comments or None,
            "decision": one.verdict.model_dump() if one.verdict else None,
            "history": [old.model_dump() for old in one.history],
        }
        return {name: value for name, value in values.items() if value not in (None, [], "")}


@dataclass(frozen=True)
class QueueFilter:
    """What to list: what is None or empty is no limit. Pages are paths in the repository."""

    manual: str | None = None
    pages: tuple[str, ...] = ()
    states: tuple[str, ...] = ("open",)
    confirmation: str | None = None

    def takes(self, one: Account) -> bool:
        """Return whether a suggestion is wanted."""
        manual = MANUALS[one.manual]
        return (
            self.manual in (None, one.manual)
            and one.state in self.states
            and (not self.pages or any(manual.path(e.page) in self.pages for e in one.edits))
            and (self.confirmation is None or self.confirmation in [s.id for s in one.sources])
        )


def queue(
    workspace: Workspace,
    wanted: QueueFilter,
    now: float,
    refs: Mapping[str, RefInfo] | None = None,
) -> list[QueueItem]:
    """Return the suggestions that are *wanted*: the open ones, oldest first, then the decided.

    *refs* are the suggestion branches, where they were read already. *now* is the time that ages
    are counted to, in seconds since 1970.
    """
    with BlobReader(workspace.repository) as reader:
        snapshot = main_snapshot(workspace, reader)
        refs = suggestion_refs(workspace) if refs is None else refs
        refs = without_leftovers(workspace, refs, snapshot, only_told=True)
        opened = open_suggestions(workspace, reader, refs)
        meets = meeting(opened)
        chosen = sorted((o for o in opened if wanted.takes(o)), key=lambda one: (one.at, one.id))
        stands = standings(workspace, snapshot, refs, chosen)
        decided: list[Account] = []
        if set(wanted.states) - {"open"}:
            again = {
                (one.manual, one.id) for one in opened
            }  # opened again, they are no longer decided
            known = decided_suggestions(workspace, snapshot)
            decided = [o for o in known if wanted.takes(o) and (o.manual, o.id) not in again]
    items = [
        QueueItem(one, days_open(one.at, now), stands[one.ref], meets[one.ref]) for one in chosen
    ]
    return [*items, *(QueueItem(one, None, None) for one in decided)]


def days_open(at: int, now: float) -> int:
    """Return the whole days from *at* to *now*, both in seconds since 1970."""
    return max(0, int((now - at) // SECONDS_A_DAY))


def standings(
    workspace: Workspace,
    snapshot: Snapshot,
    refs: Mapping[str, RefInfo],
    opened: Sequence[Account],
) -> dict[str, Standing]:
    """Return whether open suggestions apply to main, by ref; what was found before is kept."""
    found: dict[str, Standing] = {}
    asked: dict[str, Account] = {}
    for one in opened:
        if one.faults:
            found[one.ref] = Standing("edited", "; ".join(one.faults))
        elif _untouched(one, snapshot):
            found[one.ref] = Standing("applies")
        else:
            asked[_key(one, snapshot)] = one
    kind = f"{KIND}-{language()}"  # its message is in words
    with Cache.open(workspace.repository.common_dir) as cache:
        stored = cache.decoded(kind, asked, lambda data: Standing(**json.loads(data)))
        fresh = [(key, one) for key, one in asked.items() if key not in stored]
        made = _worked_out(workspace, snapshot, refs, fresh)
        cache.put_many(kind, {key: json.dumps(asdict(s)).encode() for key, s in made.items()})
    found.update({asked[key].ref: standing for key, standing in {**stored, **made}.items()})
    return found


def _untouched(one: Account, snapshot: Snapshot) -> bool:
    manual = MANUALS[one.manual]
    return all(snapshot.page_id(manual, edit.page) == edit.blob for edit in one.edits)


def _key(one: Account, snapshot: Snapshot) -> str:
    """Return what a standing follows from: the branch's tip and the pages as main has them.

    Where a page is not there, all of main says whether it has moved, and where to.
    """
    pages = [snapshot.page_id(MANUALS[one.manual], edit.page) for edit in one.edits]
    main = [snapshot.commit] if None in pages else []
    return hashlib.sha256(json.dumps([one.ref, one.tip, pages, *main]).encode()).hexdigest()


def _worked_out(
    workspace: Workspace,
    snapshot: Snapshot,
    refs: Mapping[str, RefInfo],
    asked: Sequence[tuple[str, Account]],
) -> dict[str, Standing]:
    if not asked:
        return {}
    from manualsmith.workflow.workspace.remake import Already, rebuild

    infos = [refs[one.ref] for _, one in asked]
    read = read_branches(workspace.repository, snapshot.reader, infos, workspace.main.tip)
    found = {}
    for key, one in asked:
        record = read[one.ref].record
        if record is None:
            found[key] = Standing("edited", t("it has no record that can be read"))
            continue
        try:
            rebuild(record, snapshot, workspace.settings)
        except Already as already:
            found[key] = Standing("already", ", ".join(already.places[:5]))
        except UserError as error:
            found[key] = Standing("conflict", str(error.problems[0]))
        else:
            found[key] = Standing("moved")
    return found
