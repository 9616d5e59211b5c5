"""The probes that failed when they were last asked on this machine, for the audit.

A file of the git directory has them: to fail changes nothing that anybody shares.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from manualsmith.files import replacing
from manualsmith.git.repository import Repository
from manualsmith.git.worktree import one_at_a_time
from manualsmith.workflow.probing.readings import Reading
from manualsmith.workflow.workspace.open_workspace import Workspace


@dataclass(frozen=True)
class ProbeFailure:
    """When a probe was asked in vain, as records have moments, since when, and the reason."""

    since: str
    at: str
    reason: str


_SHAPE = TypeAdapter(dict[str, ProbeFailure])


def note_failures(repository: Repository, readings: Sequence[Reading], at: str) -> None:
    """Keep which of *readings* failed, *at* a moment; those that did not are forgotten."""
    with one_at_a_time(repository):
        kept = _read(repository)
        before = dict(kept)
        for one in readings:
            name = one.probe.name
            failed = kept.pop(name, None)
            if one.status == "failed" and one.problem:
                since = failed.since if failed else at
                kept[name] = ProbeFailure(since, at, one.problem.message)
        if kept != before:
            file = _file(repository)
            file.parent.mkdir(exist_ok=True)
            with replacing(file) as made:
                made.write_text(json.dumps({name: vars(one) for name, one in kept.items()}))


def failures(workspace: Workspace) -> dict[str, ProbeFailure]:
    """Return the failures by name, of the probes that the settings still have."""
    known = workspace.settings.probes.probes
    return {name: one for name, one in _read(workspace.repository).items() if name in known}


def _file(repository: Repository) -> Path:
    return repository.common_dir / "manualsmith" / "probes.json"


def _read(repository: Repository) -> dict[str, ProbeFailure]:
    """Return what is kept; nothing where the file is damaged."""
    with suppress(OSError, ValueError):
        return _SHAPE.validate_json(_file(repository).read_bytes())
    return {}
