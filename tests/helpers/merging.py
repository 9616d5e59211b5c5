"""What people press or type to merge a suggestion, as git hosts document it and as git does it.

Each button works in a clone of its own, as the host would in its repository, and pushes main. A
button says whom it makes the merger: that is who must be on record.
"""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gitrepo import git

MERGER = ("林審", "reviewer@example.invalid")
HOSTS = {
    "GitHub": ("GitHub", "noreply@github.com"),
    "bot": ("merge-queue[bot]", "bot@users.noreply.github.com"),
}


@dataclass(frozen=True)
class Merge:
    """A suggestion's branch to merge: the clone to do it in, the short name, its title."""

    clone: Path
    branch: str
    title: str = "改用瀏覽器"
    main: str = "main"

    @property
    def there(self) -> str:
        """The branch as the clone has it of the remote."""
        return f"origin/{self.branch}"


@contextmanager
def signed(author: tuple[str, str] | None, committer: tuple[str, str]) -> Iterator[None]:
    """Have git sign as these two; *author* None keeps the commits' own."""
    names = {"GIT_COMMITTER_NAME": committer[0], "GIT_COMMITTER_EMAIL": committer[1]}
    if author:
        names |= {"GIT_AUTHOR_NAME": author[0], "GIT_AUTHOR_EMAIL": author[1]}
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(names)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name)
            else:
                os.environ[name] = value


def poster(merge: Merge) -> tuple[str, str]:
    """Return who made the branch's first commit, and so asked for the merge."""
    first = git(merge.clone, "rev-list", "--reverse", f"{merge.main}..{merge.there}").split()[0]
    name, mail = git(merge.clone, "show", "-s", "--format=%an%n%ae", first).splitlines()
    return name, mail


def merge_commit(merge: Merge, message: str, committer: tuple[str, str] = MERGER) -> None:
    """Merge with a merge commit, whatever else could be done."""
    with signed(MERGER, committer):
        git(merge.clone, "merge", "-q", "--no-ff", "-m", message, merge.there)


def squash(merge: Merge, message: str, committer: tuple[str, str] = MERGER) -> None:
    """Put all of the branch into one commit of the poster's."""
    author = poster(merge)
    git(merge.clone, "merge", "-q", "--squash", merge.there)
    with signed(author, committer):
        git(merge.clone, "commit", "-q", "-m", message)


def rebased(merge: Merge, committer: tuple[str, str] = MERGER) -> str:
    """Put the branch's commits on main, one by one, and return the last; main stays."""
    listed = git(
        merge.clone, "rev-list", "--reverse", "--no-merges", f"{merge.main}..{merge.there}"
    )
    git(merge.clone, "checkout", "-q", "--detach", merge.main)
    with signed(None, committer):
        for commit in listed.split():
            # a host has no clock that waits: a commit of the same second is the same commit
            git(merge.clone, "cherry-pick", "--allow-empty", commit)
    tip = git(merge.clone, "rev-parse", "HEAD")
    git(merge.clone, "checkout", "-q", merge.main)
    return tip


def forward(merge: Merge, tip: str) -> None:
    """Move main forward to *tip*."""
    git(merge.clone, "merge", "-q", "--ff-only", tip)


def bodies(merge: Merge) -> str:
    """Return the messages of the branch's commits as a host lists them in a squash."""
    said = git(
        merge.clone, "log", "--reverse", "--format=* %s%n%n%b", f"{merge.main}..{merge.there}"
    )
    return said.strip()


def github_merge(merge: Merge) -> None:
    message = f"Merge pull request #12 from office/{merge.branch}\n\n{merge.title}"
    merge_commit(merge, message, HOSTS["GitHub"])


def github_squash(merge: Merge) -> None:
    name, mail = MERGER
    message = f"{merge.title} (#12)\n\n{bodies(merge)}\n\nCo-authored-by: {name} <{mail}>"
    squash(merge, message, HOSTS["GitHub"])


def github_squash_titled(merge: Merge) -> None:
    """With the message edited away: nothing but a title of somebody's own."""
    name, mail = MERGER
    squash(merge, f"手冊小修 (#12)\n\nReviewed-by: {name} <{mail}>", HOSTS["GitHub"])


def github_rebase(merge: Merge) -> None:
    forward(merge, rebased(merge, HOSTS["GitHub"]))


