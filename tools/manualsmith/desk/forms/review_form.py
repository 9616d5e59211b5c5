"""The review pages: one suggestion, and the decision on it."""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

from starlette.responses import Response

from manualsmith.desk.forms.accepting import offered_to, pages_of
from manualsmith.desk.forms.queue_page import kept, matching
from manualsmith.desk.forms.wording_fields import fields_of, since_asked, worded, words_beside
from manualsmith.desk.manual_view import compared_pages
from manualsmith.desk.page_request import Ask, only_looks
from manualsmith.errors import Problem, UserError
from manualsmith.markdown.dialect import Dialect
from manualsmith.records.models.suggestion import Saying, State, Suggestion
from manualsmith.site.preview.review_page import Stretch
from manualsmith.text import language, t
from manualsmith.workflow.landing.close import Verdict
from manualsmith.workflow.queue.decision_words import standing_name, turn_name, verdict_told
from manualsmith.workflow.queue.outcomes import Outcome, Report
from manualsmith.workflow.queue.show_suggestion import Shown, show
from manualsmith.workflow.review.comment import NewComment
from manualsmith.workflow.review.comment import comment as say
from manualsmith.workflow.review.refresh import refresh as put_on_main
from manualsmith.workflow.review.reopen import reopen as open_again
from manualsmith.workflow.review.revert import revert as take_back
from manualsmith.workflow.workspace.changed_page import ChangedPage
from manualsmith.workflow.workspace.remake import Already


def one(ask: Ask, problems: Sequence[Problem] = (), status: int = 200) -> Response:
    """Show one suggestion: why, where, before and after, and what can be decided."""
    shown = shown_of(ask, ask.path("id"))
    offered = offered_to(ask.person.name, ask.board.workspace, shown)
    reworded = shown.edited.record if shown.edited else shown.record
    order = [item.account.id for item in matching(ask)]
    before, after = _beside(order, shown.record.id)
    branch = ask.board.read.refs.get(f"refs/heads/{shown.branch}") if shown.branch else None
    return ask.page(
        "suggestion.html",
        status,
        shown=shown,
        record=shown.record,
        seen=branch.tip if branch else "",
        offered=offered,
        pages=_rows(offered.pages, shown.dialect),
        beyond=_rows(shown.beyond, shown.dialect),
        standing=standing_name(shown.standing.kind) if shown.standing else "",
        wording=fields_of(shown.record) if offered.rewords else [],
        own_words=fields_of(shown.record) if _amends(ask, shown.record) else [],
        previous=before,
        following=after,
        place=order.index(shown.record.id) + 1 if shown.record.id in order else None,
        count=len(order),
        filters=kept(ask),
        beside=words_beside(reworded, shown.dialect),
        since=since_asked(shown.record, shown.dialect),
        turn=turn_name(shown.record.turn) if shown.state == "open" else "",
        decision=verdict_told(shown.record.decision) if shown.record.decision else "",
        earlier=[verdict_told(one) for one in shown.record.history],
        problems=problems,
    )


def _amends(ask: Ask, record: Suggestion) -> bool:
    """Return whether who looks may put a suggestion in other words; a reviewer accepts it so."""
    return ask.person.may("staff") and (
        not ask.person.may("reviewer") or ask.person.name in record.authors
    )


def shown_of(ask: Ask, name: str) -> Shown:
    """Return a suggestion as it is shown; what was looked at before is kept."""
    board = ask.board
    return _looked_at(
        _Key(board.workspace.main.tip, tuple(sorted(_tips(ask, name))), name, language()), ask
    )


@dataclass(frozen=True)
class _Key:
    """What a suggestion as it is shown follows from."""

    main: str
    tips: tuple[str, ...]
    name: str
    language: str


def _tips(ask: Ask, name: str) -> Iterator[str]:
    """Yield the tip of the suggestion's branch, and of those that meet it."""
    for item in ask.board.read.items.values():
        if item.account.id == name or name in item.meets:
            yield item.account.tip


