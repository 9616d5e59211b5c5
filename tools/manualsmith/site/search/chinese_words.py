"""Cutting Chinese text into the words that people search for.

Its dictionary is jieba's, with two additions. That is Simplified, so it is given a list of Taiwan's
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
from functools import cache, cached_property
from itertools import pairwise
from math import log
from operator import add
from pathlib import Path
from typing import NamedTuple

import manualsmith.site.build.quiet  # noqa: F401  # before jieba
from manualsmith.cache.by_key import digest

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


class WordCutter:
    """A cutter that knows *marked*, the manuals' own terms, beside those of the package."""

    def __init__(self, marked: Iterable[str] = ()) -> None:
        self._marked = _Terms(marked)
        self._cuts: dict[str, Cut] = {}
        self._parts: dict[str, dict[str, None]] = {}

    @cached_property
    def marked(self) -> bytes:
        """A digest of the manuals' terms."""
        return digest(*(term.encode() for term in sorted(self._marked.terms)))

    def known_in(self, text: str) -> list[str]:
        """Return the manuals' terms that stand in *text*; no other one changes how it is cut."""
        return sorted({term for run in HAN.findall(text) for term in self._marked.within(run)})

    def cut(self, run: str) -> Cut:
        """Return how *run*, Chinese characters and nothing else, is cut."""
        if run not in self._cuts:
            dictionary, phrases = self._learned
            words = dictionary.cut(run)
            more = dict.fromkeys(_pairs(words))
            for word in words:
                if len(word) > 2:
                    more.update(self._inside(word))
            more.update(dict.fromkeys(phrases.within(run)))
            self._cuts[run] = Cut(words, tuple(word for word in more if word not in words))
        return self._cuts[run]

    def _inside(self, word: str) -> dict[str, None]:
        """Return the words that a longer *word* is made of."""
        if word not in self._parts:
            known = self._learned[0]
            self._parts[word] = {part: None for part in _parts(word) if part in known}
        return self._parts[word]

    @cached_property
    def _learned(self) -> tuple["_Dictionary", "_Terms"]:
        """The dictionary with the terms that are words of it, and those that are phrases."""
        dictionary, phrases = _Dictionary(*_frequencies()), set()
        for terms, ours in ((_package_terms(), True), (self._marked.terms, False)):
            for term in sorted(terms, key=_shorter_first):
                words = dictionary.cut(term)
                known = [len(word) > 1 for word in words]
                is_phrase = all(known) if ours else any(known) or len(term) > _LONGEST_UNKNOWN
                if is_phrase and words != (term,):
                    phrases.add(term)
                else:
                    dictionary.add(term)
        return dictionary, _Terms(phrases)


class _Dictionary:
    """Words with how often they are used; what begins a word but is none has a zero."""

    def __init__(self, frequencies: dict[str, int], total: int) -> None:
        self._frequencies, self._total = dict(frequencies), log(total)

    def __contains__(self, word: str) -> bool:
        return bool(self._frequencies.get(word))

    def add(self, word: str) -> None:
        for end in range(1, len(word)):
            self._frequencies.setdefault(word[:end], 0)
        self._frequencies[word] = _FREQUENCY

    def cut(self, run: str) -> tuple[str, ...]:
        """Return *run* in words, such that the product of their frequencies is the largest.

        This is jieba's exact mode, a few times as fast: most of a site's first build is cutting.
        """
        frequency, size = self._frequencies.get, len(run)
        best, ends = [0.0] * (size + 1), [0] * size
        for start in range(size - 1, -1, -1):
            end = ends[start] = start + 1
            found = frequency(run[start])
            most = log(found or 1) - self._total + best[end]
            while found is not None and end < size:
                end += 1
                if found := frequency(run[start:end]):
                    score = log(found) - self._total + best[end]
                    if score >= most:
                        most, ends[start] = score, end
            best[start] = most
        words, start = [], 0
        while start < size:
            words.append(run[start : ends[start]])
            start = ends[start]
        return tuple(words)


class _Terms:
    """Terms of two characters and more, to be found in text."""

    def __init__(self, terms: Iterable[str]) -> None:
        self.terms = frozenset(terms)
        self._lengths: dict[str, set[int]] = {}
        for term in self.terms:
            self._lengths.setdefault(term[:2], set()).add(len(term))

    def within(self, run: str) -> Iterator[str]:
        """Yield each of the terms that stands in *run*, in the order of the text."""
        for start, pair in enumerate(map(add, run, run[1:])):
            for length in sorted(self._lengths.get(pair, ())):
                if (part := run[start : start + length]) in self.terms:
                    yield part


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
def _frequencies() -> tuple[dict[str, int], int]:
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
