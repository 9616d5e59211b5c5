"""Time the review of many suggestions beside what git itself offers, and print ratios.

    python benchmarks/review.py [--pages 2000] [--suggestions 1000] [--commits 200] [--new 5000]

`review list` stands beside one ``git for-each-ref`` and one ``cat-file --batch`` of the records;
`refresh --all`, after commits on main that change the pages, beside ``git rebase`` of each branch
(a part of them, and what that makes for all). Then it counts how many branches git's own merge
leaves in conflict with main, and how many of those the records resolve.

First of all, in a copy: finding what git merged among new commits on main, of which one in a
hundred merges a suggestion, beside ``git log --first-parent -p`` of the same commits.
"""

import argparse
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from manualsmith.git.blobs import BlobReader
from manualsmith.git.refs import RefUpdate, update_refs
from manualsmith.git.repository import Repository, Signature
from manualsmith.git.trees import commit_changes
from manualsmith.git.write import BranchWriter, FileChange, NewCommit
from manualsmith.workflow.landing.adopt import adopt
from manualsmith.workflow.queue.branch import suggestion_refs
from manualsmith.workflow.queue.list_queue import QueueFilter, queue
from manualsmith.workflow.review.refresh import refresh
from manualsmith.workflow.service.read_confirmations import all_files
from manualsmith.workflow.suggest.run import suggest
from manualsmith.workflow.workspace.open_workspace import open_workspace

Result = TypeVar("Result")
REBASED = 60


def main() -> None:
    """Make the repository, time each thing once, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--suggestions", type=int, default=1000)
    parser.add_argument("--commits", type=int, default=200)
    parser.add_argument("--new", type=int, default=5000)
    sizes = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        repo = Path(folder) / "repo"
        _make(repo, sizes.pages, sizes.suggestions)
        suggest(open_workspace(repo), *all_files(open_workspace(repo)))
        _merged_by_git(repo, Path(folder) / "merged", sizes.pages, sizes.new)
        _listing(repo)
        _change_main(repo, sizes.pages, sizes.commits)
        moved = _timed(lambda: queue(open_workspace(repo), QueueFilter(), time.time()))
        again = _timed(lambda: queue(open_workspace(repo), QueueFilter(), time.time()))
        print(f"list, main moved  {moved[0]:7.2f} s   again {again[0]:.2f} s")
        conflicts = _conflicts(repo)
        resolved = sum(
            i.standing.kind != "conflict" for i in again[1] if i.account.ref in conflicts
        )
        print(
            f"git's merge leaves {len(conflicts)} in conflict; records resolve {resolved} of them"
        )
        copy = Path(folder) / "copy"
        _git(repo, "clone", "--quiet", "--mirror", ".", str(copy))
        seconds, report = _timed(lambda: refresh(open_workspace(copy), None))
        counts = Counter(outcome.status for outcome in report.outcomes)
        rebase = _rebase(repo) * sizes.suggestions
        print(f"refresh --all     {seconds:7.2f} s   {dict(counts)}")
        print(f"git rebase, each  {rebase:7.2f} s   rebase/refresh {rebase / seconds:.1f}")


def _git(repo: Path, *arguments: str, data: str | None = None) -> str:
    command = ["git", "-C", str(repo), *arguments]
    done = subprocess.run(command, input=data, capture_output=True, encoding="utf-8", check=True)
    return done.stdout


def _timed(work: Callable[[], Result]) -> tuple[float, Result]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def _page(number: int, added: str = "") -> str:
    steps = "".join(f"{n}. 第 {number} 頁的第 {n} 步。\n" for n in range(1, 9))
    return f"# 第 {number} 頁\n\n開頭說明。{added}\n\n## 步驟\n\n{steps}\n## 清單\n\n- 甲\n- 乙\n"


def _make(repo: Path, pages: int, suggestions: int) -> None:
    (repo / "manuals/operation").mkdir(parents=True)
    (repo / "records/confirmations").mkdir(parents=True)
    _git(repo, "init", "--quiet", "--initial-branch=main")
    _git(repo, "config", "user.name", "bench")
    _git(repo, "config", "user.email", "bench@example.org")
    for number in range(pages):
        (repo / f"manuals/operation/p{number}.md").write_text(_page(number), "utf-8")
    for number in range(suggestions):
        text = _confirmation(number, number % max(1, suggestions // 2))
        (repo / f"records/confirmations/ENV-2026-{number + 1:04}.yaml").write_text(text, "utf-8")
    _git(repo, "add", "-A")
    _git(repo, "commit", "--quiet", "-m", "start")


def _confirmation(number: int, page: int) -> str:
    """Return a confirmation; two of them change one page, one a step, the other the list's end."""
    edit = f"{{action: replace-step, section: [步驟], step: 4, text: 新的第 {number} 步。}}"
    if number % 3 == 1:
        edit = f"{{action: append-to-section, section: [清單], text: '- 新的第 {number} 項'}}"
    if number % 3 == 2:
        edit = f"{{action: insert-step, section: [步驟], step: 4, text: 多的第 {number} 步。}}"
    return (
        f"schema: manualsmith/confirmation/v1\nid: ENV-2026-{number + 1:04}\ndate: 2026-11-20\n"
        "product: nextcloud\nreported: 不同\nenvironment: {}\nfindings:\n  - id: 1\n"
        f"    summary: 改第 {number} 處\n    manual: operation\n    page: p{page}.md\n"
        f"    reason: 不同\n    edit: {edit}\n"
    )


