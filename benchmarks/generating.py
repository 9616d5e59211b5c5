"""Make a repository of Markdown whose pages drift, so that edits can be replayed without any other.

Each commit does one thing to one page, as people do: words of a line are changed, a paragraph is
wrapped anew, a section is renamed, moved or added, steps are put in or taken out, a line is copied
to another section, a table gets a row. Half of the pages are in Chinese, which has no spaces.
"""

import random
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

PAGES = 60
CHINESE = """
開啟 網頁 輸入 帳號 密碼 按下 登入 畫面 出現 訊息 設定 選單 選擇 檔案 上傳 下載 分享 連結
複製 貼上 通知 信箱 驗證 裝置 手機 電腦 版本 更新 備份 還原 權限 群組 管理員 伺服器 連線
逾時 重試 關閉 儲存 取消 確認 資料夾 空間 不足 同步 衝突 刪除 救回 搜尋 標籤 行事曆 聯絡人
"""
ENGLISH = """
open the page enter your account password press sign in screen shows a message settings menu
choose file upload download share link copy paste notice mailbox verify device phone computer
version update backup restore permission group administrator server connection timeout retry
close save cancel confirm folder space sync conflict delete recover search label calendar
"""

Page = list[str]
Drift = Callable[[Page, "Writer"], None]


class Writer:
    """Writes in one of two languages, and keeps to it."""

    def __init__(self, chance: random.Random, *, chinese: bool) -> None:
        self.chance = chance
        self.chinese = chinese
        self.known = (CHINESE if chinese else ENGLISH).split()

    def words(self, fewest: int, most: int) -> str:
        """Return a few words, with the blanks that the language has."""
        count = self.chance.randint(fewest, most)
        chosen = self.chance.choices(self.known, k=count)
        return "".join(chosen) if self.chinese else " ".join(chosen)

    def sentence(self) -> str:
        """Return a sentence."""
        if self.chinese:
            return f"{self.words(4, 8)}，{self.words(3, 8)}。"
        return f"{self.words(5, 9).capitalize()}, {self.words(4, 9)}."

    def section(self) -> Page:
        """Return a section's lines: text, steps, points, and now and then a table."""
        lines = [f"## {self.words(2, 4)}", "", *(self.sentence() for _ in range(3)), ""]
        lines += [f"{n}. {self.sentence()}" for n in range(1, self.chance.randint(4, 9))]
        lines += ["", *(f"- {self.sentence()}" for _ in range(self.chance.randint(2, 4))), ""]
        if self.chance.random() < 0.4:
            cells = (self.words(1, 2), self.words(1, 3), self.words(1, 3))
            lines += ["| 項目 | 說明 | 值 |", "|---|---|---|", "| " + " | ".join(cells) + " |", ""]
        return lines

    def page(self) -> Page:
        """Return a page's lines."""
        lines = [f"# {self.words(2, 4)}", "", self.sentence(), ""]
        for _ in range(self.chance.randint(3, 6)):
            lines += self.section()
        return lines


def _some(lines: Page, writer: Writer, wanted: Callable[[str], bool]) -> int | None:
    """Return the number of a random line that is *wanted*, None where there is none."""
    found = [number for number, line in enumerate(lines) if wanted(line)]
    return writer.chance.choice(found) if found else None


def _wordy(line: str) -> bool:
    return len(line) > 12 and not line.startswith(("#", "|"))


def _change_words(lines: Page, writer: Writer) -> None:
    at = _some(lines, writer, _wordy)
    if at is None:
        return
    found = [word for word in writer.known if word in lines[at]]
    if found:
        old = writer.chance.choice(found)
        lines[at] = lines[at].replace(old, writer.chance.choice(writer.known), 1)


def _add_words(lines: Page, writer: Writer) -> None:
    at = _some(lines, writer, _wordy)
    if at is not None:
        lines[at] += writer.sentence() if writer.chinese else f" {writer.sentence()}"


def _rewrite(lines: Page, writer: Writer) -> None:
    at = _some(lines, writer, _wordy)
    if at is not None:
        head = lines[at].partition(" ")[0] + " " if lines[at][0] in "-123456789" else ""
        lines[at] = head + writer.sentence()


