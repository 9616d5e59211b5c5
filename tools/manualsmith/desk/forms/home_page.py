"""The desk's first page: a day's work at a glance, what was begun, and who one is."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from starlette.responses import Response

from manualsmith.desk.forms.queue_page import Line, line_of
from manualsmith.desk.page_request import Ask
from manualsmith.errors import UserError
from manualsmith.naming import show_path
from manualsmith.paper.sheets import Cell, Sheet, chart_svg
from manualsmith.records.models.confirmation import Confirmed
from manualsmith.records.models.incident import OVER, Incident
from manualsmith.records.models.moments import instant, now
from manualsmith.records.privacy import refuse_personal
from manualsmith.text import t
from manualsmith.workflow.queue.list_queue import QueueFilter, QueueItem
from manualsmith.workflow.reports.due import Kept, due_by, where
from manualsmith.workflow.service.draft_confirmation import as_written
from manualsmith.workflow.service.incidents import in_order_of_work, is_overdue
from manualsmith.workflow.suggest.hand_in import file_confirmation

_SHOWN = 8
_DAYS = 7
_WAITING = 5
_DECIDED = ("accepted", "rejected")
# the pages that a place may be confirmed from, which show it no more
_BACK = ("/", "/due", "/incidents")


@dataclass(frozen=True)
class Card:
    """A figure of the day: what it counts, how many, where they are, and whether it presses."""

    title: str
    count: int
    address: str
    presses: bool = False


@dataclass(frozen=True)
class Due:
    """What is to be confirmed by *today*, what waits longest first: by whoever asks, by others."""

    mine: list[Kept]
    others: list[Kept]
    today: date

    @classmethod
    def of(cls, ask: Ask) -> "Due":
        """Return what is due; an owner is told of their own, staff of all."""
        today, keeps = now().date(), ask.person.keeps
        found = due_by(ask.rooms.watch.kept(ask.workspace, ask.desk), today)
        others = [one for one in found if not keeps(one.owner)]
        mine = [one for one in found if keeps(one.owner)]
        return cls(mine, others if ask.person.may("staff") else [], today)


def home(ask: Ask) -> Response:
    """Show the day's work: mine, what is late, what waits, what changed, and what was begun."""
    moment, me = now(), ask.person.name
    open_ = [one for one in ask.desk.incidents.values() if one.state not in OVER]
    mine = [one for one in in_order_of_work(open_) if one.assignee == me]
    drafts = list(ask.drafts.all())
    asked = _asked_of_me(ask)
    due = Due.of(ask)
    begun = {draft.values.get("id") for draft in drafts}
    return ask.page(
        "home.html",
        cards=_cards(ask, open_, len(asked) + len(due.mine)),
        mine=[(one, is_overdue(one, moment)) for one in mine[:_SHOWN]],
        asked=asked,
        changes=_changes(ask),
        longest=_longest_waiting(ask),
        due=due,
        shown=_WAITING,
        week=[(one, chart_svg(one) if _has_any(one) else "") for one in _week(ask)],
        drafts=drafts,
        forms=list(ask.drafts.forms.all()),
        walks=[one for one in ask.desk.walkthroughs.values() if one.unfinished],
        unfinished=[
            one for one in ask.desk.confirmations.values() if one.draft and one.id not in begun
        ],
    )


def due(ask: Ask) -> Response:
    """List all that is to be confirmed again."""
    return ask.page("due.html", due=Due.of(ask))


def confirm_as_written(ask: Ask) -> Response:
    """Confirm that a place was followed and held: one press, a confirmation of its own."""
    at = (ask.typed("manual"), ask.typed("page"), ask.typed("section"))
    kept = ask.rooms.watch.kept(ask.workspace, ask.desk)
    one = next((o for o in kept if (o.manual, o.page, show_path(o.section)) == at), None)
    if one is None:
        raise UserError(t("that place is not on main any more, or needs no confirmation"))
    if not one.product:
        raise UserError(
            t("which product?"), hint=t("the page's front matter, or the settings, name it")
        )
    place = Confirmed(manual=one.manual, page=one.page, section=one.section or None)
    reported = t("{where} was due to be confirmed", where=where(one))
    today = now().date()
    made = as_written(place, one.product, ask.person.name, today, reported, ask.workspace.release)
    filed = file_confirmation(
        ask.workspace, ask.records, lambda name: made.model_copy(update={"id": name}), today
    )
    said = t("{id}: {where} is confirmed", id=filed.confirmation.id, where=where(one))
    back = ask.typed("back")
    query = {"which": "mine"} if back == "/incidents" else {}
    return ask.go(back if back in _BACK else "/", said, query)


