"""Find the changes of main that no record explains, and those that were explained since."""

from collections.abc import Container, Iterator, Sequence
from contextlib import suppress

from manualsmith.errors import UserError
from manualsmith.git.history import Step
from manualsmith.layout import (
    by_hand_folder,
    manual_of,
    page_path,
    suggestion_of_path,
    suggestions_folder,
)
from manualsmith.records.models.suggestion import Suggestion, parse_suggestion
from manualsmith.workflow.landing.merged_by_git import manual_steps, one_by_one
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.snapshot import Snapshot


def hand_edit_path(commit: str) -> str:
    """Return the path of the record that explains a commit of main."""
    return f"{by_hand_folder()}/{commit}.yaml"


def explained_by_hand(snapshot: Snapshot) -> set[str]:
    """Return the commits that have a record of their own on a commit of main."""
    names = (entry.path.rpartition("/")[2] for entry in snapshot.files(by_hand_folder()))
    return {name.removesuffix(".yaml") for name in names if name.endswith(".yaml")}


def unexplained(workspace: Workspace, snapshot: Snapshot) -> list[Step]:
    """Return the commits of main that changed a manual by hand, the oldest first.

    Counted from the first suggestion on: what stood there before needs no reason. One that came
    with a suggestion's record, one that a decision names and one that was explained are left out.
    """
    steps = manual_steps(workspace.repository, None, snapshot.commit)
    first = next((n for n, step in enumerate(steps) if _brings_a_record(step)), len(steps))
    known = explained_by_hand(snapshot)
    found = [
        step
        for step in _without_rebased(steps[first:])
        if not _brings_a_record(step) and step.commit not in known and manual_paths(step)
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


def manual_paths(step: Step) -> list[str]:
    """Return the files of the manuals that a step changed."""
    return [change.path for change in step.changes if manual_of(change.path)]


def _named_by_decisions(snapshot: Snapshot) -> set[str]:
    """Return the commits that decisions say git did: only records that name one are read."""
    records = records_with(snapshot, b"how: ")
    return {one.commit for record in records for one in record.decisions if one.commit}


def records_with(snapshot: Snapshot, mark: bytes) -> Iterator[Suggestion]:
    """Yield a commit's records of suggestions whose bytes hold *mark*, those that can be read."""
    entries = [one for one in snapshot.files(suggestions_folder()) if suggestion_of_path(one.path)]
    blobs = snapshot.reader.get_many([one.oid for one in entries])
    for entry, blob in zip(entries, blobs, strict=True):
        if blob and mark in blob.data:
            with suppress(UserError):
                yield parse_suggestion(blob.data, entry.path)


def is_step(workspace: Workspace, commit: str) -> bool:
    """Return whether a commit of main's first-parent line changed a manual or a record of one."""
    steps = manual_steps(workspace.repository, None, workspace.main.tip)
    return any(step.commit == commit and step.parents for step in steps)


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
