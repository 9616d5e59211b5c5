"""The forms of requests and incidents, and each move of the work on an incident."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from starlette.responses import Response

from manualsmith.desk.forms.front_page import places_of, record_page
from manualsmith.desk.forms.home_page import Due
from manualsmith.desk.forms.offers import page_offers
from manualsmith.desk.page_request import Ask
from manualsmith.errors import Problem, UserError
from manualsmith.records.models.incident import MOVES, OVER, Incident, MoveName
from manualsmith.records.models.moments import instant, now
from manualsmith.records.models.request import SEVERITIES, SORTED_BY, Request, Severity
from manualsmith.records.privacy import masked
from manualsmith.text import t
from manualsmith.workflow.queue.named_pages import page_of_main
from manualsmith.workflow.service.draft_confirmation import from_incident
from manualsmith.workflow.service.incidents import (
    PlannedMove,
    ReportedProblem,
    announce,
    assign_request,
    close_request,
    in_order_of_work,
    is_overdue,
    join_incident,
    make_move,
    new_request,
    open_incident,
)
from manualsmith.workflow.service.replies import read_replies
from manualsmith.workflow.service.resolving import Resolving, resolution
from manualsmith.workflow.service.search_all import Kind, find

_NOTED = ("log", "wait", "answer", "explain", "reopen", "assign")
_KNOWN = 5
_USED = 30
_KINDS: tuple[Kind, ...] = ("entry", "section", "incident")


def said(ask: Ask, field: str) -> str | None:
    """Return what was typed, masked where that was asked for; None for nothing."""
    text = ask.typed(field).strip()
    if text and ask.typed("mask"):
        text = masked(text, ask.workspace.settings.allow_personal)
    return text or None


_SHOWN = 8
WHICH = ("mine", "unassigned", "open", "overdue", "waiting", "all")


def incidents(ask: Ask) -> Response:
    """List the incidents, the gravest first, and the requests that nobody has taken up."""
    which, moment = ask.query("which") or "open", now()
    words = ask.query("q").casefold().split()
    found = in_order_of_work(one for one in ask.desk.incidents.values() if _says(one, words))
    listed = [
        (one, is_overdue(one, moment))
        for one in found
        if _is_of(one, which, ask.person.name, moment)
    ]
    free = [one for one in ask.desk.requests.values() if one.free and _says(one, words)]
    if which == "mine":
        free = [one for one in free if one.assignee == ask.person.name]
    elif which == "unassigned":
        free = [one for one in free if not one.assignee]
    return ask.page(
        "incidents.html",
        listed=listed,
        waiting=sorted(free, key=lambda one: (SEVERITIES.index(one.severity), instant(one.at))),
        which=which,
        due=Due.of(ask) if which == "mine" else None,
        shown=_SHOWN,
        names=which_names(),
        asked=ask.query("q"),
        problems=(*ask.desk.problems, *read_replies(ask.records)[1]),
    )


def which_names() -> dict[str, str]:
    """Return the lists of incidents as people call them."""
    names = (
        t("mine"), t("nobody's"), t("in work"), t("overdue"), t("waiting for an answer"),
        t("all of them"),
    )  # fmt: skip
    return dict(zip(WHICH, names, strict=True))


def _is_of(one: Incident, which: str, person: str, moment: datetime) -> bool:
    """Return whether an incident is in a list."""
    open_ = one.state not in OVER
    return {
        "mine": open_ and one.assignee == person,
        "unassigned": open_ and not one.assignee,
        "overdue": is_overdue(one, moment),
        "waiting": one.waiting_on is not None,
        "all": True,
    }.get(which, open_)


def _says(one: Incident | Request, words: Sequence[str]) -> bool:
    """Return whether a record has all the words that were asked for."""
    texts = (one.id, one.symptom, one.product, one.assignee, one.category, one.item, one.severity)
    whole = " ".join(text for text in texts if text).casefold()
    return all(word in whole for word in words)


def request_form(ask: Ask, problems: tuple[Problem, ...] = (), status: int = 200) -> Response:
    """Show the form of a new request; what was typed stays where something is wrong."""
    last = max(ask.desk.requests.values(), key=lambda one: one.id, default=None)
    first = {
        "product": last.product if last else "",
        "symptom": ask.query("symptom"),
        "detail": ask.query("detail"),
        "page": ask.query("page"),
        "severity": "normal",
    }
    form = ask.form_of("/requests")
    return ask.page(
        "request.html",
        status,
        form=form,
        typed=ask.begun(form, first),
        problems=problems,
        severities=SEVERITIES,
        pages=page_offers(ask),
        used=used_words(ask),
    )


def used_words(ask: Ask) -> dict[str, list[str]]:
    """Return what was typed before for each of the desk's own words, what is usual first."""
    names = ("unit", "channel", *SORTED_BY)
    counted = {
        name: Counter(getattr(one, name) for one in ask.desk.requests.values()) for name in names
    }
    return {name: [word for word, _ in counted[name].most_common(_USED) if word] for name in names}


