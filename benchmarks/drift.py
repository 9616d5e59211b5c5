"""Replay real edits on pages that have changed since, beside the tools that people use for it.

    python benchmarks/drift.py REPOSITORY... [--generated] [--limit 300] [--seed 1]

Each repository of Markdown is mined for cases (see mining.py); with --generated so is one that is
made for it (see generating.py). Every tool gets the same ones: ours with the base, ``git apply``,
``git apply -3``, ``git merge-file``, GNU ``patch`` with fuzz 3, diff-match-patch where it is
installed, and a plain replace of a quote that stands once. Printed for each: exactly right,
refused, wrong; of the cases that must be refused, a refusal is right.
"""

import argparse
import re
import subprocess
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

from generating import generate
from mining import Case, mine

from manualsmith.markdown import TargetLost, apply

try:
    from diff_match_patch import diff_match_patch
except ImportError:  # a peer, not a dependency: pip install diff-match-patch
    diff_match_patch = None

GENERATED_COMMITS = 8_000

Tool = Callable[[Case, Path], str | None]


def main() -> None:
    """Mine, replay, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repositories", nargs="*", type=Path)
    parser.add_argument("--generated", action="store_true", help="mine a made repository as well")
    parser.add_argument("--limit", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if not options.repositories and not options.generated:
        parser.error("name a repository, or give --generated")
    with tempfile.TemporaryDirectory() as folder:
        repositories = list(options.repositories)
        if options.generated:
            made = Path(folder) / "generated"
            repositories.append(generate(made, GENERATED_COMMITS, options.seed))
        found = (mine(repository, options.limit, options.seed) for repository in repositories)
        cases = [case for mined in found for case in mined]
        print(f"{len(cases)} cases of {len(repositories)} repositories")
        scratch = Path(folder) / "scratch"
        subprocess.run(["git", "init", "--quiet", str(scratch)], check=True)
        for name, tool in TOOLS.items():
            start = time.perf_counter()
            counts = _counts(cases, tool, scratch)
            seconds = time.perf_counter() - start
            print(f"{name}  ({1000 * seconds / max(1, len(cases)):.1f} ms a case)")
            for kind, count in sorted(counts.items()):
                total = sum(count.values())
                told = (f"{what} {count[what]:4} {count[what] / total:6.1%}" for what in WHAT)
                print(f"  {kind:10} {total:5}   {'   '.join(told)}")


# What keeps the id of a heading that is renamed: the author, who did not, wrote the rest.
_KEPT_ID = re.compile(r" \{#[^}]+\}(?=[ #]*$)")
WHAT = ("right", "refused", "wrong")


def _counts(cases: list[Case], tool: Tool, folder: Path) -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for case in cases:
        got = tool(case, folder)
        right = got == case.want or _with_ids(got, case.want)
        counts[case.kind]["right" if right else "refused" if got is None else "wrong"] += 1
    return counts


def _with_ids(got: str | None, want: str | None) -> bool:
    """Return whether *got* is what was wanted but for ids that headings keep."""
    if got is None or want is None:
        return False
    lines = list(zip(got.split("\n"), want.split("\n"), strict=False))
    same = all(
        g == w or (w.startswith("#") and _KEPT_ID.sub("", g, count=1) == w) for g, w in lines
    )
    return same and got.count("\n") == want.count("\n")


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


def _diff(case: Case, folder: Path) -> str | None:
    """Return the edit as GNU diff's unified diff of the base, None where it is not told there."""
    edited = _edited(case)
    if edited is None:
        return None
    for name, text in {"base": case.base, "edited": edited}.items():
        (folder / name).write_bytes(text.encode())
    command = ["diff", "-u", "--label", "a/page", "--label", "b/page", "base", "edited"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    return done.stdout.decode()


def _patched(case: Case, folder: Path, diff: str | None, command: list[str]) -> str | None:
    """Return the page after *command*, None where it refused."""
    if diff is None:
        return None
    (folder / "page").write_bytes(case.page.encode())
    done = subprocess.run(
        command, input=diff.encode(), cwd=folder, capture_output=True, check=False
    )
    got = (folder / "page").read_bytes().decode("utf-8", "replace")
    return got if done.returncode == 0 and got != case.page else None


def _patch(case: Case, folder: Path) -> str | None:
    command = ["patch", "--fuzz=3", "--forward", "--silent", "--reject-file=-", "page"]
    return _patched(case, folder, _diff(case, folder), command)


def _git_apply(case: Case, folder: Path) -> str | None:
    return _patched(case, folder, _diff(case, folder), ["git", "apply", "--whitespace=nowarn"])


def _git_apply_3way(case: Case, folder: Path) -> str | None:
    """Give git the base's blob, the page in the index, and the diff that names both."""
    diff, edited = _diff(case, folder), _edited(case)
    if diff is None or edited is None:
        return None
    base = _git(folder, "hash-object", "-w", "--stdin", data=case.base)
    new = _git(folder, "hash-object", "-w", "--stdin", data=edited)
    head = f"diff --git a/page b/page\nindex {base}..{new} 100644\n"
    command = "git update-index --add page && git apply -3 --whitespace=nowarn"
    got = _patched(case, folder, head + diff, ["sh", "-c", command])
    _git(folder, "read-tree", "--empty")
    return got


def _git(folder: Path, *arguments: str, data: str = "") -> str:
    command = ["git", "-C", str(folder), *arguments]
    done = subprocess.run(command, input=data.encode(), capture_output=True, check=True)
    return done.stdout.decode().strip()


def _diff_match_patch(case: Case, _: Path) -> str | None:
    edited = _edited(case)
    if edited is None:
        return None
    tool = diff_match_patch()
    got, applied = tool.patch_apply(tool.patch_make(case.base, edited), case.page)
    return got if all(applied) and got != case.page else None


def _replace(case: Case, _: Path) -> str | None:
    exact = case.edit["quote"]["exact"]
    return case.page.replace(exact, case.edit["text"]) if case.page.count(exact) == 1 else None


TOOLS: dict[str, Tool] = {
    "manualsmith": _ours,
    "git apply": _git_apply,
    "git apply -3": _git_apply_3way,
    "git merge-file": _merge_file,
    "GNU patch, fuzz 3": _patch,
    "unique replace": _replace,
}
if diff_match_patch:
    TOOLS["diff-match-patch"] = _diff_match_patch


if __name__ == "__main__":
    main()
