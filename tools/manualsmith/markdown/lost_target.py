"""TargetLost, the error of an edit whose place cannot be told, with the candidates for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from manualsmith.errors import Place, Problem, UserError

Reason = Literal["missing", "ambiguous", "changed", "already", "structure", "invalid"]


@dataclass(frozen=True)
class Candidate:
    """A place that was weighed: its line from 1, its section, its words, and how alike (0 to 1)."""

    line: int
    section: tuple[str, ...]
    text: str
    score: float = 1.0


class TargetLost(UserError):
    """The edit's place is not on the page, or is not told clearly enough to edit it.

    ``reason`` is one of ``missing`` (the target is not there), ``ambiguous`` (it may be several
    places), ``changed`` (somebody else has changed it), ``already`` (the page says so already),
    ``structure`` (the edit would change headings, fences or lists around it) and ``invalid``
    (the edit or the page cannot be read). The problem names the field
    of the edit that is at fault.
    """

    def __init__(
        self,
        reason: Reason,
        message: str,
        *,
        field: str | None = None,
        place: Place | None = None,
        hint: str | None = None,
        candidates: Iterable[Candidate] = (),
    ) -> None:
        self.reason = reason
        self.candidates = tuple(candidates)
        super().__init__([Problem(message, place or Place(), hint, field)])
