"""Read a suggestion off pages as somebody left them: its edit, in their words, and what is more."""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, replace
from functools import partial

from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.git.trees import changed_paths, forked_at
from manualsmith.layout import MANUALS, is_page, page_path
from manualsmith.markdown.actions.picture_words import without_picture
from manualsmith.markdown.wording import reworded
from manualsmith.records.models.suggestion import Suggestion
from manualsmith.settings.read_settings import Settings
from manualsmith.workflow.queue.branch import Branch, confirmation_files, record_path
from manualsmith.workflow.workspace.changed_page import ChangedPage, new_pages, text_of
from manualsmith.workflow.workspace.edits_beside import made_beside
from manualsmith.workflow.workspace.followed_pages import followed
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.remake import Already, Rebuilt, make_edit, rebuild
from manualsmith.workflow.workspace.snapshot import Snapshot, snapshot_of

ReadPage = Callable[[str], bytes | None]
Pages = tuple[ChangedPage, ...]


@dataclass(frozen=True)
class AsFound:
    """A suggestion as it is made on a manual, in the words that were found on its pages.

    ``pages`` are what it gives, by path; ``beyond`` those that were found to hold something else.
    """

    record: Suggestion
    pages: Mapping[str, bytes | None]
    beyond: tuple[str, ...]


def as_found(
    record: Suggestion,
    before: Snapshot,
    found: ReadPage,
    settings: Settings,
    later: Container[str] = (),
) -> AsFound:
    """Return the suggestion as it is made on *before*, worded as in the pages that *found* reads.

    Pages in *later* are not held against what was found: other suggestions change them as well.
    Raises as `remake.rebuild` where the edit cannot be made on *before*.
    """
    made = _held(rebuild(record, before, settings), found, later)
    if made.beyond and (other := _reworded(record, before, found, settings)):
        worded = _held(other, found, later)
        return made if worded.beyond else worded
    return made


def found_on(workspace: Workspace, snapshot: Snapshot, branch: Branch) -> AsFound | None:
    """Return a suggestion as people have left it on its branch, None where that does not tell.

    What they made of it is held against the commit of main that the branch has last taken over.
    """
    fork = forked_at(workspace.repository, branch.tip, snapshot.commit)
    if branch.record is None or fork is None:
        return None
    before, after = (
        snapshot_of(workspace.repository, snapshot.reader, commit) for commit in (fork, branch.tip)
    )
    record = branch.record.model_copy(update={"decision": None})
    try:
        found = as_found(record, before, after.read, workspace.settings)
    except (Already, UserError):
        return None
    allowed = {record_path(record), *confirmation_files(record), *found.pages}
    changed = changed_paths(workspace.repository, fork, branch.tip)
    more = [one.path for one in changed if one.path not in allowed]
    return replace(found, beyond=(*found.beyond, *more))


def pages_beyond(workspace: Workspace, reader: BlobReader, tip: str, found: AsFound) -> Pages:
    """Return the pages that hold something else on the branch at *tip*, as its edit leaves them.

    Beside each what it holds there. What is no page is left out.
    """
    fork = forked_at(workspace.repository, tip, workspace.main.tip)
    if fork is None:
        return ()
    before, after = (snapshot_of(workspace.repository, reader, commit) for commit in (fork, tip))
    pages = []
    for path in (path for path in found.beyond if is_page(path)):
        edited = found.pages[path] if path in found.pages else before.read(path)
        pages.append(ChangedPage(path, text_of(edited), text_of(after.read(path))))
    return tuple(pages)


def _held(rebuilt: Rebuilt, found: ReadPage, later: Container[str]) -> AsFound:
    pages = new_pages(rebuilt.pages)
    beyond = (path for path, data in pages.items() if path not in later and found(path) != data)
    return AsFound(rebuilt.record, pages, tuple(beyond))


def _reworded(
    record: Suggestion, before: Snapshot, found: ReadPage, settings: Settings
) -> Rebuilt | None:
    """Return a suggestion in the words that are on its page, None where it has no words there."""
    [edit, *others] = record.edits
    if others or record.fact:  # its words follow from the fact
        return None
    manual = MANUALS[record.manual]
    edit = followed(manual, edit, before, record.base)
    beside = partial(made_beside, record, edit, before)
    made = make_edit(manual, edit, before, settings, beside)
    data = found(page_path(record.manual, made.record.page))
    if data is None:
        return None
    text = data.decode("utf-8", "replace")
    asked = edit.model_copy(update={"instead": None})
    words = reworded(asked.written, made.applied.edits, made.applied.text, text)
    if words is None or words == asked.written:
        return None
    words = without_picture(words, edit.edit, edit.page, edit.as_asked[0])
    worded = edit.model_copy(update={"instead": words})
    try:
        return rebuild(record.model_copy(update={"edits": (worded,)}), before, settings)
    except (Already, UserError):
        return None
