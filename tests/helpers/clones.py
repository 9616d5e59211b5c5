"""Desks that share one bare repository, and what people do there, in any order."""

import atexit
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

from gitrepo import commit, git, make_bare, make_repo, refs
from manuals import ENTRY, FACT, PAGES, STEP, write
from manualsmith.cli.group import run
from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.workflow.landing.close import Verdict
from manualsmith.workflow.queue.branch import suggestion_refs
from manualsmith.workflow.queue.list_queue import QueueFilter, QueueItem, queue
from manualsmith.workflow.queue.outcomes import Report, Shared
from manualsmith.workflow.review.decide import decide
from manualsmith.workflow.review.refresh import refresh
from manualsmith.workflow.service.incidents import ReportedProblem, new_request
from manualsmith.workflow.service.read_confirmations import all_files
from manualsmith.workflow.sharing.sync import sync
from manualsmith.workflow.suggest.run import suggest
from manualsmith.workflow.verify.verify_records import verify_branches
from manualsmith.workflow.workspace.open_workspace import open_workspace

PAGE = "manuals/operation/sign-in.md"
APPENDED = """- id: 1
    summary: 補充說明
    manual: operation
    page: sign-in.md
    reason: 有人問
    edit: {{action: append-to-section, section: [第一次登入], text: 第 {number} 次補充。}}
"""
PROTECTED = {"pyproject.toml": "[tool.manualsmith]\nprotect_main = true\n"}


@dataclass
class Office:
    """Clones of one bare repository. ``by_hand``: what people committed to branches, by commit."""

    bare: Path
    desks: list[Path]
    numbers: int = 1
    by_hand: dict[str, tuple[Path, str]] = field(default_factory=dict)


def make_office(root: Path, *, hook: bool) -> Office:
    """Return an office of three desks where the first has shared four suggestions."""
    made = _office_once(hook)
    shutil.copytree(made.bare.parent, root, dirs_exist_ok=True)
    office = Office(root / made.bare.name, [root / desk.name for desk in made.desks])
    for desk in office.desks:
        git(desk, "remote", "set-url", "origin", str(office.bare))
    return office


@cache
def _office_once(hook: bool) -> Office:
    root = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, root)
    repo = make_repo(root, {**PAGES, **(PROTECTED if hook else {})}, name="first")
    bare = make_bare(repo)
    if hook:
        assert run(["-C", str(bare), "hook", "install"]) == 0
    names = [root / f"desk{number}" for number in range(3)]
    for desk in names:
        git(root, "clone", "-q", str(bare), desk.name)
    write(names[0], facts=FACT, findings=(STEP, ENTRY))
    suggest_here(names[0])
    for desk in names:
        shared(desk)
    return Office(bare, names)


def shared(desk: Path) -> Shared:
    """Run ``sync``."""
    return sync(open_workspace(desk))


def suggest_here(desk: Path) -> Report:
    """Run ``suggest --all`` without a network."""
    workspace = open_workspace(desk)
    return suggest(workspace, *all_files(workspace))


def refreshed(desk: Path, *names: str, **options: bool) -> Report:
    """Run ``review refresh`` here, of all without names."""
    return refresh(open_workspace(desk), names or None, **options)


def decided(desk: Path, state: str, *names: str, **options: object) -> Report:
    """Run ``review accept`` and the like here."""
    verdict = Verdict(state, "" if state == "accepted" else "不必改")
    return decide(open_workspace(desk), names, verdict, **options)


def requested(desk: Path) -> None:
    """Note a request: main here is one commit ahead."""
    new_request(
        open_workspace(desk),
        ReportedProblem("nextcloud", "登入不了"),
        "S-0412",
        datetime.now().astimezone(),
    )


def others_push(desk: Path, files: dict[str, str] | None = None) -> None:
    """Have the remote's main one commit further, by somebody whose desk is up to date."""
    git(desk, "pull", "-q", "--rebase")
    commit(desk, files or {"notes.md": git(desk, "rev-parse", "HEAD")})
    git(desk, "push", "-q", "origin", "main")


def tried(desk: Path, *command: str) -> bool:
    """Run git and return whether it went well."""
    done = subprocess.run(["git", *command], cwd=desk, capture_output=True, check=False)
    return done.returncode == 0


def listed(desk: Path) -> dict[str, QueueItem]:
    """Return the open suggestions of a desk by id."""
    return {
        item.account.id: item for item in queue(open_workspace(desk), QueueFilter(), time.time())
    }


def branches(repo: Path) -> dict[str, str]:
    """Return the suggestion branches and where they stand."""
    return {ref: tip for ref, tip in refs(repo).items() if ref.startswith("refs/heads/suggest/")}


def on_main(repo: Path, ref: str) -> bool:
    """Return whether a branch is one commit on a commit of main."""
    return tried(repo, "merge-base", "--is-ancestor", f"{ref}^", "main")


