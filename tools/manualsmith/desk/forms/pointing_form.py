"""From a click on a page to an edit: what can be done there, and the edit that is made of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from manualsmith.desk.page_request import Ask, whole_number
from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.layout import Manual
from manualsmith.markdown.action_table import ACTIONS, EDIT_ADAPTER, Action
from manualsmith.markdown.action_table import Pointed as Pointing
from manualsmith.markdown.actions.picture_words import PLACE, picture_of
from manualsmith.markdown.entries.troubleshooting_entry import bare_step, is_entry, read_parts
from manualsmith.markdown.locating.pointed_at import (
    cell_pointed_at,
    section_named,
    step_pointed_at,
    step_source,
    words_pointed_at,
)
from manualsmith.markdown.reading.outline import Section
from manualsmith.markdown.reading.page import Page
from manualsmith.naming import show_path
from manualsmith.records.problems import told
from manualsmith.text import t
from manualsmith.workflow.suggest.draft import asked_edit
from manualsmith.workflow.suggest.picture_shelf import PictureShelf
from manualsmith.workflow.workspace.changed_page import ChangedPage
from manualsmith.workflow.workspace.remake import make_edit
from manualsmith.workflow.workspace.snapshot import main_snapshot

_TARGET = ("section", "step", "list", "quote", "table", "row", "column")
# What our script says of where somebody pointed.
POINTING = (
    *("kind", "anchor", "list", "way", "text", "table", "row", "column"),
    *("exact", "prefix", "suffix"),
)
_LONGEST = 20_000
_LONGEST_TEXT = 10_000


@dataclass(frozen=True)
class Pointed:
    """What was pointed at: its target, the actions that it allows, and its source as it is now.

    ``entry`` are the parts of a troubleshooting entry, where it is one.
    """

    kind: str
    target: Mapping[str, Any]
    actions: Sequence[str]
    text: str = ""
    entry: Mapping[str, str] | None = None

    def asking(self, field: str) -> str:
        """The actions whose form asks for a field, as the page's script reads them."""
        return " ".join(name for name in self.actions if field in ACTIONS[name].asks)

    @property
    def filled(self) -> str:
        """The actions whose form begins with what stands there now."""
        return " ".join(name for name in self.actions if ACTIONS[name].fills)

    @property
    def heads(self) -> str:
        """The heads of a cell's row and column."""
        found = (self.target.get(name, "") for name in ("row", "column"))
        return " × ".join(show_path(one) if isinstance(one, list) else str(one) for one in found)

    @property
    def as_text(self) -> str:
        """The target as a form brings it back."""
        return json.dumps(self.target, ensure_ascii=False)


def pointed_at(manual: Manual, page: Page, ask: Ask) -> Pointed:
    """Return what a click or a selection on a page means. Raises UserError."""
    kind, anchor = ask.typed("kind"), ask.typed("anchor") or None
    if kind == "step":
        way = [
            whole_number(part)
            for part in ask.typed("way").split(".")
            if whole_number(part, -1) >= 0
        ]
        number = _number(ask, "list")
        target = step_pointed_at(page, anchor, number, way, ask.typed("text"))
        source = step_source(page, anchor, number, way)
        return Pointed(kind, target, _offered(manual, "step"), source)
    if kind == "cell":
        place = (_number(ask, "table"), _number(ask, "row"), _number(ask, "column"))
        target = cell_pointed_at(page, anchor, *place, ask.typed("text"))
        return Pointed(kind, target, _offered(manual, "cell"), ask.typed("text").strip())
    if kind == "words":
        found = words_pointed_at(
            page, anchor, ask.typed("exact"), ask.typed("prefix"), ask.typed("suffix")
        )
        quote: dict[str, str] = {"exact": found.exact}
        quote |= {"prefix": found.prefix} if found.prefix else {}
        quote |= {"suffix": found.suffix} if found.suffix else {}
        section = {"section": list(found.section)} if found.section else {}
        return Pointed(kind, {"quote": quote, **section}, _offered(manual, "words"), found.exact)
    section_ = section_named(page, anchor)
    if section_ is None:
        raise UserError(t("point at a heading, a step, a cell or some words"))
    target = {"section": list(section_.path)}
    if manual.kind.name == "troubleshooting" and is_entry(page, section_):
        parts = {
            name: part.value.of(page.text).strip()
            for name, part in read_parts(page, section_).items()
        }
        steps = [
            bare_step(line) for line in parts.get("resolution", "").split("\n") if line.strip()
        ]
        entry = {"symptom": section_.title, **parts, "resolution": "\n".join(steps)}
        return Pointed("entry", target, _offered(manual, "entry"), entry=entry)
    actions = _offered(manual, "section")
    blank: dict[str, str] | None = {} if "add-entry" in actions else None
    return Pointed("section", target, actions, _body(page, section_), blank)


