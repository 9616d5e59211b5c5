"""How well readers' questions are answered: our search, and three others on the same pages.

    python benchmarks/search.py [--questions FILE]

The questions are those of the tests (`tests/site/search/questions.txt`), or a table of that form.
Each is asked of the built site in a real browser, as a reader would. The others have the pages that
`manualsmith pages` writes for builders without our plugin: Material cuts Chinese with jieba, whose
package has to be installed; Pagefind is its extended build (`pip install "pagefind[extended]"`), on
Material's pages, and of its answer's sections the first counts; Zensical in its dialog. What
is not installed is left out, and told.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote

from playwright.sync_api import Page, TimeoutError

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/helpers"))
from browsers import HREFS, chromium, served  # noqa: E402
from questions import TABLE, place_of, questions, scored  # noqa: E402

BIN = Path(sys.executable).parent
RESULTS = ".md-search-result__item > .md-search-result__link"
PATIENCE = 3_000
"""Milliseconds until a search that shows nothing is taken to have found nothing."""

Ask = Callable[[Page, str], list[str]]


def main() -> None:
    """Build with each, ask each, print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=Path, default=TABLE)
    asked = questions(parser.parse_args().questions)
    print(f"{len(asked)} questions        first  in three  to the place  nothing found")
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        for title, site, ask in engines(Path(name)):
            with served(site) as base:
                page = browser.new_page(viewport={"width": 1200, "height": 800})
                page.goto(base)
                score = scored((one, ask(page, one.text)) for one in asked)
                page.close()
            counts = (score.first, score.three, score.place, score.nothing)
            print(
                f"{title:20} {counts[0]:10} {counts[1]:9} {counts[2]:13} {counts[3]:14}", flush=True
            )


def engines(folder: Path) -> Iterator[tuple[str, Path, Ask]]:
    """Yield each engine's name, its built site, and how it is asked."""
    ours, plain = folder / "ours", folder / "plain"
    run([BIN / "mkdocs", "build", "-q", "-d", ours], ROOT)
    yield "manualsmith", ours, typed
    run([BIN / "manualsmith", "pages", "--out", plain], ROOT)
    missing = [name for name in ("jieba", "pagefind", "zensical") if not find_spec(name)]
    if missing:
        print(f"not installed: {', '.join(missing)}")
    material = folder / "material"
    run([BIN / "mkdocs", "build", "-q", "-d", material], plain)
    if "jieba" not in missing:
        yield "Material, jieba", material, typed
    if "pagefind" not in missing:
        run([sys.executable, "-m", "pagefind", "--site", material], plain)
        yield "Pagefind extended", material, of_pagefind
    if "zensical" not in missing:
        run([BIN / "zensical", "build"], plain)
        yield "Zensical", plain / "site", in_zensical


def run(command: Sequence[str | Path], folder: Path) -> None:
    """Run a command, and end with what it says where it fails."""
    done = subprocess.run(
        [str(part) for part in command], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{command}: {done.stdout[-1000:]}{done.stderr[-2000:]}")


def typed(page: Page, question: str) -> list[str]:
    """Type a question into the field of Material's look; return the places found."""
    field, results = page.locator(".md-search__input"), page.locator(RESULTS)
    page.evaluate("document.getElementById('__search').checked || __search.click()")
    field.fill("")
    field.press("End")  # the theme's own search follows the keys
    page.wait_for_function("selector => !document.querySelector(selector)", arg=RESULTS)
    field.fill(question)
    field.press("End")
    try:
        results.first.wait_for(state="attached", timeout=PATIENCE)
    except TimeoutError:
        return []
    page.wait_for_timeout(150)  # Material adds the results one by one
    return [place_of(unquote(address)) for address in results.evaluate_all(HREFS)]


def in_zensical(page: Page, question: str) -> list[str]:
    """Type a question into Zensical's dialog; return the places found."""
    field, results = page.locator("input[aria-autocomplete=list]"), page.locator("a[role=option]")
    if not field.is_visible():
        page.locator(".md-search__button").click()
        field.wait_for()
    field.fill("")
    results.first.wait_for(state="detached")
    field.fill(question)
    try:
        results.first.wait_for(state="attached", timeout=PATIENCE)
    except TimeoutError:
        return []
    page.wait_for_timeout(300)
    return [place_of(unquote(address)) for address in results.evaluate_all(HREFS)]


def of_pagefind(page: Page, question: str) -> list[str]:
    """Ask Pagefind by its script; return the places found."""
    found = page.evaluate(
        """async question => {
          const pagefind = await import("/pagefind/pagefind.js")
          const { results } = await pagefind.search(question)
          const pages = await Promise.all(results.slice(0, 10).map(one => one.data()))
          return pages.map(one => one.sub_results[0]?.url ?? one.url)
        }""",
        question,
    )
    return [place_of(unquote(address)) for address in found]


if __name__ == "__main__":
    main()
