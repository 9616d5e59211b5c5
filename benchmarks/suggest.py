"""The time of ``suggest --all`` beside a bare stream and beside checkouts, in one run.

    python benchmarks/suggest.py [--pages 2000] [--confirmations 500] [--rounds 3]

It makes a repository of pages and confirmations, then times, several times each and in turn:

* ``suggest``   manualsmith's own work, in a process of its own, start-up taken off
* ``stream``    the very same commits as one bare ``git fast-import`` stream and one ref transaction
* ``parse``     reading the pages that the suggestions touch: what no tool can do without
* ``again``     ``suggest`` once more, with nothing changed
* ``checkout``  the same branches by checkout, write, add and commit (of a part, scaled up)
"""

import argparse
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from manualsmith.git.blobs import BlobReader
from manualsmith.git.refs import RefUpdate, update_refs
from manualsmith.git.repository import Repository
from manualsmith.git.trees import list_tree
from manualsmith.markdown.reading.front_matter import read_entries
from manualsmith.markdown.reading.page import Page

CHECKED_OUT = 40
WORDS = tuple("登帳密伺同資檔分設連用通權版備還")


def main() -> None:
    """Make the repository, time the four, print the figures and their ratios."""
    arguments = _arguments()
    random.seed(1)
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "made"
        _make(made, arguments.pages, arguments.confirmations)
        figures: dict[str, list[float]] = {}
        for number in range(arguments.rounds):
            for name, seconds in _round(made, Path(folder) / f"round-{number}").items():
                figures.setdefault(name, []).append(seconds)
    _print(arguments, {name: statistics.median(values) for name, values in figures.items()})


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--confirmations", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


def _git(repository: Path, *arguments: str, data: bytes | None = None) -> bytes:
    command = ["git", "-C", str(repository), *arguments]
    return subprocess.run(command, input=data, check=True, stdout=subprocess.PIPE).stdout


def _make(repository: Path, pages: int, confirmations: int) -> None:
    for number in range(pages):
        manual = "operation" if number % 4 else "troubleshooting"
        path = repository / "manuals" / manual / f"area-{number % 40:02}" / f"page-{number:05}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_page(number), encoding="utf-8")
    folder = repository / "records" / "confirmations"
    folder.mkdir(parents=True)
    for number in range(confirmations):
        name = f"ENV-2026-{number + 1:04}"
        (folder / f"{name}.yaml").write_text(_confirmation(name, number, pages), encoding="utf-8")
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", str(repository)], check=True)
    _git(repository, "config", "user.name", "bench")
    _git(repository, "config", "user.email", "bench@example.org")
    _git(repository, "config", "gc.auto", "0")
    _git(repository, "add", "manuals")
    _git(repository, "commit", "--quiet", "-m", "pages")
    _git(repository, "repack", "-adq")


def _page(number: int) -> str:
    head = f"""---
title: 頁面 {number}
order: {number}
product: nextcloud
environment:
  software:
    app-{number % 500}.version: "3.{number % 500}"
---
# 頁面 {number}

這一頁適用於 3.{number % 500}，由 {number} 號模組負責。
"""
    sections = []
    for section in range(4):
        steps = "\n".join(
            f"{step}. {''.join(random.choices(WORDS, k=8))}。" for step in range(1, 8)
        )
        text = "。\n".join("".join(random.choices(WORDS, k=10)) for _ in range(3))
        sections.append(f"\n## 第 {section + 1} 節\n\n{text}。\n\n{steps}\n")
    return head + "".join(sections)


def _confirmation(name: str, number: int, pages: int) -> str:
    page = (number * 7 + 1) % pages
    page += page % 4 == 0
    path = f"area-{page % 40:02}/page-{page:05}.md"
    return f"""schema: manualsmith/confirmation/v1
id: {name}
date: 2026-11-20
product: nextcloud
staff: S-{number:04}
reported: 使用者反映第 {number} 件
environment:
  software:
    - {{fact: app-{number}.version, documented: "3.{number}", observed: "4.{number}"}}
findings:
  - id: 1
    summary: 第 {number} 件
    manual: operation
    page: {path}
    reason: 畫面不同
    edit:
      action: replace-step
      section: [第 2 節]
      step: 3
      text: 按「授權存取」{number}。
  - id: 2
    summary: 補充第 {number} 件
    manual: operation
    page: {path}
    reason: 少了一句
    edit:
      action: append-to-section
      section: [第 3 節]
      text: 另見第 {number} 件。
"""


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _round(made: Path, repository: Path) -> dict[str, float]:
    shutil.copytree(made, repository, symlinks=True)
    start_up = min(_timed(_start_up) for _ in range(3))
    figures = {"suggest": _timed(lambda: _manualsmith(repository, "suggest", "--all")) - start_up}
    branches = _git(repository, "for-each-ref", "--format=%(refname)", "refs/heads/suggest").split()
    figures["branches"] = len(branches)
    figures["again"] = max(
        1e-3, _timed(lambda: _manualsmith(repository, "suggest", "--all")) - start_up
    )
    figures["start-up"] = start_up
    figures["stream"] = _stream(repository, Path(f"{repository}-stream"), made)
    figures["parse"] = _parse(repository)
    figures["checkout"] = _checkout(repository, Path(f"{repository}-checkout"), made)
    return figures


