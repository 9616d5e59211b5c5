"""How a manual writes its troubleshooting entries: what the parts are called, and how they stand.

``labels``: a part begins with a line ``**Cause**: …``. ``headings``: a part is what stands under a
heading of its own, beneath the entry's. ``answer``: all that stands under the entry's heading, a
question for one, says how to resolve it. ``table``: an entry is a row, and columns are its parts.
``details``: it unfolds, and what stands inside are labelled parts or the answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from manualsmith.layout import ENTRY_PARTS, SYMPTOM, Manual

# What is read as the label of a part, whatever a manual itself writes; by language.
KNOWN: Mapping[str, Mapping[str, Sequence[str]]] = {
    "zh": {
        SYMPTOM: ("症狀", "問題"),
        "environment": ("環境", "適用環境"),
        "cause": ("原因",),
        "resolution": ("處理步驟", "處理方式", "解決方法"),
    },
    "en": {
        SYMPTOM: ("Symptom", "Problem"),
        "environment": ("Environment",),
        "cause": ("Cause",),
        "resolution": ("Resolution",),
    },
}


@dataclass(frozen=True)
class EntryForm:
    """The form of a manual's entries.

    words: by part, what it is called; the first is written. A part without has the language's own.
    """

    shape: str = "labels"
    language: str = "zh-TW"
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, manual: Manual) -> "EntryForm":
        """Return that of a manual."""
        return cls(manual.entry_shape, manual.language, manual.entry_words)

    @property
    def _own(self) -> Mapping[str, Sequence[str]]:
        return KNOWN.get(self.language.partition("-")[0].lower(), KNOWN["en"])

    @property
    def colon(self) -> str:
        """What stands after a label."""
        return "：" if self._own is KNOWN["zh"] else ": "

    def written(self, part: str) -> str:
        """Return what a part is called where it is new."""
        return (*self.words.get(part, ()), *self._own[part])[0]

    @property
    def is_apart(self) -> bool:
        """Whether its entries are no sections of the page."""
        return self.shape in ("table", "details")

    @property
    def tags(self) -> tuple[str, ...]:
        """The HTML that entries of this form are written with, whatever else may be."""
        return {"table": ("br",), "details": ("details", "summary")}.get(self.shape, ())

    def is_symptom(self, label: str) -> bool:
        """Return whether a label says that something is a symptom."""
        return self._names(SYMPTOM, label)

    def part_of(self, label: str) -> str | None:
        """Return the part that a label names, None where it names none."""
        return next((part for part in ENTRY_PARTS if self._names(part, label)), None)

    def _names(self, part: str, label: str) -> bool:
        known = (words for language in KNOWN.values() for words in language[part])
        return label.strip().casefold() in map(str.casefold, (*self.words.get(part, ()), *known))
