"""Walkthroughs: the form of a page's steps as a checklist, one tap a step."""

from starlette.responses import Response

from manualsmith.desk.forms.incident_form import said
from manualsmith.desk.forms.offers import page_offers
from manualsmith.desk.page_request import Ask, whole_number
from manualsmith.errors import Problem, UserError
from manualsmith.records.models.moments import now
from manualsmith.records.models.walkthrough import Occasion, Result, Walkthrough, occasion_name
from manualsmith.text import t
from manualsmith.workflow.service.draft_confirmation import from_walkthrough
from manualsmith.workflow.service.walkthroughs import Walked, Went, new_walkthrough, note_steps

OCCASIONS: tuple[Occasion, ...] = ("launch", "request")
RESULTS: tuple[Result, ...] = ("as-written", "differs", "failed", "not-applicable")


def walkthroughs(ask: Ask, problems: tuple[Problem, ...] = (), status: int = 200) -> Response:
    """List the walkthroughs, and the pages that one may begin with."""
    found = sorted(ask.desk.walkthroughs.values(), key=lambda one: one.id, reverse=True)
    first = {"page": ask.query("page"), "request": ask.query("request")}
    form = ask.form_of("/walkthroughs")
    return ask.page(
        "walkthroughs.html",
        status,
        listed=found,
        pages=page_offers(ask),
        form=form,
        typed=ask.begun(form, first),
        problems=problems,
        occasions=OCCASIONS,
        occasion_name=occasion_name,
    )


def begin(ask: Ask) -> Response:
    """Write the form of a new walkthrough."""
    walked = Walked(
        ask.typed("page").strip(),
        ask.typed("section").strip() or None,
        None,
        said(ask, "requester"),
        ask.typed("request").strip() or None,
        next((one for one in OCCASIONS if one == ask.typed("occasion")), None),
    )
    try:
        made = new_walkthrough(ask.workspace, ask.records, walked, ask.person.name, now())
    except UserError as error:
        return walkthroughs(ask, error.problems, 422)
    return ask.go(f"/walkthroughs/{made.id}")


def walkthrough(ask: Ask) -> Response:
    """Show the checklist."""
    return _checklist(ask, ask.desk.one(Walkthrough, ask.path("id")))


def _checklist(
    ask: Ask,
    record: Walkthrough,
    problems: tuple[Problem, ...] = (),
    at: int = 0,
    status: int = 200,
) -> Response:
    return ask.page(
        "walkthrough.html",
        status,
        record=record,
        results=RESULTS,
        problems=problems,
        at=at,
        tabs=tabs_of(record),
        done=len(record.steps) - len(record.unfinished),
    )


def choose_tab(ask: Ask) -> Response:
    """Go through the steps of one tab alone: those of the others are for another environment."""
    record, tab = ask.desk.one(Walkthrough, ask.path("id")), ask.typed("tab")
    if tab not in tabs_of(record):
        raise UserError(t("there is no such tab"))
    went = [
        Went(number, "not-applicable")
        for number, one in enumerate(record.steps, start=1)
        if one.tab not in (None, tab) and one.result is None
    ]
    note_steps(ask.records, record.id, went)
    return ask.go(f"/walkthroughs/{record.id}")


def tabs_of(record: Walkthrough) -> list[str]:
    """Return the tabs whose steps nobody has done yet."""
    return list(dict.fromkeys(one.tab for one in record.unfinished if one.tab))


def step(ask: Ask) -> Response:
    """Note how one step went."""
    name, number = ask.path("id"), whole_number(ask.path("number"))
    wanted = ask.typed("result")
    result = next((one for one in RESULTS if one == wanted), None)
    record = ask.desk.one(Walkthrough, name)
    if result is None:
        return _step(ask, record, number, (Problem(t("how did the step go?")),))
    try:
        seen, before, note = (said(ask, name) for name in ("seen", "before", "note"))
        if 1 <= number <= len(record.steps) and seen == record.steps[number - 1].text.strip():
            seen = None  # its wording as the form began with it
        went = Went(number, result, seen, before, note, ask.pictures)
        note_steps(ask.records, name, [went])
    except UserError as error:
        return _step(ask, record, number, error.problems)
    ask.done()
    if ask.wants_part:  # the records that *ask* knows are those from before
        return _step(ask, ask.rooms.watch.desk().one(Walkthrough, name), number)
    return ask.go(f"/walkthroughs/{name}#step-{min(number + 1, len(record.steps))}")


def _step(
    ask: Ask, record: Walkthrough, number: int, problems: tuple[Problem, ...] = ()
) -> Response:
    """Show one step again: alone for our script, else in the whole checklist."""
    status = 422 if problems else 200
    if not ask.wants_part:
        return _checklist(ask, record, problems, number, status)
    if not 1 <= number <= len(record.steps):
        return ask.told(problems)
    return ask.page(
        "part_step.html",
        status,
        record=record,
        step=record.steps[number - 1],
        number=number,
        results=RESULTS,
        problems=problems,
        at=number if problems else 0,
        done=len(record.steps) - len(record.unfinished),
    )


def to_confirmation(ask: Ask) -> Response:
    """Draft the confirmation that a walkthrough leads to, and open it as a form."""
    name = ask.path("id")
    try:
        draft = from_walkthrough(ask.records, name, ask.person.name, now())
    except UserError as error:
        record = ask.desk.one(Walkthrough, name)
        return _checklist(ask, record, error.problems, 0, 422)
    told = t("; ").join(draft.left_out)
    return ask.go(f"/confirmations/{draft.confirmation.id}/edit", told)
