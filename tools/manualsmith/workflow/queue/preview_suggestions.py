"""What open suggestions would make of the manuals: some of them to be seen, all to be announced."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from manualsmith.errors import Problem, UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.records.models.suggestion import Suggestion, dump_suggestion
from manualsmith.text import t
from manualsmith.workflow.queue.branch import read_branches, record_path, suggestion_refs
from manualsmith.workflow.queue.select import select
from manualsmith.workflow.workspace.changed_page import ChangedPage, new_pages
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.remake import Already, rebuild
from manualsmith.workflow.workspace.snapshot import main_snapshot


@dataclass(frozen=True)
class Preview:
    """Main's pages before and after some suggestions, one after the other.

    ``already``: ids of those that change nothing, for main says so already.
    """

    records: tuple[Suggestion, ...]
    pages: tuple[ChangedPage, ...]
    already: tuple[str, ...] = ()


def preview(workspace: Workspace, names: Sequence[str]) -> Preview:
    """Return the pages that *names*, open suggestions by id or branch, change on today's main.

    They are made in the order that they are named, as accepting them would. Raises UserError where
    one is not open, cannot be read, or does not apply after those before it.
    """
    with BlobReader(workspace.repository) as reader:
        main = main_snapshot(workspace, reader)
        chosen = select(names, suggestion_refs(workspace), main)
        if chosen.decided:
            ids = ", ".join(record.id for record in chosen.decided)
            raise UserError(t("decided already, so there is nothing to preview: {ids}", ids=ids))
        tip = workspace.main.tip
        branches = read_branches(workspace.repository, reader, chosen.opened, tip)
        snapshot = main_snapshot(workspace, reader)
        records, already, problems = [], [], list[Problem]()
        changed: dict[str, ChangedPage] = {}
        for info in chosen.opened:
            branch = branches[info.ref]
            if branch.record is None:
                raise UserError(t("{branch}: {fault}", branch=branch.name, fault=branch.faults[0]))
            try:
                pages = rebuild(branch.record, snapshot, workspace.settings).pages
            except Already:
                already.append(branch.record.id)
                continue
            except UserError as error:
                problems += error.problems
                continue
            records.append(branch.record)
            for page in pages:
                first = changed.pop(page.moved_from or page.path, None)
                if first:
                    page = replace(page, before=first.before, moved_from=first.moved_from)
                changed[page.path] = page
            for path, data in new_pages(pages).items():
                snapshot.put(path, data)
            snapshot.put(record_path(branch.record), dump_suggestion(branch.record))
        if problems:
            raise UserError(problems)
        return Preview(tuple(records), tuple(changed.values()), tuple(already))


@dataclass(frozen=True)
class Waiting:
    """An open suggestion's edit of a page of main: the page before and after, and what for."""

    before: str
    after: str
    summary: str


def waiting(workspace: Workspace) -> Mapping[str, list[Waiting]]:
    """Return the open suggestions that apply to main, by the path of the page that they change."""
    found: dict[str, list[Waiting]] = {}
    with BlobReader(workspace.repository) as reader:
        snapshot = main_snapshot(workspace, reader)
        refs = suggestion_refs(workspace)
        tip = workspace.main.tip
        branches = read_branches(workspace.repository, reader, list(refs.values()), tip)
        for _, branch in sorted(branches.items()):
            if branch.record is None:
                continue
            try:
                pages = rebuild(branch.record, snapshot, workspace.settings).pages
            except (Already, UserError):
                continue
            for page in pages:
                if page.before is not None and page.after is not None:
                    one = Waiting(page.before, page.after, branch.record.summary)
                    found.setdefault(page.path, []).append(one)
    return found
