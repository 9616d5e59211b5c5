"""A question as a search reads it: its units, each with the terms that stand for it.

The weights are those of the browser's search (``search-engine.js``).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import sqrt

from manualsmith.words.folding import canonical, folded, is_han, pairs_of, tokens_of
from manualsmith.words.vocabulary import Vocabulary

Unit = Mapping[str, float]
"""The terms that stand for one thing that is asked, with how much each counts, from 0 on."""

_SYNONYM, _PART, _INSIDE_TERM, _EDGE, _LONE = 0.8, 0.5, 0.4, 0.2, 0.15
_LATIN, _CODE = 1.2, 1.8


def read_question(question: str, vocabulary: Vocabulary) -> list[Unit]:
    """Return the units of a question, those that the vocabulary knows first; none of empty words.

    A term is in the form that `folding.canonical` gives.
    """
    known = _known(vocabulary)
    named = list(_named_groups(canonical(question), known.groups))
    terms = [one.literal for one in named]
    units = [one.unit(named) for one in named]
    for token in tokens_of(known.without_filler(folded(question))):
        made = _pair_units(token, terms) if is_han(token) else [_word_unit(token, terms)]
        units += made
    return units


@dataclass(frozen=True)
class _Known:
    """A vocabulary in the form that questions are compared in."""

    groups: tuple[tuple[str, ...], ...]
    filler: re.Pattern[str]

    def without_filler(self, text: str) -> str:
        return self.filler.sub(" ", text)


@cache
def _known(vocabulary: Vocabulary) -> _Known:
    groups = tuple(tuple(map(canonical, words)) for words in vocabulary.same)
    empty = sorted({folded(word) for word in vocabulary.filler}, key=len, reverse=True)
    shapes = (re.escape(word) if is_han(word) else rf"\b{re.escape(word)}\b" for word in empty)
    return _Known(groups, re.compile("|".join(shapes) or r"(?!)", re.ASCII))


@dataclass(frozen=True)
class _Named:
    """A group of the vocabulary that a question names, and its longest word that stands there."""

    group: tuple[str, ...]
    literals: tuple[str, ...]
    literal: str

    def unit(self, all_named: Iterable["_Named"]) -> Unit:
        """Return the group's unit: less where a longer word says more, or several share a word."""
        others = [one.literal for one in all_named]
        inside = any(len(one) > len(self.literal) and self.literal in one for one in others)
        share = (_PART if inside else 1) / sqrt(others.count(self.literal))
        return {term: (1 if term in self.literals else _SYNONYM) * share for term in self.group}


def _named_groups(text: str, groups: Iterable[tuple[str, ...]]) -> Iterator[_Named]:
    for group in groups:
        if literals := tuple(term for term in group if term in text):
            yield _Named(group, literals, max(literals, key=len))


def _pair_units(run: str, terms: Iterable[str]) -> Iterator[Unit]:
    if len(run) == 1:
        yield {run: _LONE}
        return
    inside: set[int] = set()
    touched: set[int] = set()
    for term in terms:
        for found in re.finditer(f"(?={re.escape(term)})", run):
            places = range(found.start(), found.start() + len(term))
            touched.update(places)
            inside.update(places[:-1])
    for at, pair in enumerate(pairs_of(run)):
        is_edge = not touched.isdisjoint((at, at + 1))
        yield {pair: _INSIDE_TERM if at in inside else _EDGE if is_edge else 1}


def _word_unit(word: str, terms: Iterable[str]) -> Unit:
    weight = _CODE if any(char.isdigit() for char in word) else _LATIN
    return {word: weight * (_INSIDE_TERM if any(f" {word} " in one for one in terms) else 1)}
