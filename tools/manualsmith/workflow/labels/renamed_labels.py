"""Hold the labels that manuals quote against two releases of a product: which ones were renamed.

A label is told by the key of its wording. The same words can stand at several places of a product,
and only some of them be renamed; and short words stand on many screens. Then what else the section
quotes tells which place is meant: labels of one screen have their keys together. Where it does not
tell, nothing is edited, and a person is shown what it could be.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from rapidfuzz import fuzz, process
from rich.cells import cell_len

from manualsmith.catalogues.read_catalogue import Catalogue, LabelKey
from manualsmith.catalogues.wordings import as_read, bare, has_places
from manualsmith.markdown.locating.quoted_labels import QuotedLabel, is_seen
from manualsmith.text import t
from manualsmith.workflow.labels.page_labels import LabelledPage, LabelledPages

Standing = Literal["renamed", "unsure", "gone"]
# Columns of a word without blanks that stands on many screens: two Chinese characters, «Password».
_SHORT_WIDE, _SHORT = 4, 8
_NEAR = 70
# So much of the best one's nearness has another key that may be meant as well.
_AS_GOOD = 0.8
_MARKUP = "<"


@dataclass(frozen=True, eq=False)
class LabelChange:
    """A label that a page quotes and that the product has changed.

    ``renamed``: *wording* is what it says now. ``unsure``: one of *wordings*, and *why* that is not
    told. ``gone``: the product has it no more; *wordings* are the nearest that it has.
    """

    page: LabelledPage
    label: QuotedLabel
    standing: Standing
    key: LabelKey
    wordings: tuple[str, ...]
    why: str = ""

    @property
    def wording(self) -> str:
        """What the product says now, where that is told."""
        return self.wordings[0]

    @property
    def place(self) -> str:
        """Where it stands."""
        return self.page.place(self.label)

    def as_json(self) -> dict[str, Any]:
        """Return plain values for ``--json``."""
        return {
            **self.page.as_json(self.label),
            "standing": self.standing,
            "wordings": list(self.wordings),
            "key": str(self.key),
            "why": self.why,
        }


def label_changes(pages: LabelledPages, old: Catalogue, new: Catalogue) -> list[LabelChange]:
    """Return the labels of pages that are otherwise in the *new* release than in the *old* one."""
    releases = _Releases(old, new)
    return [
        change
        for page in pages.pages
        for label in page.labels
        if (change := releases.change_of(page, label))
    ]


@dataclass(frozen=True)
class _Releases:
    """A product's words in two releases."""

    old: Catalogue
    new: Catalogue

    @cached_property
    def _choices(self) -> dict[str, str]:
        return {words: words.casefold() for words in self.new.keys_of}

    def change_of(self, page: LabelledPage, label: QuotedLabel) -> LabelChange | None:
        """Return how a label was changed, None where it was not, or is none of the product's."""
        words = bare(label.words)
        now = {key: self._now(key, words) for key in self.old.keys_of.get(words, ())}
        if set(now.values()) <= {words} or not is_seen(page.page, label):
            return None
        meant = self._meant(page, label, list(now))
        said = {now[key] for key in meant}
        if said == {words}:
            return None
        key = next(key for key in meant if now[key] != words)
        if said == {None}:
            return self._gone(page, label, key)
        renamed = (one for one in meant if now[one] not in (None, words))
        wordings = tuple(dict.fromkeys(self._written(label, one) for one in renamed))
        why = self._doubt(page, label, meant, said, (*wordings, "")[0])
        return LabelChange(page, label, "unsure" if why else "renamed", key, wordings, why)

    def _now(self, key: LabelKey, words: str) -> str | None:
        """Return what a key says now; of one that is gone, *words* if another one says them."""
        wording = self.new.wordings.get(key)
        if wording is None:
            return words if words in self.new.keys_of else None
        return bare(wording)

    def _written(self, label: QuotedLabel, key: LabelKey) -> str:
        """Return what a key says now, as the page writes it: with the points at its end, or not."""
        wording = self.new.wordings[key]
        whole = label.words == as_read(self.old.wordings[key])
        return as_read(wording) if whole else bare(wording)

    def _meant(
        self, page: LabelledPage, label: QuotedLabel, keys: list[LabelKey]
    ) -> list[LabelKey]:
        """Return the keys that stand nearest to those of what else the section quotes."""
        beside = self._beside(page, label)
        scores = {key: sum(_nearness(key, keys_of) for keys_of in beside) for key in keys}
        least = max(scores.values()) * _AS_GOOD
        return [key for key in keys if scores[key] >= least]

    def _beside(self, page: LabelledPage, label: QuotedLabel) -> list[tuple[LabelKey, ...]]:
        """Return the keys of each other label of the section that the product has."""
        others = page.by_section[page.section_of(label)] - {bare(label.words)}
        return [keys for one in others if (keys := self.old.keys_of.get(one))]

    def _doubt(
        self,
        page: LabelledPage,
        label: QuotedLabel,
        meant: list[LabelKey],
        said: set[str | None],
        wording: str,
    ) -> str:
        """Return why it is not told what a label is called now; empty where it is."""
        if len(said) > 1:
            return t("{count} places of the product are called so, and are now called otherwise",
                     count=len(meant))  # fmt: skip
        if has_places(wording) or _MARKUP in wording:
            return t("what it is called now holds a value, or markup")
        if _is_short(label.words):
            beside = self._beside(page, label)
            if not any(_is_of_one_screen(key, keys) for key in meant for keys in beside):
                return t("a short word, and no other label of the section is of the same screen")
        elif not any(one in self.old.keys_of for one in page.words - {bare(label.words)}):
            return t("nothing else that the page quotes is of the product")
        return ""

    def _gone(self, page: LabelledPage, label: QuotedLabel, key: LabelKey) -> LabelChange:
        near = nearest(label.words, self._choices)
        why = t("the product has it no more")
        return LabelChange(page, label, "gone", key, tuple(one for one, _ in near), why)


def nearest(words: str, choices: Mapping[str, str]) -> list[tuple[str, float]]:
    """Return the wordings that are most like *words*, at most three, with how like, 0 to 100.

    *choices* are the wordings, each with itself in small letters. Beside one that is otherwise in
    its capitals alone no other is named.
    """
    found = process.extract(
        bare(words).casefold(), choices, scorer=fuzz.ratio, limit=3, score_cutoff=_NEAR
    )
    same = [one for one in found if one[1] == 100]
    return [(wording, score) for _, score, wording in same[:1] or found]


def _is_short(words: str) -> bool:
    """Return whether words are a single one that many screens have."""
    wide = len(words) < cell_len(words)
    return " " not in words and cell_len(words) <= (_SHORT_WIDE if wide else _SHORT)


def _way(key: LabelKey) -> tuple[str, ...]:
    """Return the names over a key, from the outermost on: dots join those of a name without blanks.

    The component counts always: that another label is of the product too says something.
    """
    *names, _ = key.name.split(".") if " " not in key.name else ("",)
    return (key.component, *filter(None, (key.context, *names)))


def _nearness(key: LabelKey, keys: Iterable[LabelKey]) -> float:
    """Return how near a label, by its keys, stands to a key; one of many keys says less."""
    ways = [_in_common(_way(key), _way(one)) for one in keys]
    return max(ways) / len(ways)


def _is_of_one_screen(key: LabelKey, keys: Iterable[LabelKey]) -> bool:
    """Return whether one of a label's keys stands beside a key, or right above or below it."""
    own = _way(key)
    return any(_in_common(own, _way(one)) >= max(1, len(own) - 1) for one in keys)


def _in_common(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
