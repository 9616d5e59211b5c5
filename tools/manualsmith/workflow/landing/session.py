"""A reviewer's session: main with what was decided so far, while no other process decides."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from manualsmith.errors import Problem
from manualsmith.git.blobs import BlobReader
from manualsmith.git.branches import RefInfo
from manualsmith.workflow.landing.adopt import keep_adopted
from manualsmith.workflow.landing.land_on_main import Landing
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.snapshot import Snapshot


@dataclass(frozen=True)
class Session:
    """What one command's decisions are made on.

    ``snapshot`` is main with what was decided so far, ``clashes`` the branches that a remote has
    otherwise.
    """

    workspace: Workspace
    reader: BlobReader
    refs: Mapping[str, RefInfo]
    snapshot: Snapshot
    landing: Landing
    dry_run: bool
    clashes: Mapping[str, Problem] = field(default_factory=dict)

    @property
    def open(self) -> dict[str, RefInfo]:
        """The branches that nothing in this session has decided yet, by ref."""
        closed = self.landing.closed
        return {ref: info for ref, info in self.refs.items() if ref not in closed}

    def finish(self) -> str:
        """Move main to what was decided, and return its tip. A dry run moves nothing."""
        if self.dry_run:
            return self.workspace.main.tip
        tip = self.landing.finish()
        keep_adopted(self.workspace.at(tip))
        return tip
