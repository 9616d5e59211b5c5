"""Refs under ``refs/manualsmith/`` that keep a commit for each branch: as seen, or as asked for."""

from collections.abc import Mapping

from manualsmith.git.refs import RefUpdate, refs_under, update_refs
from manualsmith.git.repository import Repository
from manualsmith.layout import BRANCHES


class SeenRefs:
    """The refs under ``refs/manualsmith/<folder>/``, one for each branch; read once.

    under: what the branches' full refs begin with. ``tips`` are the commits by that full ref.
    """

    def __init__(self, repository: Repository, folder: str, under: str = BRANCHES) -> None:
        self._repository, self._under = repository, under
        self._prefix = f"refs/manualsmith/{folder}/"
        found = refs_under(repository, self._prefix)
        self.tips = {ref.replace(self._prefix, under, 1): tip for ref, tip in found.items()}

    def updates(self, tips: Mapping[str, str | None]) -> list[RefUpdate]:
        """Return what keeps *tips* by branch from now on; None forgets a branch."""
        return [
            RefUpdate(branch.replace(self._under, self._prefix, 1), tip, self.tips.get(branch))
            for branch, tip in tips.items()
            if self.tips.get(branch) != tip
        ]

    def keep(self, tips: Mapping[str, str | None], message: str) -> None:
        """Keep *tips* by branch. Raises RefsMoved where another process has kept others."""
        update_refs(self._repository, self.updates(tips), message)
        self.noted(tips)

    def noted(self, tips: Mapping[str, str | None]) -> None:
        """Take *tips* as kept: the `updates` for them were made."""
        for branch, tip in tips.items():
            if tip is None:
                self.tips.pop(branch, None)
            else:
                self.tips[branch] = tip
