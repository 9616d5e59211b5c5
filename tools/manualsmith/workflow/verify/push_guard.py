"""Check a push to a shared repository: what it may do to suggestion branches and to main."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.git.branches import RefInfo, describe_commits
from manualsmith.git.claimed_ids import wrong_claims
from manualsmith.git.repository import LocalBranch, Repository
from manualsmith.git.trees import not_reachable
from manualsmith.layout import BRANCHES, RELEASES, suggestion_of
from manualsmith.text import t
from manualsmith.workflow.queue.select import decided_record
from manualsmith.workflow.verify.verify_records import Verified, verify_branches, verify_range
from manualsmith.workflow.workspace.open_workspace import Workspace, open_workspace
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
    today = open_workspace(folder)
    yield from _wrong_refs(today.repository, moved)
    known = {branch.name for branch in today.repository.branches()}
    found: dict[str, list[PushedRef]] = {}
    for one in moved:
        found.setdefault(_release_of(one.ref), []).append(one)
    for release, refs in found.items():
        if not release:
            yield from guard(today, refs)
        elif f"{RELEASES}{release}" in known:
            yield from guard(open_workspace(folder, release), refs)
        else:
            ref = f"refs/heads/{RELEASES}{release}"
            begun = {one.ref: one.new for one in refs}.get(ref)
            if begun:
                main = LocalBranch(f"{RELEASES}{release}", ref, begun)
                first = replace(today, main=main, release=release)
                yield from guard(first, [one for one in refs if one.ref != ref])
            yield from (
                Verified(
                    one.ref.removeprefix("refs/heads/"),
                    one.new or "",
                    (t("there is no branch {name}", name=f"{RELEASES}{release}"),),
                )
                for one in refs
                if suggestion_of(one.ref) and one.new and not begun
            )


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
        if main and protected:
            yield from _main_faults(workspace, reader, main)
        if protected:
            yield from _dropped(after, reader, moved)


def _info(workspace: Workspace, ref: str, tip: str) -> RefInfo:
    [info] = describe_commits(workspace.repository, [tip])
    return replace(info, ref=ref)


def _main_faults(workspace: Workspace, reader: BlobReader, main: PushedRef) -> Iterator[Verified]:
    name = workspace.main.name
    if main.new is None:
        yield Verified(name, main.old or "", (t("main cannot be deleted"),))
    elif main.old and not_reachable(workspace.repository, [main.old], main.new):
        yield Verified(name, main.new, (t("main cannot be rewound"),))
    else:
        hint = t(
            "keep your commits and take main as it is: git branch mine; git reset --hard {main}; "
            "then accept the suggestion as it is: manualsmith review accept ID --push",
            main=f"{workspace.settings.remote}/{name}",
        )
        for one in verify_range(workspace, reader, main.old, main.new):
            if one.faults:
                yield replace(one, hint=hint)


def _dropped(
    workspace: Workspace, reader: BlobReader, moved: Iterable[PushedRef]
) -> Iterator[Verified]:
    """Yield the suggestion branches that go without a decision on main."""
    snapshot = snapshot_of(workspace.repository, reader, workspace.main.tip)
    for one in moved:
        named = suggestion_of(one.ref)
        if named is None or one.old is None or one.new:
            continue
        if decided_record(named[0], named[1], snapshot) is None:
            name = one.ref.removeprefix("refs/heads/")
            said = t("it is open: accept, reject or withdraw it, and main will say so")
            yield Verified(name, one.old, (said,))
