"""Times as tickets have them: of the Republic, of Excel, of 12 hours, day or month first."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from manualsmith.records.models.moments import in_zone

ORDERS = ("year-first", "month-first", "day-first")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# In which half of the day a word says that an hour is, and which hours it is said of.
_HALVES = {
    **dict.fromkeys(("上午", "am", "a.m.", "凌晨", "清晨", "早上"), ("morning", range(13))),
    **dict.fromkeys(("下午", "pm", "p.m."), ("afternoon", range(24))),
    "中午": ("afternoon", range(12, 14)),
    "晚上": ("afternoon", (*range(5, 12), *range(17, 24))),
}
_HALF = "|".join(map(re.escape, _HALVES))
_CLOCK = re.compile(
    rf"(?P<before>{_HALF})?\s*(?P<hour>\d{{1,2}})\s*"
    r"(?::\s*(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?"
    r"|[時点點]\s*(?:(?P<minute_>\d{1,2})\s*分)?\s*(?:(?P<second_>\d{1,2})\s*秒)?)"
    rf"\s*(?P<after>{_HALF})?"
)
_OFFSET = re.compile(
    r"(?:utc|gmt|z)?\s*(?P<sign>[+-])(?P<hours>\d\d?)(?::?(?P<minutes>\d\d))?|utc|gmt|z"
)
_IN_HEADER = re.compile(
    r"[(（]\s*((?:utc|gmt)\s*(?:[+-]\d{1,2}(?::?\d\d)?)?)\s*[)）]", re.IGNORECASE
)
_WEEKDAY = re.compile(
    r"\(?(?:星期|週|周)[一二三四五六日天]\)?|\([一二三四五六日]\)"
    r"|\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\b[.,]*"
)
_ERA = r"(?P<era>中華民國|民國|民)?\s*"
_NUMBERS = re.compile(rf"{_ERA}(\d{{1,4}})\s*([-/.年])\s*(\d{{1,2}})\s*[-/.月]\s*(\d{{1,4}})\s*日?")
_COMPACT = re.compile(rf"{_ERA}(\d{{2,4}})(\d\d)(\d\d)")
_NAMED = (
    re.compile(r"(?P<day>\d{1,2})[-/. ]+(?P<month>[a-z]{3,9})\.?[-/., ]+(?P<year>\d{4}|\d\d)"),
    re.compile(
        r"(?P<month>[a-z]{3,9})\.?[-/ ]+(?P<day>\d{1,2})(?:st|nd|rd|th)?[-/, ]+(?P<year>\d{4})"
    ),
)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_EXCEL_BEGINS = datetime(1899, 12, 30)
# years that Excel's days are of, and those of the Republic without its name: of two figures, only
# these are none of our century
_SERIALS = (30000, 80000)
_MINGUO_YEARS = (95, 199)
_MINGUO = 1911
# outside of these it is a mistake in typing, and no ticket
_YEARS = range(1970, 2200)


@dataclass(frozen=True)
class TimeForm:
    """How times are written, as far as the map says it.

    *order* is that of day, month and year where all are numbers; *zone* of times without an offset;
    *formats*, as `strptime` has them, are then the only ones.
    """

    order: str | None = None
    zone: tzinfo | None = None
    formats: tuple[str, ...] = ()


def read_time(text: str, form: TimeForm = TimeForm()) -> tuple[datetime, ...]:
    """Return the time that a text tells: none where it is none, two where 03/04 may be either.

    Times are in the organisation's zone; one without an offset is of *form*'s zone or, without it,
    of the organisation's.
    """
    text = " ".join(unicodedata.normalize("NFKC", text).split())
    found = _formatted(text, form) if form.formats else _read(text.lower(), form)
    return tuple(dict.fromkeys(in_zone(_in(one, form.zone)) for one in found))


def zone_in_header(name: str) -> tzinfo | None:
    """Return the zone that a column's name tells, as ``Created At (UTC)`` does."""
    found = _IN_HEADER.search(unicodedata.normalize("NFKC", name).lower())
    return _zone(found[1]) if found else None


def offset(text: str) -> tzinfo | None:
    """Return the zone of an offset, such as +08:00, UTC or Z."""
    return _zone(text.lower())


def _in(when: datetime, zone: tzinfo | None) -> datetime:
    return when.replace(tzinfo=zone) if zone and not when.tzinfo else when


def _formatted(text: str, form: TimeForm) -> Iterator[datetime]:
    for one in form.formats:
        try:
            yield datetime.strptime(text, one)
        except ValueError:
            continue
        return