def _wrap(lines: Page, writer: Writer) -> None:
    at = _some(lines, writer, lambda line: _wordy(line) and line[0] not in "-123456789 ")
    if at is None:
        return
    line = lines[at]
    middle = line.find("，" if writer.chinese else " ", len(line) // 3)
    if middle > 0:
        lines[at : at + 1] = [line[: middle + 1].rstrip(" "), line[middle + 1 :]]


def _rename_section(lines: Page, writer: Writer) -> None:
    at = _some(lines, writer, lambda line: line.startswith("## "))
    if at is not None:
        lines[at] = f"## {writer.words(2, 4)}"


def _sections(lines: Page) -> list[tuple[int, int]]:
    starts = [number for number, line in enumerate(lines) if line.startswith("## ")]
    return list(zip(starts, [*starts[1:], len(lines)], strict=True))


def _move_section(lines: Page, writer: Writer) -> None:
    start, end = writer.chance.choice(_sections(lines))
    moved = lines[start:end]
    del lines[start:end]
    others = _sections(lines)
    at = writer.chance.choice(others)[0] if others else len(lines)
    lines[at:at] = moved


def _add_section(lines: Page, writer: Writer) -> None:
    at = writer.chance.choice(_sections(lines))[0]
    lines[at:at] = writer.section()


def _steps(lines: Page) -> list[list[int]]:
    runs: list[list[int]] = []
    for number, line in enumerate(lines):
        if line[:1].isdigit() and ". " in line[:4]:
            if runs and runs[-1][-1] == number - 1:
                runs[-1].append(number)
            else:
                runs.append([number])
    return runs


def _change_steps(lines: Page, writer: Writer) -> None:
    """Put a step in or take one out, and number the others anew."""
    runs = [run for run in _steps(lines) if len(run) > 2]
    if not runs:
        return
    run = writer.chance.choice(runs)
    texts = [lines[number].split(". ", 1)[1] for number in run]
    at = writer.chance.randrange(len(texts))
    if writer.chance.random() < 0.7:
        texts.insert(at, writer.sentence())
    else:
        del texts[at]
    lines[run[0] : run[-1] + 1] = [f"{n}. {text}" for n, text in enumerate(texts, 1)]


def _copy_line(lines: Page, writer: Writer) -> None:
    at = _some(lines, writer, lambda line: _wordy(line) and line[0] not in "-123456789")
    if at is not None:
        start, _ = writer.chance.choice(_sections(lines))
        lines[start + 2 : start + 2] = [lines[at], ""]


def _add_row(lines: Page, writer: Writer) -> None:
    at = _some(lines, writer, lambda line: line.startswith("|") and "---" not in line)
    if at is not None and at + 1 < len(lines) and "---" not in lines[at + 1]:
        cells = (writer.words(1, 2), writer.words(1, 3), writer.words(1, 3))
        lines[at + 1 : at + 1] = ["| " + " | ".join(cells) + " |"]


DRIFTS: tuple[tuple[Drift, int], ...] = (
    (_change_words, 8),
    (_add_words, 3),
    (_rewrite, 4),
    (_wrap, 3),
    (_rename_section, 2),
    (_move_section, 1),
    (_add_section, 1),
    (_change_steps, 4),
    (_copy_line, 2),
    (_add_row, 1),
)


def generate(folder: Path, commits: int, seed: int) -> Path:
    """Make a repository at *folder* with *commits* commits and return it."""
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", str(folder)], check=True)
    command = ["git", "-C", str(folder), "fast-import", "--quiet"]
    subprocess.run(command, input=b"".join(_stream(commits, seed)), check=True)
    return folder


def _stream(commits: int, seed: int) -> Iterator[bytes]:
    chance = random.Random(seed)
    writers = [Writer(chance, chinese=number % 2 == 0) for number in range(PAGES)]
    pages = [writer.page() for writer in writers]
    yield from _commit(0, dict(enumerate(pages)))
    drifts, weights = zip(*DRIFTS, strict=True)
    for commit in range(1, commits):
        number = chance.randrange(PAGES)
        chance.choices(drifts, weights)[0](pages[number], writers[number])
        yield from _commit(commit, {number: pages[number]})


def _commit(commit: int, pages: dict[int, Page]) -> Iterator[bytes]:
    person = f"bench <bench@example.org> {1_800_000_000 + commit} +0800"
    yield f"commit refs/heads/main\ncommitter {person}\ndata 5\ndrift\n".encode()
    for number, lines in pages.items():
        data = ("\n".join(lines) + "\n").encode()
        yield b"M 100644 inline page-%d.md\ndata %d\n%s\n" % (number, len(data), data)
