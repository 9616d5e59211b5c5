"""A confirmation as a form: the environment beside what the manual says, and findings by pointing.

What is typed is a draft on disk until it is handed in; then it is one record, and its suggestions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import wraps
from typing import Any, get_args

from pydantic import ValidationError
from starlette.responses import Response

from manualsmith.desk.forms.front_page import page_html, read_page
from manualsmith.desk.forms.incident_form import said
from manualsmith.desk.forms.offers import fact_offers
from manualsmith.desk.forms.pointing_form import POINTING, edit_of, pages_with, pointed_at
from manualsmith.desk.forms.report_reading import ReadRows, filled, kinds_taken, read_reports
from manualsmith.desk.forms.wording_fields import Field, fields_of_edit, in_other_words
from manualsmith.desk.manual_view import only_changed
from manualsmith.desk.page_request import Ask, Page, only_looks, whole_number
from manualsmith.desk.typed_drafts import TypedDraft
from manualsmith.errors import Problem, UserError
from manualsmith.layout import CATEGORIES, MANUALS, Manual, writing
from manualsmith.markdown.action_table import EDIT_ADAPTER, Action
from manualsmith.markdown.actions.picture_words import PLACE, picture_of
from manualsmith.markdown.edit_models import MoveStep
from manualsmith.naming import is_fact_name
from manualsmith.records.models.confirmation import Confirmation
from manualsmith.records.models.environment import Environment
from manualsmith.records.models.moments import now
from manualsmith.records.pictures import Picture
from manualsmith.records.problems import told
from manualsmith.text import t
from manualsmith.workflow.queue.outcomes import WRITTEN
from manualsmith.workflow.queue.show_suggestion import main_dialect
from manualsmith.workflow.service.fact_names import (
    NamedFact,
    fact_called,
    nearest_facts,
    new_fact,
)
from manualsmith.workflow.suggest.hand_in import file_confirmation

_PLAIN = ("product", "date", "reported", "request", "release", "conclusion")
_FACT = ("category", "fact", "label", "documented", "observed", "note")
_ROW = (*_FACT, "last", "own")
_MORE, _MOST = 2, 200
_DAYS = 366
_UNDOABLE = 20


def pages_of(ask: Ask) -> Mapping[str, str]:
    """Return the title of each page, by the manual's name and the page's path."""
    return ask.rooms.watch.titles(ask.workspace)


def confirmations(ask: Ask) -> Response:
    """List the confirmations, and what is not handed in yet."""
    found = sorted(ask.desk.final, key=lambda one: (one.date, one.id), reverse=True)
    products = list(ask.rooms.watch.documented(ask.workspace))
    return ask.page(
        "confirmations.html",
        listed=found,
        drafts=list(ask.drafts.all()),
        products=products,
        problems=(),
    )


def begin(ask: Ask) -> Response:
    """Begin a draft: product and environment as the product's last confirmation has them."""
    product = ask.typed("product").strip() or next(
        iter(ask.rooms.watch.documented(ask.workspace)), ""
    )
    last = max(
        (one for one in ask.desk.final if one.product == product),
        key=lambda one: (one.date, one.id),
        default=None,
    )
    values: dict[str, Any] = {
        "id": "",
        "product": product,
        "date": now().date().isoformat(),
        "reported": ask.typed("reported").strip(),
        "request": ask.typed("request").strip(),
        "release": "",
        "conclusion": "",
        "checked": [],
        "facts": _facts(ask, product, last.environment if last else Environment()),
        "confirmed": [],
        "findings": [],
        "open": ask.typed("page").strip(),
    }
    draft = ask.drafts.new(values)
    return ask.go(f"/confirmations/drafts/{draft.key}")