class _Looked(dict[_Key, Shown]):
    """The suggestions that were looked at last: the queue is gone through by several people."""

    most = 256

    def __init__(self) -> None:
        super().__init__()
        self._changing = Lock()

    def keep(self, key: _Key, shown: Shown) -> Shown:
        """Keep one, and forget the oldest."""
        with self._changing:
            while len(self) >= self.most:
                self.pop(next(iter(self)))
            self[key] = shown
        return shown


_looked = _Looked()


def _looked_at(key: _Key, ask: Ask) -> Shown:
    found = _looked.get(key)
    return found or _looked.keep(key, show(ask.board.workspace, key.name, ask.board.read))


@lru_cache(maxsize=256)
def _rows(
    pages: tuple[ChangedPage, ...], dialect: Dialect
) -> list[tuple[ChangedPage, list[Stretch], str]]:
    """Return each page with its rows side by side, and its source's differences."""
    sides = compared_pages(pages, dialect)
    return [(page, rows, "\n".join(_source(page))) for page, rows in sides]


def rows_of(shown: Shown) -> list[tuple[ChangedPage, list[Stretch], str]]:
    """Return the pages of a suggestion with their rows side by side."""
    return _rows(shown.pages, shown.dialect)


def _source(page: ChangedPage) -> Iterator[str]:
    old, new = (page.before or "").splitlines(), (page.after or "").splitlines()
    yield from difflib.unified_diff(old, new, page.moved_from or page.path, page.path, lineterm="")


def _beside(order: Sequence[str], name: str) -> tuple[str | None, str | None]:
    if name not in order:
        return None, next(iter(order), None)
    at = order.index(name)
    following = order[at + 1] if at + 1 < len(order) else None
    return (order[at - 1] if at else None), following


@only_looks
def wording(ask: Ask) -> Response:
    """Show what the page would be with the reviewer's words."""
    shown = shown_of(ask, ask.path("id"))
    record = shown.record
    if words := worded(ask, record):
        edits = tuple(e.model_copy(update={"instead": words}) for e in record.edits)
        record = record.model_copy(update={"edits": edits})
    try:
        pages = pages_of(ask.workspace, record)
    except Already as already:
        places = ", ".join(already.places)
        raise UserError(t("already in the manual: {places}", places=places)) from already
    return ask.page("part_rows.html", pages=_rows(pages, shown.dialect))


def accept(ask: Ask) -> Response:
    """Accept one suggestion; the next one comes up."""
    return _decided(ask, "accepted")


def reject(ask: Ask) -> Response:
    """Reject one suggestion, with a reason."""
    return _decided(ask, "rejected")


def withdraw(ask: Ask) -> Response:
    """Withdraw one suggestion, with a reason."""
    return _decided(ask, "withdrawn")


def accept_edited(ask: Ask) -> Response:
    """Accept one suggestion as people have made it on its branch."""
    return _decided(ask, "accepted", as_edited=True)


def ask_for_change(ask: Ask) -> Response:
    """Ask the author for a change; the next suggestion comes up."""
    return _commented(ask, NewComment(ask.typed("reason"), "ask", ask.person.name, seen=_seen(ask)))


def comment(ask: Ask) -> Response:
    """Say something of one suggestion, or answer; other words amend it."""
    name = ask.path("id")
    words = worded(ask, shown_of(ask, name).record)
    kind: Saying = "amend" if words else "comment"
    return _commented(ask, NewComment(ask.typed("said"), kind, ask.person.name, words, _seen(ask)))


def _seen(ask: Ask) -> dict[str, str]:
    return {ask.path("id"): tip} if (tip := ask.typed("seen")) else {}


