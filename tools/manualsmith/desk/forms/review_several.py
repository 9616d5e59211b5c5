"""Several suggestions at once: those that are ticked, or all of one confirmation; and undoing."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from manualsmith.desk.forms.queue_page import TIP, Line, line_of, matching
from manualsmith.desk.forms.review_form import rows_of, shown_of
from manualsmith.desk.page_request import Ask
from manualsmith.errors import Problem, UserError
from manualsmith.records.models.suggestion import State
from manualsmith.text import t
from manualsmith.workflow.landing.close import Verdict
from manualsmith.workflow.queue.list_queue import QueueFilter
from manualsmith.workflow.queue.outcomes import WRITTEN, Outcome
from manualsmith.workflow.review.comment import NewComment, comment
from manualsmith.workflow.review.refresh import refresh
from manualsmith.workflow.review.reopen import reopen
from manualsmith.workflow.review.revert import revert

_STATES: dict[str, State] = {"accept": "accepted", "reject": "rejected"}
_MOST = 1000


@dataclass(frozen=True)
class Answerable:
    """One suggestion of a confirmation's page: its line, and the pages before and after."""

    line: Line
    rows: Sequence[object]
    offered: bool


def several(ask: Ask) -> Response:
    """Decide what was ticked, all alike or each as it says; what cannot be is told, and stays."""
    wanted = _wanted(ask)
    if not wanted:
        raise UserError(t("nothing is ticked"))
    reason = ask.typed("reason").strip()
    if not reason and {"reject", "ask"} & set(wanted.values()):
        raise UserError(t("say why: who proposed it will read it"))
    outcomes: list[Outcome] = []
    for what, state in _STATES.items():
        if names := [name for name, one in wanted.items() if one == what]:
            said = reason if state == "rejected" else ""
            verdict = Verdict(state, said, ask.person.name, seen_each=_seen(ask, names))
            outcomes += ask.rooms.deciding.decide(ask.workspace, names, verdict).outcomes
    if names := [name for name, one in wanted.items() if one == "ask"]:
        remark = NewComment(reason, "ask", ask.person.name, seen=_seen(ask, names))
        outcomes += comment(ask.workspace.refreshed(), names, remark).outcomes
    if names := [name for name, one in wanted.items() if one == "refresh"]:
        outcomes += refresh(ask.workspace.refreshed(), names).outcomes
    return _told(ask, outcomes)


def _wanted(ask: Ask) -> dict[str, str]:
    """Return what is to be done with which suggestion."""
    known = {item.account.id for item in ask.board.chosen(QueueFilter())}
    ticked = [str(name) for name in ask.form.getlist("chosen")]
    ticked += _listed(ask)
    each = {name.removeprefix("do."): ask.typed(name) for name in ask.form if name[:3] == "do."}
    asked = {**dict.fromkeys(ticked, ask.typed("do")), **each}
    allowed = (*_STATES, "ask", "refresh")
    found = {n: what for n, what in asked.items() if what in allowed and n in known}
    if len(found) > _MOST:
        raise UserError(
            t("that is {count} at once, and {most} is the most", count=len(found), most=_MOST),
            hint=t("list fewer by the filters above the queue"),
        )
    return found


def _seen(ask: Ask, names: Sequence[str]) -> dict[str, str]:
    """Return the tips that were looked at, by id."""
    listed = _listed(ask)
    return {n: tip for n in names if (tip := ask.typed(f"seen.{n}") or listed.get(n))}


def _listed(ask: Ask) -> dict[str, str]:
    """Return the tips, by id, of all that were listed where all of them are wanted.

    What came or was changed since is not among them.
    """
    listed = set(ask.typed("matching").split())
    found = (item.account for item in (matching(ask) if listed else ()))
    return {one.id: one.tip for one in found if one.tip[:TIP] in listed}


def _told(ask: Ask, outcomes: Sequence[Outcome]) -> Response:
    done = [one for one in outcomes if one.status in WRITTEN]
    left = [one for one in outcomes if one.status not in WRITTEN]
    undoable = [one.id for one in done if one.status in ("accepted", "rejected")]
    return ask.page("several.html", 200, done=done, left=left, undoable=undoable)


def undo(ask: Ask) -> Response:
    """Take decisions back: each suggestion is in the queue again, and the records say so."""
    names = [str(name) for name in ask.form.getlist("undo")][:_MOST]
    accepted = [item.account.id for item in ask.board.chosen(QueueFilter(states=("accepted",)))]
    taken = [name for name in names if name in accepted]
    problems: list[Problem] = []
    if taken:
        verdict = Verdict("reverted", t("undone at once"), ask.person.name)
        report = revert(ask.workspace, taken, verdict)
        failed = [one for one in report.outcomes if one.status != "reverted"]
        problems += [problem for one in failed for problem in one.problems or (_taken_back(one),)]
        names = [name for name in names if name not in {one.id for one in failed}]
    if names:
        report = reopen(ask.workspace.refreshed(), names)
        for one in report.outcomes:
            problems += [_taken_back(one)] if one.status == "unchanged" else one.problems
    if problems:
        return ask.told(problems, 409)
    said = t("open again: {count}", count=len(names))
    return ask.go(f"/review/{names[0]}" if len(names) == 1 else "/review", said)


def _taken_back(one: Outcome) -> Problem:
    """Return what is said of a decision that somebody else has undone meanwhile."""
    return Problem(t("{id} is open again already", id=one.id))


def together(ask: Ask) -> Response:
    """Show all that one confirmation asks for, each part with its own answer."""
    name = ask.path("id")
    items = ask.board.chosen(QueueFilter(confirmation=name))
    if not items:
        raise UserError(t("nothing of {id} waits", id=name))
    parts = []
    for item in items:
        shown = shown_of(ask, item.account.id)
        standing = item.standing.kind if item.standing else ""
        offered = not shown.problems and standing != "edited"
        parts.append(Answerable(line_of(item), rows_of(shown), offered))
    confirmation = ask.desk.confirmations.get(name)
    return ask.page("together.html", 200, name=name, parts=parts, confirmation=confirmation)
