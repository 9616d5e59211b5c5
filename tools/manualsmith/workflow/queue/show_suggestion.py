"""Show one suggestion: all that a reviewer needs to decide, why, in which environment, and what."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from pydantic import ValidationError

from manualsmith.errors import Problem, UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.git.branches import RefInfo
from manualsmith.layout import MANUALS, page_path
from manualsmith.markdown.action_table import EDIT_ADAPTER, Action
from manualsmith.markdown.actions.picture_words import picture_of
from manualsmith.markdown.apply_edit import resolve
from manualsmith.markdown.dialect import DEFAULT, Dialect
from manualsmith.markdown.edit_models import MovePage, RemovePage
from manualsmith.records.models.confirmation import Confirmation, parse_confirmation
from manualsmith.records.models.suggestion import EditRecord, Suggestion
from manualsmith.text import t
from manualsmith.workflow.queue.branch import read_branches, suggestion_refs
from manualsmith.workflow.queue.list_queue import QueueItem, Standing, standings
from manualsmith.workflow.queue.reviewer_words import AsFound, found_on, pages_beyond
from manualsmith.workflow.queue.select import select
from manualsmith.workflow.queue.summaries import meeting, open_suggestions
from manualsmith.workflow.workspace.brought_pictures import picture_held
from manualsmith.workflow.workspace.changed_page import ChangedPage
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.remake import Already, base_text, rebuild
from manualsmith.workflow.workspace.snapshot import Snapshot, main_snapshot


@dataclass(frozen=True)
class Shown:
    """A suggestion to look at. ``pages`` are before and after on today's main where it applies,
    else as they were when it was made; ``confirmations`` those that can be read. ``edited`` is what
    people have made of it on its branch, where they have, and ``beyond`` the pages where that is
    more than its words."""

    record: Suggestion
    branch: str | None
    at: int | None
    standing: Standing | None
    meets: tuple[str, ...]
    confirmations: tuple[Confirmation, ...]
    pages: tuple[ChangedPage, ...]
    problems: tuple[Problem, ...] = ()
    edited: AsFound | None = None
    beyond: tuple[ChangedPage, ...] = ()
    dialect: Dialect = DEFAULT

    @property
    def state(self) -> str:
        """``open``, or what was decided."""
        decision = self.record.decision
        return decision.state if decision and not self.branch else "open"


@dataclass(frozen=True)
class Read:
    """What was read of the queue already: the branches, and the open suggestions by ref."""

    refs: Mapping[str, RefInfo]
    items: Mapping[str, QueueItem]


def show(workspace: Workspace, name: str, read: Read | None = None) -> Shown:
    """Return the suggestion that *name*, an id or a branch, names, open or decided.

    Raises UserError where there is none, or its record cannot be read.
    """
    [shown] = show_each(workspace, [name], read)
    return shown


def show_each(
    workspace: Workspace, names: Sequence[str], read: Read | None = None
) -> Iterator[Shown]:
    """Yield the suggestions that *names* name, the open ones first.

    Raises UserError where there is none of a name, or a record cannot be read.
    """
    with BlobReader(workspace.repository) as reader:
        snapshot = main_snapshot(workspace, reader)
        refs = read.refs if read else suggestion_refs(workspace)
        chosen = select(names, refs, snapshot)
        if chosen.opened:
            items = read.items if read else _items(workspace, snapshot, refs, chosen.opened)
            yield from _open(workspace, snapshot, items, chosen.opened)
        for record in chosen.decided:
            pages = _as_made(record, snapshot)
            sources, dialect = _sources(record, snapshot), dialect_to_look_at(snapshot)
            yield Shown(record, None, None, None, (), sources, pages, dialect=dialect)


def main_dialect(workspace: Workspace) -> Dialect:
    """Return the Markdown that main's pages are shown by."""
    with BlobReader(workspace.repository) as reader:
        return dialect_to_look_at(main_snapshot(workspace, reader))


def dialect_to_look_at(snapshot: Snapshot) -> Dialect:
    """Return the Markdown that a commit's pages are shown by, also where its settings are odd."""
    try:
        return snapshot.dialect
    except UserError:  # told where an edit is judged by it; to look at a page, another will do
        return DEFAULT


