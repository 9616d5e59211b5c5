"""What people type into the search of this project's own site, and the page that comes first."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from browsers import HREFS, served

LINES = (Path(__file__).parent / "queries.txt").read_text("utf-8").splitlines()
QUERIES = [line.partition(" | ")[::2] for line in LINES if line and not line.startswith("#")]


@pytest.fixture(scope="module")
def searching(browser: Browser, own_site: Path) -> Iterator[Page]:
    """The home page of this project's site, with its search open."""
    with served(own_site) as base:
        page = browser.new_page(viewport={"width": 1200, "height": 800})
        page.set_default_timeout(10_000)
        page.goto(base)
        page.locator(".md-search__input").click()
        yield page
        page.close()


@pytest.mark.parametrize(("query", "wanted"), QUERIES, ids=[query for query, _ in QUERIES])
def test_the_right_page_comes_first(searching: Page, query: str, wanted: str) -> None:
    field = searching.locator(".md-search__input")
    results = searching.locator(".md-search-result__item > .md-search-result__link")
    field.fill("")
    field.press("End")
    results.first.wait_for(state="detached")
    field.fill(query)
    field.press("End")
    results.first.wait_for()
    found = [re.sub(r"^.*?/manuals/|/?[?#].*$", "", url) for url in results.evaluate_all(HREFS)]
    assert found[0] in wanted.split(), found


def test_there_are_enough_of_them() -> None:
    assert len({query for query, _ in QUERIES}) == len(QUERIES) >= 30
