"""One HTTP request as a page's function sees it, and the responses that it can give.

A page is a plain function from an `Ask` to a response, run in a thread; roles and the form's token
are checked before it is called.
"""

import hmac
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from manualsmith import __version__
from manualsmith.desk.access import NOBODY, LocalDoor, Person, Refused, Role
from manualsmith.desk.guard import MAX_BODY, Visit, refusal_page
from manualsmith.desk.kept_forms import KeptForm, new_form
from manualsmith.desk.presence import Presence
from manualsmith.desk.readable import address_of, in_words, linked, linked_cell, when
from manualsmith.desk.typed_drafts import Drafts
from manualsmith.desk.watched_repository import Board, Moment, Watch
from manualsmith.errors import Problem, UserError
from manualsmith.files import refused
from manualsmith.layout import MANUALS, fact_label
from manualsmith.naming import is_probe, show_path
from manualsmith.records.ids import SUGGESTION_ID
from manualsmith.records.models import incident, output_names, request, walkthrough
from manualsmith.records.pictures import Picture, taken
from manualsmith.site.preview.review_page import FOLDER as REVIEW
from manualsmith.text import language, t
from manualsmith.workflow.queue.decision_words import saying_name, turn_name
from manualsmith.workflow.queue.decision_words import state_name as suggestion_state
from manualsmith.workflow.reports.due import said_of, where
from manualsmith.workflow.review.group_commit import GroupCommit
from manualsmith.workflow.service.fact_names import NamedFact, known_facts
from manualsmith.workflow.service.search_all import kind_name
from manualsmith.workflow.service.service_records import Desk, records_of
from manualsmith.workflow.workspace.open_workspace import Workspace

_FOLDER = Path(__file__).with_name("templates")
_FIELDS = 2_000
_FILES = 10
_REFUSED = 400  # and above
_MISSING = 404
_NOT_KEPT = ("csrf", "picture", "kept-picture", "following", "taking_back")
_WRITTEN = ("reason", "note", "cause", "steps", "symptom", "detail", "seen", "before", "reported")
_SUGGESTION = re.compile(SUGGESTION_ID)
ANY: tuple[Role, ...] = ("staff", "reviewer", "lead")


@dataclass(frozen=True)
class Rooms:
    """What all pages share: the repository that is watched, and whether this is one's own desk.

    door: the way in to one's own desk.
    """

    watch: Watch
    local: bool
    door: LocalDoor | None = None
    deciding: GroupCommit = field(default_factory=GroupCommit)

    @cached_property
    def presence(self) -> Presence:
        """Who looks at which record."""
        return Presence(self.watch.git_dir)


