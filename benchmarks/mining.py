"""Mine the history of a repository of Markdown for edits that can be replayed on other revisions.

A case is a page as it was when somebody made an edit (``base``), the edit, the page as it is when
it is to be applied (``page``), and what the author really wrote (``want``; None where the edit must
be refused). Kinds:

plain      the quoted lines stand in both revisions as they were; other lines have changed
twice      the same, and the quoted lines stand more than once in one of the revisions
line       the quoted line itself has changed elsewhere: other words of it
competing  the same words were changed otherwise since
later      the edit was made, and its words were rewritten after that
removed    the quoted lines are gone; in half of the cases the same words still stand elsewhere
already    the edit has been made

Left out, as nobody could say what is right: lines of blanks or marks alone, edits of white space
alone, and pages in which the hunk's place is not told by the lines around it.
"""

import random
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from pathlib import Path
from typing import Any

HUNK_LINES = 8
MAX_BYTES = 200_000
BACK = 40
_TOKEN = re.compile(r"[0-9A-Za-z_]+|\s+|.", re.DOTALL)
_WORDY = re.compile(r"\w", re.UNICODE)


@dataclass(frozen=True)
class Case:
    """One edit to replay; *want* None: it must be refused."""

    kind: str
    base: str
    page: str
    edit: dict[str, Any]
    want: str | None
    source: str = ""


@dataclass(frozen=True)
class Hunk:
    """Lines ``[start, end)`` of the old page, and the lines that take their place."""

    start: int
    end: int
    lines: tuple[str, ...]