def edit(ask: Ask) -> Response:
    """Open a record that is still a draft as a form."""
    record = ask.desk.one(Confirmation, ask.path("id"))
    if not record.draft:
        raise UserError(t("{id} is no draft", id=record.id))
    for draft in ask.drafts.all():
        if draft.values.get("id") == record.id:
            return ask.go(f"/confirmations/drafts/{draft.key}", ask.query("said"))
    values = record.model_dump(mode="json")
    findings = [
        {**one, "edit": found.edit.model_dump(mode="json", exclude_unset=True)}
        for one, found in zip(values["findings"], record.findings, strict=True)
    ]
    first = values["findings"][0] if values["findings"] else None
    kept: dict[str, Any] = {
        "id": record.id,
        **{name: values.get(name) or "" for name in _PLAIN},
        "facts": _facts(ask, record.product, record.environment, kept=True),
        "checked": values["checked"],
        "confirmed": values["confirmed"],
        "findings": findings,
        "open": f"{first['manual']}/{first['page']}" if first else "",
    }
    return ask.go(f"/confirmations/drafts/{ask.drafts.new(kept).key}", ask.query("said"))


def _facts(
    ask: Ask, product: str, seen: Environment, *, kept: bool = False
) -> list[dict[str, str]]:
    """Return the environment's rows: what was observed, beside what the manuals say.

    What was *seen* is a record's own where it is *kept*, else that of another one before.
    """
    documented = ask.rooms.watch.documented(ask.workspace).get(product, {})
    said = {one.fact: one.said or "" for one in ask.facts}
    rows: dict[tuple[str, str], dict[str, str]] = {
        (category, fact): {
            "category": category, "fact": fact, "label": said[fact], "documented": values[0]
        }
        for (category, fact), values in documented.items()
    }  # fmt: skip
    for category, facts in seen:
        for one in facts:
            row = rows.setdefault((category, one.fact), {"category": category, "fact": one.fact})
            row["label"] = one.label or row.get("label", "")
            row.setdefault("documented", one.documented or "")
            row["last"], row["note"] = one.observed, (one.note or "") if kept else ""
            # what was not as the manual says is to be seen again, not taken over
            if kept or row["documented"] in ("", one.observed):
                row["observed"] = one.observed
    order = {name: number for number, name in enumerate(CATEGORIES)}
    ranked = sorted(rows.values(), key=lambda row: (order[row["category"]], row["fact"]))
    return [{name: row.get(name, "") for name in _ROW} for row in ranked]


def _alone(page: Page) -> Page:
    """Have what changes a draft wait for whatever else changes it: nothing typed is lost so."""

    @wraps(page)
    def waiting(ask: Ask) -> Response:
        with ask.drafts.alone(ask.path("key")):
            return page(ask)

    return waiting


def draft(ask: Ask) -> Response:
    """Show the form."""
    return _form(ask, ask.drafts.get(ask.path("key")))


def _form(
    ask: Ask,
    draft: TypedDraft,
    problems: Sequence[Problem] = (),
    status: int = 200,
    read: ReadRows | None = None,
) -> Response:
    values, at = draft.values, ask.query("page") or draft.values.get("open") or ""
    pages = pages_of(ask)
    blank = [{**dict.fromkeys(_ROW, ""), "own": "1"} for _ in range(_MORE)]
    return ask.page(
        "confirmation.html",
        status,
        draft=draft,
        values=values,
        facts=[*values["facts"], *blank],
        categories=CATEGORIES,
        known=fact_offers(ask),
        words_of=words_of,
        pages=pages,
        at=at if at in pages else "",
        html=page_html(ask, at) if at in pages else "",
        problems=problems,
        read=read,
        taken=kinds_taken(),
    )


def _named(at: str) -> tuple[Manual, str]:
    """Return the manual and page of ``operation/sign-in.md``. Raises UserError."""
    name, _, page = at.partition("/")
    if name not in MANUALS or not page:
        raise UserError(t("which page?"))
    return MANUALS[name], page


@_alone
def page_part(ask: Ask) -> Response:
    """Show a manual's page to point at."""
    at = ask.query("path")
    draft = ask.drafts.get(ask.path("key"))
    if at not in pages_of(ask):
        raise UserError(t("there is no page {page}", page=at))
    ask.drafts.put(draft.key, {**draft.values, "open": at})
    return ask.page("part_page.html", at=at, html=page_html(ask, at), draft=draft)


