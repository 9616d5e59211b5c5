"""Print what suggesting and reviewing cost against the size of the manual and of the queue.

    python benchmarks/scale.py [--pages 500 5000 50000] [--suggestions 10 100 1000]

For each number of pages (with 100 suggestions) and each number of suggestions (with 5,000 pages):
``suggest --all`` for the first time, again with nothing changed, after a commit to one page, and
with one more confirmation; ``review list`` for the first time, again, and after a commit. Seconds,
start-up taken off; the peak memory of the largest process in MB. Half of the confirmations report a
fact, half a step, so both ways through the index are taken.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

USUAL_PAGES, USUAL_SUGGESTIONS = 5_000, 100
AREA = 100
COLUMNS = ("first", "again", "1 page", "1 more", "list", "again", "1 page")


def main() -> None:
    """Measure each size once and print a table, and the ratios that count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, nargs="+", default=[500, 5_000, 50_000])
    parser.add_argument("--suggestions", type=int, nargs="+", default=[10, 100, 1000])
    sizes = parser.parse_args()
    print(f"{'pages':>7} {'queue':>6} " + "".join(f"{name:>8}" for name in COLUMNS) + "      MB")
    by_pages = {pages: _measured(pages, USUAL_SUGGESTIONS) for pages in sizes.pages}
    by_queue = {count: _measured(USUAL_PAGES, count) for count in sizes.suggestions}
    few, many = by_pages[min(by_pages)], by_pages[max(by_pages)]
    print(f"again, {max(by_pages):,} pages to {min(by_pages):,}: {many[1] / few[1]:.2f}")
    print(f"list again, the same: {many[5] / few[5]:.2f}")
    low, high = min(by_queue), max(by_queue)
    each = (by_queue[high][0] - by_queue[low][0]) / (high - low)
    print(f"suggest: {1000 * each:.2f} ms for each further suggestion")


def _measured(pages: int, suggestions: int) -> list[float]:
    with tempfile.TemporaryDirectory() as folder:
        repository = Path(folder)
        _make(repository, pages, suggestions)
        suggest, listing = ("suggest", "--all"), ("review", "list")
        runs = [_run(repository, *suggest), _least(repository, *suggest)]
        _change_a_page(repository, pages)
        runs.append(_run(repository, *suggest))
        _confirm(repository, suggestions + 1, pages - 3)
        runs.append(_run(repository, *suggest))
        runs.append(_run(repository, *listing))
        runs.append(_least(repository, *listing))
        _change_a_page(repository, pages)
        runs.append(_run(repository, *listing))
    start_up = [_start_up("suggest")] * 4 + [_start_up("listing", "cli.queue")] * 3
    seconds = [max(1e-3, run[0] - own) for run, own in zip(runs, start_up, strict=True)]
    told = "".join(f"{value:8.2f}" for value in seconds)
    print(f"{pages:7} {suggestions:6} {told} {max(memory for _, memory in runs):7.0f}", flush=True)
    return seconds


def _least(repository: Path, *arguments: str) -> tuple[float, float]:
    return min(_run(repository, *arguments) for _ in range(5))


def _start_up(workflow: str, view: str = "cli.report") -> float:
    """Return what an interpreter takes to import what a command runs."""
    modules = ("cli", view, f"workflow.{workflow}")
    code = "; ".join(f"import manualsmith.{module}" for module in modules)
    times = []
    for _ in range(5):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        times.append(time.perf_counter() - started)
    return min(times)


def _run(repository: Path, *arguments: str) -> tuple[float, float]:
    """Run manualsmith; return its seconds and its peak memory in MB, its git processes included."""
    command = [sys.executable, "-m", "manualsmith", "-C", str(repository), *arguments]
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(arguments)}: exit code {process.returncode}")
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def _git(repository: Path, *arguments: str, data: bytes | None = None) -> None:
    subprocess.run(["git", "-C", str(repository), *arguments], input=data, check=True)


def _path(number: int) -> str:
    return f"area-{number // AREA:03}/page-{number:05}.md"


def _make(repository: Path, pages: int, suggestions: int) -> None:
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", str(repository)], check=True)
    for key, value in (("user.name", "bench"), ("user.email", "bench@example.org")):
        _git(repository, "config", key, value)
    _git(repository, "fast-import", "--quiet", data=b"".join(_stream(pages)))
    folder = repository / "records" / "confirmations"
    folder.mkdir(parents=True)
    for number in range(suggestions):
        _confirm(repository, number, number * (pages // suggestions) % pages)


def _confirm(repository: Path, number: int, page: int) -> None:
    name = f"ENV-2026-{number + 1:04}"
    text = _confirmation(name, number, page, fact=bool(number % 2))
    (repository / f"records/confirmations/{name}.yaml").write_text(text, encoding="utf-8")


def _stream(pages: int) -> Iterator[bytes]:
    yield b"commit refs/heads/main\ncommitter bench <bench@example.org> 1800000000 +0800\n"
    yield b"data 5\npages"
    for number in range(pages):
        data = _page(number).encode()
        path = f"manuals/operation/{_path(number)}".encode()
        yield b"\nM 100644 inline %s\ndata %d\n%s" % (path, len(data), data)
    yield b"\n"


def _change_a_page(repository: Path, pages: int) -> None:
    """Commit a change to a page that no suggestion edits, without a checkout."""
    number = pages - 1
    data = (_page(number) + f"\n現在是 {time.time_ns()}。\n").encode()
    path = f"manuals/operation/{_path(number)}".encode()
    head = b"commit refs/heads/main\ncommitter bench <bench@example.org> 1800000001 +0800\n"
    head += b"data 4\nonce\nfrom refs/heads/main^0\n"
    stream = head + b"M 100644 inline %s\ndata %d\n%s\n" % (path, len(data), data)
    _git(repository, "fast-import", "--quiet", data=stream)


def _page(number: int) -> str:
    steps = "\n".join(f"{step}. 在第 {number} 頁按「下一步 {step}」。" for step in range(1, 8))
    return f"""---
title: 頁面 {number}
product: nextcloud
environment:
  software:
    app-{number}.version: "3.{number}"
---
# 頁面 {number}

這一頁適用於 3.{number}，由 {number} 號模組負責，登入後會看到首頁。

## 安裝

{steps}

## 設定

{steps}

## 常見的情形

畫面和這裡不同時，先確認版本，再回報 {number} 號模組的窗口。
"""


def _confirmation(name: str, number: int, page: int, *, fact: bool) -> str:
    line = f'{{fact: app-{page}.version, documented: "3.{page}", observed: "4.{page}"}}'
    finding = f"""  - id: 1
    summary: 第 {number} 件
    manual: operation
    page: {_path(page)}
    reason: 畫面不同
    edit:
      action: replace-step
      section: [設定]
      step: 3
      text: 按「授權存取」{number}。
"""
    software = f"\n    - {line}\n" if fact else " []\n"
    findings = " []\n" if fact else f"\n{finding}"
    return f"""schema: manualsmith/confirmation/v1
id: {name}
date: 2026-11-20
product: nextcloud
reported: 使用者反映第 {number} 件
environment:
  software:{software}findings:{findings}"""


if __name__ == "__main__":
    main()