def worded(workspace: Workspace, name: str, text: str) -> Action:
    """Return the edit of an open suggestion with another text.

    Raises UserError where there is none of that name, or its edit puts no text anywhere.
    """
    shown = show(workspace, name)
    [edit, *others] = shown.record.edits
    if others or not hasattr(edit.edit, "text"):
        raise UserError(t("the edit of {id} has no text of its own", id=shown.record.id))
    values = edit.edit.model_dump(exclude_unset=True)
    try:
        return EDIT_ADAPTER.validate_python({**values, "text": text})
    except ValidationError as error:
        raise UserError(t("the text is blank")) from error


def _open(
    workspace: Workspace,
    snapshot: Snapshot,
    items: Mapping[str, QueueItem],
    chosen: Sequence[RefInfo],
) -> Iterator[Shown]:
    reader, main = snapshot.reader, workspace.main.tip
    branches = read_branches(workspace.repository, reader, chosen, main)
    for info in chosen:
        branch, item = branches[info.ref], items[info.ref]
        if branch.record is None:
            raise UserError(t("{branch}: {fault}", branch=branch.name, fault=branch.faults[0]))
        pages, problems = _today(workspace, branch.record, snapshot)
        edited = None if branch.pristine else found_on(workspace, snapshot, branch)
        yield Shown(
            branch.record,
            branch.name,
            item.account.at,
            item.standing,
            item.meets,
            _sources(branch.record, snapshot),
            pages,
            problems,
            edited,
            pages_beyond(workspace, reader, branch.tip, edited) if edited else (),
            dialect_to_look_at(snapshot),
        )


def _items(
    workspace: Workspace,
    snapshot: Snapshot,
    refs: Mapping[str, RefInfo],
    chosen: Sequence[RefInfo],
) -> dict[str, QueueItem]:
    opened = open_suggestions(workspace, snapshot.reader, refs)
    by_ref, meets = {account.ref: account for account in opened}, meeting(opened)
    asked = [by_ref[info.ref] for info in chosen]
    stands = standings(workspace, snapshot, refs, asked)
    return {one.ref: QueueItem(one, None, stands[one.ref], meets[one.ref]) for one in asked}


def _today(
    workspace: Workspace, record: Suggestion, snapshot: Snapshot
) -> tuple[tuple[ChangedPage, ...], tuple[Problem, ...]]:
    try:
        return rebuild(record, snapshot, workspace.settings).pages, ()
    except Already:
        return _as_made(record, snapshot), ()
    except UserError as error:
        return _as_made(record, snapshot), error.problems


def _as_made(record: Suggestion, snapshot: Snapshot) -> tuple[ChangedPage, ...]:
    """Return the pages before and after as they were when the suggestion was made."""
    pages = []
    for edit in record.edits:
        before = base_text(snapshot, edit)
        if isinstance(edit.edit, MovePage | RemovePage):
            new = (
                page_path(record.manual, edit.edit.to) if edit.edit.action == "move-page" else None
            )
            path = page_path(record.manual, edit.page)
            pages.append(
                ChangedPage(new, before, before, path) if new else ChangedPage(path, before, None)
            )
            continue
        try:
            dialect = dialect_to_look_at(snapshot).for_manual(MANUALS[record.manual])
            after = resolve(before or "", edit.written, dialect=dialect).text
        except UserError:
            continue
        path = page_path(record.manual, edit.page)
        pages.append(ChangedPage(path, before, after))
        pages += _picture(record.manual, edit, snapshot)
    return tuple(pages)


def _picture(manual: str, edit: EditRecord, snapshot: Snapshot) -> Iterator[ChangedPage]:
    brought = picture_of(edit.edit)
    with suppress(UserError):  # told where the suggestion is judged
        if brought and (held := picture_held(edit, brought.file, snapshot)):
            path = page_path(manual, edit.picture_file or "")
            yield ChangedPage(path, None, "", picture=held)


def _sources(record: Suggestion, snapshot: Snapshot) -> tuple[Confirmation, ...]:
    found = []
    for one in (record.confirmation, *record.evidence):
        data = snapshot.object(one.blob)
        if data is not None:
            try:
                found.append(parse_confirmation(data, one.id))
            except UserError:
                continue
    return tuple(found)
