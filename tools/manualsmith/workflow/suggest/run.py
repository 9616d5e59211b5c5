"""Turn confirmations into suggestion branches: objects first, then all refs in one transaction."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial

from manualsmith.errors import Problem
from manualsmith.git.blobs import BlobReader
from manualsmith.git.branches import RefInfo
from manualsmith.git.refs import RefsMoved, checked_out_branches
from manualsmith.git.worktree import one_at_a_time
from manualsmith.git.write import BranchWriter
from manualsmith.layout import writing
from manualsmith.text import t
from manualsmith.workflow.landing.adopt import adopt, as_adopted
from manualsmith.workflow.landing.close import Verdict
from manualsmith.workflow.queue.branch import read_branches, suggestion_refs
from manualsmith.workflow.queue.outcomes import Outcome, Report
from manualsmith.workflow.queue.summaries import decided_suggestions, open_suggestions
from manualsmith.workflow.review.decide import decide
from manualsmith.workflow.review.open_session import Progress
from manualsmith.workflow.review.publish import Publisher, notices, with_tips
from manualsmith.workflow.service.read_confirmations import ReadFile, RecordFile, parse_files, ready
from manualsmith.workflow.sharing.sync import Sharing
from manualsmith.workflow.suggest import last_run
from manualsmith.workflow.suggest.bound_facts import FactIndex, fact_index, page_faults
from manualsmith.workflow.suggest.context import Situation
from manualsmith.workflow.suggest.earlier import Known, Pending
from manualsmith.workflow.suggest.origins import other_with_its_id
from manualsmith.workflow.suggest.picture_shelf import PictureShelf
from manualsmith.workflow.suggest.propose import outcomes_of
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.snapshot import main_snapshot

TRIES = 3


def suggest(
    workspace: Workspace,
    files: Sequence[RecordFile],
    problems: Sequence[Problem] = (),
    *,
    dry_run: bool = False,
    progress: Progress = lambda _done, _of: None,
    sharing: Sharing | None = None,
) -> Report:
    """Make or update the branch of each suggestion that the confirmations ask for.

    *problems* are those of files that could not be read, to be told with the others. With *dry_run*
    nothing is written; the report then holds the pages. Somebody else's ref update in between is
    met by starting over; RefsMoved is raised where that happens three times. With *sharing* it
    begins with what the remote has and ends with pushing; a remote that cannot be reached is told,
    and what was made stands here.
    """
    once = partial(_suggest, files=files, problems=problems, dry_run=dry_run, progress=progress)
    if sharing is None or dry_run:
        return _in_a_few_tries(workspace, once)
    with one_at_a_time(workspace.repository):
        workspace = sharing.take_if_reached(workspace)
    report = _in_a_few_tries(workspace, once)
    with one_at_a_time(workspace.repository):
        sharing.give(workspace)
    return replace(report, shared=sharing.told)


def _in_a_few_tries(workspace: Workspace, once: Callable[[Workspace], Report]) -> Report:
    for _ in range(TRIES - 1):
        try:
            return once(workspace)
        except RefsMoved:
            workspace = workspace.refreshed()
    return once(workspace)


def _suggest(
    workspace: Workspace,
    files: Sequence[RecordFile],
    problems: Sequence[Problem],
    dry_run: bool,
    progress: Progress,
) -> Report:
    workspace = as_adopted(workspace) if dry_run else adopt(workspace)
    refs = suggestion_refs(workspace)
    outcomes = last_run.recall(workspace, refs, files)
    read, bad = parse_files((f for f in files if f.digest not in outcomes), workspace.settings)
    read, other = ready(read, workspace.release)
    found: dict[str, list[Outcome]] = {}
    repository = workspace.repository
    clashes: list[Problem] = []
    with (
        BlobReader(repository) as reader,
        BranchWriter(repository) as writer,
        fact_index(workspace, reader) if read else nullcontext(FactIndex()) as index,
    ):
        publisher = _Writing(Publisher(workspace, writer, "suggest"), dry_run)
        pictures = PictureShelf(
            workspace,
            main_snapshot(workspace, reader),
            [one for file in files for one in file.pictures.values()],
        )
        for file, made, pending in _work_out(
            workspace, pictures, refs, read, index, progress, clashes
        ):
            found[file.source.digest] = made
            publisher.add(pending)
        if not dry_run:
            pictures.store()
        tips = publisher.finish()
        faults = tuple(page_faults(index, main_snapshot(workspace, reader)))
    for blob, made in found.items():
        found[blob] = list(with_tips(made, tips))
    ordered = _ordered(files, {**outcomes, **found})
    refused = (*problems, *bad, *other, *clashes)
    report = Report(workspace.main.name, workspace.main.tip, ordered, refused, pages=faults)
    if not dry_run:
        # what is wrong with a page is told until it is mended
        last_run.keep(workspace, {} if faults else found)
        report = replace(report, base=_withdraw(workspace, ordered) or report.base)
    return replace(report, notices=notices(workspace, ordered))


class _Writing:
    """Writes branches as they are worked out; a dry run writes none.

    Others may join what was just made: that is written once more, at the end.
    """

    def __init__(self, publisher: Publisher, dry_run: bool) -> None:
        self._publisher, self._dry_run = publisher, dry_run
        self._latest: dict[str, Pending] = {}
        self._written: dict[str, Pending] = {}

    def add(self, pending: Iterable[Pending]) -> None:
        """Take branches as they are to be."""
        for one in pending:
            self._latest[one.ref] = one
            if one.ref not in self._written:
                self._write(one)

    def finish(self) -> dict[str, str]:
        """Make the branches and return their new commits by ref. Raises as `Publisher.finish`."""
        for ref, one in self._latest.items():
            if self._written[ref] is not one:
                self._write(one)
        return self._publisher.finish()

    def _write(self, one: Pending) -> None:
        self._written[one.ref] = one
        if not self._dry_run:
            self._publisher.add(one.ref, one.seen, one.content, one.parent, one.author)


def _ordered(
    files: Sequence[RecordFile], outcomes: Mapping[str, Sequence[Outcome]]
) -> tuple[Outcome, ...]:
    blobs = dict.fromkeys(file.digest for file in files)
    return tuple(outcome for blob in blobs for outcome in outcomes.get(blob, ()))


def _withdraw(workspace: Workspace, outcomes: Sequence[Outcome]) -> str | None:
    """Withdraw what confirmations gave up and return main's new tip, None where there is none."""
    withdrawn = (one for one in outcomes if one.status == "withdrawn")
    names = [f"refs/heads/{one.branch}" for one in withdrawn]
    with writing():
        given_up = t("the confirmation no longer asks for it")
    return decide(workspace, names, Verdict("withdrawn", given_up)).base if names else None


