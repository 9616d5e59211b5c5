"""The web application: its routes, and the roles that may ask for each."""

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from manualsmith.desk.access import Door, LocalDoor, Role, Sessions
from manualsmith.desk.forms import (
    confirmation_form,
    front_page,
    home_page,
    incident_form,
    lead_pages,
    offers,
    queue_page,
    review_form,
    review_several,
    walkthrough_form,
)
from manualsmith.desk.from_readers import FromReaders
from manualsmith.desk.guard import LANGUAGE_COOKIE, Guard
from manualsmith.desk.handover import HandingOver
from manualsmith.desk.page_request import ANY, Ask, Page, Rooms, endpoint
from manualsmith.desk.watched_repository import Watch
from manualsmith.errors import Problem
from manualsmith.text import t

_STATIC = Path(__file__).with_name("static")
STAFF: tuple[Role, ...] = ("staff",)
REVIEWER: tuple[Role, ...] = ("reviewer",)
LEAD: tuple[Role, ...] = ("lead",)

# method, address, page, roles: a lead may ask for each of them
ROUTES: tuple[tuple[str, str, Page, Sequence[Role]], ...] = (
    ("GET", "/", home_page.home, ANY),
    ("POST", "/staff", home_page.name_me, ANY),
    ("GET", "/due", home_page.due, ANY),
    ("POST", "/due/confirm", home_page.confirm_as_written, STAFF),
    ("GET", "/review", queue_page.queue, ANY),
    ("POST", "/review/several", review_several.several, REVIEWER),
    ("POST", "/review/undo", review_several.undo, REVIEWER),
    ("GET", "/review/together/{id}", review_several.together, ANY),
    ("GET", "/review/{id}", review_form.one, ANY),
    ("POST", "/review/{id}/wording", review_form.wording, ANY),
    ("POST", "/review/{id}/refresh", review_form.refresh, REVIEWER),
    ("POST", "/review/{id}/reopen", review_form.reopen, REVIEWER),
    ("POST", "/review/{id}/ask", review_form.ask_for_change, REVIEWER),
    ("POST", "/review/{id}/comment", review_form.comment, ANY),
    ("POST", "/review/{id}/accept", review_form.accept, REVIEWER),
    ("POST", "/review/{id}/accept-edited", review_form.accept_edited, REVIEWER),
    ("POST", "/review/{id}/revert", review_form.revert, REVIEWER),
    ("POST", "/review/{id}/reject", review_form.reject, REVIEWER),
    ("POST", "/review/{id}/withdraw", review_form.withdraw, STAFF),
    ("GET", "/records/{id}", front_page.record, ANY),
    ("GET", "/trace/{id:path}", front_page.chain, ANY),
    ("GET", "/find", front_page.search, ANY),
    ("GET", "/known", incident_form.known, ANY),
    ("GET", "/offers/{kind}", offers.offers, ANY),
    ("GET", "/manual/{path:path}", front_page.manual, ANY),
    ("GET", "/files/{path:path}", front_page.image, ANY),
    ("POST", "/typed", front_page.keep_form, ANY),
    ("POST", "/typed/drop", front_page.drop_form, ANY),
    ("GET", "/pictures/{name}", front_page.picture, ANY),
    ("GET", "/incidents", incident_form.incidents, ANY),
    ("GET", "/requests/new", incident_form.request_form, STAFF),
    ("POST", "/requests", incident_form.take_request, STAFF),
    ("POST", "/requests/{id}/close", incident_form.close, STAFF),
    ("POST", "/requests/{id}/assign", incident_form.assign, STAFF),
    ("POST", "/incidents", incident_form.open_one, STAFF),
    ("POST", "/incidents/{id}/to-confirmation", incident_form.to_confirmation, STAFF),
    ("POST", "/incidents/{id}/{move}", incident_form.move, STAFF),
    ("GET", "/walkthroughs", walkthrough_form.walkthroughs, ANY),
    ("POST", "/walkthroughs", walkthrough_form.begin, STAFF),
    ("GET", "/walkthroughs/{id}", walkthrough_form.walkthrough, ANY),
    ("POST", "/walkthroughs/{id}/tab", walkthrough_form.choose_tab, STAFF),
    ("POST", "/walkthroughs/{id}/steps/{number}", walkthrough_form.step, STAFF),
    ("POST", "/walkthroughs/{id}/to-confirmation", walkthrough_form.to_confirmation, STAFF),
    ("GET", "/confirmations", confirmation_form.confirmations, ANY),
    ("POST", "/confirmations", confirmation_form.begin, STAFF),
    ("GET", "/confirmations/{id}/edit", confirmation_form.edit, STAFF),
    ("GET", "/confirmations/drafts/{key}", confirmation_form.draft, STAFF),
    ("GET", "/confirmations/drafts/{key}/page", confirmation_form.page_part, STAFF),
    ("POST", "/confirmations/drafts/{key}", confirmation_form.save, STAFF),
    ("POST", "/confirmations/drafts/{key}/read", confirmation_form.read, STAFF),
    ("POST", "/confirmations/drafts/{key}/fill", confirmation_form.fill, STAFF),
    ("POST", "/confirmations/drafts/{key}/drop", confirmation_form.drop, STAFF),
    ("POST", "/confirmations/drafts/{key}/point", confirmation_form.point, STAFF),
    ("POST", "/confirmations/drafts/{key}/try", confirmation_form.attempt, STAFF),
    ("POST", "/confirmations/drafts/{key}/findings", confirmation_form.add, STAFF),
    ("POST", "/confirmations/drafts/{key}/remove", confirmation_form.remove, STAFF),
    ("POST", "/confirmations/drafts/{key}/put-back", confirmation_form.put_back, STAFF),
    ("POST", "/confirmations/drafts/{key}/findings/{number}", confirmation_form.change, STAFF),
    ("POST", "/confirmations/drafts/{key}/held", confirmation_form.held, STAFF),
    ("POST", "/confirmations/drafts/{key}/hand-in", confirmation_form.hand_in, STAFF),
    ("GET", "/report", lead_pages.report, LEAD),
    ("GET", "/audit", lead_pages.audit, LEAD),
)


