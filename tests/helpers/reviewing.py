"""Suggestions to review: a repository with some, and the commands as functions."""

import time
from pathlib import Path

from gitrepo import git, make_repo, refs, show
from manuals import ENTRY, PAGES, STEP, write
from manualsmith.records.models.suggestion import Suggestion, parse_suggestion
from manualsmith.workflow.landing.close import Verdict
from manualsmith.workflow.queue.list_queue import QueueFilter, QueueItem, queue
from manualsmith.workflow.queue.outcomes import Report
from manualsmith.workflow.review.decide import decide
from manualsmith.workflow.review.refresh import refresh as put_on_main
from manualsmith.workflow.service.read_confirmations import all_files, read_files
from manualsmith.workflow.suggest.run import suggest as make_suggestions
from manualsmith.workflow.workspace.open_workspace import open_workspace

STEP_BRANCH = "suggest/O1.2.1/ENV-2026-0001-1"
ENTRY_BRANCH = "suggest/O1.2.2/ENV-2026-0001-2"
STEP_ID, ENTRY_ID = "ENV-2026-0001-1", "ENV-2026-0001-2"
PAGE = "manuals/operation/sign-in.md"


def with_suggestions(tmp_path: Path) -> Path:
    """Return a repository with two open suggestions, one for each manual."""
    repo = make_repo(tmp_path, PAGES)
    write(repo, findings=(STEP, ENTRY))
    suggest(repo)
    return repo


def suggest(repo: Path, *files: Path) -> Report:
    """Run ``suggest`` on *files*, or on all."""
    workspace = open_workspace(repo)
    found, problems = read_files(files, workspace) if files else all_files(workspace)
    return make_suggestions(workspace, found, problems)


def accept(repo: Path, *names: str, **options: object) -> Report:
    """Run ``review accept``."""
    return decide(open_workspace(repo), names, Verdict("accepted"), **options)  # type: ignore[arg-type]


def reject(repo: Path, *names: str, reason: str = "不必改") -> Report:
    """Run ``review reject``."""
    return decide(open_workspace(repo), names, Verdict("rejected", reason))


def refresh(repo: Path, *names: str, **options: object) -> Report:
    """Run ``review refresh``, of all without names."""
    return put_on_main(open_workspace(repo), names or None, **options)  # type: ignore[arg-type]


def listed(repo: Path, **wanted: object) -> dict[str, QueueItem]:
    """Return the queue by id."""
    items = queue(open_workspace(repo), QueueFilter(**wanted), time.time())  # type: ignore[arg-type]
    return {item.account.id: item for item in items}


def statuses(report: Report) -> dict[str, str]:
    """Return what became of each suggestion."""
    return {outcome.id: outcome.status for outcome in report.outcomes}


def record(repo: Path, suggestion: str, at: str = "main", manual: str = "operation") -> Suggestion:
    """Return a suggestion's record as a commit has it."""
    path = f"suggestions/{manual}/{suggestion}.yaml"
    return parse_suggestion(show(repo, f"{at}:{path}"), path)


def page(repo: Path, at: str = "main", path: str = PAGE) -> str:
    """Return a page's text as a commit has it."""
    return show(repo, f"{at}:{path}").decode()


def branches(repo: Path) -> list[str]:
    """Return the suggestion branches."""
    return [ref for ref in refs(repo) if ref.startswith("refs/heads/suggest/")]


def whole(repo: Path) -> None:
    """Assert that git finds no fault with the repository."""
    git(repo, "fsck", "--strict", "--no-dangling")
