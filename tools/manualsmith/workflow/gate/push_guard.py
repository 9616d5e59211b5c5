"""Check a push to a shared repository: what it may do to suggestion branches and to main."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.git.branches import RefInfo, describe_commits
from manualsmith.git.claimed_ids import wrong_claims
from manualsmith.git.history import steps
from manualsmith.git.repository import LocalBranch, Repository
from manualsmith.git.trees import forked_at, not_reachable
from manualsmith.layout import (
    BRANCHES,
    RELEASES,
    Manual,
    suggestion_of,
    suggestion_path,
    use,
)
from manualsmith.records.models.suggestion import Suggestion, parse_suggestion
from manualsmith.text import t
from manualsmith.workflow.gate.guarded_settings import (
    loosened,
    open_as_it_was,
    other_markdown,
    unreadable,
    unreadable_site,
)
from manualsmith.workflow.gate.leads import deciders, is_lead
from manualsmith.workflow.gate.way_out import back_on, closed_first, for_a_lead, way_out
from manualsmith.workflow.queue.select import decided_record
from manualsmith.workflow.verify.verify_records import Verified, verify_branches, verify_range
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.snapshot import snapshot_of


@dataclass(frozen=True)
class PushedRef:
    """A ref that a push wants to move; None where it is not there before, or not after."""

    ref: str
    old: str | None
    new: str | None


def read_pushed(lines: Iterable[str]) -> list[PushedRef]:
    """Return what git tells a ``pre-receive`` hook: a line ``old new ref`` for each ref.

    Raises UserError for a line that is none.
    """
    found = []
    for line in lines:
        old, _, rest = line.rstrip("\n").partition(" ")
        new, _, ref = rest.partition(" ")
        if not (old and new and ref.startswith("refs/")):
            raise UserError(t("not what git tells a pre-receive hook: {line}", line=repr(line)))
        found.append(PushedRef(ref, _or_none(old), _or_none(new)))
    return found


def guard_all(folder: Path, pushed: Iterable[PushedRef]) -> Iterator[Verified]:
    """Yield what is wrong with a push to the repository at *folder*: its refs, then each release.

    A release that has no branch yet is held against what the push brings.
    """
    moved = list(pushed)
    today = open_as_it_was(folder)
    yield from _wrong_refs(today.repository, moved)
    yield from _wrong_settings(today, moved)
    known = {branch.name for branch in today.repository.branches()}
    found: dict[str, list[PushedRef]] = {}
    for one in moved:
        found.setdefault(_release_of(one.ref), []).append(one)
    main = next((one.new for one in moved if one.ref == today.main.ref and one.new), None)
    for release, refs in found.items():
        name = f"{RELEASES}{release}"
        use(today.settings.layout)
        if not release:
            yield from guard(today, refs)
        elif name in known:
            yield from guard(open_as_it_was(folder, release), refs)
        elif begun := next((one for one in refs if one.ref == f"refs/heads/{name}"), None):
            yield from _begun(today.at(main) if main else today, begun)
            first = replace(
                today, main=LocalBranch(name, begun.ref, begun.new or ""), release=release
            )
            yield from guard(first, [one for one in refs if one is not begun])
        else:
            said = (t("there is no branch {name}", name=name),)
            yield from (
                Verified(one.ref.removeprefix("refs/heads/"), one.new or "", said)
                for one in refs
                if suggestion_of(one.ref) and one.new
            )


def _begun(today: Workspace, begun: PushedRef) -> Iterator[Verified]:
    """Yield what is wrong with the commit that a new release begins at.

    Where main is protected it is one of main's, or goes on from one as main may.
    """
    name, tip = begun.ref.removeprefix("refs/heads/"), begun.new
    if not today.settings.protect_main or tip is None or is_lead(today.repository, tip):
        return
    fork = forked_at(today.repository, tip, today.main.tip)
    with BlobReader(today.repository) as reader:
        faults = [*loosened(today, reader, tip), *unreadable_site(today, reader, tip)]
        if fork is None or fork not in _line(today.repository, today.main.tip):
            faults.append(t("it does not go on from a commit of {main}", main=today.main.name))
            fork = None
        if fork:
            faults += other_markdown(today, reader, fork, tip)
        if faults:
            yield Verified(name, tip, tuple(faults), for_a_lead())
        if fork:
            found = verify_range(today, reader, fork, tip)
            yield from (replace(one, name=f"{name}: {one.name}") for one in found if one.faults)


def _line(repository: Repository, tip: str) -> set[str]:
    return {step.commit for step in steps(repository, None, tip)}


def _wrong_settings(today: Workspace, moved: Iterable[PushedRef]) -> Iterator[Verified]:
    """Yield the settings that a push brings and nobody could work with, this gate included."""
    repository, there = today.repository, {branch.name for branch in today.repository.branches()}
    changed = [one for one in moved if one.ref.startswith("refs/heads/")]
    for one in changed:
        name = one.ref.removeprefix("refs/heads/")
        there = there | {name} if one.new else there - {name}
    ruling = {today.main.ref, f"refs/heads/{repository.head_branch()}"}
    with BlobReader(repository) as reader:
        for one in changed:
            rules = one.ref in ruling or one.ref.startswith(f"refs/heads/{RELEASES}")
            if one.new and rules and (faults := tuple(unreadable(reader, one.new, there))):
                yield Verified(one.ref.removeprefix("refs/heads/"), one.new, faults)


def _wrong_refs(repository: Repository, pushed: Iterable[PushedRef]) -> Iterator[Verified]:
    """Yield the refs that nobody is to push, or not there: some disks make no case of letters."""
    for one in pushed:
        faults: tuple[str, ...] = ()
        if one.ref.lower().startswith("refs/replace/") and one.new:
            faults = (
                t(
                    "git would read another object in place of the one that was verified: push "
                    "your branches alone, such as git push origin main"
                ),
            )
        elif one.ref.lower().startswith("refs/manualsmith/"):
            faults = tuple(wrong_claims(repository, one.ref, one.old, one.new))
        if faults:
            yield Verified(one.ref, one.new or one.old or "", faults)


def _release_of(ref: str) -> str:
    named = suggestion_of(ref)
    return named[2] if named else ref.partition(f"refs/heads/{RELEASES}")[2]


def _or_none(oid: str) -> str | None:
    return oid if oid.strip("0") else None


def guard(workspace: Workspace, pushed: Iterable[PushedRef]) -> Iterator[Verified]:
    """Yield what is wrong with a push, by ref.

    Each suggestion branch must hold what its record says. Where main is protected, each step of it
    must be explained by an accepted suggestion, it is not rewound, and a suggestion's branch goes
    only with a decision. The settings are those that main has before the push.
    """
    moved = list(pushed)
    main = next((one for one in moved if one.ref == workspace.main.ref), None)
    after = workspace if main is None or main.new is None else workspace.at(main.new)
    protected = workspace.settings.protect_main
    with BlobReader(workspace.repository) as reader:
        new = [
            _info(workspace, o.ref, o.new) for o in moved if o.ref.startswith(BRANCHES) and o.new
        ]
        yield from (one for one in verify_branches(after, reader, new) if one.faults)
        if protected:
            yield from _bent(workspace.repository)
            yield from _renamed(workspace, reader, moved)
        if main and protected:
            yield from _main_faults(workspace, reader, main)
        if protected:
            yield from _dropped(after, reader, moved)
        yield from _unsaid(after, reader, moved)


def _unsaid(
    workspace: Workspace, reader: BlobReader, moved: Iterable[PushedRef]
) -> Iterator[Verified]:
    """Yield the suggestions that lose what was said of them, or say it in somebody else's name.

    A branch that goes leaves it in the record that main has of its decision.
    """
    names = deciders(workspace.repository)
    for one in moved:
        named = suggestion_of(one.ref) if one.ref.startswith(BRANCHES) else None
        if named is None:
            continue
        before = _record_at(reader, one.old, *named[:2])
        after = _record_at(reader, one.new or workspace.main.tip, *named[:2])
        had = before.comments if before else ()
        has = after.comments if after else ()
        faults = []
        if after and has[: len(had)] != had:
            faults.append(t("it loses or changes what was said of it"))
        elif names is not None and not {said.by for said in has[len(had) :]} <= names:
            faults.append(t("somebody is said to say of it what who pushes may not say for them"))
        if faults:
            yield Verified(one.ref.removeprefix("refs/heads/"), one.new or "", tuple(faults))


def _record_at(
    reader: BlobReader, commit: str | None, manual: Manual, name: str
) -> Suggestion | None:
    path = suggestion_path(manual, name)
    blob = reader.get(f"{commit}:{path}") if commit else None
    try:
        return parse_suggestion(blob.data, path) if blob else None
    except UserError:  # told where the branch is verified
        return None


def _bent(repository: Repository) -> Iterator[Verified]:
    """Yield what would have the server see another history than people get."""
    for name in ("info/grafts", "shallow"):
        if (repository.common_dir / name).exists():
            said = t("git sees another history here than the commits tell: {file}", file=name)
            yield Verified(name, "", (said,), t("whoever runs the server takes that file away"))


def _renamed(
    workspace: Workspace, reader: BlobReader, moved: Iterable[PushedRef]
) -> Iterator[Verified]:
    """Yield a push that says in another branch's settings which branch is main."""
    head = f"refs/heads/{workspace.repository.head_branch()}"
    for one in moved:
        if one.ref == head != workspace.main.ref and one.new:
            faults = tuple(loosened(workspace, reader, one.new))
            if faults and not is_lead(workspace.repository, one.new):
                yield Verified(head, one.new, faults, for_a_lead())


