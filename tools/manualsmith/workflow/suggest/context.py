"""The context of one run of ``suggest``: what each outcome is worked out from."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from manualsmith.git.blobs import BlobReader
from manualsmith.git.branches import RefInfo
from manualsmith.workflow.queue.branch import Branch
from manualsmith.workflow.suggest.bound_facts import FactIndex
from manualsmith.workflow.suggest.earlier import Known
from manualsmith.workflow.suggest.picture_shelf import PictureShelf
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.snapshot import Snapshot


@dataclass(frozen=True)
class Situation:
    """The repository as a run found it; ``known`` grows with what the run makes.

    ``branches`` are those of the run's own confirmations, ``refs`` all suggestion branches.
    """

    workspace: Workspace
    reader: BlobReader
    snapshot: Snapshot
    index: FactIndex
    refs: Mapping[str, RefInfo]
    branches: Mapping[str, Branch]
    known: Known
    checked_out: Mapping[str, Path]
    proposer: str
    pictures: PictureShelf
