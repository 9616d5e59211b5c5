"""The web application: its routes, and the roles that may ask for each."""

from collections.abc import Sequence
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from manualsmith.desk.access import Door, Role, Sessions
from manualsmith.desk.forms import confirmation_form as confirm
from manualsmith.desk.forms import front_page as looking
from manualsmith.desk.forms import incident_form as calls
from manualsmith.desk.forms import lead_pages as leads
from manualsmith.desk.forms import review_form as review
from manualsmith.desk.forms import walkthrough_form as walks
from manualsmith.desk.guard import LANGUAGE_COOKIE, Guard
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
    ("GET", "/", looking.home, ANY),
    ("GET", "/review", review.queue, ANY),
    ("GET", "/review/{id}", review.one, ANY),
    ("POST", "/review/{id}/wording", review.wording, REVIEWER),
    ("POST", "/review/{id}/refresh", review.refresh, REVIEWER),
    ("POST", "/review/{id}/reopen", review.reopen, REVIEWER),
    ("POST", "/review/{id}/accept", review.accept, REVIEWER),
    ("POST", "/review/{id}/reject", review.reject, REVIEWER),
    ("POST", "/review/{id}/withdraw", review.withdraw, STAFF),
    ("GET", "/records/{id}", looking.record, ANY),
    ("GET", "/trace/{id:path}", looking.chain, ANY),
    ("GET", "/find", looking.search, ANY),
    ("GET", "/known", calls.known, ANY),
    ("GET", "/manual/{path:path}", looking.manual, ANY),
    ("GET", "/files/{path:path}", looking.image, ANY),
    ("GET", "/incidents", calls.incidents, ANY),
    ("GET", "/requests/new", calls.request_form, STAFF),
    ("POST", "/requests", calls.take_request, STAFF),
    ("POST", "/requests/{id}/close", calls.close, STAFF),
    ("POST", "/incidents", calls.open_one, STAFF),
    ("POST", "/incidents/{id}/to-confirmation", calls.to_confirmation, STAFF),
    ("POST", "/incidents/{id}/{move}", calls.move, STAFF),
    ("GET", "/walkthroughs", walks.walkthroughs, ANY),
    ("POST", "/walkthroughs", walks.begin, STAFF),
    ("GET", "/walkthroughs/{id}", walks.walkthrough, ANY),
    ("POST", "/walkthroughs/{id}/steps/{number}", walks.step, STAFF),
    ("POST", "/walkthroughs/{id}/to-confirmation", walks.to_confirmation, STAFF),
    ("GET", "/confirmations", confirm.confirmations, ANY),
    ("POST", "/confirmations", confirm.begin, STAFF),
    ("GET", "/confirmations/{id}/edit", confirm.edit, STAFF),
    ("GET", "/confirmations/drafts/{key}", confirm.draft, STAFF),
    ("GET", "/confirmations/drafts/{key}/page", confirm.page_part, STAFF),
    ("POST", "/confirmations/drafts/{key}", confirm.save, STAFF),
    ("POST", "/confirmations/drafts/{key}/drop", confirm.drop, STAFF),
    ("POST", "/confirmations/drafts/{key}/point", confirm.point, STAFF),
    ("POST", "/confirmations/drafts/{key}/try", confirm.attempt, STAFF),
    ("POST", "/confirmations/drafts/{key}/findings", confirm.add, STAFF),
    ("POST", "/confirmations/drafts/{key}/remove", confirm.remove, STAFF),
    ("POST", "/confirmations/drafts/{key}/held", confirm.held, STAFF),
    ("POST", "/confirmations/drafts/{key}/hand-in", confirm.hand_in, STAFF),
    ("GET", "/report", leads.report, LEAD),
    ("GET", "/audit", leads.audit, LEAD),
)


def create_app(
    watch: Watch, door: Door, sessions: Sessions, *, local: bool, port: int
) -> Starlette:
    """Return the desk of one repository."""
    routes = [
        Route(path, endpoint(page, roles), methods=[method]) for method, path, page, roles in ROUTES
    ]
    routes.append(Route("/language", endpoint(_speak, ANY), methods=["POST"]))
    statics = Mount("/static", StaticFiles(directory=_STATIC))
    # each port's own: cookies are of a host, whatever its port
    guard = Middleware(Guard, door=door, sessions=sessions, cookie=f"manualsmith-{port}")
    app = Starlette(
        routes=[*routes, statics],
        middleware=[guard],
        exception_handlers={404: _missing, 405: _missing},
    )
    app.state.rooms = Rooms(watch, local)
    return app


def _speak(ask: Ask) -> Response:
    """Have the desk speak another language to this browser from now on."""
    answer = ask.go("/")
    chosen = "en" if ask.typed("language") == "en" else "zh_TW"
    answer.set_cookie(LANGUAGE_COOKIE, chosen, max_age=31_536_000, samesite="strict", httponly=True)
    return answer


async def _missing(request: Request, error: Exception) -> Response:
    """Say that there is no such page, to somebody who was let in."""
    del error

    def page(ask: Ask) -> Response:
        return ask.told([Problem(t("there is no such page"))], 404)

    return (
        await endpoint(page, ANY)(request) if request.method == "GET" else Response(status_code=404)
    )
