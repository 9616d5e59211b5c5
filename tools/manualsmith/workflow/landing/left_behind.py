"""Make suggestions again from their records on a commit of main.

A replay, ``git pull --rebase`` and ``git reset --hard`` leave them behind, on commits that main no
longer has.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from manualsmith.errors import Problem, UserError
from manualsmith.git.blobs import BlobReader, headers
from manualsmith.git.branches import RefInfo, describe_commits
from manualsmith.git.refs import checked_out_branches
from manualsmith.git.repository import Repository
from manualsmith.git.trees import forked_at, not_reachable
from manualsmith.git.write import BranchWriter
from manualsmith.layout import MANUALS
from manualsmith.records.models.suggestion import Suggestion
from manualsmith.text import t
from manualsmith.workflow.queue.branch import Branch, read_branches
from manualsmith.workflow.queue.branch_content import Content, author_of, commit_of, read_content
from manualsmith.workflow.queue.leftovers import leftovers
from manualsmith.workflow.workspace.changed_page import new_pages
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.remake import Already, Rebuilt, changing, rebuild
from manualsmith.workflow.workspace.snapshot import Snapshot, main_snapshot, snapshot_of


class BaseLost(UserError):
    """What a suggestion's targets were read on is not on main, and main gives something else."""


class Rebaser:
    """Makes *records*, or later versions of them, again on the commit *onto*, a commit of main."""

    def __init__(
        self, workspace: Workspace, reader: BlobReader, onto: str, records: Iterable[Suggestion]
    ) -> None:
        self._workspace = workspace
        self._reader = reader
        self._onto = onto
        self._gone = _not_in(workspace.repository, {one.base for one in records}, onto)

    def rebuild(self, record: Suggestion, snapshot: Snapshot) -> Rebuilt:
        """Return a suggestion on the manual of *snapshot*: that of *onto*, or what follows it.

        A page that has moved is looked for from where the confirmation has it, as `verify` will.
        One that was read on a commit which *onto* does not go on from is read on one that it does,
        for its base is nowhere soon: only where both readings give the same. Raises as
        `remake.rebuild`, and BaseLost where no commit gives the same.
        """
        settings = self._workspace.settings
        edits = tuple(edit.before_moves for edit in record.edits)
        record = record.model_copy(update={"edits": edits})
        made = rebuild(record, snapshot, settings)
        if record.base not in self._gone:
            return made
        for base in self._bases(record):
            then = snapshot_of(self._workspace.repository, self._reader, base)
            read = _read_on(record, then)
            try:
                rebuild(read, then, settings)
                again = rebuild(read, snapshot, settings)
            except (Already, UserError):
                continue
            if again.pages == made.pages:
                return again
        raise BaseLost(
            t("it was made on pages that main does not have, and main's do not say the same"),
            hint=t("reject it, and write the confirmation anew from the manual as it is"),
        )

    def _bases(self, record: Suggestion) -> list[str]:
        """Return the commits that may take the place of a base that is gone, the best first.

        Where main went another way the manual is mostly what it was. What a record tells of
        decisions before it may have been decided since.
        """
        fork = None
        if headers(self._workspace.repository, [record.base]) != [None]:
            fork = forked_at(self._workspace.repository, record.base, self._onto)
        bases = [self._onto, *([fork] if fork else [])]
        return bases if record.history else bases[::-1]


def rebuild_branch(
    workspace: Workspace,
    reader: BlobReader,
    branch: Branch,
    record: Suggestion,
    snapshot: Snapshot,
) -> Rebuilt:
    """Return what a branch's *record* gives on the manual of *snapshot*, which follows main.

    Raises as `Rebaser.rebuild`: what nobody else could make again is not to come to main.
    """
    if not branch.left_behind:
        return rebuild(record, snapshot, workspace.settings)
    return Rebaser(workspace, reader, workspace.main.tip, [record]).rebuild(record, snapshot)


def renewed(content: Content, rebuilt: Rebuilt) -> Content:
    """Return a suggestion's content on today's main; pages that say so already are left out."""
    return Content(changing(rebuilt.record), new_pages(rebuilt.pages), content.confirmations)


@dataclass(frozen=True)
class Again:
    """Branches that main has left behind: new commits by ref, and those that have no place."""

    made: Mapping[str, str]
    stranded: Mapping[str, Problem]


