"""Print what building the site costs: ours, plain Material, and Zensical, on the same pages.

    python benchmarks/site.py [--pages 1000] [--zensical /path/to/zensical]

Plain Material is built as `mkdocs new` would leave it but for the theme, then with
``navigation.prune``, which our ``mkdocs.yml`` has. Ours is built for the first time, again with
nothing changed, and after one page changed; so is Zensical, where it is installed beside the Python
that runs this. Wall-clock seconds of the whole command, and the peak memory of its largest process
in MB.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from generating import Writer

BIN = Path(sys.executable).parent
AREAS = 20
LINES = 62
PLAIN = """\
site_name: 手冊
use_directory_urls: true
theme: {name: material, language: zh-TW, font: false, features: [%s]}
plugins: [search]
markdown_extensions:
  - admonition
  - attr_list
  - tables
  - toc: {permalink: true}
  - pymdownx.details
  - pymdownx.superfences
  - pymdownx.tabbed: {alternate_style: true}
"""


def main() -> None:
    """Build with each tool in one run and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--zensical", type=Path, default=BIN / "zensical")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pages = _pages(wanted.pages, wanted.seed)
        plain, ours = folder / "plain", folder / "ours"
        _lay_out(plain, plain / "docs" / "manuals", pages)
        _lay_out(ours, ours / "manuals", pages)
        (ours / "mkdocs.yml").write_text(_own_settings(), encoding="utf-8")
        _commit(ours)
        print(f"{wanted.pages} pages of {LINES} lines      seconds       MB")
        mkdocs = [sys.executable, "-m", "mkdocs", "build", "-q"]
        for title, feature in (("Material", ""), ("Material, pruned", "navigation.prune")):
            (plain / "mkdocs.yml").write_text(PLAIN % feature, encoding="utf-8")
            _row(title, plain, [*mkdocs, "-d", str(folder / "plain-site")])
        change = _changer(ours / "manuals", wanted.seed)
        build = [*mkdocs, "--strict", "-d", str(folder / "our-site")]
        _three("manualsmith", ours, build, change)
        if zensical := shutil.which(wanted.zensical.resolve()):
            change = _changer(plain / "docs" / "manuals", wanted.seed)
            _three("Zensical", plain, [zensical, "build"], change)


def _three(title: str, folder: Path, command: Sequence[str], change: Callable[[], None]) -> None:
    _row(title, folder, command)
    _row(f"{title}, again", folder, command)
    change()
    _row(f"{title}, 1 page", folder, command)


def _row(title: str, folder: Path, command: Sequence[str]) -> None:
    start = time.perf_counter()
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    errors = process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if status:
        sys.exit(f"{title}: {errors.decode(errors='replace')[-2000:]}")
    print(f"{title:24} {seconds:10.2f} {usage.ru_maxrss / 1024:8.0f}", flush=True)


def _pages(count: int, seed: int) -> dict[str, str]:
    chance = random.Random(seed)
    pages = {}
    for number in range(count):
        writer = Writer(chance, chinese=number % 5 != 0)
        lines = [f"# {writer.words(2, 4)} {number}", "", writer.sentence(), ""]
        while len(lines) < LINES:
            lines += writer.section()
        text = "\n".join(lines[:LINES]) + "\n"
        pages[f"operation/area-{number % AREAS:02}/page-{number:04}.md"] = text
    return pages


def _lay_out(folder: Path, manuals: Path, pages: dict[str, str]) -> None:
    for path, text in pages.items():
        page = manuals / path
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(text, encoding="utf-8")
    (folder / "docs").mkdir(exist_ok=True)
    (folder / "docs" / "index.md").write_text("# 手冊\n\n從這裡開始。\n", encoding="utf-8")


def _own_settings() -> str:
    return (Path(__file__).parent.parent / "mkdocs.yml").read_text("utf-8")


def _commit(folder: Path) -> None:
    git = ["git", "-C", str(folder), "-c", "user.name=b", "-c", "user.email=b@example.org"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "pages"]):
        subprocess.run([*git, *command], check=True)


def _changer(manuals: Path, seed: int) -> Callable[[], None]:
    page = sorted(manuals.rglob("*.md"))[seed]

    def change() -> None:
        page.write_text(page.read_text("utf-8").replace("。", "，請注意。", 1), encoding="utf-8")

    return change


if __name__ == "__main__":
    main()
