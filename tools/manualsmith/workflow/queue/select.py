"""Find the suggestions that a reviewer names: by id, by branch, or all of a confirmation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from manualsmith.errors import Problem, UserError
from manualsmith.git.branches import RefInfo
from manualsmith.layout import (
    BRANCHES,
    MANUALS,
    Manual,
    suggestion_branch,
    suggestion_of,
    suggestion_path,
)
from manualsmith.naming import near
from manualsmith.records.models.suggestion import Suggestion, parse_suggestion
from manualsmith.text import t
from manualsmith.workflow.workspace.snapshot import Snapshot

_SHORT = BRANCHES.removeprefix("refs/heads/")


@dataclass(frozen=True)
class Selected:
    """What was named: the open suggestions' refs, and the records of those that are decided."""

    opened: tuple[RefInfo, ...]
    decided: tuple[Suggestion, ...]


def select(names: Sequence[str], refs: Mapping[str, RefInfo], snapshot: Snapshot) -> Selected:
    """Return the suggestions that *names* name, each once, in the order they were named.

    A name is an id, or a branch: that very branch, or what was decided of it. Raises UserError for
    names that no branch and no record has, and for ids that several have.
    """
    opened: dict[str, RefInfo] = {}
    decided: dict[tuple[str, str], Suggestion] = {}
    problems: list[Problem] = []
    for name in names:
        try:
            found = _named(name, refs, snapshot)
        except UserError as error:
            problems += error.problems
            continue
        if isinstance(found, Suggestion):
            decided[found.manual, found.id] = found
        else:
            opened[found.ref] = found
    if problems:
        raise UserError(problems)
    return Selected(tuple(opened.values()), tuple(decided.values()))


def _named(name: str, refs: Mapping[str, RefInfo], snapshot: Snapshot) -> RefInfo | Suggestion:
    """Return the one open or decided suggestion of a name. Raises UserError."""
    branches = _branches(name, refs)
    there = [ref for ref in branches if ref in refs]
    if not there:
        decided = {ref: _decided_of(ref, snapshot) for ref in branches}
        found = {
            ref: record
            for ref, record in decided.items()
            if record and ("/" not in name or _release_of(ref) == record.release)
        }
        if not found:
            raise UserError([_unknown(name, refs)])
        return found[_only(name, found)]
    return refs[_only(name, there)]


def _branches(name: str, refs: Iterable[str]) -> list[str]:
    """Return the full refs of the branches that a name may mean: those of an id, or the one."""
    if name.startswith(BRANCHES):
        return [name]
    if "/" in name:
        return [f"{BRANCHES}{name.removeprefix(_SHORT)}"]
    ends = (ref for ref in refs if ref.endswith(f"/{name}"))
    of_id = [ref for ref in ends if (named := suggestion_of(ref)) and named[1] == name]
    return of_id or [suggestion_branch(manual, name) for manual in MANUALS.values()]


def _only(name: str, found: Iterable[str]) -> str:
    """Return the one branch that was found. Raises UserError where an id has several."""
    [first, *others] = found
    if not others:
        return first
    names = ", ".join(ref.removeprefix("refs/heads/") for ref in (first, *others))
    raise UserError(
        t("{id} is the id of several suggestions: {names}", id=name, names=names),
        hint=t("name the one that is meant by its branch"),
    )


def _decided_of(ref: str, snapshot: Snapshot) -> Suggestion | None:
    named = suggestion_of(ref)
    return decided_record(named[0], named[1], snapshot) if named else None


def _release_of(ref: str) -> str:
    named = suggestion_of(ref)
    return named[2] if named else ""


def decided_record(manual: Manual, suggestion_id: str, snapshot: Snapshot) -> Suggestion | None:
    """Return a manual's decided record of that id, None where the commit has none.

    Raises UserError where the record cannot be read.
    """
    path = suggestion_path(manual, suggestion_id)
    data = snapshot.read(path)
    record = parse_suggestion(data, path) if data is not None else None
    return record if record and record.decision else None


def of_confirmation(confirmation: str, refs: Mapping[str, RefInfo]) -> list[str]:
    """Return the full refs of the open suggestions that a confirmation made, in order.

    Raises UserError where there is none.
    """
    found = [
        ref
        for ref, info in refs.items()
        if suggestion_of(ref) and info.trailer("Confirmation") == confirmation
    ]
    if not found:
        known = {info.trailer("Confirmation") or "" for info in refs.values()}
        raise UserError(
            t("no open suggestion is from {id}", id=confirmation),
            hint=_nearest(confirmation, known),
        )
    return found


def _unknown(name: str, refs: Iterable[str]) -> Problem:
    bare = name.rpartition("/")[2]
    ids = [named[1] for ref in refs if (named := suggestion_of(ref))]
    return Problem(
        t("no suggestion {id}", id=name),
        hint=_nearest(bare, ids) or t("see them: manualsmith review list"),
    )


def _nearest(name: str, names: Iterable[str]) -> str | None:
    close = near(name, dict.fromkeys(names))
    return t("nearest: {names}", names=", ".join(close)) if close else None
