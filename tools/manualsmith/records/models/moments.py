"""Dates and times as records hold them: ISO 8601 with an offset.

They are shown in the organisation's zone, whatever the zone of the machine.
"""

import re
from datetime import datetime

from manualsmith.layout import organisation

_DAY = len("2026-11-20")


def now() -> datetime:
    """Return this moment in the organisation's zone."""
    return datetime.now(organisation().zone)


def in_zone(when: datetime) -> datetime:
    """Return a point in time in the organisation's zone; one without offset is meant there."""
    zone = organisation().zone
    if not when.tzinfo:
        return when.replace(tzinfo=zone)
    try:
        return when.astimezone(zone)
    except OverflowError:  # on the first or the last day that there is
        return when


def instant(moment: str) -> datetime:
    """Return a record's moment in the organisation's zone; a day alone begins at midnight there."""
    return in_zone(datetime.fromisoformat(moment))


def as_moment(when: datetime) -> str:
    """Return a point in time as records hold it, to the second; *when* knows its offset."""
    return when.replace(microsecond=0).isoformat()


def shown(moment: str) -> str:
    """Return a moment as people read it: day and time, without the seconds and the offset."""
    return moment if len(moment) == _DAY else instant(moment).strftime("%Y-%m-%d %H:%M")


def clock(seconds: float) -> str:
    """Return a time since 1970 as people read it."""
    return shown(as_moment(datetime.fromtimestamp(seconds, organisation().zone)))


def with_offset(moment: str) -> str:
    """Return a moment as it is filed: as `shown`, and in which zone, such as UTC+8."""
    if len(moment) == _DAY:
        return moment
    offset = re.sub(r"(.)0?(\d+):?(\d\d)$", r"\1\2:\3", f"{instant(moment):%z}")
    return f"{shown(moment)} UTC{offset.removesuffix(':00')}"
