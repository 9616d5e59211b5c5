"""A hundred questions in users' own words, asked of this project's site in a real browser."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, Page

from browsers import DESKTOP, HREFS, PHONE, served
from questions import Question, place_of, questions, scored

LINES = (Path(__file__).parent / "queries.txt").read_text("utf-8").splitlines()
QUERIES = [line.partition(" | ")[::2] for line in LINES if line and not line.startswith("#")]
ALL = questions()
RESULTS = ".md-search-result__item > .md-search-result__link"
ASK = """async texts => {
  const index = await (await fetch("search/search_index.json")).json()
  const engine = new SearchEngine(index)
  return texts.map(text => engine.search(text).results.map(one => one.location))
}"""


@pytest.fixture(scope="module")
def base(own_site: Path) -> Iterator[str]:
    with served(own_site) as address:
        yield address


@pytest.fixture(scope="module")
def found(browser: Browser, base: str) -> dict[str, list[str]]:
    """What the engine finds for each question and query, the best place first."""
    page = browser.new_page()
    page.goto(base)
    page.add_script_tag(url=f"{base}assets/manualsmith/search-engine.js")
    texts = [one.text for one in ALL] + [query for query, _ in QUERIES]
    answers = page.evaluate(ASK, texts)
    page.close()
    return {
        text: [place_of(one) for one in places] for text, places in zip(texts, answers, strict=True)
    }


def test_the_hundred(found) -> None:
    score = scored((one, found[one.text]) for one in ALL)
    assert score.first >= 0.9 * score.asked, score
    assert score.three >= 0.98 * score.asked, score
    assert score.place >= 0.85 * score.asked, score
    assert score.nothing == 0, [one.text for one in ALL if not found[one.text]]


def test_those_that_nobody_tuned_for(found) -> None:
    score = scored((one, found[one.text]) for one in ALL if one.is_held_out)
    assert score.asked == 40
    assert score.first >= 32, score
    assert score.three >= 37, score


@pytest.mark.parametrize(("query", "wanted"), QUERIES, ids=[query for query, _ in QUERIES])
def test_the_right_page_comes_first(found, query: str, wanted: str) -> None:
    assert found[query][0].partition("#")[0] in wanted.split(), found[query]


def test_there_are_enough_of_them() -> None:
    assert len({one.text for one in ALL}) == len(ALL) >= 100
    assert len({query for query, _ in QUERIES}) == len(QUERIES) >= 30


@pytest.mark.parametrize("place", sorted({place for one in ALL for place in one.places}))
def test_each_right_place_is_there(own_site: Path, place: str) -> None:
    index = json.loads((own_site / "search/search_index.json").read_text("utf-8"))
    assert place in {place_of(one["location"]) for one in index["docs"]}


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_page_shows_what_the_engine_finds(browser: Browser, base: str, found, size) -> None:
    page = browser.new_page(viewport=size)
    page.set_default_timeout(10_000)
    page.goto(base)
    page.locator("label[for=__search]:visible, .md-search__input:visible").first.click()
    for question in ALL[::6]:
        assert asked(page, question) == found[question.text], question.text
    page.close()


def asked(page: Page, question: Question) -> list[str]:
    """Type a question into the search; return the places of the results."""
    field = page.locator(".md-search__input")
    field.fill("")
    page.locator(RESULTS).first.wait_for(state="detached")
    field.fill(question.text)
    page.locator(RESULTS).first.wait_for()
    return [place_of(unquote(one)) for one in page.locator(RESULTS).evaluate_all(HREFS)]
