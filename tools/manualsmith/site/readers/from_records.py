"""What the service desk's records have for readers: notices of known troubles, and what is asked.

Nothing of a record is handed on but the words of a notice that was written for everybody, and which
of the site's own places its people were led to.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from mkdocs.plugins import get_plugin_logger

from manualsmith.cache.by_key import digest
from manualsmith.errors import UserError
from manualsmith.layout import MANUALS, RECORDS, named_page
from manualsmith.records.models.incident import Incident
from manualsmith.records.models.moments import instant
from manualsmith.records.models.request import Request
from manualsmith.records.privacy import unallowed
from manualsmith.records.record_files import parse_record
from manualsmith.site.build.build_cache import BuildCache
from manualsmith.text import t

_log = get_plugin_logger("manualsmith")
_SHAPE = b"from-records-1"
# what was asked longer before the last request is no longer what people ask
_ASKED = timedelta(days=365)


@dataclass(frozen=True)
class Notice:
    """What readers are told of a trouble that is not over, and since when, as a moment."""

    text: str
    since: str


@dataclass(frozen=True)
class AskedPlace:
    """A page by its path in the repository; the titles of the headings above a place on it."""

    path: str
    section: tuple[str, ...] = ()


@dataclass(frozen=True)
class FromRecords:
    """The notices, the newest first, and the places that people ask about, the most asked first."""

    notices: tuple[Notice, ...] = ()
    asked: tuple[AskedPlace, ...] = ()


def records_folders(root: Path) -> list[Path]:
    """Return the folders under *root* of the records that readers are told something of."""
    return [root / RECORDS[prefix].folder for prefix in ("REQ", "INC")]


def from_records(roots: Iterable[Path], kept: BuildCache, allow: tuple[str, ...]) -> FromRecords:
    """Return what the records under *roots* have for readers.

    *allow*: what looks like personal data and may stand in records. A record that cannot be read is
    left out, for `audit` to tell.
    """
    requests: list[Mapping[str, Any]] = []
    incidents: dict[str, Mapping[str, Any]] = {}
    for root in roots:
        for file in _files(root, "INC"):
            incidents[file.stem] = _read(file, _incident, kept)
        requests += [_read(file, _request, kept) for file in _files(root, "REQ")]
    return FromRecords(
        tuple(_notices(incidents, allow)),
        tuple(_asked([one for one in requests if one], incidents)),
    )


def _files(root: Path, prefix: str) -> list[Path]:
    return sorted((root / RECORDS[prefix].folder).glob("*.yaml"))


def _read(
    file: Path, wanted: Callable[[bytes, str], dict[str, Any]], kept: BuildCache
) -> Mapping[str, Any]:
    """Return what is *wanted* of a record, nothing where it cannot be read."""
    try:
        data = file.read_bytes()
    except OSError:
        return {}
    key = digest(_SHAPE, wanted.__name__.encode(), data)
    if (found := kept.get(key)) is None:
        try:
            made = wanted(data, file.name)
        except UserError:
            made = {}
        found = json.dumps(made).encode()
        kept.put(key, found)
    values: Mapping[str, Any] = json.loads(found)
    return values


def _request(data: bytes, name: str) -> dict[str, Any]:
    record = parse_record(Request, data, name)
    return {"at": record.at, "page": record.page, "incident": record.incident}


def _incident(data: bytes, name: str) -> dict[str, Any]:
    record = parse_record(Incident, data, name)
    entry = record.entry
    place = [entry.manual, entry.page, *entry.section] if entry else None
    return {"notice": record.notice, "since": record.announced, "entry": place}


def _notices(incidents: Mapping[str, Mapping[str, Any]], allow: tuple[str, ...]) -> list[Notice]:
    found = []
    for name, one in incidents.items():
        if not one.get("since"):
            continue
        if list(unallowed(one["notice"], allow)):
            _log.warning(t("{id}: the notice holds personal data, and is not shown", id=name))
        else:
            found.append(Notice(one["notice"], one["since"]))
    return sorted(found, key=lambda one: instant(one.since), reverse=True)


def _asked(
    requests: list[Mapping[str, Any]], incidents: Mapping[str, Mapping[str, Any]]
) -> list[AskedPlace]:
    if not requests:
        return []
    begin = max(instant(one["at"]) for one in requests) - _ASKED
    recent = (one for one in requests if instant(one["at"]) >= begin)
    places = (_place(one, incidents.get(str(one["incident"]), {})) for one in recent)
    counted = Counter(place for place in places if place)
    return sorted(counted, key=lambda place: (-counted[place], place.path, place.section))


def _place(request: Mapping[str, Any], incident: Mapping[str, Any]) -> AskedPlace | None:
    """Return where a request led: to the entry that was followed, else to the page that it names.

    None where no page of a manual is named.
    """
    if entry := incident.get("entry"):
        name, page, *section = entry
        return AskedPlace(MANUALS[name].path(page), tuple(section)) if name in MANUALS else None
    try:
        manual, page = named_page((request["page"] or "").partition("#")[0], "operation")
    except UserError:
        return None
    return AskedPlace(manual.path(page)) if page else None