def github_queue(merge: Merge) -> None:
    """A merge queue: a branch of its own is merged by a bot, and main follows."""
    git(merge.clone, "checkout", "-q", "-b", "gh-readonly-queue/main/pr-12", merge.main)
    with signed(HOSTS["bot"], HOSTS["GitHub"]):
        name, mail = MERGER
        message = f"Merge pull request #12 from office/x\n\nMerged-by: {name} <{mail}>"
        git(merge.clone, "merge", "-q", "--no-ff", "-m", message, merge.there)
    git(merge.clone, "checkout", "-q", merge.main)
    forward(merge, "gh-readonly-queue/main/pr-12")


def gitlab_merge(merge: Merge) -> None:
    message = f"Merge branch '{merge.branch}' into 'main'\n\n{merge.title}\n\n"
    merge_commit(merge, f"{message}See merge request office/manuals!12")


def gitlab_semi_linear(merge: Merge) -> None:
    tip = rebased(merge)
    with signed(MERGER, MERGER):
        message = f"Merge branch '{merge.branch}' into 'main'\n\n{merge.title}"
        git(merge.clone, "merge", "-q", "--no-ff", "-m", message, tip)


def gitlab_fast_forward(merge: Merge) -> None:
    forward(merge, rebased(merge))


def gitlab_squash(merge: Merge) -> None:
    """A squash commit of the poster's, and a merge commit on top."""
    git(merge.clone, "checkout", "-q", "--detach", merge.main)
    squash(merge, merge.title)
    tip = git(merge.clone, "rev-parse", "HEAD")
    git(merge.clone, "checkout", "-q", merge.main)
    with signed(MERGER, MERGER):
        message = f"Merge branch '{merge.branch}' into 'main'\n\n{merge.title}"
        git(merge.clone, "merge", "-q", "--no-ff", "-m", message, tip)


def gitea_merge(merge: Merge) -> None:
    name, mail = MERGER
    said = f"Merge pull request '{merge.title}' (#12) from {merge.branch} into main\n\n"
    on = "Reviewed-on: http://localhost/office/manuals/pulls/12\n"
    merge_commit(merge, f"{said}{on}Reviewed-by: {name} <{mail}>")


def gitea_rebase(merge: Merge) -> None:
    forward(merge, rebased(merge))


def gitea_rebase_merge(merge: Merge) -> None:
    gitlab_semi_linear(merge)


def gitea_squash(merge: Merge) -> None:
    on = "Reviewed-on: http://localhost/office/manuals/pulls/12"
    squash(merge, f"{merge.title} (#12)\n\n{on}")


def gitea_agit(merge: Merge) -> None:
    """A request that was pushed to refs/for/main: its commits have no branch, only the request."""
    request = "refs/pull/12/head"
    git(merge.clone, "push", "-q", "origin", f"{merge.there}:{request}")
    git(merge.clone, "fetch", "-q", "origin", f"+{request}:{request}")
    said = f"Merge pull request '{merge.title}' (#12) from poster/topic into main\n\n"
    with signed(MERGER, MERGER):
        git(merge.clone, "merge", "-q", "--no-ff", "-m", f"{said}Reviewed-on: #12", request)


def git_merge(merge: Merge) -> None:
    merge_commit(merge, f"Merge branch '{merge.branch}'")


def git_fast_forward(merge: Merge) -> None:
    forward(merge, rebased(merge))


def git_cherry_pick(merge: Merge) -> None:
    listed = git(merge.clone, "rev-list", "--reverse", f"{merge.main}..{merge.there}")
    with signed(None, MERGER):
        git(merge.clone, "cherry-pick", "-x", *listed.split())


def git_squash(merge: Merge) -> None:
    git(merge.clone, "merge", "-q", "--squash", merge.there)
    with signed(MERGER, MERGER):
        git(merge.clone, "commit", "-q", "-m", "Squashed")


def git_merge_of_a_merge(merge: Merge) -> None:
    """A reviewer collects in a branch of their own, and that is merged."""
    git(merge.clone, "checkout", "-q", "-b", "collected", merge.main)
    merge_commit(merge, "Collect")
    git(merge.clone, "checkout", "-q", merge.main)
    with signed(MERGER, MERGER):
        git(merge.clone, "merge", "-q", "--no-ff", "-m", "All of this week", "collected")


def git_octopus(merge: Merge) -> None:
    """One merge of the suggestion and of another branch."""
    git(merge.clone, "checkout", "-q", "-b", "notes", merge.main)
    (merge.clone / "octopus.txt").write_text("x\n", encoding="utf-8")
    git(merge.clone, "add", "octopus.txt")
    git(merge.clone, "commit", "-q", "-m", "Notes")
    git(merge.clone, "checkout", "-q", merge.main)
    with signed(MERGER, MERGER):
        git(merge.clone, "merge", "-q", "--no-ff", "-m", "Two at once", "notes", merge.there)