def known(ask: Ask) -> Response:
    """Show the closest known entries and earlier incidents, while somebody is typing."""
    asked = ask.query("q")
    found = find(ask.workspace, asked, kinds=_KINDS, most=_KNOWN) if len(asked) > 1 else []
    incidents_ = [ask.desk.incidents.get(one.passage.name) for one in found]
    return ask.page(
        "part_known.html",
        found=found,
        joinable=[one.id for one in incidents_ if one and "join" in MOVES[one.state]],
        places=places_of(ask, [one.passage.name for one in found]),
    )


def take_request(ask: Ask) -> Response:
    """Write a request."""
    severity: Severity = next((s for s in SEVERITIES if s == ask.typed("severity")), "normal")
    try:
        made = new_request(ask.records, _reported(ask, severity), ask.person.name, now())
    except UserError as error:
        return request_form(ask, error.problems, 422)
    if joined := ask.typed("join"):
        try:
            join_incident(ask.records, joined, [made.id], ask.person.name, None)
        except UserError as error:  # the request is written: it stays, and says why it is alone
            alone = t("; ").join(problem.message for problem in error.problems)
            return ask.go(f"/records/{made.id}", alone)
        return ask.go(f"/records/{joined}", t("joined: {id}", id=made.id))
    return ask.go(f"/records/{made.id}", t("written: {id}", id=made.id))


def _reported(ask: Ask, severity: Severity) -> ReportedProblem:
    """Return what the form of a request says. Raises UserError for what is no picture."""
    return ReportedProblem(
        ask.typed("product").strip(),
        said(ask, "symptom") or "",
        severity,
        said(ask, "detail"),
        _page_said(ask),
        said(ask, "requester"),
        unit=said(ask, "unit"),
        channel=said(ask, "channel"),
        category=said(ask, "category"),
        item=said(ask, "item"),
        impact=said(ask, "impact"),
        pictures=ask.pictures,
    )


def _page_said(ask: Ask) -> str | None:
    """Return the page that was typed as a request holds it. Raises UserError for none such."""
    if not (typed := ask.typed("page").strip()):
        return None
    manual, page = page_of_main(ask.workspace, typed, "operation")
    return f"{manual.name}/{page}"


def assign(ask: Ask) -> Response:
    """Say whose work a request is."""
    name, to = ask.path("id"), ask.typed("note").strip() or ask.person.name
    try:
        assign_request(ask.records, name, to)
    except UserError as error:
        return record_page(ask, name, error.problems, 422)
    return ask.go(f"/records/{name}", t("given to {who}: {id}", who=to, id=name))


def close(ask: Ask) -> Response:
    """Close a request that needs no incident."""
    name = ask.path("id")
    try:
        close_request(ask.records, name, said(ask, "reason") or "", ask.person.name, now())
    except UserError as error:
        return record_page(ask, name, error.problems, 422)
    return ask.go(f"/records/{name}", t("closed {id}", id=name))