@dataclass(frozen=True)
class Ask:
    """One request: who asks, what was typed, and what is known."""

    request: Request
    rooms: Rooms
    person: Person
    csrf: str
    form: FormData

    @cached_property
    def workspace(self) -> Workspace:
        """The manuals at main's tip of now; what is written is the person's."""
        return self._acting(self._now().workspace)

    @cached_property
    def records(self) -> Workspace:
        """The repository that holds the records; what is written is the person's."""
        return records_of(self.workspace)

    @cached_property
    def board(self) -> Board:
        """The queue as it is now."""
        return self.rooms.watch.board(self._now())

    def _now(self) -> Moment:
        """Return main and the branches: one look for a page, another one after a form has written.

        A look at a thousand branches takes as long as all else of a page.
        """
        return self._first_look if self.request.method == "GET" else self.rooms.watch.now()

    @cached_property
    def _first_look(self) -> Moment:
        return self.rooms.watch.now()

    @cached_property
    def desk(self) -> Desk:
        """The service desk's records as they are now."""
        return self.rooms.watch.desk()

    @cached_property
    def drafts(self) -> Drafts:
        """What the person has not handed in yet."""
        return Drafts(self.rooms.watch.git_dir, self.person.name)

    def page_title(self, manual: str, page: str) -> str:
        """Return the title of a page, its path where main has none."""
        return self.rooms.watch.titles(self.workspace).get(f"{manual}/{page}", page)

    @cached_property
    def facts(self) -> list[NamedFact]:
        """The facts that are known: by the settings, on pages, in confirmations."""
        of_products = self.rooms.watch.documented(self.workspace).values()
        documented = [fact for stated in of_products for fact in stated]
        seen = sorted(self.desk.final, key=lambda one: (one.date, one.id))
        return known_facts((one.environment for one in seen), documented)

    def _acting(self, workspace: Workspace) -> Workspace:
        return replace(workspace, repository=workspace.repository.acting(self.person.acting))

    def path(self, name: str) -> str:
        """Return a part of the address."""
        return str(self.request.path_params[name])

    def query(self, name: str, default: str = "") -> str:
        """Return a value of the address's query."""
        return self.request.query_params.get(name, default).strip()

    def typed(self, name: str, default: str = "") -> str:
        """Return what was typed into a field, line ends as ``\\n``."""
        value = self.form.get(name, default)
        return (
            value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else default
        )

    @cached_property
    def pictures(self) -> tuple[Picture, ...]:
        """The pictures that came with a form, and those that it had before; they are kept.

        Raises UserError for what is no picture.
        """
        for sent in self.form.getlist("picture"):
            if isinstance(sent, UploadFile) and sent.size:
                made = taken(sent.file.read(), Path(sent.filename or "?").name)
                self.drafts.keep_picture(made)
                self._sent.append(made.name)
        found = (self.drafts.picture(name) for name in self.picture_names)
        return tuple(one for one in found if one)

    @property
    def picture_names(self) -> list[str]:
        """The names of the pictures that a form has, so that it has them when it is shown again."""
        before = [str(name) for name in self.form.getlist("kept-picture")]
        return list(dict.fromkeys((*before, *self._sent)))

    @cached_property
    def _sent(self) -> list[str]:
        return []

    @property
    def sent_form(self) -> KeptForm | None:
        """The form that was sent, as it was typed; None where none was.

        One that names no id, as a program sends it, is known by its address and is not kept.
        """
        if self.request.method != "POST":
            return None
        values: dict[str, str | list[str]] = {
            name: self.typed(name)
            for name in self.form
            if not name.startswith("form-") and name not in _NOT_KEPT
        }
        values["kept-picture"] = self.picture_names
        named = [self.typed(f"form-{name}") for name in ("id", "key", "title", "page")]
        form_id, key, title, page = named
        return KeptForm(form_id, key or self.request.url.path, title, page, time.time(), values)

    def form_of(self, key: str) -> KeptForm:
        """Return the form of an address: as it was sent just now, as it was kept, or a new one."""
        sent = self.sent_form
        if sent and sent.key == key and not self.drafts.forms.is_ended(sent.id):
            return sent
        if self.query("new") == key:
            return new_form(key)
        wanted = self.drafts.forms.get(self.query("form"))
        if wanted and wanted.key == key:
            return wanted
        return self.drafts.forms.latest(key) or new_form(key)

    def begun(self, form: KeptForm, first: Mapping[str, str]) -> "Typed":
        """Return a form's fields: as sent, else as kept, else as *first* has them."""
        kept = {name: form.text(name) for name in form.values}
        return Typed({**first, **kept, **self.fields})

    def done(self) -> None:
        """Say that the form that was sent is done with, before the page goes on."""
        if sent := self.sent_form:
            self.drafts.forms.end(sent.id)

    @cached_property
    def fields(self) -> "Typed":
        """What was typed, by field, so that a form that is shown again keeps it."""
        return Typed({name: self.typed(name) for name in self.form})

    @property
    def wants_part(self) -> bool:
        """Whether our script asks, to put the answer into the page that is there."""
        return self.request.headers.get("x-part") == "1"

    def page(self, template: str, status: int = 200, /, **values: object) -> HTMLResponse:
        """Return a page made from a template."""
        return HTMLResponse(self.part(template, **values), status)

    def part(self, template: str, /, **values: object) -> Markup:
        """Return what a template makes, to be put into a page."""
        known = {"typed": self.fields, "said": self.query("said"), "version": __version__}
        text = (
            _environment()
            .get_template(template)
            .render(
                {
                    **known,
                    "ask": self,
                    "person": self.person,
                    "csrf": self.csrf,
                    "local": self.rooms.local,
                    "unnamed": self.rooms.local and self.person.name == NOBODY,
                    "language": language(),
                    **values,
                }
            )
        )
        return Markup(text)  # noqa: S704 - the templates escape

    def go(
        self, path: str, said: str = "", query: Mapping[str, str] = MappingProxyType({})
    ) -> RedirectResponse:
        """Return a redirect to another page, which says what was done."""
        values = {**query, "said": said} if said else dict(query)
        return RedirectResponse(f"{path}?{urlencode(values)}" if values else path, 303)

    def told(self, problems: Sequence[Problem], status: int = 422) -> HTMLResponse:
        """Return what is wrong: as a part for our script, else as a page."""
        template = "part_problems.html" if self.wants_part else "problems.html"
        title = t("There is no such page") if status == _MISSING else t("That did not work")
        return self.page(template, status, problems=problems, title=title)


Page = Callable[[Ask], Response]
Endpoint = Callable[[Request], Awaitable[Response]]