def _change_main(repo: Path, pages: int, commits: int) -> None:
    """Commit changes to main, each of some pages: a step before the fourth, an item at the end."""
    for commit in range(commits):
        for number in range(commit, pages, commits):
            text = _page(number, f"第 {commit} 次補充。")
            if number % 2:
                text = text.replace(f"3. 第 {number} 頁", f"3. 先看說明。\n4. 第 {number} 頁")
            text += f"- 第 {commit} 次加的\n"
            (repo / f"manuals/operation/p{number}.md").write_text(text, "utf-8")
        _git(repo, "commit", "--quiet", "-a", "-m", f"change {commit}")


def _merged_by_git(repo: Path, copy: Path, pages: int, commits: int) -> None:
    """Time finding the merges among new commits, and finding that nothing is new."""
    _git(repo, "clone", "--quiet", "--mirror", ".", str(copy))
    workspace = adopt(open_workspace(copy))
    before, refs = workspace.main.tip, list(suggestion_refs(workspace).values())
    merged = dict(zip(range(50, commits, 100), refs, strict=False))
    with BlobReader(workspace.repository) as reader, BranchWriter(workspace.repository) as writer:
        tip = before
        for number in range(commits):
            info = merged.get(number)
            parents = (tip, info.tip) if info else (tip,)
            tip = writer.add(_new_commit(workspace.repository, reader, number, pages, parents))
        after = writer.finish()[-1]
    update_refs(workspace.repository, [RefUpdate(workspace.main.ref, after, before)], "new")
    log, _ = _timed(lambda: _git(copy, "log", "--first-parent", "-m", "-p", f"{before}..main"))
    found, then = _timed(lambda: adopt(open_workspace(copy)))
    opened, _ = _timed(lambda: open_workspace(copy))
    nothing, _ = _timed(lambda: adopt(open_workspace(copy)))
    decided = len(_git(copy, "rev-list", f"{after}..{then.main.tip}").split())
    print(f"{commits} new commits, {len(merged)} merges by git, {decided} adopted")
    print(f"adopting          {found:7.2f} s   git log -p {log:.2f} s   ratio {found / log:.2f}")
    print(f"nothing new       {nothing - opened:7.4f} s")


def _new_commit(
    repository: Repository, reader: BlobReader, number: int, pages: int, parents: tuple[str, ...]
) -> NewCommit:
    """Return a commit that changes a page that nobody suggests for, or merges a suggestion."""
    who = Signature("reviewer", "reviewer@example.org", 1_800_000_000 + number, "+0800")
    if len(parents) > 1:
        tip = parents[1]
        names = [change.path for change in commit_changes(repository, [tip])[tip]]
        blobs = reader.get_many([f"{tip}:{name}" for name in names])
        files = [FileChange(n, b.data) for n, b in zip(names, blobs, strict=True) if b]
        return NewCommit(parents, f"Merge {tip}\n", who, who, tuple(files))
    page = pages - 1 - number % (pages // 2)
    text = _page(page, f"第 {number} 次。").encode()
    change = FileChange(f"manuals/operation/p{page}.md", text)
    return NewCommit(parents, f"change {number}\n", who, who, (change,))


def _listing(repo: Path) -> None:
    first, _ = _timed(lambda: queue(open_workspace(repo), QueueFilter(), time.time()))
    second, items = _timed(lambda: queue(open_workspace(repo), QueueFilter(), time.time()))
    plain, _ = _timed(lambda: _records(repo))
    print(f"{len(items)} open suggestions")
    ratios = f"list/git {first / plain:.1f}, again {second / plain:.1f}"
    print(f"review list       {first:7.2f} s   again {second:.2f} s")
    print(f"git's two calls   {plain:7.2f} s   {ratios}")


def _records(repo: Path) -> str:
    refs = _git(repo, "for-each-ref", "--format=%(refname)", "refs/heads/suggest/").split()
    names = "".join(f"{ref}:suggestions/operation/{ref.rpartition('/')[2]}.yaml\n" for ref in refs)
    return _git(repo, "cat-file", "--batch", data=names)


def _conflicts(repo: Path) -> set[str]:
    refs = _git(repo, "for-each-ref", "--format=%(refname)", "refs/heads/suggest/").split()
    merge = ["git", "-C", str(repo), "merge-tree", "--write-tree", "main"]
    return {ref for ref in refs if subprocess.run([*merge, ref], capture_output=True).returncode}


def _rebase(repo: Path) -> float:
    """Return how long ``git rebase`` takes for one branch, a conflict given up at once."""
    refs = _git(repo, "for-each-ref", "--format=%(refname:short)", "refs/heads/suggest/").split()
    start = time.perf_counter()
    for ref in refs[:REBASED]:
        command = ["git", "-C", str(repo), "rebase", "--quiet", "main", ref]
        if subprocess.run(command, capture_output=True).returncode:
            _git(repo, "rebase", "--abort")
    return (time.perf_counter() - start) / min(REBASED, len(refs))


if __name__ == "__main__":
    main()
