"""How who looks at an open suggestion may accept it: what would be refused is not offered."""

from dataclasses import dataclass
from typing import Literal

from manualsmith.errors import Problem, UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.records.models.suggestion import Suggestion
from manualsmith.text import t
from manualsmith.workflow.queue.show_suggestion import Shown
from manualsmith.workflow.workspace.changed_page import ChangedPage
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.remake import Already, rebuild
from manualsmith.workflow.workspace.snapshot import main_snapshot


@dataclass(frozen=True)
class Offered:
    """What a reviewer is offered, with the pages before and after as that leaves them.

    accept: the button's address, empty where there is none. rewords: whether the words may be
    changed first; ``only_reworded`` where it has no place as it is, so that other words may help.
    remark: why there is no button, ``problems`` what keeps the suggestion from today's main.
    """

    pages: tuple[ChangedPage, ...]
    problems: tuple[Problem, ...] = ()
    accept: Literal["accept", "accept-edited", ""] = ""
    rewords: bool = False
    remark: str = ""

    @property
    def only_reworded(self) -> bool:
        """Whether the suggestion can be accepted in other words at most."""
        return self.rewords and not self.accept


def offered_to(name: str, workspace: Workspace, shown: Shown) -> Offered:
    """Return how the person called *name* may accept a suggestion, as `decide` would let them."""
    if shown.state != "open":
        return Offered(shown.pages, shown.problems)
    if workspace.settings.own_suggestions == "refuse" and name in shown.record.authors:
        remark = t("{by} proposed it: somebody else is to accept it", by=name)
        return Offered(shown.pages, shown.problems, remark=remark)
    if shown.standing is None or shown.standing.kind != "edited":
        accept: Literal["accept", ""] = "" if shown.problems else "accept"
        return Offered(shown.pages, shown.problems, accept, rewords=True)
    return _edited(workspace, shown)


def _edited(workspace: Workspace, shown: Shown) -> Offered:
    """Return how a suggestion may be accepted whose branch people have committed to."""
    found = shown.edited
    if found is None:
        remark = t("What was put on the branch is not the suggestion: it cannot be accepted here.")
        return Offered(shown.pages, shown.problems, remark=remark)
    if found.beyond:
        remark = t("More than its words was changed on the branch: it cannot be accepted here.")
        return Offered(shown.pages, shown.problems, remark=remark)
    try:
        pages = pages_of(workspace, found.record)
    except Already:
        pages = shown.pages
    except UserError as error:
        return Offered(shown.pages, error.problems)
    worded = any(edit.instead for edit in found.record.edits)
    return Offered(pages, (), "accept-edited" if worded else "accept")


def pages_of(workspace: Workspace, record: Suggestion) -> tuple[ChangedPage, ...]:
    """Return the pages of today's main before and after a suggestion.

    Raises as `remake.rebuild`.
    """
    with BlobReader(workspace.repository) as reader:
        return rebuild(record, main_snapshot(workspace, reader), workspace.settings).pages
