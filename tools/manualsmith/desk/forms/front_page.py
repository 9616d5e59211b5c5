"""One record with its chain, search, forms that are kept, and the manuals' pages and pictures."""

import mimetypes
import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from starlette.responses import Response

from manualsmith.desk.forms.offers import page_offers
from manualsmith.desk.manual_view import to_point_at
from manualsmith.desk.page_request import Ask, only_looks
from manualsmith.errors import Problem, UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.git.trees import SYMLINK
from manualsmith.layout import MANUALS, Manual, manual_of, organisation
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.page_links import section_ids
from manualsmith.paper.forms.form_of_record import form_of
from manualsmith.paper.forms.form_sources import FormSources
from manualsmith.records.models.confirmation import Confirmation
from manualsmith.records.models.incident import MOVES, OVER, Incident
from manualsmith.records.models.request import Request
from manualsmith.records.models.walkthrough import Walkthrough
from manualsmith.text import t
from manualsmith.workflow.queue.named_pages import page_of_main
from manualsmith.workflow.queue.show_suggestion import dialect_to_look_at
from manualsmith.workflow.reports.trace import trace
from manualsmith.workflow.service.lookup import record_named
from manualsmith.workflow.service.replies import read_replies
from manualsmith.workflow.service.search_all import find
from manualsmith.workflow.workspace.snapshot import Snapshot, main_snapshot

_IMAGES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml")
# a drawing may hold a script: looked at by itself, it runs nothing
_SHOWN_ALONE = {"Content-Security-Policy": "default-src 'none'"}
_ID = re.compile(r"[A-Za-z0-9.-]{1,200}")
_MOST = 20
_DEEPEST = 50


@only_looks
def keep_form(ask: Ask) -> Response:
    """Keep what is typed into a form."""
    sent = ask.sent_form
    kept = bool(sent and ask.drafts.forms.put(sent))
    return Response(status_code=204 if kept else 409)


def drop_form(ask: Ask) -> Response:
    """Throw away what was typed into a form."""
    ask.drafts.forms.end(ask.typed("dropped"))
    return ask.go("/", t("what was typed is thrown away"))


def record(ask: Ask) -> Response:
    """Show one record, whole."""
    return record_page(ask, ask.path("id"))


def record_page(
    ask: Ask, name: str, problems: Sequence[Problem] = (), status: int = 200
) -> Response:
    """Return the page of one record: its form, what can be done with it, and its chain."""
    found = record_named(ask.workspace, name) if _ID.fullmatch(name) else None
    if found is None:
        raise UserError(t("there is no record {id}", id=name))
    allowed = MOVES[found.state] if isinstance(found, Incident) else {}
    return ask.page(
        "record.html",
        status,
        record=found,
        form=form_of(found, FormSources(ask.workspace, ask.desk)),
        title=_title(ask, found),
        kind=type(found).__name__.lower(),
        allowed=allowed,
        failed=ask.request.path_params.get("move", ""),
        replies=read_replies(ask.records)[0] if allowed else {},
        roles=organisation().roles if "escalate" in allowed else {},
        asked_by=_asked_by(ask, found),
        new_pages=page_offers(ask, "troubleshooting") if _wants_page(found) else [],
        over=isinstance(found, Incident) and found.state in OVER,
        free=isinstance(found, Request) and found.free,
        open_=isinstance(found, Walkthrough) and not found.confirmation,
        is_draft=isinstance(found, Confirmation) and found.draft,
        others_here=ask.rooms.presence.others(ask.person.name, name) if allowed else [],
        staff=_staff(ask) if isinstance(found, Incident | Request) else [],
        others=_joinable(ask) if isinstance(found, Request) else [],
        chain=_chain(ask, name),
        problems=problems,
    )


def _asked_by(ask: Ask, found: object) -> list[Request]:
    """Return the requests of an incident, in their order."""
    names = found.requests if isinstance(found, Incident) else ()
    return [ask.desk.requests[name] for name in names if name in ask.desk.requests]


def _wants_page(found: object) -> bool:
    """Return whether an incident leads to a new entry, for which a page is to be chosen."""
    return isinstance(found, Incident) and found.worked == "no-entry" and not found.confirmation


def _staff(ask: Ask) -> list[str]:
    """Return who works here, as the records say."""
    found = {move.by for one in ask.desk.incidents.values() for move in one.log}
    return sorted(found | {one.staff for one in ask.desk.requests.values() if one.staff})


def _title(ask: Ask, found: object) -> str:
    if isinstance(found, Walkthrough):
        return ask.page_title(found.manual, found.page)
    names = ("symptom", "reported", "summary", "id")
    return next(str(getattr(found, name)) for name in names if getattr(found, name, None))