def _work_out(
    workspace: Workspace,
    pictures: PictureShelf,
    refs: Mapping[str, RefInfo],
    files: Sequence[ReadFile],
    index: FactIndex,
    progress: Progress,
    clashes: list[Problem],
) -> Iterator[tuple[ReadFile, list[Outcome], list[Pending]]]:
    """Yield what becomes of each confirmation, and the commits to write; nothing is written.

    One whose id another confirmation has is left out, and told in *clashes*.
    """
    if not files:
        return
    repository, tip = workspace.repository, workspace.main.tip
    snapshot = pictures.snapshot
    reader = snapshot.reader
    opened = open_suggestions(workspace, reader, refs)
    known = Known(opened, decided_suggestions(workspace, snapshot))
    branches = read_branches(repository, reader, _of_confirmations(refs, files), tip)
    pictures.know(one.record for one in branches.values() if one.record)
    this = Situation(
        workspace,
        reader,
        snapshot,
        index,
        refs,
        branches,
        known,
        checked_out_branches(repository),
        repository.identity().name,
        pictures,
    )
    for done, file in enumerate(files):
        progress(done, len(files))
        if clash := other_with_its_id(this, file):
            clashes.append(clash)
            continue
        outcomes = list(outcomes_of(this, file))
        yield file, outcomes, known.taken()
    progress(len(files), len(files))


def _of_confirmations(refs: Mapping[str, RefInfo], files: Sequence[ReadFile]) -> list[RefInfo]:
    ids = {file.confirmation.id for file in files}
    return [info for ref, info in refs.items() if any(part in ids for part in _prefixes(ref))]


def _prefixes(ref: str) -> Iterator[str]:
    """Yield what may be the confirmation's id in a suggestion branch's name."""
    parts = ref.rpartition("/")[2].split("-")
    yield "-".join(parts[:3])
    yield "-".join(parts[:4])