def _asked_of_me(ask: Ask) -> list[QueueItem]:
    """Return my suggestions of which a reviewer wants something changed."""
    return [
        item
        for item in ask.board.chosen(QueueFilter())
        if item.account.turn == "author" and item.account.proposer == ask.person.name
    ]


def _cards(ask: Ask, open_: list[Incident], others: int) -> list[Card]:
    moment, me = now(), ask.person.name
    free = [one for one in ask.desk.requests.values() if one.free]
    late = sum(is_overdue(one, moment) for one in open_)
    assignees = [*(one.assignee for one in open_), *(one.assignee for one in free)]
    nobodys, mine = sum(not who for who in assignees), assignees.count(me)
    opened = ask.board.chosen(QueueFilter())
    waiting = sum(item.account.turn != "author" for item in opened)
    return [
        Card(t("mine"), mine + others, "/incidents?which=mine"),
        Card(t("overdue"), late, "/incidents?which=overdue", presses=late > 0),
        Card(t("nobody's"), nobodys, "/incidents?which=unassigned", presses=nobodys > 0),
        Card(t("suggestions to review"), waiting, "/review"),
    ]


def _changes(ask: Ask) -> list[Card]:
    """Return what happened since the beginning of yesterday."""
    since = (now() - timedelta(days=1)).date()
    decided = Counter(
        item.account.verdict.state
        for item in ask.board.chosen(QueueFilter(states=_DECIDED))
        if item.account.verdict and _day(item.account.verdict.at) >= since
    )
    resolved = sum(
        one.resolved is not None and _day(one.resolved) >= since
        for one in ask.desk.incidents.values()
    )
    asked = sum(_day(one.at) >= since for one in ask.desk.requests.values())
    return [
        Card(t("requests"), asked, "/incidents"),
        Card(t("resolved"), resolved, "/incidents?which=all"),
        Card(t("accepted"), decided["accepted"], "/review?state=accepted"),
        Card(t("rejected"), decided["rejected"], "/review?state=rejected"),
    ]


def _longest_waiting(ask: Ask) -> list[Line]:
    """Return the suggestions that a reviewer is to look at first: the oldest."""
    if not ask.person.may("reviewer"):
        return []
    opened = [one for one in ask.board.chosen(QueueFilter()) if one.account.turn != "author"]
    return [line_of(one) for one in sorted(opened, key=lambda one: one.account.at)[:_WAITING]]


def _week(ask: Ask) -> list[Sheet]:
    """Return by day the requests that came beside those resolved, and what was decided."""
    today = now().date()
    days = [today - timedelta(days=back) for back in reversed(range(_DAYS))]
    came = Counter(_day(one.at) for one in ask.desk.requests.values())
    resolved = Counter(_day(one.resolved) for one in ask.desk.incidents.values() if one.resolved)
    decided = Counter[tuple[str, date]](
        (item.account.verdict.state, _day(item.account.verdict.at))
        for item in ask.board.chosen(QueueFilter(states=_DECIDED))
        if item.account.verdict
    )
    called = tuple((f"{day.month}/{day.day}", came[day], resolved[day]) for day in days)
    answered: tuple[tuple[Cell, ...], ...] = tuple(
        (f"{day.month}/{day.day}", *(decided[state, day] for state in _DECIDED)) for day in days
    )
    return [
        Sheet(t("Calls this week"), (t("day"), t("requests"), t("resolved")), called, bars=True),
        Sheet(
            t("Decisions this week"), (t("day"), t("accepted"), t("rejected")), answered, bars=True
        ),
    ]


def _has_any(sheet: Sheet) -> bool:
    return any(any(row[1:]) for row in sheet.rows)


def _day(moment: str) -> date:
    return instant(moment).date()


def name_me(ask: Ask) -> Response:
    """Keep the staff number of whoever works alone here, in git's configuration."""
    number = ask.typed("staff").strip()
    if not ask.rooms.door or not number or "\n" in number or len(number) > 100:
        raise UserError(t("which staff number or role are you?"))
    refuse_personal(number, ask.workspace.settings.allow_personal)
    ask.workspace.repository.set_config("manualsmith.staff", number)
    ask.rooms.door.named(number)
    return ask.go("/", t("you are {who} from now on", who=number))