def create_app(
    watch: Watch,
    door: Door,
    sessions: Sessions,
    *,
    local: bool,
    port: int,
    writer: Path | None = None,
) -> Starlette:
    """Return the desk of one repository; *writer* is where forms are handed over, if anywhere."""
    routes = [
        Route(path, endpoint(page, roles), methods=[method]) for method, path, page, roles in ROUTES
    ]
    routes.append(Route("/language", endpoint(_speak, ANY), methods=["POST"]))
    statics = Mount("/static", StaticFiles(directory=_STATIC))
    # each port's own: cookies are of a host, whatever its port
    guard = Middleware(Guard, door=door, sessions=sessions, cookie=f"manualsmith-{port}")
    app = Starlette(
        routes=[*routes, statics],
        middleware=[
            Middleware(FromReaders, watch=watch, door=door, writer=writer),
            guard,
            *([Middleware(HandingOver, writer=writer)] if writer else []),
        ],
        exception_handlers={404: _missing, 405: _missing},
    )
    alone = door if isinstance(door, LocalDoor) else None
    app.state.rooms = Rooms(watch, local, alone)
    return app


def _speak(ask: Ask) -> Response:
    """Have the desk speak another language to this browser from now on."""
    answer = ask.go(_page_before(ask))
    chosen = "en" if ask.typed("language") == "en" else "zh_TW"
    answer.set_cookie(LANGUAGE_COOKIE, chosen, max_age=31_536_000, samesite="strict", httponly=True)
    return answer


def _page_before(ask: Ask) -> str:
    """Return the desk's page that somebody was on."""
    came = urlsplit(ask.request.headers.get("referer", ""))
    if came.netloc != ask.request.headers.get("host"):
        return "/"
    return f"{came.path}?{came.query}" if came.query else came.path


async def _missing(request: Request, error: Exception) -> Response:
    """Say that there is no such page, to somebody who was let in."""
    del error

    def page(ask: Ask) -> Response:
        return ask.told([Problem(t("there is no such page"))], 404)

    return (
        await endpoint(page, ANY)(request) if request.method == "GET" else Response(status_code=404)
    )