Button = Callable[[Merge], None]
# By the host and what its button is called there; then what that leaves on record.
BUTTONS: dict[tuple[str, str], tuple[Button, str]] = {
    ("GitHub", "Create a merge commit"): (github_merge, "merge"),
    ("GitHub", "Squash and merge"): (github_squash, "commit"),
    ("GitHub", "Squash and merge, title edited"): (github_squash_titled, "squash"),
    ("GitHub", "Rebase and merge"): (github_rebase, "commit"),
    ("GitHub", "Merge queue"): (github_queue, "merge"),
    ("GitLab", "Merge commit"): (gitlab_merge, "merge"),
    ("GitLab", "Semi-linear history"): (gitlab_semi_linear, "merge"),
    ("GitLab", "Fast-forward merge"): (gitlab_fast_forward, "commit"),
    ("GitLab", "Squash commits"): (gitlab_squash, "merge"),
    ("Gitea", "Create merge commit"): (gitea_merge, "merge"),
    ("Gitea", "Rebase then fast-forward"): (gitea_rebase, "commit"),
    ("Gitea", "Rebase then create merge commit"): (gitea_rebase_merge, "merge"),
    ("Gitea", "Create squash commit"): (gitea_squash, "squash"),
    ("Gitea", "Create merge commit, of an AGit request"): (gitea_agit, "merge"),
    ("git", "merge --no-ff"): (git_merge, "merge"),
    ("git", "rebase, merge --ff-only"): (git_fast_forward, "commit"),
    ("git", "merge --squash"): (git_squash, "squash"),
    ("git", "cherry-pick -x"): (git_cherry_pick, "commit"),
    ("git", "merge of a merge"): (git_merge_of_a_merge, "merge"),
    ("git", "merge of several (octopus)"): (git_octopus, "merge"),
}
# Who merged is not in the commits that these make: the poster's name is what they have.
UNNAMED = {("GitHub", "Rebase and merge")}


def host_of(bare: Path, root: Path) -> Path:
    """Return a clone in which a git host does what its buttons say."""
    clone = root / "host"
    if not clone.exists():
        git(root, "clone", "-q", str(bare), clone.name)
    git(clone, "fetch", "-q", "--prune", "origin")
    git(clone, "checkout", "-q", "-B", "main", "origin/main")
    for branch in ("collected", "notes", "gh-readonly-queue/main/pr-12"):
        subprocess.run(
            ["git", "branch", "-q", "-D", branch], cwd=clone, capture_output=True, check=False
        )
    return clone


def press(merge: Merge, button: Button, *, keep: bool = False) -> None:
    """Press a button: main and, but for *keep*, the end of the branch go to the remote."""
    button(merge)
    gone = [] if keep else [f":refs/heads/{merge.branch}"]
    git(merge.clone, "push", "-q", "origin", merge.main, *gone)


def pressed_or_refused(merge: Merge, button: Button, *, keep: bool = False) -> bool:
    """Press a button; where git cannot merge, a host says so and nothing is done."""
    try:
        press(merge, button, keep=keep)
    except (AssertionError, IndexError):  # the second: nothing is left to merge
        for undoing in ("merge", "cherry-pick", "rebase"):
            command = ["git", undoing, "--abort"]
            subprocess.run(command, cwd=merge.clone, capture_output=True, check=False)
        git(merge.clone, "reset", "-q", "--hard")
        git(merge.clone, "clean", "-qfd")
        git(merge.clone, "checkout", "-q", "-B", merge.main, f"origin/{merge.main}")
        return False
    return True


def revert(merge: Merge, commit: str) -> None:
    """Revert a commit of main with git, as a host's button does, and push it."""
    parents = git(merge.clone, "show", "-s", "--format=%P", commit).split()
    mainline = ["-m", "1"] if len(parents) > 1 else []
    with signed(MERGER, MERGER):
        git(merge.clone, "revert", "--no-edit", *mainline, commit)
    git(merge.clone, "push", "-q", "origin", merge.main)


def touch_up(merge: Merge, path: str, old: str, new: str) -> None:
    """Commit to the branch, as a reviewer does with a host's editor."""
    git(merge.clone, "checkout", "-q", "-B", "touched", merge.there)
    file = merge.clone / path
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with signed(MERGER, MERGER):
        git(merge.clone, "commit", "-q", "-am", "Apply suggestions from code review")
    git(merge.clone, "push", "-q", "origin", f"HEAD:refs/heads/{merge.branch}")
    git(merge.clone, "fetch", "-q", "origin")
    git(merge.clone, "checkout", "-q", merge.main)