def faults(repo: Path) -> dict[str, tuple[str, ...]]:
    """Return what ``verify`` finds of the branches, by id."""
    workspace = open_workspace(repo)
    with BlobReader(workspace.repository) as reader:
        infos = list(suggestion_refs(workspace).values())
        found = list(verify_branches(workspace, reader, infos))
    return {one.name.rpartition("/")[2]: one.faults for one in found if one.faults}


def undecidable(desk: Path) -> list[str]:
    """Return the open suggestions that cannot be rejected, or of which accepting ends badly."""
    stuck = []
    kinds = {name: item.standing.kind for name, item in listed(desk).items()}
    for edited in (True, False):
        names = [name for name, kind in kinds.items() if (kind == "edited") == edited]
        for state in ("accepted", "rejected") if names else ():
            report = decided(desk, state, *names, dry_run=True, discard_edits=edited)
            fine = (state, "superseded", *(["refused"] if state == "accepted" else []))
            stuck += [str(one) for one in report.outcomes if one.status not in fine]
    return stuck


def brought_together(desk: Path) -> None:
    """Do what a person does whose main and the remote's have gone different ways."""
    if not (tried(desk, "pull", "-q", "--rebase") and tried(desk, "push", "-q", "origin", "main")):
        tried(desk, "rebase", "--abort")
        git(desk, "reset", "-q", "--hard", "origin/main")


def settled(office: Office) -> None:
    """Sync every desk until each has what the others have."""
    for desk in office.desks * 2:
        shared(desk)
        git(desk, "fetch", "-q")
        if not tried(desk, "merge-base", "--is-ancestor", "main", "origin/main"):
            brought_together(desk)
            shared(desk)


def request_(office: Office, desk: Path) -> None:
    requested(desk)


def note(office: Office, desk: Path) -> None:
    office.numbers += 1
    commit(desk, {f"notes/{office.numbers}.md": "x\n"})


def paragraph(office: Office, desk: Path) -> None:
    _change_page(office, desk, "## 第一次登入", "另見 {number}。\n\n## 第一次登入")


def step(office: Office, desk: Path) -> None:
    _change_page(office, desk, "1. 打開", "1. 開機 {number}。\n1. 打開")


def _change_page(office: Office, desk: Path, old: str, new: str) -> None:
    office.numbers += 1
    text = (desk / PAGE).read_text("utf-8")
    commit(desk, {PAGE: text.replace(old, new.format(number=office.numbers), 1)})


def suggest_(office: Office, desk: Path) -> None:
    office.numbers += 1
    write(desk, office.numbers, findings=(APPENDED.format(number=office.numbers),))
    suggest_here(desk)


def refresh_(office: Office, desk: Path) -> None:
    refreshed(desk)


def accept(office: Office, desk: Path) -> None:
    for name in list(listed(desk))[:1]:
        decided(desk, "accepted", name)


def reject(office: Office, desk: Path) -> None:
    for name in list(listed(desk))[-1:]:
        decided(desk, "rejected", name)


def sync_(office: Office, desk: Path) -> None:
    shared(desk)


def push(office: Office, desk: Path) -> None:
    tried(desk, "push", "-q", "origin", "main")


def push_branches(office: Office, desk: Path) -> None:
    """Do what an older version did: it put branches there that rest on no main."""
    if not office.by_hand:  # git's own force asks nobody
        tried(desk, "push", "-q", "--force", "origin", "refs/heads/suggest/*")


def pull_rebase(office: Office, desk: Path) -> None:
    if not tried(desk, "pull", "-q", "--rebase"):
        tried(desk, "rebase", "--abort")


def reset_hard(office: Office, desk: Path) -> None:
    git(desk, "fetch", "-q")
    git(desk, "reset", "-q", "--hard", "origin/main")


def by_hand(office: Office, desk: Path) -> None:
    """Commit to a suggestion's branch."""
    for ref, tip in list(branches(desk).items())[:1]:
        office.numbers += 1
        blob = git(desk, "hash-object", "-w", "--stdin", data=f"{office.numbers}\n")
        tree = git(desk, "ls-tree", ref)
        tree = git(desk, "mktree", data=f"{tree}\n100644 blob {blob}\tby-hand-{office.numbers}\n")
        made = git(desk, "commit-tree", "-p", tip, "-m", "By hand", tree)
        git(desk, "update-ref", ref, made, tip)
        office.by_hand[made] = (desk, ref)


DOINGS = {
    "request": request_,
    "note": note,
    "paragraph": paragraph,
    "step": step,
    "suggest": suggest_,
    "refresh": refresh_,
    "accept": accept,
    "reject": reject,
    "sync": sync_,
    "push": push,
    "push branches": push_branches,
    "pull --rebase": pull_rebase,
    "reset --hard": reset_hard,
    "by hand": by_hand,
}


def done(office: Office, number: int, doing: str) -> None:
    """Have one desk do something; what the tool refuses with a reason is refused."""
    try:
        DOINGS[doing](office, office.desks[number])
    except UserError:
        assert doing in ("refresh", "accept", "reject", "suggest", "request")