def _read(text: str, form: TimeForm) -> list[datetime]:
    if _SERIAL.fullmatch(text):
        since = timedelta(seconds=round(float(text) * 86400))
        return [_EXCEL_BEGINS + since] if _SERIALS[0] <= since.days <= _SERIALS[1] else []
    text = " ".join(_WEEKDAY.sub(" ", text).split())
    day, clock, zone = _parts(text)
    if clock is None:
        return []
    days = dict.fromkeys(_days(day, form.order))
    found = [_in(one + clock, zone) for one in days]
    return found or _standard(text)


def _standard(text: str) -> list[datetime]:
    """Return the time of another form of ISO 8601, such as 20261126T150405."""
    try:
        return [datetime.fromisoformat(text.upper())] if "t" in text else []
    except ValueError:
        return []


def _parts(text: str) -> tuple[str, timedelta | None, tzinfo | None]:
    """Return a text's day, the time since midnight (None where there is no such), and its zone."""
    found = _CLOCK.search(text)
    if not found:
        return text, timedelta(0), None
    rest = text[found.end() :].strip(" ()")
    zone = _zone(rest)
    before = text[: found.start()].rstrip(" ,t")
    if rest and not zone:
        before = f"{before} {rest}"  # 15:04 26/11/2026
    return before.strip(" ,"), _since_midnight(found), zone


def _since_midnight(found: re.Match[str]) -> timedelta | None:
    hour = int(found["hour"])
    minute = int(found["minute"] or found["minute_"] or 0)
    second = int(found["second"] or found["second_"] or 0)
    half, hours = _HALVES.get(found["before"] or found["after"] or "", ("", range(25)))
    if hour not in hours:
        return None
    if half:
        hour = hour % 12 + (12 if half == "afternoon" else 0)
    ends_the_day = (hour, minute, second) == (24, 0, 0)
    if (hour > 23 and not ends_the_day) or minute > 59 or second > 59:
        return None
    return timedelta(hours=hour, minutes=minute, seconds=second)


def _zone(text: str) -> tzinfo | None:
    found = _OFFSET.fullmatch(text.strip(" ()"))
    if not found:
        return None
    if not found["sign"]:
        return UTC
    away = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
    return timezone(-away if found["sign"] == "-" else away) if away < timedelta(hours=24) else None


def _days(text: str, order: str | None) -> Iterator[datetime]:
    """Yield the days that a text may be."""
    if found := _NUMBERS.fullmatch(text):
        parts = [found[2], found[4], found[5]]
        yield from _of_numbers(parts, order, bool(found["era"]), found[3] == "年")
    elif found := _COMPACT.fullmatch(text):
        year = found[2] if found["era"] or len(found[2]) > 2 else ""
        yield from _of_numbers([year, found[3], found[4]], "year-first", bool(found["era"]), True)
    for named in _NAMED:
        found = named.fullmatch(text)
        month = found["month"][:3] if found else ""
        if found and month in _MONTHS:
            year = found["year"] if len(found["year"]) == 4 else f"20{found['year']}"
            yield from _day(year, _MONTHS.index(month) + 1, found["day"])


def _of_numbers(
    parts: Sequence[str], order: str | None, republic: bool, marked: bool
) -> Iterator[datetime]:
    """Yield the days of three numbers: the year is the one of four figures, or first."""
    first, second, third = parts
    if republic:
        yield from _day(str(int(first) + _MINGUO), second, third)
    elif len(first) == 4 or marked or (len(first) == 3 and len(third) < 3):
        year = int(first or 0)
        if len(first) < 4 and _MINGUO_YEARS[0] <= year <= _MINGUO_YEARS[1]:
            year += _MINGUO
        yield from _day(str(year), second, third)
    elif order == "year-first" and len(third) < 3:
        yield from _day(f"20{first}", second, third)
    elif len(third) == 4 or (len(third) == 2 and order):
        yield from _of_either(first, second, f"20{third}"[-4:], order)
    elif len(first) == 2 and _MINGUO_YEARS[0] <= int(first) and len(third) < 3:
        yield from _day(str(int(first) + _MINGUO), second, third)


def _of_either(first: str, second: str, year: str, order: str | None) -> Iterator[datetime]:
    if order != "month-first":
        yield from _day(year, second, first)
    if order != "day-first":
        yield from _day(year, first, second)


def _day(year: str, month: str | int, day: str) -> Iterator[datetime]:
    try:
        when = datetime(int(year), int(month), int(day))
    except ValueError:
        return
    if when.year in _YEARS:
        yield when