def _info(workspace: Workspace, ref: str, tip: str) -> RefInfo:
    [info] = describe_commits(workspace.repository, [tip])
    return replace(info, ref=ref)


def _main_faults(workspace: Workspace, reader: BlobReader, main: PushedRef) -> Iterator[Verified]:
    name, repository = workspace.main.name, workspace.repository
    if main.new is None:
        yield Verified(name, main.old or "", (t("main cannot be deleted"),))
        return
    if main.old and not_reachable(repository, [main.old], main.new):
        yield Verified(name, main.new, (t("main cannot be rewound"),), back_on(workspace))
        return
    lead = is_lead(repository, main.new)
    if odd := tuple(unreadable_site(workspace, reader, main.new)):
        yield Verified(name, main.new, odd)
    faults = [] if lead else [*loosened(workspace, reader, main.new)]
    if main.old and not lead:
        faults += other_markdown(workspace, reader, main.old, main.new)
    if faults:
        yield Verified(name, main.new, tuple(faults), for_a_lead())
    found = verify_range(
        workspace, reader, main.old, main.new, by_lead=lead, deciders=deciders(repository)
    )
    wrong = [one for one in found if one.faults]
    hint = way_out(workspace, main.old, main.new) if wrong and main.old else ""
    yield from (replace(one, hint=hint) for one in wrong)


def _dropped(
    workspace: Workspace, reader: BlobReader, moved: Iterable[PushedRef]
) -> Iterator[Verified]:
    """Yield the suggestion branches that go without a decision on main."""
    snapshot = snapshot_of(workspace.repository, reader, workspace.main.tip)
    for one in moved:
        if not one.ref.startswith(BRANCHES) or one.old is None or one.new:
            continue
        named = suggestion_of(one.ref)
        name = one.ref.removeprefix("refs/heads/")
        if named is None:  # of a manual that is not set any more
            said = t("no manual has such a branch: put the manual back, and decide it")
            yield Verified(name, one.old, (said,), for_a_lead())
        elif decided_record(named[0], named[1], snapshot) is None:
            said = t("it is open: accept, reject or withdraw it, and main will say so")
            yield Verified(name, one.old, (said,), closed_first(workspace, named[1]))