def _typed(ask: Ask, draft: TypedDraft) -> TypedDraft:
    """Return the draft with what stands in the form now, kept on disk."""
    values = {
        **draft.values,
        **{name: ask.typed(name).strip() for name in _PLAIN if name in ask.form},
    }
    if "facts" in ask.form:
        values["checked"] = [name for name in CATEGORIES if ask.typed(f"checked-{name}")]
        count = min(whole_number(ask.typed("facts")), _MOST)
        rows = [
            {name: ask.typed(f"facts-{place}-{name}").strip() for name in _ROW}
            for place in range(count)
        ]
        for row in rows:
            row["category"] = row["category"] if row["category"] in CATEGORIES else ""
        values["facts"] = [row for row in rows if row["fact"] or row["observed"]]
    return ask.drafts.put(draft.key, values)


@_alone
def save(ask: Ask) -> Response:
    """Keep what stands in the form."""
    draft = _typed(ask, ask.drafts.get(ask.path("key")))
    if ask.wants_part:
        return Response(status_code=204)
    return ask.go(f"/confirmations/drafts/{draft.key}")


@only_looks
def read(ask: Ask) -> Response:
    """Show what reports of the user's machine would fill, beside what the manual says."""
    draft = ask.drafts.get(ask.path("key"))
    found = read_reports(ask, draft.values)
    if ask.wants_part:
        return ask.page("part_reported.html", draft=draft, read=found)
    return _form(ask, draft, read=found)


@_alone
def fill(ask: Ask) -> Response:
    """Put what was read into the draft, as far as it is ticked."""
    draft = _typed(ask, ask.drafts.get(ask.path("key")))
    facts = filled(ask, draft.values["facts"])
    ask.drafts.put(draft.key, {**draft.values, "facts": facts})
    return ask.go(f"/confirmations/drafts/{draft.key}", t("what was read is put in"))


@_alone
def drop(ask: Ask) -> Response:
    """Throw a draft away."""
    ask.drafts.drop(ask.path("key"))
    return ask.go("/confirmations", t("the draft was dropped"))


@only_looks
def point(ask: Ask) -> Response:
    """Show what can be done with what was pointed at on the page."""
    draft = ask.drafts.get(ask.path("key"))
    manual, page = _named(ask.typed("page"))
    found = pointed_at(manual, read_page(ask, manual, page), ask)
    return ask.page(
        "part_edit.html",
        draft=draft,
        at=ask.typed("page"),
        found=found,
        pointing={name: ask.typed(name) for name in POINTING if ask.typed(name)},
        reported=draft.values["reported"],
    )


@only_looks
def attempt(ask: Ask) -> Response:
    """Show what the page would be with the edit."""
    manual, page = _named(ask.typed("page"))
    made = pages_with(ask, manual, page, edit_of(ask))
    dialect = main_dialect(ask.workspace)
    pages = [(*one, "") for one in only_changed(made, dialect)]
    return ask.page("part_tried.html", pages=pages, names=ask.picture_names)


@_alone
def add(ask: Ask) -> Response:
    """Take a finding into the draft."""
    draft = ask.drafts.get(ask.path("key"))
    manual, page = _named(ask.typed("page"))
    edit = edit_of(ask)
    pages_with(ask, manual, page, edit)
    with writing(manual.name):
        done = _summary(edit)
    finding = {
        "manual": manual.name,
        "page": page,
        "summary": said(ask, "summary") or done,
        "reason": said(ask, "reason") or draft.values["reported"] or t("seen on the user's screen"),
        "edit": edit.model_dump(mode="json", exclude_unset=True),
        "pictures": [one.name for one in ask.pictures],
    }
    ask.done()
    findings = [*draft.values["findings"], finding]
    draft = ask.drafts.put(draft.key, {**draft.values, "findings": findings})
    return _findings(ask, draft)


