"""Start a new confirmation: claim its id, fill the template."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from manualsmith.errors import UserError
from manualsmith.git.claimed_ids import Claim
from manualsmith.layout import confirmation_path, confirmations_folder
from manualsmith.records.environment_reports.reported_environment import ReportedFact
from manualsmith.records.ids import next_id
from manualsmith.records.models.confirmation import parse_confirmation
from manualsmith.records.yaml.template import confirmation_template
from manualsmith.text import t
from manualsmith.workflow.service.service_records import records_of
from manualsmith.workflow.workspace.new_ids import claim, known_ids
from manualsmith.workflow.workspace.open_workspace import Workspace

PREFIX = "ENV"


@dataclass(frozen=True)
class NewConfirmation:
    """A new confirmation's id, path in the repository that holds records, and text.

    ``root`` is that repository's folder, None where it is bare. ``reason`` says why the id has
    letters, where the remote could not be asked; else it is None.
    """

    id: str
    path: str
    text: str
    reason: str | None
    root: Path | None


def new_confirmation(
    workspace: Workspace,
    day: date,
    product: str | None,
    staff: str | None,
    facts: Sequence[ReportedFact] = (),
    *,
    dry_run: bool = False,
) -> NewConfirmation:
    """Claim the next id of the day's year and return the template filled with it.

    facts: what reports of the user's machine tell. With *dry_run* the id is only looked up. Raises
    UserError where there is no product, or no id can be claimed.
    """
    records = records_of(workspace)
    product = named_product(records, product)
    if dry_run:
        claimed = Claim(next_id(PREFIX, day.year, known_ids(records, PREFIX)))
    else:
        [claimed] = claim(records, PREFIX, day.year)
    seen: dict[str, list[dict[str, str]]] = {}
    for one in facts:
        seen.setdefault(one.category, []).append(one.row)
    text = confirmation_template(claimed.id, day, product, staff, workspace.release, seen)
    root = records.repository.worktree
    return NewConfirmation(claimed.id, confirmation_path(claimed.id), text, claimed.reason, root)


def named_product(records: Workspace, product: str | None) -> str:
    """Return the product, without one the last confirmation's. Raises UserError for none."""
    product = product or last_product(records)
    if product is None:
        raise UserError(t("which product?"), hint=t("name it: --product nextcloud"))
    return product


def last_product(workspace: Workspace) -> str | None:
    """Return the product of the last confirmation in the working tree that can be read."""
    for path in reversed(_working_files(workspace)):
        try:
            return parse_confirmation(path.read_bytes(), path.name).product
        except (UserError, OSError):
            continue
    return None


def _working_files(workspace: Workspace) -> list[Path]:
    root = workspace.repository.worktree
    return sorted((root / confirmations_folder()).glob("*.yaml")) if root else []
