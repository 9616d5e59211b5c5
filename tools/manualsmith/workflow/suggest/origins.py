"""Tell versions of one confirmation from two confirmations that share its number.

A version may change and withdraw what the one before asked for; another confirmation may not.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from manualsmith.errors import Problem, UserError
from manualsmith.git.history import versions
from manualsmith.layout import confirmation_path
from manualsmith.records.blob_id import blob_id
from manualsmith.records.yaml.read_yaml import read
from manualsmith.text import t
from manualsmith.workflow.queue.summaries import Account
from manualsmith.workflow.service.read_confirmations import ReadFile
from manualsmith.workflow.service.service_records import records_of
from manualsmith.workflow.suggest.context import Situation
from manualsmith.workflow.workspace.open_workspace import Workspace

# who wrote it, when, of what, and where it came from: what a correction leaves as it is
_HEAD = ("date", "product", "staff", "request", "reported")

Values = Mapping[str, Any]


@dataclass(frozen=True)
class _Holder:
    """What rests on a version of a confirmation: its name for people, and that version's blob."""

    name: str
    blob: str
    suggestion: str | None = None


def other_with_its_id(this: Situation, file: ReadFile) -> Problem | None:
    """Return the problem of a confirmation whose id another one has already, None where none has.

    Another one: on main, or beneath a suggestion that is open or was decided.
    """
    own = file.confirmation.id
    seen = {this.snapshot.blob_id(file.source.data)}
    for one in _holders(this, own):
        if one.blob in seen:
            continue
        seen.add(one.blob)
        found = this.snapshot.object(one.blob)
        if found is not None and not _same(this.workspace, file, one.blob, found):
            return _told(file, one, _values(found))
    return None


def _holders(this: Situation, confirmation: str) -> Iterator[_Holder]:
    entry = this.snapshot.entry(confirmation_path(confirmation))
    if entry:
        yield _Holder(f"{this.workspace.main.name}:{entry.path}", entry.oid)
    for one in this.known.resting_on(confirmation):
        blobs = [source.blob for source in one.sources if source.id == confirmation]
        yield from (_Holder(_name(one), blob, one.id) for blob in blobs)


def _name(one: Account) -> str:
    return one.branch or one.id


def _same(workspace: Workspace, file: ReadFile, blob: str, data: bytes) -> bool:
    """Return whether *data* is an earlier version of a confirmation, by what both say.

    Where that does not tell, git does: a file that was edited again and again is one.
    """
    return _alike(file.document.value, _values(data)) or _edited(workspace, file, blob)


def _values(data: bytes) -> Values:
    """Return what an older version says, as far as it can be read."""
    try:
        return read(data, "").value
    except UserError:
        return {}


def _alike(new: Values, old: Values) -> bool:
    differing = sum(new.get(name) != old.get(name) for name in _HEAD)
    rest = all(new.get(name) == old.get(name) for name in ("environment", "findings"))
    return not differing or (rest and differing == 1) or _share_a_finding(new, old)


def _share_a_finding(new: Values, old: Values) -> bool:
    """Return whether a finding is in both, word for word: nobody writes another's words anew."""
    listed = [values.get("findings") for values in (new, old)]
    ours, theirs = (found if isinstance(found, list) else [] for found in listed)
    return any(_unnumbered(one) in map(_unnumbered, theirs) for one in ours)


def _unnumbered(finding: object) -> object:
    if not isinstance(finding, Mapping):
        return finding
    return {name: value for name, value in finding.items() if name != "id"}


def _edited(workspace: Workspace, file: ReadFile, blob: str) -> bool:
    """Return whether the file's own history has *blob*: on main, or where HEAD is."""
    records = records_of(workspace)
    path = confirmation_path(file.confirmation.id)
    for commit in (records.main.tip, "HEAD"):
        known = versions(records.repository, commit, path)
        own = blob_id(file.source.data, records.repository.object_format) in known or (
            known and _is_at(file, records, workspace, path)
        )
        if own and blob in known:
            return True
    return False


def _is_at(file: ReadFile, records: Workspace, workspace: Workspace, path: str) -> bool:
    """Return whether a file is the one at *path* of the working tree that has the records."""
    root = records.repository.worktree
    if root is None:
        return False
    bases = (Path.cwd(), workspace.repository.worktree or root)  # named by the user, or found
    wanted = (root / path).resolve()
    return any((base / file.source.file).resolve() == wanted for base in bases)


def _told(file: ReadFile, one: _Holder, values: Values) -> Problem:
    reported = str(values.get("reported") or "").split("\n")[0][:60]
    message = t(
        "{id} is the number of two confirmations: {file}, and another that {holder} rests on"
        " ({staff}: {reported}); nothing was changed",
        id=file.confirmation.id,
        file=file.source.file,
        holder=one.name,
        staff=values.get("staff") or "?",
        reported=reported,
    )
    hint = t("give this one a number of its own: manualsmith confirm new")
    if one.suggestion:
        hint = t(
            "give this one a number of its own (manualsmith confirm new); where the two are one,"
            ' first: manualsmith review withdraw {id} --reason "…"',
            id=one.suggestion,
        )
    return Problem(message, file.document.place(("id",)), hint)
