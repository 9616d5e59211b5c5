"""Ask probes, and hold what they read against what the manuals say."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from manualsmith.errors import Problem, UserError
from manualsmith.layout import fact_label
from manualsmith.naming import fold, near
from manualsmith.probes.read_source import read_source
from manualsmith.probes.versions import value_in
from manualsmith.records.environment_reports.reported_environment import fitting
from manualsmith.records.privacy import masked, refuse_personal
from manualsmith.settings.probe_settings import Probe
from manualsmith.text import t
from manualsmith.workflow.queue.outcomes import problem_json
from manualsmith.workflow.suggest.bound_facts import documented_facts
from manualsmith.workflow.workspace.open_workspace import Workspace

ReadingStatus = Literal["same", "differs", "unstated", "left", "failed"]
# Of an answer so much is kept; a secret that its end would cut through is masked before.
KEPT, _LOOKED_AT = 2_000, 20_000


@dataclass(frozen=True)
class Reading:
    """What one probe read: ``same`` as the manuals say, or it ``differs``.

    ``unstated``: no page states the fact. ``left``: it cannot be told whether it is the same.
    ``failed``: nothing was read, and *problem* says why. *answer* is what was answered, masked and
    no longer than `KEPT`; *size* is its size in bytes.
    """

    probe: Probe
    status: ReadingStatus
    observed: str | None = None
    documented: str | None = None
    answer: str = ""
    size: int = 0
    problem: Problem | None = None

    @property
    def key(self) -> tuple[str, str]:
        """The fact's category and name."""
        return self.probe.category, self.probe.fact

    def as_json(self) -> dict[str, Any]:
        """Return plain values for ``--json``; what is None is left out."""
        probe = self.probe
        values = {
            "name": probe.name,
            "product": probe.product,
            "category": probe.category,
            "fact": probe.fact,
            "status": self.status,
            "observed": self.observed,
            "documented": self.documented,
            "problem": problem_json(self.problem) if self.problem else None,
        }
        return {name: value for name, value in values.items() if value is not None}


def chosen_probes(workspace: Workspace, names: Sequence[str]) -> list[Probe]:
    """Return the probes of *names*, all without names. Raises UserError for an unknown one."""
    known = workspace.settings.probes.probes
    if not known:
        raise UserError(
            t("the settings have no probes"),
            hint=t("such as [tool.manualsmith.probes.server] with product, category, fact, url"),
        )
    problems = [
        Problem(
            t("there is no probe {name}", name=name),
            hint=t("probes: {names}", names=", ".join(near(name, known) or known)),
        )
        for name in names
        if name not in known
    ]
    if problems:
        raise UserError(problems)
    return [one for name, one in known.items() if not names or name in names]


def read_probes(workspace: Workspace, probes: Sequence[Probe]) -> list[Reading]:
    """Ask each probe, one after the other; one that fails keeps no other from being asked."""
    documented = documented_facts(workspace)
    return [
        _reading(workspace, one, documented.get(one.product, {}).get((one.category, one.fact), ()))
        for one in probes
    ]


def _reading(workspace: Workspace, probe: Probe, documented: Sequence[str]) -> Reading:
    settings = workspace.settings
    try:
        answer = read_source(probe, settings.probes, workspace.repository.folder)
        observed = value_in(answer, probe)
        refuse_personal(observed, settings.allow_personal)
    except UserError as error:
        [first, *_] = error.problems
        said = masked(_plain(first.message), settings.allow_personal)
        return Reading(probe, "failed", problem=Problem(said, probe.place, first.hint))
    kept = masked(_plain(answer[:_LOOKED_AT].decode("utf-8", "replace")), settings.allow_personal)
    return _compared(Reading(probe, "same", observed, None, kept[:KEPT], len(answer)), documented)


def _plain(text: str) -> str:
    """Return a text without what no record can hold, such as control characters."""
    return "".join(one if one.isprintable() or one == "\n" else " " for one in text).strip()


def _compared(read: Reading, documented: Sequence[str]) -> Reading:
    """Return a reading with what the manuals say: the first value that it differs from, if any."""
    if not documented:
        return _with(read, "unstated")
    observed = read.observed or ""
    plain = read.probe.versioning == "plain"
    for said in documented:
        same = fold(observed) == fold(said)
        fitted = said if same else observed if plain else fitting(observed, said)
        if fitted is None:
            message = t("{fact}: the manual says {documented}, and what was read is {observed}",
                        fact=fact_label(read.probe.fact), documented=said,
                        observed=observed)  # fmt: skip
            hint = t("say yourself whether it is the same")
            return _with(read, "left", said, problem=Problem(message, read.probe.place, hint))
        if fitted != said:
            return _with(read, "differs", said, fitted)
    return _with(read, "same", documented[0], documented[0])


def _with(
    read: Reading,
    status: ReadingStatus,
    documented: str | None = None,
    observed: str | None = None,
    problem: Problem | None = None,
) -> Reading:
    value = observed or read.observed
    return replace(read, status=status, observed=value, documented=documented, problem=problem)
