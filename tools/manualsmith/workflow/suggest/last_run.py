"""The cache of the last run of ``suggest``: a run in which nothing changed does next to nothing.

A cache under ``.git``: any machine can do without it, and it is never trusted against the refs. An
outcome counts only while its branch stands where it stood, and one without a branch only while main
stands where it stood.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from manualsmith.cache.by_key import Cache
from manualsmith.git.branches import RefInfo
from manualsmith.text import language
from manualsmith.workflow.queue.outcomes import Outcome
from manualsmith.workflow.service.read_confirmations import RecordFile
from manualsmith.workflow.workspace.open_workspace import Workspace

KIND = "suggested-2"
_KEPT = ("created", "updated", "joined", "unchanged")
_FIELDS = ("id", "summary", "confirmation", "manual", "branch", "commit", "message")


def _kind() -> str:
    return f"{KIND}-{language()}"  # its messages are in words


def recall(
    workspace: Workspace, refs: Mapping[str, RefInfo], files: Sequence[RecordFile]
) -> dict[str, list[Outcome]]:
    """Return the outcomes that still hold, by the digest of the confirmation's file."""
    with Cache.open(workspace.repository.common_dir) as cache:
        stored = cache.decoded(_kind(), [file.digest for file in files], _read)
    return {
        blob: outcomes
        for blob, (main, outcomes) in stored.items()
        if all(_holds(outcome, refs, main == workspace.main.tip) for outcome in outcomes)
    }


def _read(data: bytes) -> tuple[str, list[Outcome]]:
    value = json.loads(data)
    return value["main"], [_outcome(entry) for entry in value["outcomes"]]


def _holds(outcome: Outcome, refs: Mapping[str, RefInfo], same_main: bool) -> bool:
    if outcome.status == "unchanged" and outcome.branch:
        ref = refs.get(f"refs/heads/{outcome.branch}")
        return ref is not None and ref.tip == outcome.commit
    return same_main and outcome.status in ("evidence", "already", "decided")


def keep(workspace: Workspace, outcomes: Mapping[str, Sequence[Outcome]]) -> None:
    """Remember the outcomes of confirmations in which nothing needs to be told again in full."""
    values = {
        blob: json.dumps(
            {"main": workspace.main.tip, "outcomes": [_entry(outcome) for outcome in found]},
            ensure_ascii=False,
        ).encode()
        for blob, found in outcomes.items()
        if all(o.status in (*_KEPT, "evidence", "already", "decided") for o in found)
    }
    with Cache.open(workspace.repository.common_dir) as cache:
        cache.put_many(_kind(), values)


def _entry(outcome: Outcome) -> dict[str, object]:
    again = "unchanged" if outcome.status in _KEPT else outcome.status
    return {
        "status": again,
        "pages": outcome.pages,
        **{name: getattr(outcome, name) for name in _FIELDS},
    }


def _outcome(entry: Mapping[str, object]) -> Outcome:
    made = Outcome(**entry)  # type: ignore[arg-type]
    return replace(made, pages=tuple(made.pages))