def _summary(edit: Action) -> str:
    """Return what an edit does in a few words, in the language that is spoken."""
    section = getattr(edit, "section", None)
    step = getattr(edit, "step", None)
    where = f"{section[-1]}" if section else ""
    where = t("{section} step {number}", section=where, number=step) if step else where
    words = (getattr(edit, "text", ""), getattr(edit, "heading", ""))
    text = next(filter(None, words), "").replace(
        PLACE, getattr(picture_of(edit), "alt", "")
    ) or getattr(getattr(edit, "entry", None), "symptom", "")
    what = (
        t("taken out") if edit.action.startswith("delete") else " ".join((text or "").split())[:40]
    )
    what = t("what helps is corrected") if edit.action == "replace-entry" else what
    what = t("moved beside step {number}", number=edit.to) if isinstance(edit, MoveStep) else what
    return where + t(": ") + what if where else what or edit.action


def _findings(ask: Ask, draft: TypedDraft) -> Response:
    if ask.wants_part:
        return ask.page("part_findings.html", draft=draft, values=draft.values, words_of=words_of)
    return ask.go(f"/confirmations/drafts/{draft.key}")


@_alone
def remove(ask: Ask) -> Response:
    """Take a finding, or a page that was confirmed, out of the draft."""
    draft = ask.drafts.get(ask.path("key"))
    kind = "confirmed" if ask.typed("kind") == "confirmed" else "findings"
    taken = whole_number(ask.typed("number"), -1)
    listed = draft.values[kind]
    kept = [one for place, one in enumerate(listed) if place != taken]
    out = [{"kind": kind, "one": listed[taken], "at": taken}] if 0 <= taken < len(listed) else []
    removed = [*draft.values.get("removed", []), *out][-_UNDOABLE:]
    changed = {**draft.values, kind: kept, "removed": removed}
    return _findings(ask, ask.drafts.put(draft.key, changed))


@_alone
def put_back(ask: Ask) -> Response:
    """Put the finding, or the page, that was taken out last back where it was."""
    draft = ask.drafts.get(ask.path("key"))
    *removed, last = draft.values.get("removed") or [None]
    if last is None:
        raise UserError(t("nothing was taken out"))
    kept = list(draft.values[last["kind"]])
    kept.insert(last["at"], last["one"])
    changed = {**draft.values, last["kind"]: kept, "removed": removed}
    return _findings(ask, ask.drafts.put(draft.key, changed))


@_alone
def change(ask: Ask) -> Response:
    """Change the words of a finding: its summary, its reason, and what the page should say."""
    draft = ask.drafts.get(ask.path("key"))
    findings, number = list(draft.values["findings"]), whole_number(ask.path("number"), -1)
    if not 0 <= number < len(findings):
        raise UserError(t("there is no such finding"))
    old = findings[number]
    edit = EDIT_ADAPTER.validate_python(old["edit"])
    edit = in_other_words(ask, edit, fields_of_edit(edit))
    pages_with(ask, MANUALS[old["manual"]], old["page"], edit)
    ask.done()
    findings[number] = {
        **old,
        "summary": said(ask, "summary") or old["summary"],
        "reason": said(ask, "reason") or old["reason"],
        "edit": edit.model_dump(mode="json", exclude_unset=True),
    }
    return _findings(ask, ask.drafts.put(draft.key, {**draft.values, "findings": findings}))


def words_of(finding: Mapping[str, Any]) -> list[Field]:
    """Return the texts of a finding's edit that can be worded otherwise."""
    return fields_of_edit(EDIT_ADAPTER.validate_python(finding["edit"]))


@_alone
def held(ask: Ask) -> Response:
    """Take into the draft that a page, or a section of it, was followed and held."""
    draft = ask.drafts.get(ask.path("key"))
    manual, page = _named(ask.typed("page"))
    text = read_page(ask, manual, page)
    found = pointed_at(manual, text, ask) if ask.typed("anchor") else None
    one = {"manual": manual.name, "page": page}
    if found and found.target.get("section"):
        one["section"] = found.target["section"]
    ask.done()
    confirmed = [*(c for c in draft.values["confirmed"] if c != one), one]
    return _findings(ask, ask.drafts.put(draft.key, {**draft.values, "confirmed": confirmed}))


