"""Find the suggestions that a reviewer names: by id, by branch, or all of a confirmation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from manualsmith.errors import Problem, UserError
from manualsmith.layout import MANUALS, suggestion_of, suggestion_path
from manualsmith.naming import near
from manualsmith.records.suggestion import Suggestion, parse_suggestion
from manualsmith.store.branches import RefInfo
from manualsmith.text import t
from manualsmith.workflow.snapshot import Snapshot


@dataclass(frozen=True)
class Selected:
    """What was named: the open suggestions' refs, and the records of those that are decided."""

    opened: tuple[RefInfo, ...]
    decided: tuple[Suggestion, ...]


def select(names: Sequence[str], refs: Mapping[str, RefInfo], snapshot: Snapshot) -> Selected:
    """Return the suggestions that *names* name, each once, in the order they were named.

    A name is an id or a branch. Raises UserError for names that no branch and no record has.
    """
    opened: dict[str, RefInfo] = {}
    decided: dict[str, Suggestion] = {}
    problems: list[Problem] = []
    for name in names:
        bare = name.removeprefix("refs/heads/").rpartition("/")[2]
        info = _open(bare, refs)
        record = None if info else decided_record(bare, snapshot)
        if info:
            opened[info.ref] = info
        elif record:
            decided[record.id] = record
        else:
            problems.append(_unknown(bare, refs))
    if problems:
        raise UserError(problems)
    return Selected(tuple(opened.values()), tuple(decided.values()))


def _open(suggestion_id: str, refs: Mapping[str, RefInfo]) -> RefInfo | None:
    return next((info for ref, info in refs.items() if ref.endswith(f"/{suggestion_id}")), None)


def decided_record(suggestion_id: str, snapshot: Snapshot) -> Suggestion | None:
    """Return the decided record of that id, None where the commit has none.

    Raises UserError where the record cannot be read.
    """
    for manual in MANUALS.values():
        path = suggestion_path(manual, suggestion_id)
        data = snapshot.read(path)
        if data is not None:
            record = parse_suggestion(data, path)
            return record if record.decision else None
    return None


def of_confirmation(confirmation: str, refs: Mapping[str, RefInfo]) -> list[str]:
    """Return the ids of the open suggestions that a confirmation made, in order.

    Raises UserError where there is none.
    """
    found = [
        named[1]
        for ref, info in refs.items()
        if (named := suggestion_of(ref)) and info.trailer("Confirmation") == confirmation
    ]
    if not found:
        known = {info.trailer("Confirmation") or "" for info in refs.values()}
        raise UserError(
            t("no open suggestion is from {id}", id=confirmation),
            hint=_nearest(confirmation, known),
        )
    return found


def all_ids(refs: Iterable[str]) -> list[str]:
    """Return the ids of all open suggestions, in order of their branches."""
    return [named[1] for ref in refs if (named := suggestion_of(ref))]


def _unknown(name: str, refs: Mapping[str, RefInfo]) -> Problem:
    return Problem(
        t("no suggestion {id}", id=name),
        hint=_nearest(name, all_ids(refs)) or t("see them: manualsmith review list"),
    )


def _nearest(name: str, names: Iterable[str]) -> str | None:
    close = near(name, names)
    return t("nearest: {names}", names=", ".join(close)) if close else None
