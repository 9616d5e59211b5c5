"""Find the changes of main that no record explains, and those that were explained since."""

from collections.abc import Container, Iterator, Sequence

from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.git.history import Step, steps_with_changes
from manualsmith.layout import (
    BY_HAND,
    MANUALS_FOLDER,
    SUGGESTIONS_FOLDER,
    page_path,
    suggestion_of_path,
)
from manualsmith.records.models.suggestion import Decision, Suggestion, parse_suggestion
from manualsmith.workflow.landing.merged_by_git import one_by_one
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.snapshot import Snapshot


def hand_edit_path(commit: str) -> str:
    """Return the path of the record that explains a commit of main."""
    return f"{BY_HAND}/{commit}.yaml"


def explained_by_hand(snapshot: Snapshot) -> set[str]:
    """Return the commits that have a record of their own on a commit of main."""
    names = (entry.path.rpartition("/")[2] for entry in snapshot.files(BY_HAND))
    return {name.removesuffix(".yaml") for name in names if name.endswith(".yaml")}


def unexplained(workspace: Workspace, snapshot: Snapshot) -> list[Step]:
    """Return the commits of main that changed a manual by hand, the oldest first.

    Counted from the first suggestion on: what stood there before needs no reason. One that came
    with a suggestion's record, one that a decision names and one that was explained are left out.
    """
    folders = (SUGGESTIONS_FOLDER, MANUALS_FOLDER)
    steps = steps_with_changes(workspace.repository, None, snapshot.commit, folders)
    first = next((n for n, step in enumerate(steps) if _brings_a_record(step)), len(steps))
    known = explained_by_hand(snapshot)
    found = [
        step
        for step in _without_rebased(steps[first:])
        if not _brings_a_record(step) and step.commit not in known and _changes_a_manual(step)
    ]
    named = _named_by_decisions(snapshot) if found else set()
    return [step for step in found if step.commit not in named]


def _without_rebased(steps: Sequence[Step]) -> Iterator[Step]:
    """Yield the steps without those that came with the one before, by a rebase."""
    together: Container[str] = ()
    for number, step in enumerate(steps):
        if step.commit in together:
            continue
        if _brings_a_record(step):
            together = {one.commit for one in one_by_one(step, steps[number + 1 :])}
        yield step


def _brings_a_record(step: Step) -> bool:
    return any(suggestion_of_path(change.path) for change in step.changes)


def _changes_a_manual(step: Step) -> bool:
    return any(change.path.startswith(f"{MANUALS_FOLDER}/") for change in step.changes)


def _named_by_decisions(snapshot: Snapshot) -> set[str]:
    """Return the commits that decisions say git did: only records that name one are read."""
    entries = [one for one in snapshot.files(SUGGESTIONS_FOLDER) if suggestion_of_path(one.path)]
    blobs = snapshot.reader.get_many([one.oid for one in entries])
    found: set[str] = set()
    for entry, blob in zip(entries, blobs, strict=True):
        if blob is None or b"how: " not in blob.data:
            continue
        try:
            record = parse_suggestion(blob.data, entry.path)
        except UserError:
            continue
        decisions: list[Decision | None] = [*record.history, record.decision]
        found.update(one.commit for one in decisions if one and one.commit)
    return found


def changed_at(workspace: Workspace, reader: BlobReader, commit: str) -> Step | None:
    """Return a commit of main's first-parent line with what it changed, None for any other one."""
    header = reader.get(commit)
    if header is None or header.type != "commit":
        return None
    folders = (SUGGESTIONS_FOLDER, MANUALS_FOLDER)
    steps = steps_with_changes(workspace.repository, None, workspace.main.tip, folders)
    return next((step for step in steps if step.commit == header.oid), None)


def undone(record: Suggestion, snapshot: Snapshot) -> list[str]:
    """Return the pages of an accepted suggestion that say again what they said before it."""
    found = []
    for edit in record.edits:
        path = page_path(record.manual, edit.page)
        entry = snapshot.entry(path)
        if entry is None or entry.oid == edit.result:
            continue
        text = (snapshot.read(path) or b"").decode("utf-8", "replace")
        changes = [one for one in edit.changes if one.before.strip() and one.after.strip()]
        if any(
            one.after.strip() not in text and f"{one.prefix[-8:]}{one.before}".strip() in text
            for one in changes
        ):
            found.append(path)
    return found