@_alone
def hand_in(ask: Ask) -> Response:
    """Hand the confirmation in: its record, and a suggestion for each thing that differs."""
    draft = _typed(ask, ask.drafts.get(ask.path("key")))
    known = draft.values.get("id") or None
    try:
        made = _made(draft.values, ask.person.name, ask.facts)
        filed = file_confirmation(
            ask.workspace,
            ask.records,
            lambda name: made.model_copy(update={"id": name}),
            made.date,
            known,
            _pictures(ask, made),
        )
    except UserError as error:
        return _form(ask, draft, error.problems, 422)
    ask.drafts.drop(draft.key)
    count = sum(outcome.status in WRITTEN for outcome in filed.report.outcomes)
    name = filed.confirmation.id
    told = t("{id} is handed in: {count} suggestions", id=name, count=count)
    for problem in filed.report.problems:
        told += t("; ") + problem.message
    return ask.go(f"/records/{name}", told)


def _pictures(ask: Ask, made: Confirmation) -> list[Picture]:
    """Return the pictures of findings that are not on main yet: those that the draft keeps."""
    brought = (picture_of(one.edit) for one in made.findings)
    names = [name for one in made.findings for name in one.pictures]
    names += [one.file for one in brought if one]
    kept = (ask.drafts.picture(name) for name in dict.fromkeys(names))
    return [one for one in kept if one]


def _observed(
    rows: Sequence[Mapping[str, str]], known: Sequence[NamedFact], problems: list[Problem]
) -> dict[str, list[dict[str, str]]]:
    """Return the environment of a form's rows; what is wrong with them is added to *problems*."""
    environment: dict[str, list[dict[str, str]]] = {}
    names: set[str] = set()
    for row in rows:
        if not row["observed"]:
            continue
        if not row["fact"]:
            problems.append(
                Problem(t("{seen}: what is it that was observed?", seen=row["observed"]))
            )
            continue
        named = _fact_of(row, known)
        if named.category not in CATEGORIES:
            said = t("{fact}: which category?", fact=row["fact"])
            problems.append(Problem(said, hint=nearest_facts(row["fact"], known)))
        elif named.fact in names:
            problems.append(Problem(t("{fact} is there twice", fact=named.label)))
        else:
            names.add(named.fact)
            own = {"fact": named.fact, **({"label": named.said} if named.said else {})}
            more = {name: row[name] for name in ("documented", "observed", "note") if row[name]}
            environment.setdefault(named.category, []).append({**own, **more})
    return environment


def _fact_of(row: Mapping[str, str], known: Sequence[NamedFact]) -> NamedFact:
    """Return the fact of a row: one of the list, or what was typed, known or new."""
    typed, category = row["fact"], row["category"]
    if not row.get("own"):
        return NamedFact(typed, category, row.get("label") or None)
    if found := fact_called(typed, known):
        return replace(found, category=found.category or category)
    if is_fact_name(typed):
        return NamedFact(typed, category)
    return new_fact(typed, category, known)


def _made(values: Mapping[str, Any], staff: str, known: Sequence[NamedFact]) -> Confirmation:
    """Return the confirmation that a draft's values are. Raises UserError with all faults."""
    problems: list[Problem] = []
    environment = _observed(values["facts"], known, problems)
    whole = {
        "schema": get_args(Confirmation.model_fields["schema_"].annotation)[0],
        "id": "ENV-0000-0000",
        "staff": staff,
        **{name: values[name] for name in _PLAIN if values.get(name)},
        "environment": environment,
        "checked": [name for name in values.get("checked", []) if name not in environment],
        "confirmed": values["confirmed"],
        "findings": [
            {"id": number, **{k: v for k, v in one.items() if k != "id"}}
            for number, one in enumerate(values["findings"], start=1)
        ],
    }
    try:
        made = Confirmation.model_validate(whole)
    except ValidationError as error:
        raise UserError([*problems, *told(error)]) from error
    if problems:
        raise UserError(problems)
    if abs((made.date - now().date()).days) > _DAYS:
        raise UserError(t("date: {date} is more than a year from today", date=made.date))
    seen = any(facts for _, facts in made.environment)
    if not (seen or made.checked or made.findings or made.confirmed):
        raise UserError(t("nothing was observed: fill in the environment, or point at the page"))
    return made