class History:
    """The versions of each Markdown page of a repository, oldest first."""

    def __init__(self, repository: Path, commits: int) -> None:
        self.repository = repository
        self.versions: dict[str, list[str]] = defaultdict(list)
        command = ["log", "--first-parent", "-m", "--raw", "--no-abbrev", "--no-renames"]
        command += [f"--max-count={commits}", "--format=", "--", "*.md"]
        for line in self._git(*command).splitlines():
            meta, _, path = line.partition("\t")
            fields = meta.split(" ")
            if fields[-1] in ("M", "A"):
                self.versions[path].append(fields[3])
        for blobs in self.versions.values():
            blobs.reverse()
        command = ["git", "-C", str(repository), "cat-file", "--batch"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def _git(self, *arguments: str) -> str:
        command = ["git", "-c", "core.quotePath=false", "-C", str(self.repository), *arguments]
        done = subprocess.run(command, capture_output=True, check=True)
        return done.stdout.decode("utf-8", "replace")

    def text(self, blob: str) -> str | None:
        """Return a version's text, None where it is too large or no UTF-8."""
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise RuntimeError("git has no pipes")
        stdin.write(f"{blob}\n".encode())
        stdin.flush()
        header = stdout.readline().split()
        if len(header) != 3:
            return None
        data = stdout.read(int(header[2]) + 1)[:-1]
        try:
            return data.decode("utf-8") if len(data) <= MAX_BYTES else None
        except UnicodeDecodeError:
            return None

    def close(self) -> None:
        """End git."""
        self._process.kill()


def mine(repository: Path, limit: int, seed: int, commits: int = 6000) -> Iterator[Case]:
    """Yield up to *limit* cases of a repository, of each kind as many as there are."""
    chance = random.Random(seed)
    history = History(repository, commits)
    paths = [path for path, blobs in history.versions.items() if len(blobs) > 2]
    chance.shuffle(paths)
    counts: dict[str, int] = defaultdict(int)
    room = {"plain": limit * 4 // 10, "twice": limit // 10}
    try:
        for _ in range(limit * 30):
            if not paths or sum(counts.values()) >= limit:
                return
            path = chance.choice(paths)
            for case in _of_page(history, path, chance):
                if counts[case.kind] < room.get(case.kind, limit // 10):
                    counts[case.kind] += 1
                    yield case
    finally:
        history.close()


def _of_page(history: History, path: str, chance: random.Random) -> Iterator[Case]:
    blobs = history.versions[path]
    now = chance.randrange(1, len(blobs) - 1)
    page, after = history.text(blobs[now]), history.text(blobs[now + 1])
    before = chance.randrange(max(0, now - BACK), now)
    base = history.text(blobs[before])
    if page is None or after is None or base is None or base == page:
        return
    found = [hunk for hunk in hunks(page, after) if _telling(page, hunk)]
    if not found:
        return
    hunk = chance.choice(found)
    source = f"{history.repository.parent.name}:{path}@{blobs[before][:8]}..{blobs[now][:8]}"
    yield from _plain(base, page, hunk, chance, source)
    yield from _line(base, page, hunk, chance, source)
    later = history.text(blobs[chance.randrange(now + 1, min(len(blobs), now + BACK))])
    if later is not None:
        yield from _refusals(base, page, after, later, hunk, chance, source)


def hunks(old: str, new: str) -> list[Hunk]:
    """Return the places where two texts differ, up to eight lines each."""
    first, second = old.splitlines(keepends=True), new.splitlines(keepends=True)
    found = []
    for kind, i, j, k, m in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if kind != "equal" and 1 <= j - i <= HUNK_LINES and m - k <= HUNK_LINES:
            found.append(Hunk(i, j, tuple(second[k:m])))
    return found


def _telling(page: str, hunk: Hunk) -> bool:
    old = "".join(page.splitlines(keepends=True)[hunk.start : hunk.end])
    new = "".join(hunk.lines)
    return len(_WORDY.findall(old)) >= 8 and "".join(old.split()) != "".join(new.split())


def made(page: str, hunk: Hunk) -> str:
    """Return the page with one hunk applied."""
    lines = page.splitlines(keepends=True)
    return "".join([*lines[: hunk.start], *hunk.lines, *lines[hunk.end :]])


def _aligned(base: str, page: str, start: int, end: int) -> int | None:
    """Return the line of *base* at which the page's lines ``[start, end)`` stand, if they do."""
    first, second = base.splitlines(keepends=True), page.splitlines(keepends=True)
    for block in SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks():
        if block.b <= start and end <= block.b + block.size:
            at = block.a + start - block.b
            return at if _neighbours(block, start, end, first) else None
    return None


def _neighbours(block: Match, start: int, end: int, lines: Sequence[str]) -> bool:
    """Return whether a wordy line beside the hunk, or the hunk itself, tells which copy it is."""
    near = lines[block.a : block.a + block.size]
    inside = lines[block.a + start - block.b : block.a + end - block.b]
    once = [line for line in near if len(_WORDY.findall(line)) >= 8 and lines.count(line) == 1]
    return bool(once) or any(lines.count(line) == 1 for line in inside)


def edit_of(base: str, start: int, end: int, text: str, chance: random.Random) -> dict[str, Any]:
    """Return the edit that replaces the base's lines ``[start, end)``, as records hold it."""
    lines = base.splitlines(keepends=True)
    exact = "".join(lines[start:end])
    context = chance.choice([0, 1, 3])
    if context:
        prefix = "".join(lines[max(0, start - context) : start])
        suffix = "".join(lines[end : end + context])
    else:
        prefix = "".join(lines[:start])[-32:]
        suffix = "".join(lines[end:])[:32]
    if exact.endswith("\n") and text.endswith("\n") and chance.random() < 0.5:
        exact, text, suffix = exact[:-1], text[:-1], "\n" + suffix
    edit: dict[str, Any] = {
        "action": "replace-text",
        "quote": {"exact": exact, "prefix": prefix, "suffix": suffix},
        "text": text,
    }
    section = _section(lines, start)
    if section and chance.random() < 0.7:
        edit["section"] = section
    return edit


def _section(lines: Sequence[str], start: int) -> list[str]:
    """Return the heading that line *start* stands under, as a path of one."""
    fenced = False
    found: list[str] = []
    for line in lines[: start + 1]:
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        match = re.match(r"#{1,6}[ \t]+(.*?)[ \t#]*$", line)
        if match and not fenced and line is not lines[start]:
            title = re.sub(r"\{[^}]*\}$", "", match[1]).strip()
            found = [title] if title and not re.search(r"[`*_\[<&\\]", title) else []
    return found


def _plain(base: str, page: str, hunk: Hunk, chance: random.Random, source: str) -> Iterator[Case]:
    at = _aligned(base, page, hunk.start, hunk.end)
    if at is None:
        return
    size = hunk.end - hunk.start
    edit = edit_of(base, at, at + size, "".join(hunk.lines), chance)
    exact = edit["quote"]["exact"]
    twice = base.count(exact) > 1 or page.count(exact) > 1
    yield Case("twice" if twice else "plain", base, page, edit, made(page, hunk), source)


def tokens(text: str) -> list[str]:
    """Return a text in words, runs of white space and single other characters."""
    return _TOKEN.findall(text)


def changes(old: str, new: str) -> list[tuple[int, int, str]]:
    """Return the word-level changes of one text to another: ``(start, end, new text)``."""
    first, second = tokens(old), tokens(new)
    starts = [0]
    for token in first:
        starts.append(starts[-1] + len(token))
    return [
        (starts[i], starts[j], "".join(second[k:m]))
        for kind, i, j, k, m in SequenceMatcher(None, first, second, autojunk=False).get_opcodes()
        if kind != "equal"
    ]


def merged(old: str, first: str, second: str) -> str | None:
    """Return *old* with the changes of both, None where they do not keep clear of each other."""
    mine, theirs = changes(old, first), changes(old, second)
    for start, end, _ in mine:
        for other, stop, _ in theirs:
            between = old[stop:start] if stop <= start else old[end:other]
            if (start < stop and other < end) or not _WORDY.search(between):
                return None
    text, at = "", 0
    for start, end, new in sorted([*mine, *theirs]):
        text += old[at:start] + new
        at = end
    return text + old[at:]


def similar(first: str, second: str) -> float:
    """Return how alike two lines are, 0 to 1, by words."""
    return SequenceMatcher(None, tokens(first), tokens(second), autojunk=False).ratio()


def _counterpart(base: str, page: str, line: int) -> int | None:
    """Return the base's line that the page's *line* was made of, where both stand alone changed."""
    first, second = base.splitlines(keepends=True), page.splitlines(keepends=True)
    for kind, i, j, k, m in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if kind == "replace" and k <= line < m and j - i == m - k:
            at = i + line - k
            return at if similar(first[at], second[line]) >= 0.6 else None
    return None


def _line(base: str, page: str, hunk: Hunk, chance: random.Random, source: str) -> Iterator[Case]:
    if hunk.end - hunk.start != 1 or len(hunk.lines) != 1:
        return
    now = page.splitlines(keepends=True)[hunk.start]
    at = _counterpart(base, page, hunk.start)
    if at is None or similar(now, hunk.lines[0]) < 0.6:
        return
    then = base.splitlines(keepends=True)[at]
    # what the author did to the line as it was later, done to the line as it was then
    proposed = merged(now, then, hunk.lines[0])
    if proposed is None or proposed == then or merged(then, now, proposed) != hunk.lines[0]:
        return
    edit = edit_of(base, at, at + 1, proposed, chance)
    yield Case("line", base, page, edit, made(page, hunk), source)


def _refusals(
    base: str, page: str, after: str, later: str, hunk: Hunk, chance: random.Random, source: str
) -> Iterator[Case]:
    at = _aligned(base, page, hunk.start, hunk.end)
    if at is None:
        return
    size = hunk.end - hunk.start
    text = "".join(hunk.lines)
    edit = edit_of(base, at, at + size, text, chance)
    exact = edit["quote"]["exact"]
    if hunk.lines and len(_WORDY.findall(text)) >= 8 and exact not in after:
        yield Case("already", base, after, edit, None, source)
        if edit["text"] in later and exact not in later and later != after:
            yield Case("already", base, later, edit, None, source)
    yield from _rewritten(base, after, later, hunk, edit, source)
    yield from _competing(base, page, after, at, hunk, chance, source)
    yield from _removed(base, page, hunk, edit, chance, source)


def _rewritten(
    base: str, after: str, later: str, hunk: Hunk, edit: dict[str, Any], source: str
) -> Iterator[Case]:
    """Yield an edit whose words were rewritten again: its line is neither old nor new there."""
    if hunk.end - hunk.start != 1 or len(hunk.lines) != 1 or later == after:
        return
    line = after.splitlines(keepends=True).index(hunk.lines[0])
    at = _counterpart(later, after, line)
    if at is None:
        return
    last = later.splitlines(keepends=True)[at]
    old = edit["quote"]["exact"].rstrip("\n")
    if merged(old, hunk.lines[0].rstrip("\n"), last.rstrip("\n")) is None and not _holds(
        old, hunk.lines[0].rstrip("\n"), last.rstrip("\n")
    ):
        yield Case("later", base, later, edit, None, source)


def _holds(old: str, new: str, last: str) -> bool:
    """Return whether all that an edit wrote still stands, or all that it took out came back."""
    mine = set(changes(old, new))
    return mine <= set(changes(old, last)) or not any(
        (start < stop and other < end) or (start, end) == (other, stop)
        for start, end, _ in mine
        for other, stop, _ in changes(old, last)
    )


def _competing(
    base: str, page: str, after: str, at: int, hunk: Hunk, chance: random.Random, source: str
) -> Iterator[Case]:
    """Yield an edit of the words that the author changed, on the page that the author made."""
    if hunk.end - hunk.start != 1 or len(hunk.lines) != 1:
        return
    then = base.splitlines(keepends=True)[at]
    wordy = [(s, e, n) for s, e, n in changes(then, hunk.lines[0]) if _WORDY.search(then[s:e])]
    if not wordy or then in after or similar(then, hunk.lines[0]) < 0.5:
        return
    start, end, _ = chance.choice(wordy)
    other = then[:start] + "另一種寫法" + then[end:]
    yield Case("competing", base, after, edit_of(base, at, at + 1, other, chance), None, source)


def _removed(
    base: str, page: str, hunk: Hunk, edit: dict[str, Any], chance: random.Random, source: str
) -> Iterator[Case]:
    """Yield an edit whose lines are gone; in half of the cases they stand elsewhere as well."""
    lines = page.splitlines(keepends=True)
    target = lines[hunk.start : hunk.end]
    gone = [*lines[: hunk.start], *lines[hunk.end :]]
    if "".join(target) in "".join(gone):
        return
    if chance.random() < 0.5:
        yield Case("removed", base, "".join(gone), edit, None, source)
        return
    copied = [*lines[max(0, hunk.start - 1) : hunk.end + 1]]
    if not copied[-1].endswith("\n"):
        return
    tail = ["\n", "## 另一節\n", "\n", *copied]
    both = base if base.endswith("\n") else base + "\n"
    left = gone if not gone or gone[-1].endswith("\n") else [*gone[:-1], gone[-1] + "\n"]
    yield Case("removed", both + "".join(tail), "".join([*left, *tail]), edit, None, source)