def _commented(ask: Ask, remark: NewComment) -> Response:
    name = ask.path("id")
    try:
        report = say(ask.workspace, [name], remark)
    except UserError as error:
        return one(ask, error.problems, 422)
    if remark.kind != "ask":
        return _again(ask, name, report)
    return _after(ask, name, report)


def revert(ask: Ask) -> Response:
    """Take one accepted suggestion back, with a reason."""
    name, reason = ask.path("id"), ask.typed("reason").strip()
    if not reason:
        return one(ask, [Problem(t("say why: who proposed it will read it"))], 422)
    try:
        verdict = Verdict("reverted", reason, ask.person.name)
        report = take_back(ask.workspace, [name], verdict)
    except UserError as error:
        return one(ask, error.problems, 422)
    return _again(ask, name, report)


def _decided(ask: Ask, state: State, *, as_edited: bool = False) -> Response:
    name = ask.path("id")
    reason = ask.typed("reason").strip()
    if state != "accepted" and not reason:
        return one(ask, [Problem(t("say why: who proposed it will read it"))], 422)
    try:
        own = state == "accepted" and not as_edited and ask.typed("worded") == "1"
        words = worded(ask, shown_of(ask, name).record) if own else None
        seen = ask.typed("seen") or None
        verdict = Verdict(state, reason, ask.person.name, words, seen, as_edited)
        drop = state != "accepted" and ask.typed("drop") == "1"
        decide = ask.rooms.deciding.decide
        report = decide(ask.workspace, [name], verdict, discard_edits=drop)
    except UserError as error:
        return one(ask, error.problems, 422)
    return _after(ask, name, report)


def _after(ask: Ask, name: str, report: Report) -> Response:
    """Go on to the next suggestion, or say why nothing was decided."""
    [outcome] = report.outcomes
    if outcome.status == "refused":
        return one(ask, outcome.problems, 409)
    if outcome.status == "decided":
        return _decided_already(ask, outcome)
    following = ask.typed("following")
    path = f"/review/{following}" if following and following != name else "/review"
    undo = {"undo": outcome.id} if outcome.status in ("accepted", "rejected", "withdrawn") else {}
    return ask.go(path, _said(outcome), {**kept(ask), **undo})


def _decided_already(ask: Ask, outcome: Outcome) -> Response:
    said = t("it is decided already: {decision}", decision=outcome.message or "")
    return one(ask, [Problem(said)], 409)


def _said(outcome: Outcome) -> str:
    """Return what was done, and what is to be noted of it."""
    done = f"{_done(outcome)} {outcome.summary}"
    return t("; ").join([done, *outcome.notes])


def _done(outcome: Outcome) -> str:
    return {
        "accepted": t("accepted:"),
        "rejected": t("rejected:"),
        "withdrawn": t("withdrawn:"),
        "superseded": t("the manual said so already:"),
        "refreshed": t("on today's main:"),
        "reopened": t("open again:"),
        "reverted": t("taken back:"),
        "commented": t("said of it:"),
        "asked": t("a change is asked for:"),
        "amended": t("in other words now:"),
    }.get(outcome.status, "")


@only_looks
def refresh(ask: Ask) -> Response:
    """Put one suggestion on today's main."""
    name = ask.path("id")
    report = put_on_main(ask.workspace, [name])
    return _again(ask, name, report)


def reopen(ask: Ask) -> Response:
    """Open a decided suggestion again."""
    name = ask.path("id")
    report = open_again(ask.workspace, [name])
    return _again(ask, name, report)


def _again(ask: Ask, name: str, report: Report) -> Response:
    [outcome] = report.outcomes
    if outcome.status in ("refused", "left-alone"):
        problems = outcome.problems or (Problem(outcome.message or ""),)
        return one(ask, problems, 409)
    if outcome.status == "decided":
        return _decided_already(ask, outcome)
    if outcome.status == "unchanged":
        return ask.go(f"/review/{name}", t("it is on today's main already"), kept(ask))
    return ask.go(f"/review/{name}", _said(outcome), kept(ask))
