"""Group commit: decisions that come while others are landing land together, one move of main."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from manualsmith.workflow.landing.close import Verdict
from manualsmith.workflow.queue.outcomes import Report
from manualsmith.workflow.review.decide import Asked, decide_each
from manualsmith.workflow.workspace.open_workspace import Workspace

# Whoever was in a group sends the next decision as soon as it has landed. The first of them would
# land alone, for the price of a group, and the others wait for that: so it waits for them instead.
_SIBLINGS = 5
_DELAY = 0.02  # seconds
_RECENT = 1.0  # seconds


@dataclass
class _Waiting:
    """Somebody's decisions, and their answer once they have landed."""

    asked: Asked
    answer: Report | Exception | None = None


class GroupCommit:
    """The decisions of all threads of one server.

    Each session has a price that does not depend on how many it decides: opening it, and moving
    main with the files of a worktree. Whoever comes first lands alone; who comes meanwhile waits,
    and all who wait are the next group. Each has an answer of their own, and none before main has
    moved.
    """

    def __init__(self) -> None:
        self._waiting: list[_Waiting] = []
        self._changing, self._landing = Lock(), Lock()
        self._last = 0, 0.0  # how many the last group had, and when it had landed

    def decide(
        self,
        workspace: Workspace,
        names: Sequence[str],
        verdict: Verdict,
        *,
        discard_edits: bool = False,
    ) -> Report:
        """Decide as `decide.decide` does, with whoever else decides now. Raises as it does."""
        person = workspace.repository.person
        mine = _Waiting(Asked(names, verdict, discard_edits, person))
        with self._changing:
            self._waiting.append(mine)
        with self._landing:
            if mine.answer is None:
                self._land(workspace)
        if isinstance(mine.answer, Report):
            return mine.answer
        raise mine.answer or RuntimeError("a decision has no answer")

    def _land(self, workspace: Workspace) -> None:
        size, at = self._last
        if size >= _SIBLINGS and time.monotonic() - at < _RECENT:
            time.sleep(_DELAY)
        with self._changing:
            group, self._waiting = self._waiting, []
        answers = decide_each(workspace, [one.asked for one in group])
        for one, answer in zip(group, answers, strict=True):
            one.answer = answer
        self._last = len(group), time.monotonic()