def made_again(workspace: Workspace, tips: Mapping[str, str]) -> Again:
    """Make again those of the branches at *tips*, by ref, that main has left behind.

    One that has no place on main goes on the commit where main went another way; one that is
    decided is left out. Nothing moves: the objects are written, the refs are the caller's.
    """
    repository = workspace.repository
    infos = _astray(repository, tips, workspace.main.tip)
    if not infos:
        return Again({}, {})
    with BlobReader(repository) as reader, BranchWriter(repository) as writer:
        behind = _left_behind(workspace, reader, infos)
        held = checked_out_branches(repository)
        free = [(info, branch) for info, branch in behind if info.ref not in held]
        committer = repository.signature("committer")
        made = []
        for info, content, onto in _contents(workspace, reader, free):
            writer.add(commit_of(content, onto, author_of(info), committer))
            made.append(info.ref)
        done = dict(zip(made, writer.finish(), strict=True))
    left = [info for info, _ in behind if info.ref not in done]
    return Again(done, {info.ref: _stranded(info, held.get(info.ref)) for info in left})


def _left_behind(
    workspace: Workspace, reader: BlobReader, infos: Mapping[str, RefInfo]
) -> list[tuple[RefInfo, Branch]]:
    """Return those of the branches that are open, and as their records say."""
    ended = leftovers(workspace, infos, main_snapshot(workspace, reader))
    still = [info for ref, info in infos.items() if ref not in ended]
    read = read_branches(workspace.repository, reader, still, workspace.main.tip)
    return [(info, read[info.ref]) for info in still if read[info.ref].left_behind]


def _stranded(info: RefInfo, folder: Path | None) -> Problem:
    name = info.ref.rpartition("/")[2]
    if folder:
        return Problem(
            t("branch {ref} is checked out in {folder}", ref=info.ref, folder=folder),
            hint=t("switch that worktree to another branch first: git switch main"),
        )
    message = t("{id} rests on pages that main does not have: it is not shared", id=name)
    return Problem(message, hint=t("what is the matter: manualsmith review refresh {id}", id=name))


def _contents(
    workspace: Workspace, reader: BlobReader, behind: Sequence[tuple[RefInfo, Branch]]
) -> Iterator[tuple[RefInfo, Content, str]]:
    """Yield what is to be written of each branch, and on which commit."""
    records = [branch.record for _, branch in behind if branch.record]
    main = workspace.main.tip
    on_main = Rebaser(workspace, reader, main, records)
    for info, branch in behind:
        fork = forked_at(workspace.repository, info.parents[0], main)
        for onto in (main, fork) if fork else (main,):
            rebaser = on_main
            if onto != main and branch.record:
                rebaser = Rebaser(workspace, reader, onto, [branch.record])
            snapshot = snapshot_of(workspace.repository, reader, onto)
            try:
                content = read_content(reader, branch)
                rebuilt = rebaser.rebuild(content.record, snapshot)
            except (Already, UserError):
                continue
            yield info, renewed(content, rebuilt), onto
            break


def _astray(repository: Repository, tips: Mapping[str, str], main: str) -> dict[str, RefInfo]:
    """Return the branches whose commit rests on one that main does not have, by ref."""
    described = {info.tip: info for info in describe_commits(repository, list(tips.values()))}
    infos = {ref: replace(described[tip], ref=ref) for ref, tip in tips.items()}
    parents = {parent for info in infos.values() for parent in info.parents}
    strangers = not_reachable(repository, parents, main)
    return {ref: info for ref, info in infos.items() if strangers.intersection(info.parents)}


def _not_in(repository: Repository, commits: set[str], tip: str) -> set[str]:
    """Return those of *commits* that are not in the history of *tip*, or nowhere here."""
    asked = sorted(commits)
    found = zip(asked, headers(repository, asked), strict=True)
    there = [commit for commit, header in found if header is not None and header.type == "commit"]
    return (commits - set(there)) | not_reachable(repository, there, tip)


def _read_on(record: Suggestion, then: Snapshot) -> Suggestion:
    """Return a record as if its targets had been read on another commit."""
    manual = MANUALS[record.manual]
    edits = [
        edit.model_copy(update={"blob": then.page_id(manual, edit.page)}) for edit in record.edits
    ]
    return record.model_copy(update={"base": then.commit, "edits": tuple(edits)})
