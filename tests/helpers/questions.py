"""The table of readers' questions, and how well a search answers them."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

TABLE = Path(__file__).parents[1] / "site" / "search" / "questions.txt"


@dataclass(frozen=True)
class Question:
    """What somebody asks, and the places that answer: ``operation/two-factor#totp``."""

    text: str
    places: tuple[str, ...]
    is_held_out: bool

    @property
    def pages(self) -> set[str]:
        """The pages that answer."""
        return {place.partition("#")[0] for place in self.places}


@dataclass(frozen=True)
class Score:
    """Of so many questions: the right page first, in the first three, to the place, nothing."""

    asked: int
    first: int
    three: int
    place: int
    nothing: int


def questions(table: Path = TABLE) -> list[Question]:
    """Return the questions of a table."""
    found, is_held_out = [], False
    for line in table.read_text("utf-8").splitlines():
        if line.startswith("#"):
            is_held_out = line == "# held out"
        elif line:
            text, _, places = line.partition(" | ")
            found.append(Question(text, tuple(places.split()), is_held_out))
    return found


def scored(answers: Iterable[tuple[Question, list[str]]]) -> Score:
    """Return how good the answers are: for each question the places found, the best first."""
    asked = first = three = place = nothing = 0
    for question, found in answers:
        pages = list(dict.fromkeys(one.partition("#")[0] for one in found))
        asked += 1
        nothing += not found
        first += pages[:1] != [] and pages[0] in question.pages
        three += bool(question.pages & set(pages[:3]))
        place += found[:1] != [] and found[0] in question.places
    return Score(asked, first, three, place, nothing)


def place_of(address: str) -> str:
    """Return the place that an address or location leads to, as the table writes it."""
    parts = urlsplit(address)
    path = parts.path.removesuffix("index.html").strip("/").removeprefix("manuals/")
    return f"{path}#{parts.fragment}" if parts.fragment else path
