"""List the words that manuals quote as labels and that the product does not have."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from manualsmith.catalogues.read_catalogue import Catalogue, read_catalogue
from manualsmith.catalogues.wordings import bare, filled
from manualsmith.errors import UserError
from manualsmith.markdown.locating.quoted_labels import QuotedLabel, is_seen
from manualsmith.text import t
from manualsmith.workflow.labels.page_labels import LabelledPage, LabelledPages
from manualsmith.workflow.labels.renamed_labels import nearest
from manualsmith.workflow.workspace.open_workspace import Workspace

# «設定 > 安全性» quotes two labels.
_JOINTS = re.compile(r"\s*[→>›»]\s*")


@dataclass(frozen=True)
class UnknownLabel:
    """A label that the product does not have, and the nearest ones that it has, the best first.

    ``likeness`` of the best goes from 70 to 100; it is 0 where none is near.
    """

    page: LabelledPage
    label: QuotedLabel
    near: tuple[str, ...]
    likeness: float

    @property
    def place(self) -> str:
        """Where it stands."""
        return self.page.place(self.label)

    def as_json(self) -> dict[str, Any]:
        """Return plain values for ``--json``."""
        return {
            **self.page.as_json(self.label),
            "near": list(self.near),
            "likeness": round(self.likeness),
        }


def unknown_labels(pages: LabelledPages, catalogues: Sequence[Catalogue]) -> list[UnknownLabel]:
    """Return the labels that none of the catalogues has; those that are nearly one come first."""
    choices = {words: words.casefold() for one in catalogues for words in one.keys_of}
    patterns = [one for words in choices if (one := filled(words))]

    @cache  # the same words stand on many pages
    def has(words: str) -> bool:
        parts = [bare(part) for part in _JOINTS.split(words) if part]
        return all(
            part in choices or any(one.fullmatch(part) for one in patterns) for part in parts
        )

    @cache
    def near_to(words: str) -> list[tuple[str, float]]:
        return nearest(words, choices)

    found: list[UnknownLabel] = []
    for page in pages.pages:
        for label in page.labels:
            if not has(label.words) and is_seen(page.page, label):
                near = near_to(label.words)
                likeness = near[0][1] if near else 0
                found.append(UnknownLabel(page, label, tuple(one for one, _ in near), likeness))
    return sorted(found, key=lambda one: -one.likeness)


def check_labels(
    workspace: Workspace, pages: LabelledPages, paths: Sequence[Path] = ()
) -> list[UnknownLabel]:
    """Return the labels that the catalogues at *paths* do not have; without any, the settings'.

    Raises UserError where none is named, or one cannot be read.
    """
    named = workspace.settings.labels.catalogues.get(pages.product, ())
    found = paths or [workspace.repository.folder / one for one in named]
    if not found:
        hint = t("name it, or set it: [tool.manualsmith.labels.catalogues] {product} = [\"l10n\"]",
                 product=pages.product)  # fmt: skip
        raise UserError(t("which catalogue?"), hint=hint)
    return unknown_labels(pages, [read_catalogue(path, pages.locale) for path in found])