def _start_up() -> None:
    code = "import manualsmith.cli, manualsmith.cli.output.show_outcomes"
    code += ", manualsmith.workflow.suggest.run"
    subprocess.run([sys.executable, "-c", code], check=True)


def _manualsmith(repository: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "manualsmith", "-C", str(repository), *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _stream(repository: Path, target: Path, made: Path) -> float:
    """Time what git itself takes for the same commits; the stream is made beforehand."""
    shutil.copytree(made, target, symlinks=True)
    tips = _git(
        repository, "for-each-ref", "--format=%(objectname) %(refname)", "refs/heads/suggest"
    )
    main = _git(repository, "rev-parse", "main").decode().strip()
    parts, updates = [], []
    with BlobReader(Repository.open(repository)) as reader:
        for mark, line in enumerate(tips.decode().splitlines(), 1):
            tip, ref = line.split()
            parts.append(_commit(reader, repository, tip, main, mark))
            updates.append(RefUpdate(ref, tip, None))
    data = b"".join(parts) + b"reset refs/x\nfrom 0000000000000000000000000000000000000000\ndone\n"
    store = Repository.open(target)

    def work() -> None:
        _git(target, "fast-import", "--quiet", "--done", "--date-format=raw", data=data)
        update_refs(store, updates, "bench")

    seconds = _timed(work)
    shutil.rmtree(target)
    return seconds


def _commit(reader: BlobReader, repository: Path, tip: str, main: str, mark: int) -> bytes:
    commit = reader.get(tip)
    assert commit
    head, _, message = commit.data.partition(b"\n\n")
    people = b"\n".join(
        line for line in head.split(b"\n") if line.startswith((b"author", b"committer"))
    )
    lines = [
        b"commit refs/x\nmark :%d\n%s\ndata %d\n%s\nfrom %s\n"
        % (mark, people, len(message), message, main.encode())
    ]
    changed = _git(repository, "diff-tree", "-r", "-z", "--name-only", "--no-commit-id", tip)
    for path in changed.decode().split("\0")[:-1]:
        blob = reader.get(f"{tip}:{path}")
        assert blob
        lines.append(
            b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(blob.data), blob.data)
        )
    return b"".join(lines) + b"\n"


def _parse(repository: Path) -> float:
    """Time reading every page's front matter, and each edited page before and after its edit."""
    store = Repository.open(repository)
    changed = _git(
        repository,
        "log",
        "--no-walk",
        "--raw",
        "--no-abbrev",
        "--format=",
        "--glob=refs/heads/suggest",
        "--",
        "manuals",
    )
    blobs = [oid for line in changed.decode().splitlines() for oid in line.split()[2:4]]

    def work() -> None:
        with BlobReader(store) as reader:
            pages = [entry.oid for entry in list_tree(store, "main", "manuals")]
            for blob in reader.get_many(pages):
                read_entries(blob.data.decode() if blob else "")
            for blob in reader.get_many(blobs):
                assert Page(blob.data.decode() if blob else "").tokens()

    return _timed(work)


def _checkout(repository: Path, target: Path, made: Path) -> float:
    """Time checkout, write, add and commit of some branches, and scale it to all of them."""
    shutil.copytree(made, target, symlinks=True)
    refs = (
        _git(repository, "for-each-ref", "--format=%(refname:short)", "refs/heads/suggest")
        .decode()
        .split()
    )
    chosen = refs[:: max(1, len(refs) // CHECKED_OUT)][:CHECKED_OUT]
    work = []
    for ref in chosen:
        changed = _git(repository, "diff-tree", "-r", "-z", "--name-only", "--no-commit-id", ref)
        paths = changed.decode().split("\0")[:-1]
        work.append(
            (ref, {path: _git(repository, "cat-file", "blob", f"{ref}:{path}") for path in paths})
        )
    seconds = _timed(lambda: [_check_out_and_commit(target, ref, files) for ref, files in work])
    shutil.rmtree(target)
    return seconds / len(chosen) * len(refs)


def _check_out_and_commit(target: Path, ref: str, files: dict[str, bytes]) -> None:
    _git(target, "checkout", "--quiet", "--force", "-b", ref, "main")
    for path, data in files.items():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_bytes(data)
    _git(target, "add", "--", *files)
    _git(target, "commit", "--quiet", "-m", ref)


def _print(arguments: argparse.Namespace, figures: dict[str, float]) -> None:
    branches = int(figures.pop("branches"))
    print(
        f"{arguments.pages} pages, {arguments.confirmations} confirmations, {branches} branches,"
        f" median of {arguments.rounds}"
    )
    for name, seconds in figures.items():
        print(f"  {name:9} {seconds:8.2f} s  {1000 * seconds / branches:7.2f} ms a branch")
    stream = figures["suggest"] / figures["stream"]
    print(f"  suggest / stream    {stream:6.2f}   wanted: at most 2.5")
    checkout = figures["checkout"] / figures["suggest"]
    print(f"  checkout / suggest  {checkout:6.1f}   wanted: at least 15")
    again = figures["again"] / figures["suggest"]
    print(f"  again / suggest     {again:6.3f}   wanted: at most 0.1")


if __name__ == "__main__":
    main()
