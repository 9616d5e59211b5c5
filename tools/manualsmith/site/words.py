"""Cutting Chinese text into the words that people search for.

jieba cuts, with two additions. Its dictionary is Simplified, so it is given a list of Taiwan's
terms (``terms.txt``) and the terms that the manuals themselves mark (``marked_terms``); and its
guessing of unknown words, trained on Simplified text, stays off. What is still unknown falls into
single characters, and each two neighbours of those are found as a pair.

Text is cut into small words (重新 啟動), and what they make together (重新啟動) is found too: the
reader's question and the text need not be cut at the same places.
"""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import manualsmith.site.quiet  # noqa: F401  # before jieba

import jieba  # isort: skip

HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
LONGEST = 8
_LONGEST_UNKNOWN = 4

# Above what jieba's dictionary gives to any word that could take a character of ours (並重 in
# 並重設密碼), and below its particles, so that sentences are still cut around them.
_FREQUENCY = 200_000
_MARKED = re.compile(
    r"^#{1,6}[ \t]+(?P<heading>.+)$|\*\*(?P<strong>[^*\n]+)\*\*|「(?P<quoted>[^「」\n]+)」",
    re.MULTILINE,
)


class Cut(NamedTuple):
    """One run of Chinese characters: the words it is made of, and what else is found in it."""

    words: tuple[str, ...]
    more: tuple[str, ...]


class Words:
    """A cutter that knows *marked*, the manuals' own terms, beside those of the package."""

    def __init__(self, marked: Iterable[str] = ()) -> None:
        frequencies, total = _dictionary()
        self._tokenizer = jieba.Tokenizer()
        self._tokenizer.FREQ, self._tokenizer.total = dict(frequencies), total
        self._tokenizer.initialized = True
        self._phrases: set[str] = set()
        self._cuts: dict[str, Cut] = {}
        for term in sorted(_package_terms(), key=_shorter_first):
            self._learn(term, is_phrase=all(len(word) > 1 for word in self._words(term)))
        for term in sorted(set(marked), key=_shorter_first):
            known = any(len(word) > 1 for word in self._words(term))
            self._learn(term, is_phrase=known or len(term) > _LONGEST_UNKNOWN)

    def cut(self, run: str) -> Cut:
        """Return how *run*, Chinese characters and nothing else, is cut."""
        if run not in self._cuts:
            words = self._words(run)
            inside = (part for word in words for part in self._words_inside(word))
            more = dict.fromkeys((*_pairs(words), *inside, *self._phrases_in(run)))
            self._cuts[run] = Cut(words, tuple(word for word in more if word not in words))
        return self._cuts[run]

    def _words(self, run: str) -> tuple[str, ...]:
        return tuple(self._tokenizer.cut(run, HMM=False))

    def _learn(self, term: str, *, is_phrase: bool) -> None:
        if is_phrase and self._words(term) != (term,):
            self._phrases.add(term)
        else:
            self._tokenizer.add_word(term, _FREQUENCY)

    def _words_inside(self, word: str) -> Iterator[str]:
        return (part for part in _parts(word) if self._tokenizer.FREQ.get(part))

    def _phrases_in(self, run: str) -> Iterator[str]:
        return (part for part in _parts(run) if part in self._phrases)


def marked_terms(markdown: str, title: str = "") -> set[str]:
    """Return the terms that a page marks: in its title, headings, bold text and 「quotes」."""
    texts = [title, *("".join(groups) for groups in _MARKED.findall(markdown))]
    runs = (run for text in texts for run in HAN.findall(text))
    return {run for run in runs if 2 <= len(run) <= LONGEST}


def _parts(run: str) -> Iterator[str]:
    """Return every part of *run* that a word can be: from two to LONGEST characters."""
    for start in range(len(run)):
        for end in range(start + 2, min(start + LONGEST, len(run)) + 1):
            yield run[start:end]


def _pairs(words: tuple[str, ...]) -> list[str]:
    """Return each two single characters that stand side by side: what no dictionary knew."""
    return [a + b for a, b in pairwise(words) if len(a) == len(b) == 1]


def _shorter_first(term: str) -> tuple[int, str]:
    return len(term), term


@cache
def _package_terms() -> frozenset[str]:
    lines = Path(__file__).with_name("terms.txt").read_text("utf-8").splitlines()
    return frozenset(term for line in lines if not line.startswith("#") for term in line.split())


@cache
def _dictionary() -> tuple[dict[str, int], int]:
    """Return jieba's words with their frequencies, and the sum of those.

    jieba keeps what it has read under one fixed name in the folder for temporary files, and trusts
    what it finds there, whoever of the machine's users wrote it: here it is the user's own folder.
    """
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = os.devnull  # keeps nothing, where there is no such folder
    with suppress(OSError, RuntimeError):
        folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "manualsmith"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        tokenizer.tmp_dir = str(folder)
    tokenizer.initialize()
    return tokenizer.FREQ, tokenizer.total
