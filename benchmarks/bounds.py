"""Print what hostile pages cost: each input at three sizes, each twice the one before.

    python benchmarks/bounds.py

A time that grows by about two from size to size is proportional to the page; one that grows by
four would be quadratic. The last columns say what became of the edit.
"""

import time
from collections.abc import Callable
from typing import Any, NamedTuple

from manualsmith.markdown import TargetLost, apply

STEP = {"action": "replace-step", "step": 2, "text": "改"}


class Case(NamedTuple):
    """A page, an edit, and the page that the edit was made against, where one is given."""

    page: str
    edit: dict[str, Any]
    base: str | None = None


def main() -> None:
    """Time each input at three sizes and print the growth."""
    print(f"{'input':28} {'characters':>10}   seconds at 1, 2 and 4 times   growth  outcome")
    for name, make in INPUTS.items():
        times, size, outcome = [], 0, ""
        for factor in (1, 2, 4):
            case = make(factor)
            start = time.perf_counter()
            outcome = _outcome(case)
            times.append(time.perf_counter() - start)
            size = len(case.page)
        told = "".join(f"{seconds:9.3f}" for seconds in times)
        growth = (times[2] / times[0]) ** 0.5
        print(f"{name:28} {size:10} {told}   {growth:6.1f}  {outcome}", flush=True)


def _outcome(case: Case) -> str:
    try:
        apply(*case)
    except TargetLost as lost:
        return lost.reason
    return "made"


def _quote(exact: str, **more: str) -> dict[str, Any]:
    return {"action": "replace-text", "quote": {"exact": exact, **more}, "text": "新"}


def _lines(factor: int) -> str:
    return "\n".join(
        f"第 {number} 行的文字 word{number} 說明。" for number in range(45_000 * factor)
    )


def _one_line(factor: int) -> str:
    return _lines(factor).replace("\n", "")


def _drifted(text: str) -> str:
    return text.replace("第 77 行", "第 X 行")


def _headings(factor: int, title: str = "標題 {}") -> str:
    return "\n\n".join(
        f"## {title.format(n)}\n\n內容 {n}\n\n1. 步驟一\n2. 步驟二" for n in range(2_500 * factor)
    )


def _ideographs(factor: int) -> str:
    return "".join(chr(0x4E00 + (n * 7919) % 20_000) for n in range(25_000 * factor))


def _other(factor: int, marks: str) -> str:
    first, second = marks
    count = range(5_000 * factor)
    return "\n".join(f"{first}{n * 31 % 9973} {second}{n * 17 % 9973}" for n in count)


def _steps(factor: int, more: int = 0) -> str:
    return "".join(f"{n}. 步 {n + more}\n" for n in range(1, 2_500 * factor + 1))


WORDS = _quote("第 4000 行的文字")
GONE = _quote("完全沒有這句話而且很長很長")
INPUTS: dict[str, Callable[[int], Case]] = {
    "many lines": lambda n: Case(_lines(n), WORDS),
    "many lines, quote gone": lambda n: Case(_lines(n), GONE),
    "many lines, moved": lambda n: Case(_drifted(_lines(n)), WORDS, _lines(n)),
    "one line": lambda n: Case(_one_line(n), WORDS),
    "one line, quote gone": lambda n: Case(_one_line(n), GONE),
    "one line, drifted": lambda n: Case(_drifted(_one_line(n)), WORDS, _one_line(n)),
    "headings, to 10,000": lambda n: Case(
        _headings(n), {**STEP, "section": [f"標題 {2_500 * n - 3}"]}
    ),
    "headings, moved": lambda n: Case(
        _headings(n).replace("標題 5\n", "標題 改\n"),
        {**STEP, "section": [f"標題 {2_500 * n - 3}"]},
        _headings(n),
    ),
    "one heading again and again": lambda n: Case(
        _headings(n, "標題"), {**STEP, "section": ["標題"]}
    ),
    "a quote of 100 KB and more": lambda n: Case(
        f"甲\n\n{_ideographs(n)}\n", _quote(_ideographs(n))
    ),
    "the same, drifted": lambda n: Case(
        f"甲\n\n{_ideographs(n).replace('一', '換')}\n",
        _quote(_ideographs(n)),
        f"甲\n\n{_ideographs(n)}\n",
    ),
    "one letter": lambda n: Case("a" * 25_000 * n + "b\n", _quote("a" * 20_000 * n)),
    "two words again and again": lambda n: Case(
        "ab " * 25_000 * n + "\n", _quote("ab ab"), "ab " * 24_000 * n + "\n"
    ),
    "one line again and again": lambda n: Case(
        "a\n" * 25_000 * n + "b\n", _quote("a\na\n", suffix="b"), "a\n" * 24_000 * n + "b\n"
    ),
    "base of another page": lambda n: Case(
        _other(n, "丙丁"), _quote("甲2387 乙1309"), _other(n, "甲乙")
    ),
    "steps, to 10,000": lambda n: Case(
        _steps(n), {"action": "insert-step", "step": 2_000, "text": "新"}, _steps(n, 1)
    ),
    "rows": lambda n: Case(
        "| a | b |\n|---|---|\n" + "".join(f"| k{i} | v |\n" for i in range(5_000 * n)),
        {"action": "set-cell", "row": "k4000", "column": "b", "text": "改"},
    ),
    "open brackets": lambda n: Case("[" * 25_000 * n, _quote("[[[[")),
    "open emphasis": lambda n: Case("*a " * 12_500 * n, _quote("*a *a")),
    "quote marks": lambda n: Case(">" * 25_000 * n + " x", _quote("x")),
    "NUL": lambda n: Case("文\0字\n" * 5_000 * n + "尾\n", _quote("尾")),
    "20 MB": lambda n: Case("x" * 6_000_000 * n, _quote("y")),
}


if __name__ == "__main__":
    main()
