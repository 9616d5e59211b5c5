"""Preview suggestions: the manuals as they would be with them, without deciding anything."""

from collections.abc import Sequence
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