def _offered(manual: Manual, pointed: Pointing) -> list[str]:
    """Return the actions that can be done to what is pointed at on a page of a manual."""
    return [
        name
        for name, kind in ACTIONS.items()
        if pointed in kind.pointed and kind.only in ("", manual.kind.name)
    ]


def _body(page: Page, section: Section) -> str:
    """Return all that a heading holds, as it is written."""
    starts = page.source.starts
    first = starts[section.body] if section.body < len(starts) else len(page.text)
    last = starts[section.end] if section.end < len(starts) else len(page.text)
    return page.text[first:last].strip("\n")


def _number(ask: Ask, name: str) -> int:
    return whole_number(ask.typed(name))


def edit_of(ask: Ask) -> Action:
    """Return the edit that a form asks for. Raises UserError with all that is wrong."""
    try:
        target = json.loads(ask.typed("target")[:_LONGEST])
        json.dumps(target, ensure_ascii=False).encode()  # half a character is none
    except (ValueError, RecursionError) as error:
        raise UserError(t("point at a heading, a step, a cell or some words")) from error
    known = {name: target[name] for name in _TARGET if isinstance(target, dict) and name in target}
    if any(len(value) > _LONGEST_TEXT for value in ask.fields.values()):
        raise UserError(t("that is too long: at most {count} characters", count=_LONGEST_TEXT))
    action = ask.typed("action")
    values: dict[str, Any] = {**known, "action": action}
    kind = ACTIONS.get(action)
    if kind:
        values |= {name: _asked(ask, name, "step" in kind.pointed) for name in kind.asks}
        values = _with_picture(values)
    if action == "add-entry":  # it goes to the page's end, whatever heading was pointed at
        values.pop("section", None)
    try:
        return EDIT_ADAPTER.validate_python(values)
    except ValidationError as error:
        raise UserError(told(error)) from error


def _with_picture(values: dict[str, Any]) -> dict[str, Any]:
    """Return an edit's values without a picture that is not asked for; one may stand alone."""
    if values.get("picture") is None:
        return {name: value for name, value in values.items() if name != "picture"}
    return {**values, "text": values["text"] or PLACE} if "text" in values else values


def _picture(ask: Ask) -> dict[str, str] | None:
    """Return the picture that the page is to have; None for none. Raises UserError."""
    if not ask.typed("on-page"):
        return None
    if not ask.pictures:
        raise UserError(t("choose the picture for the page first, or paste it here"))
    return {"file": ask.pictures[0].name, "alt": ask.typed("alt").strip()}


def _asked(ask: Ask, name: str, is_step: bool) -> object:
    """Return what was typed or chosen for a field of an edit."""
    if name == "entry":
        return _entry(ask)
    if name == "picture":
        return _picture(ask)
    if name == "position":
        return "before" if ask.typed(name) == "before" else "after"
    typed = ask.typed(name).strip()
    return bare_step(typed) if name == "text" and is_step else typed


def _entry(ask: Ask) -> dict[str, Any]:
    plain = {name: ask.typed(name).strip() for name in ("symptom", "environment", "cause")}
    steps = [
        bare_step(line.strip()) for line in ask.typed("resolution").split("\n") if line.strip()
    ]
    found: dict[str, Any] = {
        name: value for name, value in plain.items() if value and value != ask.typed(f"was-{name}")
    }
    same = steps == [line for line in ask.typed("was-resolution").split("\n") if line.strip()]
    return {**found, "resolution": steps} if steps and not same else found


def pages_with(ask: Ask, manual: Manual, page: str, edit: Action) -> tuple[ChangedPage, ...]:
    """Return the pages that an edit changes on today's main. Raises UserError."""
    workspace, brought = ask.workspace, picture_of(edit)
    kept = ask.drafts.picture(brought.file) if brought else None
    with BlobReader(workspace.repository) as reader:
        snapshot = main_snapshot(workspace, reader)
        shelf = PictureShelf(workspace, snapshot, [kept] if kept else [])
        asked = asked_edit(manual, page, edit, snapshot, shelf.blob)
        return make_edit(manual, asked, snapshot, workspace.settings).pages
