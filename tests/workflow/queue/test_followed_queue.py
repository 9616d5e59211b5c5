"""A queue that is followed is the queue as it is read anew, whatever has moved."""

import random
import time

import pytest

from gitrepo import commit, git
from manualsmith.cli.group import run
from manualsmith.layout import STATES
from manualsmith.workflow.landing.adopt import try_to_adopt
from manualsmith.workflow.queue.branch import suggestion_refs
from manualsmith.workflow.queue.followed_queue import follow
from manualsmith.workflow.queue.list_queue import QueueFilter, queue
from manualsmith.workflow.workspace.open_workspace import open_workspace
from rooms import edit_branch, many

COUNT = 6


def anew(repo):
    return queue(try_to_adopt(open_workspace(repo)), QueueFilter(states=STATES), 0)


def name(number):
    return f"ENV-2026-0001-{number}"


def page(number):
    return f"manuals/operation/p{number}.md"


def review(repo, *arguments):
    run(["-C", str(repo), "review", *arguments])  # one that cannot be is as good a step


def merge(repo, number):
    git(repo, "merge", "-q", "--no-edit", "-X", "ours", f"suggest/O1.2.1/{name(number)}")


def by_hand(repo, number):
    edit_branch(repo, f"suggest/O1.2.1/{name(number)}", page(number), "補充", "改過的補充")


STEPS = {
    "accept": lambda repo, n: review(repo, "accept", name(n)),
    "reject": lambda repo, n: review(repo, "reject", name(n), "--reason", "不對"),
    "reopen": lambda repo, n: review(repo, "reopen", name(n)),
    "refresh": lambda repo, n: review(repo, "refresh", name(n)),
    "revert": lambda repo, n: review(repo, "revert", name(n), "--reason", "不對"),
    "other words above": lambda repo, n: commit(
        repo, {page(n): f"# 頁 {n}\n\n別的。\n\n## 步驟\n\n內容。\n"}
    ),
    "no such section": lambda repo, n: commit(repo, {page(n): "# 別的\n\n沒有那一節。\n"}),
    "as it was": lambda repo, n: commit(repo, {page(n): f"# 頁 {n}\n\n## 步驟\n\n內容。\n"}),
    "moved": lambda repo, n: (
        git(repo, "mv", "-k", page(n), page(n + 100)),
        git(repo, "commit", "-q", "--allow-empty", "-m", "moved"),
    ),
    "gone": lambda repo, n: (
        git(repo, "rm", "-q", "--ignore-unmatch", page(n)),
        git(repo, "commit", "-q", "--allow-empty", "-m", "gone"),
    ),
    "something else": lambda repo, n: commit(repo, {"notes.txt": str(n) + str(time.time())}),
    "a branch deleted": lambda repo, n: git(
        repo, "update-ref", "-d", f"refs/heads/suggest/O1.2.1/{name(n)}"
    ),
}


@pytest.mark.parametrize("seed", range(3))
def test_it_is_the_queue_as_it_is_read_anew(tmp_path, seed):
    repo, choose = many(tmp_path, COUNT), random.Random(seed)
    known = None
    for step in [None, *choose.choices(list(STEPS), k=14)]:
        if step:
            STEPS[step](repo, choose.randint(1, COUNT))
        workspace = try_to_adopt(open_workspace(repo))
        known = follow(workspace, suggestion_refs(workspace), known)
        assert known.items() == anew(repo), step


def test_merges_edits_by_hand_and_another_history_are_followed(tmp_path):
    repo = many(tmp_path, COUNT)
    known = None
    before = git(repo, "rev-parse", "main").strip()
    for step in (
        lambda: None,
        lambda: by_hand(repo, 1),
        lambda: merge(repo, 2),
        lambda: review(repo, "accept", name(3)),
        lambda: git(repo, "reset", "-q", "--hard", before),
    ):
        step()
        workspace = try_to_adopt(open_workspace(repo))
        known = follow(workspace, suggestion_refs(workspace), known)
        assert known.items() == anew(repo)
