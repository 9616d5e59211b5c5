"""Dates and times as records hold them: ISO 8601 with an offset.

They are shown in the organisation's zone, whatever the zone of the machine.
"""

import re
from datetime import date, datetime

from manualsmith.layout import organisation
from manualsmith.text import language, t

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


def as_people_say(moment: str) -> str:
    """Return a moment as people say it: 今天 14:05, 昨天 09:30, 11 月 27 日; a day without time."""
    at, today = instant(moment), now().date()
    far = (at.date() - today).days
    near = {0: t("today"), -1: t("yesterday"), 1: t("tomorrow")}
    if far in near:
        return near[far] if len(moment) == _DAY else f"{near[far]} {at:%H:%M}"
    if at.year == today.year:
        return t("{day} {month}", day=at.day, month=_month(at))
    return day_in_words(at)


def day_in_words(day: date) -> str:
    """Return a day as people say it, with its year: 2026 年 11 月 27 日, 27 Nov 2026."""
    return t("{day} {month} {year}", day=day.day, month=_month(day), year=day.year)


def _month(day: date) -> str:
    return str(day.month) if language() == "zh_TW" else f"{day:%b}"


def clock(seconds: float) -> str:
    """Return a time since 1970 as people read it."""
    return shown(as_moment(datetime.fromtimestamp(seconds, organisation().zone)))


def with_offset(moment: str) -> str:
    """Return a moment as it is filed: as `shown`, and in which zone, such as UTC+8."""
    if len(moment) == _DAY:
        return moment
    offset = re.sub(r"(.)0?(\d+):?(\d\d)$", r"\1\2:\3", f"{instant(moment):%z}")
    return f"{shown(moment)} UTC{offset.removesuffix(':00')}"
