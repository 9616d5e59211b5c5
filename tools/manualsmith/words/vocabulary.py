"""What readers say beside what manuals say: words for one thing, words of trouble, empty words.

``vocabulary.yaml`` is the package's own. A site adds to it in a file of the same form.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from manualsmith.errors import Problem, UserError
from manualsmith.records.yaml.read_yaml import Document, load
from manualsmith.settings.layout_settings import must_be
from manualsmith.text import t

SAME, TROUBLE, FILLER = "same", "trouble", "filler"
_OWN = Path(__file__).with_name("vocabulary.yaml")
_LONGEST = 40


@dataclass(frozen=True)
class Vocabulary:
    """Words for one thing, line by line; words of trouble; words that say nothing."""

    same: tuple[tuple[str, ...], ...] = ()
    trouble: tuple[str, ...] = ()
    filler: tuple[str, ...] = ()

    def __add__(self, other: "Vocabulary") -> "Vocabulary":
        """Return both together."""
        return Vocabulary(
            self.same + other.same, self.trouble + other.trouble, self.filler + other.filler
        )

    def as_json(self) -> Mapping[str, object]:
        """Return what the browser gets."""
        return {SAME: self.same, TROUBLE: self.trouble, FILLER: self.filler}


def read_vocabulary(path: Path, shown: str) -> Vocabulary:
    """Return what a file says, named *shown* to the user. Raises UserError as `vocabulary_in`."""
    try:
        data = path.read_bytes()
    except OSError as error:
        said = t("no vocabulary can be read: {reason}", reason=error.strerror or error)
        hint = t("the setting vocabulary names a file, from the folder of mkdocs.yml")
        raise UserError([Problem(f"{shown}: {said}", hint=hint)]) from error
    return vocabulary_in(data, shown)


def vocabulary_in(data: bytes, shown: str) -> Vocabulary:
    """Return what a file holds, named *shown* to the user. Raises UserError with all problems."""
    document = load(data, shown)
    if problems := list(_problems(document)):
        raise UserError(problems)
    values = document.root.value
    return Vocabulary(
        tuple(tuple(words) for words in values.get(SAME) or ()),
        tuple(values.get(TROUBLE) or ()),
        tuple(values.get(FILLER) or ()),
    )


@cache
def own_vocabulary() -> Vocabulary:
    """Return the package's own."""
    return read_vocabulary(_OWN, _OWN.name)


def _problems(document: Document) -> Iterator[Problem]:
    known = (SAME, TROUBLE, FILLER)
    for key, value in document.root.value.items():
        if key not in known:
            said, hint = (
                t("a vocabulary has no {name}", name=key),
                t("one of: {names}", names=", ".join(known)),
            )
            yield Problem(said, document.key_place((key,)), hint)
        elif value is None:
            continue
        elif not isinstance(value, list):
            yield must_be(key, t("a list"), document.place((key,)))
        elif key == SAME:
            for number, words in enumerate(value):
                yield from _line_problems(document, (key, number), words)
        else:
            yield from _word_problems(document, (key,), value)


def _line_problems(
    document: Document, path: tuple[str | int, ...], words: object
) -> Iterator[Problem]:
    if not isinstance(words, list) or len(words) < 2:
        said = t("words for one thing are a list of two and more")
        yield Problem(said, document.place(path), t("such as {example}", example="[垃圾桶, trash]"))
    else:
        yield from _word_problems(document, path, words)


def _word_problems(
    document: Document, path: tuple[str | int, ...], words: Sequence[object]
) -> Iterator[Problem]:
    for number, word in enumerate(words):
        fits = isinstance(word, str) and 0 < len(word.strip()) <= _LONGEST
        if not fits or not any(char.isalnum() for char in str(word)):
            said = t("a word has letters or figures, and at most {most} characters", most=_LONGEST)
            yield Problem(said, document.place((*path, number)))
