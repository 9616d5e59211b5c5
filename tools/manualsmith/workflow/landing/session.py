"""A reviewer's session: main with what was decided so far, while no other process decides."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from manualsmith.errors import Problem
from manualsmith.git.blobs import BlobReader
from manualsmith.git.branches import RefInfo
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

    def finish(self) -> str:
        """Move main to what was decided, and return its tip. A dry run moves nothing."""
        return self.workspace.main.tip if self.dry_run else self.landing.finish()