def endpoint(page: Page, roles: Sequence[Role]) -> Endpoint:
    """Return the endpoint of a page that *roles* may ask for; a POST must bring its token back."""

    async def answer(request: Request) -> Response:
        visit: Visit = request.scope["visit"]
        if not visit.person.may(*roles):
            return refusal_page(Refused(403, "role"))
        rooms: Rooms = request.app.state.rooms
        ask = Ask(request, rooms, visit.person, visit.csrf, FormData())
        if request.method != "POST":
            return await run_in_threadpool(_answered, page, ask)
        sent = request.form(max_files=_FILES, max_fields=_FIELDS, max_part_size=MAX_BODY)
        async with sent as form:  # its files are closed, whatever becomes of it
            brought = request.headers.get("x-csrf") or form.get("csrf") or ""
            if not hmac.compare_digest(str(brought).encode(), visit.csrf.encode()):
                return refusal_page(Refused(403, "origin"))
            return await run_in_threadpool(_answered, page, replace(ask, form=form))

    return answer


Looking = TypeVar("Looking", bound=Page)


def only_looks(page: Looking) -> Looking:
    """Mark a page that a form is sent to while it is typed: the form goes on."""
    _LOOKING.add(page)
    return page


_LOOKING: set[Page] = set()


def _answered(page: Page, ask: Ask) -> Response:
    """Return a page's answer; a form that it took is done with, one that it refused is kept."""
    answer = _tried(page, ask)
    if sent := ask.sent_form:
        if answer.status_code < _REFUSED and page not in _LOOKING:
            ask.drafts.forms.end(sent.id)
        else:
            ask.drafts.forms.put(sent)
    return answer


def _tried(page: Page, ask: Ask) -> Response:
    try:
        return page(ask)
    except UserError as error:
        return ask.told(error.problems)
    except OSError as error:
        found = refused(error)
        if found is None:
            raise
        return ask.told(found.problems)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader([_FOLDER, REVIEW]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.globals.update(
        t=t,
        when=when,
        fact_label=fact_label,
        show_path=show_path,
        where=where,
        said_of=said_of,
        manuals=MANUALS,
        manual_title=output_names.manual_title,
        action_name=output_names.action_name,
        output_title=output_names.output_title,
        category_name=output_names.category_name,
        severity_name=request.severity_name,
        state_name=incident.state_name,
        move_label=incident.move_label,
        kind_name=kind_name,
        level_name=incident.level_name,
        result_name=walkthrough.result_name,
        suggestion_state=suggestion_state,
        turn_name=turn_name,
        saying_name=saying_name,
    )
    made.filters["cell"] = linked_cell
    made.filters["linked"] = linked
    made.filters["in_words"] = in_words
    made.filters["address"] = address_of
    made.filters["written"] = _written
    made.filters["plainly"] = plainly
    made.filters["segment"] = lambda text: quote(str(text), safe="")
    made.tests["by_machine"] = is_probe
    made.tests["is_suggestion"] = lambda name: bool(_SUGGESTION.fullmatch(str(name)))
    made.filters["is_suggestion"] = made.tests["is_suggestion"]
    made.filters["action"] = output_names.action_name
    made.filters["query"] = lambda values: f"?{urlencode(values)}" if values else ""
    return made


def _written(typed: Mapping[str, str]) -> list[str]:
    """Return the texts that somebody wrote into a form, for a page that no longer has the form."""
    names = [name for name in typed if name in _WRITTEN or name.startswith("wording.")]
    return [typed[name] for name in names if typed[name].strip()]


def plainly(problem: Problem) -> Problem:
    """Return a problem for somebody who sees a form: its field's name, and no command's options."""
    message = problem.message
    for name, label in _labels().items():
        message = re.sub(
            rf"^(?:[a-z-]+(?:\[\d+\])?\.)*{name}(?:\[\d+\])?(?=[: ：])", label, message
        )
    hint = problem.hint
    if hint and "--mask" in hint:
        hint = t("take it out, or tick: put what it was in place of personal data")
    elif hint and re.search(r"--\w|manualsmith |tool\.manualsmith|add-page", hint):
        hint = None
    return Problem(message, problem.place, hint, problem.field)


def _labels() -> dict[str, str]:
    return {
        "symptom": t("What goes wrong?"),
        "detail": t("More about it"),
        "product": t("Product"),
        "requester": t("Whose problem (role or department, no name)"),
        "note": t("What there is to say of it"),
        "explained": t("What there is to say of it"),
        "reason": t("Reason"),
        "cause": t("Cause"),
        "resolution": t("Steps, one a line"),
        "reported": t("What does the user say?"),
        "seen": t("What the step should say"),
        "before": t("A step that is missing before it"),
        "fact": t("fact"),
        "observed": t("observed"),
        "heading": t("Heading"),
        "text": t("Text"),
        "alt": t("What the picture shows, for those who do not see it"),
        "summary": t("Summary"),
    }


def whole_number(text: str, default: int = 0) -> int:
    """Return a number that was typed or stands in an address, *default* for anything else."""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else default


class Typed(dict[str, str]):
    """What stands in a form's fields; one that was not sent is empty."""

    def __missing__(self, name: str) -> str:
        return ""
