"""What has happened between two commits of main, as events for other systems.

Events follow from what records say alone, so that a command, the desk and a merge on a forge lead
to the same ones; and each has an id that follows from it, whoever derives it and however often.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader, headers
from manualsmith.git.history import signatures_of
from manualsmith.git.trees import TreeChange, changed_paths
from manualsmith.layout import RECORDS, is_page, manual_of, suggestion_of_path
from manualsmith.markdown.reading.page_title import page_title
from manualsmith.records.models.incident import Incident, Move
from manualsmith.records.models.moments import as_moment, instant, now
from manualsmith.records.models.request import Request
from manualsmith.records.models.suggestion import Decision, Suggestion, parse_suggestion
from manualsmith.records.privacy import masked
from manualsmith.records.record_files import parse_record
from manualsmith.workflow.landing.merger import moment_of
from manualsmith.workflow.service.service_records import Desk, read_desk
from manualsmith.workflow.workspace.open_workspace import Workspace

_MOST_PAGES = 100  # that one event names
Record = TypeVar("Record", Incident, Suggestion)
Parse = Callable[[bytes, str], Record]


@dataclass(frozen=True)
class WebhookEvent:
    """One thing that happened: what is told of it.

    ids: of the records concerned; titles: by id; links: to the desk. texts: the words of the
    answer, for those who are to have them.
    """

    id: str
    kind: str
    time: str
    ids: Mapping[str, Any] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, Any] = field(default_factory=dict)

    def body(self, *, texts: bool) -> dict[str, Any]:
        """Return what is sent, as plain values."""
        told = {name: value for name, value in vars(self).items() if name != "texts"}
        said = {"texts": self.texts} if texts and self.texts else {}
        return {"schema": "manualsmith/event/v1", **told, **said}


def event_id(*parts: str) -> str:
    """Return the id of an event that *parts* tell from all others."""
    return "msg_" + hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def is_there(workspace: Workspace, commit: str) -> bool:
    """Return whether a repository has a commit; a shallow clone may not."""
    return headers(workspace.repository, [commit]) != [None]


def events_between(
    workspace: Workspace, records: Workspace, told: str, told_records: str
) -> list[WebhookEvent]:
    """Return what happened from the commits that were told last to the two mains as they are now.

    *told* is of *workspace*, whose suggestions and pages it is, *told_records* of *records*. What
    cannot be read is left out, for `audit` to name.
    """
    happened = _Happened(workspace, records)
    found = [*happened.of_incidents(told_records), *happened.of_suggestions(told)]
    found.sort(key=lambda one: instant(one.time))
    return [*found, *happened.of_pages(told)]


class _Happened:
    def __init__(self, workspace: Workspace, records: Workspace) -> None:
        self._workspace = workspace
        self._records = records
        self._allow = workspace.settings.allow_personal
        self._at_desk = workspace.settings.webhooks.desk

    def of_incidents(self, told: str) -> Iterator[WebhookEvent]:
        """Yield the incidents that were resolved, and the requests that were explained."""
        folder = RECORDS["INC"].folder
        changes = _changed(self._records, told, lambda path: path.startswith(f"{folder}/"))
        desk = read_desk(self._records)

        def parse(data: bytes, path: str) -> Incident:
            return parse_record(Incident, data, path)

        for before, after in _versions(self._records, changes, parse):
            known = before.log if before else ()
            for move in (one for one in after.log if one not in known):
                if move.move == "resolve":
                    yield self._resolved(after, move)
                if move.move == "explain":
                    for name in after.requests:
                        yield self._explained(after, move, name, desk)

    def _resolved(self, incident: Incident, move: Move) -> WebhookEvent:
        texts = {"cause": self._said(incident.cause)}
        texts["resolution"] = self._said("\n".join(incident.resolution))
        return WebhookEvent(
            event_id("incident.resolved", incident.id, move.at),
            "incident.resolved",
            move.at,
            {"incident": incident.id, "requests": [*incident.requests]},
            {incident.id: self._said(incident.symptom)},
            self._links({incident.id: f"/records/{incident.id}"}),
            {name: text for name, text in texts.items() if text},
        )

    def _explained(self, incident: Incident, move: Move, name: str, desk: Desk) -> WebhookEvent:
        request: Request | None = desk.requests.get(name)
        ids: dict[str, Any] = {"request": name, "incident": incident.id}
        if request and request.source:
            ids["source"] = self._said(request.source)
        titles = {incident.id: self._said(incident.symptom)}
        if request:
            titles[name] = self._said(request.symptom)
        return WebhookEvent(
            event_id("request.explained", name, incident.id, move.at),
            "request.explained",
            move.at,
            ids,
            titles,
            self._links({one: f"/records/{one}" for one in (name, incident.id)}),
            {"explanation": self._said(move.note)} if move.note else {},
        )

    def of_suggestions(self, told: str) -> Iterator[WebhookEvent]:
        """Yield what was decided of suggestions."""
        changes = _changed(self._workspace, told, lambda path: suggestion_of_path(path) is not None)
        for before, after in _versions(self._workspace, changes, parse_suggestion):
            known = before.decisions if before else ()
            for decision in after.decisions:
                if decision not in known:
                    yield self._decided(after, decision)

    def _decided(self, one: Suggestion, decision: Decision) -> WebhookEvent:
        kind = f"suggestion.{decision.state}"
        sources = [one.confirmation.id, *(evidence.id for evidence in one.evidence)]
        return WebhookEvent(
            event_id(kind, one.manual, one.id, decision.at),
            kind,
            decision.at,
            {
                "suggestion": one.id,
                "manual": one.manual,
                "pages": [edit.page for edit in one.edits],
                "confirmations": sources,
            },
            {one.id: self._said(one.summary)},
            self._links({one.id: f"/review/{one.id}"}),
            {"reason": self._said(decision.reason)} if decision.reason else {},
        )

    def of_pages(self, told: str) -> Iterator[WebhookEvent]:
        """Yield one event of the pages that main has otherwise than it had them."""
        workspace = self._workspace
        changes = _changed(workspace, told, lambda path: is_page(path) and bool(manual_of(path)))
        if not changes:
            return
        named = changes[:_MOST_PAGES]
        with BlobReader(workspace.repository) as reader:
            blobs = reader.get_many([one.new_oid for one in named if one.status != "D"])
            texts = iter(blob.data.decode("utf-8", "replace") if blob else "" for blob in blobs)
            titles = {one.path: page_title(next(texts)) for one in named if one.status != "D"}
            tip = reader.get(workspace.main.tip)
        committed = signatures_of(tip.data)[1] if tip else None
        yield WebhookEvent(
            event_id("pages.published", told, workspace.main.tip),
            "pages.published",
            moment_of(committed) if committed else as_moment(now()),
            {"pages": [one.path for one in named], "count": len(changes)},
            {path: self._said(title) for path, title in titles.items() if title},
            self._links({path: f"/manual/{path}" for path in titles}),
        )

    def _said(self, text: str | None) -> str:
        return masked(text or "", self._allow)

    def _links(self, links: Mapping[str, str]) -> Mapping[str, str]:
        at = self._at_desk
        return {name: f"{at}{path}" for name, path in links.items()} if at else {}


def _changed(workspace: Workspace, told: str, wanted: Callable[[str], bool]) -> list[TreeChange]:
    if told == workspace.main.tip:
        return []
    found = changed_paths(workspace.repository, told, workspace.main.tip)
    return [one for one in found if wanted(one.path)]


def _versions(
    workspace: Workspace, changes: Sequence[TreeChange], parse: Parse[Record]
) -> Iterator[tuple[Record | None, Record]]:
    """Yield each record as it was, None where there was none, and as it is."""
    kept = [one for one in changes if one.status != "D" and one.path.endswith(".yaml")]
    with BlobReader(workspace.repository) as reader:
        for change in kept:
            old, new = reader.get_many([change.old_oid, change.new_oid])
            after = _read(parse, new.data if new else b"", change.path)
            if after is not None:
                yield _read(parse, old.data, change.path) if old else None, after


def _read(parse: Parse[Record], data: bytes, path: str) -> Record | None:
    try:
        return parse(data, path)
    except UserError:
        return None
