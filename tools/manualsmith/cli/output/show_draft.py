"""Show a drafted confirmation, and what to do with it."""

from manualsmith.cli.output.terminal import err, out
from manualsmith.text import t
from manualsmith.workflow.service.draft_confirmation import DraftedConfirmation


def show_draft(draft: DraftedConfirmation, *, dry_run: bool) -> None:
    """Print a draft's text and the next commands."""
    out().print(draft.text, end="")
    for note in draft.left_out:
        err().print(note, style="yellow")
    if dry_run:
        return
    err().print(t("draft: {path}", path=draft.path), style="bold")
    name = draft.confirmation.id
    err().print(t("look it through, then: manualsmith confirm finish {id}", id=name), style="dim")
