"""What every outcome of one run of ``suggest`` is worked out from."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from manualsmith.store.blobs import BlobReader
from manualsmith.store.branches import RefInfo
from manualsmith.workflow.existing import Branch
from manualsmith.workflow.facts import FactIndex
from manualsmith.workflow.known import Known
from manualsmith.workflow.opening import Workspace
from manualsmith.workflow.snapshot import Snapshot


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
