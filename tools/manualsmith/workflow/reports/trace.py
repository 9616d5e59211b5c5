"""The chain that a record belongs to: request, incident, confirmation, suggestion, page."""

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.layout import MANUALS, page_of, page_path
from manualsmith.naming import near
from manualsmith.records.models.confirmation import Confirmation
from manualsmith.records.models.incident import Incident, state_name
from manualsmith.records.models.request import Request
from manualsmith.records.models.walkthrough import Walkthrough
from manualsmith.text import t
from manualsmith.workflow.queue.decision_words import state_name as suggestion_state
from manualsmith.workflow.queue.named_pages import pages_wanted
from manualsmith.workflow.queue.summaries import Account, all_suggestions
from manualsmith.workflow.service.service_records import Desk, read_desk, records_of
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.snapshot import main_snapshot


@dataclass(frozen=True)
class ChainLink:
    """One thing in a chain: its name, what it is, where it stands, and what came of it."""

    name: str
    told: str
    state: str = ""
    after: tuple["ChainLink", ...] = ()
    asked: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return plain values for ``--json``."""
        values = {"name": self.name, "told": self.told, "state": self.state}
        return {**values, "after": [one.as_json() for one in self.after]}


@dataclass(frozen=True)
class Links:
    """What leads to what: the names that follow from each, and what each is."""

    after: Mapping[str, Sequence[str]]
    told: Mapping[str, tuple[str, str]]

    @property
    def before(self) -> dict[str, list[str]]:
        """The names that each follows from."""
        found: dict[str, list[str]] = {}
        for name, names in self.after.items():
            for other in names:
                found.setdefault(other, []).append(name)
        return found


def trace(workspace: Workspace, name: str) -> list[ChainLink]:
    """Return the trees that *name*, a record's or suggestion's id or a page, stands in.

    Each begins with what nothing led to. Raises UserError where nothing has that name.
    """
    links = read_links(workspace)
    name = _page(workspace, name, links) or name
    if name not in links.told:
        close = near(name, links.told)
        hint = t("nearest: {names}", names=", ".join(close)) if close else None
        raise UserError(t("there is no record {id}", id=name), hint=hint)
    before = links.before
    kept = {name, *linked_names(links, before, name)}
    roots = sorted(one for one in kept if not set(before.get(one, ())) & kept)
    return [_node(root, links, kept, name, ()) for root in roots]


def _page(workspace: Workspace, name: str, links: Links) -> str | None:
    """Return a page's path where *name* is one: its path, or as people call it."""
    folders = dict.fromkeys(
        ["", *(f"{posixpath.dirname(one.folder)}/" for one in MANUALS.values())]
    )
    folders |= dict.fromkeys(f"{manual.folder}/" for manual in MANUALS.values())
    for path in (f"{folder}{name}" for folder in folders):
        if path in links.told and page_of(path):
            return path
    if name in links.told or "/" in name:
        return None
    with suppress(UserError):
        called = pages_wanted(workspace, name)
        return next((path for path in called if path in links.told), None)
    return None


def linked_names(links: Links, before: Mapping[str, Sequence[str]], name: str) -> set[str]:
    """Return the names that led to one, by *before* of *links*, and those that follow from it."""
    return _reached(name, before) | _reached(name, links.after)


def _reached(name: str, links: Mapping[str, Sequence[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for other in links.get(waiting.pop(), ()):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found


def _node(name: str, links: Links, kept: set[str], asked: str, above: tuple[str, ...]) -> ChainLink:
    told, state = links.told.get(name, (t("not here"), ""))
    after = [one for one in links.after.get(name, ()) if one in kept and one not in above]
    nodes = tuple(_node(one, links, kept, asked, (*above, name)) for one in dict.fromkeys(after))
    return ChainLink(name, told, state, nodes, name == asked)


def read_links(workspace: Workspace) -> Links:
    """Return the links of every record, suggestion and page."""
    desk = read_desk(records_of(workspace))
    after: dict[str, list[str]] = {}
    told: dict[str, tuple[str, str]] = {}
    for first, then in _desk_links(desk):
        after.setdefault(first, []).append(then)
    for one in desk.by_id.values():
        told[one.id] = _told(one)
    for account in _suggestions(workspace):
        told[account.id] = (account.summary, suggestion_state(account.state))
        for source in account.sources:
            after.setdefault(source.id, []).append(account.id)
            told.setdefault(source.id, (t("environment confirmation"), ""))
        for edit in account.edits:
            path = page_path(account.manual, edit.page)
            after.setdefault(account.id, []).append(path)
            told[path] = (MANUALS[account.manual].title, "")
    for confirmation in desk.confirmations.values():
        for held in confirmation.confirmed:
            path = page_path(held.manual, held.page)
            after.setdefault(confirmation.id, []).append(path)
            told[path] = (MANUALS[held.manual].title, "")
    return Links(after, told)


def _suggestions(workspace: Workspace) -> list[Account]:
    with BlobReader(workspace.repository) as reader:
        return all_suggestions(workspace, main_snapshot(workspace, reader))


def _desk_links(desk: Desk) -> Iterator[tuple[str, str]]:
    """Yield what leads to what among the records, each link once whichever end has it."""
    links: dict[tuple[str, str], None] = {}
    for request in desk.requests.values():
        if request.incident:
            links[request.id, request.incident] = None
    for incident in desk.incidents.values():
        links.update({(name, incident.id): None for name in incident.requests})
        if incident.confirmation:
            links[incident.id, incident.confirmation] = None
    for walked in desk.walkthroughs.values():
        if walked.request:
            links[walked.request, walked.id] = None
        if walked.confirmation:
            links[walked.id, walked.confirmation] = None
    for confirmation in desk.confirmations.values():
        if confirmation.request:
            links[confirmation.request, confirmation.id] = None
    yield from links


def _told(record: Request | Incident | Walkthrough | Confirmation) -> tuple[str, str]:
    if isinstance(record, Incident):
        return record.symptom, state_name(record.state)
    if isinstance(record, Request):
        return record.symptom, t("closed") if record.closed else ""
    if isinstance(record, Walkthrough):
        return f"{record.manual}/{record.page}", t("not done yet") if record.unfinished else ""
    return record.reported, t("draft") if record.draft else ""
