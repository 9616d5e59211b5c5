"""Discard what people have committed to a suggestion's branch: it holds what the tool made."""

from collections.abc import Iterator
from dataclasses import replace

from manualsmith.git.blobs import BlobReader
from manualsmith.git.branches import RefInfo, describe_commits
from manualsmith.git.history import commits_after, former_tips
from manualsmith.layout import suggestion_of, suggestion_path
from manualsmith.records.models.suggestion import Suggestion
from manualsmith.workflow.landing.session import Session
from manualsmith.workflow.queue.branch import Branch, read_branches
from manualsmith.workflow.queue.branch_content import Content, confirmations_of


def as_it_was_made(now: Session, info: RefInfo, branch: Branch) -> Branch:
    """Return the branch as the tool made it: its first commit with a record, or what that says.

    Where no commit of its own has a record that can be read, one that it was at before is taken,
    here or on a remote; where there is none either, the branch is returned as it is.
    """
    for at in _earlier(now, info):
        [read] = read_branches(
            now.workspace.repository, now.reader, [at], now.workspace.main.tip
        ).values()
        if read.record and not read.record.decision:
            return replace(read, faults=())
    return branch


def _earlier(now: Session, info: RefInfo) -> Iterator[RefInfo]:
    """Yield the commits that may hold the suggestion as it was made, the likeliest first."""
    repository, named = now.workspace.repository, suggestion_of(info.ref)
    if named is None:
        return
    path = suggestion_path(named[0], named[1])
    yield from _with_file(
        now, commits_after(repository, now.workspace.main.tip, info.tip), info, path
    )
    yield from _with_file(now, former_tips(repository, info.ref), info, path)


def _with_file(now: Session, commits: list[str], info: RefInfo, path: str) -> Iterator[RefInfo]:
    blobs = now.reader.get_many([f"{commit}:{path}" for commit in commits])
    held = [commit for commit, blob in zip(commits, blobs, strict=True) if blob]
    described = describe_commits(now.workspace.repository, held)
    yield from (replace(one, ref=info.ref) for one in described)


def content_as_made(reader: BlobReader, record: Suggestion) -> Content:
    """Return what a record names, without pages: those follow from it.

    Raises UserError where the repository has a confirmation of it no more.
    """
    return Content(record, {}, confirmations_of(reader, record))