def open_one(ask: Ask) -> Response:
    """Open an incident for one request or several."""
    names = [str(name) for name in ask.form.getlist("request")]
    if not names:
        raise UserError(t("which request?"))
    try:
        made = open_incident(ask.records, names, ask.person.name, now())
    except UserError as error:
        if len(names) == 1:
            return record_page(ask, names[0], error.problems, 422)
        raise
    return ask.go(f"/records/{made.id}", t("taken up: {id}", id=made.id))


def move(ask: Ask) -> Response:
    """Carry out one move of an incident."""
    name, wanted = ask.path("id"), ask.path("move")
    try:
        made = _moved(ask, name, wanted)
    except UserError as error:
        return record_page(ask, name, error.problems, 422)
    return ask.go(f"/records/{name}", t("noted: {id}", id=made.id))


def _moved(ask: Ask, name: str, wanted: str) -> Incident:
    records, who = ask.records, ask.person.name
    if wanted == "join":
        return join_incident(records, name, ask.typed("requests").split(), who, None)
    if wanted == "resolve":
        fields = resolution(ask.workspace, _resolving(ask))
        sorted_as = tuple((field, text) for field in SORTED_BY if (text := said(ask, field)))
        planned = _planned(ask, "resolve", said(ask, "note"), (*fields, *sorted_as))
        return make_move(records, name, planned, who, None)
    note = said(ask, "note")
    if wanted == "unannounce":
        return announce(records, name, None, who, None)
    if not note:
        raise UserError(t("write what there is to say of it"))
    if wanted == "announce":
        return announce(records, name, note, who, None)
    if wanted == "escalate":
        planned = replace(_planned(ask, "escalate", note), to=ask.typed("to"))
        return make_move(records, name, planned, who, None)
    if wanted not in _NOTED:
        raise UserError(t("there is no such move"))
    field = {"explain": "explained", "assign": "assignee"}.get(wanted)
    told = ((field, note),) if field else ()
    planned = _planned(ask, wanted, note, told)  # type: ignore[arg-type]
    return make_move(records, name, planned, who, None)


def _resolving(ask: Ask) -> Resolving:
    """Return how an incident was resolved as its form says it.

    What is chosen counts: a field that is of another choice stays as it was typed, and is not read.
    """
    about, worked = ask.typed("about"), ask.typed("worked")
    entry, place = (ask.typed(name).strip() for name in ("entry", "place"))
    steps = [line for line in (said(ask, "steps") or "").split("\n") if line.strip()]
    if about in ("entry", "place") and not (entry if about == "entry" else place):
        raise UserError(t("which entry, or which place of the manual, was followed?"))
    return Resolving(
        entry if about in ("", "entry") else "",
        place if about in ("", "place") else "",
        "corrected" if worked == "corrected" and about != "neither" else None,
        said(ask, "cause"),
        () if worked == "as-written" and about != "neither" else steps,
    )


def _planned(
    ask: Ask, move: MoveName, note: str | None, fields: tuple[tuple[str, object], ...] = ()
) -> PlannedMove:
    """Return a move with the minutes and the pictures that its form has."""
    return PlannedMove(move, note, None, _minutes(ask), ask.pictures, fields)


def _minutes(ask: Ask) -> int | None:
    """Return the minutes of work that were typed. Raises UserError for what is no number."""
    text = ask.typed("minutes").strip()
    if text and not text.isdecimal():
        raise UserError(t("the minutes of work are no whole number: {found}", found=text))
    return int(text) if text else None


def to_confirmation(ask: Ask) -> Response:
    """Draft the confirmation that an incident leads to, and open it as a form."""
    name, page = ask.path("id"), ask.typed("page").strip() or None
    try:
        draft = from_incident(ask.workspace, ask.records, name, ask.person.name, now(), page)
    except UserError as error:
        return record_page(ask, name, error.problems, 422)
    return ask.go(f"/confirmations/{draft.confirmation.id}/edit", t("; ").join(draft.left_out))