def _joinable(ask: Ask) -> list[Incident]:
    return [one for one in ask.desk.incidents.values() if "join" in MOVES[one.state]][:_MOST]


def _chain(ask: Ask, name: str) -> object:
    try:
        return trace(ask.workspace, name)
    except UserError:
        return []


def chain(ask: Ask) -> Response:
    """Show the whole chain that a record, suggestion or page belongs to."""
    return ask.page("trace.html", name=ask.path("id"), chain=trace(ask.workspace, ask.path("id")))


def search(ask: Ask) -> Response:
    """Search manuals, incidents and decisions."""
    asked = ask.query("q")
    found = find(ask.workspace, asked, most=_MOST) if asked else []
    places = places_of(ask, [one.passage.name for one in found])
    return ask.page("find.html", asked=asked, found=found, places=places, joinable=[])


def places_of(ask: Ask, names: Sequence[str]) -> dict[str, str]:
    """Return where passages of manuals, ``operation/sign-in.md#heading``, are read in the desk.

    A heading is led to by the id that it has on its page.
    """
    found: dict[str, str] = {}
    ids: dict[str, Mapping[str, str | None]] = {}
    with BlobReader(ask.workspace.repository) as reader:
        snapshot = main_snapshot(ask.workspace, reader)
        for name in names:
            path, _, heading = name.partition("#")
            manual, _, page = path.partition("/")
            if manual not in MANUALS or not page:
                continue
            if path not in ids:
                try:
                    ids[path] = _heading_ids(_page_of(snapshot, MANUALS[manual], page))
                except UserError:
                    continue
            found[name] = f"/manual/{quote(path)}#{quote(ids[path].get(heading) or '')}".rstrip("#")
    return found


def _heading_ids(page: Page) -> dict[str, str | None]:
    return dict(zip((one.title for one in page.sections), section_ids(page), strict=True))


def manual(ask: Ask) -> Response:
    """Show a page of a manual, to be read."""
    at = ask.path("path")
    title = ask.rooms.watch.titles(ask.workspace).get(at)
    if title is None:
        page_of_main(ask.workspace, at, "operation")  # says which are the nearest
        raise UserError(t("there is no page {page}", page=at))
    return ask.page("manual.html", title=title, at=at, html=page_html(ask, at))


def page_html(ask: Ask, at: str) -> str:
    """Return the HTML of a page, named as ``operation/sign-in.md``. Raises UserError."""
    name, _, page = at.partition("/")
    manual = MANUALS[name]
    found = read_page(ask, manual, page)
    return to_point_at(found.text, manual.path(page), found.dialect)


def read_page(ask: Ask, manual: Manual, page: str) -> Page:
    """Return a page on main. Raises UserError where there is none."""
    with BlobReader(ask.workspace.repository) as reader:
        return _page_of(main_snapshot(ask.workspace, reader), manual, page)


def _page_of(snapshot: Snapshot, manual: Manual, page: str) -> Page:
    blob = snapshot.page(manual, page)
    if blob is None:
        raise UserError(t("there is no page {page}", page=page))
    return Page(blob.text, dialect_to_look_at(snapshot).for_manual(manual))


def picture(ask: Ask) -> Response:
    """Return a record's picture, one that a suggestion brings, or one that is not handed in yet."""
    name = ask.path("name")
    kept = ask.drafts.picture(name)
    blob = ask.query("of")
    if re.fullmatch(r"(?:[0-9a-f]{40}(?:[0-9a-f]{24})?)?", blob) is None:
        return Response(status_code=404)
    data = kept.data if kept else FormSources(ask.workspace, ask.desk).picture(name, blob)
    if not data:
        return Response(status_code=404)
    kind = "image/png" if name.endswith(".png") else "image/jpeg"
    return Response(data, media_type=kind, headers=_SHOWN_ALONE)


def image(ask: Ask) -> Response:
    """Return an image of a manual, from main's tree: no path reaches the file system."""
    path = ask.path("path")
    kind = mimetypes.guess_type(path)[0] if path.count("/") <= _DEEPEST else None
    if manual_of(path) is None or kind not in _IMAGES or ".." in path.split("/"):
        return Response(status_code=404)
    with BlobReader(ask.workspace.repository) as reader:
        snapshot = main_snapshot(ask.workspace, reader)
        entry = snapshot.entry(path)
        held = snapshot.object(entry.oid) if entry and entry.mode != SYMLINK else None
        data = snapshot.content(held) if held is not None else None
    if data is None:
        return Response(status_code=404)
    return Response(data, media_type=kind, headers=_SHOWN_ALONE)
