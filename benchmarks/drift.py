"""Replay real edits on pages that have changed since, beside the tools that people use for it.

    python benchmarks/drift.py REPOSITORY... [--limit 300] [--seed 1]

Each repository of Markdown is mined for cases (see mining.py). Every tool gets the same ones:
ours with the base, ``git merge-file``, GNU ``patch`` with fuzz 3, and a plain replace of a quote
that stands once. Printed for each: exactly right, refused, wrong; of the cases that must be
refused, a refusal is right.
"""

import argparse
import subprocess
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from difflib import unified_diff
from pathlib import Path

from mining import Case, mine

from manualsmith.markdown import TargetLost, apply

Tool = Callable[[Case, Path], str | None]


def main() -> None:
    """Mine, replay, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--limit", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    cases = [case for r in options.repositories for case in mine(r, options.limit, options.seed)]
    with tempfile.TemporaryDirectory() as folder:
        for name, tool in TOOLS.items():
            start = time.perf_counter()
            counts = _counts(cases, tool, Path(folder))
            seconds = time.perf_counter() - start
            print(f"{name}  ({1000 * seconds / max(1, len(cases)):.1f} ms a case)")
            for kind, count in sorted(counts.items()):
                total = sum(count.values())
                told = (f"{what} {count[what]:4} {count[what] / total:6.1%}" for what in WHAT)
                print(f"  {kind:10} {total:5}   {'   '.join(told)}")


WHAT = ("right", "refused", "wrong")


def _counts(cases: list[Case], tool: Tool, folder: Path) -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for case in cases:
        got = tool(case, folder)
        right = got == case.want
        counts[case.kind]["right" if right else "refused" if got is None else "wrong"] += 1
    return counts


def _ours(case: Case, _: Path) -> str | None:
    try:
        return apply(case.page, case.edit, case.base)
    except TargetLost:
        return None


def _edited(case: Case) -> str | None:
    """Return the base with the edit made, None where the quote is not told on the base itself."""
    try:
        return apply(case.base, case.edit)
    except TargetLost:
        return None


def _merge_file(case: Case, folder: Path) -> str | None:
    edited = _edited(case)
    if edited is None:
        return None
    texts = {"page": case.page, "base": case.base, "edited": edited}
    for name, text in texts.items():
        (folder / name).write_bytes(text.encode())
    command = ["git", "merge-file", "--stdout", *(str(folder / name) for name in texts)]
    done = subprocess.run(command, capture_output=True, check=False)
    got = done.stdout.decode("utf-8", "replace")
    return got if done.returncode == 0 and got != case.page else None


def _patch(case: Case, folder: Path) -> str | None:
    edited = _edited(case)
    if edited is None:
        return None
    old, new = case.base.splitlines(keepends=True), edited.splitlines(keepends=True)
    ended = (
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        for line in unified_diff(old, new, "page", "page")
    )
    (folder / "page").write_bytes(case.page.encode())
    command = ["patch", "--fuzz=3", "--forward", "--silent", "--reject-file=-", "page"]
    done = subprocess.run(
        command, input="".join(ended).encode(), cwd=folder, capture_output=True, check=False
    )
    got = (folder / "page").read_bytes().decode("utf-8", "replace")
    return got if done.returncode == 0 and got != case.page else None


def _replace(case: Case, _: Path) -> str | None:
    exact = case.edit["quote"]["exact"]
    return case.page.replace(exact, case.edit["text"]) if case.page.count(exact) == 1 else None


TOOLS: dict[str, Tool] = {
    "manualsmith": _ours,
    "git merge-file": _merge_file,
    "GNU patch, fuzz 3": _patch,
    "unique replace": _replace,
}


if __name__ == "__main__":
    main()
