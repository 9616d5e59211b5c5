"""Find the open suggestions that apply to main, page by page, for readers to be told of."""

from collections.abc import Mapping
from dataclasses import dataclass

from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.workflow.queue.branch import read_branches, suggestion_refs
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.remake import Already, rebuild
from manualsmith.workflow.workspace.snapshot import main_snapshot


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
